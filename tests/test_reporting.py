"""Figures in words, in cells and as bars: what people read of a report."""

import pytest

from agentdesk import i18n, reporting
from agentdesk.core.figures import Count, Line, Report, Share, Times


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
    ranked=(("x", 0.25), ("email", 0.75)),
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
        "mail", "first reply", "2 h", "60 m / 15 m", "1", "50.0 % 2/4 (15-85)", "30 m / 20 m", "2 h / 60 m", "2 h / 60 m"
    ]  # fmt: skip
    assert rows[1][:4] == ["all", "first reply", "-", "-"]


def test_notes_set_the_shop_beside_the_guides_usual_company_and_name_the_worst_channel():
    said = reporting.notes(TOLD)
    assert (
        "mail: half of all first replies within 30 m; the usual company needs 12 h 10 m, says the guide."
        in said
    )
    assert "Worst: X 25 %; best: mail 75 %; 50 points apart." in said
    assert any("fewer than 20" in note for note in said)


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
    lines = reporting.heat(told, " .:+#")
    assert lines[1].endswith("#" + " " * 14 + " 4")
    assert lines[7].endswith(". 1")
    assert reporting.heat(told, "") == reporting.heat(Report("volume", None, "channel"), " #") == []


def test_every_group_has_a_name():
    for by, value, name in (
        ("channel", "email", "mail"), ("agent", "", "nobody"), ("kind", "", "not set"), ("hour", "1 09", "Monday 09:00"),
        ("weekday", "7", "Sunday"), ("week", "2026-W48", "2026-W48"),
    ):  # fmt: skip
        assert reporting.group(by, value) == name
