"""Searching at the console: it may take its time, and no key waits for it."""

import threading

import pytest

from agentdesk.store import search
from agentdesk.store.driver import OperationalError
from tui.driver import SIZES, WITHIN, plays

FOR_LONG = """WITH RECURSIVE far(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM far WHERE n < 300000000) SELECT count(*) FROM far"""


class Slow:
    """Makes the search for one word wait for `gate`; `begun` and `ended` tell how far it is."""

    def __init__(self, monkeypatch, word: str) -> None:
        self.gate, self.begun, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.ended_with: BaseException | None = None
        self._word = word
        self._really = search.messages
        monkeypatch.setattr(search, "messages", self._messages)

    def _messages(self, connection, blobs, query, context, **given):
        if not any((self._word, True) in each for each in query.terms()):
            return self._really(connection, blobs, query, context, **given)
        self.begun.set()
        try:
            self._wait(connection)
            return self._really(connection, blobs, query, context, **given)
        except BaseException as error:
            self.ended_with = error
            raise
        finally:
            self.ended.set()

    def _wait(self, connection) -> None:
        assert self.gate.wait(WITHIN), "whoever waits for this search cannot open the gate"


class Endless(Slow):
    """The same where it is the database that takes long."""

    def _wait(self, connection) -> None:
        connection.execute(FOR_LONG).fetchone()


@pytest.fixture
def sofas(shop):
    """Two mails about a sofa and one about a table: #3, #4 and #5."""
    for name, subject in (
        ("Pere Vila", "Un sofa blau"),
        ("Anna Mas", "Un sofa roig"),
        ("Jan Pi", "Una taula"),
    ):
        shop.write(name, subject, f"{subject}, si us plau.")
        shop.bench.clock.go(minutes=1)
    return shop


@SIZES
@plays
async def test_keys_go_on_while_a_search_takes_long_and_it_never_overwrites_a_newer_one(
    sofas, size, monkeypatch
):
    slow = Slow(monkeypatch, "sofa")
    async with sofas.console(size) as at:
        await at.do("find.search")
        await at.type("sofa")
        await at.until(slow.begun.is_set)
        await at.press(*["backspace"] * 4)
        await at.type("taula")
        await at.sees(" taula ", "#5")
        assert not slow.ended.is_set()
        slow.gate.set()
        await at.until(slow.ended.is_set)
        await at.press("home")
        assert "Una taula" in at.text
        assert "#3" not in at.text.partition("Search")[2]
        await at.press("enter")
        await at.until(lambda: at.ticket == 5)


@pytest.mark.parametrize("keys", [["space", "b"], ["escape"]], ids=["typing", "leaving"])
@plays
async def test_a_search_that_nobody_waits_for_any_more_is_interrupted(sofas, keys, monkeypatch):
    slow = Endless(monkeypatch, "sofa")
    async with sofas.console() as at:
        await at.do("find.search")
        await at.type("sofa")
        await at.until(slow.begun.is_set)
        await at.press(*keys)
        await at.until(slow.ended.is_set)
        assert isinstance(slow.ended_with, OperationalError)


@plays
async def test_quitting_does_not_wait_for_a_search(sofas, monkeypatch):
    slow = Endless(monkeypatch, "sofa")
    async with sofas.console() as at:
        await at.do("find.search")
        await at.type("sofa")
        await at.until(slow.begun.is_set)
        await at.press("ctrl+q")
        await at.until(lambda: not at.app.is_running)
    assert slow.ended.wait(WITHIN)
    assert isinstance(slow.ended_with, OperationalError)


@SIZES
@plays
async def test_what_is_typed_before_the_hits_are_there_means_the_same(sofas, size, monkeypatch):
    slow = Slow(monkeypatch, "sofa")
    async with sofas.console(size) as at:
        await at.do("find.search")
        await at.type("sofa")
        await at.until(slow.begun.is_set)
        await at.press("down", "enter")
        at.post("e")
        slow.gate.set()
        await at.sees("why is none needed?")
        await at.press("2")
        await at.sees("#3 is resolved.")
        assert sofas.bench.ticket(3).row.status == "resolved"
        assert {sofas.bench.ticket(n).row.status for n in (1, 2, 4, 5)} == {"new"}


@SIZES
@plays
async def test_a_search_that_cannot_be_understood_yet_finds_nothing(sofas, size):
    async with sofas.console(size) as at:
        await at.do("find.search")
        await at.type("taula")
        await at.sees("#5")
        await at.type(" is:nonsense")
        await at.until(lambda: "#5" not in at.text.partition("Search")[2])
        await at.sees("is: does not know nonsense")
        await at.press("enter")
        await at.press(*["backspace"] * len(" is:nonsense"))
        await at.sees("#5")


@SIZES
@plays
async def test_what_cannot_be_understood_is_said_by_the_search_as_by_the_filter(sofas, size):
    async with sofas.console(size) as at:
        for act in ("find.search", "find.filter"):
            for typed, words in (
                ("is:late", "did you mean overdue?"),
                ("canal:whatsapp", "no operator canal:"),
            ):
                await at.do(act)
                await at.until(lambda: at.app.screen is not at.app.home)
                await at.press("ctrl+u")
                await at.type(typed)
                if act == "find.filter":
                    await at.press("enter")
                await at.sees(words)
                await at.press("escape")
                await at.until(lambda: at.app.screen is at.app.home)
