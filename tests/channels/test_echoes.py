"""Answers that we give elsewhere, and our own that come back: one message each, and never a second answer."""

import asyncio

import pytest

from agentdesk.channels.meta import Instagram, Page
from agentdesk.core.model import OutFile
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.receiving import Tally
from agentdesk.store import draft
from channels.hooked import Shop


class Told(Shop):
    """By webhook: `smb_message_echoes` of WhatsApp, `is_echo` of the others."""

    def says_elsewhere(self, text):
        if self.kind == "whatsapp":
            self.server.queue.append(self.server.whatsapp(self.maria, echo=True, body=text))
        else:
            said = {"mid": f"m_phone{len(self.server.queue)}", "is_echo": True, "text": text}
            self.server.queue.append(self.server.messaging(self.maria, by_us=True, message=said))

    def comes_back(self):
        """The service's own copy of what it took last; twice, as happens."""
        if self.kind == "whatsapp":
            taken = self.server.taken[-1]
            echo = self.server.whatsapp(self.maria, echo=True, body=taken["text"]["body"])
            echo["entry"][0]["changes"][0]["value"]["message_echoes"][0]["id"] = taken["_id"]
            self.server.queue.append(echo)
        self.server.queue *= 2
        return self.news()


class Polled(Shop):
    """By asking for the conversations again and again."""

    def make(self, clock=None):
        kind = Page if self.kind == "messenger" else Instagram
        pause = asyncio.sleep
        return kind(self.account, clock=clock or (lambda: self.server.now), pause=lambda _: pause(0))

    def writes(self, text):
        self.server.talks_to(self.maria, text)
        return self.news()

    def says_elsewhere(self, text):
        self.server.talks_to(self.maria, text, by_us=True)

    def comes_back(self):
        self.news()
        return self.news()


WAYS = [
    (Told, "whatsapp"),
    (Told, "messenger"),
    (Told, "instagram"),
    (Polled, "messenger"),
    (Polled, "instagram"),
]


NAMES = [f"{kind} {way.__name__.lower()}" for way, kind in WAYS]


@pytest.fixture(params=WAYS, ids=NAMES)
def shop(tmp_path, relay, request):
    way, kind = request.param
    made = way(tmp_path, relay, kind)
    made.writes("Hola")
    yield made
    made.close()


def shown(shop):
    return [(m.direction, m.text) for m in shop.messages]


def answered(shop):
    """What went out by us."""
    return [each.get("text", each.get("message", {})) for each in shop.server.taken]


def kept(shop):
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(1), "Joan", "reply")


def test_an_answer_from_the_phone_is_ours_and_meets_the_clock(shop):
    shop.go(seconds=20)
    shop.says_elsewhere("Bon dia, digue'm")
    shop.news()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia, digue'm")]
    assert shop.messages[-1].elsewhere
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.waiting_since) == ("waiting_customer", None)
    assert {c["state"] for c in ticket.clocks if c["metric"] == "first_response"} <= {"met", "met_late"}


def test_an_answer_from_the_phone_stops_what_is_held_and_keeps_its_words(shop):
    shop.answer("Ara ho miro", hold=60)
    shop.go(seconds=20)
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    shop.go(minutes=2)
    shop.flush()
    assert shop.server.taken == []
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]
    assert kept(shop) == "Ara ho miro"


def test_an_answer_from_the_phone_while_a_draft_is_open_takes_no_word_of_it(shop):
    keep_draft(shop.bench.desk, shop.bench.id(1), "reply", "començat")
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    assert kept(shop) == "començat"
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]


def test_our_own_that_comes_back_is_no_second_message(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.go(seconds=1)
    shop.comes_back()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert shop.states() == [("Bon dia", "sent")]


def test_our_own_that_comes_back_before_the_send_has_returned_is_no_second_message(shop):
    shop.answer("Bon dia")

    def comes_back_first(request):
        answer = shop.server.handle(request)
        shop.comes_back()
        return answer

    shop.server.on("/messages", comes_back_first)
    shop.flush()
    shop.comes_back()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert shop.states() == [("Bon dia", "sent")]
    shop.go(hours=1)
    shop.flush()
    assert len(shop.server.taken) == 1


@pytest.mark.parametrize("shop", WAYS[1:], indirect=True, ids=NAMES[1:])
def test_each_part_of_our_own_may_come_back_while_the_next_is_on_its_way(shop):
    """In one process, which sends and hears; WhatsApp's echoes are of what the telephone sends alone."""
    files = [OutFile(f"{name}.pdf", "application/pdf", b"%PDF") for name in "ab"]
    shop.answer("Aquí les tens", files=tuple(files))

    async def story():
        channel, loop = shop.make(), asyncio.get_running_loop()

        def comes_back_first(request):
            asyncio.run_coroutine_threadsafe(shop.hears(channel, Tally()), loop).result(20)
            return shop.server.handle(request)

        shop.server.on("/messages", *[comes_back_first] * 3)
        await shop.sends(channel)
        await shop.hears(channel, Tally())
        await channel.close()

    asyncio.run(story())
    assert shown(shop) == [("in", "Hola"), ("out", "Aquí les tens")]
    assert shop.states() == [("Aquí les tens", "sent")]
    assert len(shop.server.taken) == 3


def test_the_same_words_from_the_phone_a_little_later_are_a_message_of_their_own(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.comes_back()
    shop.go(minutes=1)
    shop.says_elsewhere("Bon dia")
    shop.news()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia"), ("out", "Bon dia")]
