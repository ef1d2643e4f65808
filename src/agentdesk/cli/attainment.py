"""How well what is promised is kept, in short: for `sla check`.

Promises: the figures of `report sla` and no others, by channel and promise. Refuses: opening a desk that is not there yet, or that
the configuration does not allow to be opened: of that `sla check` says what is wrong.
"""

from typing import Any

from agentdesk import reporting
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.given import period_of
from agentdesk.cli.output import table
from agentdesk.cli.report import from_to
from agentdesk.core.figures import Line, Report, Share
from agentdesk.engine import clock, report
from agentdesk.i18n import tr


def kept(ctx: Context, since: str | None, until: str | None) -> Report | None:
    """Promises that began in the period, by default the last 30 days; None where there is no desk yet."""
    zone = ctx.settings.desk.tzinfo
    period = period_of(ctx, clock.now(), since, until)
    if not ctx.home.store.exists():
        return None
    with opened(ctx) as desk, ctx.progress(tr("Counting")) as progress:
        return report.report(desk, "sla", report.asked(desk, period, "channel", zone), progress.at)


def document(told: Report) -> dict[str, Any]:
    period = told.period
    return {
        "since": period and period.since,
        "until": period and period.until,
        "by_channel": [{"channel": each.group, **_figures(each)} for each in told.lines],
        "all": [_figures(each) for each in told.whole],
    }


def _figures(line: Line) -> dict[str, Any]:
    share = _share(line)
    return {
        "metric": line.about,
        "promised_seconds": line.target,
        "met": len(share.hits),
        "missed": len(share.misses),
        "share": share.share,
        "running": line.figures["running"].n,
        "due_soon": line.figures["due_soon"].n,
    }


def _share(line: Line) -> Share:
    share = line.figures["kept"]
    assert isinstance(share, Share)
    return share


def lines(ctx: Context, told: Report | None) -> list[str]:
    """In words, a line each."""
    if told is None:
        return []
    if not told.lines:
        return ["", tr("No promise began in this time.")]
    rows = [
        (
            who,
            about,
            reporting.share(share := _share(line)),
            len(share.misses),
            *(line.figures[name].n for name in ("running", "due_soon")),
        )
        for who, about, line in reporting.lines(told)
    ]
    headings = [tr("CHANNEL"), tr("PROMISE"), tr("KEPT"), tr("MISSED"), tr("STILL OPEN"), tr("DUE SOON")]
    period = [from_to(told.period, ctx.settings.desk.tzinfo)] if told.period else []
    return ["", " ".join((tr("How it was kept."), *period)), table(headings, rows)]
