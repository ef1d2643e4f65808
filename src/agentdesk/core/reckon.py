"""A ticket's clocks counted anew: because it is promised something else by now, or because another ticket went into it.

Promises: a clock that is counted anew keeps its start and its pauses, so that it says what it would have said had the promise been
this one from the beginning. Refuses: touching what was met or is void; saying whether late stays late, which is for whoever asks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from agentdesk.core.model import Span
from agentdesk.core.sla import ANSWERS, LIVE, Clock, Matter, Metric, Policy, Tier, timed, void


def anew(
    policy: Policy,
    channel: str,
    matter: Matter,
    clocks: Iterable[Clock],
    pauses: Callable[[Clock], Sequence[Span]],
) -> list[Clock]:
    """Those of a ticket's `clocks` that read otherwise by `policy`. One that nothing is promised for any more is void; a tier that
    is new starts with the one that runs. `channel` is the ticket's, `pauses` those of a clock that are over."""
    known = {(clock.metric, clock.tier): clock for clock in clocks}
    found: list[Clock] = []
    for metric in Metric:
        live = [c for c in known.values() if c.metric is metric and c.state in LIVE]
        spans = pauses(live[0]) if live and live[0].held else ()
        for tier in Tier if live else ():
            now = _reckoned(policy, channel, matter, known.get((metric, tier)), live[0], tier, spans)
            if now is not None:
                found.append(now)
    return found


def _reckoned(
    policy: Policy,
    channel: str,
    matter: Matter,
    was: Clock | None,
    beside: Clock,
    tier: Tier,
    pauses: Sequence[Span],
) -> Clock | None:
    """The clock of a tier as it should be, None where it is so; `beside` is one of its metric that runs."""
    if was is not None and was.state not in LIVE:
        return None
    target = policy.target(beside.channel or channel, beside.metric, tier, matter)
    if target is None:
        return None if was is None else void(was)
    now = timed(policy, was or replace(beside, tier=tier), target, pauses)
    return None if was is not None and _reads(was) == _reads(now) else now


def fingerprint(policy: Policy) -> str:
    """The same for two policies by which every clock reads the same."""
    return sha256(repr(policy).encode()).hexdigest()


def _reads(clock: Clock) -> tuple[object, ...]:
    return (clock.target, clock.months, clock.soon, clock.soon_at, clock.due_at, clock.recover_at)


def merge(kept: Iterable[Clock], gone: Iterable[Clock]) -> tuple[Clock, ...]:
    """The clocks of a ticket that another was merged into. It keeps its own; where the other had an unanswered
    message older than all of ours, that clock becomes our `next_response`, with its lateness (2.1.10)."""
    ours, theirs = tuple(kept), tuple(gone)
    found: list[Clock] = []
    for tier in Tier:
        mine = [clock for clock in ours if clock.tier is tier]
        waiting = [c for c in mine if c.metric in ANSWERS and c.state in LIVE]
        others = [c for c in theirs if c.tier is tier and c.metric in ANSWERS and c.state in LIVE]
        oldest = min((*waiting, *others), key=lambda clock: clock.started_at, default=None)
        if oldest is not None and oldest not in waiting:
            mine = [clock for clock in mine if clock.metric is not Metric.NEXT_RESPONSE]
            mine.append(replace(oldest, metric=Metric.NEXT_RESPONSE))
        found.extend(mine)
    return tuple(found)
