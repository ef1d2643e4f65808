"""`promise`, `reply --promise` and `derivation`: what they print, and what they refuse."""

import json
from datetime import timedelta

import pytest

from agentdesk import config
from agentdesk.core.model import DERIVED
from agentdesk.core.pledging import GivePledge, Pledge
from agentdesk.engine import clock
from agentdesk.engine.start import open_desk
from agentdesk.engine.window import Window

pytestmark = pytest.mark.usefixtures("by_day")


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert status == 0, err
    return json.loads(out)


def test_a_promise_is_made_with_an_answer_listed_kept_and_counted(shop, run):
    status, _, err = run("reply", "1", "--text", "Mañana te confirmo si queda.")
    assert (status, "--promise" in err) == (0, True)
    done = said(run, "reply", "1", "--text", "Mañana te confirmo si queda la M.", "--promise")
    (one,) = done["promises"]
    assert one["text"] == "Mañana te confirmo si queda la M."
    assert said(run, "show", "1")["promised_until"] == one["due_at"]
    (listed,) = said(run, "promise")
    assert (listed["ticket"], listed["state"], listed["message"]) == (1, "open", done["message"])
    assert said(run, "sla", "why", "1")["promises"][0]["id"] == listed["id"]
    assert "Mañana te confirmo" in run("sla", "why", "1")[1]
    assert said(run, "promise", "list", "--before", "1h") == []
    said(run, "promise", "add", "1", "in", "2h", "--text", "llamar al almacén")
    assert [each["state"] for each in said(run, "promise", "kept", "1")["promises"]] == ["kept", "open"]
    said(run, "promise", "drop", "1", "--id", listed["id"])
    assert run("promise", "drop", "1")[0] == 1
    (line,) = said(run, "report", "promises", "--by", "agent", "--tickets")["groups"]
    assert (line["kept"]["n"], line["kept"]["share"], line["kept"]["tickets"]) == (1, 1.0, [1])
    assert "100.0 % 1/1 (21-100)" in run("report", "promises", "--to", "today")[1]


def test_a_promise_is_made_anew_in_place_of_the_former_one(shop, run):
    said(run, "reply", "1", "--text", "Mañana te confirmo si queda.", "--promise")
    _, _, err = run("reply", "1", "--text", "Pasado mañana te confirmo.", "--promise", "--hold", "60")
    assert "counts as kept; --instead promises anew." in err
    said(run, "undo")
    said(run, "promise", "add", "1", "in", "3d", "--text", "con seguridad", "--instead")
    listed = said(run, "promise", "list", "1")
    assert [each["state"] for each in listed] == ["renewed", "dropped", "open"]
    assert [bool(each["renewed_at"]) for each in listed] == [True, False, False]
    assert "promised anew, in time" in run("promise", "list", "1")[1]
    assert run("reply", "1", "--text", "Hola.", "--instead")[0] == 2


def promised_a_week_ago(home, *hours):
    """What was promised then for so many hours later, and is overdue by now."""
    desk = open_desk(home, config.load(home), "Joan")
    then = clock.now() - timedelta(days=7)
    desk.now = lambda: then
    with Window(desk) as window:
        ticket = window.ticket_id(1)
    for each in hours:
        desk.do(GivePledge(ticket, Pledge("llamar", then + timedelta(hours=each))))
    desk.close()


def test_what_is_overdue_is_said_to_be_kept_too_late_and_several_are_several(shop, run):
    promised_a_week_ago(shop, 1, 2)
    words = ("reply", "1", "--text", "Mañana te confirmo si queda.", "--promise")
    err = run(*words, "--hold", "60")[2]
    assert "count as kept too late; with --instead as broken." in err
    assert "as kept; --instead" not in err
    said(run, "undo")
    for days in ("1d", "2d"):
        said(run, "promise", "add", "1", days, "--text", "otra cosa")
    err = run(*words, "--hold", "60")[2]
    assert "count as kept too late; with --instead as broken." in err
    assert "With it the promises" in err
    assert "count as kept; --instead promises anew." in err
    said(run, "undo")
    err = run(*words, "--at", "36h")[2]  # by then one more of them is over
    assert "counts as kept; --instead promises anew." in err


def test_what_cannot_be_meant_is_said(shop, run):
    for words in (
        ("reply", "1", "--text", "Hola.", "--promise"),
        ("reply", "1", "--text", "Hola.", "--promise", "nunca"),
        ("reply", "1", "--text", "Hola.", "--promise", "--party", "1"),
        ("promise", "add", "1", "2h"),
        ("promise", "add", "1", "nunca", "--text", "x"),
        ("report", "promises", "--from", "nunca"),
        ("derivation", "1", "--to", "phone", "--clear"),
    ):
        assert run(*words)[0] == 2, words
    assert run("promise", "add", "1", "2020-01-01", "--text", "x")[0] == 1
    assert run("promise", "kept", "1")[0] == 1


def test_a_customer_sent_elsewhere_is_marked_and_not_any_more(shop, run):
    assert said(run, "derivation", "1", "--to", "phone")["derived"]["to"] == "phone"
    assert said(run, "derivation", "1", "--clear")["derived"] is None
    assert said(run, "derivation", "1")["derived"]["to"] in DERIVED
    said(run, "undo")
    assert said(run, "show", "1")["derived"] is None
