"""The hand-over in words, in the agent's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agentdesk import i18n
from agentdesk.core.handover import LISTED, Came, Handover
from agentdesk.handover import lines

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 30, 11, 0, tzinfo=MADRID)


@pytest.fixture
def language(request):
    i18n.use(request.param)
    yield request.param
    i18n.use("en")


@pytest.mark.parametrize(
    ("language", "since", "last", "nobody"),
    [
        ("en", "2026-01-09T08:05:00.000Z", "Marta was here last on 9 Jan 09:05.", "nobody"),
        ("es", "2026-01-09T08:05:00.000Z", "9 ene 09:05", "nadie"),
        ("ca", "2025-08-09T08:05:00.000Z", "2025-08-09 10:05", "ningú"),
    ],
    indirect=["language"],
)
def test_a_month_is_written_as_the_agent_writes_it(language, since, last, nobody):
    first, *rest = lines(Handover("Marta", since, (), (), ()), NOW, MADRID)
    assert last in first
    assert f"  {nobody}" in rest


def test_what_is_more_than_fits_is_said():
    came = tuple(Came(number, "Ana\x1b[31m", "Pedido\n[red]x", 2) for number in range(1, LISTED + 2))
    said = lines(Handover("Marta", None, came, (), ()), NOW, MADRID)
    assert said[0] == "Marta is here for the first time."
    assert "  and more" in said
    assert sum("(2 messages)" in line for line in said) == LISTED
    assert not any(char in line for line in said for char in "\x1b\n")
