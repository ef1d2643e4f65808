"""Lengths of time as people read them: `2 h 59 m`, `1 d 4 h`, `71 h`; for console and command line.

Promises: pure; to the nearest, never down; what a shop's own clock has counted is never in days, because a day of it has as many hours
as the shop is open. Refuses: what ticks in a cell or a line without room (`present.brief`, `present.countdown`: one unit, rounded down
as a clock is), and dates.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_HOURS = _UNITS[1:]
_SMALL = 10
"""Below so many of a unit what is left over is said in the next one."""
_BY_THE_MINUTE = 600
"""Seconds from which on the parts of a length are told in whole minutes."""


def span(seconds: float) -> str:
    """A length of time on the wall, in a figure or a sentence: two units while the larger one is small, else one; a minus where it is
    over."""
    return _nearest(seconds, _UNITS)


def open_span(seconds: float) -> str:
    """The same of time on the shop's clock, in hours at most."""
    return _nearest(seconds, _HOURS)


def parts(amounts: Sequence[float]) -> list[str]:
    """Seconds on the shop's clock that are told one below another, in whole minutes (short ones in seconds), and rounded so that what
    is read adds up to their sum as `whole` says it."""
    step = _step(sum(amounts))
    ends = [_rounded(end, step) for end in accumulate(amounts, initial=0.0)]
    return [_all(end - begin, step) for begin, end in pairwise(ends)]


def whole(seconds: float) -> str:
    """Time on the shop's clock without anything left out: `23 h 20 m`."""
    step = _step(seconds)
    return _all(_rounded(seconds, step), step)


def _nearest(seconds: float, units: Sequence[tuple[int, str]]) -> str:
    length, sign = abs(seconds), "-" if seconds < 0 else ""
    for (unit, name), (smaller, other) in pairwise(units):
        step = smaller if length < _SMALL * unit else unit
        many, left = divmod(_rounded(length, step), unit)
        if many:
            return f"{sign}{many} {name}" + (f" {left // smaller} {other}" if left else "")
    return f"{sign}{_rounded(length, 1)} s"


def _step(seconds: float) -> int:
    return 60 if abs(seconds) >= _BY_THE_MINUTE else 1


def _rounded(seconds: float, step: int) -> int:
    return int(seconds / step + 0.5) * step if seconds >= 0 else -_rounded(-seconds, step)


def _all(seconds: int, step: int) -> str:
    """Every unit that is not nought; nothing at all in the smallest one."""
    left, said = abs(seconds), []
    for unit, name in _HOURS:
        many, left = divmod(left, unit)
        said += [f"{many} {name}"] if many else []
    return ("-" if seconds < 0 else "") + (" ".join(said) or f"0 {'m' if step == 60 else 's'}")
