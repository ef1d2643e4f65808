"""Customers on the command line: shown whole, made one and two again, taken along, and forgotten for good."""

import json
import shutil
from pathlib import Path

import pytest

from agentdesk.core.commands import Merge
from agentdesk.core.seal import Seal
from agentdesk.store import lock
from desks import SHOP, Bench, of_last_week

ACCOUNT = f"""
[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "{SHOP}"
imap = "imaps://x@mail.shop.test"
smtp = "smtps://x@mail.shop.test"
secret = "keyring"
"""


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


def test_a_customer_is_found_by_a_ticket_and_who_is_only_called_so_is_named(bench, run):
    assert shown(run, "#2") == shown(run, "maria@x.test")
    for word in ("#9", "#99999999999999999999", "2", "#"):
        assert run("customer", "show", word)[0] == 3
    status, _, err = run("customer", "erase", "PUIG maría", "--yes")
    assert (status, "email:maria@x.test" in err, "pere" in err) == (3, True, False)


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
        bench.clock.go(minutes=5)
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
    again = json.loads(run("customer", "export", "maria@x.test")[1])
    assert [ticket["messages"] for ticket in again["tickets"]] == [
        ticket["messages"] for ticket in told["tickets"]
    ]


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


def test_what_goes_and_what_stays_is_one_document_and_changes_nothing(bench, run, tmp_path):
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    bench.mail("A tots", sender="Maria Puig <maria@x.test>", to=f"{SHOP}, pere@y.test", subject="Junts")
    status, out, err = run("customer", "erase", "maria@x.test", "--dry-run", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert told["erased"] is False
    assert told["stays"] == {
        "folders": [{"account": "mailbox", "folder": "INBOX", "mails": 3, "deletable": 2}],
        "services": [],
        "named_by_others": 0,
    }
    status, out, _ = run("customer", "erase", "maria@x.test", "--dry-run", "--mailbox")
    assert status == 0
    assert "mails at mailbox: INBOX 3; 2 of them can be deleted there" in out
    assert "1 of these mails is shared with others" in out
    assert "backups and exports that you made yourself" in out
    assert shown(run, "maria@x.test")["erased"] is False


def test_by_choice_the_mails_at_the_provider_are_asked_away_and_doctor_says_what_is_left(
    bench, run, tmp_path
):
    (tmp_path / "home" / "config.toml").write_text(ACCOUNT)
    status, out, _ = run("customer", "erase", "maria@x.test", "--mailbox", "--yes", "--json")
    assert (status, json.loads(out)["to_delete"]) == (0, 2)
    checks = json.loads(run("doctor", "--json")[1])["checks"]
    (left,) = [each for each in checks if each["name"].startswith("deleting")]
    assert (left["ok"], "INBOX 2" in left["detail"]) == (True, True)
    with bench.desk.transaction() as writer:  # the server would not
        writer.connection.execute("UPDATE wish SET tries = 1")
    assert "the server would not".casefold() in run("doctor")[1].casefold()


def test_a_folder_to_hand_over_is_made_once_and_whole(bench, run, tmp_path):
    status, out, err = run("customer", "export", "maria@x.test", str(tmp_path / "maria"), "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "folder": str(tmp_path / "maria"),
        "tickets": 2,
        "messages": 2,
        "attachments": 0,
    }
    assert "Una altra cosa" in (tmp_path / "maria" / "index.html").read_text("utf-8")
    assert run("customer", "export", "maria@x.test", str(tmp_path / "maria"))[0] == 2
    assert run("customer", "export", "maria@x.test", str(tmp_path / "none" / "maria"))[0] == 3


def test_a_backup_of_before_comes_back_without_the_forgotten(bench, run, tmp_path):
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    mine = tmp_path / "mine.tar"
    assert run("backup", str(mine))[0] == 0
    assert run("customer", "erase", "maria@x.test", "--yes")[0] == 0
    bench.close()
    status, out, _ = run("restore", str(mine), "--yes", "--json")
    assert (status, json.loads(out)["forgotten"]) == (0, 1)
    assert run("customer", "show", "maria@x.test")[0] == 3
    assert run("customer", "show", "pere@y.test")[0] == 0


def test_an_export_of_before_is_taken_back_without_the_forgotten(bench, run, tmp_path):
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    assert run("export", str(tmp_path / "out"))[0] == 0
    assert run("customer", "erase", "maria@x.test", "--yes")[0] == 0
    bench.close()
    shutil.rmtree(tmp_path / "home" / "data")
    assert run("import", "export", str(tmp_path / "out"))[0] == 0
    assert run("customer", "show", "maria@x.test")[0] == 3
    assert run("customer", "show", "pere@y.test")[0] == 0
    assert run("rebuild")[0] == 0


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
    (new,) = former.parent.glob("*.tar")
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


def test_whoever_is_forgotten_is_gone_from_another_desk_that_was_put_aside(bench, run, tmp_path):
    """A new laptop: first a desk of its own, then the old one restored over it. Each has a key and ids of its own."""
    home, file = tmp_path / "home", tmp_path / "desk.tar"
    (home / "data" / "desk.key").write_bytes(b"k" * 32)
    assert run("backup", str(file))[0] == 0
    bench.close()
    shutil.rmtree(home / "data")
    shutil.rmtree(home / "state")
    new = Bench(home)
    new.desk.seal = Seal(b"n" * 32)
    new.mail("Hola, què tal?", sender="Maria Puig <maria@x.test>", subject="Comanda")
    new.mail("Bon dia", sender="Pere Vila <pere@y.test>", subject="Devolució")
    new.close()
    (home / "data" / "desk.key").write_bytes(b"n" * 32)
    former = Path(json.loads(run("restore", str(file), "--yes", "--json")[1])["kept"])
    assert b"maria@x.test" in (former / "desk.db").read_bytes(), "else this test could not fail"

    status, out, _ = run("customer", "erase", "maria@x.test", "--yes", "--json")
    assert (status, json.loads(out)["kept"]) == (0, [])
    held = [each for each in former.rglob("*") if each.is_file() and b"maria@x.test" in each.read_bytes()]
    assert held == []
    assert b"pere@y.test" in (former / "desk.db").read_bytes()
    assert "put aside" not in run("doctor")[1]


def test_a_desk_put_aside_that_cannot_be_opened_is_named_and_doctor_goes_on_naming_it(bench, run, tmp_path):
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    former = tmp_path / "home" / "data.before-restore-20261122T090000Z"
    former.mkdir()
    shutil.copy(tmp_path / "home" / "data" / "desk.db", former)
    assert "put aside" not in run("doctor")[1], "nobody was forgotten yet"
    status, out, err = run("customer", "erase", "maria@x.test", "--yes", "--json")
    assert (status, json.loads(out)["kept"]) == (0, [str(former)])
    assert f"{former} may still hold the customer: remove it yourself" in err
    (said,) = [
        each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "put aside"
    ]
    assert (said["ok"], str(former) in said["remedy"]) == (False, True)
    shutil.rmtree(former)
    assert "put aside" not in run("doctor")[1]


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


def test_who_became_one_is_said_by_name_however_they_were_named(bench, run):
    pere, maria = (shown(run, word)["id"] for word in ("pere@y.test", "maria@x.test"))
    assert run("customer", "merge", pere, maria)[1] == "Pere Vila and Maria Puig are one customer now.\n"
    bench.clock.go(minutes=1)
    bench.mail("Hola", sender="Maria Puig <mpuig@z.test>", subject="Una altra adreça")
    assert run("customer", "merge", "#4", "#1")[1] == (
        "Maria Puig (mpuig@z.test) and Maria Puig (maria@x.test) are one customer now.\n"
    )
