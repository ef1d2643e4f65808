"""Notices in words and as sequences: what leaves the screen, and what of a customer does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import notices
from agentdesk.core.notice import Happening, Notice
from hostile import PAYLOADS, undrawable

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOSTILE = Happening(
    "new",
    "t",
    7,
    "whatsapp",
    "m",
    NOW,
    due_at=NOW + timedelta(minutes=15),
    subject="\x1b]0;x\x07secret; \u202eabc",
)


def test_a_notice_is_channel_number_and_time_left():
    assert notices.words(Notice((("new", 1),), HOSTILE), NOW) == "WhatsApp: new #7, 15 m left"
    late = Happening("breached", "t", 7, "email", "m", NOW, due_at=NOW)
    assert notices.words(Notice((("breached", 1),), late), NOW).endswith("#7 is late")
    many = Notice((("new", 25), ("breached", 1)), None, NOW + timedelta(minutes=40))
    assert (
        notices.words(many, NOW)
        == "25 new tickets, 1 ticket is late (the last one for 40 m; the rest is counted)"
    )


def test_what_a_rule_tells_bears_its_name():
    one = Happening("rule", "t", 7, "email", "e", NOW, subject="secret", rule="vip\x1b]0;x\x07")
    notice = Notice((("rule", 1),), one)
    said = notices.words(notice, NOW)
    assert said.startswith("rule vip")
    assert said.endswith(": mail #7")
    assert "\x1b" not in said
    assert "secret" not in said
    assert notices.document(notice, said, NOW)["rule"] == one.rule
    assert notices.words(Notice((("rule", 3),)), NOW) == "rules tell of 3 tickets"


def test_the_subject_is_told_only_where_it_is_allowed_and_then_as_text():
    said = notices.words(Notice((("new", 1),), HOSTILE), NOW, subject=True)
    assert "secret" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize("way", notices.WAYS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])
def test_a_subject_that_is_told_ends_no_sequence_and_hides_nothing(payload, way):
    one = replace(HOSTILE, subject=f"a {payload.raw} b", rule=payload.raw)
    for kind in ("new", "rule"):
        told = notices.words(Notice(((kind, 1),), replace(one, kind=kind)), NOW, subject=True)
        body = notices.sequence(way, told, tmux=False)
        body = body.removeprefix("\x1b]").removesuffix("\x1b\\").removesuffix("\x07")
        assert not undrawable(body)
        assert "a " in body
        if way == "osc777":
            assert body.count(";") == 3


@pytest.mark.parametrize("way", notices.WAYS)
def test_a_sequence_ends_where_it_ends_and_is_doubled_for_tmux(way):
    hostile = "a\x1b\\\x07b;c\x9cd"
    plain = notices.sequence(way, hostile, tmux=False)
    body = plain.removeprefix("\x1b]").removesuffix("\x1b\\").removesuffix("\x07")
    assert not any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in body)
    if way == "osc777":
        assert body.count(";") == 3
    inner = notices.sequence(way, hostile, tmux=True)
    assert inner == "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def test_a_terminal_is_told_in_the_way_that_it_knows():
    way = notices.way_of
    assert way({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}) == "osc99"
    assert way({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "x"}) == "osc99"
    assert way({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}) == "osc9"
    assert way({"TERM": "xterm-256color", "VTE_VERSION": "7600"}) == "osc777"
    assert way({"TERM": "foot"}) == "osc777"
    assert way({"TERM": "xterm-256color"}) == "osc9"
    assert way({"TERM": "linux"}) == way({"TERM": "dumb"}) == way({}) == ""
    assert way({"TERM": "linux"}, "osc99") == "osc99"


def test_a_command_is_given_numbers_and_no_word_of_a_customer():
    notice = Notice((("new", 1),), HOSTILE)
    document = notices.document(notice, notices.words(notice, NOW), NOW)
    assert document == {
        "text": "WhatsApp: new #7, 15 m left", "kind": "new", "count": 1, "ticket": 7, "channel": "whatsapp", "left_seconds": 900,
    }  # fmt: skip
    many = notices.document(Notice((("new", 2), ("breached", 1))), "", NOW)
    assert (many["kind"], many["count"], many["ticket"]) == ("new,breached", 3, None)
