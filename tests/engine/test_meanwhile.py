"""What is said while an answer is being written: whoever has not read it does not answer it."""

from contextlib import closing
from datetime import timedelta

import pytest

from agentdesk.core.commands import Merge
from agentdesk.engine import reply
from agentdesk.engine.feed import Feed
from agentdesk.errors import RefusedError
from engine.answering import asked_in


@pytest.fixture
def shop(tmp_path):
    yield from asked_in(tmp_path)


def read(shop):
    with closing(Feed(shop.bench.desk)) as feed:
        return feed.read_to()


def more(shop, **mail):
    shop.bench.mail("¡No lo envíes!", reply_to="<q@x.test>", message_id="<more@x.test>", **mail)


def refused(shop, **wish):
    with pytest.raises(RefusedError) as refusal:
        shop.answer("Sale hoy", **wish)
    assert shop.outbox() == []
    return refusal.value.values["reason"]


def test_a_message_that_is_stored_before_the_answer_keeps_it_back(shop):
    place = read(shop)
    more(shop)
    assert refused(shop, read_to=place) == "said_meanwhile"
    assert shop.bench.ticket(1).row.owed_since == "2026-11-23T09:00:00.000Z"
    shop.answer("No lo enviamos", read_to=read(shop))


def test_also_one_that_bears_an_earlier_time_than_what_was_read(shop):
    place = read(shop)
    more(shop, at=shop.bench.clock.at - timedelta(hours=1))
    assert refused(shop, read_to=place) == "said_meanwhile"


def test_so_does_an_answer_of_somebody_else_until_it_is_taken_back(shop):
    place = read(shop)
    shop.answer("Ya está en camino", hold=60)
    with pytest.raises(RefusedError) as refusal:
        shop.answer("Sale hoy", read_to=place)
    assert refusal.value.values["reason"] == "answered_meanwhile"
    assert refusal.value.values["name"] == shop.bench.desk.agent
    reply.undo(shop.bench.desk)
    shop.answer("Sale hoy", read_to=place)


def test_what_comes_into_the_matter_with_another_ticket_counts_and_what_left_it_does_not(shop):
    shop.bench.mail("Otra cosa", message_id="<other@x.test>")
    place = read(shop)
    merged = shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    assert refused(shop, read_to=place) == "said_meanwhile"
    reply.undo(shop.bench.desk, merged.id)
    shop.answer("Sale hoy", read_to=place)


def test_what_is_said_in_another_matter_does_not(shop):
    place = read(shop)
    shop.bench.mail("Hola", sender="anna@y.test", message_id="<n@x.test>")
    shop.answer("Sale hoy", read_to=place)


def test_whoever_does_not_say_what_they_have_read_answers_what_is_there(shop):
    more(shop)
    shop.answer("Sale hoy")
    shop.flush()
    assert shop.bench.ticket(1).row.owed_since is None
