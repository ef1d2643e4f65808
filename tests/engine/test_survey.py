"""Customers are asked how it was, once, and answer by a plain reply."""

import pytest

from agentdesk.channels import Refused
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import Assign, Reopen, Resolve
from agentdesk.core.keeping import Mute
from agentdesk.core.surveyed import WantSurveys
from agentdesk.engine import automatic, reply, survey
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import people
from agentdesk.store.digest import digest
from engine.answering import shop_in
from engine.chats import chats_in
from engine.surveys import asked, asks, says, surveyed


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def refused(shop, ticket=1):
    with pytest.raises(RefusedError) as error:
        asks(shop, ticket)
    return error.value.values["reason"]


def found(shop, text):
    with Window(shop.bench.desk) as window:
        return [row.number for row in window.queue("all", only=window.search(text).only())]


def standing(shop, ticket=1):
    row = shop.bench.ticket(ticket).row
    return row.status, row.unread, row.waiting_since


def unanswered(shop):
    with shop.bench.reading() as connection:
        return people.unanswered(connection)


def running(shop):
    return [c["metric"] for c in shop.bench.ticket(1).clocks if c["state"] == "running"]


def test_a_rating_by_plain_reply_is_kept_with_whom_it_is_about_and_asks_for_nothing(shop):
    name = asked(shop)
    before = standing(shop), running(shop)
    says(
        shop,
        "5, muy amables\r\n\r\nEl lun, 23 nov 2026, soporte escribió:\r\n> ¿Qué tal te hemos atendido?\r\n> del 1 al 5",
        name,
    )
    (one,) = surveyed(shop)
    assert (one.score, one.agent, one.channel, one.delivered) == (5, "Joan", "email", True)
    assert (standing(shop), running(shop)) == before == (("resolved", False, None), [])
    last = shop.bench.messages(1)[-1]
    assert (last.id, last.class_reason) == (one.answer, "rating")
    assert unanswered(shop) == 0
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.answer("Una cosa más", hold=0)
    shop.flush()
    assert unanswered(shop) == 0, "nor when the waiting is counted afresh"
    rows = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == rows


GMAIL = "4\r\n\r\nEl lun, 23 nov 2026 a las 11:00, soporte (<soporte@shop.test>) escribió:\r\n\r\n{quoted}"
OUTLOOK = (
    "4\r\n\r\nObtener Outlook para iOS\r\n________________________________\r\nDe: soporte <soporte@shop.test>\r\n"
    "Enviado: lunes, 23 de noviembre de 2026 11:00\r\nPara: María <maria@x.test>\r\nAsunto: Re: Pedido 7\r\n\r\n{whole}"
)
BELOW = "On Mon, 23 Nov 2026 at 11:00, soporte <soporte@shop.test> wrote:\r\n{quoted}\r\n\r\n4\r\n\r\n-- \r\nMaría\r\nTel. 5"


@pytest.mark.parametrize("reply_form", [GMAIL, OUTLOOK, BELOW], ids=["gmail", "outlook", "below"])
def test_a_mail_program_s_reply_rates_by_what_was_typed_and_not_by_what_it_quotes(shop, reply_form):
    name = asked(shop)
    sent = read_mail(shop.provider.accepted[-1]).text
    assert "del 1 (muy mal) al 5 (excelente)" in sent
    whole = sent.replace("\n", "\r\n")
    quoted = "\r\n".join(f"> {line}" for line in sent.splitlines())
    says(
        shop,
        reply_form.format(quoted=quoted, whole=whole),
        name,
        extra="Content-Type: text/plain; charset=utf-8\r\n",
    )
    assert surveyed(shop)[0].score == 4
    assert standing(shop)[0] == "resolved"


def test_what_is_no_rating_is_a_message_like_any_other(shop):
    name = asked(shop)
    says(shop, "10 pedidos", name)
    assert standing(shop)[0] == "open"
    assert unanswered(shop) == 1
    says(shop, "5", name)
    assert surveyed(shop)[0].score is None, "the next message was none: by now there is a conversation"


def test_a_low_rating_and_a_comment_that_may_want_an_answer_come_back_as_work(shop):
    name = asked(shop)
    says(shop, "5, pero aún no me ha llegado la factura", name)
    assert surveyed(shop)[0].score == 5
    assert standing(shop)[:2] == ("open", True)
    assert (unanswered(shop), "next_response" in running(shop)) == (1, True)
    assert found(shop, "is:unhappy") == []
    says(shop, "1", name)
    assert surveyed(shop)[0].score == 1
    assert unanswered(shop) == 1
    assert found(shop, "is:unhappy") == found(shop, "is:rated") == [1]


def test_the_answer_to_a_question_of_ours_is_no_rating(shop):
    asked(shop)
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.answer("¿Cuántas camisetas llegaron rotas?")
    shop.flush()
    shop.bench.clock.go(minutes=5)
    says(shop, "2", shop.bench.messages(1)[-1].remote_id)
    assert surveyed(shop)[0].score is None
    assert unanswered(shop) == 1


def test_a_second_rating_takes_the_place_of_the_first_which_the_log_keeps(shop):
    name = asked(shop)
    says(shop, "3", name)
    shop.bench.clock.go(minutes=1)
    says(shop, "Excelente", name)
    (one,) = surveyed(shop)
    assert (one.score, standing(shop)[0]) == (5, "resolved")
    with shop.bench.reading() as connection:
        kept = [
            data for (data,) in connection.execute("SELECT data FROM event ORDER BY seq") if '"Rated"' in data
        ]
    assert len(kept) == 2
    assert '"was":3' in kept[1]


def test_a_rating_stays_in_its_ticket_however_long_that_is_closed_and_comes_too_late_after_two_weeks(shop):
    name = asked(shop)
    shop.bench.clock.go(days=10)
    says(shop, "4", name)
    assert surveyed(shop)[0].score == 4
    shop.bench.clock.go(days=5)
    says(shop, "2", name)
    assert surveyed(shop)[0].score == 4
    assert shop.bench.ticket(2).row.subject, "a linked new ticket, as for any message so late"


def test_only_the_customer_rates(shop):
    name = asked(shop)
    says(shop, "1", name, sender="pep@other.test")
    assert surveyed(shop)[0].score is None


def test_what_a_stranger_writes_into_the_ticket_takes_nobody_s_rating(shop):
    name = asked(shop)
    says(shop, "Hola, ¿qué tal?", name, sender="eve@evil.test")
    assert shop.bench.ticket(1).row.messages == 4, "it came by the token"
    shop.bench.clock.go(minutes=5)
    says(shop, "5", name)
    assert [each.score for each in surveyed(shop)] == [5]


def test_one_survey_for_each_end_and_none_again_within_the_cooldown(shop):
    assert refused(shop) == "survey_not_over"
    asked(shop)
    assert refused(shop) == "survey_asked"
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.bench.clock.go(days=1)
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    assert refused(shop) == "survey_cooldown"
    shop.bench.mail(sender="María <maria@x.test>", subject="Otra cosa")
    shop.bench.desk.do(Resolve(shop.bench.id(2)))
    assert refused(shop, 2) == "survey_cooldown", "a customer is asked, not a ticket"
    shop.bench.clock.go(days=13)
    asks(shop)
    assert refused(shop, 2) == "survey_cooldown"
    assert shop.flush().sent == 1


def test_the_survey_is_about_who_had_the_ticket_then_whoever_has_it_now(shop):
    name = asked(shop)
    shop.bench.desk.do(Assign(shop.bench.id(1), "Marta"))
    says(shop, "2", name)
    assert [(each.agent, each.score) for each in surveyed(shop)] == [("Joan", 2)]


def test_of_a_ticket_that_nobody_had_it_is_about_who_resolved_it(shop):
    shop.bench.desk.do(Resolve(shop.bench.id(1)), actor="Marta")
    shop.bench.clock.go(hours=1)
    asks(shop)
    assert surveyed(shop)[0].agent == "Marta"


@pytest.mark.parametrize("word", ["BAJA", "No más encuestas."])
def test_who_wants_no_more_surveys_gets_none_until_somebody_says_otherwise(shop, word):
    name = asked(shop)
    says(shop, word, name)
    assert standing(shop) == ("resolved", False, None)
    assert shop.bench.messages(1)[-1].class_reason == "no_surveys"
    shop.bench.mail(sender="María <maria@x.test>", subject="Otra cosa")
    shop.bench.desk.do(Resolve(shop.bench.id(2)))
    shop.bench.clock.go(days=30)
    assert refused(shop, 2) == "no_surveys"
    customer = shop.bench.ticket(1).row.customer
    shop.bench.desk.do(WantSurveys(customer, wanted=True))
    asks(shop, 2)
    reply.undo(shop.bench.desk)
    with pytest.raises(RefusedError):
        shop.bench.desk.do(WantSurveys(customer, wanted=False))


def test_a_follow_up_is_declined_by_the_same_word_and_goes_no_more_then(shop):
    shop.answer()
    shop.flush()
    shop.bench.desk.do(Resolve(shop.bench.id(1)))

    def follows_up(once):
        automatic.write(
            shop.bench.desk,
            shop.settings,
            shop.provider,
            shop.bench.id(1),
            "¿Quedó resuelto?",
            kind="follow_up",
            once=once,
        )

    follows_up("a")
    shop.flush()
    says(shop, "Baja", shop.bench.messages(1)[-1].remote_id)
    assert standing(shop) == ("resolved", False, None)
    with pytest.raises(RefusedError) as error:
        follows_up("b")
    assert error.value.values["reason"] == "no_surveys"


def test_the_muted_are_not_asked_and_a_survey_that_came_back_is_none(shop):
    shop.answer()
    shop.flush()
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    asks(shop)
    shop.provider.plan = [Refused("5.1.1", "no such user")]
    shop.flush()
    assert [each.delivered for each in surveyed(shop)] == [False]
    shop.bench.desk.do(Mute(shop.bench.ticket(1).row.customer))
    shop.bench.clock.go(days=30)
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    assert refused(shop) == "is_muted"


@pytest.fixture
def chats(tmp_path):
    yield from chats_in(tmp_path)


def asked_in_chat(chats, **later):
    chats.writes("Hola")
    chats.answer("Ya está")
    chats.flush()
    chats.bench.desk.do(Resolve(chats.bench.id(1)))
    chats.go(**(later or {"hours": 1}))
    with Window(chats.bench.desk) as window:
        row = window.ticket(1).row
    survey.ask(chats.bench.desk, chats.settings, chats.home, chats, row)
    chats.flush()
    chats.go(minutes=1)


def test_in_a_chat_a_digit_or_a_thumb_rates_and_a_thumb_down_brings_the_ticket_back(chats):
    asked_in_chat(chats)
    name = int(chats.numbers)
    chats.reacts("👍🏽", name)
    (one,) = survey.of_ticket(chats.bench.desk, chats.bench.id(1))
    assert (one.score, one.answer, one.channel) == (5, None, "whatsapp")
    assert chats.bench.ticket(1).row.status == "resolved"
    before = chats.bench.ticket(1).row.window_until
    chats.writes("4", 2)
    row = chats.bench.ticket(1).row
    assert (row.status, row.waiting_since) == ("resolved", None)
    assert row.window_until > before, "whatever they write opens the channel's window anew"
    assert survey.of_ticket(chats.bench.desk, row.id)[0].score == 4
    chats.reacts("👎", name)
    row = chats.bench.ticket(1).row
    assert (row.status, row.unread) == ("open", True)
    rows = digest(chats.bench.store.connection)
    chats.bench.store.rebuild()
    assert digest(chats.bench.store.connection) == rows


def test_outside_of_a_chat_s_window_nobody_is_asked(chats):
    with pytest.raises(RefusedError) as error:
        asked_in_chat(chats, hours=25)
    assert error.value.values["reason"] == "window_closed"


def test_a_rating_that_is_edited_counts_as_it_reads_now_and_one_that_became_a_question_waits_for_an_answer(
    chats,
):
    asked_in_chat(chats)
    ticket = chats.bench.id(1)
    chats.writes("4", 2)
    for text, score, waits in (("5", 5, 0), ("5 ¿y la factura?", None, 1), ("2", 2, 1), ("5 👍", 5, 1)):
        chats.edits(text, 2)
        (one,) = survey.of_ticket(chats.bench.desk, ticket)
        status = chats.bench.ticket(1).row.status
        assert (one.score, status, unanswered(chats)) == (score, "open" if waits else "resolved", waits)
    rows = digest(chats.bench.store.connection)
    chats.bench.store.rebuild()
    assert digest(chats.bench.store.connection) == rows


def test_a_sign_that_is_no_thumb_is_a_sign(chats):
    asked_in_chat(chats)
    chats.reacts("❤️", int(chats.numbers))
    assert survey.of_ticket(chats.bench.desk, chats.bench.id(1))[0].score is None
