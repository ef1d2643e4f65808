"""Why a clock says what it says: its whole way from the start to the due time, stretch by stretch.

Promises: the amounts that count sum to the target exactly, whatever the calendar; what cannot be explained is a line of its own.
Refuses: counting anything that `core.sla` has not counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.core.hours import NOTHING, stretches
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Span
from agentdesk.core.sla import Clock, ClockState, resume
from agentdesk.core.timetable import Calendar, Reason
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of a clock's way, in UTC. `amount` is what it adds to the target: its length where `counted`,
    else nothing. `name` is the holiday's or special day's. The last line may be `unlisted`: an amount, possibly
    negative, that pauses not given here or another calendar account for."""

    start: datetime
    end: datetime
    counted: bool
    reason: Reason
    amount: timedelta
    name: str = ""


def why(clock: Clock, calendar: Calendar, now: datetime, pauses: Sequence[Span] = ()) -> tuple[Line, ...]:
    """The whole way from the start to the due time, as it stands at `now`: what counts, what not, and why.

    `pauses` are the ended pauses, which the log has. The amounts sum to the target exactly. A pause that still
    lasts is drawn until `now`, and the due time as if it ended then.
    """
    if clock.paused_at is not None:
        until = max(clock.met_at or moment(stamp(now)), clock.paused_at)
        pauses = (*pauses, Span(clock.paused_at, until))
        clock = resume(replace(clock, state=ClockState.PAUSED), calendar, until)
    if clock.months:
        return (Line(clock.started_at, clock.due_at, True, Reason.MONTHS, clock.due_at - clock.started_at),)
    lines = tuple(_lines(clock, calendar, sorted(pauses, key=lambda span: span.start)))
    missing = timedelta(seconds=clock.target) - sum((line.amount for line in lines), NOTHING)
    if not missing:
        return lines
    return (*lines, Line(clock.due_at, clock.due_at, True, Reason.UNLISTED, missing))


def _lines(clock: Clock, calendar: Calendar, pauses: Sequence[Span]) -> Iterator[Line]:
    for piece in stretches(calendar, clock.started_at, clock.due_at):
        if not piece.is_open:
            yield Line(piece.start, piece.end, False, piece.reason, NOTHING, piece.name)
            continue
        at = piece.start
        for span in pauses:
            begin, end = max(at, span.start), min(piece.end, span.end)
            if begin >= end:
                continue
            if at < begin:
                yield Line(at, begin, True, piece.reason, begin - at, piece.name)
            yield Line(begin, end, False, Reason.PAUSED, NOTHING)
            at = end
        if at < piece.end:
            yield Line(at, piece.end, True, piece.reason, piece.end - at, piece.name)
