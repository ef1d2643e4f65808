"""An account that is removed leaves nothing behind that waits, and is itself again when it is added once more."""

import json

import pytest

from agentdesk.config import Home
from agentdesk.store import lock, outbox
from desks import Bench

CONFIG = """[desk]
language = "en"

[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "SHOP"
"""
AGAIN = [
    "account",
    "add",
    "email",
    "buzon",
    "--address",
    "Soporte@shop.test",
    "--imap",
    "imaps://127.0.0.1:1",
]
AGAIN += ["--smtp", "smtps://127.0.0.1:1", "--secret-env", "SHOP", "--waiting-days", "14"]


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG, "utf-8")
    found.key.write_bytes(b"k" * 32)
    bench = Bench(found.config)
    for name in ("maria", "pep", "ana"):
        bench.mail(sender=f"{name}@x.test", message_id=f"<{name}@x.test>")
    bench.close()
    return found


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert status == 0, err
    return json.loads(out)


def test_answers_that_wait_are_said_and_become_drafts_after_a_yes(home, run):
    said(run, "reply", "1", "--text", "Ya va en camino")
    said(run, "reply", "2", "--text", "Mañana", "--hold", "600", "--resolve")
    said(run, "reply", "3", "--text", "El lunes")
    said(run, "tag", "3", "+talla")
    before = home.config_file.read_bytes()
    status, _, err = run("account", "remove", "soporte")
    assert (status, home.config_file.read_bytes()) == (2, before)
    assert "3 answers wait to be sent by soporte; they would become drafts: add --yes to do it" in err
    assert len(said(run, "outbox")) == 3
    done = said(run, "account", "remove", "soporte", "--yes")
    assert (done["removed"], done["drafts"], done["unknown"]) == (True, 3, 0)
    assert said(run, "outbox") == []
    assert [each["number"] for each in said(run, "queue", "--filter", "is:draft")] == [1, 2, 3]
    assert len(said(run, "queue", "--view", "unanswered")) == 3, "their customers wait, and are seen to"
    (mine,) = [each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "store"]
    assert mine["ok"]


def test_an_account_without_anything_that_waits_goes_as_it_did(home, run):
    status, out, err = run("account", "remove", "soporte")
    assert (status, out, err) == (0, "soporte was removed; its tickets stay.\n", "")


def test_the_same_address_is_the_same_account_again(home, run):
    said(run, "account", "remove", "soporte")
    assert run("reply", "1", "--text", "Ya va")[0] == 3
    assert said(run, *AGAIN)["id"] == "mailbox"
    assert said(run, "reply", "1", "--text", "Ya va")["state"] == "queued"
    other = [{"buzon": "ventas", "Soporte@shop.test": "ventas@shop.test"}.get(word, word) for word in AGAIN]
    assert said(run, *other)["id"] != "mailbox"
    twin = [{"buzon": "gemelo"}.get(word, word) for word in AGAIN]
    assert said(run, *twin)["id"] != "mailbox", "it is there, so another one is another one"


def test_doctor_tells_of_answers_whose_account_is_gone_and_what_helps(home, run):
    message = said(run, "reply", "1", "--text", "Ya va")["message"]
    home.config_file.write_text(CONFIG.partition("[[accounts]]")[0], "utf-8")  # taken out by hand

    def checked():
        found = json.loads(run("doctor", "--json")[1])["checks"]
        return [(each["ok"], each["detail"], each["remedy"]) for each in found if each["name"] == "outbox"]

    ((ok, detail, remedy),) = checked()
    assert (ok, detail) == (False, "1 answer waits for an account that is gone")
    assert "agentdesk account add" in remedy
    assert "agentdesk outbox cancel" in remedy
    assert run("outbox", "cancel", message)[0] == 0
    assert checked() == []


def test_what_may_have_gone_is_put_to_the_agent_and_nothing_moves_while_it_is_sent(home, run):
    message = said(run, "reply", "1", "--text", "Ya va")["message"]
    with lock.held(home.state, "send-mailbox"):
        assert run("account", "remove", "soporte", "--yes")[0] == 5
    bench = Bench(home.config)
    with bench.desk.transaction() as writer:
        outbox.Outbox(writer.connection).set(message, outbox.DATA)
    bench.close()
    done = said(run, "account", "remove", "soporte", "--yes")
    assert (done["drafts"], done["unknown"]) == (0, 1)
    assert [each["state"] for each in said(run, "outbox")] == ["unknown"]
