"""The console as it is heard: lines of words in the order in which one wants to hear them, one pane, a cursor to follow."""

import re
from datetime import timedelta

import pytest

from agentdesk import present
from agentdesk.config import Ui
from agentdesk.core.instant import stamp
from agentdesk.i18n import use
from agentdesk.widgets import spoken
from agentdesk.widgets.glyphs import UNICODE
from desks import MONDAY
from tui.driver import HUGE, SMALL, plays
from tui.glass import row

SIGNS = "".join({UNICODE.note, UNICODE.good, UNICODE.bad, UNICODE.more, "⏎", "·"})
DRAWN = re.compile(f"[\u2500-\u25ff{SIGNS}]")


def read(at):
    """What is read aloud, top to bottom, without blank lines; no box and no sign among it."""
    assert not DRAWN.search(at.text), DRAWN.findall(at.text)
    return [" ".join(line.split()) for line in at.lines if line.strip()]


@plays
async def test_a_ticket_is_found_opened_and_answered_by_ear(shop):
    shop.with_settings(ui=Ui(reader=True))
    shop.bench.clock.go(minutes=3)
    async with shop.console(HUGE) as at:
        await at.app.home.complete()
        await at.pilot.pause()
        assert read(at)[2:4] == [
            "55m left, unread, Maria Puig, No m'ha arribat, mail, #1, ca",
            "56m left, unread, John ONeil, Refund please, mail, #2, en",
        ]
        assert "Enter open" in read(at)[-1]
        assert at.app.cursor_position.y == 2
        await at.do("queue.down")
        assert at.app.cursor_position.y == 3
        await at.do("queue.open")
        await at.sees("ticket 2, from John ONeil, 1 message, due in 56 minutes")
        heard = read(at)
        assert not any("Maria" in line for line in heard), "one pane at a time"
        assert heard[1:3] == [
            "#2 Refund please",
            "mail not verified , John ONeil <john@x.test> , new , nobody's , en first reply 56m",
        ]
        assert heard[-3:-1] == [
            "10:01 John ONeil wrote",
            "Hello, I would like my money back, please. It broke.",
        ]
        await at.until(lambda: "10:01" in at.lines[at.app.cursor_position.y])
        await at.do("ticket.reply")
        await at.type("Hola")
        assert "Answer to John ONeil, mail, en, from soporte@shop.test" in read(at)
        assert at.lines[at.app.cursor_position.y].strip() == "Hola"
        await at.do("compose.close")
        shop.write("Eva Mas", "Factura", "Necesito la factura.")
        await at.until(lambda: "inbox 3" in at.lines[0])
        shop.bench.clock.go(seconds=1)  # news waits a moment for more of it
        await at.sees("mail: new #3")
        await at.do("help.keys")
        await at.press("down")
        await at.pilot.pause()
        heard = read(at)
        assert heard[0] == "Keys: Enter does it", "a dialog is alone on the screen"
        assert at.lines[at.app.cursor_position.y].split() == heard[2].split()
        await at.press("escape")
        await at.do("program.reader")
        await at.until(lambda: DRAWN.search(at.text))
        await at.do("program.reader")
        await at.sees("Lines are made to be heard now")
        read(at)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "ticket 12, from Maria Puig, 3 messages, late by 5 minutes"),
        ("es", "ticket 12, de Maria Puig, 3 mensajes, 5 minutos tarde"),
        ("ca", "tiquet 12, de Maria Puig, 3 missatges, 5 minuts tard"),
    ],
)
def test_what_is_said_when_a_ticket_opens(language, said):
    use(language)
    try:
        assert spoken.opened(row(12, due=-301, customer_name="Maria Puig"), 3, MONDAY) == said
    finally:
        use("en")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_lengths_of_time_are_words(seconds, said):
    assert spoken.lasting(seconds) == said
    asleep = row(1, snoozed_until=stamp(MONDAY + timedelta(hours=1)))
    assert spoken.due(asleep, MONDAY) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [("ctrl+j", "Ctrl+j"), ("enter", "Enter"), ("g t", "g t"), ("semicolon", ";"), ("f6", "f6")],
)
def test_keys_are_called_by_their_names(name, said):
    assert spoken.key(name) == said


def test_keys_are_called_as_they_are_printed_on_the_agent_s_keyboard():
    use("ca")
    try:
        assert [present.key(name) for name in ("space", "home", "g end", "pagedown", "enter", "ctrl+j")] == [
            "espai", "inici", "g fi", "AvPàg", "⏎", "^j",
        ]  # fmt: skip
    finally:
        use("en")


@plays
async def test_the_line_above_the_queue_is_drawn_with_other_signs_at_once(shop):
    async with shop.console(SMALL) as at:
        assert "inbox · in the order" in at.lines[1]
        await at.do("program.reader")
        assert "inbox , in the order" in at.lines[1]
        await at.do("program.reader")
        assert "inbox · in the order" in at.lines[1]


@plays
async def test_what_a_first_answer_should_say_is_heard_in_words(shop):
    shop.with_settings(ui=Ui(reader=True))
    async with shop.console(HUGE) as at:
        await at.do("ticket.reply")
        await at.sees("received: not said yet, by when: not said yet, what comes next: not said yet")
        await at.type("Li arriba avui.")
        await at.sees("received: not said yet, by when: said, what comes next: not said yet")
