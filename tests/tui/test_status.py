"""One line above, one line below; whole words at any width."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from agentdesk import i18n
from agentdesk.core.instant import stamp
from agentdesk.core.views import HeaderView
from agentdesk.widgets.status import Header, Hints
from desks import MONDAY
from tui.glass import HOSTILE, listening, raw_free, shown

VIEW = HeaderView(
    "agentdesk",
    "inbox",
    (("inbox", 12), ("mine", 4), ("waiting", 31), ("snoozed", 2)),
    overdue=3,
    unanswered=9,
    health="ok",
    synced_at=stamp(MONDAY - timedelta(seconds=12)),
    outbox=1,
    agent="Joan",
)
LATE = replace(
    VIEW, backup_at=stamp(MONDAY - timedelta(days=1)), backup_late_at=stamp(MONDAY + timedelta(days=1))
)
KEYS = [("⏎", "open"), ("r", "reply"), ("R", "note"), (";", "quick"), ("e", "resolve"), ("?", "help")]


def on_stage(act, size=(120, 3)):
    async def run():
        header, hints = Header(), Hints()
        app = listening(Hints.Chosen)(header, hints)
        async with app.run_test(size=size) as pilot:
            await act(pilot, header, hints)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("width", "words", "gone"),
    [
        (
            160,
            ("agentdesk", "inbox 12", "snoozed 2", "! 3 overdue", "synced 12 s ago", "outbox 1", "Joan"),
            (),
        ),
        (80, ("inbox 12", "! 3 overdue", "synced 12 s ago", "outbox 1"), ("snoozed", "agentdesk")),
        (50, ("inbox 12", "! 3 overdue"), ("waiting",)),
        (28, ("inbox 12",), ("overdue",)),
    ],
)
def test_the_header_keeps_what_matters_most(width, words, gone):
    async def act(pilot, header, hints):
        header.show(VIEW, MONDAY)
        await pilot.pause()
        line = shown(pilot.app)[0]
        assert cell_len(line) == width
        assert "9 unanswered" in line
        assert all(word in line for word in words)
        assert not any(word in line for word in gone)

    on_stage(act, (width, 3))


@pytest.mark.parametrize(
    ("width", "words", "gone"),
    [
        (120, ("✗ soporte: login refused (12 s)", "✗ outbox 0, 1 stuck", "! 35 overdue"), ()),
        (80, ("✗ soporte", "✗ 1 stuck", "! 35 overdue", "9 unanswered"), ("soporte:", "outbox")),
        (34, ("inbox 12", "9 unanswered"), ("soporte", "stuck")),
    ],
)
def test_what_is_wrong_is_said_shorter_before_it_goes(width, words, gone):
    ill = replace(
        VIEW, health="trouble", trouble="login refused", ailing="soporte", overdue=35, outbox=0, stuck=1
    )

    async def act(pilot, header, hints):
        header.show(ill, MONDAY)
        await pilot.pause()
        line = shown(pilot.app)[0]
        assert cell_len(line) == width
        assert all(word in line for word in words), line
        assert not any(word in line for word in gone), line

    on_stage(act, (width, 3))


@pytest.mark.parametrize(
    ("language", "age"), [("en", "● 12 s ago"), ("es", "● hace 12 s"), ("ca", "● fa 12 s")]
)
def test_how_fresh_it_is_stays_beside_three_figures(language, age):
    """Late, waiting to go and unanswered at once, on the narrowest screen: other views' figures go first, then a word."""

    async def act(pilot, header, hints):
        i18n.use(language)
        header.show(replace(VIEW, overdue=14, unanswered=26, shared=True), MONDAY)
        await pilot.pause()
        line = shown(pilot.app)[0]
        assert cell_len(line) == 80
        assert all(word in line for word in (age, "inbox 12", "14", " 1 ", "26", "Joan")), line
        assert "waiting" not in line

    try:
        on_stage(act, (80, 3))
    finally:
        i18n.use("en")


def test_the_header_says_how_the_desk_is():
    async def act(pilot, header, hints):
        async def line(**values):
            header.show(replace(VIEW, **values), MONDAY)
            await pilot.pause()
            return shown(pilot.app)[0]

        assert "✗ mailbox: login refused (12 s)" in await line(
            health="trouble", trouble="mailbox: login refused"
        )
        ill = await line(health="trouble", trouble="relay_full", ailing="vimet")
        assert "✗ vimet: The relay takes in nothing more (12 s)" in ill
        assert "… receiving" in await line(health="busy")
        assert "○ never synced" in await line(health="never", synced_at=None)
        assert "✗ outbox 3, 2 stuck" in await line(outbox=3, stuck=2)
        assert "found: x" in await line(view="found: x")
        header.show(VIEW, MONDAY)
        header.tick(MONDAY + timedelta(seconds=30))
        await pilot.pause()
        assert "synced 42 s ago" in shown(pilot.app)[0]

    on_stage(act, (140, 3))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_keys_are_whole_or_not_there(width):
    async def act(pilot, header, hints):
        hints.keys(KEYS)
        await pilot.pause()
        line = shown(pilot.app)[1]
        assert cell_len(line) == width
        assert ("…" in line) == (width < 60)
        words = line.replace("…", "").split()
        assert words == [word for pair in KEYS for word in pair][: len(words)]
        assert len(words) % 2 == 0

    on_stage(act, (width, 3))


def test_a_prefix_shows_what_may_follow_and_then_the_keys_are_back():
    async def act(pilot, header, hints):
        hints.keys(KEYS)
        hints.chord("g", [("i", "inbox"), ("m", "mine")])
        await pilot.pause()
        assert shown(pilot.app)[1].split() == ["g", "…", "i", "inbox", "m", "mine"]
        hints.chord(None)
        await pilot.pause()
        assert "r reply" in shown(pilot.app)[1]

    on_stage(act)


def test_what_was_done_stands_there_for_its_time():
    async def act(pilot, header, hints):
        hints.keys(KEYS)
        until = MONDAY + timedelta(seconds=7)
        hints.say("undo send to John", until, MONDAY, key="u", counts=True)
        await pilot.pause()
        assert shown(pilot.app)[1].startswith(" [u] undo send to John (7 s)   ⏎ open")
        hints.tick(MONDAY + timedelta(seconds=1))
        await pilot.pause()
        assert "(6 s)" in shown(pilot.app)[1]
        await pilot.click(hints, offset=(2, 0))
        hints.tick(until)
        await pilot.pause()
        assert shown(pilot.app)[1].startswith(" ⏎ open  r reply")
        await pilot.click(hints, offset=(10, 0))
        assert [each.key for each in pilot.app.said] == ["u", "r"]
        hints.say("#12 is resolved.", until, MONDAY)
        hints.hush()
        await pilot.pause()
        assert "#12" not in shown(pilot.app)[1]

    on_stage(act)


@pytest.mark.parametrize("width", [24, 40, 80])
def test_what_was_done_is_said_whole_on_as_many_lines_as_it_takes(width):
    said = (
        "! The mailbox soporte cannot be asked now: wrong password. Say another with agentdesk account edit"
    )

    async def act(pilot, header, hints):
        hints.keys(KEYS)
        until = MONDAY + timedelta(seconds=8)
        hints.say(said, until, MONDAY, key="u")
        await pilot.pause()
        lines = shown(pilot.app)[1 : 1 + hints.size.height]
        assert 1 < len(lines) <= Hints.MOST_LINES
        assert lines[0].startswith(" [u] ! The mailbox")
        assert {cell_len(line) for line in lines} == {width}
        words = " ".join(" ".join(lines).split()).removeprefix("[u] ")
        assert words.startswith(said if width > 24 else said[:60])
        assert width > 24 or "…" in lines[-1]
        hints.tick(until)
        await pilot.pause()
        assert hints.size.height == 1
        assert shown(pilot.app)[1].startswith(" ⏎ open")

    on_stage(act, (width, 8))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_neither_raises_nor_reaches_the_terminal(text):
    async def act(pilot, header, hints):
        header.show(replace(VIEW, desk=text, view=text, trouble=text, health="trouble", agent=text), MONDAY)
        hints.keys(KEYS)
        hints.say(text, MONDAY + timedelta(seconds=5), MONDAY, key="u", counts=True)
        await pilot.pause()
        assert raw_free(shown(pilot.app))
        assert {cell_len(line) for line in shown(pilot.app)} == {90}

    on_stage(act, (90, 3))


@pytest.mark.parametrize(
    ("view", "after", "said"),
    [
        (LATE, timedelta(days=1, seconds=-1), None),
        (LATE, timedelta(days=1), "last backup 2 d ago"),
        (replace(LATE, backup_at=None), timedelta(days=1), "no backup"),
        (replace(LATE, backup_at=None), timedelta(hours=1), None),
        (replace(LATE, backup_trouble="No space left"), timedelta(0), "backup failed"),
        (VIEW, timedelta(days=900), None),
    ],
)
@pytest.mark.parametrize("width", [80, 160])
def test_the_header_says_when_the_last_backup_is_too_old(view, after, said, width):
    """Time alone makes it so: nothing is read for it."""

    async def act(pilot, header, hints):
        header.show(view, MONDAY)
        header.tick(MONDAY + after)
        await pilot.pause()
        line = shown(pilot.app)[0]
        assert said in line if said else "backup" not in line

    on_stage(act, size=(width, 3))
