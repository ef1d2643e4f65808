"""Chats with programs: what is marked as one, what says the same over and over, and a flood of one sender."""

from itertools import count

import pytest

from agentdesk.core.responder import MANY
from agentdesk.engine import automatic, telling
from agentdesk.errors import RefusedError
from engine.chats import MARIA, Chats

LONG = "Gracias por escribir a Muebles Sur. Te atenderemos en breve."


@pytest.fixture
def shop(tmp_path):
    made = Chats(tmp_path, "telegram")  # which takes an answer whenever it comes
    yield made
    made.bench.close()


@pytest.fixture
def numbers():
    return count(1)


def told(shop, kind="progress"):
    bench = shop.bench
    once = str(bench.clock.at)
    automatic.write(bench.desk, shop.settings, shop, bench.id(1), "Hola.", kind=kind, once=once)
    shop.flush()


def answers(shop, numbers, text, *, seconds=5, times=3):
    """Each day something is said by itself, and so much later this comes back."""
    for _ in range(times):
        shop.bench.clock.go(hours=25)
        told(shop)
        shop.bench.clock.go(seconds=seconds)
        shop.writes(text.format(next(numbers)), next(numbers))


def classes(shop):
    return [each.mail_class for each in shop.bench.messages(1) if each.way == "in"]


def test_who_answers_in_seconds_three_times_hears_no_more_and_is_heard_as_before(shop, numbers):
    shop.writes("Hola", next(numbers))
    answers(shop, numbers, "Una pregunta sobre mi pedido número {}")
    assert set(classes(shop)) == {"human"}, "people write in short lines"
    shop.bench.clock.go(hours=25)
    with pytest.raises(RefusedError) as error:
        told(shop)
    assert error.value.values["reason"] == "looks_like_a_program"


def test_who_answers_with_the_same_sentence_each_time_is_a_program(shop, numbers):
    shop.writes("Hola", next(numbers))
    answers(shop, numbers, LONG, seconds=600)
    assert classes(shop) == ["human", "human", "human", "auto_reply"]


def test_the_same_short_word_each_time_is_a_person_s(shop, numbers):
    shop.writes("Hola", next(numbers))
    answers(shop, numbers, "Vale", seconds=600)
    assert set(classes(shop)) == {"human"}


def test_the_same_over_and_over_rings_no_more_and_whoever_waits_waits(shop, numbers):
    rung = set()
    for _ in range(MANY + 5):
        shop.bench.clock.go(seconds=30)
        shop.writes("¿Hola?", next(numbers))
        (row,) = shop.bench.queue()
        rung.add(telling.news(row).key)
    assert classes(shop) == ["human"] * (MANY - 1) + ["auto_reply"] * 6
    assert len(rung) == MANY - 1
    (row,) = shop.bench.queue()
    assert (row.unread, row.waiting_since) == (True, shop.bench.messages(1)[0].received_at)
    shop.bench.clock.go(minutes=1)
    shop.writes("¿Hay alguien?", next(numbers))
    assert classes(shop)[-1] == "human"


def test_who_says_it_again_and_again_over_days_is_a_person(shop, numbers):
    for _ in range(MANY + 2):
        shop.bench.clock.go(hours=2)
        shop.writes("¿Hola?", next(numbers))
    assert set(classes(shop)) == {"human"}


def test_a_flood_of_one_chat_is_one_row_that_opens(shop):
    for number in range(100):
        shop.bench.clock.go(seconds=1)
        shop.writes(f"Mensaje {number}", number)
    (row,) = shop.bench.queue()
    assert row.messages == 100
    shop.writes("Otra persona", 1, person=f"{MARIA}9")
    assert len(shop.bench.queue()) == 2
    assert shop.bench.messages(row.number, limit=10)[-1].visible == "Mensaje 99"
