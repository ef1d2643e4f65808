"""What happens to a ticket's clocks: started by a customer, met by an answer, moved by a status, summed up in
`next_due_at` and `recover_at`, which order the queue; what was pledged counts there too. The arithmetic is `core.sla`'s."""

from datetime import datetime, timedelta

from agentdesk.core import sla
from agentdesk.core.draft import Draft
from agentdesk.core.instant import maybe_stamp, moment
from agentdesk.core.model import Status
from agentdesk.core.segment import of_new
from agentdesk.core.sla import ANSWERS, LIVE, Clock, ClockState, Metric, Policy, Tier

PLEDGE_RECOVERS = timedelta(days=1)
"""So long a broken pledge stands among what is late."""


def clocks(draft: Draft, ticket: str) -> list[Clock]:
    """The ticket's clocks as this draft leaves them."""
    return [sla.from_data(data) for data in draft.clocks(ticket).values()]


def put(draft: Draft, ticket: str, clock: Clock) -> None:
    draft.set_clock(ticket, clock.metric.value, clock.tier.value, sla.to_data(clock))


def start(draft: Draft, policy: Policy, ticket: str, metric: Metric, at: datetime, channel: str = "") -> None:
    """Every tier of `metric` from `at`, unless it runs already; as promised on `channel`, by default the ticket's. To who is muted
    nothing is promised."""
    if draft.ticket(ticket).muted:
        return
    live = {(c.metric, c.tier) for c in clocks(draft, ticket) if c.state in LIVE}
    by = channel or draft.ticket(ticket).channel
    for clock in sla.start(policy, by, metric, at, _among(draft, policy, ticket)):
        if (clock.metric, clock.tier) not in live:
            put(draft, ticket, clock)
    sum_up(draft, ticket)


def _among(draft: Draft, policy: Policy, ticket: str) -> frozenset[str]:
    """In which segments with targets of their own the ticket's customer is; asked once for each event, and not at all where there are
    none."""
    if not policy.segments:
        return frozenset()
    known = draft.ticket(ticket)
    if known.customer not in draft.among:
        segments = tuple(segment for segment, _ in policy.segments)
        root = draft.state.customer_root(known.customer)
        if root is not None:
            draft.among[known.customer] = draft.state.people.among(root, segments)
        else:  # this very event makes it a customer
            person = draft.personal.get("identities", {}).get(known.identity, {})
            channel = "email" if known.channel == "form" else known.channel
            draft.among[known.customer] = frozenset(
                each.name
                for each in segments
                if of_new(each, channel, person.get("address") or "", known.language)
            )
    return draft.among[known.customer]


def meet(draft: Draft, ticket: str, at: datetime) -> None:
    """A public answer: the response clocks are met at `at`; late stays late."""
    for clock in clocks(draft, ticket):
        if clock.metric in ANSWERS and clock.state in LIVE:
            put(draft, ticket, sla.meet(clock, at))
    sum_up(draft, ticket)


def acknowledge(draft: Draft, ticket: str, at: datetime) -> None:
    """The customer has heard something of us, be it of a machine."""
    for clock in clocks(draft, ticket):
        if clock.metric is Metric.ACK and clock.state in LIVE:
            put(draft, ticket, sla.meet(clock, at))
    sum_up(draft, ticket)


def set_status(draft: Draft, policy: Policy, ticket: str, status: Status, at: datetime) -> None:
    """The status, and what it does to each clock: run, pause or stop."""
    draft.set(ticket, "status", status.value)
    for clock in clocks(draft, ticket):
        put(draft, ticket, sla.follow(policy, clock, status, at))
    sum_up(draft, ticket)


def merge(draft: Draft, source: str, target: str) -> None:
    """The target keeps its clocks and waits since the oldest unanswered message of both; the source's are void."""
    gone = clocks(draft, source)
    for clock in sla.merge(clocks(draft, target), gone):
        put(draft, target, clock)
    void(draft, source)
    sum_up(draft, target)


def void(draft: Draft, ticket: str) -> None:
    """Nothing was promised after all: what still runs or pauses is void."""
    for clock in clocks(draft, ticket):
        put(draft, ticket, sla.void(clock))
    sum_up(draft, ticket)


def silence(draft: Draft, ticket: str, at: datetime) -> None:
    """The same, but that what is late by `at` stays late."""
    for clock in clocks(draft, ticket):
        late = sla.state(clock, at) is ClockState.BREACHED
        put(draft, ticket, sla.meet(clock, at) if late else sla.void(clock))
    sum_up(draft, ticket)


def sum_up(draft: Draft, ticket: str) -> None:
    running = [c for c in clocks(draft, ticket) if c.tier is Tier.STANDARD and c.state is ClockState.RUNNING]
    ends = [(clock.due_at, clock.recover_at) for clock in running]
    if pledged := draft.ticket(ticket).pledge_due_at:
        ends.append((moment(pledged), moment(pledged) + PLEDGE_RECOVERS))
    due_at, recover_at = min(ends, key=lambda end: end[0], default=(None, None))
    draft.set(ticket, "next_due_at", maybe_stamp(due_at))
    draft.set(ticket, "recover_at", maybe_stamp(recover_at))
