"""The law of rules: what an event is to them, and which of them cannot be together."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.core.events import Event, MessageAdded, TicketOpened, TicketSet, TicketTagged
from agentdesk.core.replies import Does
from agentdesk.core.rules import BY_CLOCK, EVENTS, Rule, causes, happenings, length

AT = "2026-11-23T09:00:00.000Z"


def event(*changes, type_="Received"):
    return Event("e", type_, AT, "agentdesk", "d", changes, "t", ("t",))


def message(direction="in", mail_class="human", **more):
    return MessageAdded(
        "m", "t", "box", direction, mail_class, "", "new", "i", None, AT, AT, "text", **more
    )  # fmt: skip


def opened(**more):
    known = {
        "status": "new",
        "language": None,
        "history": False,
        "since_before": False,
        "machine": False,
        **more,
    }
    return TicketOpened("t", "c", "i", "box", "email", created_at=AT, **known)


def kinds(*changes, **more):
    return [kind for each in happenings(event(*changes, **more)) for kind in each.kinds]


def test_a_first_message_opens_a_ticket_and_is_written_by_the_customer():
    assert kinds(opened(), message()) == ["ticket_opened", "customer_wrote"]
    assert kinds(message()) == ["customer_wrote"]
    assert kinds(message("out")) == ["replied"]


@pytest.mark.parametrize(
    "changes",
    [
        (opened(history=True), message(history=True)),
        (opened(machine=True), message(mail_class="bulk")),
        (message(mail_class="auto_reply"),),
        (message("auto", mail_class="auto_reply"),),
        (message("note"),),
        (message("from_party"),),
        (message(seconds=60),),
    ],
)
def test_history_machines_notes_calls_and_what_agentdesk_says_set_nothing_off(changes):
    assert kinds(*changes) == []


def test_what_waited_since_before_the_account_was_added_is_not_opened_now():
    assert "ticket_opened" not in kinds(opened(since_before=True), message())


def test_an_undo_sets_nothing_off():
    assert kinds(TicketTagged("t", "x", was=False, now=True)) == ["tagged"]
    assert kinds(TicketTagged("t", "x", was=False, now=True), type_="Undone") == []


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("open", "resolved", ["resolved"]),
        ("resolved", "open", ["reopened"]),
        ("snoozed", "open", ["woken"]),
        ("open", "waiting_customer", ["waiting_customer"]),
        ("open", "snoozed", ["snoozed"]),
        ("new", "open", []),
    ],
)
def test_a_change_of_status_is_what_became_of_the_ticket(was, now, expected):
    assert kinds(TicketSet("t", "status", was, now)) == expected


def rule(**does):
    return Rule("a", ("replied",), does=Does(**does))


def test_whatever_a_rule_does_is_among_the_events_it_may_set_off():
    every = rule(tag=("x",), priority="high", assign="Joan", status="resolved")
    assert causes(every) == {"tagged", "prioritised", "assigned", "resolved"}
    assert causes(every) <= set(EVENTS)
    assert not causes(rule(assign="nobody"))
    assert set(BY_CLOCK) < set(EVENTS)


@pytest.mark.parametrize(
    ("span", "seconds"),
    [("30m", 1800), ("4h", 14_400), ("7d", 604_800), ("1w", 604_800), ("", 0), ("7", 0), ("2 d", 172_800)],
)
def test_a_span_is_a_number_and_a_unit(span, seconds):
    assert length(span) == timedelta(seconds=seconds)


def test_waiting_in_open_time_needs_the_calendar_and_other_waiting_does_not():
    from agentdesk.core.timetable import always_open

    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert Rule("a", ("replied",), after="3d").due(at, always_open(UTC)) == at + timedelta(days=3)
    assert Rule("a", ("replied",)).due(at, always_open(UTC)) == at
