"""What is taken back: an answer of ours leaves its question open again, and a customer's question asks nothing any more."""

from datetime import UTC, timedelta
from itertools import product

import pytest

from agentdesk.channels import Ability, Accepted, Refused
from agentdesk.core.commands import Merge, Resolve
from agentdesk.core.figures import Period
from agentdesk.engine import amend, life
from agentdesk.engine import report as reports
from desks import holds
from engine.chats import chats_in

FOREVER = 10**9


@pytest.fixture
def shop(tmp_path):
    """Telegram, where what was sent can be taken back; María has asked."""
    for made in chats_in(tmp_path, "telegram"):
        made.ability = Ability(text_max=1000, edits=FOREVER, deletes=FOREVER)
        made.says = []

        async def take(names, text, unique, made=made):
            return made.says.pop(0) if made.says else Accepted(made.bench.clock.at)

        made.amend = take
        made.writes("¿Abren el lunes?", 1)
        yield made
        holds(made.bench.desk)


def answered(shop, text="Sí, abrimos.", **more):
    """An answer that has gone; its message's id."""
    shop.go(seconds=5)
    written = shop.answer(text, **more)
    shop.flush()
    shop.go(seconds=5)
    return written.message


def back(shop, message):
    amend.amend(shop.bench.desk, shop, message, None)


def waits(shop, ticket=1):
    row = shop.bench.ticket(ticket).row
    inbox = ticket in {each.number for each in shop.bench.queue()}
    assert inbox == (ticket in {each.number for each in shop.bench.queue("unanswered")})
    return inbox, row.status, row.owed_since, row.next_due_at


def turns(shop):
    return [each.why for each in life.of_ticket(shop.bench.desk, shop.bench.id(1)).turns]


def clocks(shop, ticket=1):
    with shop.bench.reading() as connection:
        sql = "SELECT metric, json_extract(data, '$.state') FROM clock WHERE ticket = ? AND tier = 'standard'"
        return dict(connection.execute(sql, (shop.bench.id(ticket),)))


def test_the_question_waits_again_as_though_the_answer_had_not_been(shop):
    before = waits(shop)
    message = answered(shop)
    assert waits(shop)[:2] == (False, "waiting_customer")
    back(shop, message)
    assert waits(shop) == (True, "open", *before[2:])
    assert clocks(shop)["first_response"] == clocks(shop)["ack"] == "running"
    (turn,) = [
        each for each in life.of_ticket(shop.bench.desk, shop.bench.id(1)).turns if each.why == "answer_back"
    ]
    assert (turn.now, turn.name) == ("open", "Joan")
    shop.go(minutes=3)
    answered(shop, "Ahora sí.")
    assert waits(shop)[:3] == (False, "waiting_customer", None)
    assert clocks(shop)["first_response"] == "met_late"


def test_from_the_phone_it_is_the_same(shop):
    shop.go(seconds=5)
    shop.phone("Sí, abrimos.", 900)
    shop.withdraws(900)
    assert waits(shop)[:3] == (True, "open", "2026-11-23T09:00:00.000Z")
    assert turns(shop)[-1] == "answer_back"


def test_of_several_answers_only_the_last_that_goes_leaves_it_open(shop):
    start = waits(shop)
    first, second = answered(shop), answered(shop, "De nueve a dos.")
    back(shop, first)
    assert waits(shop)[0] is False
    back(shop, second)
    assert waits(shop) == (True, "open", *start[2:])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_questions_with_an_answer_each_the_older_waits_again_whichever_goes_first(shop, order):
    start = waits(shop)
    answers = [answered(shop)]
    shop.writes("¿Y el martes?", 2)
    second = waits(shop)
    answers.append(answered(shop, "También."))
    back(shop, answers[order[0]])
    assert waits(shop)[2:] == ((None, None) if order[0] == 0 else second[2:])
    back(shop, answers[order[1]])
    assert waits(shop)[2:] == start[2:]
    assert clocks(shop)["first_response"] == "running"
    assert clocks(shop)["next_response"] != "running"


def test_a_question_between_two_others_takes_the_clock_of_the_later_one(shop):
    answered(shop)
    shop.writes("¿Y el martes?", 2)
    second = waits(shop)
    message = answered(shop, "También.")
    shop.writes("¿Y el jueves?", 3)
    back(shop, message)
    assert waits(shop)[2:] == second[2:]


def test_one_that_is_on_its_way_answers_and_the_ticket_stays_with_the_customer(shop):
    message = answered(shop)
    shop.answer("Perdón: el lunes no.", hold=60)
    back(shop, message)
    row = shop.bench.ticket(1).row
    assert (row.status, row.owed_since is None) == ("waiting_customer", False)
    shop.go(minutes=2)
    shop.flush()
    assert waits(shop)[:3] == (False, "waiting_customer", None)


def test_it_comes_back_from_wherever_its_ticket_was_put(shop):
    message = answered(shop)
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    back(shop, message)
    assert waits(shop)[:2] == (True, "open")


def test_it_comes_back_where_its_ticket_was_merged_into(shop):
    message = answered(shop)
    shop.writes("Hola", 9, person="34600333444")
    shop.bench.desk.do(Merge(shop.bench.id(1), shop.bench.id(2)))
    back(shop, message)
    assert shop.bench.ticket(2).row.owed_since == "2026-11-23T09:00:00.000Z"


def test_an_edit_of_ours_changes_nothing(shop):
    message = answered(shop)
    before = waits(shop)
    amend.amend(shop.bench.desk, shop, message, "Sí, de nueve a dos.")
    assert waits(shop) == before


def test_where_the_service_keeps_it_the_customer_has_the_answer(shop):
    message = answered(shop)
    met = clocks(shop)
    shop.says.append(Refused("refused", "message can't be deleted"))
    back(shop, message)
    shop.go(seconds=5)
    shop.writes("¿Hola?", 2)
    shop.flush()
    assert waits(shop)[1:3] == ("open", "2026-11-23T09:00:15.000Z")
    assert {**clocks(shop), "next_response": None} == {**met, "next_response": None}
    assert clocks(shop)["next_response"] == "running"
    assert shop.states() == [("Sí, abrimos.", "sent")]


def test_a_part_of_an_answer_leaves_the_rest_answering(shop):
    shop.plan.append(Accepted(shop.bench.clock.at, names=(shop.name(701), shop.name(702))))
    answered(shop)
    shop.withdraws(701)
    shop.withdraws(701)
    (ours,) = [each for each in shop.bench.messages(1) if each.direction == "out"]
    assert (waits(shop)[0], ours.withdrawn_at, ours.part_withdrawn_at is not None) == (False, None, True)
    shop.withdraws(702)
    (ours,) = [each for each in shop.bench.messages(1) if each.direction == "out"]
    assert (waits(shop)[0], ours.withdrawn_at is not None, ours.part_withdrawn_at) == (True, True, None)


def test_a_receipt_or_the_service_s_word_after_it_brings_no_answer_back(shop):
    message = answered(shop)
    back(shop, message)
    for state in ("delivered", "read", "failed"):
        shop.receipt(shop.name(501), state)
    assert waits(shop)[0] is True
    assert shop.states() == [("Sí, abrimos.", "withdrawn")]


def test_a_report_counts_no_promise_as_kept_by_it(shop):
    def kept():
        since = shop.bench.clock.at.replace(hour=0, minute=0, second=0)
        period = Period(since, since + timedelta(days=1))
        asked = reports.asked(shop.bench.desk, period, "channel", UTC)
        lines = reports.report(shop.bench.desk, "sla", asked).lines
        return {line.about: (len(line.figures["kept"].hits), line.figures["kept"].n) for line in lines}

    message = answered(shop)
    assert kept()["first_response"] == (1, 1)
    back(shop, message)
    assert kept().get("first_response", (0, 0)) == (0, 0)
    shop.go(hours=1)
    assert kept()["first_response"] == (0, 1)


def test_what_a_customer_takes_back_asks_nothing(shop):
    shop.withdraws(1)
    assert waits(shop) == (False, "waiting_customer", None, None)
    (message,) = shop.bench.messages(1)
    assert (message.settled, message.withdrawn_at is not None) == ("withdrawn", True)
    assert shop.bench.ticket(1).row.unread
    assert turns(shop)[-1] == "question_back"
    shop.withdraws(1)
    shop.go(hours=1)
    shop.writes("¿Abren el domingo?", 2)
    assert waits(shop)[:3] == (True, "open", "2026-11-23T10:00:00.000Z")


def test_what_is_left_waits_since_it_came(shop):
    shop.go(seconds=10)
    shop.writes("¿Hola?", 2)
    shop.withdraws(1)
    assert waits(shop)[1:3] == ("new", "2026-11-23T09:00:10.000Z")
    assert waits(shop)[3] > "2026-11-23T09:00:30"
    shop.withdraws(2)
    assert waits(shop)[0] is False


@pytest.mark.parametrize(("early", "late"), list(product((False, True), repeat=2)))
def test_a_question_that_is_gone_does_not_wait_for_an_answer_that_is_gone(shop, early, late):
    """Whichever goes first, and whether its clock was late by then."""
    shop.go(minutes=5 if late else 0)
    message = answered(shop)
    steps = [lambda: back(shop, message), lambda: shop.withdraws(1)]
    for step in steps if early else reversed(steps):
        step()
    assert waits(shop)[::2] == (False, None)
    assert clocks(shop)["first_response"] == ("met_late" if late else "void" if early else "met")
