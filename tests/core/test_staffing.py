"""When customers come, when they are answered and how long they wait, against sums done by hand."""

from datetime import UTC, timedelta

from agentdesk.core.case import Case, Ending, Turn
from agentdesk.core.staffing import staffing
from agentdesk.core.timetable import Calendar, Hours
from core.test_report import MONDAY, asked, policy

MINUTE = timedelta(minutes=1)
OFFICE = Calendar(
    "shop", UTC, tuple((Hours(9 * 3600, 12 * 3600 + 1800),) if day < 5 else () for day in range(7))
)


def case(number: int, *turns: tuple[int, str]) -> Case:
    """`turns` are minutes after Monday at nine, and who wrote: an agent, or "" for the customer."""
    return Case(
        number, "email", MONDAY, tuple(Turn(MONDAY + at * MINUTE, bool(who), who) for at, who in turns)
    )


def test_contacts_are_counted_where_they_began_and_answers_where_they_were_given():
    found = staffing(
        [
            case(
                1, (10, ""), (20, ""), (70, "Joan"), (80, "Joan")
            ),  # one contact at 9, answered at 10 after an hour
            case(2, (30, ""), (75, "Joan"), (200, "")),  # one at 9, after 45 minutes; one at 12 that waits
            case(
                3, (0, "Joan"), (5, ""), (15, "Núria")
            ),  # begun by us; one at 9, answered at 9 after 10 minutes
        ],
        asked("hour"),
    )
    (whole,) = found.whole
    assert (whole.figures["contacts"].tickets, whole.figures["answered_contacts"].tickets) == (
        (1, 2, 2, 3),
        (1, 2, 3),
    )
    assert whole.figures["time"].wall == (600, 2700, 3600)
    assert found.heat == ((0, 9, (1, 2, 3)), (0, 12, (2,)))
    assert found.answered == ((0, 9, (3,)), (0, 10, (1, 2)))
    assert found.waits == ((0, 9, (600, 2700, 3600)),)
    assert found.pace == (1, 2)  # Núria one in the hour of nine, Joan two in that of ten


def test_the_hours_of_the_week_in_which_the_shop_opens_are_those_of_the_calendar():
    found = staffing([], asked(own=policy(OFFICE)))
    assert found.opened == {(day, hour) for day in range(5) for hour in (9, 10, 11, 12)}


def test_who_wrote_last_in_what_is_over_waits_for_nobody():
    over = case(1, (10, ""), (20, "Joan"), (30, ""))
    over = Case(1, "email", MONDAY, over.turns, (Ending(MONDAY + 40 * MINUTE, over=True),))
    assert staffing([over], asked()).whole[0].figures["contacts"].n == 1
