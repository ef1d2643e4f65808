"""Reports in words and in cells: what a figure is called, a table of text, the rows of a spreadsheet, the bars of a plot; for
console and command line.

Promises: a share never stands without how many it is of and its interval, a time on the wall never without that in opening
hours. Refuses: colours and layout, and deciding what is counted (`core.report`).
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from agentdesk import dates, duration, matter, present
from agentdesk.core.call import PHONE
from agentdesk.core.figures import (
    PERCENTILES,
    Count,
    Figure,
    Line,
    Report,
    Share,
    Times,
    quantile,
)
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.values import dataclass

TITLES: Mapping[str, str] = {
    "sla": N_("answered in time"),
    "fcr": N_("first contact"),
    "volume": N_("volume"),
    "unanswered": N_("unanswered"),
    "csat": N_("satisfaction"),
    "promises": N_("promises in words"),
    "topics": N_("topics"),
    "staffing": N_("staffing"),
}
"""What the reports are called, in the order in which the console shows them."""
_MEANINGS: Mapping[str, str] = {
    "sla": N_(
        "What sla.toml promises: kept of what is over or late. Times: on the customer's clock / in your opening hours."
    ),
    "fcr": N_(
        "Resolved by one contact of the customer, not opened again, no new ticket on the same within 7 days, sent nowhere else."
    ),
    "volume": N_("What customers wrote and what you answered; below, by hour and weekday."),
    "unanswered": N_("Tickets whose customer has no answer now, by how long they have waited."),
    "csat": N_("Content: ratings of 4 and 5 of all ratings. Answered: ratings of the surveys that arrived."),
    "promises": N_('What agents told customers ("tomorrow"): kept in time, of what is decided.'),
    "topics": N_(
        "What tickets are about, by incident, kind and tag; how long half of them took, and how many were opened again."
    ),
    "staffing": N_(
        "When customers come and when they are answered. A wait is to the next answer, in the hour in which it began."
    ),
}
_FIGURES: Mapping[str, str] = {
    "kept": N_("kept"),
    "guide": N_("as the guide"),
    "world_class": N_("world class"),
    "running": N_("still open"),
    "due_soon": N_("due soon"),
    "time": N_("time"),
    "first_contact": N_("at first contact"),
    "one_touch": N_("with one answer"),
    "reopened": N_("reopened"),
    "derived": N_("sent elsewhere"),
    "resolved": N_("resolved"),
    "pending": N_("may still come back"),
    "several_contacts": N_("asked again"),
    "came_back": N_("came back anew"),
    "opened": N_("new tickets"),
    "messages": N_("messages"),
    "answers": N_("answers"),
    "content": N_("content"),
    "answered": N_("answered"),
    "asked": N_("asked"),
    "given": N_("given"),
    "late": N_("kept too late"),
    "broken": N_("broken"),
    "renewed": N_("renewed in time"),
    "not_due": N_("not due yet"),
    "share": N_("share"),
    "contacts": N_("contacts"),
    "answered_contacts": N_("answered"),
    "waiting": N_("waiting"),
    "age_0": N_("under 1 h"),
    "age_1": N_("1 to 4 h"),
    "age_2": N_("4 to 24 h"),
    "age_3": N_("1 to 3 days"),
    "age_4": N_("over 3 days"),
}
_GROUPS: Mapping[str, str] = {
    "channel": N_("channel"),
    "account": N_("account"),
    "agent": N_("agent"),
    "kind": N_("kind"),
    "incident": N_("incident"),
    "priority": N_("priority"),
    "hour": N_("hour"),
    "weekday": N_("weekday"),
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
}


def meaning(kind: str) -> str:
    """What a report says, in a line or two."""
    return tr(_MEANINGS[kind])


def figure(name: str) -> str:
    """What a figure is called."""
    return tr(_FIGURES.get(name, name))


def grouped_by(by: str) -> str:
    """What the groups are."""
    return tr(_GROUPS[by])


def group(by: str, value: str) -> str:
    """One group, as people read it."""
    if not value:
        return tr("nobody") if by == "agent" else tr("not set")
    match by:
        case "channel":
            return present.channel(value)
        case "account":
            return present.channel(value) if value == PHONE else value
        case "kind":
            return matter.kind(value)
        case "incident":
            return matter.incident(value)
        case "priority":
            return present.priority(value)
        case "weekday":
            return dates.weekday(int(value) - 1)
        case "hour":
            return f"{dates.weekday(int(value[0]) - 1)} {value[2:]}:00"
    return value


def lines(report: Report) -> list[tuple[str, str, Line]]:
    """Whose each line is, what about, and the line; all together last."""
    pairs = [(group(report.by, each.group), each) for each in report.lines]
    pairs += [(tr("all"), each) for each in report.whole]
    return [(who, subject(each.about), each) for who, each in pairs]


def subject(about: str) -> str:
    """What a line is about: a promise of the clocks, or a topic."""
    what, is_topic, name = about.partition(":")
    if not is_topic:
        return present.metric(about) if about else ""
    match what:
        case "incident":
            return matter.incident(name)
        case "kind":
            return matter.kind(name)
        case "tag":
            return f"+{name}"
    return tr("no topic")


def share(each: Share) -> str:
    """`62.5 % 25/40 (47-76)`, in Spanish `62,5 %`."""
    if each.share is None:
        return "-"
    low, high = each.interval
    return (
        f"{present.tenths(each.share * 100)} % {len(each.hits)}/{each.n} ({low * 100:.0f}-{high * 100:.0f})"
    )


def length(seconds: float | None) -> str:
    """What is promised or asked for, in opening hours."""
    return "-" if seconds is None else duration.whole(seconds)


def times(each: Times, percentile: float) -> str:
    """On the wall, and in opening hours: `1 h 5 m / 40 m`, `13 d / 71 h`."""
    wall, business = (quantile(values, percentile) for values in (each.wall, each.business))
    if wall is None or business is None:
        return "-"
    return f"{duration.span(wall)} / {duration.open_span(business)}"


def percentiles() -> tuple[str, ...]:
    return (tr("median"), *(f"{each * 100:.0f} %" for each in PERCENTILES[1:]))


def table(report: Report) -> tuple[list[str], list[list[str]]]:
    """Headings and rows, all together last."""
    found = lines(report)
    if not found:
        return [], []
    headings = [grouped_by(report.by)]
    if is_of_promises := report.kind == "sla":
        headings += [tr("promise"), tr("promised"), tr("the guide")]
    elif report.kind == "topics":
        headings += [tr("topic")]
    for name, each in found[0][2].figures.items():
        headings += percentiles() if isinstance(each, Times) else [figure(name)]
    rows = []
    for who, about, line in found:
        row = [who, about, length(line.target), _guide(line)] if is_of_promises else [who]
        if report.kind == "topics":
            row.append(about)
        for each in line.figures.values():
            row += _cells(each)
        rows.append(row)
    return headings, rows


def _guide(line: Line) -> str:
    """What the guide asks for: at least, and at best; a dash where it says nothing."""
    return " / ".join(map(length, line.guide)) if any(line.guide) else "-"


def _cells(each: Figure) -> list[str]:
    if isinstance(each, Count):
        return [str(each.n)]
    return [share(each)] if isinstance(each, Share) else [times(each, at) for at in PERCENTILES]


def behind(report: Report) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    """Whose, about what, which figure, its tickets; of a share the others too."""
    for who, about, line in lines(report):
        for name, each in line.figures.items():
            yield who, about, figure(name), _once(each.tickets)
            if isinstance(each, Share):
                yield who, about, tr("not: {figure}").format(figure=figure(name)), _once(each.misses)


def _once(tickets: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(each for each, _ in groupby(tickets))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, under a heading that its neighbours share, with what was promised (`beside`): `part` of the scale is full, `mark` is
    where the guide's line stands on it (None: nowhere)."""

    heading: str
    beside: str
    title: str
    words: str
    part: float
    tickets: tuple[int, ...]
    mark: float | None = None


def bars(report: Report) -> list[Bar]:
    """The report as bars: all together, then a group after another."""
    counted = (each.n for line in report.lines for each in line.figures.values() if isinstance(each, Count))
    most = max(counted, default=0)
    longest = max((_scale(line) for line in (*report.lines, *report.whole)), default=0.0)
    found = []
    told = lines(report)
    for who, about, line in (*told[len(report.lines) :], *told[: len(report.lines)]):
        if report.kind == "topics":
            found.append(_of_topic(who, about, line))
            continue
        heading, beside = f"{who}: {about}" if about else who, _targets(line)
        for name, each in line.figures.items():
            words, part, mark = "", 0.0, None
            if isinstance(each, Share) and each.share is not None:
                words, part = share(each), each.share
            elif isinstance(each, Times) and each.n:
                words, part = times(each, 0.5), (quantile(each.wall, 0.5) or 0.0) / longest
                mark = line.guide[0] / longest if line.guide[0] else None
            elif isinstance(each, Count) and each.n:
                words, part = str(each.n), min(1.0, each.n / most) if most else 1.0
            if words:
                title = tr("median") if isinstance(each, Times) else figure(name)
                found.append(Bar(heading, beside, title, words, part, _once(each.tickets), mark))
    return found


def _of_topic(who: str, about: str, line: Line) -> Bar:
    """A topic in one bar: how many, how long half of them took, how many were opened again."""
    asked, time, again = (line.figures[name] for name in ("share", "time", "reopened"))
    assert isinstance(asked, Share)
    assert isinstance(time, Times)
    assert isinstance(again, Share)
    words = (
        f"{share(asked)}, {tr('median')} {times(time, 0.5)}, {figure('reopened')} {len(again.hits)}/{again.n}"
    )
    return Bar(who, "", about, words, asked.share or 0.0, _once(asked.tickets))


def _targets(line: Line) -> str:
    if not line.target:
        return ""
    said = tr("promised {time}, the guide {guide}") if any(line.guide) else tr("promised {time}")
    return said.format(time=length(line.target), guide=_guide(line))


def _scale(line: Line) -> float:
    """How long a bar of time has to be that both the group's median and the guide's figure fit."""
    middles = (quantile(each.wall, 0.5) or 0.0 for each in line.figures.values() if isinstance(each, Times))
    return max((*middles, line.guide[0] or 0.0), default=0.0) or 1.0
