"""Quick replies on the command line: listed, shown, checked, and sent only when nothing is open in them."""

import json
import os
import pty
import sys
import textwrap
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.engine.start import open_desk

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONFIG = """
[desk]
language = "en"
form = "{form}"

[[agents]]
name = "Joan"

[[accounts]]
id = "box"
name = "Vimet"
channel = "email"
address = "hola@vimet.test"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "NOTHING"
"""
CATALAN = "Hola, bon dia. On és la meva comanda? Encara no ha arribat i la necessito per demà. Gràcies!"


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(CONFIG.format(form="tu"), "utf-8")
    return found


def mail(home, body, sender="Maria Puig <maria@x.test>"):
    """A mail that waits for an answer as ticket #1 of the desk."""
    desk = open_desk(home, config.load(home), "Joan")
    raw = (
        f"From: {sender}\r\nTo: hola@vimet.test\r\nSubject: Comanda\r\nMessage-ID: <1@x.test>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()
    arrival = Arrival(Place("box", "INBOX", 1, 1), NOON, raw, len(raw), role="inbox")
    Intake(desk, "box", read_mail).take(Batch("cursor", (arrival,)))
    desk.close()


@pytest.fixture
def answered(run, home):
    """Runs `reply 1` and gives the text of what was written."""

    def answer(*words):
        status, out, err = run("reply", "1", "--json", *words)
        assert (status, err) == (0, "")
        assert json.loads(out)["state"] == "queued"
        shown = json.loads(run("show", "1", "--json")[1])["messages"]
        return shown[-1]["visible_text"]

    return answer


def write(home, name, text):
    (home.config / "replies").mkdir(exist_ok=True)
    path = home.config / "replies" / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_list_names_every_reply_and_where_it_comes_from(run, home):
    path = write(home, "mine", 'shortcut = "m"\n[title]\nen = "Mine"\n[text]\nen = "Hello"\n')
    status, out, err = run("quick", "list", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert (status, err) == (0, "")
    assert rows["mine"] == {
        "name": "mine",
        "title": "Mine",
        "languages": ["en"],
        "shortcut": "m",
        "source": str(path),
        "macro": False,
    }
    assert rows["return"]["languages"] == ["es", "ca", "en"]
    assert rows["return"]["source"] == "shipped"
    assert "Where is my order?" in run("quick", "list")[1]
    config.change_value(home, "desk", "language", "es")
    for words in (("quick", "list"), ("playbook", "list")):
        people = run(*words)[1]
        assert ("de serie" in people, "shipped" in people) == (True, False)


def test_one_is_shown_in_a_language_and_a_form(run, home):
    assert "Hi {{customer.first_name|there}}," in run("quick", "show", "return")[1]
    assert "pots tornar {{?item}}" in run("quick", "show", "return", "--language", "ca")[1]
    polite = run("quick", "show", "dev", "--language", "ca", "--form", "voste", "--json")[1]
    shown = json.loads(polite)
    assert "pot tornar {{?item}}" in shown["text"]
    assert (shown["name"], shown["language"], shown["asks"]["item"]) == ("return", "ca", "what is sent back")
    status, out, err = run("quick", "show", "retrun")
    assert (status, out) == (3, "")
    assert "return" in err


def test_what_is_broken_is_said_and_the_rest_goes_on(run, home):
    path = write(home, "return", "[text\n")
    assert "where-is-it" in run("quick", "list")[1]
    assert f"{path}:1: " in run("quick", "list")[2]
    status, out, err = run("quick", "show", "return", "--json")
    assert (status, out) == (2, "")
    assert json.loads(err)["code"] == "quick_reply"
    assert str(path) in json.loads(err)["detail"]


def test_check_ends_1_with_the_list(run, home):
    assert run("quick", "check", "--json") == (0, "[]\n", "")
    assert "nothing wrong" in run("quick", "check")[1]
    path = write(home, "mine", '[title]\nes = "a"\nca = "a"\nen = "a"\n[text]\nen = "{{ticket.nubmer}}"\n')
    status, out, _ = run("quick", "check")
    assert status == 1
    assert f"{path}:6: text.en: {{{{ticket.nubmer}}}}: this placeholder is not known" in out
    rows = json.loads(run("quick", "check", "--json")[1])
    assert {"file", "line", "key", "reason", "nearest"} == set(rows[0])
    assert "ticket.number" in {row["nearest"] for row in rows}


def test_an_answer_is_in_the_customers_language_and_the_desks_form(home, answered):
    mail(home, CATALAN)
    text = answered("--quick", "more-time", "--var", "who=el taller", "--var", "when=demà")
    assert text.startswith("Hola, Maria,\n\nEt volem donar una resposta segura")
    assert "consultar amb el taller" in text
    assert "{{" not in text


def test_the_polite_form_and_what_the_conversation_knows(home, answered):
    home.config_file.write_text(CONFIG.format(form="usted"), "utf-8")
    mail(home, CATALAN, sender="maria@x.test")
    assert "contesti aquest missatge" in answered("--quick", "algo")


def test_number_agent_and_shop_are_filled_and_own_words_stand_below(home, answered):
    mail(home, "Hello, where is my order? Thanks for your help with this.")
    text = answered("--quick", "closing", "--text", "PS: happy holidays")
    assert text.endswith("Best wishes,\nJoan\nVimet\n\nPS: happy holidays")


def test_a_value_can_be_given_instead_of_the_known_one(home, answered):
    mail(home, "Hello, where is my order? Thanks for your help with this.")
    text = answered("--quick", "praise", "--var", "customer.first_name=Mia")
    assert text.startswith("Hi Mia,")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--quick", "return"], 2, "--var item=... (what is sent back), --var steps=..."),
        (["--quick", "return", "--var", "itm=a"], 2, "did you mean item?"),
        (["--quick", "praise", "--var", "colour=red"], 2, "colour"),
        (["--quick", "retrun"], 3, "return"),
        (["--quick", "praise", "--text", "x {{?y}}"], 2, "{{?y}}"),
        (["--quick", "praise", "--text", " "], 2, "empty"),
        (["--text", "x", "--var", "a=b"], 2, "--quick"),
        (["--text", "{{customer.name}}"], 2, "{{customer.name}}"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_way_out(words, status, said, run, home):
    mail(home, "Hello, where is my order? Thanks for your help with this.")
    ended, out, err = run("reply", "1", *words)
    assert (ended, out) == (status, "")
    assert said in err
    assert json.loads(run("outbox", "list", "--json")[1]) == []


def test_the_same_text_to_the_same_person_wants_to_be_meant(home, answered, run):
    mail(home, "Hello, where is my order? Thanks for your help with this.")
    text = answered("--quick", "closing")
    status, out, err = run("reply", "1", "--quick", "closing", "--json")
    assert (status, out, json.loads(err)["code"]) == (1, "", "refused")
    assert "--again" in json.loads(err)["detail"]
    assert answered("--quick", "closing", "--again") == text


@contextmanager
def terminal(monkeypatch):
    """stdin and stdout are one, at which somebody says no to going back to the editor."""
    hand, end = pty.openpty()
    with (
        os.fdopen(end, "r", closefd=False) as said,
        os.fdopen(end, "w", closefd=False) as shown,
        monkeypatch.context() as here,
    ):
        here.setattr(sys, "stdin", said)
        here.setattr(sys, "stdout", shown)
        os.write(hand, b"n\n" * 5)
        yield
    os.close(end)
    os.close(hand)


def test_without_a_terminal_no_editor_is_started(run, home, monkeypatch):
    monkeypatch.setenv("VISUAL", f"touch {home.config / 'started'}")
    status, _, err = run("quick", "edit", "praise")
    assert (status, "terminal" in err) == (2, True)
    assert not (home.config / "started").exists()


def test_one_is_edited_as_a_copy_of_the_shops_own_and_checked(run, home, monkeypatch):
    path = home.config / "replies" / "praise.toml"
    monkeypatch.setenv("VISUAL", "true")
    with terminal(monkeypatch):
        assert run("quick", "edit", "praise")[0] == 0
        assert not path.exists(), "what was left as it was is still the shipped one"
        monkeypatch.setenv("VISUAL", "sed -i 's/shop.name/shop.nmae/;s/agent.name/agent.nmae/;1s/=/= 3 #/'")
        status, _, err = run("quick", "edit", "praise")
        assert status == 1
        assert f"{path}:1: shortcut: " in err
        assert "shortcut = 3" in path.read_text("utf-8"), "nothing that was written is lost"
        monkeypatch.setenv("VISUAL", "sed -i s/3/4/")
        assert run("quick", "edit", "praise")[0] == 1
        assert "shortcut = 4" in path.read_text("utf-8")
        assert run("quick", "edit", "a/b")[0] == 2


def test_a_new_one_begins_with_a_form(run, home, monkeypatch):
    monkeypatch.setenv("VISUAL", "sed -i 's/= .\"\"$/&Hola, gracias./'")
    with terminal(monkeypatch):
        assert run("quick", "edit", "mine")[0] == 0
    assert run("quick", "show", "mine", "--language", "es")[1] == "Hola, gracias.\n"


def test_what_fits_what_the_customer_wrote_is_listed_first_and_marked(run, home):
    mail(home, CATALAN)
    status, out, _ = run("quick", "list", "--for", "1", "--json")
    listed = json.loads(out)
    assert (status, listed[0]["name"], listed[0]["fits"]) == (0, "where-is-it", True)
    assert [each["fits"] for each in listed[3:]] == [False] * (len(listed) - 3)
    assert run("quick", "list", "--for", "1")[1].splitlines()[1].rstrip().endswith("*")
    assert "fits" not in json.loads(run("quick", "list", "--json")[1])[0]
    assert run("quick", "list", "--for", "9")[0] == 3


def test_the_example_of_the_documentation_is_right_as_it_stands(run, home):
    page = (Path(__file__).parents[2] / "docs" / "quick-replies.md").read_text("utf-8")
    example = page.partition("    shortcut =")[2].partition("\n- ")[0]
    folder = home.config / "replies"
    folder.mkdir()
    (folder / "example.toml").write_text(textwrap.dedent(f"    shortcut ={example}"), "utf-8")
    status, out, err = run("quick", "check")
    assert (status, "example" in out + err) == (0, False), out + err


def test_what_is_broken_is_told_with_words_of_a_quick_reply(run, home):
    folder = home.config / "replies"
    folder.mkdir()
    (folder / "broken.toml").write_text("[text\nen = 1\nthis is no line\n", "utf-8")
    (folder / "other.toml").write_text("this is no line\n", "utf-8")
    assert "[week]" not in run("quick", "check")[1]
