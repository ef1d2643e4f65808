"""What stands below a report, in words: how far its figures can be trusted, and what they lie beside; for console and command line.

Promises: pure; no group is named best or worst whose share rests on too few to say. Refuses: the figures themselves (`reporting`).
"""

from collections.abc import Iterator

from agentdesk import duration, present
from agentdesk.core.figures import FEW, LEAST, Line, Report, Share, Times, quantile
from agentdesk.core.report import USUAL
from agentdesk.core.sla import Metric
from agentdesk.i18n import tr, tr_n
from agentdesk.reporting import group


def notes(report: Report) -> list[str]:
    """What somebody who reads the figures has to know."""
    told = []
    timed = [
        each for line in report.lines for each in line.figures.values() if isinstance(each, Times) and each.n
    ]
    if any(each.n < FEW for each in timed):
        told.append(tr("With fewer than {n} the 90 % and 95 % say little.").format(n=FEW))
    if any(
        0 < each.n < LEAST
        for line in report.lines
        for each in line.figures.values()
        if isinstance(each, Share)
    ):
        told.append(tr("A share of fewer than {n} is too few to say.").format(n=LEAST))
    if timed:
        told.append(
            tr("Opening hours are those in force today, also for days on which you opened at others.")
        )
    told += [_beside(line) for line in report.lines if _has_usual(report, line)]
    told += _on_staff(report)
    if len(report.telling) > 1 and (spread := report.telling[-1].share - report.telling[0].share):
        worst, best = report.telling[0], report.telling[-1]
        text = tr("Worst: {worst} {low} %; best: {best} {high} %; {spread} points apart.")
        told.append(
            text.format(
                worst=group(report.by, worst.group), low=round(worst.share * 100), best=group(report.by, best.group),
                high=round(best.share * 100), spread=round(spread * 100),
            )
        )  # fmt: skip
    told.append(tr("Left out: history, machine mail and muted customers."))
    return told


def _has_usual(report: Report, line: Line) -> bool:
    has_half = line.about == Metric.FIRST_RESPONSE and line.figures["time"].n > 1
    return report.by == "channel" and has_half and line.group in USUAL


def _beside(line: Line) -> str:
    """The shop beside the guide's usual company."""
    time = line.figures["time"]
    assert isinstance(time, Times)
    text = tr(
        "{channel}: half of your {n} first replies within {time}; the guide's usual company: {usual} on average."
    )
    usual = duration.whole(USUAL[line.group])
    own = duration.span(quantile(time.wall, 0.5) or 0.0)
    return text.format(channel=present.channel(line.group), n=time.n, time=own, usual=usual)


def _on_staff(report: Report) -> Iterator[str]:
    """When customers wait longest, and what an agent gets done in an hour."""
    longest = [each for each in report.waits if len(each[2]) >= LEAST][:3]
    if longest:
        hours = (
            tr("{hour} {time} (half of {n})").format(
                hour=group("hour", f"{day + 1} {hour:02}"),
                time=duration.span(quantile(waits, 0.5) or 0.0),
                n=len(waits),
            )
            for day, hour, waits in longest
        )
        yield tr("Longest waits: {hours}.").format(hours=", ".join(hours))
    elif report.waits:
        yield tr("Longest waits: too few to say.")
    if report.pace:
        usual = int(quantile(report.pace, 0.5) or 0)
        text = tr_n(
            "An agent who answers anybody in an hour answers {usual} contact in it, {most} at most (such hours: {n}).",
            "An agent who answers anybody in an hour answers {usual} contacts in it, {most} at most (such hours: {n}).",
            usual,
        )
        yield text.format(usual=usual, most=report.pace[-1], n=len(report.pace))
