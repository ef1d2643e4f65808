"""Macros: several acts on a ticket in one event, so that they are undone as one; alone, or with the answer they belong to.

Promises: what is there already is no change, and a macro that would change nothing is refused. Refuses: reading files and
clocks; the span that a file gives ("2h", "1d 9:00") becomes a time here, from the agent's own.
"""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from agentdesk.core import act, steps, timekeeping, unanswered
from agentdesk.core.commands import RunMacro
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event
from agentdesk.core.instant import stamp
from agentdesk.core.model import Acts, Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.settling import Excuse
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State, TicketState
from agentdesk.core.text import safe_line

_SPAN = re.compile(r"(\d{1,3})\s*([mhdw])(?:\s+(\d{1,2}):(\d{2}))?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def run(state: State, command: RunMacro, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    name = safe_line(command.name)
    excuse(draft, ticket, command.acts, f"macro:{name}" if name else "macro")
    apply(draft, policy, ticket.id, command.acts, given)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("MacroRun", ticket.id)


def excuse(draft: Draft, ticket: TicketState, acts: Acts, by: str) -> None:
    """Where `acts` end a ticket in which somebody waits, `by` is the reason why no answer is needed."""
    if acts.status is Status.RESOLVED and not acts.until and ticket.waiting_since:
        unanswered.excuse(draft, ticket.id, Excuse(by))


def apply(draft: Draft, policy: Policy, ticket: str, acts: Acts, given: Given) -> None:
    """The changes of `acts`; raises Refusal for a snooze into the past."""
    for name in dict.fromkeys(map(safe_line, acts.tag)):
        draft.tag(ticket, name, on=True)
    for name in dict.fromkeys(acts.untag):
        if name not in acts.tag:
            draft.tag(ticket, name, on=False)
    if acts.priority is not None:
        draft.set(ticket, "priority", acts.priority)
        timekeeping.retarget(draft, policy, ticket)
    if acts.assign is not None:
        draft.set(ticket, "assignee", safe_line(acts.assign) or None)
    if acts.derives is not None:
        act.derived(draft, ticket, acts.derives)
    status = Status.SNOOZED if acts.until else acts.status
    if acts.until and acts.until <= given.now:
        raise Refusal("past")
    if status is None:
        return
    if status is Status.RESOLVED:
        steps.may_end(draft.ticket(ticket))
    draft.set(ticket, "snoozed_until", stamp(acts.until) if acts.until else None)
    draft.set(ticket, "snooze_quiet", now=False)
    draft.set(ticket, "resolved_at", stamp(given.now) if status is Status.RESOLVED else None)
    draft.set(ticket, "history", now=False)
    if status is Status.RESOLVED:
        draft.set(ticket, "unread", now=False)
    timekeeping.set_status(draft, policy, ticket, status, given.now)


def both(one: Acts, other: Acts) -> Acts:
    """Two macros after one another: tags add up, of the rest the later one counts."""
    goes_on = other.until is not None or other.status is not None
    return Acts(
        tag=(*(name for name in one.tag if name not in other.untag), *other.tag),
        untag=(*(name for name in one.untag if name not in other.tag), *other.untag),
        priority=other.priority or one.priority,
        assign=one.assign if other.assign is None else other.assign,
        until=other.until if goes_on else one.until,
        status=other.status if goes_on else one.status,
        derives=other.derives or one.derives,
    )


def ending(acts: Acts) -> Acts:
    """The same where the agent resolves the ticket with the answer: nothing else becomes of it."""
    return replace(acts, until=None, status=None)


def later(span: str, now: datetime) -> datetime | None:
    """`now` (local) and a span as files give it: 30m, 2h, 1d, 1w, or "1d 9:00" at that hour; None for what is none."""
    found = _SPAN.fullmatch(span.strip())
    if found is None:
        return None
    at = now + timedelta(**{_UNITS[found[2]]: int(found[1])})
    if found[3] is None:
        return at
    if int(found[3]) > 23 or int(found[4]) > 59:
        return None
    return datetime.combine(at.date(), time(int(found[3]), int(found[4])), now.tzinfo)
