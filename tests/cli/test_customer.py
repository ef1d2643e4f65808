"""Customers on the command line: shown whole, made one and two again, taken along, and forgotten for good."""

import json
from pathlib import Path

import pytest

from agentdesk.core.commands import Merge
from agentdesk.store import lock
from desks import Bench, of_last_week


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    made.mail("Hola, què tal?", sender="Maria Puig <maria@x.test>", subject="Comanda")
    made.clock.go(minutes=1)
    made.mail("Una altra cosa", sender="Maria Puig <maria@x.test>", subject="Factura")
    made.clock.go(minutes=1)
    made.mail("Buenos días", sender="Pere Vila <pere@y.test>", subject="Devolución")
    yield made
    made.close()


def shown(run, word):
    status, out, err = run("customer", "show", word, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_customer_is_found_by_id_identity_and_address(bench, run):
    card = shown(run, "maria@x.test")
    assert (card["name"], card["identities"]) == ("Maria Puig", ["email:maria@x.test"])
    assert (card["first_contact_at"], card["last_contact_at"]) == (
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:01:00Z",
    )
    assert card["tickets"][0] == {
        "number": 2,
        "subject": "Factura",
        "status": "new",
        "last_message_at": "2026-11-23T09:01:00Z",
        "history": False,
    }
    assert shown(run, card["id"]) == shown(run, "email:Maria@x.test") == card
    assert run("note", "1", "--text", "Truca-li")[0] == 0
    assert shown(run, "maria@x.test")["notes"][0]["text"] == "Truca-li"


def test_people_read_the_same(bench, run):
    status, out, err = run("customer", "show", "maria@x.test")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "Maria Puig"
    assert "mail: maria@x.test" in out
    assert "Comanda" in out
    assert "Factura" in out


def test_who_is_not_there_is_said_with_status_three(bench, run):
    for words in (("show", "ghost@x.test"), ("merge", "maria@x.test", "ghost@x.test"), ("export", "ghost")):
        status, out, err = run("customer", *words, "--json")
        assert (status, out, json.loads(err)["code"]) == (3, "", "not_found")


def test_nothing_is_cut_off(bench, run):
    for n in range(25):
        bench.mail(f"Text {n}", sender="Maria Puig <maria@x.test>", subject=f"Assumpte {n}")
    assert len(shown(run, "maria@x.test")["tickets"]) == 27


def test_two_become_one_and_two_again(bench, run):
    status, out, _ = run("customer", "merge", "pere@y.test", "maria@x.test", "--json")
    card = json.loads(out)
    assert status == 0
    assert card["identities"] == ["email:maria@x.test", "email:pere@y.test"]
    assert [ticket["number"] for ticket in card["tickets"]] == [3, 2, 1]
    assert shown(run, "pere@y.test")["id"] == card["id"]

    assert run("customer", "merge", "pere@y.test", "maria@x.test")[0] == 1
    status, out, _ = run("customer", "unmerge", "maria@x.test", "pere@y.test", "--json")
    assert status == 0
    assert [each["identities"] for each in json.loads(out)["customers"]] == [
        ["email:pere@y.test"],
        ["email:maria@x.test"],
    ]
    status, out, err = run("customer", "unmerge", "maria@x.test", "pere@y.test", "--json")
    assert (status, out, json.loads(err)["code"]) == (1, "", "refused")
    assert json.loads(err)["detail"] == "That customer is merged into nobody."


def test_a_ticket_says_first_what_is_open_with_its_customer_elsewhere(bench, run):
    assert run("call", "+34600111222", "--text", "Li truquem demà", "--then", "waits")[0] == 0
    assert run("customer", "merge", "phone:+34600111222", "maria@x.test")[0] == 0
    status, out, _ = run("show", "1", "--json")
    first = json.loads(out)["before"][0]
    assert (status, first["ticket"], first["channel"], first["said"]) == (0, 4, "phone", "Li truquem demà")
    assert "still open: #4 phone" in run("show", "1")[1]


def test_an_export_is_one_document_with_every_word(bench, run):
    extra = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    body = (
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMireu la foto\r\n--b\r\n"
        "Content-Type: image/png; name=foto.png\r\nContent-Disposition: attachment; filename=foto.png\r\n\r\nx\r\n--b--"
    )
    bench.mail(body, sender="Maria Puig <maria@x.test>", subject="Foto", extra=extra)
    run("note", "1", "--text", "Client de fa anys")
    status, out, err = run("customer", "export", "maria@x.test", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert told["identities"] == ["email:maria@x.test"]
    assert [ticket["number"] for ticket in told["tickets"]] == [1, 2, 4]
    first, _, last = told["tickets"]
    texts = {message["direction"]: message["text"].strip() for message in first["messages"]}
    assert texts == {"in": "Hola, què tal?", "note": "Client de fa anys"}
    assert [file["name"] for file in last["messages"][0]["attachments"]] == ["foto.png"]
    assert json.loads(run("customer", "export", "maria@x.test")[1]) == told


def test_an_export_leaves_out_what_others_wrote(bench, run):
    bench.desk.do(Merge(bench.id(1), bench.id(3)))
    told = json.loads(run("customer", "export", "maria@x.test", "--json")[1])
    joined = next(ticket for ticket in told["tickets"] if ticket["number"] == 3)
    assert joined["theirs"] is False
    assert [message["text"].strip() for message in joined["messages"]] == ["Hola, què tal?"]
    assert "Devolución" not in json.dumps(told, ensure_ascii=False)


def test_forgetting_says_first_what_would_go(bench, run):
    status, out, err = run("customer", "erase", "maria@x.test", "--json")
    assert (status, out) == (2, "")
    detail = json.loads(err)["detail"]
    assert "tickets: 2, messages: 2, attachments: 0" in detail
    assert "--yes" in detail
    assert shown(run, "maria@x.test")["erased"] is False


def test_the_forgotten_are_gone_also_from_the_copies_before_migrations(bench, run, tmp_path):
    card = shown(run, "maria@x.test")
    backups = tmp_path / "home" / "data" / "backups"
    backups.mkdir(exist_ok=True)
    (backups / "before-1.db").write_bytes(b"Maria Puig")
    status, out, err = run("customer", "erase", "maria@x.test", "--yes", "--json")
    assert (status, err) == (0, "")
    done = json.loads(out)
    assert (done["customer"], done["tickets"], done["messages"]) == (card["id"], 2, 2)
    assert done["removed"] == [str(backups / "before-1.db")]
    assert run("customer", "show", "maria@x.test")[0] == 3
    after = shown(run, card["id"])
    assert (after["erased"], after["name"], after["identities"]) == (True, "", [])
    for path in (tmp_path / "home" / "data").rglob("*"):
        assert not path.is_file() or b"maria@x.test" not in path.read_bytes(), path
    assert run("customer", "erase", card["id"], "--yes")[0] == 1


def test_the_forgotten_are_gone_from_the_daily_backups_too(bench, run, tmp_path):
    key = tmp_path / "home" / "data" / "desk.key"
    key.write_bytes(b"k" * 32)
    of_last_week(key)
    former = Path(json.loads(run("sync", "--json")[1])["backup"]["file"])
    assert b"maria@x.test" in former.read_bytes(), "else this test could not fail"
    assert run("customer", "erase", "maria@x.test", "--yes")[0] == 0
    left = [each for each in former.parent.iterdir() if b"maria@x.test" in each.read_bytes()]
    assert left == []
    (new,) = former.parent.iterdir()
    assert run("restore", str(new), "--yes")[0] == 0


def test_a_backup_that_cannot_be_made_anew_is_kept_and_named(bench, run, tmp_path):
    """Somebody else holds the lock: nothing is thrown away without something in its place."""
    key = tmp_path / "home" / "data" / "desk.key"
    key.write_bytes(b"k" * 32)
    of_last_week(key)
    former = json.loads(run("sync", "--json")[1])["backup"]["file"]
    with lock.held(tmp_path / "home" / "state", "backup"):
        status, _, err = run("customer", "erase", "maria@x.test", "--yes")
    assert status == 0
    assert f"{former} may still hold the customer" in err
    assert Path(former).exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "se llevaría para siempre todo lo de Maria Puig"),
        ("ca", "s'enduria per sempre tot el de Maria Puig"),
    ],
)
def test_it_speaks_the_agents_language(bench, run, language, words, tmp_path):
    (tmp_path / "home" / "config.toml").write_text(f'[desk]\nlanguage = "{language}"\n', "utf-8")
    assert words in run("customer", "erase", "maria@x.test")[2]
