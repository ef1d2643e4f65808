"""Above a message stands what it answers, where that is not plain."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from agentdesk.core.instant import stamp
from agentdesk.core.later import Answered
from agentdesk.widgets.glyphs import ASCII, SPOKEN, UNICODE
from agentdesk.widgets.thread import Look, block
from desks import MONDAY
from tui.glass import message

MADRID = ZoneInfo("Europe/Madrid")
ASKED = Answered("m-1", "Joan", is_ours=True, at=stamp(MONDAY), words="Quin model, el negre o el blau?")


def line_of(answers, glyphs=UNICODE, width=80):
    """The line above the words."""
    look = Look(width, MONDAY, MADRID, glyphs, "telegram")
    lines = block(replace(message(2, "sí, aquest"), answers=answers), look, unfolded=False)
    assert "".join(text for text, _ in lines[2]).strip() == "sí, aquest"
    ((text, ink),) = lines[1]
    assert ink == "dim"
    assert cell_len(text) <= width
    return text.strip()


@pytest.mark.parametrize(
    ("glyphs", "said"),
    [
        (UNICODE, "↳ Joan, 10:00: Quin model, el negre o el blau?"),
        (ASCII, "^ Joan, 10:00: Quin model, el negre o el blau?"),
        (SPOKEN, "in answer to Joan, 10:00: Quin model, el negre o el blau?"),
    ],
)
def test_who_asked_and_when_and_how_it_begins(glyphs, said):
    assert line_of(ASKED, glyphs) == said


def test_another_day_is_named_and_what_is_long_is_cut_to_the_pane():
    before = replace(ASKED, at=stamp(MONDAY - timedelta(days=3)), words="paraula " * 20)
    said = line_of(before, ASCII, width=40)
    assert said.startswith("^ Joan, 20 Nov 10:00: paraula")
    assert said.endswith("~")


def test_who_is_not_called_anything_or_is_forgotten():
    assert line_of(replace(ASKED, name="", words="")) == "↳ we, 10:00"
    assert line_of(replace(ASKED, name="", is_ours=False)).startswith("↳ ?, 10:00: Quin")
    assert line_of(replace(ASKED, name="", words="", gone=True)) == "↳ (erased), 10:00"
