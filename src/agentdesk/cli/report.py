"""`report sla|fcr|volume|unanswered|csat`: figures as a table, for a spreadsheet or as JSON, each with its tickets where asked.

Promises: the same figures in every form; a period that means nothing is refused with what may be written instead; Ctrl-C ends
it at once, since nothing is written. Refuses: a figure without how many it is of.
"""

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from agentdesk import reporting
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.output import table
from agentdesk.core import sheet
from agentdesk.core.figures import PERCENTILES, Count, Figure, Line, Period, Report, Share, Times, quantile
from agentdesk.core.period import EXAMPLES, PeriodError, period
from agentdesk.core.report import DAYS
from agentdesk.engine import report as engine
from agentdesk.errors import NotAvailableError, UsageError
from agentdesk.i18n import tr

HEAT = " .:-=+*#%@"
"""From no message to the most."""


def report(ctx: Context, args: Namespace) -> None:
    if args.kind not in engine.KINDS:
        raise NotAvailableError(what=f"`agentdesk report {args.kind}`")
    if args.csv and ctx.json:
        raise UsageError(reason=tr("--csv and --json exclude each other"))
    zone = ctx.settings.desk.tzinfo
    with opened(ctx) as desk, ctx.progress(tr("Counting")) as progress:
        within = _period(args.since, args.until, desk.now(), zone)
        wanted = engine.asked(
            desk, within, args.by or "channel", zone, DAYS if args.days is None else args.days
        )
        told = engine.report(desk, args.kind, wanted, progress.at)
    if args.csv:
        ctx.out(None, "\n".join(sheet.row(each).rstrip("\r\n") for each in _rows(told, tickets=args.tickets)))
        return
    ctx.out(_document(told, tickets=args.tickets), lambda: _text(told, tickets=args.tickets))
    if not ctx.json:
        _narrate(ctx, told)


def _period(since: str | None, until: str | None, now: Any, zone: Any) -> Period:
    try:
        return period(since, until, now, zone)
    except PeriodError as error:
        if error.reason == "turned":
            raise UsageError(reason=tr("the period ends before it begins, or has not begun yet")) from error
        text = tr('"{word}" is no time; write for example {examples}')
        raise UsageError(reason=text.format(word=error.word, examples=", ".join(EXAMPLES))) from error


def _narrate(ctx: Context, told: Report) -> None:
    if told.period:
        zone = ctx.settings.desk.tzinfo
        first, last = (each.astimezone(zone) for each in (told.period.since, told.period.until))
        ctx.say(
            tr("From {first} to {last}.").format(
                first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}"
            )
        )
    if not told.whole:
        ctx.say(tr("Nothing in this period.") if told.period else tr("Nobody waits for an answer."))
    for note in reporting.notes(told):
        ctx.say(note)


def _text(told: Report, *, tickets: bool) -> str:
    parts = [table(*reporting.table(told)), "\n".join(reporting.heat(told, HEAT))]
    if tickets:
        rows = [
            [who, about, name, " ".join(f"#{number}" for number in numbers)]
            for who, about, name, numbers in reporting.behind(told)
            if numbers
        ]
        headings = [reporting.grouped_by(told.by), tr("promise"), tr("figure"), tr("tickets")]
        parts.append(table(headings, rows))
    return "\n\n".join(part for part in parts if part)


def _document(told: Report, *, tickets: bool) -> dict[str, Any]:
    def line(each: Line, name: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {told.by: name} if name is not None else {}
        if each.about:
            found |= {"metric": each.about, "target_seconds": each.target}
            found["guide_seconds"] = {"standard": each.guide[0], "world_class": each.guide[1]}
        return found | {key: _value(value, tickets=tickets) for key, value in each.figures.items()}

    document: dict[str, Any] = {
        "report": told.kind,
        "since": told.period and told.period.since,
        "until": told.period and told.period.until,
        "by": told.by,
        "all": [line(each, None) for each in told.whole],
        "groups": [line(each, each.group) for each in told.lines],
    }
    if told.kind in {"sla", "csat"}:
        document["worst_first"] = [{told.by: name, "share": share} for name, share in told.ranked]
        document["spread"] = told.spread
    if told.kind == "volume":
        document["hours"] = [
            {
                "weekday": day + 1,
                "hour": hour,
                "n": len(numbers),
                **({"tickets": sorted(set(numbers))} if tickets else {}),
            }
            for day, hour, numbers in told.heat
        ]
    return document


def _value(figure: Figure, *, tickets: bool) -> dict[str, Any]:
    if isinstance(figure, Share):
        low, high = figure.interval
        listed = {"tickets": sorted(set(figure.hits)), "others": sorted(set(figure.misses))}
        told = {"hits": len(figure.hits), "n": figure.n, "share": figure.share, "low": low, "high": high}
        return {**told, **(listed if tickets else {})}
    found: dict[str, Any] = {"n": figure.n}
    if isinstance(figure, Times):
        for name, values in (("wall_seconds", figure.wall), ("business_seconds", figure.business)):
            found[name] = dict(
                zip(_PERCENTILES, (quantile(values, each) for each in PERCENTILES), strict=True)
            )
    return found | ({"tickets": sorted(set(figure.tickets))} if tickets else {})


_PERCENTILES = ("median", "p90", "p95")


def _rows(told: Report, *, tickets: bool) -> Iterator[list[object]]:
    """For a spreadsheet: a line a group, or a line a ticket and figure."""
    lines = [*((each.group, each) for each in told.lines), *(("*", each) for each in told.whole)]
    if tickets:
        yield [told.by, "metric", "figure", "ticket", "hit"]
        for group, line in lines:
            for name, figure in line.figures.items():
                yield from ([group, line.about, name, ticket, hit] for ticket, hit in _hits(figure))
        return
    for n, (group, line) in enumerate(lines):
        cells = [cell for name, figure in line.figures.items() for cell in _flat(name, figure)]
        if n == 0:
            yield [told.by, "metric", "target_seconds", *(name for name, _ in cells)]
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
            for each, share in zip(_PERCENTILES, PERCENTILES, strict=True)
        ]
    return found
