"""The decisions about pledges: given with an answer or by word of mouth, kept by the next answer, renewed by another one, dropped, and
raised before they are due.

Promises: one that is renewed before its time is replaced by the new one, and that one alone counts; renewed after its time, it stays
broken, and the new one counts beside it. A ticket whose pledge is due comes into the queue whatever it waited for, once, and stands there by the time that the
customer was told; the answer that gives a pledge does not keep it. Refuses: keeping anything by an answer that was not accepted.
"""

from datetime import datetime, timedelta

from agentdesk.core import timekeeping
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event
from agentdesk.core.hours import deadline, open_spans, working
from agentdesk.core.instant import stamp
from agentdesk.core.model import Status
from agentdesk.core.pledging import (
    DropPledge,
    GivePledge,
    KeepPledge,
    OpenPledge,
    Pledge,
    PledgeGiven,
    PledgeSet,
    RaisePledge,
)
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State
from agentdesk.core.text import safe_line
from agentdesk.core.timetable import Calendar

LEAD = timedelta(hours=1)
"""At least so much open time is left when a pledge rises, unless it was given later."""
MORNING = timedelta(hours=9)
"""When the day begins for a shop that is always open."""
NEVER = "9"
"""After every stamp."""
_AHEAD = timedelta(days=60)
"""Opening hours are looked through so far back from a due time."""
_AWAKE = frozenset({Status.NEW, Status.OPEN})


def give(state: State, command: GivePledge, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if command.pledge.renews:
        _renew(draft, ticket.id, command.message)
    add(draft, policy, ticket.id, (command.pledge,), given.now, command.message)
    return draft.event("Pledged", ticket.id)


def _renew(draft: Draft, root: str, message: str | None) -> None:
    """What is open is renewed by word of mouth, now; by an answer that was accepted, when it was, whereupon it had kept them; by
    one that is on its way, once it is accepted (`answered`)."""
    said = draft.state.message(message) if message else None
    if said is not None and said.state == "written":
        return
    for each in _open(draft, root):
        draft.add(PledgeSet(each.id, "renewed_at", None, stamp(draft.given.now)))
    if said is not None:
        for pledge, kept_at in draft.state.pledges.kept(draft.state.family(root), said.received_at):
            draft.add(PledgeSet(pledge, "kept_at", kept_at, None))
            draft.add(PledgeSet(pledge, "renewed_at", None, kept_at))


def keep(state: State, command: KeepPledge, policy: Policy, given: Given) -> Event:
    return _ended(state, given, command.pledge, "PledgeKept", "kept_at", stamp(given.now))


def drop(state: State, command: DropPledge, policy: Policy, given: Given) -> Event:
    return _ended(state, given, command.pledge, "PledgeDropped", "dropped", now=True)


def rise(state: State, command: RaisePledge, policy: Policy, given: Given) -> Event:
    """Its ticket needs a person again, whatever it waited for; one that does so already is only noted."""
    draft, ticket = on_ticket(state, given, command.ticket)
    now = stamp(given.now)
    if ticket.pledge_rises_at is None or ticket.pledge_rises_at > now:
        raise Refusal("nothing_changes")
    later = (each.rises_at for each in _open(draft, ticket.id) if each.rises_at > now)
    draft.set(ticket.id, "pledge_rises_at", min(later, default=None))
    if ticket.status not in _AWAKE:
        draft.set(ticket.id, "resolved_at", None)
        draft.set(ticket.id, "snoozed_until", None)
        draft.set(ticket.id, "history", now=False)
        timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, given.now)
    return draft.event("PledgeRose", ticket.id)


def add(
    draft: Draft,
    policy: Policy,
    ticket: str,
    pledges: tuple[Pledge, ...],
    at: datetime,
    message: str | None = None,
) -> None:
    """Gives them `at` a time, by `message`; raises Refusal for a due time that is not after it."""
    texts = draft.personal.setdefault("pledges", {}) if pledges else {}
    for each in pledges:
        if each.due_at <= at:
            raise Refusal("past")
        pledge = next(draft.given.ids)
        rises_at = stamp(rising(policy.calendar, at, each.due_at))
        due_at = stamp(each.due_at)
        draft.add(PledgeGiven(pledge, ticket, message, stamp(at), due_at, rises_at, each.renews))
        texts[pledge] = safe_line(each.text)
    if pledges:
        sum_up(draft, ticket)


def answered(draft: Draft, root: str, written_at: str, at: datetime, message: str | None = None) -> None:
    """An answer written at `written_at` reached the customer `at` a time: what was pledged before it was written is kept, or
    renewed where the answer, `message`, pledges something in its place."""
    if draft.ticket(root).pledge_due_at is None:
        return
    known = _open(draft, root)
    renews = any(each.renews and each.message == message for each in known if each.message)
    for each in known:
        if each.given_at < written_at:
            draft.add(PledgeSet(each.id, "renewed_at" if renews else "kept_at", None, stamp(at)))
    sum_up(draft, root)


def unsaid(draft: Draft, root: str, message: MessageState) -> None:
    """An answer does not go: what it would have pledged was never said."""
    if draft.ticket(root).pledge_due_at is None:
        return
    for each in _open(draft, root):
        if each.message == message.id:
            draft.add(PledgeSet(each.id, "dropped", was=False, now=True))
    sum_up(draft, root)


def sum_up(draft: Draft, root: str, also: tuple[str, ...] = ()) -> None:
    """When a pledge of the ticket is due and rises next, or one of those that come into it now."""
    left = _open(draft, root, *also)
    draft.set(root, "pledge_due_at", min((each.due_at for each in left), default=None))
    # What should have risen while nobody looked has yet to rise.
    now, waits = stamp(draft.given.now), draft.ticket(root).pledge_rises_at or NEVER
    ahead = (each.rises_at for each in left if each.rises_at > now or each.rises_at >= waits)
    draft.set(root, "pledge_rises_at", min(ahead, default=None))
    timekeeping.sum_up(draft, root)


def merge(draft: Draft, source: str, target: str) -> None:
    """What was pledged on both is due on the one that stays."""
    draft.set(source, "pledge_due_at", None)
    draft.set(source, "pledge_rises_at", None)
    sum_up(draft, target, (source,))


def rising(calendar: Calendar, given_at: datetime, due_at: datetime) -> datetime:
    """When a pledge comes into the queue: as the day opens on which it is due, or an hour of open time before it, whichever is
    earlier; on the very day it was given an hour before, or after half of the time that there is."""
    zone = calendar.zone
    if given_at.astimezone(zone).date() == due_at.astimezone(zone).date():
        return max(due_at - LEAD, given_at + (due_at - given_at) / 2)
    midnight = due_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if calendar.always:
        opens = midnight + MORNING
    else:
        spans = open_spans(calendar, midnight, due_at)
        opens = next((span.start for span in spans), due_at)
    since = max(given_at, due_at - _AHEAD)
    left = working(calendar, since, due_at)
    lead = deadline(calendar, since, left - LEAD) if left > LEAD else since
    return max(min(opens, lead), given_at + timedelta(seconds=1))


def _ended(state: State, given: Given, pledge: str, kind: str, field: str, now: object) -> Event:
    known = state.pledges.one(pledge)
    if known is None:
        raise Refusal("no_pledge")
    draft, ticket = on_ticket(state, given, known.ticket)
    draft.add(PledgeSet(known.id, field, False if field == "dropped" else None, now))
    sum_up(draft, ticket.id)
    return draft.event(kind, ticket.id)


def _open(draft: Draft, *roots: str) -> list[OpenPledge]:
    """The open ones of these tickets and of those merged into them, as this draft leaves them."""
    members = tuple(member for root in roots for member in draft.state.family(root))
    found = {each.id: each for each in draft.state.pledges.open(members)}
    for change in draft.changes:
        if isinstance(change, PledgeGiven):
            known = OpenPledge(
                change.pledge,
                change.ticket,
                change.message,
                change.given_at,
                change.due_at,
                change.rises_at,
                change.renews,
            )
            found[change.pledge] = known
        elif isinstance(change, PledgeSet):
            found.pop(change.pledge, None)
    return list(found.values())
