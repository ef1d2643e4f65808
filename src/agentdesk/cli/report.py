"""`report sla|fcr|volume|unanswered|csat|promises|topics|staffing`: figures as a table, for a spreadsheet or as JSON, each with its tickets where asked.

Promises: the same figures in every form; a period that means nothing is refused with what may be written instead; Ctrl-C ends
it at once, since nothing is written. Refuses: a figure without how many it is of.
"""

from argparse import Namespace
from datetime import tzinfo
from typing import Any

from agentdesk import footnote, hourmap, reporting, reportsheet
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.given import period_of
from agentdesk.cli.output import table
from agentdesk.core.figures import PERCENTILES, Figure, Heat, Line, Period, Report, Share, Times, quantile
from agentdesk.core.report import DAYS
from agentdesk.engine import report as engine
from agentdesk.errors import UsageError
from agentdesk.i18n import tr

KINDS = ("sla", "fcr", "volume", "unanswered", "csat", "promises", "topics", "staffing")
HEAT = " .:-=+*#%@"
"""From no message to the most."""


def report(ctx: Context, args: Namespace) -> None:
    if args.kind is None:
        raise UsageError(reason=tr("say which figures: {kinds}").format(kinds=", ".join(KINDS)))
    if args.days is not None and args.kind != "fcr":
        raise UsageError(reason=tr("--days goes with fcr: so long must a resolution hold"))
    if args.csv and ctx.json:
        raise UsageError(reason=tr("--csv and --json cannot be used together"))
    zone = ctx.settings.desk.tzinfo
    with opened(ctx) as desk, ctx.progress(tr("Counting")) as progress:
        within = period_of(ctx, desk.now(), args.since, args.until)
        wanted = engine.asked(
            desk,
            within,
            args.by or ("hour" if args.kind == "staffing" else "channel"),
            zone,
            DAYS if args.days is None else args.days,
            ctx.settings.accounts,
        )
        told = engine.report(desk, args.kind, wanted, progress.at)
    if args.csv:
        ctx.out(None, "\n".join(reportsheet.text(told, tickets=args.tickets).splitlines()))
        return
    ctx.out(_document(told, tickets=args.tickets), lambda: _text(told, tickets=args.tickets))
    if not ctx.json:
        _narrate(ctx, told)


def _narrate(ctx: Context, told: Report) -> None:
    if told.period:
        ctx.say(from_to(told.period, ctx.settings.desk.tzinfo))
    if not told.whole:
        ctx.say(tr("Nothing in this period.") if told.period else tr("Nobody waits for an answer."))
    for note in footnote.notes(told):
        ctx.say(note)


def from_to(period: Period, zone: tzinfo) -> str:
    first, last = (each.astimezone(zone) for each in (period.since, period.until))
    return tr("From {first} to {last}.").format(
        first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}"
    )


def _text(told: Report, *, tickets: bool) -> str:
    parts = [table(*reporting.table(told)), "\n".join(hourmap.heat(told, HEAT))]
    if tickets:
        rows = [
            [who, about, name, " ".join(f"#{number}" for number in numbers)]
            for who, about, name, numbers in reporting.behind(told)
            if numbers
        ]
        about = tr("topic") if told.kind == "topics" else tr("promise")
        headings = [reporting.grouped_by(told.by), about, tr("figure"), tr("tickets")]
        parts.append(table(headings, rows))
    return "\n\n".join(part for part in parts if part)


def _document(told: Report, *, tickets: bool) -> dict[str, Any]:
    def line(each: Line, name: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {told.by: name} if name is not None else {}
        if told.kind == "topics":
            what, _, topic = each.about.partition(":")
            found |= {"topic": topic or None, "is": what}
        elif each.about:
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
    if told.kind in {"sla", "csat", "promises"}:
        document["worst_first"] = [{told.by: name, "share": share, "n": n} for name, share, n in told.ranked]
        document["spread"] = told.spread
    if told.kind in {"volume", "staffing"}:
        document["hours"] = _hours(told.heat, tickets=tickets)
    if told.kind == "staffing":
        document["answered"] = _hours(told.answered, tickets=tickets)
        document["open"] = [{"weekday": day + 1, "hour": hour} for day, hour in sorted(told.opened)]
        document["longest_waits"] = [
            {"weekday": day + 1, "hour": hour, "n": len(waits), "median_seconds": quantile(waits, 0.5)}
            for day, hour, waits in told.waits
        ]
        usual = quantile(told.pace, 0.5)
        document["contacts_per_agent_hour"] = {
            "median": usual,
            "most": max(told.pace, default=None),
            "n": len(told.pace),
        }
    return document


def _hours(heat: Heat, *, tickets: bool) -> list[dict[str, Any]]:
    return [
        {
            "weekday": day + 1,
            "hour": hour,
            "n": len(numbers),
            **({"tickets": sorted(set(numbers))} if tickets else {}),
        }
        for day, hour, numbers in heat
    ]


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
                zip(
                    reportsheet.PERCENTILE_NAMES,
                    (quantile(values, each) for each in PERCENTILES),
                    strict=True,
                )
            )
    return found | ({"tickets": sorted(set(figure.tickets))} if tickets else {})
