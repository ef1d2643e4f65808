"""A report as a spreadsheet opens it, for the command line and the console.

Promises: the same rows from both; no cell is taken for a formula (`core.sheet`). Refuses: words: a column is called as in JSON.
"""

from collections.abc import Iterator

from agentdesk.core import sheet
from agentdesk.core.figures import PERCENTILES, Count, Figure, Report, Share, quantile

PERCENTILE_NAMES = ("median", "p90", "p95")


def text(report: Report, *, tickets: bool = False) -> str:
    """CSV: a line a group, or a line a ticket and figure."""
    return "".join(map(sheet.row, rows(report, tickets=tickets)))


def rows(report: Report, *, tickets: bool) -> Iterator[list[object]]:
    """The cells of it."""
    about = "topic" if report.kind == "topics" else "metric"
    lines = [*((each.group, each) for each in report.lines), *(("*", each) for each in report.whole)]
    if tickets:
        yield [report.by, about, "figure", "ticket", "hit"]
        for group, line in lines:
            for name, figure in line.figures.items():
                yield from ([group, line.about, name, ticket, hit] for ticket, hit in _hits(figure))
        return
    for n, (group, line) in enumerate(lines):
        cells = [cell for name, figure in line.figures.items() for cell in _flat(name, figure)]
        if n == 0:
            yield [report.by, about, "target_seconds", *(name for name, _ in cells)]
        yield [group, line.about, line.target, *(value for _, value in cells)]


def _hits(figure: Figure) -> Iterator[tuple[int, bool]]:
    yield from ((ticket, True) for ticket in figure.tickets)
    if isinstance(figure, Share):
        yield from ((ticket, False) for ticket in figure.misses)


def _flat(name: str, figure: Figure) -> list[tuple[str, object]]:
    if isinstance(figure, Count):
        return [(name, figure.n)]
    if isinstance(figure, Share):
        low, high = figure.interval
        values = (len(figure.hits), figure.n, figure.share, low, high)
        return list(
            zip((f"{name}_{each}" for each in ("hits", "n", "share", "low", "high")), values, strict=True)
        )
    found: list[tuple[str, object]] = [(f"{name}_n", figure.n)]
    for kind, seconds in (("wall", figure.wall), ("business", figure.business)):
        found += [
            (f"{name}_{kind}_{each}", quantile(seconds, share))
            for each, share in zip(PERCENTILE_NAMES, PERCENTILES, strict=True)
        ]
    return found
