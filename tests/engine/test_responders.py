"""Programs that say nothing of themselves: seen through by what they do, and nobody for one quick answer."""

from datetime import timedelta

import pytest

from agentdesk import trust
from agentdesk.core.commands import JudgeSender, Resolve, Undo
from agentdesk.engine import automatic
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from engine.test_saying import Speaking


@pytest.fixture
def shop(tmp_path):
    made = Speaking(tmp_path)
    yield made
    made.bench.close()


def write(shop, kind="progress", ticket=1):
    desk = shop.bench.desk
    once = f"{kind}{shop.bench.clock.at}"
    automatic.write(desk, shop.settings, shop.provider, shop.bench.id(ticket), "Hola.", kind=kind, once=once)
    shop.flush()


def refused(shop, kind="progress", ticket=1):
    with pytest.raises(RefusedError) as error:
        write(shop, kind, ticket)
    return error.value.values["reason"]


def day(shop, *, after, body="Sigo aquí, {n}.", kind="progress"):
    """At ten the shop says something by itself; what came back, `after` that time."""
    shop.bench.clock.at = (shop.bench.clock.at + timedelta(days=1)).replace(hour=10, minute=0, second=0)
    write(shop, kind)
    shop.bench.clock.go(**after)
    shop.bench.mail(body.format(n=shop.bench.uid), sender="Maria <maria@x.test>", reply_to="<m1@x.test>")
    return shop.bench.messages(1)[-1]


def seen(message):
    return message.mail_class, message.class_reason, [each for each in message.warnings if each != "charset"]


def test_who_answers_three_of_three_texts_at_once_is_a_program_and_a_key_makes_a_person_of_it(shop):
    shop.hear()
    assert [seen(day(shop, after={"minutes": 1}))[0] for _ in range(2)] == ["human"] * 2
    third = day(shop, after={"minutes": 2})
    assert seen(third) == ("auto_reply", "answers_at_once", ["answers_at_once"])
    assert any(each.startswith("Taken for an automatic answer") for each in trust.doubts(third))
    row = shop.bench.ticket(1).row
    assert (row.waiting_since is not None, len(shop.bench.queue())) == (True, 1), "who waited waits"
    shop.bench.clock.go(days=1)
    assert refused(shop) == "looks_like_a_program"
    said = shop.bench.desk.do(JudgeSender(shop.bench.id(1), "person"))
    assert [each.mail_class for each in shop.bench.messages(1) if each.way == "in"] == ["human"] * 4
    shop.bench.desk.do(Undo(said.id))
    assert seen(shop.bench.messages(1)[-1])[0] == "auto_reply"
    shop.bench.desk.do(JudgeSender(shop.bench.id(1), "person"))
    assert seen(day(shop, after={"minutes": 1}))[0] == "human"
    (third,) = (each for each in shop.bench.messages(1) if each.id == third.id)
    assert "Taken for" not in " ".join(trust.doubts(third)), "nobody is told what an agent knows better"
    shop.bench.desk.do(JudgeSender(shop.bench.id(1), None))
    shop.bench.clock.go(days=1)
    assert refused(shop) == "looks_like_a_program"
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before


def test_who_was_taken_for_a_program_in_an_ended_ticket_is_heard_when_somebody_says_so(shop):
    shop.hear()
    for _ in range(2):
        day(shop, after={"minutes": 1})
    shop.answer(resolve=True)
    shop.flush()
    day(shop, after={"minutes": 1}, kind="follow_up")
    assert (shop.bench.ticket(1).row.status, shop.bench.ticket(1).row.waiting_since) == ("resolved", None)
    shop.bench.desk.do(JudgeSender(shop.bench.id(1), "person"))
    row = shop.bench.ticket(1).row
    assert (row.status, row.waiting_since) == ("open", shop.bench.messages(1)[-1].received_at)
    assert row.next_due_at is not None


def test_the_same_text_each_time_within_the_hour_is_a_program_s(shop):
    shop.hear()
    same = "Estoy fuera hasta el lunes."
    spoken = [seen(day(shop, after={"minutes": 50}, body=same))[:2] for _ in range(3)]
    assert spoken == [("human", ""), ("human", ""), ("auto_reply", "answers_the_same")]


PEOPLE = {
    "once quickly": [{"minutes": 1}, {"minutes": 40}, {"minutes": 1}],
    "never at once": [{"minutes": 3}] * 4,
    "an order each week in the same words": [{"hours": 7}] * 4,
}


@pytest.mark.parametrize("answers", PEOPLE.values(), ids=PEOPLE)
def test_a_person_is_not_taken_for_one(shop, answers):
    shop.hear()
    same = "Adjunto el pedido." if answers[0] == {"hours": 7} else "Hola {n}"
    assert {seen(day(shop, after=each, body=same))[0] for each in answers} == {"human"}
    shop.bench.clock.at = shop.bench.clock.at.replace(day=9)  # a Wednesday on which the shop is open
    write(shop)


def test_a_second_word_after_the_quick_one_is_a_person_s(shop):
    shop.hear()
    for _ in range(3):
        day(shop, after={"minutes": 1})
        shop.bench.clock.go(minutes=1)
        shop.bench.mail("Y otra cosa", sender="Maria <maria@x.test>", reply_to="<m1@x.test>")
    assert [each.mail_class for each in shop.bench.messages(1) if each.way == "in"][-2:] == [
        "auto_reply",
        "human",
    ]


def test_who_answers_like_a_program_hears_one_text_a_day_of_whatever_kind(shop):
    shop.hear()
    shop.greet()
    shop.flush()
    shop.bench.clock.go(minutes=1)
    shop.hear(subject="Otra", message_id="<quick@x.test>")
    shop.bench.clock.go(hours=6)
    assert refused(shop) == refused(shop, ticket=2) == "said_today"
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    write(shop, "survey")  # follows upon a person's act
    shop.hear(sender="Pau <pau@x.test>")
    shop.greet(3)
    shop.bench.clock.go(hours=2)
    write(shop, ticket=3)
    shop.bench.clock.go(hours=24)
    write(shop, ticket=2)


def test_who_says_that_nobody_wrote_it_hears_no_second_text_that_day(shop):
    shop.bench.mail("Recibido.\n\nEsta respuesta es automática; la próxima será de una persona.")
    shop.bench.mail(
        "Me llegó: «Este es un mensaje automático». Quiero hablar con alguien.", sender="eva@x.test"
    )
    shop.bench.mail("AQUEST MISSATGE ÉS AUTOMÀTIC", sender="pol@x.test")
    for number in (1, 2, 3):
        (message,) = shop.bench.messages(number)
        assert message.mail_class == "human", "to be read"
        assert "says_automatic" in message.warnings, "and told"
        shop.greet(number)
    shop.bench.clock.go(hours=6)
    assert refused(shop) == "said_today"
