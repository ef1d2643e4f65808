"""A customer sees that somebody is writing: whoever types, now and then, and never more than the service takes."""

import asyncio

import pytest

from agentdesk.engine.attention import EVERY, Attention
from agentdesk.engine.feed import keep_draft
from agentdesk.errors import ChannelError
from engine.chats import MARIA, Chats


class Service:
    """Shows a sign, or fails; `signs` are the conversations it showed one in."""

    def __init__(self, trouble=None):
        self.signs = []
        self.trouble = trouble

    async def attend(self, name):
        self.signs.append(name)
        if self.trouble:
            raise self.trouble


@pytest.fixture
def shop(tmp_path):
    made = Chats(tmp_path)
    made.writes("Hola", 1)
    yield made
    made.bench.close()


def types(shop, text="Bon d", kind="reply"):
    keep_draft(shop.bench.desk, shop.bench.id(1), kind, text)


def looks(shop, service, *, times=1, between=0.0):
    async def run():
        attention = Attention(shop.bench.desk, "shop", service)
        for _ in range(times):
            attention.pay()
            await asyncio.sleep(0)
            others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
            await asyncio.gather(*others, return_exceptions=True)
            shop.go(seconds=between)
            types(shop)

    asyncio.run(run())
    return service.signs


def test_whoever_types_is_seen(shop):
    types(shop)
    (name,) = looks(shop, Service())
    assert MARIA in name


def test_nobody_types_nobody_is_told(shop):
    types(shop)
    shop.go(seconds=EVERY.total_seconds() + 1)
    assert looks(shop, Service()) == []


def test_a_note_is_nobodys_business(shop):
    types(shop, kind="note")
    assert looks(shop, Service()) == []


def test_a_sign_is_given_once_in_a_while(shop):
    types(shop)
    assert len(looks(shop, Service(), times=4, between=1)) == 1
    shop.go(minutes=1)
    types(shop)
    assert len(looks(shop, Service(), times=3, between=EVERY.total_seconds())) == 3


def test_a_service_that_fails_changes_nothing(shop):
    types(shop)
    trouble = ChannelError(account="shop", server="x", reason="no")
    assert len(looks(shop, Service(trouble), times=2, between=EVERY.total_seconds())) == 2
    shop.writes("Hola", 2, person="34600999888")
    shop.go(minutes=1)
    types(shop)
    keep_draft(shop.bench.desk, shop.bench.id(2), "reply", "Bon d")
    assert len(looks(shop, Service(trouble))) == 2, "the other conversation is told all the same"


def test_a_channel_without_the_sign_is_left_alone(shop):
    types(shop)
    Attention(shop.bench.desk, "shop", object()).pay()


def test_a_service_is_asked_for_nothing_once_its_line_is_given_up(shop):
    types(shop)
    service = Waiting()

    async def run():
        attention = Attention(shop.bench.desk, "shop", service)
        attention.pay()
        await service.asked.wait()
        await attention.aclose()
        assert (service.ended, len(asyncio.all_tasks())) == (True, 1)

    asyncio.run(run())


class Waiting(Service):
    """Takes long to show a sign; `ended` once it was told to stop."""

    def __init__(self):
        super().__init__()
        self.asked, self.ended = asyncio.Event(), False

    async def attend(self, name):
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True
