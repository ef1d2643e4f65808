"""The life of a ticket, told from the events of the log: each change of its status, who made it and why, and what came without
changing it.

Promises: pure, and nothing but the log is asked, so it tells of what happened before this was written too; who and why are codes,
which `lived` has words for; an event of a newer version is told by its type. Refuses: what changes no status and opens nothing
(tags, notes, clocks), and any stored text but what a snooze was for.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from agentdesk.core.events import (
    Event,
    MessageAdded,
    MessageSet,
    RuleFired,
    TakenBack,
    TicketLinked,
    TicketOpened,
    TicketSet,
)
from agentdesk.core.instant import moment
from agentdesk.core.model import OURS, PARTY, Direction, MailClass, Status
from agentdesk.core.surveyed import ASKS_NOTHING, OPTED_OUT
from agentdesk.values import dataclass

_OVER = frozenset({Status.RESOLVED, Status.CLOSED})


class Who(StrEnum):
    """`agent` and `rule` have a name; `desk` is agentdesk itself, `elsewhere` somebody of ours in another program."""

    AGENT = "agent"
    RULE = "rule"
    CUSTOMER = "customer"
    PARTY = "third_party"
    CLOCK = "clock"
    MACHINE = "machine"
    ELSEWHERE = "elsewhere"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Turn:
    """One step: from status `was` (None: it began here) to `now`, the same where something came and changed nothing. `why` is a
    code; `until` is until when it sleeps or slept, `after` how many seconds after the end somebody wrote, `reason` why no answer
    is needed, `on` the kind of event that set a rule off, `said` what a snooze is for, `took_back` the type of event that was undone, `other` another ticket."""

    at: str
    ticket: str
    was: str | None
    now: str
    who: Who
    name: str
    why: str
    event: str
    parent: str | None = None
    until: str | None = None
    after: float | None = None
    reason: str | None = None
    on: str = ""
    said: str = ""
    took_back: str = ""
    other: str | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One event as it is about one ticket."""

    event: Event
    ticket: str
    was: str | None
    now: str
    types: Mapping[str, str]

    def set(self, name: str) -> TicketSet | None:
        """The change of one field of the ticket."""
        return next((c for c in self._sets() if c.field == name), None)

    def _sets(self) -> Iterator[TicketSet]:
        return (c for c in self.event.changes if isinstance(c, TicketSet) and c.ticket == self.ticket)

    def first(self, kind: type[Any]) -> Any:
        return next((c for c in self.event.changes if isinstance(c, kind)), None)

    @property
    def sleeps_until(self) -> str | None:
        found = self.set("snoozed_until")
        return found.now if found else None

    @property
    def slept_until(self) -> str | None:
        found = self.set("snoozed_until")
        return found.was if found else None


@dataclass(frozen=True, slots=True)
class _Cause:
    why: str
    who: Who | None = None
    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def life(events: Iterable[Event], tickets: Collection[str], itself: str) -> list[Turn]:
    """What became of `tickets` (one with all that went into it) in the order of the log; `itself` is the actor that agentdesk is."""
    standing: dict[str, str] = {}
    types: dict[str, str] = {}
    found = []
    for event in events:
        types[event.id] = event.type
        for ticket in tickets:
            was, now = standing.get(ticket), _after(event, ticket, standing.get(ticket))
            if now is None:
                continue
            standing[ticket] = now
            turn = _turn(_Step(event, ticket, was, now, types), itself)
            if turn:
                found.append(turn)
    return found


def _after(event: Event, ticket: str, now: str | None) -> str | None:
    for change in event.changes:
        if isinstance(change, TicketOpened) and change.ticket == ticket:
            now = change.status
        elif isinstance(change, TicketSet) and change.ticket == ticket and change.field == "status":
            now = change.now
    return now


def _turn(step: _Step, itself: str) -> Turn | None:
    event = step.event
    if ticket := _gone_into(step):
        cause = _Cause("merged", values={"other": ticket})
    elif step.was != step.now:
        cause = _CAUSES.get(event.type, _other)(step)
    elif stays := _stays(step):
        cause = stays
    else:
        return None
    who = cause.who or (Who.DESK if event.actor == itself else Who.AGENT)
    name = cause.name or (event.actor if who is Who.AGENT else "")
    message = step.first(MessageAdded) if event.type == "Received" else None
    at = message.received_at if message else event.at
    return Turn(
        at, step.ticket, step.was, step.now, who, name, cause.why, event.id, event.parent, **cause.values
    )


def _gone_into(step: _Step) -> str | None:
    """The ticket into which this one went."""
    root = step.set("root")
    return root.now if root and step.event.type == "Merged" else None


def _stays(step: _Step) -> _Cause | None:
    """What came and left the ticket as it was, or put it to sleep until another time."""
    if step.event.type in {"Snoozed", "Called", "MacroRun", "RuleFired"} and step.sleeps_until:
        return _CAUSES[step.event.type](step)
    message = step.first(MessageAdded)
    if step.event.type != "Received" or message is None or message.ticket != step.ticket or message.history:
        return None
    who = _whose(message)
    if message.settled == "thanks":
        return _Cause("thanks", who)
    if message.settled in ASKS_NOTHING and message.settled != OPTED_OUT:
        return _Cause("rated", who) if step.now in _OVER else None
    if step.now == Status.SNOOZED and who is Who.CUSTOMER and message.settled is None:
        return _Cause("sleeps_on", who)
    if step.now in _OVER and message.direction == Direction.IN:
        return _Cause("came_after", who)
    return None


def _whose(message: MessageAdded) -> Who:
    if message.direction in OURS:
        return Who.ELSEWHERE
    if message.mail_class != MailClass.HUMAN:
        return Who.MACHINE
    return Who.PARTY if message.direction in PARTY else Who.CUSTOMER


def _received(step: _Step) -> _Cause:
    message: MessageAdded = step.first(MessageAdded)
    who = _whose(message)
    if step.was is None:
        return _began(step, message, who)
    if step.now == Status.WAITING_THIRD_PARTY:
        return _Cause("passed_on", Who.ELSEWHERE)
    if step.now != Status.OPEN:
        return _Cause("answered", Who.ELSEWHERE)
    if who is Who.MACHINE:
        return _Cause("came_back", who)
    if step.was == Status.SNOOZED:
        return _Cause("woke_early", who, values={"until": step.slept_until})
    ended = step.set("resolved_at")
    if step.was in _OVER and ended and ended.was:
        after = (moment(message.received_at) - moment(ended.was)).total_seconds()
        return _Cause("wrote_after", who, values={"after": after})
    return _Cause("wrote", who)


def _began(step: _Step, message: MessageAdded, who: Who) -> _Cause:
    if message.history:
        return _Cause("history", who)
    links = (c for c in step.event.changes if isinstance(c, TicketLinked) and c.now)
    link = next((c for c in links if step.ticket in {c.ticket, c.other}), None)
    if link is None:
        return _Cause("began", who)
    other = link.other if link.ticket == step.ticket else link.ticket
    return _Cause("began_beside", who, values={"other": other})


def _replied(step: _Step) -> _Cause:
    message = step.first(MessageAdded)
    if step.now == Status.SNOOZED:
        why = "goes_later" if message and message.timed else "answered_sleeps"
        return _Cause(why, values={"until": step.sleeps_until})
    return _Cause("answered_done" if step.now == Status.RESOLVED else "answered")


def _resolved(step: _Step) -> _Cause:
    reason = _reason(step)
    return _Cause("resolved_excused" if reason else "resolved", values={"reason": reason})


def _excused(step: _Step) -> _Cause:
    return _Cause("excused", values={"reason": _reason(step)})


def _reason(step: _Step) -> str | None:
    settled = (c.now for c in step.event.changes if isinstance(c, MessageSet) and c.field == "settled")
    return next(settled, None)


def _snoozed(step: _Step) -> _Cause:
    cut = step.set("snooze_cut")
    again = cut is not None and cut.was == step.sleeps_until
    said = ((step.event.personal or {}).get("snoozes") or {}).get(step.ticket) or ""
    return _Cause("slept_again" if again else "slept", values={"until": step.sleeps_until, "said": said})


def _woken(step: _Step) -> _Cause:
    return _Cause("time_came", Who.CLOCK, values={"until": step.slept_until})


def _reopened(step: _Step) -> _Cause:
    return _Cause("woken" if step.was == Status.SNOOZED else "reopened")


def _called(step: _Step) -> _Cause:
    if step.now == Status.SNOOZED:
        return _Cause("call_sleeps", values={"until": step.sleeps_until})
    return _Cause("call_done" if step.now == Status.RESOLVED else "call")


def _ruled(step: _Step) -> _Cause:
    fired = step.first(RuleFired)
    if fired is None:
        return _Cause("rule", Who.RULE)
    values = {"until": step.sleeps_until, "on": fired.on}
    return _Cause("rule", Who.RULE, fired.rule, values)


def _undone(step: _Step) -> _Cause:
    taken = step.first(TakenBack)
    return _Cause("undone", values={"took_back": step.types.get(taken.event, "") if taken else ""})


def _split(step: _Step) -> _Cause:
    opened = next((c for c in step.event.changes if isinstance(c, TicketOpened)), None)
    return _Cause("split", values={"other": opened.split_from if opened else None})


def _other(step: _Step) -> _Cause:
    return _Cause(step.event.type)


def _by(why: str, who: Who | None = None) -> Callable[[_Step], _Cause]:
    return lambda _: _Cause(why, who)


def _taken_back(step: _Step) -> _Cause:
    """By somebody in the service's own app, or by the customer."""
    is_ours = step.now == Status.OPEN
    return _Cause("answer_back", Who.ELSEWHERE) if is_ours else _Cause("question_back", Who.CUSTOMER)


def _macro(step: _Step) -> _Cause:
    """Its name is known where it ended a ticket in which somebody waited."""
    reason = _reason(step)
    return _Cause("macro_named" if reason else "macro", values={"until": step.sleeps_until, "reason": reason})


_CAUSES: Mapping[str, Callable[[_Step], _Cause]] = {
    "Received": _received,
    "Sighted": _by("found", Who.DESK),
    "Replied": _replied,
    "Sent": _by("went", Who.DESK),
    "SendFailed": _by("not_sent", Who.MACHINE),
    "SendDoubted": _by("in_doubt", Who.MACHINE),
    "Resent": _by("sent_again"),
    "Withdrawn": _by("withdrawn"),
    "Forwarded": _by("passed_on"),
    "WrittenFirst": _by("wrote_first"),
    "Resolved": _resolved,
    "NoAnswerNeeded": _excused,
    "Reopened": _reopened,
    "Snoozed": _snoozed,
    "Woken": _woken,
    "ThanksRefuted": _by("no_thanks"),
    "Called": _called,
    "MacroRun": _macro,
    "RuleFired": _ruled,
    "Undone": _undone,
    "Split": _split,
    "Merged": _by("took_in"),
    "PledgeRose": _by("promise", Who.CLOCK),
    "Edited": _by("reworded", Who.CUSTOMER),
    "Amended": _by("answer_back"),
    "WithdrawnByAuthor": _taken_back,
    "AmendRefused": _by("not_amended", Who.MACHINE),
    "SenderJudged": _by("judged"),
    "Erased": _by("forgotten"),
}
