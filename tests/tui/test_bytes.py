"""What the console writes to its terminal, counted: a line over the sea is paid by the byte and by the flicker."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key
from textual.widgets import Input

from agentdesk import standing
from agentdesk.actions import BY_ID
from agentdesk.app import Console
from agentdesk.config import Ui
from agentdesk.core.gap import Look
from agentdesk.engine.absence import Away
from agentdesk.engine.feed import keep_draft
from agentdesk.keymap import Keymap
from agentdesk.screens.panes import STEADY
from agentdesk.screens.terminal import guarded
from tui.driver import WIDE, Shop, plays

COUNTDOWNS = 40
TALL = (80, 46)
"""All of them in sight, and nothing beside."""
A_LABEL = 100
"""Bytes at most for a label that reads otherwise: where it stands, its colours, its letters (74 measured)."""
A_STEP = 800
"""Bytes at most for one step of the cursor where the queue stands alone: two rows (523 measured)."""


class Counting(HeadlessDriver):
    """A terminal that counts what it is told."""

    told: list[str]
    is_headless = False

    def write(self, data):
        self.told.append(guarded(data))


@asynccontextmanager
async def counted(shop, size=WIDE):
    """The console over such a terminal, painted and at rest."""
    told = []
    app = Console(shop.bench.desk, shop.settings, shop.home, Keymap({}), accounts=())
    app.driver_class = type("Counting", (Counting,), {"told": told})
    running = asyncio.create_task(app.run_async(headless=False, size=size, mouse=False))
    while not (told and app.home.panes.is_complete):  # noqa: ASYNC110 - nobody tells of the first frame
        await asyncio.sleep(0.01)
    await app.home.complete()
    await rest(told)
    try:
        yield app, told
    finally:
        app.exit()
        await running


async def rest(told, *, comes=False):
    """Waits until nothing more is written for two frames; where something `comes`, until that has begun."""
    count = -1
    for _ in range(300):
        await asyncio.sleep(0.035)
        if count == len(told) and (told or not comes):
            return
        count = len(told)
    raise AssertionError("it never rests, or never begins")


def written(told):
    size = sum(len(each.encode()) for each in told)
    told.clear()
    return size


def waiting(folder):
    """A shop where forty wait, each with a time of its own."""
    shop = Shop(folder)
    for n in range(COUNTDOWNS):
        shop.write(f"P{n} Puig", f"Comanda {n}", "On és?")
        shop.bench.clock.go(seconds=47)
    return shop


def labels(shop):
    now = shop.bench.desk.now()
    return [standing.clock_label(row, now) for row in shop.bench.queue("inbox")]


@plays
async def test_an_idle_minute_writes_the_labels_that_read_otherwise_and_a_step_of_the_cursor_two_rows(
    tmp_path,
):
    shop = waiting(tmp_path)
    async with counted(shop, TALL) as (app, told):
        panes, late = app.home.panes, 0
        # Its other clocks go by the shop's, so that a clock turned by hand is none that somebody has set.
        app.home.sight.away = Away(shop.bench.desk, look=lambda at: Look(at, at.timestamp(), at.timestamp()))
        written(told)
        for _ in range(12):
            before = labels(shop)
            shop.bench.clock.go(seconds=5)
            changed = sum(old != new for old, new in zip(before, labels(shop), strict=True))
            panes.tick(shop.bench.desk.now())
            await rest(told, comes=bool(changed))
            size = written(told)
            assert size <= A_LABEL * changed, f"{changed} labels read otherwise"
            late += changed
            panes.tick(shop.bench.desk.now())
            await rest(told)
            assert written(told) == 0, "nothing reads otherwise"
        assert late >= COUNTDOWNS // 2
        rows = panes.queue.pages.rows
        keep_draft(shop.bench.desk, shop.bench.id(COUNTDOWNS), "people", "x")  # of nothing that is drawn
        while panes.queue.pages.rows is rows:  # noqa: ASYNC110 - until it was read again
            await asyncio.sleep(0.01)
        await rest(told)
        assert written(told) == 0, "a commit that changes no row draws none"
        for _ in range(3):
            app.post_message(Key("j", "j"))
            await rest(told, comes=True)
            assert 0 < written(told) <= A_STEP
        panes.is_steady = True
        panes.tick(shop.bench.clock.go(seconds=STEADY.total_seconds()))
        await rest(told)
        written(told)
        for _ in range(4):
            panes.tick(shop.bench.clock.go(seconds=1))
        await rest(told)
        assert written(told) == 0
    shop.close()


@plays
async def test_where_one_writes_nothing_blinks(shop):
    async with counted(shop) as (app, told):
        app.post_message(Key("r", "r"))
        await rest(told)
        assert app.home.panes.composing
        written(told)
        assert not app.home.panes.composer.pad.cursor_blink
        app.home.doing.run(BY_ID["find.filter"])
        await rest(told)
        assert not app.screen.query_one(Input).cursor_blink


@pytest.mark.parametrize(
    ("environ", "own", "steady"),
    [
        ({}, False, False),
        ({"SSH_TTY": "/dev/pts/3"}, False, True),
        ({"SSH_CONNECTION": "a 1 b 2"}, False, True),
        ({}, True, True),
    ],
)
def test_over_ssh_or_by_wish_time_moves_every_five_seconds(shop, monkeypatch, environ, own, steady):
    for name in ("SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    shop.with_settings(ui=Ui(reduced_motion=own))
    app = Console(shop.bench.desk, shop.settings, shop.home, Keymap({}), accounts=())
    assert app.home.panes.is_steady is steady
    assert app.animation_level == "none"
    app.home.sight.close()
