"""Figures in words, in cells and as bars: what people read of a report."""

import pytest

from agentdesk import footnote, hourmap, i18n, reporting
from agentdesk.core.figures import Count, Line, Ranked, Report, Share, Times


@pytest.fixture(autouse=True)
def english():
    i18n.use("en")


TIMES = Times((600.0, 1800.0, 7200.0), (600.0, 1200.0, 3600.0), (1, 2, 3))
FIGURES = {"running": Count((4,)), "kept": Share((1, 2), (1, 2, 3, 4)), "time": TIMES}
MAIL = Line("email", FIGURES, "first_response", 7200, (3600, 900))
TOLD = Report(
    "sla",
    None,
    "channel",
    (Line("", FIGURES, "first_response"),),
    (MAIL,),
    ranked=(Ranked("x", 0.25, 8), Ranked("email", 0.75, 12)),
)


def test_a_share_is_said_with_how_many_it_is_of_and_how_sure_it_is():
    # 2 of 4: centre 0.5, half 1.96 * sqrt(0.0625 + 0.060025) / 1.9604 = 0.35
    assert reporting.share(Share((1, 2), (1, 2, 3, 4))) == "50.0 % 2/4 (15-85)"
    assert reporting.share(Share()) == "-"


def test_a_table_has_a_line_for_each_group_and_one_for_all():
    headings, rows = reporting.table(TOLD)
    assert headings == [
        "channel",
        "promise",
        "promised",
        "the guide",
        "still open",
        "kept",
        "median",
        "90 %",
        "95 %",
    ]
    assert rows[0] == [
        "mail", "first reply", "2 h", "1 h / 15 m", "1", "50.0 % 2/4 (15-85)", "30 m / 20 m", "2 h / 1 h", "2 h / 1 h"
    ]  # fmt: skip
    assert rows[1][:4] == ["all", "first reply", "-", "-"]


def test_notes_set_the_shop_beside_the_guides_usual_company_and_name_the_worst_channel():
    said = footnote.notes(TOLD)
    assert (
        "mail: half of your 3 first replies within 30 m; the guide's usual company: 12 h 10 m on average."
        in said
    )
    assert "A share of fewer than 5 is too few to say." in said
    assert "Worst: X 25 %; best: mail 75 %; 50 points apart." in said
    assert any("fewer than 20" in note for note in said)


@pytest.mark.parametrize(
    ("few", "said"),
    [
        (4, "Worst: mail 50 %; best: X 75 %; 25 points apart."),  # the urgent ones are the best, and too few
        (5, "Worst: mail 50 %; best: WhatsApp 80 %; 30 points apart."),
    ],
)
def test_best_and_worst_are_named_among_groups_of_enough(few, said):
    ranked = (Ranked("email", 0.5, 10), Ranked("x", 0.75, 8), Ranked("whatsapp", 0.8, few))
    told = footnote.notes(Report("sla", None, "channel", ranked=ranked))
    assert said in told


def test_one_group_of_enough_is_neither_best_nor_worst():
    ranked = (Ranked("email", 0.5, 10), Ranked("x", 1.0, 3))
    assert not any("orst" in each for each in footnote.notes(Report("sla", None, "channel", ranked=ranked)))


@pytest.mark.parametrize(("count", "halved"), [(0, False), (1, False), (2, True)])
def test_one_reply_has_no_half(count, halved):
    figures = {"time": Times(*(each[:count] for each in (TIMES.wall, TIMES.business, TIMES.tickets)))}
    line = Line("email", figures, "first_response", 7200, (3600, 900))
    said = footnote.notes(Report("sla", None, "channel", (), (line,)))
    assert any("first replies within" in note for note in said) is halved


def test_every_figure_lists_its_tickets_and_a_share_the_others_too():
    found = {(who, name): tickets for who, _, name, tickets in reporting.behind(TOLD)}
    assert (found["mail", "kept"], found["mail", "not: kept"], found["all", "time"]) == (
        (1, 2),
        (3, 4),
        (1, 2, 3),
    )


def test_a_bar_of_time_has_the_guides_line_on_the_same_scale():
    # The scale is as long as the guide's hour, since the median of half an hour is shorter.
    bar = next(each for each in reporting.bars(TOLD) if each.title == "median" and each.mark)
    assert (bar.part, bar.mark) == (0.5, 1.0)


def test_the_busiest_hour_of_the_week_has_the_last_sign():
    told = Report("volume", None, "channel", heat=((0, 9, (1, 2, 3, 4)), (6, 23, (5,))))
    lines = hourmap.heat(told, " .:+#")
    assert lines[1].endswith("#" + " " * 14 + " 4")
    assert lines[7].endswith(". 1")
    assert hourmap.heat(told, "") == hourmap.heat(Report("volume", None, "channel"), " #") == []


def test_staff_reads_what_came_what_was_answered_when_it_is_open_and_the_longest_waits():
    waits = ((0, 9, (60.0, 120.0, 600.0, 600.0, 900.0)), (1, 9, (5.0,)))
    told = Report(
        "staffing", None, "hour", heat=((0, 9, (1,)),), answered=((0, 10, (1,)),), opened=frozenset({(0, 9), (0, 10)}),
        waits=waits, pace=(1, 2, 4),
    )  # fmt: skip
    lines = hourmap.heat(told, " #")
    assert [lines[at] for at in (0, 9, 18)] == ["came", "answered", "open"]
    assert [lines[at].split() for at in (2, 11, 20)] == [
        ["Monday", "#", "1"],
        ["Monday", "#", "1"],
        ["Monday", "##", "2"],
    ]
    said = footnote.notes(told)
    assert "Longest waits: Monday 09:00 10 m (half of 5)." in said
    assert (
        "An agent who answers anybody in an hour answers 2 contacts in it, 4 at most (such hours: 3)." in said
    )


def test_a_topic_is_one_bar_and_leads_to_its_tickets():
    figures = {"share": Share((1, 2), (1, 2, 3, 4)), "reopened": Share((1,), (1, 2)), "time": TIMES}
    told = Report("topics", None, "channel", lines=(Line("email", figures, "tag:vip"),))
    (bar,) = reporting.bars(told)
    assert (bar.heading, bar.title, bar.part, bar.tickets) == ("mail", "+vip", 0.5, (1, 2))
    assert bar.words == "50.0 % 2/4 (15-85), median 30 m / 20 m, reopened 1/2"


def test_time_in_opening_hours_is_never_in_days_and_what_is_promised_is_whole():
    hour = 3600.0
    time = Times((3 * hour - 60, 13.3 * 24 * hour), (3 * hour - 60, 70.8 * hour), (1, 2))
    line = Line("email", {"time": time}, "resolution", 17 * 3600 + 1800)
    _, (row,) = reporting.table(Report("sla", None, "channel", (), (line,)))
    assert row == ["mail", "solution", "17 h 30 m", "-", "2 h 59 m / 2 h 59 m", "13 d / 71 h", "13 d / 71 h"]


def test_every_group_has_a_name():
    for by, value, name in (
        ("channel", "email", "mail"), ("agent", "", "nobody"), ("kind", "", "not set"), ("hour", "1 09", "Monday 09:00"),
        ("weekday", "7", "Sunday"), ("week", "2026-W48", "2026-W48"),
    ):  # fmt: skip
        assert reporting.group(by, value) == name


def test_the_foot_of_a_report_with_times_says_by_which_opening_hours():
    said = "Opening hours are those in force today, also for days on which you opened at others."
    assert said in footnote.notes(TOLD)
    assert said not in footnote.notes(
        Report("volume", None, "channel", (), (Line("email", {"running": Count((4,))}),))
    )
