"""What customers are told while the shop is closed, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import briefing, i18n, nightfall
from agentdesk.core.afterhours import Heard
from agentdesk.core.closing import Closing, Night

EVENING = datetime(2026, 11, 27, 19, tzinfo=UTC)
OPENS = EVENING + timedelta(days=3, hours=-10)
CLOSES = Closing(EVENING, Night(EVENING + timedelta(minutes=30), OPENS, None), OPENS)
NEVER = Closing(EVENING, Night(None, None, None), EVENING + timedelta(days=1))


@pytest.fixture(autouse=True)
def _english():
    i18n.use("en")


def test_channels_that_say_the_same_share_a_line_and_the_next_opening_is_named():
    rule = ("out-of-hours",)
    answers = (
        Heard("email", rule), Heard("telegram", rule), Heard("whatsapp", provider="closed"), Heard("messenger"),
    )  # fmt: skip
    assert nightfall.heard(answers, CLOSES, UTC) == (
        "Who writes while we are closed (until Monday 9:00) is told at once:",
        '  mail, Telegram: the text of "out-of-hours", while agentdesk runs',
        "  WhatsApp: the provider's text",
        "  Messenger: nothing",
    )
    assert nightfall.heard((), CLOSES, UTC) == ()


def test_one_line_says_what_switches_it_on_and_one_what_speaks_while_the_laptop_is_off():
    silent = (Heard("email"), Heard("telegram"))
    assert nightfall.remedies(silent, CLOSES) == (
        'Switch the rule "out-of-hours" on: agentdesk rules on out-of-hours',
        "A laptop that is off tells nobody; the provider can: agentdesk away sieve",
    )
    assert nightfall.remedies(silent, CLOSES, "g R", {"out-of-hours": "At night"})[0] == (
        'Switch the rule "At night" on: g R'
    )
    assert nightfall.remedies((Heard("email", provider="closed"),), CLOSES) == ()
    assert nightfall.remedies(silent, NEVER, "g R") == ('Switch the rule "acknowledge" on: g R',)


def test_silent_channels_are_a_figure_and_a_quiet_evening_says_what_the_screen_is_for():
    figures = briefing.evening(CLOSES, (Heard("email"), Heard("sms", ("own",))), UTC)
    assert (figures[-1].key, figures[-1].n, figures[-1].more) == ("silent", 1, "mail")
    assert briefing.at_rest(figures)[0].endswith("There is nothing: you can close.")
    (held,) = (each for each in figures if each.key == "outbox")
    assert briefing.at_rest((*figures, briefing.Figure(held.key, held.title, 1))) == ()
