"""A mail that could not be read: listed with its reason, dismissed for good, brought back by an undo, and never thrown away."""

import ast
import json
from pathlib import Path

import pytest

import agentdesk
from agentdesk import unparsed
from agentdesk.core import text
from desks import SHOP, Bench

CONFIG = f"""
[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "{SHOP}"
imap = "imaps://x@mail.shop.test"
smtp = "smtps://x@mail.shop.test"
secret = "keyring"
"""
CHANNELS = Path(agentdesk.__file__).parent / "channels"
OF_THE_RELAY = {"the numbers are out of order", "a number is none"}
"""What is said of an answer of the relay's, not of a message."""


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    (tmp_path / "home" / "config.toml").write_text(CONFIG)
    made.mail(raw=b"no header at all\n")
    yield made
    made.close()


def listed(run, *words):
    status, out, err = run("quarantine", "list", *words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def checked(run):
    (found,) = [
        each for each in json.loads(run("doctor", "--json")[1])["checks"] if each["name"] == "quarantine"
    ]
    return found["ok"]


def test_what_was_dismissed_is_no_fault_any_more_and_stays(bench, run):
    (mail,) = listed(run)
    assert (mail["account"], mail["dismissed_at"], checked(run)) == ("soporte", None, False)
    status, out, _ = run("quarantine", "dismiss", mail["id"], "--json")
    assert (status, json.loads(out)["id"]) == (0, mail["id"])
    assert (listed(run), checked(run)) == ([], True)
    (still,) = listed(run, "--dismissed")
    assert still["dismissed_at"]
    assert "no header at all" in run("quarantine", "show", mail["id"][:6])[1]
    assert run("quarantine", "dismiss", mail["id"])[0] == 1, "nothing changes by it"
    assert run("rebuild", "--json")[0] == 0
    assert json.loads(run("rebuild", "--json")[1])["same"]


def test_an_undo_brings_it_back_into_the_list(bench, run):
    (mail,) = listed(run)
    assert run("quarantine", "dismiss", mail["id"])[0] == 0
    assert run("undo")[0] == 0
    assert (listed(run), checked(run)) == ([mail], False)


def test_another_copy_of_what_was_dismissed_tells_nothing_new(bench, run):
    (mail,) = listed(run)
    assert run("quarantine", "dismiss", mail["id"])[0] == 0
    bench.mail(raw=b"no header at all\n")
    assert (listed(run), len(listed(run, "--dismissed"))) == ([], 1)


def test_only_what_is_there_can_be_dismissed(bench, run):
    assert run("quarantine", "dismiss", "nothing")[0] == 3


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "el correo no tiene ninguna línea de cabecera"),
        ("ca", "el correu no té cap línia de capçalera"),
    ],
)
def test_the_reason_is_in_the_agents_language(bench, run, tmp_path, language, words):
    (tmp_path / "home" / "config.toml").write_text(f'[desk]\nlanguage = "{language}"\n{CONFIG}', "utf-8")
    assert words in run("quarantine", "list")[1]
    assert "the mail has no header line" in json.dumps(listed(run)), "what programs read stays as it is"


def test_every_sentence_of_a_reader_is_known_to_the_translation():
    """A new one has to be added there, else it is English in the middle of a Spanish list."""
    said = set()
    for name in ("mime", "chat", "relayed", "twilio", "telegram/update"):
        tree = ast.parse((CHANNELS / f"{name}.py").read_text("utf-8"))
        for raised in (each for each in ast.walk(tree) if isinstance(each, ast.Raise)):
            call = raised.exc
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValueError":
                said |= {each.value for each in call.args if isinstance(each, ast.Constant)}
    assert "the mail is empty" in said
    assert said - unparsed.KNOWN - OF_THE_RELAY == set()


def test_what_no_reader_of_ours_says_stays_as_it_is_and_obeys_nobody():
    assert unparsed.reason("odd \x1b[31m thing") == text.safe_line("odd \x1b[31m thing")


def test_an_update_that_is_not_as_telegram_says_is_put_aside_and_stops_nothing_after_it(telegram, bot):
    telegram.writes(7001, "Hola")
    for odd in ({"date": "y"}, {"date": 10**14}, {"date": None}, {"chat": 7}, {"photo": 5}):
        telegram.writes(7002, "?", **odd)
    telegram.puts({"message": ["no message"]})
    telegram.writes(7003, "Adéu")
    bot("sync", "--once")
    assert [each["customer"]["name"] for each in bot("queue")] == ["Maria 7001", "Maria 7003"]
    assert len(bot("quarantine", "list")) == 6
    assert bot("sync", "--once")
