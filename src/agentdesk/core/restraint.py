"""May a text that nobody writes go to this customer now?

Promises: pure; an acknowledgement goes while the shop is open and an out-of-hours text while it is closed, only for a message
younger than a quarter of an hour, and one of the two at most a day for each customer and channel, as of every text about a moment;
none of these goes more than a quarter of an hour late, and how far a matter is is said while the shop is open, to whom that waits;
where a text of the provider's own answered, none goes. Who answers like a program hears one text a day, of whatever kind, and
nothing any more once that is certain (`core.responder`). Whatever else is sent by itself is bounded too. Refuses: judging who wrote
(`core.who` has done that), and sending.

The table of counts is Zammad's, for one ticket and for all of a customer's (product-semantics 2.4).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from agentdesk.core import responder
from agentdesk.core.automatic import FRESH, OF_THE_MOMENT, is_stale
from agentdesk.core.hours import is_open
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction, MailClass
from agentdesk.core.posting import WriteAutomatic
from agentdesk.core.refusal import Refusal
from agentdesk.core.responder import channel_of
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, Said, State, TicketState
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

ACK, AWAY, PROGRESS = "ack", "away", "progress"
AWAITED = frozenset({ACK, AWAY})
"""What whoever wrote a moment ago waits for, at whatever hour."""
PROVIDERS = "sent folder"
"""The kind of a text that a provider sent by itself, and whose copy was found: one of the two."""
ONCE_IN = timedelta(hours=24)
_GREETINGS = AWAITED | {PROVIDERS}
_AFTER_AN_END = frozenset({"thanks", "follow_up", "survey"})
_ON_A_TICKET = ((10, 10), (30, 15), (60, 25), (180, 50), (600, 100))
_TO_ANYBODY = ((10, 30), (30, 60), (60, 120), (180, 240), (600, 360))
"""(minutes, texts in that time at most)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The hours in which the provider answers by a text of its own: the shop is closed, and so is the `laptop`, where a
    calendar says when that is open."""

    shop: Calendar
    laptop: Calendar | None = None

    def at(self, moment: datetime) -> bool:
        """Whether the provider answered what arrived then."""
        return not is_open(self.shop, moment) and (self.laptop is None or not is_open(self.laptop, moment))


def refuse(state: State, command: WriteAutomatic, policy: Policy, ticket: TicketState, given: Given) -> None:
    """Raises Refusal where `command` must not be written now; asked in the transaction that writes it, so that of two processes
    only one can."""
    text = Said(command.kind, ticket.id, command.channel or ticket.channel, given.now)
    if reason := why_not(state, text, ticket, policy.calendar):
        raise Refusal(reason)


def why_not(state: State, text: Said, ticket: TicketState, calendar: Calendar) -> str | None:
    """The reason for which `text` must not go at its time to the customer of `ticket`; None where it may."""
    customer = state.customer_root(ticket.customer) or ticket.customer
    newest = state.last_message(state.family(ticket.id), Direction.IN)
    known = state.message(newest) if newest else None
    heard: datetime | None = None
    if text.kind in _GREETINGS:
        if known is None or known.mail_class != MailClass.HUMAN:
            return "no_person"
        if known.junk:
            return "in_junk"
        if ticket.waiting_since is None:
            return "is_answered"
        heard = moment(known.received_at)
    if text.kind == PROGRESS and newest is not None and _only_rates(state, ticket, newest):
        return "only_rated"
    warnings = str(state.field("message", newest, "warnings")) if newest else ""
    if responder.BY_LIST in warnings:
        return "by_list"
    author = (known.author if known else None) or ticket.identity
    exchanges = responder.lately(state, author, text.channel, text.at)
    if responder.is_silenced(state, author, exchanges, text.channel):
        return "looks_like_a_program"
    alone = responder.SAYS_SO in warnings or responder.is_likely(exchanges, text.channel)
    alone = alone and not _by_a_person(state, text, ticket)
    before = state.people.told(customer, stamp(text.at - ONCE_IN))
    return objection(text, heard=heard, calendar=calendar, before=before, alone=alone)


def _by_a_person(state: State, text: Said, ticket: TicketState) -> bool:
    """Whether it follows upon a person's act: only a person makes such a thing happen again."""
    ended = ticket.resolved_at if text.kind in _AFTER_AN_END else None
    return ended is not None and state.surveys.ended_by(ticket.id, ended) is not None


def _only_rates(state: State, ticket: TicketState, message: str) -> bool:
    """Whether a message answers a survey: a person has to see it, and nobody waits to hear how far it is."""
    survey = state.surveys.latest(state.family(ticket.root))
    return survey is not None and survey.score is not None and survey.answer == message


def fitting(calendar: Calendar, now: datetime) -> str:
    """Which of the two texts speaks of the shop as it is."""
    return ACK if is_open(calendar, now) else AWAY


def is_over(kind: str, heard: datetime, calendar: Calendar, now: datetime) -> str | None:
    """Why a text about a moment is not true any more, or comes too late for the message that arrived at `heard`."""
    if kind == PROGRESS and not is_open(calendar, now):
        return "shop_is_closed"
    if kind not in AWAITED:
        return None
    if now - heard > FRESH:
        return "too_old"
    if fitting(calendar, now) != kind:
        return "shop_is_closed" if kind == ACK else "shop_is_open"
    return None


def objection(
    text: Said,
    *,
    heard: datetime | None,
    calendar: Calendar,
    before: Sequence[Said],
    alone: bool = False,
) -> str | None:
    """Why `text` must not go at its time, None where it may. `heard` is when the message arrived that it speaks to, None where it
    speaks to none; `before` what went by itself to this customer in the last day; `alone`: whoever hears it looks like a program, and
    hears one text a day."""
    if reason := is_over(text.kind, heard or text.at, calendar, text.at):
        return reason
    if text.due_at is not None and is_stale(text.kind, text.due_at, text.at):
        return "too_late"
    bounded = alone or text.kind in OF_THE_MOMENT
    if bounded and any(_is_again(text, each, alone=alone) for each in before):
        return "said_today"
    here = [each.at for each in before if each.ticket == text.ticket]
    if _is_full(here, _ON_A_TICKET, text.at) or _is_full([each.at for each in before], _TO_ANYBODY, text.at):
        return "too_many"
    return None


def provider_spoke(covered: Covered, arrivals: Iterable[datetime], now: datetime) -> bool:
    """Whether a text of the provider's own answered one of the customer's messages of the last day."""
    return any(covered.at(each) for each in arrivals if now - each < ONCE_IN)


def _is_again(text: Said, each: Said, *, alone: bool) -> bool:
    """Whether the customer has heard the same within a day; the two texts of the shop as it is are one, and where they are `alone`
    all are."""
    alike = alone or text.kind == each.kind or {text.kind, each.kind} <= _GREETINGS
    here = channel_of(text.channel) == channel_of(each.channel)
    return alike and here and text.at - each.at < ONCE_IN


def _is_full(times: Sequence[datetime], table: tuple[tuple[int, int], ...], now: datetime) -> bool:
    return any(sum(now - at < timedelta(minutes=minutes) for at in times) >= most for minutes, most in table)
