"""Who comes into a segment, or leaves it, by what happens: their open tickets are promised accordingly in that very event.

Promises: whatever did it is seen by its changes, so that no command has to think of it, and an undo takes both back; what was late
before stays late. Refuses: work for an event that can bring nobody into a segment with targets of its own; somebody who writes for
the first time, of whom `segment.of_new` says all that is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from agentdesk.core import timekeeping
from agentdesk.core.draft import Draft
from agentdesk.core.events import (
    Change,
    ClockSet,
    CustomerSet,
    EntryAdded,
    EntrySet,
    Event,
    IdentityAdded,
    TicketOpened,
    TicketSet,
    TicketTagged,
)
from agentdesk.core.segment import Entry, Facts, Segment, alike, holds
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State

Known = dict[str, Facts]
"""What is known of customers, each by itself."""


def followed(state: State, event: Event, policy: Policy, given: Given) -> Event:
    """The event, and what it changes in the promises to customers whose segments are others by it."""
    segments = tuple(segment for segment, _ in policy.segments)
    concerned = _concerned(state, event, segments) if segments else frozenset()
    if not concerned:
        return event
    was: Known = {}
    for root in concerned:
        was |= state.people.facts(root, segments)
    now = _after(was, state, event)
    before, after = _among(was, segments), _among(now, segments)
    draft = Draft.of(state, given, event)
    for customer in was:
        if before[customer] != after[customer]:
            draft.among[customer] = after[customer]
            for ticket in _promised(draft, event, customer):
                timekeeping.retarget(draft, policy, ticket)
    return draft.again(event)


def _promised(draft: Draft, event: Event, customer: str) -> Iterator[str]:
    """The customer's tickets with a clock that runs, those of this event included."""
    here = (change.ticket for change in event.changes if isinstance(change, ClockSet))
    for ticket in dict.fromkeys((*draft.state.people.promised(customer), *here)):
        if draft.ticket(ticket).customer == customer:
            yield ticket


def _among(known: Known, segments: Iterable[Segment]) -> dict[str, frozenset[str]]:
    """In which segments each customer is; those that are one person are in the same ones."""
    people: defaultdict[str, Known] = defaultdict(dict)
    for customer, facts in known.items():
        people[facts.root][customer] = facts
    found = {
        root: frozenset(each.name for each in segments if holds(each, members[root], members.values()))
        for root, members in people.items()
    }
    return {customer: found[facts.root] for customer, facts in known.items()}


# What can bring somebody into a segment, by the words that it is made of.


def _concerned(state: State, event: Event, segments: tuple[Segment, ...]) -> frozenset[str]:
    """The customers, merged into nobody, whose segments this event may change."""
    terms = [term for segment in segments for term in segment.terms]
    asked = {term.op for term in terms}
    tags = {alike(term.value) for term in terms if term.op == "tag"}
    customers: set[str] = set()
    for change in event.changes:
        if isinstance(change, TicketTagged) and alike(change.tag) in tags:
            known = state.ticket(change.ticket)
            customers |= {known.customer} if known else set()
        elif isinstance(change, CustomerSet) and change.field == "root":
            customers |= {change.was, change.now}
        elif asked & _ASKED_OF.get(_kind(change), _NOTHING):
            customers |= set(_owners(state, change))
    return frozenset(root for each in customers if (root := state.customer_root(each)))


_NOTHING: frozenset[str] = frozenset()
_ASKED_OF: Mapping[tuple[type[Any], str], frozenset[str]] = {
    (CustomerSet, "language"): frozenset({"lang"}),
    (CustomerSet, "speaks"): frozenset({"lang"}),
    (CustomerSet, "muted_at"): frozenset({"is"}),
    (EntrySet, "hidden"): frozenset({"field"}),
    (EntryAdded, ""): frozenset({"field"}),
    (IdentityAdded, ""): frozenset({"domain", "channel"}),
    (TicketOpened, ""): frozenset({"tickets"}),
    (TicketSet, "root"): frozenset({"tickets"}),
    (TicketSet, "customer"): frozenset({"tickets", "tag"}),
}


def _kind(change: Change) -> tuple[type[Change], str]:
    return type(change), change.field if isinstance(change, CustomerSet | EntrySet | TicketSet) else ""


def _owners(state: State, change: Change) -> Iterator[str]:
    """Whom a change is about."""
    if isinstance(change, EntrySet):
        yield state.field("profile", change.entry, "customer")
    elif isinstance(change, TicketSet) and change.field == "customer":
        yield from (change.was, change.now)
    elif isinstance(change, TicketSet):
        known = state.ticket(change.ticket)
        yield from (known.customer,) if known else ()
    elif isinstance(change, CustomerSet | IdentityAdded | TicketOpened | EntryAdded):
        yield change.customer


# What is known of them after the event.


def _after(was: Known, state: State, event: Event) -> Known:
    now = dict(was)
    for change in event.changes:
        for customer, facts in _changed(now, state, event, change):
            if customer in now:
                now[customer] = facts
    return now


def _changed(known: Known, state: State, event: Event, change: Change) -> Iterator[tuple[str, Facts]]:
    """Of whom other facts are known by one change, and which."""
    match change:
        case CustomerSet():
            name, now = change.field, change.now
            if name == "muted_at":
                name, now = "muted", now is not None
            if (facts := known.get(change.customer)) and name in {"root", "language", "speaks", "muted"}:
                yield change.customer, replace(facts, **{name: now})
        case IdentityAdded():
            person = (event.personal or {}).get("identities", {}).get(change.identity, {})
            if facts := known.get(change.customer):
                mine = (change.channel, person.get("address") or "")
                yield change.customer, replace(facts, identities=(*facts.identities, mine))
        case EntryAdded():
            value = (event.personal or {}).get("entries", {}).get(change.entry)
            if facts := known.get(change.customer):
                entries = {**facts.entries, change.entry: Entry(change.field, value)}
                yield change.customer, replace(facts, entries=entries)
        case EntrySet() if change.field == "hidden":
            for customer, facts in known.items():
                if entry := facts.entries.get(change.entry):
                    entries = {**facts.entries, change.entry: replace(entry, hidden=change.now)}
                    yield customer, replace(facts, entries=entries)
        case TicketOpened() | TicketSet() | TicketTagged():
            yield from _ticket_changed(known, state, change)


def _ticket_changed(
    known: Known, state: State, change: TicketOpened | TicketSet | TicketTagged
) -> Iterator[tuple[str, Facts]]:
    ticket = state.ticket(change.ticket)
    owner = change.customer if isinstance(change, TicketOpened) else ticket.customer if ticket else ""
    facts = known.get(owner)
    match change:
        case TicketOpened() if facts:
            yield owner, replace(facts, tickets=facts.tickets + 1)
        case TicketTagged() if facts:
            mine = {(change.ticket, change.tag)}
            yield owner, replace(facts, tagged=facts.tagged | mine if change.now else facts.tagged - mine)
        case TicketSet(field="root") if facts:
            stands = (change.now == change.ticket) - (change.was == change.ticket)
            yield owner, replace(facts, tickets=facts.tickets + stands)
        case TicketSet(field="customer") if ticket:
            yield from _moved(known, change, is_one=ticket.root == ticket.id)


def _moved(known: Known, change: TicketSet, *, is_one: bool) -> Iterator[tuple[str, Facts]]:
    """A ticket that goes from one customer to another, with its tags."""
    source, target = known.get(change.was), known.get(change.now)
    if source is None or target is None:
        return
    tagged = frozenset(pair for pair in source.tagged if pair[0] == change.ticket)
    yield change.was, replace(source, tagged=source.tagged - tagged, tickets=source.tickets - is_one)
    yield change.now, replace(target, tagged=target.tagged | tagged, tickets=target.tickets + is_one)
