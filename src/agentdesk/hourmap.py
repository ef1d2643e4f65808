"""A report's maps: a line a weekday, a sign an hour, the darker the more.

Promises: the same map for console and command line, in the signs of each; where a report has several, each under its name, also one
in which nothing is. Refuses: colours.
"""

from collections.abc import Mapping

from agentdesk import dates
from agentdesk.core.figures import Report
from agentdesk.i18n import tr


def heat(report: Report, signs: str) -> list[str]:
    """A line a weekday, a sign an hour: the last of `signs` for the busiest, the first for none; nothing without signs."""
    if not signs:
        return []
    came = {(day, hour): len(tickets) for day, hour, tickets in report.heat}
    if report.kind != "staffing":
        return _grid(came, signs)
    answered = {(day, hour): len(tickets) for day, hour, tickets in report.answered}
    named = ((tr("came"), came), (tr("answered"), answered), (tr("open"), dict.fromkeys(report.opened, 1)))
    return [line for name, cells in named if came or cells for line in _named(name, cells, signs)]


def _named(name: str, cells: Mapping[tuple[int, int], int], signs: str) -> list[str]:
    return [name, *_grid(cells, signs)] if cells else [tr("{what}: nothing").format(what=name)]


def _grid(cells: Mapping[tuple[int, int], int], signs: str) -> list[str]:
    most = max(cells.values(), default=0)
    if not most:
        return []
    width = max(len(dates.weekday(day)) for day in range(7))
    lines = [f"{'':<{width}}  {'0     6     12    18':<24}"]
    for day in range(7):
        row = "".join(signs[-(-cells.get((day, hour), 0) * (len(signs) - 1) // most)] for hour in range(24))
        lines.append(
            f"{dates.weekday(day):<{width}}  {row} {sum(cells.get((day, hour), 0) for hour in range(24))}"
        )
    return lines
