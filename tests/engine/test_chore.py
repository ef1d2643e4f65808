"""What goes on beside the mailboxes: what fails is told once and tried again, and neither ends anything else nor keeps anybody."""

import asyncio
import threading
from contextlib import closing, contextmanager, nullcontext

import pytest

from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Home, Settings
from agentdesk.engine import chore
from agentdesk.engine.chore import Chore
from agentdesk.engine.feed import Feed
from agentdesk.engine.sync import watch
from agentdesk.errors import DamagedStoreError, DeskError, DiskError, StoreError
from agentdesk.store import driver
from desks import Bench
from engine.test_watch import QUIET, Quiet
from servers import until


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(chore, "AGAIN_AFTER", 0.01)
    made = Bench(tmp_path)
    yield made
    made.close()


class Told(list):
    """What was told: (chore, code of its error), None where all is well again."""

    def __call__(self, name: str, error: DeskError | None) -> None:
        self.append((name, error and error.code))


class Luck:
    """Fails in each of these ways, in turn, and then does not; `done` counts how often it did what it had to."""

    def __init__(self, *ways: Exception) -> None:
        self.ways = list(ways)
        self.done = 0

    def __call__(self) -> None:
        if self.ways:
            raise self.ways.pop(0)
        self.done += 1

    def chore(self, every: float | None = 0.01) -> Chore:
        return Chore("luck", lambda _: nullcontext(self), every)


async def kept(bench: Bench, one: Chore, told, does) -> None:
    """What `does` while a chore is kept, in a thread of its own."""
    task = asyncio.ensure_future(chore.keep(bench.desk, one, told))
    await asyncio.to_thread(does)
    assert not task.done()
    task.cancel()


def test_what_fails_is_told_once_and_tried_again_until_it_goes_well(bench):
    full, told = DiskError(path="desk.db", reason="no room"), Told()
    luck = Luck(full, full, TypeError("no such thing"), full)
    asyncio.run(kept(bench, luck.chore(), told, lambda: until(lambda: luck.done > 1)))
    assert told == [("luck", "disk"), ("luck", "error"), ("luck", "disk"), ("luck", None)]


def test_what_sqlite_says_while_something_is_read_is_told_as_what_the_store_says(bench):
    told, luck = (
        Told(),
        Luck(driver.OperationalError("disk I/O error"), driver.OperationalError("database is locked")),
    )
    asyncio.run(kept(bench, luck.chore(), told, lambda: until(lambda: luck.done)))
    assert told == [("luck", "disk"), ("luck", "busy"), ("luck", None)]


def test_what_cannot_be_begun_is_begun_again_and_is_closed_by_its_own_thread(bench):
    begun, closed, told, luck = [], [], Told(), Luck()

    @contextmanager
    def begin(_):
        begun.append(threading.current_thread())
        if len(begun) == 1:
            raise StoreError(path="desk.db", reason="not now")
        yield luck
        closed.append(threading.current_thread())

    asyncio.run(kept(bench, Chore("luck", begin, 0.01), told, lambda: until(lambda: luck.done > 1)))
    until(lambda: closed)
    assert (len(begun), set(begun)) == (2, set(closed))
    assert told == [("luck", "store"), ("luck", None)]


def test_what_is_to_be_done_once_is_done_then(bench):
    luck = Luck(TypeError("once more"))
    asyncio.run(chore.keep(bench.desk, luck.chore(every=None), Told()))
    assert luck.done == 1


def test_whoever_leaves_waits_for_nothing_that_is_at_work(bench, monkeypatch):
    monkeypatch.setattr(chore, "ENDS_WITHIN", 0.01)
    goes, begun = threading.Event(), threading.Event()

    def works() -> None:
        begun.set()
        goes.wait()

    asyncio.run(kept(bench, Chore("long", lambda _: nullcontext(works), 1.0), Told(), begun.wait))
    assert [each.daemon for each in threading.enumerate() if each.name == "long"] == [True]
    goes.set()


def test_mailboxes_go_on_whatever_is_wrong_with_what_is_done_beside_them(bench, tmp_path):
    passes, told, luck = [], Told(), Luck(*[TypeError("no such thing")] * 3)

    async def watched() -> None:
        task = asyncio.ensure_future(
            watch(
                bench.desk, Home.under(tmp_path), (QUIET,), passes.append,
                connect=lambda *_: Quiet(), on_ailing=told, beside=(luck.chore(),),
            )
        )  # fmt: skip
        await asyncio.to_thread(until, lambda: luck.done)
        assert not task.done()
        task.cancel()

    asyncio.run(watched())
    assert told == [("luck", "error"), ("luck", None)]
    assert not [error for each in passes for error in each.errors]


def test_the_console_is_told_and_its_header_says_so_until_it_is_over(bench):
    settings = Settings(DeskSettings("UTC", "en"), accounts=(QUIET,))
    with closing(bench.desk.reader()) as connection:
        feed = Feed(bench.desk, connection)
        feed.ailed("voices", DamagedStoreError(path="desk.db", reason="malformed"))
        assert feed.news() == frozenset()
        head = feed.header(settings, "inbox", ())
        assert (head.health, head.trouble, head.ailing) == ("trouble", "damaged_store", "voices")
        assert set(feed.ailing()) == {"voices"}
        feed.ailed("voices", None)
        head = feed.header(settings, "inbox", ())
        assert (head.health, head.trouble, head.ailing) == ("never", "", "")


def test_what_could_not_be_looked_at_is_told_once_more(bench):
    with closing(bench.desk.reader()) as connection:
        feed = Feed(bench.desk, connection)
        bench.mail("Una")
        touched = feed.news()
        assert touched
        assert feed.news() is None
        feed.again()
        bench.mail("Dues", sender="dues@x.test")
        assert feed.news() > touched
        assert feed.news() is None
