"""What customers write about, against sums done by hand."""

from dataclasses import replace
from datetime import timedelta

from agentdesk.core.case import Case, Ending, Turn
from agentdesk.core.figures import Share, Times
from agentdesk.core.topics import topics
from core.test_report import DAY, MONDAY, asked

HOUR = timedelta(hours=1)


def case(number: int, hours: float | None = None, channel: str = "email", **about) -> Case:
    """Opened on Monday at nine by its customer, and over so many hours later, or still open."""
    ends = () if hours is None else (Ending(MONDAY + hours * HOUR, over=True),)
    return Case(number, channel, MONDAY, (Turn(MONDAY, ours=False),), ends, **about)


def told(*cases: Case, by: str = "channel") -> dict[tuple[str, str], dict]:
    found = topics(cases, asked(by))
    return {(line.group, line.about): line.figures for line in (*found.lines, *found.whole)}


def test_a_topic_is_a_share_of_all_tickets_with_how_long_half_of_them_took_and_what_came_back():
    again = case(3, 4, incident="returns")
    again = replace(again, endings=(*again.endings, Ending(MONDAY + 5 * HOUR, over=False)))
    figures = told(
        case(1, 1, incident="returns", kind="question", tags=("vip",)), case(2, 2, incident="returns"), again,
        case(4, incident="payment"), case(5), case(6, 1, "whatsapp", incident="returns"),
    )  # fmt: skip
    mail = figures["email", "incident:returns"]
    share, time, reopened = mail["share"], mail["time"], mail["reopened"]
    assert isinstance(share, Share)
    assert isinstance(reopened, Share)
    assert isinstance(time, Times)
    assert (share.hits, share.among) == ((1, 2, 3), (1, 2, 3, 4, 5))
    assert (reopened.hits, reopened.among) == ((3,), (1, 2, 3))
    assert time.wall == (3600, 7200, 14400)
    assert figures["email", "incident:payment"]["time"].n == 0
    assert (
        figures["email", "tag:vip"]["share"].hits == figures["email", "kind:question"]["share"].hits == (1,)
    )
    assert figures["email", "none:"]["share"].hits == (5,)
    assert figures["", "incident:returns"]["share"].hits == (1, 2, 3, 6)


def test_the_most_frequent_topic_comes_first_and_what_was_opened_before_or_by_us_is_none():
    early = replace(case(9, 1, incident="returns"), opened_at=MONDAY - 9 * DAY)
    ours = replace(case(8, incident="returns"), turns=(Turn(MONDAY, ours=True),))
    found = topics([case(1, incident="payment"), case(2, incident="payment"), case(3), early, ours], asked())
    assert [(line.about, line.figures["share"].n) for line in found.whole] == [
        ("incident:payment", 3),
        ("none:", 3),
    ]
