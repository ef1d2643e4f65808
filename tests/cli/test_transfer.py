"""`import`: old mail from files becomes history, once, whatever is in it."""

import json
from contextlib import closing

import pytest

from agentdesk.config import Home
from agentdesk.store import driver, lock

CONFIG = """
[desk]
language = "{language}"

[[agents]]
name = "Joan"

[[accounts]]
id = "box"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "NOTHING"
"""


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG.format(language="en"), "utf-8")
    return found


def mail(number, body="Hola", sender="Maria Puig <maria@x.test>", to="soporte@shop.test", **headers):
    head = {
        "From": sender,
        "To": to,
        "Subject": f"Assumpte {number}",
        "Date": f"Mon, 0{number} Jun 2020 10:00:00 +0200",
        "Message-ID": f"<{number}@x.test>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "\n".join(f"{name}: {value}" for name, value in head.items())
    return f"{lines}\n\n{body}\n"


def mbox(path, *mails):
    path.write_text(
        "".join(f"From maria@x.test Mon Jun  1 08:00:00 2020\n{each}\n" for each in mails), "utf-8"
    )
    return str(path)


def brought(run, *words, status=0):
    found, out, err = run("import", *words, "--account", "soporte", "--json")
    assert found == status, err
    return json.loads(out)


def everything(run, *words):
    return json.loads(run("queue", "--view", "all", *words, "--json")[1])


def messages(run, number):
    return json.loads(run("show", str(number), "--json")[1])["messages"]


def test_an_mbox_becomes_history_and_never_work(home, run, tmp_path):
    path = mbox(tmp_path / "old.mbox", mail(1), mail(2, sender="Pere <pere@y.test>"))
    found = brought(run, "mbox", path)
    assert (found["read"], found["received"], found["duplicates"], found["quarantined"]) == (2, 2, 0, 0)
    assert (found["account"], found["path"]) == ("soporte", path)
    assert json.loads(run("queue", "--json")[1]) == []
    tickets = everything(run)
    assert {(t["history"], t["status"], t["clocks"] == [], t["waiting_since"]) for t in tickets} == {
        (True, "closed", True, None)
    }
    (first,) = messages(run, 1)
    assert (first["received_at"], first["history"], first["text"].strip()) == (
        "2020-06-01T08:00:00Z",
        True,
        "Hola",
    )
    assert run("search", "hola", "--json")[0] == 0


def test_again_adds_nothing(home, run, tmp_path):
    path = mbox(tmp_path / "old.mbox", mail(1), mail(2))
    brought(run, "mbox", path)
    before = digest(run)
    again = brought(run, "mbox", path)
    assert (again["received"], again["duplicates"]) == (0, 2)
    assert digest(run) == before
    (tmp_path / "one.eml").write_bytes(mail(1).replace("\n", "\r\n").encode())
    assert brought(run, "eml", str(tmp_path / "one.eml"))["duplicates"] == 1
    assert digest(run) == before


def digest(run):
    return json.loads(run("rebuild", "--json")[1])["digest"]


def test_what_we_wrote_counts_as_sent_by_us_in_the_customers_ticket(home, run, tmp_path):
    answer = mail(2, "Ja arriba", "Botiga <soporte@shop.test>", "maria@x.test", In_Reply_To="<1@x.test>")
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1), answer))
    (ticket,) = everything(run)
    assert ticket["customer"]["name"] == "Maria Puig"
    assert [each["direction"] for each in messages(run, ticket["number"])] == ["in", "out"]


def test_a_broken_mail_goes_to_quarantine_and_the_rest_goes_on(home, run, tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "1.eml").write_text(mail(1), "utf-8")
    (folder / "2.eml").write_bytes(b"\n\n  \n")
    (folder / "3.EML").write_text(mail(3, sender="Pere <pere@y.test>"), "utf-8")
    (folder / "notes.txt").write_text("no mail", "utf-8")
    found = brought(run, "eml", str(folder))
    assert (found["received"], found["quarantined"]) == (2, 1)
    (broken,) = json.loads(run("quarantine", "list", "--json")[1])
    assert (broken["account"], broken["reason"]) == ("soporte", "the mail is empty")
    again = brought(run, "eml", str(folder))
    assert (again["received"], again["duplicates"]) == (0, 2)
    assert len(json.loads(run("quarantine", "list", "--json")[1])) == 1


def test_a_maildir_with_its_folders(home, run, tmp_path):
    for place, name, text in (
        ("cur", "1:2,S", mail(1)), ("new", "2", mail(2)), (".Sent/cur", "3:2,S", mail(3)),
    ):  # fmt: skip
        (tmp_path / "Maildir" / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / "Maildir" / place / name).write_text(text, "utf-8")
    assert brought(run, "maildir", str(tmp_path / "Maildir"))["received"] == 3


def test_lines_that_look_like_a_postmark_stay_in_their_mail(home, run, tmp_path):
    body = "First line\nFrom here on it is text\n\n>From the start of a paragraph\n\n>>From twice\n\nend"
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1, body), mail(2)))
    texts = [m["text"].strip() for t in everything(run) for m in messages(run, t["number"])]
    assert sorted(texts) == [
        "First line\nFrom here on it is text\n\nFrom the start of a paragraph\n\n>From twice\n\nend",
        "Hola",
    ]
    raw = run("show", "1", "--raw", "1", "--json")[1]
    assert json.loads(raw)["raw"] == mail(1, body).replace("\n>From", "\nFrom").replace("\n>>From", "\n>From")


def test_a_mail_larger_than_memory_should_hold_is_a_file(home, run, tmp_path):
    body = "Una línia de text. \n" * 80_000
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1, body), mail(2, sender="Pere <pere@y.test>")))
    assert len([path for path in home.blobs.rglob("*") if path.is_file()]) >= 1
    assert not list(home.spool.iterdir())
    assert len(everything(run)) == 2
    assert brought(run, "mbox", str(tmp_path / "old.mbox"))["duplicates"] == 2
    assert not list(home.spool.iterdir())


def test_what_a_killed_import_left_behind_is_taken_away(home, run, tmp_path):
    (home.spool / "import-1-stray").write_bytes(b"half a mail")
    (home.spool / "box").mkdir()
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1)))
    assert [path.name for path in home.spool.iterdir()] == ["box"]


def test_one_import_at_a_time(home, run, tmp_path):
    path = mbox(tmp_path / "old.mbox", mail(1))
    with lock.held(home.state, "import"):
        assert run("import", "mbox", path, "--account", "soporte")[0] == 5
    assert brought(run, "mbox", path)["received"] == 1


def test_when_it_came_is_what_the_mail_says_and_never_the_future(home, run, tmp_path):
    hop = "from a by b; Tue, 2 Jun 2020 09:30:00 +0000"
    late = mail(2, sender="b@y.test", Date="Mon, 1 Jan 2080 10:00:00 +0000")
    undated = mail(3, sender="c@y.test", Date="when it suits")
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1, Received=hop), late, undated))
    times = {t["subject"]: messages(run, t["number"])[0] for t in everything(run)}
    assert times["Assumpte 1"]["received_at"] == "2020-06-02T09:30:00Z"
    assert times["Assumpte 2"]["received_at"] == times["Assumpte 2"]["fetched_at"]
    assert times["Assumpte 3"]["received_at"] == "2020-06-01T08:00:00Z"


def test_the_accounts_cursor_stays_and_no_server_is_told(home, run, tmp_path):
    with closing(driver.connect(str(home.store))):
        pass
    home.store.unlink()
    brought(run, "mbox", mbox(tmp_path / "old.mbox", mail(1)))
    with closing(driver.connect(str(home.store), read_only=True)) as connection:
        for table in ("cursor", "wish", "arrival"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table


@pytest.mark.parametrize(
    ("kind", "make", "status", "words"),
    [
        ("mbox", lambda path: path, 3, "no file or folder"),
        ("mbox", lambda path: path.parent, 2, "an mbox is one file"),
        ("mbox", lambda path: path.write_text("Subject: x\n\nx\n") and path, 2, "does not begin with"),
        ("maildir", lambda path: path.parent, 2, "neither cur nor new"),
    ],
)
def test_a_wrong_path_is_said(home, run, tmp_path, kind, make, status, words):
    folder = tmp_path / "mails"
    folder.mkdir()
    path = make(folder / "old")
    found, out, err = run("import", kind, str(path), "--account", "soporte", "--json")
    assert (found, out) == (status, "")
    assert words in json.loads(err)["detail"]


def test_a_wrong_account_is_said(home, run, tmp_path):
    path = mbox(tmp_path / "old.mbox", mail(1))
    status, out, err = run("import", "mbox", path, "--account", "suporte", "--json")
    assert (status, out) == (3, "")
    assert "soporte" in json.loads(err)["detail"]


@pytest.mark.parametrize(("language", "words"), [("es", "Nuevos: 1"), ("ca", "Nous: 1")])
def test_it_speaks_the_agents_language(home, run, tmp_path, language, words):
    home.config_file.write_text(CONFIG.format(language=language), "utf-8")
    path = mbox(tmp_path / "old.mbox", mail(1))
    assert words in run("import", "mbox", path, "--account", "soporte")[1]
