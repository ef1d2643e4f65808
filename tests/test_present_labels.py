"""What the console draws of clocks, channels, states and days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk import dates, i18n, present, standing
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import CHANNELS, Status
from agentdesk.core.sla import Metric
from agentdesk.widgets import spoken
from agentdesk.widgets.glyphs import UNICODE
from agentdesk.widgets.row import columns, draw
from tui.glass import row

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def in_english():
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0:00"),
        (7.9, "0:07"),
        (119, "1:59"),
        (120, "2m"),
        (7_199, "119m"),
        (7_200, "2h"),
        (172_799, "47h"),
        (172_800, "2d"),
        (-0.5, "-0:00"),
        (-7, "-0:07"),
        (-200_000, "-2d"),
    ],
)
def test_a_countdown_is_short_and_exact_only_where_it_counts(seconds, said):
    assert present.countdown(seconds) == said
    assert len(present.countdown(seconds)) <= 5


def test_the_label_of_a_row_says_which_clock_it_is():
    def label(**values):
        said = standing.clock_label(row(1, **values), NOW)
        return said.text, said.tone

    assert label(due=-7) == ("-0:07", "late")
    assert label(due=60) == ("1:00", "soon")
    assert label(due=600) == ("10m", "calm")
    assert label(due=None) == ("--", "still")
    assert label(due=None, since_before=True) == ("before", "still")
    assert label(due=None, snoozed_until=stamp(NOW + timedelta(hours=3))) == ("3h", "still")
    assert label(due=None, snoozed_until=stamp(NOW - timedelta(hours=3))) == ("0:00", "still")


def test_what_is_late_is_late_while_a_window_is_open_and_a_window_says_that_it_is_one():
    """The same rule for the row, for `agentdesk queue` and for whoever hears it."""

    def says(hours, **values):
        until = stamp(NOW + timedelta(hours=hours))
        one = row(1, reason="window", unread=True, window_until=until, **values)
        label = standing.clock_label(one, NOW)
        drawn = "".join(
            text for text, _ in draw(one, label, columns(60, 4), UNICODE, marked=False, chosen=False)
        )
        heard = spoken.row(one, label, marked=False).partition(", unread")[0]
        return label.tone, " ".join(drawn.split("●")[0].split()), standing.time_left(one, NOW), heard

    assert says(14, due=-9 * 3600) == ("late", "! -9h", "-9 h", "late 9h, the window closes in 14h")
    assert says(14, due=23 * 3600) == ("calm", "◷ 14h", "window 14 h", "the window closes in 14h")
    assert says(1, due=None) == ("soon", "◷ 60m", "window 60 m", "the window closes in 60m")
    one = row(1, due=-7200, reason="window", window_until=stamp(NOW + timedelta(hours=14)))
    assert spoken.due(one, NOW) == "late by 2 hours, the window closes in 14 hours"


def test_every_channel_has_its_own_letters():
    letters = [present.letters(name) for name in CHANNELS]
    assert len(set(letters)) == len(CHANNELS)
    assert all(1 <= len(each) <= 2 for each in letters)
    assert present.letters("odd") == "OD"
    assert not present.letters("")


def test_words_for_states():
    assert [present.short_status(each) for each in (Status.NEW, Status.OPEN)] == ["", ""]
    for state in set(Status) - {Status.NEW, Status.OPEN}:
        assert 0 < len(present.short_status(state)) <= 9
    assert present.short_status("odd") == "odd"
    for metric in Metric:
        assert "_" not in present.metric(metric)
    assert present.delivery("odd") == "odd"
    assert present.delivery("held") == "held"


@pytest.mark.parametrize("language", ["en", "es", "ca"])
def test_the_short_word_of_a_status_is_one_of_its_long_ones(language):
    i18n.use(language)
    for state in set(Status) - {Status.NEW, Status.OPEN}:
        short = present.short_status(state)
        assert len(short) <= 9
        assert set(short.replace("3rd", "third").split()) <= set(present.status(state).split()), state


@pytest.mark.parametrize(
    ("language", "at", "said"),
    [
        ("en", TODAY, "today, Monday, 23 November"),
        ("en", date(2026, 11, 22), "yesterday, Sunday, 22 November"),
        ("en", date(2025, 4, 1), "Tuesday, 1 April 2025"),
        ("es", TODAY, "hoy, lunes, 23 de noviembre"),
        ("es", date(2025, 4, 1), "martes, 1 de abril de 2025"),
        ("ca", TODAY, "avui, dilluns, 23 de novembre"),
        ("ca", date(2025, 4, 1), "dimarts, 1 d'abril de 2025"),
    ],
)
def test_days_read_as_people_say_them(language, at, said):
    i18n.use(language)
    assert dates.day(at, TODAY) == said


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        ("2026-11-23T09:00:00.000Z", "2026-11-23 10:00"),
        ("2026-11-23T09:00:30.900Z", "2026-11-23 10:00:30"),
        ("2026-07-01T22:30:00.000Z", "2026-07-02 00:30"),
        ("2026-10-25T00:30:00.000Z", "2026-10-25 02:30 +0200"),
        ("2026-10-25T01:30:00.000Z", "2026-10-25 02:30 +0100"),
        ("2026-10-25T02:30:00.000Z", "2026-10-25 03:30"),
        ("2026-03-29T01:30:00.000Z", "2026-03-29 03:30"),
    ],
)
def test_a_time_is_written_as_the_shops_clock_shows_it(utc, said):
    assert dates.local(moment(utc), ZoneInfo("Europe/Madrid")) == said


def test_short_days():
    assert dates.short_day(date(2026, 5, 3), TODAY) == "3 May"
    assert dates.short_day(date(2025, 12, 31), TODAY) == "2025-12-31"
    for month in range(1, 13):
        assert "{" not in dates.short_day(date(2026, month, 3), TODAY) + dates.day(
            date(2026, month, 3), TODAY
        )


@pytest.mark.parametrize(
    ("at", "es", "ca", "en"),
    [
        ("2026-11-23T01:30", "para la 1:30", "per a la 1:30", "for 1:30"),
        ("2026-11-23T20:00", "para las 20:00", "per a les 20:00", "for 20:00"),
        ("2026-11-24T20:00", "para el martes a las 20:00", "per al dimarts a les 20:00", "for Tuesday 20:00"),
        ("2026-11-28T01:00", "para el sábado a la 1:00", "per al dissabte a la 1:00", "for Saturday 1:00"),
        ("2026-12-03T09:00", "para el 3 dic a las 9:00", "per al dia 3 des. a les 9:00", "for 3 Dec 9:00"),
    ],
)
def test_a_time_within_a_sentence_has_its_articles(at, es, ca, en):
    for language, said in (("es", es), ("ca", ca), ("en", en)):
        i18n.use(language)
        assert dates.by(moment(f"{at}:00Z"), NOW) == said
