"""Every figure of every report against a sum that was done by hand; the arithmetic stands beside the cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core import report as law
from agentdesk.core import sla
from agentdesk.core.case import Case, Ending, Turn
from agentdesk.core.csat import Survey
from agentdesk.core.figures import Count, Period, Share, Times
from agentdesk.core.report import Asked
from agentdesk.core.sla import Clock, Metric, Policy, Target, Tier
from agentdesk.core.timetable import Calendar, Hours, always_open

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST = Metric.FIRST_RESPONSE
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def promises(standard: int, best: int | None = None) -> tuple[Target, ...]:
    wide = [Target(metric, Tier.STANDARD, standard, "guide") for metric in sla.ANSWERS]
    return (*wide, *(Target(each.metric, Tier.WORLD_CLASS, best, "guide") for each in wide if best))


def policy(calendar: Calendar | None = None, **targets: tuple[Target, ...]) -> Policy:
    usual = {"email": promises(3600, 900), "x": promises(900), "whatsapp": promises(30, 15)}
    return Policy("guide", calendar or always_open(UTC), targets or usual)


def asked(
    by: str = "channel", *, own: Policy | None = None, now: datetime = MONDAY + 30 * DAY, days: int = 7
) -> Asked:
    period = Period(MONDAY - DAY, MONDAY + 7 * DAY)
    return Asked(period, by, now, UTC, own or policy(), policy(), days)


def answered(
    number: int, seconds: float | None, channel: str = "email", agent: str = "Joan", own: Policy | None = None
) -> Case:
    """Asked on Monday at nine, answered so much later, or not at all."""
    made = sla.start(own or policy(), channel, FIRST, MONDAY)
    turns = [Turn(MONDAY, ours=False)]
    if seconds is not None:
        at = MONDAY + timedelta(seconds=seconds)
        made = tuple(sla.meet(clock, at) for clock in made)
        turns.append(Turn(at, ours=True, agent=agent))
    return Case(number, channel, MONDAY, tuple(turns), clocks=made, assignee="Núria")


def share(figure: object) -> tuple[int, int]:
    assert isinstance(figure, Share)
    return len(figure.hits), figure.n


@pytest.mark.parametrize(
    ("seconds", "kept", "best"),
    [(14 * 60 + 59, 1, 1), (15 * 60, 1, 1), (15 * 60 + 1, 1, 0), (3600, 1, 0), (3601, 0, 0)],
)
def test_a_mail_is_measured_to_the_second_against_both_tiers_of_the_guide(seconds, kept, best):
    (line,) = law.kept([answered(1, seconds)], asked()).lines
    assert share(line.figures["kept"]) == share(line.figures["guide"]) == (kept, 1)
    assert share(line.figures["world_class"]) == (best, 1)
    assert (line.target, line.guide) == (3600, (3600, 900))


def test_what_is_not_answered_counts_as_soon_as_it_is_late_and_not_before():
    early = law.kept([answered(1, None)], asked(now=MONDAY + 30 * MINUTE)).lines[0].figures
    assert (share(early["kept"]), share(early["guide"]), share(early["world_class"])) == (
        (0, 0),
        (0, 0),
        (0, 1),
    )
    assert early["running"].tickets == (1,)
    late = law.kept([answered(1, None)], asked(now=MONDAY + 61 * MINUTE)).lines[0].figures
    assert (share(late["kept"]), late["running"].tickets, late["time"].n) == ((0, 1), (1,), 0)


def came_back(number: int, seconds: float) -> Case:
    """As `answered`, by an answer that did not arrive."""
    case = answered(number, seconds)
    return replace(case, turns=case.turns[:1], lost=(case.turns[1].at,))


def test_an_answer_that_came_back_kept_nothing_and_took_no_time():
    (line,) = law.kept([answered(1, 60), came_back(2, 120)], asked()).lines
    assert share(line.figures["kept"]) == share(line.figures["world_class"]) == (1, 1)
    assert line.figures["time"].tickets == (1,)
    (late,) = law.kept([came_back(1, 3601)], asked()).lines
    assert (share(late.figures["kept"]), late.figures["time"].n) == ((0, 1), 0), "late stays late"


def test_what_another_answer_kept_stays_kept_whatever_came_back():
    case = answered(1, 120)
    told = law.kept([replace(case, lost=(MONDAY + MINUTE, MONDAY + DAY))], asked()).lines[0].figures
    assert (share(told["kept"]), told["time"].n) == ((1, 1), 1)
    told = law.kept([replace(answered(1, 60), lost=(MONDAY + DAY,), turns=())], asked()).lines[0].figures
    assert share(told["kept"]) == (1, 1), "what came back was written after it"


def test_times_are_on_the_wall_and_in_opening_hours_side_by_side():
    # Open from 10 to 14 h. Asked at 9, answered at 11, 13 and 12 h: 120, 240, 180 min on the wall; 60, 180, 120 open.
    own = policy(Calendar("shop", UTC, ((Hours(10 * 3600, 14 * 3600),),) * 7))
    cases = [answered(n, 60 * minutes, own=own) for n, minutes in enumerate((120, 240, 180), 1)]
    time = law.kept(cases, asked(own=own)).whole[0].figures["time"]
    assert isinstance(time, Times)
    assert (time.wall, time.business, time.tickets) == ((7200, 10800, 14400), (3600, 7200, 10800), (1, 2, 3))


def test_the_guide_stays_the_yardstick_of_a_shop_that_promises_more_time():
    own = policy(email=promises(4 * 3600))
    cases = [answered(n, 60 * minutes, own=own) for n, minutes in enumerate((10, 50, 200, 300), 1)]
    figures = law.kept(cases, asked(own=own)).lines[0].figures
    assert share(figures["kept"]) == (3, 4)  # 10, 50 and 200 minutes are within 4 h
    assert share(figures["guide"]) == (2, 4)  # 10 and 50 within 1 h
    assert share(figures["world_class"]) == (1, 4)  # 10 within 15 min


def test_the_guide_names_no_world_class_for_x_and_none_is_made_up():
    (line,) = law.kept([answered(1, 10, "x")], asked()).lines
    assert (line.guide, share(line.figures["world_class"])) == ((900, None), (0, 0))


def test_the_channel_with_worse_figures_is_ranked_worst():
    cases = [answered(n, 60 if n else 9000) for n in range(4)]  # mail: 3 of 4
    cases += [
        answered(10 + n, 20 if n % 4 else 40, "whatsapp") for n in range(8)
    ]  # 6 of 8: of more, so surer
    cases += [answered(20 + n, 1000 if n else 60, "x") for n in range(4)]  # 1 of 4
    told = law.kept(cases, asked())
    assert told.ranked == (("x", 0.25, 4), ("whatsapp", 0.75, 8), ("email", 0.75, 4))
    assert told.spread == 0.5
    assert [each.group for each in told.telling] == ["whatsapp"]  # of four nothing can be said


def test_an_answer_belongs_to_who_gave_it_and_a_silence_to_who_has_the_ticket():
    told = law.kept([answered(1, 60, agent="Joan"), answered(2, None)], asked("agent"))
    assert [(line.group, line.figures["kept"].tickets) for line in told.lines] == [
        ("Joan", (1,)),
        ("Núria", ()),
    ]


def test_what_was_resolved_without_an_answer_belongs_to_who_resolved_it():
    clock = sla.meet(
        Clock(Metric.RESOLUTION, Tier.STANDARD, 3600, MONDAY, MONDAY + DAY, MONDAY + DAY), MONDAY + MINUTE
    )
    case = Case(
        1, "email", MONDAY, endings=(Ending(MONDAY + MINUTE, over=True, agent="Joan"),), clocks=(clock,)
    )
    assert [line.group for line in law.kept([case], asked("agent")).lines] == ["Joan"]


def test_a_promise_counts_in_the_period_in_which_it_began():
    before = replace(answered(1, 60), clocks=sla.start(policy(), "email", FIRST, MONDAY - 2 * DAY))
    assert law.kept([before], asked()).whole == ()
    void = replace(answered(2, 60), clocks=tuple(map(sla.void, sla.start(policy(), "email", FIRST, MONDAY))))
    assert law.kept([void], asked()).whole == ()


def solved(
    number: int, says: str, *, end: bool = True, again: timedelta | None = None, **more: object
) -> Case:
    """`says`: c the customer, a an answer of ours, an hour apart; over an hour after the last of them, and reopened `again`
    later."""
    turns = [
        Turn(MONDAY + timedelta(hours=n), each == "a", "Joan" if each == "a" else "")
        for n, each in enumerate(says)
    ]
    at = MONDAY + timedelta(hours=len(says))
    endings = [Ending(at, over=True, agent="Joan")] if end else []
    if again is not None:
        endings.append(Ending(at + again, over=False))
    return Case(number, "email", MONDAY, tuple(turns), tuple(endings), **more)  # type: ignore[arg-type]


YES, NO, PENDING = "yes", "no", "pending"


@pytest.mark.parametrize(
    ("case", "first", "one_touch"),
    [
        (solved(1, "ca"), YES, True),
        (solved(1, "cca"), YES, True),  # wrote twice before the answer: one contact
        (solved(1, "c"), YES, False),  # nothing to say
        (solved(1, "caa"), YES, False),  # two answers to one question
        (solved(1, "cac"), YES, True),  # thanks that got no answer
        (solved(1, "caca"), NO, False),
        (solved(1, "aca"), YES, True),  # we wrote first, which is no answer
        (solved(1, "ca", again=2 * DAY), NO, False),
        (solved(1, "ca", again=8 * DAY), YES, False),  # held for a week
        (solved(1, "ca", others=((MONDAY + 2 * DAY, None),)), NO, True),
        (solved(1, "ca", others=((MONDAY + 9 * DAY, None),)), YES, True),
        (solved(1, "ca", others=((MONDAY + 2 * DAY, "returns"),)), YES, True),  # about something else
        (solved(1, "ca", incident="returns", others=((MONDAY + 2 * DAY, "returns"),)), NO, True),
        (solved(1, "ca", derived=True), NO, True),
    ],
)
def test_what_first_contact_and_one_touch_mean(case, first, one_touch):
    figures = law.resolved([case], asked()).whole[0].figures
    assert share(figures["first_contact"]) == (int(first == YES), 1)
    assert share(figures["one_touch"]) == (int(one_touch), 1)


def test_a_resolution_is_pending_until_its_days_have_run_unless_it_failed_already():
    now = MONDAY + 3 * DAY
    cases = [solved(1, "ca"), solved(2, "ca", again=DAY), solved(3, "ca", end=False)]
    figures = law.resolved(cases, asked(now=now)).whole[0].figures
    assert (share(figures["first_contact"]), figures["pending"].tickets) == ((0, 1), (1,))
    assert figures["resolved"].tickets == (1, 2)
    shorter = law.resolved(cases, asked(now=now, days=2)).whole[0].figures
    assert (share(shorter["first_contact"]), shorter["pending"].tickets) == ((1, 2), ())


def test_forty_tickets_of_which_25_were_resolved_at_first_contact_and_3_derived():
    cases = [solved(n, "ca") for n in range(1, 26)]  # 25 hits
    cases += [solved(n, "ca", again=DAY) for n in range(26, 31)]  # 5 reopened
    cases += [solved(n, "caca") for n in range(31, 38)]  # 7 asked again
    cases += [solved(n, "ca", derived=True) for n in range(38, 41)]  # 3 derived
    (line,) = law.resolved(cases, asked("agent")).lines
    first, derived = line.figures["first_contact"], line.figures["derived"]
    assert isinstance(first, Share)
    assert (line.group, share(first), first.share, first.misses) == (
        "Joan",
        (25, 40),
        0.625,
        tuple(range(26, 41)),
    )
    assert (share(derived), derived.tickets) == ((3, 40), (38, 39, 40))
    assert share(line.figures["reopened"]) == (5, 40)
    assert share(line.figures["one_touch"]) == (
        28,
        40,
    )  # 25 and the three derived; what was reopened is not over


def test_who_was_written_to_first_and_never_wrote_is_nobodys_first_contact():
    assert law.resolved([solved(1, "a")], asked()).whole == ()


def test_volume_is_what_came_by_the_hour_of_the_week():
    # Ticket 1: Monday 9 and 11 h in, 10 h out. Ticket 2: 9 h in. Ticket 3 opened before the period, one message in it.
    cases = [solved(1, "cac"), solved(2, "c")]
    old = Case(3, "x", MONDAY - 9 * DAY, (Turn(MONDAY - 9 * DAY, ours=False), Turn(MONDAY, ours=False)))
    told = law.volume([*cases, old], asked())
    assert [
        (line.group, *(each.n for each in line.figures.values())) for line in (*told.lines, *told.whole)
    ] == [
        ("email", 2, 3, 1),
        ("x", 0, 1, 0),
        ("", 2, 4, 1),
    ]
    assert told.heat == ((0, 9, (1, 2, 3)), (0, 11, (1,)))


def test_who_waits_is_counted_by_how_long():
    now = MONDAY + 4 * DAY
    ages = [30, 60, 239, 240, 1439, 1440, 4319, 4320]  # minutes: on either side of 1 h, 4 h, 24 h and 3 days
    waiting = [
        (Case(n, "email", MONDAY, assignee="Joan"), now - age * MINUTE) for n, age in enumerate(ages, 1)
    ]
    (line,) = law.waiting(waiting, asked("agent", now=now)).lines
    counts = {name: each.tickets for name, each in line.figures.items() if isinstance(each, Count)}
    assert (line.group, counts.pop("waiting")) == ("Joan", tuple(range(1, 9)))
    assert counts == {"age_0": (1,), "age_1": (2, 3), "age_2": (4, 5), "age_3": (6, 7), "age_4": (8,)}


SOME = [answered(n, seconds, channel) for n, (seconds, channel) in enumerate(
    ((60, "email"), (4000, "email"), (None, "email"), (20, "whatsapp"), (50, "whatsapp"), (300, "x")), 1
)] + [solved(10, "cac"), solved(11, "ca", again=DAY), solved(12, "ca", derived=True), solved(13, "caca")]  # fmt: skip
REPORTS = (law.kept, law.resolved, law.volume)


@given(st.permutations(range(len(SOME))), st.sampled_from(("channel", "agent", "hour", "week")))
def test_the_order_of_the_tickets_changes_no_figure(order, by):
    cases = [SOME[n] for n in order]
    for report in REPORTS:
        assert report(cases, asked(by)) == report(SOME, asked(by))
        assert [each.figures for each in report(cases, asked(by)).lines] == [
            each.figures for each in report(SOME, asked(by)).lines
        ]


@pytest.mark.parametrize(
    "by", ["channel", "agent", "kind", "priority", "hour", "weekday", "day", "week", "month"]
)
def test_the_groups_add_up_to_the_whole(by):
    for report in REPORTS:
        told = report(SOME, asked(by))
        for line in told.whole:
            for name, figure in line.figures.items():
                parts = [each.figures[name].tickets for each in told.lines if each.about == line.about]
                assert sorted(sum(parts, ())) == list(figure.tickets)


def test_an_hour_is_one_of_the_week_and_a_week_is_the_calendars():
    assert [line.group for line in law.volume([solved(1, "c")], asked("hour")).lines] == ["1 09"]
    assert [line.group for line in law.volume([solved(1, "c")], asked("week")).lines] == ["2026-W48"]


def test_content_is_of_those_who_answered_and_answered_of_what_arrived():
    # Mail: 5, 4 and 2 of four that arrived, one that came back. X: 3 of one. Content 2 of 3 and 0 of 1; answered 3 of 4 and 1 of 1.
    scores = [
        ("email", 5, True),
        ("email", 4, True),
        ("email", 2, True),
        ("email", None, True),
        ("email", None, False),
        ("x", 3, True),
    ]
    surveys = [
        (Case(n, channel, MONDAY), Survey(n, "Joan", channel, MONDAY, delivered, score))
        for n, (channel, score, delivered) in enumerate(scores, 1)
    ]
    told = law.content(surveys, asked())
    mail, x = told.lines
    assert (share(mail.figures["content"]), share(mail.figures["answered"])) == ((2, 3), (3, 4))
    assert (mail.figures["content"].tickets, mail.figures["asked"].tickets) == ((1, 2), (1, 2, 3, 4, 5))
    assert (share(x.figures["content"]), share(x.figures["answered"])) == ((0, 1), (1, 1))
    assert (told.ranked, told.spread) == ((("x", 0.0, 1), ("email", 2 / 3, 3)), 2 / 3)
    assert law.content(surveys, asked("agent")).lines[0].group == "Joan"
