"""What happens to a ticket's clocks: started by a customer, met by an answer, moved by a status, summed up in
`next_due_at` and `recover_at`, which order the queue; what was pledged counts there too. The arithmetic is `core.sla`'s."""

from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.core import reckon, sla
from agentdesk.core.draft import Draft
from agentdesk.core.instant import maybe_moment, maybe_stamp, moment
from agentdesk.core.model import Span, Status
from agentdesk.core.segment import of_new
from agentdesk.core.sla import ANSWERS, LIVE, REPLIED, Clock, ClockState, Matter, Metric, Policy, Tier

PLEDGE_RECOVERS = timedelta(days=1)
"""So long a broken pledge stands among what is late."""


def clocks(draft: Draft, ticket: str) -> list[Clock]:
    """The ticket's clocks as this draft leaves them."""
    return [sla.from_data(data) for data in draft.clocks(ticket).values()]


def put(draft: Draft, ticket: str, clock: Clock) -> None:
    draft.set_clock(ticket, clock.metric.value, clock.tier.value, sla.to_data(clock))


def begin(
    draft: Draft,
    policy: Policy,
    ticket: str,
    at: datetime,
    channel: str = "",
    *,
    first: bool,
    heard: bool = False,
) -> None:
    """A customer waits since `at`, for the `first` time or again. Whoever was `heard`, on the telephone, knows that the matter has
    arrived."""
    if first and not heard:
        start(draft, policy, ticket, Metric.ACK, at, channel)
    for metric in (
        Metric.FIRST_RESPONSE if first else Metric.NEXT_RESPONSE,
        Metric.RESOLUTION,
        Metric.PROGRESS,
    ):
        start(draft, policy, ticket, metric, at, channel)


def start(draft: Draft, policy: Policy, ticket: str, metric: Metric, at: datetime, channel: str = "") -> None:
    """Every tier of `metric` from `at`, unless it runs already; as promised on `channel`, by default the ticket's. To who is muted
    nothing is promised."""
    if draft.ticket(ticket).muted:
        return
    live = {(c.metric, c.tier) for c in clocks(draft, ticket) if c.state in LIVE}
    by = channel or draft.ticket(ticket).channel
    for clock in sla.start(policy, by, metric, at, _matter(draft, policy, ticket)):
        if (clock.metric, clock.tier) not in live:
            put(draft, ticket, clock)
    sum_up(draft, ticket)


def _matter(draft: Draft, policy: Policy, ticket: str) -> Matter:
    """What is promised depends on this."""
    known = draft.ticket(ticket)
    return Matter(_among(draft, policy, ticket), known.kind, known.priority)


def retarget(draft: Draft, policy: Policy, ticket: str) -> None:
    """The ticket's priority, kind or customer is another one, or what its customer has in common with others: what still runs is
    promised accordingly, from its own start. What was late before this stays late: nobody makes it good by calling it less urgent."""
    if policy.segments or policy.kinds or policy.priorities:
        before = map(sla.from_data, draft.state.clocks(ticket).values())
        late = {(c.metric, c.tier, c.started_at) for c in before if _is_late(c, draft.given.now)}
        some = [c for c in clocks(draft, ticket) if (c.metric, c.tier, c.started_at) not in late]
        _reckon(draft, policy, ticket, some)


def reckon_anew(draft: Draft, policy: Policy, ticket: str) -> None:
    """The shop promises something else, or opens at other hours: all that still runs is counted as if that had always been so."""
    _reckon(draft, policy, ticket, clocks(draft, ticket))


def _reckon(draft: Draft, policy: Policy, ticket: str, some: list[Clock]) -> None:
    known, matter = draft.ticket(ticket), _matter(draft, policy, ticket)

    def pauses(clock: Clock) -> tuple[Span, ...]:
        return draft.state.past.pauses(ticket, clock)

    for clock in reckon.anew(policy, known.channel, matter, some, pauses):
        put(draft, ticket, clock)
    sum_up(draft, ticket)


def _is_late(clock: Clock, now: datetime) -> bool:
    return sla.state(clock, now) is ClockState.BREACHED


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


def meet(draft: Draft, policy: Policy, ticket: str, at: datetime) -> None:
    """A public answer: what it answers is met at `at`; late stays late."""
    met(draft, policy, ticket, at, [c for c in clocks(draft, ticket) if c.metric in REPLIED])


def met(draft: Draft, policy: Policy, ticket: str, at: datetime, some: list[Clock]) -> None:
    """Those of these clocks that still run are met at `at`; the silence that an answer ended begins anew with it."""
    live = [clock for clock in some if clock.state in LIVE]
    for clock in live:
        put(draft, ticket, sla.meet(clock, at))
    if any(clock.metric is Metric.PROGRESS for clock in live):
        start(draft, policy, ticket, Metric.PROGRESS, at)
        follow(draft, policy, ticket, at)
    sum_up(draft, ticket)


def answered_by(draft: Draft, ticket: str, left: str | None) -> list[Clock]:
    """What an answer meets: all that ends with one, but for the promise to whom it leaves waiting since `left`."""
    return [c for c in clocks(draft, ticket) if c.metric in REPLIED and not _is_of(c, left)]


def runs_for(draft: Draft, ticket: str, since: str) -> bool:
    """Whether an answer is promised to what waits since then."""
    return any(_is_of(clock, since) and clock.state in LIVE for clock in clocks(draft, ticket))


def _is_of(clock: Clock, since: str | None) -> bool:
    return clock.metric in ANSWERS and since is not None and clock.started_at == moment(since)


def acknowledge(draft: Draft, ticket: str, at: datetime) -> None:
    """The customer has heard something of us, be it of a machine."""
    for clock in clocks(draft, ticket):
        if clock.metric is Metric.ACK and clock.state in LIVE:
            put(draft, ticket, sla.meet(clock, at))
    sum_up(draft, ticket)


def excuse(draft: Draft, ticket: str, at: datetime) -> None:
    """No answer is needed, nor a first sign: what was promised of them is void, what is late by `at` stays late."""
    for clock in clocks(draft, ticket):
        if clock.metric in {Metric.ACK, *ANSWERS}:
            put(draft, ticket, sla.stop(clock, at))
    sum_up(draft, ticket)


def set_status(draft: Draft, policy: Policy, ticket: str, status: Status, at: datetime) -> None:
    """The status, and what it does to each clock: run, pause or stop. That it is over answers nobody (`core.unanswered`)."""
    draft.set(ticket, "status", status.value)
    if status is Status.RESOLVED:
        draft.set(ticket, "accounted", now=True)
    follow(draft, policy, ticket, at)


def follow(draft: Draft, policy: Policy, ticket: str, at: datetime) -> None:
    """What the status that the ticket has does to each clock."""
    status = Status(draft.ticket(ticket).status)
    for clock in clocks(draft, ticket):
        put(draft, ticket, sla.follow(policy, clock, status, at))
    sum_up(draft, ticket)


def wait_from(draft: Draft, policy: Policy, ticket: str, since: datetime | None) -> None:
    """The answer that is due is one to a later message, or to none: what ran for an earlier one is void here."""
    for clock in clocks(draft, ticket):
        if clock.metric in ANSWERS and clock.state in LIVE and (since is None or clock.started_at < since):
            put(draft, ticket, sla.void(clock))
            if since is not None:
                start(draft, policy, ticket, clock.metric, since, clock.channel)
    follow(draft, policy, ticket, draft.given.now)


def run_on(
    draft: Draft, policy: Policy, ticket: str, since: datetime, *, heard: bool, answered_at: datetime | None
) -> None:
    """What waits since `since` has no answer after all: the first promise of one that began since then runs on from there, and the
    later ones were none. `heard`: the customer has heard something of us since; `answered_at`: another answer is on its way."""
    known = sorted(clocks(draft, ticket), key=lambda clock: clock.started_at)
    since_then = [c for c in known if c.metric in REPLIED and c.started_at >= since]
    promised: set[Tier] = set()
    for clock in (each for each in since_then if each.state is not ClockState.VOID):
        if clock.metric in ANSWERS and clock.tier in promised:
            put(draft, ticket, sla.void(clock))
        elif clock.metric is not Metric.ACK or not heard:
            runs = _unmet(_from(draft, policy, ticket, clock, since))
            put(draft, ticket, sla.answer(runs, answered_at))
            promised |= {clock.tier} if clock.metric in ANSWERS else set()
    sum_up(draft, ticket)


def _unmet(clock: Clock) -> Clock:
    """What met it was none: it runs on, or stands still, as if nothing had been."""
    was = ClockState.RUNNING if clock.paused_at is None else ClockState.PAUSED
    return clock if clock.met_at is None else replace(clock, state=was, met_at=None)


def _from(draft: Draft, policy: Policy, ticket: str, clock: Clock, since: datetime) -> Clock:
    """The same promise from `since` on; itself where it began then, or where nothing is promised any more."""
    if clock.started_at == since:
        return clock
    by = clock.channel or draft.ticket(ticket).channel
    found = sla.start(policy, by, clock.metric, since, _matter(draft, policy, ticket))
    return next((each for each in found if each.tier is clock.tier), clock)


def merge(draft: Draft, source: str, target: str) -> None:
    """The target keeps its clocks and waits since the oldest unanswered message of both; the source's are void."""
    gone = clocks(draft, source)
    for clock in reckon.merge(clocks(draft, target), gone):
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
        put(draft, ticket, sla.meet(clock, at) if _is_late(clock, at) else sla.void(clock))
    sum_up(draft, ticket)


def sum_up(draft: Draft, ticket: str) -> None:
    running = [c for c in clocks(draft, ticket) if c.tier is Tier.STANDARD and c.state is ClockState.RUNNING]
    first = sla.next_due(running)
    due_at, recover_at = (first.due_at, first.recover_at) if first else (None, None)
    pledge = maybe_moment(draft.ticket(ticket).pledge_due_at)
    if pledge is not None and (due_at is None or pledge < due_at):
        due_at, recover_at = pledge, pledge + PLEDGE_RECOVERS
    draft.set(ticket, "next_due_at", maybe_stamp(due_at))
    draft.set(ticket, "recover_at", maybe_stamp(recover_at))
