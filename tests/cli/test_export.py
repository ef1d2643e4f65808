"""`export` and `import export`: a desk as files that anybody can read, and back again, whole."""

import csv
import json
import mailbox
import re
import subprocess
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from agentdesk.config import Home, load
from agentdesk.core.model import Place
from agentdesk.engine import clock
from agentdesk.engine.export import write
from agentdesk.engine.forgetting import forget
from agentdesk.engine.telling import console_open
from agentdesk.engine.window import Window
from agentdesk.store import driver, pack
from agentdesk.store.intake import Arrived
from desks import Bench
from exports import HOSTILE, KEY, LARGE, PDF, bytes_in, digest, document, everything, new_home

PAGE = Path(__file__).parents[2] / "docs" / "export.md"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """From the call on, every command line is one of another home."""

    def moved(where="other", **values):
        found = new_home(tmp_path / where, **values) if values else Home.under(tmp_path / where)
        monkeypatch.setenv("AGENTDESK_HOME", str(found.config))
        return found

    return moved


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_an_empty_desk_becomes_what_the_other_was(shop, exported, run, elsewhere):
    before, sum_ = everything(run), digest(run)
    assert len(before) == 7
    other = elsewhere()
    done = document(run, "import", "export", str(exported))
    assert (done["whole"], done["received"], done["notes"], done["quarantined"], done["left_out"]) == (
        True,
        13,
        3,
        1,
        0,
    )
    assert digest(run) == sum_
    after = everything(run)
    assert after == before
    assert after[1]["assignee"] == "Joan"
    assert (after[1]["tags"], after[1]["number"]) == (["envio", "vip"], 1)
    assert [each["author"]["name"] for each in after[5]["messages"] if each["direction"] == "note"] == [
        "Marta"
    ]
    assert other.key.read_bytes() == KEY
    assert other.config_file.read_text() == shop.config_file.read_text()
    assert document(run, "search", "comanda")
    assert [each["reason"] for each in document(run, "quarantine", "list")] == ["the mail is empty"]
    for path in (*other.data.rglob("*"), other.config_file):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_raw_mails_come_back_byte_by_byte(shop, exported, run, elsewhere):
    with closing(driver.connect(str(shop.store), read_only=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT id FROM message WHERE raw IS NOT NULL")]
    assert len(names) == 11

    def raws():
        return {name: document(run, "show", "1", "--raw", name)["raw"] for name in names}

    before = raws()
    assert any(len(raw) > 1 << 20 for raw in before.values())
    elsewhere()
    document(run, "import", "export", str(exported))
    assert raws() == before


def test_an_answer_to_an_old_mail_finds_its_ticket_in_the_new_desk(shop, exported, run, elsewhere):
    *_, ours = [each for each in document(run, "show", "1")["messages"] if each["direction"] == "out"]
    assert ours["text"].startswith("Ja arriba")
    other = elsewhere()
    document(run, "import", "export", str(exported))
    bench = Bench(other.config)
    bench.clock.go(days=400)
    bench.mail(
        "Gràcies", sender="Maria Puig <maria@x.test>", subject="Re: Comanda", reply_to=ours["remote_id"]
    )
    bench.close()
    *_, last = document(run, "show", "1")["messages"]
    assert (last["text"].strip(), last["joined_by"]) == ("Gràcies", "token")
    assert len(document(run, "customer", "show", "maria@x.test")["tickets"]) == 1


def test_a_reply_that_waited_is_looked_up_and_never_sent_by_itself(exported, run, elsewhere):
    other = elsewhere()
    assert document(run, "import", "export", str(exported))["doubtful"] == 1
    with closing(driver.connect(str(other.store), read_only=True)) as connection:
        assert connection.execute("SELECT state FROM outbox").fetchall() == [("data",)]


def test_a_second_import_adds_nothing(exported, run, elsewhere):
    elsewhere()
    document(run, "import", "export", str(exported))
    before, sum_ = everything(run), digest(run)
    again = document(run, "import", "export", str(exported))
    assert (again["whole"], again["received"], again["notes"]) == (False, 0, 0)
    assert (everything(run), digest(run)) == (before, sum_)


def work(run):
    return [(each["number"], each["status"], each["messages"]) for each in document(run, "queue")]


def test_a_console_that_is_open_keeps_its_key(exported, run, elsewhere):
    other = elsewhere()
    assert run("queue")[0] == 0
    key = other.key.read_bytes()
    with console_open(other):
        status, out, err = run("import", "export", str(exported), "--json")
        assert (status, out, other.key.read_bytes() == key) == (5, "", True)
    assert json.loads(err)["detail"].startswith("console ")
    assert document(run, "import", "export", str(exported))["whole"]
    assert other.key.read_bytes() == KEY


def test_a_desk_that_goes_on_takes_what_it_lacks_as_history_and_only_once(exported, run, elsewhere):
    other = elsewhere("busy", account="another", name="ajuda", address="soporte@shop.test")
    other.key.write_bytes(b"x" * 32)
    bench = Bench(other.config)
    bench.mail("Hola", sender="Nou <nou@n.test>", subject="Meu")
    bench.close()
    assert work(run) == [(1, "new", 1)]
    done = document(run, "import", "export", str(exported), "--yes")
    assert (done["whole"], done["received"], done["duplicates"], done["notes"]) == (False, 9, 0, 3)
    assert done["left_out"] == 2, "the reply that waits to be sent there, the call that opened a ticket"
    assert work(run) == [(1, "new", 1)]
    history = [each for number, each in everything(run).items() if number > 1]
    assert {(each["status"], each["history"], each["clocks"] == []) for each in history} == {
        ("closed", True, True)
    }
    texts = {message["text"].strip(): message for each in history for message in each["messages"]}
    assert texts["Diu que té pressa"]["author"]["name"] == "Joan"
    assert texts["Diu que té pressa"]["direction"] == "note"
    call = texts["Pregunta per la talla"]
    assert (call["direction"], call["call"]) == ("in", {"by": "customer", "seconds": 150})
    assert not {"oops", "Massa aviat"} & set(texts), "what was taken back"
    assert texts[LARGE.strip()]["received_at"] == "2020-06-01T08:00:00Z"
    sum_ = digest(run)
    again = document(run, "import", "export", str(exported), "--yes")
    assert (again["received"], again["duplicates"], again["notes"]) == (0, 9, 0)
    assert digest(run) == sum_


def test_what_was_answered_elsewhere_long_ago_stops_no_answer_of_today(exported, run, elsewhere):
    other = elsewhere("busy", account="another")
    mail = other.config / "comanda.eml"
    mail.write_bytes((exported / "tickets/0000/1/0001-in.eml").read_bytes())
    document(run, "import", "eml", str(mail), "--account", "soporte")
    held = document(run, "reply", "1", "--text", "Encara hi som")["message"]
    document(run, "import", "export", str(exported), "--yes")
    assert "Ja hi som" in [each["text"].strip() for each in document(run, "show", "1")["messages"]]
    assert [each["message"] for each in document(run, "outbox")] == [held]


def test_a_mailbox_that_is_not_here_is_asked_for_and_so_is_a_yes(exported, run, elsewhere):
    other = elsewhere("busy", account="another", name="ajuda", address="ajuda@shop.test")
    other.key.write_bytes(b"x" * 32)
    bench = Bench(other.config)
    bench.mail("Hola", sender="Nou <nou@n.test>", subject="Meu")
    bench.close()
    status, out, err = run("import", "export", str(exported), "--json")
    assert (status, out) == (2, "")
    assert "no account soporte (soporte@shop.test)" in json.loads(err)["detail"]
    before = digest(run)
    status, out, err = run("import", "export", str(exported), "--account", "ajuda", "--json")
    assert (status, out) == (2, "")
    detail = json.loads(err)["detail"]
    assert ("--yes" in detail, "--home DIR" in detail, str(other.data) in detail) == (True, True, True)
    assert digest(run) == before
    assert document(run, "import", "export", str(exported), "--account", "ajuda", "--yes")["received"] == 9


def test_who_was_forgotten_is_nowhere_in_it(shop, run, tmp_path, elsewhere):
    assert run("customer", "erase", "maria@x.test", "--yes")[0] == 0
    sum_ = digest(run)
    out = tmp_path / "without"
    assert run("export", str(out))[0] == 0
    found = bytes_in(out).lower()
    for word in ("maria", "puig", "comanda", "pressa", "ja arriba", "cron.d", "factura"):
        assert word.encode() not in found.replace(b"quick replies", b""), word
    assert b"anna@z.test" in found
    elsewhere()
    document(run, "import", "export", str(out))
    assert digest(run) == sum_


def test_who_is_forgotten_while_it_is_written_is_not_in_it_either(shop, run, tmp_path):
    bench = Bench(shop.config)
    bench.desk.ids = clock.fresh_ids()
    with Window(bench.desk) as window:
        customer = window.customer("maria@x.test")
    seen = []

    def told(done, total):
        seen.append(done)
        if len(seen) == total - 1:
            forget(bench.desk, customer)

    write(bench.desk, shop, load(shop), tmp_path / "out", told)
    bench.close()
    assert seen.count(1) == 2, "it was begun again"
    assert b"maria@x.test" not in bytes_in(tmp_path / "out")


def test_a_mail_that_comes_meanwhile_waits_for_nobody_and_is_in_the_next_one(shop, run, tmp_path):
    bench, other = Bench(shop.config), Bench(shop.config)
    other.uid = 100
    came = []

    def told(done, total):
        if not came:
            came.append(other.mail("Ara mateix", sender="Nou <nou@n.test>", subject="Nou").received)

    done = write(bench.desk, shop, load(shop), tmp_path / "out", told)
    bench.close()
    other.close()
    assert (came, done.counts["tickets"], len(lines(tmp_path / "out" / "tickets.jsonl"))) == ([1], 8, 8)
    assert b"nou@n.test" not in bytes_in(tmp_path / "out")
    assert document(run, "export", str(tmp_path / "next"))["tickets"] == 9


def test_what_has_arrived_and_is_in_no_ticket_yet_is_said(shop, run, tmp_path):
    bench = Bench(shop.config)
    place = Place("mailbox", "INBOX", 1, 99)
    raw = pack(b"From: a@b.test\r\n\r\nx\r\n")
    at = bench.clock.at
    with bench.store.transaction() as writer:
        writer.blobs.put(writer.connection, (raw,))
        writer.intake.add(
            [Arrived(place, raw.hash, raw.size, at, at, "inbox", frozenset(), before=False, waits=False)]
        )
    bench.close()
    assert "1 message that arrived is in no ticket yet" in run("export", str(tmp_path / "out"))[2]


def test_the_shops_own_files_come_along_whatever_they_are_called(shop, run, tmp_path, elsewhere):
    odd = "odd \n\\ nàme\r.toml"
    (shop.config / "replies").mkdir()
    (shop.config / "replies" / odd).write_text("x = 1\n")
    assert run("export", str(tmp_path / "out"))[0] == 0
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False)
    assert done.returncode == 0
    other = elsewhere()
    assert run("import", "export", str(tmp_path / "out"))[0] == 0
    assert (other.config / "replies" / odd).read_text() == "x = 1\n"


def test_other_programs_read_the_mails_and_their_files(exported):
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=exported, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    records = {each["id"]: each for each in lines(exported / "messages.jsonl")}
    (carrier,) = [each for each in records.values() if each["attachments"]]
    mail = message_from_bytes((exported / carrier["raw"]["file"]).read_bytes(), policy=policy.default)
    assert (mail["subject"], mail["from"].addresses[0].addr_spec) == ("Comanda", "maria@x.test")
    (file,) = carrier["attachments"]
    assert (exported / file["file"]).read_bytes() == PDF
    box = mailbox.Maildir(exported / "as-maildir")
    for path in sorted(exported.glob("tickets/*/*/*.eml")):
        box.add(path.read_bytes())
    assert len(box) == 9


def test_no_name_that_a_stranger_chose_becomes_a_path(exported):
    assert HOSTILE.rpartition("/")[2] in str(lines(exported / "messages.jsonl"))
    names = [path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()]
    assert [name for name in names if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name, re.ASCII)] == []
    assert len([name for name in names if name.startswith("attachments/")]) == 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in (exported, *exported.rglob("*")))


def test_a_spreadsheet_calculates_nothing(exported):
    (row,) = [each for each in table(exported / "tickets.csv") if each["subject"].endswith("talla")]
    assert (row["subject"], row["customer"], row["assignee"]) == ("'@talla", "'=HYPERLINK(1)", "Marta")
    rows = table(exported / "messages.csv")
    assert "'=1+1 és la talla" in {each["text"].strip() for each in rows}
    cells = [
        cell
        for name in ("tickets", "customers", "messages")
        for each in table(exported / f"{name}.csv")
        for cell in each.values()
    ]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert "@talla" in {each["subject"] for each in lines(exported / "tickets.jsonl")}, (
        "the JSON Lines are exact"
    )


def keys(value):
    if isinstance(value, dict):
        return set(value) | {name for each in value.values() for name in keys(each)}
    return {name for each in value for name in keys(each)} if isinstance(value, list) else set()


def test_every_field_is_described_in_the_documentation(exported):
    page = PAGE.read_text("utf-8")
    said = set(re.findall(r"`([a-z_0-9]+)`", page))
    for path in sorted(exported.glob("*.jsonl")):
        assert f"`{path.name}`" in page
        records = lines(path)
        if path.name == "events.jsonl":  # what is in `data` and `personal` is the log's own
            records = [{**each, "data": {}, "personal": {}} for each in records]
        assert sorted(keys(records) - said) == [], path.name
    assert sorted(keys(json.loads((exported / "manifest.json").read_text())) - said) == []
    for path in exported.glob("*.csv"):
        assert sorted(set(table(path)[0]) - said) == [], path.name
    assert {path.name for path in exported.iterdir()} <= set(re.findall(r"`([\w.]+)/?`", page))


def test_the_manifest_says_how_much_there_is(shop, run, tmp_path):
    done = document(run, "export", str(tmp_path / "out"))
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    counts = {
        "customers": 7,
        "tickets": 8,
        "messages": 13,
        "notes": 3,
        "quarantined": 1,
        "raw": 12,
        "attachments": 1,
    }
    for name, count in counts.items():
        assert (said["counts"][name], done[name]) == (count, count), name
    assert (said["format"], said["version"]) == ("agentdesk-export", 1)
    assert said["accounts"] == [
        {"id": "mailbox", "name": "soporte", "channel": "email", "address": "soporte@shop.test"}
    ]
    assert len((tmp_path / "out" / "SHA256SUMS").read_text().splitlines()) == said["files"]


def test_its_mails_alone_can_be_imported_too(exported, run, elsewhere):
    elsewhere("mails", name="soporte")
    done = document(run, "import", "eml", str(exported / "tickets"), "--account", "soporte")
    assert (done["received"], done["quarantined"]) == (9, 0)
    said = json.dumps(everything(run))
    assert ("Ja hi som" in said, "Ja arriba" in said, "Massa aviat" in said) == (True, False, False)


def test_an_answer_that_never_went_is_no_mail_among_the_others(exported):
    state = {
        each["raw"]["file"]: each["delivery"] for each in lines(exported / "messages.jsonl") if each["raw"]
    }
    unsent = {
        name for name, said in state.items() if said and said["state"] not in {"sent", "delivered", "read"}
    }
    assert unsent, "else this test could not fail"
    assert {name for name in state if name.endswith(".eml.unsent")} == unsent


def test_the_configuration_of_a_desk_that_has_accounts_stays(exported, run, elsewhere):
    other = elsewhere("configured", account="mine", name="meva", address="meva@shop.test")
    assert run("import", "export", str(exported))[0] == 0
    assert 'name = "meva"' in other.config_file.read_text()
    assert not list(other.config.glob("before-import-*"))


def test_what_the_shop_had_written_before_is_kept(exported, run, elsewhere):
    other = elsewhere()
    run("config", "path")
    run("queue")
    assert run("import", "export", str(exported))[0] == 0
    (former,) = other.config.glob("before-import-*")
    assert "soporte" not in (former / "config.toml").read_text()


@pytest.mark.parametrize(("language", "words"), [("es", "clientes: 7"), ("ca", "clients: 7")])
def test_it_speaks_the_agents_language(shop, run, tmp_path, language, words):
    shop.config_file.write_text(
        shop.config_file.read_text().replace('language = "en"', f'language = "{language}"')
    )
    assert words in run("export", str(tmp_path / "out"))[1]
    assert ("mensajes" in (tmp_path / "out" / "README.txt").read_text()) == (language == "es")
