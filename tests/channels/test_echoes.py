"""Answers that we give elsewhere, and our own that come back: one message each, and never a second answer."""

import asyncio

import pytest

from agentdesk.core.model import OutFile
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.receiving import Tally
from agentdesk.store import draft
from channels.echoing import SHOPS

PAGES = [name for name in SHOPS if name.startswith(("messenger", "instagram"))]


@pytest.fixture(params=SHOPS)
def shop(tmp_path, relay, request):
    made = SHOPS[request.param](tmp_path, relay)
    made.writes("Hola")
    yield made
    made.close()


def shown(shop):
    return [(m.direction, shop.words(m)) for m in shop.messages]


def states(shop):
    return [m.state for m in shop.messages if m.direction == "out"]


def kept(shop):
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(1), "Joan", "reply")


def test_an_answer_given_elsewhere_is_ours_and_meets_the_clock(shop):
    shop.go(seconds=20)
    shop.says_elsewhere("Bon dia, digue'm")
    shop.news()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia, digue'm")]
    assert shop.messages[-1].elsewhere
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.waiting_since) == ("waiting_customer", None)
    assert {c["state"] for c in ticket.clocks if c["metric"] == "first_response"} <= {"met", "met_late"}


def test_an_answer_given_elsewhere_while_a_draft_is_open_is_the_only_one_and_takes_no_word_of_it(shop):
    keep_draft(shop.bench.desk, shop.bench.id(1), "reply", "començat")
    shop.go(seconds=20)
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    shop.news()
    shop.flush()
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]
    assert kept(shop) == "començat"


def test_an_answer_given_elsewhere_stops_what_is_held_and_keeps_its_words(shop):
    shop.answer("Ara ho miro", hold=60)
    shop.go(seconds=20)
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    shop.go(minutes=2)
    shop.flush()
    assert shop.went() == []
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]
    assert kept(shop) == "Ara ho miro"


def test_our_own_that_comes_back_is_no_second_message(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.go(seconds=1)
    shop.comes_back()
    shop.comes_back()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert states(shop) == ["sent"]


def test_our_own_that_comes_back_before_the_send_has_returned_is_no_second_message(shop):
    shop.answer("Bon dia")
    shop.before_the_send_returns(shop.comes_back)
    shop.flush()
    shop.comes_back()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert states(shop) == ["sent"]
    shop.go(hours=1)
    shop.flush()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert states(shop) == ["sent"]
    assert len(shop.went()) == 1


@pytest.mark.parametrize("shop", PAGES, indirect=True)
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
    assert states(shop) == ["sent"]
    assert len(shop.went()) == 3


def test_the_same_words_from_elsewhere_a_little_later_are_a_message_of_their_own(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.comes_back()
    shop.go(minutes=1)
    shop.says_elsewhere("Bon dia")
    shop.news()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia"), ("out", "Bon dia")]
