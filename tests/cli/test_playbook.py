"""Playbooks on the command line: listed, checked with file and line, chosen on a ticket and taken step by step."""

import json
from datetime import UTC, datetime

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.engine.start import open_desk

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MAIL = b"From: Maria <maria@x.test>\r\nTo: hola@vimet.test\r\nSubject: Comanda\r\nMessage-ID: <1@x.test>\r\n\r\nHola\r\n"


@pytest.fixture
def home(tmp_path):
    """A desk with ticket #1."""
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text('[desk]\nlanguage = "en"\n[[agents]]\nname = "Joan"\n', "utf-8")
    desk = open_desk(found, config.load(found), "Joan")
    Intake(desk, "box", read_mail).take(
        Batch("cursor", (Arrival(Place("box", "INBOX", 1, 1), NOON, MAIL, len(MAIL), role="inbox"),))
    )
    desk.close()
    return found


def test_what_a_shop_broke_is_said_with_file_and_line(run, home):
    status, out, _ = run("playbook", "check")
    assert (status, out) == (0, "9 playbooks, nothing wrong with them\n")
    file = home.config / "playbooks" / "mine.toml"
    file.parent.mkdir()
    file.write_text(
        '[title]\nes = "x"\nca = "x"\nen = "x"\n[[steps]]\nid = "a"\n'
        'title = { es = "x", ca = "x", en = "x" }\nquick = "gone"\n[[steps.choices]]\nid = "x"\n'
        'title = { es = "x", ca = "x", en = "x" }\nto = "b"\n',
        "utf-8",
    )
    status, out, _ = run("playbook", "check")
    assert status == 1
    assert f"{file}:8: steps.0.quick: there is no quick reply gone" in out
    assert f"{file}:12: steps.0.choices.0.to: there is no step b" in out
    found = json.loads(run("playbook", "check", "--json")[1])
    assert [(each["line"], each["key"]) for each in found] == [
        (8, "steps.0.quick"),
        (12, "steps.0.choices.0.to"),
    ]
    status, out, err = run("playbook", "list")
    assert "mine.toml:12" in err
    assert "returns" in out


def test_a_playbook_is_followed_to_its_end_and_then_the_ticket_is_resolved(run, home):
    assert run("playbook", "step", "1")[0] == 2
    assert run("playbook", "choose", "1", "return")[0] == 3
    status, out, _ = run("playbook", "choose", "1", "returns", "--json")
    first = json.loads(out)
    assert (status, first["incident"], first["playbook"]["step"], first["playbook"]["done"]) == (
        0,
        "returns",
        "order",
        0,
    )
    assert first["playbook"]["until"] is not None
    status, _, err = run("resolve", "1")
    assert status == 1
    assert "playbook returns is not finished" in err
    assert "agentdesk playbook step 1" in err
    assert run("playbook", "step", "1")[0] == 0
    status, _, err = run("playbook", "step", "1")
    assert status == 2
    assert "mind, size, broken, late" in err
    assert run("playbook", "step", "1", "late")[0] == 0
    status, out, _ = run("playbook", "step", "1", "boss", "no")
    assert out == "#1: returns 3/3, finished\n"
    shown = json.loads(run("show", "1", "--json")[1])
    assert shown["playbook"]["step"] is None
    taken = {each["step"]: (each["answer"], each["actor"]) for each in shown["playbook"]["taken"]}
    assert taken == {"order": ("done", "Joan"), "why": ("late", "Joan"), "boss": ("no", "Joan")}
    assert "returns 3/3, finished" in run("show", "1")[1]
    assert run("resolve", "1")[0] == 0


def test_a_single_word_is_a_choice_of_the_step_at_hand_before_it_is_a_step(run, home):
    run("playbook", "choose", "1", "payment")
    run("playbook", "step", "1")
    assert run("playbook", "step", "1", "failed")[1].startswith("#1: payment 2/4, next: Say what happened")
    status, _, err = run("playbook", "step", "1", "ordr")
    assert status == 3
    assert "did you mean order?" in err


def test_a_ticket_says_what_it_is_about(run, home):
    assert run("kind", "1", "claim")[0] == 0
    status, out, _ = run("incident", "1", "payment", "--json")
    data = json.loads(out)
    assert (status, data["kind"], data["incident"]) == (0, "claim", "payment")
    assert json.loads(run("kind", "1", "none", "--json")[1])["kind"] is None
    assert run("incident", "1", "nothing")[0] == 2
