"""Rules: when something happens to a ticket and it is such a one, this is done to it; the same after a while of silence.

Promises: what an event of the log is to a rule follows from the event alone; what was there before an account was added, what was
brought from elsewhere and what an undo does set nothing off. Refuses: files, clocks, and a second way to say which tickets are meant: that is
a query (`core.query`), which the store answers. Which rules cannot be together is `core.contradiction`'s.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal

from agentdesk.core.events import (
    ClockSet,
    Event,
    MessageAdded,
    MessageSet,
    TicketOpened,
    TicketSet,
    TicketTagged,
)
from agentdesk.core.hours import deadline
from agentdesk.core.instant import moment
from agentdesk.core.macro import later
from agentdesk.core.model import Acts, Direction, MailClass, Status
from agentdesk.core.replies import NOBODY, Does, in_language
from agentdesk.core.surveyed import ASKS_NOTHING, Rated
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

DUE_SOON, BECAME_LATE = "due_soon", "became_late"
BY_CLOCK = (DUE_SOON, BECAME_LATE)
"""What no event says: a promise's time comes."""
EVENTS = (
    "ticket_opened", "customer_wrote", "replied", "resolved", "reopened", "waiting_customer", "waiting_third_party", "snoozed",
    "woken", "assigned", "tagged", "prioritised", "rated", *BY_CLOCK,
)  # fmt: skip
"""What a rule can be about; `unless` takes all but those of a clock."""
WHEN = ("any", "open", "closed")
KINDS = ("ack", "away", "progress", "follow_up", "survey", "thanks")
"""What an automatic text is for."""
OVER = frozenset({Status.RESOLVED, Status.CLOSED})
_SPAN = re.compile(r"(\d{1,3})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a rule does beside changing the ticket. `kind`: quick (`words` are its name and what the text is for), notify, or
    command (`words` are the program and its arguments)."""

    kind: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`order` is its place, the least first. `where` is a query, empty for every ticket. `after` is a span such as 7d, empty for at
    once, in the shop's open time where `counts` says so; whatever of `unless` happens meanwhile ends it. `zone` says when days begin, the
    desk's where it is empty. `source` is "shipped" or
    the path of the shop's own file."""

    name: str
    on: tuple[str, ...]
    order: int = 50
    where: str = ""
    when: str = "any"
    after: str = ""
    counts: Literal["wall", "open"] = "wall"
    unless: tuple[str, ...] = ()
    does: Does = field(default_factory=Does)
    deeds: tuple[Deed, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    source: str = "shipped"

    def title(self, language: str | None) -> str:
        return in_language(self.titles, language) or self.name

    def due(self, at: datetime, calendar: Calendar) -> datetime:
        """When it acts on what happened at `at`."""
        span = length(self.after)
        if not span:
            return at
        return deadline(calendar, at, span) if self.counts == "open" else at + span

    def did(self) -> tuple[str, ...]:
        """What it does, as the log keeps it: the shop's own words, nothing of a person."""
        does = self.does
        single = {
            "priority": does.priority, "assign": does.assign, "snooze": does.snooze, "status": does.status
        }  # fmt: skip
        return (
            *(f"tag:{each}" for each in does.tag),
            *(f"untag:{each}" for each in does.untag),
            *(f"{key}:{value}" for key, value in single.items() if value),
            *(
                ":".join(filter(None, (each.kind, each.words[0] if each.words else "")))
                for each in self.deeds
            ),
        )


def length(span: str) -> timedelta:
    """A span as files give it (30m, 4h, 7d, 1w); nothing for what is none."""
    found = _SPAN.fullmatch(span.strip())
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event is to rules, for one ticket: all its `kinds`, `at` when. `message` is the one that came in or went out."""

    ticket: str
    kinds: tuple[str, ...]
    at: datetime
    message: str | None = None


def happenings(event: Event) -> tuple[Happening, ...]:
    """By ticket, in the order of the event; none for what an undo does."""
    if event.type == "Undone":
        return ()
    if event.type == "Sighted":
        return tuple(_sighted(event))
    kinds: dict[str, dict[str, None]] = {}
    messages: dict[str, MessageAdded] = {}
    opened = {each.ticket for each in event.changes if isinstance(each, TicketOpened) and _is_work(each)}
    for change in event.changes:
        for ticket, kind in _kinds(change, opened):
            kinds.setdefault(ticket, {})[kind] = None
            if isinstance(change, MessageAdded):
                messages[ticket] = change
    return tuple(
        Happening(
            ticket,
            tuple(found),
            moment(messages[ticket].received_at if ticket in messages else event.at),
            messages[ticket].message if ticket in messages else None,
        )
        for ticket, found in kinds.items()
    )


def _sighted(event: Event) -> Iterator[Happening]:
    """A message that a file had brought is work: the customer wrote, whatever that made of a ticket which had been history."""
    changes = [each for each in event.changes if isinstance(each, TicketSet)]
    message = next((each.message for each in event.changes if isinstance(each, MessageSet)), None)
    began = any(each.field == "status" and each.now == Status.NEW for each in changes)
    for each in changes:
        if each.field == "last_customer_at":
            kinds = ("ticket_opened", "customer_wrote") if began else ("customer_wrote",)
            yield Happening(each.ticket, kinds, moment(each.now), message)


def _is_work(opened: TicketOpened) -> bool:
    return not (opened.history or opened.since_before or opened.machine or opened.split_from)


def _kinds(change: object, opened: set[str]) -> Iterator[tuple[str, str]]:
    """(ticket, kind) of one change."""
    if isinstance(change, MessageAdded):
        if change.history or change.mail_class != MailClass.HUMAN or change.seconds is not None:
            return
        if change.direction == Direction.IN:
            if change.ticket in opened:
                yield change.ticket, "ticket_opened"
            if change.class_reason not in ASKS_NOTHING:
                yield change.ticket, "customer_wrote"
        elif change.direction == Direction.OUT:
            yield change.ticket, "replied"
    elif isinstance(change, Rated):
        yield change.ticket, "rated"
    elif isinstance(change, TicketTagged) and change.now:
        yield change.ticket, "tagged"
    elif isinstance(change, TicketSet):
        yield from ((change.ticket, kind) for kind in _of_field(change))


def _of_field(change: TicketSet) -> Iterator[str]:
    if change.field == "assignee" and change.now:
        yield "assigned"
    elif change.field == "priority":
        yield "prioritised"
    elif change.field == "status":
        if change.was in OVER and change.now not in OVER:
            yield "reopened"
        if change.was == Status.SNOOZED and change.now not in OVER:
            yield "woken"
        if change.now in {"resolved", "waiting_customer", "waiting_third_party", "snoozed"}:
            yield change.now


def clocks_moved(event: Event) -> tuple[str, ...]:
    """The tickets whose promises an event moved: what waits for one of them is reckoned anew."""
    moved = (each.ticket for each in event.changes if isinstance(each, ClockSet) and each.tier == "standard")
    return tuple(dict.fromkeys(moved))


def causes(rule: Rule) -> frozenset[str]:
    """The kinds of events that come of what a rule does."""
    does = rule.does
    found = {"tagged"} if does.tag else set()
    if does.priority:
        found.add("prioritised")
    if does.assign and does.assign != NOBODY:
        found.add("assigned")
    if does.snooze:
        found.add("snoozed")
    if does.status == Status.OPEN:
        found |= {"reopened", "woken"}
    elif does.status:
        found.add(does.status)
    return frozenset(found)


def ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """In the order in which they run."""
    return tuple(sorted(rules, key=lambda each: (each.order, each.name)))


def acts(rule: Rule, here: datetime) -> Acts:
    """What it changes on a ticket if it acts at `here`, in the zone of the rule."""
    does = rule.does
    return Acts(
        tag=does.tag,
        untag=does.untag,
        priority=does.priority or None,
        assign=("" if does.assign == NOBODY else does.assign) if does.assign else None,
        until=later(does.snooze, here) if does.snooze else None,
        status=Status(does.status) if does.status else None,
    )
