"""A customer puts other words into what we have answered: it is as though they had written again."""

from datetime import timedelta

import pytest

from agentdesk.core.commands import Merge, Resolve
from agentdesk.core.keeping import Mute
from agentdesk.core.letter import Wish
from agentdesk.core.rewording import says_otherwise
from agentdesk.core.settling import Excuse, NoAnswerNeeded
from agentdesk.engine import life, reply
from agentdesk.engine.window import Window
from desks import holds
from engine.chats import chats_in

NINE = "2026-11-23T09:00:00.000Z"


@pytest.fixture(params=["telegram", "whatsapp"])
def shop(tmp_path, request):
    for made in chats_in(tmp_path, request.param):
        made.writes("¿Abren el lunes?", 1)
        yield made
        holds(made.bench.desk)


@pytest.fixture
def answered(shop):
    says(shop, "Sí, abrimos.")
    with Window(shop.bench.desk) as window:
        assert window.ticket(1).row.unread is False
    return shop


def says(shop, text):
    shop.go(seconds=10)
    shop.answer(text)
    shop.flush()
    shop.go(seconds=10)


def row(shop):
    return shop.bench.ticket(1).row


def waits(shop):
    found = row(shop)
    return (
        found.status,
        found.unread,
        found.owed_since,
        found.number in {r.number for r in shop.bench.queue()},
    )


RESTS = ("waiting_customer", False, None, False)


def test_it_waits_again_from_the_edit_on_with_a_promise(answered):
    now = "2026-11-23T09:00:20.000Z"
    answered.edits("¿Abren el domingo?")
    assert waits(answered) == ("open", True, now, True)
    assert row(answered).next_due_at > now
    message = answered.bench.messages(1)[0]
    assert (message.text, message.first) == ("¿Abren el domingo?", "¿Abren el lunes?")
    assert message.reworded_at == now
    turn = life.of_ticket(answered.bench.desk, answered.bench.id(1)).turns[-1]
    assert (turn.why, turn.now) == ("reworded", "open")
    says(answered, "El domingo no.")
    assert waits(answered) == RESTS
    assert answered.bench.messages(1)[0].reworded_at == now, "it is said still"


@pytest.mark.parametrize("text", ["Abren el LUNES", " ¿ Abren  el\nlunes ?!", "¿Ábren el lunés?", "Gracias!"])
def test_what_changes_no_word_or_only_thanks_wants_no_answer(answered, text):
    answered.edits(text)
    found = waits(answered)
    assert (found[0], *found[2:]) == (RESTS[0], *RESTS[2:])


def test_an_edit_before_the_answer_changes_only_the_text(shop):
    before = row(shop)
    shop.go(seconds=5)
    shop.edits("¿Abren el domingo?")
    assert (row(shop).owed_since, row(shop).next_due_at) == (before.owed_since, before.next_due_at)
    assert shop.bench.messages(1)[0].reworded_at is None
    says(shop, "No.")
    assert waits(shop) == RESTS


def test_one_that_was_made_before_the_answer_and_heard_of_after_it_asks_for_nothing(shop):
    made_at = shop.go(seconds=5)
    late = shop.text("¿Abren el domingo?", "1.1", edits=shop.name(1), at=made_at)
    says(shop, "Sí.")
    shop.comes(late)
    assert waits(shop)[0] == "waiting_customer"


def test_ten_edits_are_one_ticket_that_waits_since_the_first(answered):
    for day in range(10):
        answered.edits(f"¿Abren el día {day}?")
        if not day:
            first = row(answered)
        answered.go(seconds=3)
    found = row(answered)
    assert [each.number for each in answered.bench.queue("all")] == [1]
    assert (found.owed_since, found.next_due_at) == (first.owed_since, first.next_due_at)
    says(answered, "Ningún día.")
    assert waits(answered) == RESTS


def test_it_comes_back_from_the_end_and_from_a_word_that_none_was_needed(answered):
    answered.bench.desk.do(Resolve(answered.bench.id(1)))
    answered.edits("¿Abren el domingo?")
    assert waits(answered)[0::3] == ("open", True)
    answered.bench.desk.do(NoAnswerNeeded(answered.bench.id(1), Excuse("phone")))
    answered.go(seconds=5)
    answered.edits("¿Y en agosto?")
    assert waits(answered)[0::3] == ("open", True)


def test_an_answer_that_was_on_its_way_does_not_answer_it(answered):
    answered.writes("¿Y el martes?", 2)
    answered.go(seconds=5)
    answered.answer("También.", hold=60)
    answered.go(seconds=5)
    answered.edits("¿Abren el domingo?")
    edited_at = answered.bench.messages(1)[0].reworded_at
    answered.go(minutes=2)
    answered.flush()
    assert waits(answered)[2:] == (edited_at, True)


def test_an_answer_that_waited_for_its_time_stops(answered):
    answered.go(seconds=5)
    wish = Wish("Y algo más.", at=answered.bench.clock.at + timedelta(hours=2))
    reply.write(answered.bench.desk, answered.settings, answered, answered.bench.id(1), wish)
    answered.edits("¿Abren el domingo?")
    assert waits(answered)[0::3] == ("open", True)
    answered.go(hours=3)
    answered.flush()
    assert [text for text, _ in answered.states()] == ["Sí, abrimos."]


def test_merged_it_goes_on_waiting_since_the_edit(answered):
    answered.writes("Hola", 9, person="34600333444")
    answered.edits("¿Abren el domingo?")
    since = row(answered).owed_since
    answered.bench.desk.do(Merge(answered.bench.id(1), answered.bench.id(2)))
    assert min(each.owed_since for each in answered.bench.queue("unanswered")) == since


def test_somebody_muted_is_promised_nothing(answered):
    answered.bench.desk.do(Mute(row(answered).customer))
    answered.edits("¿Abren el domingo?")
    assert row(answered).owed_since is None


def test_of_two_questions_the_one_that_was_edited_is_not_the_older_one_once_the_answer_is_gone(shop):
    shop.go(seconds=5)
    shop.writes("¿Y el martes?", 2)
    shop.go(seconds=5)
    shop.phone("Sí, los dos.", 900)
    shop.go(seconds=5)
    shop.edits("¿Abren el domingo?")
    shop.withdraws(900)
    assert row(shop).owed_since == "2026-11-23T09:00:05.000Z"


def test_taken_back_after_all_it_asks_for_nothing(answered):
    answered.edits("¿Abren el domingo?")
    answered.withdraws(1)
    assert waits(answered)[::2] == ("waiting_customer", None)


@pytest.mark.parametrize(
    ("was", "now", "other"),
    [
        ("Son 1,5 kg", "Son 15 kg", True),
        ("a las 10:30", "a las 10.30", True),
        ("👍", "👎", True),
        ("si", "sí.", False),
        ("", "…", False),
        ("talla M", "talla L", True),
    ],
)
def test_what_is_another_word(was, now, other):
    assert says_otherwise(was, now) is other
