"""A ticket is read: who said what stays clear, and nothing jumps."""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from agentdesk import i18n
from agentdesk.core import sla, unsent
from agentdesk.core.instant import stamp
from agentdesk.core.quotes import folds
from agentdesk.core.views import Before, OutboxRow
from agentdesk.widgets.glyphs import UNICODE
from agentdesk.widgets.heading import heading
from agentdesk.widgets.thread import Look, block
from desks import MONDAY
from tui.glass import file, message, reading, shown, ticket

MADRID = ZoneInfo("Europe/Madrid")
QUOTING = "Gràcies! I quan arribarà?\n\nEl dl., 23 nov. 2026 a les 9:10, Soporte <s@shop.test> va escriure:\n> Bon dia,\n> avui.\n\n-- \nMaria\n"


@pytest.fixture(autouse=True)
def in_english():
    yield
    i18n.use("en")


def quoting(number=1, **values):
    found = tuple((each.start, each.end, each.kind) for each in folds(QUOTING))
    assert found
    return message(number, QUOTING, folds=found, **values)


def text_of(pilot):
    return "\n".join(line.rstrip() for line in shown(pilot.app))


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_every_line_fits_and_the_heading_says_what_matters(width):
    async def act(pilot, pane):
        view = ticket(1043, due=-420, tags=("vip",), linked=(991,), drafts=1, assignee="Joan")
        pane.show(view, [quoting(attachments=(file(),)), message(2, "paraula " * 80)], MONDAY, MADRID)
        await pilot.pause()
        lines = shown(pilot.app)
        assert {cell_len(line) for line in lines} == {width}
        assert lines[0].startswith(" #1043 ")
        assert "! next reply -7m OVERDUE" in lines[1]
        assert "tags: vip · linked: #991 · 1 draft" in lines[2]
        assert "foto.jpg  240 kB" in text_of(pilot)

    reading(act, (width, 40))


@pytest.mark.parametrize("width", [40, 79, 120])
def test_what_is_open_and_how_it_ended_elsewhere_stands_above_all(width):
    told = (
        Before(7, "phone", "snoozed", stamp(MONDAY), "Preu", "Li truquem\x1b[2J demà", stamp(MONDAY)),
        Before(5, "email", "resolved", stamp(MONDAY), "Talla", "", None),
    )
    lines = heading(replace(ticket(), before=told), [message()], MONDAY, width, UNICODE, MADRID)
    lines = ["".join(text for text, _ in line) for line in lines]
    assert max(map(cell_len, lines)) <= width
    assert lines[2].startswith("z still open: #7 phone 23 Nov, until 23")
    assert lines[3] == "✓ last time: #5 mail 23 Nov · Talla"
    assert not any("\x1b" in line for line in lines)
    assert width < 79 or lines[2].endswith("until 23 Nov 10:00 · Li truquem�[2J demà")


def test_what_came_by_another_channel_than_the_rest_says_so():
    look = Look(80, MONDAY, MADRID, UNICODE, "whatsapp")
    mail, chat = message(), message(2, identity="whatsapp:34600111222")
    heads = [
        "".join(text for text, _ in block(each, look, unfolded=False)[0]).strip() for each in (mail, chat)
    ]
    assert heads == ["10:00 ▸ Maria Puig wrote by mail", "10:00 ▸ Maria Puig wrote"]


def test_who_wrote_is_said_by_word_and_sign():
    said = [
        message(1, "Hola"),
        message(2, "Bon dia", "out", 1, state="sent"),
        message(3, "courier lost it", "note", 2),
        message(4, "out of office", "in", 3, mail_class="auto_reply", name="Pau"),
        message(5, "no such user", "in", 4, mail_class="bounce", name="Mailer"),
        message(6, "news", "in", 5, mail_class="bulk", name="News"),
        message(7, "again", "in", 6, mail_class="own_loop", name="Us"),
        message(8, "we got it", "out", 7, mail_class="auto_reply", name="agentdesk"),
        message(9, "", "in", 8, erased=True, name="", identity=None),
        message(10, "", "in", 9, name="", warnings=("charset",)),
    ]

    async def act(pilot, pane):
        pane.show(ticket(), said, MONDAY, MADRID)
        await pilot.pause()
        text = text_of(pilot)
        for words in (
            "10:00 ▸ Maria Puig wrote",
            "10:01 ◂ Joan answered  ✓ sent",
            "10:02 ✎ internal note by Joan",
            "│ courier lost it",
            "10:03 ▹ automatic reply · Pau",
            "10:04 ▹ undelivered mail · Mailer",
            "10:05 ▹ bulk mail · News",
            "10:06 ▹ our own mail, come back · Us",
            "10:07 ◂ automatic reply · agentdesk",
            "10:08 ▸ (erased) wrote",
            "10:09 ▸ maria@x.test wrote",
            "! Some characters could not be read.",
        ):
            assert words in text, words

    reading(act, (100, 60))


def test_what_became_of_our_messages_ticks():
    now = MONDAY + timedelta(minutes=3)
    said = [
        message(1, "a", "out", 0, state="written"),
        message(2, "b", "out", 1, state="failed", error="550 no such user"),
        message(3, "c", "out", 2, state="unknown"),
        message(4, "d", "out", 2, state="written"),
        message(5, "e", "out", 2, state="failed", error="file", reason="File size too large"),
        message(6, "f", "out", 2, state="unknown", reason=unsent.BROKE_OFF),
    ]

    async def act(pilot, pane):
        held = OutboxRow("m1", 1042, "mailbox", "held", 0, None, stamp(now + timedelta(seconds=7)), None)
        sending = OutboxRow("m4", 1042, "mailbox", "sending", 1, None, None, "timed out")
        pane.show(ticket(due=245), said, now, MADRID, {"m1": held, "m4": sending})
        await pilot.pause()
        text = text_of(pilot)
        assert "… held, 7 s left" in text
        assert "✗ failed: 550 no such user" in text
        assert "? nobody knows whether it was sent" in text
        assert "! the server said: File size too large" in text
        assert "! the connection broke off before the answer came" in text
        assert "… sending (the server said: timed out)" in text
        assert "next reply 1:05" in text
        pane.tick(now + timedelta(seconds=1))
        await pilot.pause()
        assert "… held, 6 s left" in text_of(pilot)
        assert "next reply 1:04" in text_of(pilot)
        pane.tick(now + timedelta(seconds=60))
        await pilot.pause()
        assert "… held, 0 s left" in text_of(pilot)

    reading(act)


def test_the_clock_that_is_next_is_named():
    def clock(metric, state, seconds, **more):
        due = MONDAY + timedelta(seconds=seconds)
        one = sla.Clock(metric, sla.Tier.STANDARD, 3600, MONDAY, due, due, state=state, **more)
        return sla.to_data(one)

    running, paused = sla.ClockState.RUNNING, sla.ClockState.PAUSED

    async def act(pilot, pane):
        first = clock(sla.Metric.FIRST_RESPONSE, running, 1500)
        late = clock(sla.Metric.RESOLUTION, running, 90_000)
        pane.show(ticket(clocks=(late, first)), [], MONDAY, UTC)
        await pilot.pause()
        assert "first reply 25m" in shown(pilot.app)[1]
        rests = clock(sla.Metric.NEXT_RESPONSE, paused, 900, paused_at=MONDAY)
        pane.show(ticket(due=None, clocks=(rests,)), [], MONDAY, UTC)
        await pilot.pause()
        assert "next reply pauses" in shown(pilot.app)[1]
        asleep = stamp(MONDAY + timedelta(hours=3))
        pane.show(ticket(due=None, snoozed_until=asleep), [], MONDAY, UTC)
        await pilot.pause()
        assert "asleep for 3h" in shown(pilot.app)[1]
        pane.show(ticket(due=None, since_before=True), [], MONDAY, UTC)
        await pilot.pause()
        assert "from before" in shown(pilot.app)[1]

    reading(act)


def test_quotes_unfold_for_one_message_and_for_all():
    async def act(pilot, pane):
        pane.show(ticket(), [quoting(1), quoting(2, minutes=1)], MONDAY, MADRID)
        await pilot.pause()
        assert text_of(pilot).count("▸ quoted text (3 lines)") == 2
        assert "▸ signature (2 lines)" in text_of(pilot)
        assert "> avui" not in text_of(pilot)
        pane.toggle_quotes()
        await pilot.pause()
        assert text_of(pilot).count("> avui") == 1
        assert "▾ quoted text (3 lines)" in text_of(pilot)
        pane.toggle_quotes(every=True)
        await pilot.pause()
        assert text_of(pilot).count("> avui") == 0
        pane.toggle_quotes(every=True)
        await pilot.pause()
        assert text_of(pilot).count("> avui") == 2

    reading(act, (100, 40))


@pytest.mark.parametrize(
    ("language", "today", "before"),
    [
        ("en", "today, Monday, 23 November", "Wednesday, 1 April 2020"),
        ("es", "hoy, lunes, 23 de noviembre", "miércoles, 1 de abril de 2020"),
        ("ca", "avui, dilluns, 23 de novembre", "dimecres, 1 d'abril de 2020"),
    ],
)
def test_days_are_told_apart_in_the_agents_language_and_zone(language, today, before):
    i18n.use(language)

    async def act(pilot, pane):
        old = message(1, "vell", received_at="2020-03-31T22:30:00.000Z")
        pane.show(ticket(), [old, message(2, "nou")], MONDAY, MADRID)
        await pilot.pause()
        assert f"── {before} ─" in text_of(pilot)
        assert f"── {today} ─" in text_of(pilot)

    reading(act)


def thirty(first=1, count=30):
    return [message(n, f"linia {n}\nsegona\ntercera", minutes=n) for n in range(first, first + count)]


def test_it_opens_at_the_end_and_older_messages_come_without_a_jump():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(31), MONDAY, UTC)
        await pilot.pause()
        assert "linia 60" in text_of(pilot)
        assert pane.selected().id == "m60"
        pane.go(0)
        await pilot.pause()
        assert [each.before_id for each in pilot.app.said] == ["m31"]
        before = next(line for line in shown(pilot.app) if "linia 32" in line)
        at = shown(pilot.app).index(before)
        pane.prepend(thirty(1))
        await pilot.pause()
        assert shown(pilot.app)[at] == before
        assert pane.selected().id == "m60"
        pane.go(0)
        await pilot.pause()
        assert "linia 1\n" in text_of(pilot) + "\n"
        pane.prepend([])
        pane.go(5)
        pane.go(0)
        await pilot.pause()
        assert [each.before_id for each in pilot.app.said] == ["m31", "m1"]

    reading(act)


def test_something_new_moves_nothing_while_somebody_reads():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(), MONDAY, UTC)
        pane.go(20)
        await pilot.pause()
        before = shown(pilot.app)
        pane.show(ticket(), [*thirty()[5:], message(31, "Hola??", minutes=31)], MONDAY, UTC)
        await pilot.pause()
        after = shown(pilot.app)
        assert [line[:-1] for line in after[:-1]] == [line[:-1] for line in before[:-1]]
        assert "↓ 1 new" in after[-1]
        assert len(pane.messages) == 31
        pane.go(10_000)
        await pilot.pause()
        assert "Hola??" in text_of(pilot)
        assert "↓ 1 new" not in text_of(pilot)
        pane.show(ticket(), [*thirty(2), message(32, "La nostra", "out", 32, state="written")], MONDAY, UTC)
        await pilot.pause()
        assert "La nostra" in text_of(pilot)

    reading(act)


def test_what_came_while_writing_is_marked():
    async def act(pilot, pane):
        pane.show(ticket(channel="email"), [message(1, "a"), message(2, "b", minutes=5)], MONDAY, UTC)
        pane.new_since(stamp(MONDAY + timedelta(minutes=1)))
        await pilot.pause()
        lines = [line.strip(" ─▌") for line in shown(pilot.app)]
        assert lines.index("new while you were writing") + 1 == lines.index("09:05 ▸ Maria Puig wrote")
        pane.new_since(None)
        await pilot.pause()
        assert "new while" not in text_of(pilot)

    reading(act)


def test_moving_through_messages_and_through_a_long_one():
    long = message(2, "\n".join(f"fila {n}" for n in range(100)), minutes=1)

    async def act(pilot, pane):
        pane.show(ticket(), [message(1, "primer"), long, message(3, "tercer", minutes=2)], MONDAY, UTC)
        await pilot.pause()
        pane.move(-1)
        assert pane.selected().id == "m2"
        await pilot.pause()
        assert "fila 0" in text_of(pilot)
        pane.move(-1)
        await pilot.pause()
        assert pane.selected().id == "m1"
        pane.move(1)
        seen = set()
        while pane.selected().id == "m2":
            await pilot.pause()
            seen |= {line[:-1].strip(" ▌") for line in shown(pilot.app)}
            pane.move(1)
        assert {f"fila {n}" for n in range(100)} <= seen
        assert pane.selected().id == "m3"
        pane.page(-1)
        await pilot.pause()
        assert pane.selected().id == "m2"
        pane.page(1)
        assert pane.selected()

    reading(act)


def test_a_shorter_pane_keeps_its_end_in_sight_and_another_width_is_laid_anew():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(), MONDAY, UTC)
        await pilot.pause()
        await pilot.resize_terminal(70, 15)
        await pilot.pause()
        assert "linia 30" in text_of(pilot)
        assert {cell_len(line) for line in shown(pilot.app)} == {70}

    reading(act)


def test_another_ticket_forgets_and_nothing_at_all_is_empty():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(), MONDAY, UTC)
        pane.go(3)
        pane.show(ticket(7), [message(70, "altre")], MONDAY, UTC)
        await pilot.pause()
        assert "altre" in text_of(pilot)
        assert "linia" not in text_of(pilot)
        pane.clear()
        await pilot.pause()
        assert not text_of(pilot).strip()
        assert pane.selected() is None
        for step in (
            pane.toggle_quotes,
            lambda: pane.move(1),
            lambda: pane.page(-1),
            lambda: pane.tick(MONDAY),
        ):
            step()

    reading(act)


def test_a_click_selects_and_the_text_can_be_copied():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(1, 3), MONDAY, UTC)
        await pilot.pause()
        y = next(n for n, line in enumerate(shown(pilot.app)) if "linia 2" in line)
        await pilot.click(pane, offset=(10, y))
        assert pane.selected().id == "m2"
        pilot.app.screen.text_select_all()
        await pilot.pause()
        assert "linia 2\n" in pilot.app.screen.get_selected_text()

    reading(act)


def test_a_ticket_that_is_shown_while_the_pane_is_hidden_is_there_when_it_appears():
    async def act(pilot, pane):
        pane.display = False
        await pilot.pause()
        pane.show(ticket(), thirty(), MONDAY, UTC)
        pane.display = True
        await pilot.pause()
        await pilot.pause()
        assert "linia 30" in text_of(pilot)
        pane.display = False
        await pilot.pause()
        pane.show(ticket(7), thirty(100), MONDAY, UTC)
        pane.display = True
        await pilot.pause()
        await pilot.pause()
        assert "linia 129" in text_of(pilot)

    reading(act)


def test_the_composer_below_takes_lines_from_the_top():
    async def act(pilot, pane):
        pane.show(ticket(), thirty(), MONDAY, UTC)
        await pilot.pause()
        pane.styles.height = 12
        await pilot.pause()
        await pilot.pause()
        assert "linia 30" in text_of(pilot)

    reading(act)
