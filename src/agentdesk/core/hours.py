"""When the shop is open, and how much open time lies between two instants.

Promises: every result is exact, in UTC and the same on every machine. An opening hour is a reading of the
shop's wall clock; it is turned into an instant once per local date, and from there on only UTC is added and
subtracted, because Python subtracts two times of one zone by their readings: 9 h or 11 h become 10 h in the
two nights of a year in which clocks change. No search gives up early or runs for ever: a calendar always opens
again (`core.timetable`). Refuses: times without a zone, knowing what time it is.

**When clocks change**, an edge written as a local time is the first instant at which the wall clock shows that
time or a later one. An edge inside the hour that is left out is therefore the jump itself; an edge inside the
hour that comes twice is its first coming; hours that span the second coming last an hour longer.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from agentdesk.core.model import Span
from agentdesk.core.timetable import DAY, Calendar, Reason
from agentdesk.values import dataclass

NOTHING = timedelta(0)
_ONE_DAY = timedelta(days=1)
_RESOLUTION = timedelta(microseconds=1)
_KEPT_DAYS = 8_192


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) in UTC of one kind: open or not, and why. `name` is a holiday's or special day's."""

    start: datetime
    end: datetime
    is_open: bool
    reason: Reason
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Day:
    """A local date in UTC: its spans do not touch; `open` is their sum."""

    start: datetime
    end: datetime
    spans: tuple[Span, ...]
    open: timedelta
    reason: Reason
    name: str


def utc(at: datetime) -> datetime:
    """`at` in UTC; raises ValueError("naive_time") where it has no zone."""
    if at.utcoffset() is None:
        raise ValueError("naive_time")
    return at.astimezone(UTC)


def open_spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open time of [start, end), lazily, in order; two spans never touch, a night shift is one."""
    held: Span | None = None
    for piece in _pieces(calendar, utc(start), utc(end)):
        if not piece.is_open:
            continue
        if held is not None and held.end == piece.start:
            held = Span(held.start, piece.end)
            continue
        if held is not None:
            yield held
        held = Span(piece.start, piece.end)
    if held is not None:
        yield held


def stretches(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The whole of [start, end), open and closed, in order and without a hole; equal neighbours are one."""
    held: Stretch | None = None
    for piece in _pieces(calendar, utc(start), utc(end)):
        if held is not None and replace(piece, start=held.start, end=held.end) == held:
            held = replace(held, end=piece.end)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` is open; the closing instant itself is closed."""
    at = utc(at)
    return next_opening(calendar, at) == at


def working(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time between two instants; negative where `end` is before `start`, so that
    working(a, b) + working(b, c) == working(a, c) in any order."""
    start, end = utc(start), utc(end)
    if end < start:
        return -working(calendar, end, start)
    if calendar.always:
        return end - start
    total = NOTHING
    for day in _days(calendar, start):
        if day.start >= end:
            break
        if start <= day.start and day.end <= end:
            total += day.open
            continue
        for span in day.spans:
            if start < span.end and span.start < end:
                total += min(span.end, end) - max(span.start, start)
    return total


def deadline(calendar: Calendar, start: datetime, within: timedelta) -> datetime:
    """The earliest instant t with working(start, t) == within.

    That is `start` itself for zero, open or not, and for what fills a day exactly its closing, not the next
    opening. Raises ValueError("negative") for a negative span, OverflowError beyond the year 9999.
    """
    start, left = utc(start), within
    if left < NOTHING:
        raise ValueError("negative")
    if left == NOTHING or calendar.always:
        return start + left
    for day in _days(calendar, start):
        if start <= day.start and day.open < left:
            left -= day.open
            continue
        for span in day.spans:
            begin = max(span.start, start)
            if span.end - begin >= left:
                return begin + left
            left -= max(span.end - begin, NOTHING)
    raise OverflowError("year 9999")  # pragma: no cover - `_days` raises first


def months_later(zone: tzinfo, at: datetime, months: int) -> datetime:
    """`months` of the calendar after `at`: the same day and time on the wall of `zone`, and the month's last day where it has no
    such day. The opening hours have no say in it."""
    here = utc(at).astimezone(zone).replace(tzinfo=None)
    year, month = divmod(here.year * 12 + here.month - 1 + months, 12)
    day = min(here.day, monthrange(year, month + 1)[1])
    return _shown(zone, here.replace(year=year, month=month + 1, day=day, fold=0))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The earliest open instant from `at` on: `at` itself while open."""
    at = utc(at)
    if calendar.always:
        return at
    for day in _days(calendar, at):
        for span in day.spans:
            if at < span.end:
                return max(span.start, at)
    raise OverflowError("year 9999")  # pragma: no cover - `_days` raises first


def next_closing(calendar: Calendar, at: datetime) -> datetime | None:
    """The end of the open time that `at` lies in, or of the next one where `at` is closed; None where it never
    closes again."""
    opening = next_opening(calendar, at)
    if calendar.always:
        return None
    closing = opening
    for day in _days(calendar, opening):
        for span in day.spans:
            if closing < span.start:
                return closing
            closing = max(closing, span.end)
        if closing < day.end:
            return closing
        if calendar.never_closes and day.start.date() > _after(calendar.last_date):
            return None
    raise OverflowError("year 9999")  # pragma: no cover - `_days` raises first


def _days(calendar: Calendar, at: datetime) -> Iterator[_Day]:
    """The local dates from that of `at` on, each resolved; the first may end before `at` where clocks are
    set back over midnight."""
    on = at.astimezone(calendar.zone).date()
    while True:
        yield _day(calendar, on)
        on += _ONE_DAY


@lru_cache(maxsize=_KEPT_DAYS)
def _day(calendar: Calendar, on: date) -> _Day:
    rule = calendar.rule(on)
    spans: list[Span] = []
    for opens, closes in sorted(rule.hours):
        start, end = _edge(calendar.zone, on, opens), _edge(calendar.zone, on, closes)
        if spans and spans[-1].end == start:
            start = spans.pop().start
        if start < end:
            spans.append(Span(start, end))
    total = sum((span.end - span.start for span in spans), NOTHING)
    ends = _edge(calendar.zone, on, DAY)
    return _Day(_edge(calendar.zone, on, 0), ends, tuple(spans), total, rule.reason, rule.name)


def _edge(zone: tzinfo, on: date, second: int) -> datetime:
    """The first instant at which the clock on the wall shows `second` of `on` or later (see the module)."""
    return _shown(zone, datetime.combine(on, time()) + timedelta(seconds=second))


def _shown(zone: tzinfo, reading: datetime) -> datetime:
    """The first instant at which the clock on the wall shows `reading` or later."""
    first, other = (
        reading - (reading.replace(tzinfo=zone, fold=fold).utcoffset() or NOTHING) for fold in (0, 1)
    )
    if first <= other:
        return first.replace(tzinfo=UTC)
    return _jump(zone, reading, other.replace(tzinfo=UTC), first.replace(tzinfo=UTC))


def _jump(zone: tzinfo, reading: datetime, before: datetime, after: datetime) -> datetime:
    """The instant in (before, after] at which the wall clock jumps over `reading`."""
    while after - before > _RESOLUTION:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < reading:
            before = middle
        else:
            after = middle
    return after


def _pieces(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Day by day, so that each closed piece has its own day's reason."""
    at = start
    for day in _days(calendar, start):
        if at >= end:
            return
        shut = Reason.CLOSED if day.reason is Reason.OPEN else day.reason
        edges = [(span.start, span.end, True, day.reason) for span in day.spans]
        for begin, stop, opened, reason in (*edges, (day.end, day.end, False, shut)):
            if at < min(begin, end):
                yield Stretch(at, min(begin, end), False, shut, day.name)
                at = min(begin, end)
            if at < min(stop, end):
                yield Stretch(at, min(stop, end), opened, reason, day.name)
                at = min(stop, end)


def _after(on: date) -> date:
    """A date in UTC by which `on` is over in every zone."""
    return min(on, date.max - 2 * _ONE_DAY) + 2 * _ONE_DAY
