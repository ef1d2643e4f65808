"""Answers leave once, or say why not: a provider of our own keeps the truth of what it accepted."""

import pytest

from agentdesk.channels import Refused, TryLater
from agentdesk.core.commands import Merge
from agentdesk.engine import marks, reply, waitcheck
from agentdesk.errors import RefusedError
from engine.answering import shop_in


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def test_an_answer_goes_out_once_and_meets_the_clock_when_it_is_accepted(shop):
    shop.bench.clock.go(minutes=10)
    shop.answer()
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.assignee) == ("waiting_customer", "Joan")
    clock = {(c["metric"], c["tier"]): c for c in ticket.clocks}["first_response", "standard"]
    assert (clock["state"], clock["answered_at"]) == ("running", "2026-11-23T09:10:00.000Z")
    shop.bench.clock.go(minutes=3)
    assert shop.flush().sent == 1
    clock = {(c["metric"], c["tier"]): c for c in shop.bench.ticket(1).clocks}["first_response", "standard"]
    assert (clock["state"], clock["met_at"]) == ("met", "2026-11-23T09:13:00.000Z")
    assert shop.bench.ticket(1).row.waiting_since is None
    assert shop.flush().sent == 0
    (raw,) = shop.provider.accepted
    assert b"In-Reply-To: <a@x.test>" in raw
    assert b"Subject: Re: Pedido 7\r\n" in raw
    assert shop.bench.messages(1)[1].state == "sent"


def test_what_the_customer_wrote_while_the_answer_was_on_its_way_has_a_promise_of_its_own(shop):
    shop.bench.clock.go(minutes=10)
    shop.answer()
    shop.bench.clock.go(minutes=1)
    shop.bench.mail("¿Y la factura?", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    shop.bench.clock.go(minutes=1)
    shop.flush()
    ticket = shop.bench.ticket(1)
    clocks = {(c["metric"], c["tier"]): c for c in ticket.clocks}
    assert clocks["first_response", "standard"]["state"] == "met"
    following = clocks["next_response", "standard"]
    assert (following["state"], following["started_at"]) == ("running", "2026-11-23T09:11:00.000Z")
    assert (ticket.row.waiting_since, ticket.row.next_due_at) == (
        "2026-11-23T09:11:00.000Z",
        "2026-11-23T10:11:00.000Z",
    )


def test_the_mail_that_was_answered_is_marked_and_not_the_one_that_came_meanwhile(shop):
    told = []

    async def flag(places, flags):
        told.append((sorted(flags), [place.uid for place in places]))
        return places

    shop.provider.flag = flag
    shop.answer()
    shop.bench.mail("¿Y la factura?", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    shop.flush()
    assert told == [(["\\Answered"], [1])]


def test_the_answer_comes_from_the_address_the_customer_wrote_to(shop):
    shop.bench.mail(sender="pep@x.test", to="Pedidos <pedidos@shop.test>")
    shop.answer(ticket=2)
    shop.flush()
    assert b"From: Joan <pedidos@shop.test>" in shop.provider.accepted[0]


def test_the_original_stands_quoted_below_in_the_customer_s_language_and_folded(shop):
    shop.bench.mail(
        "Bon dia, on és la meva comanda? Gràcies per la vostra ajuda.", sender="Núria <nuria@x.test>"
    )
    shop.answer("Demà arriba.", ticket=2)
    message = shop.bench.messages(2)[1]
    assert "va escriure:" in message.text
    assert "> Bon dia" in message.text
    assert message.visible.strip() == "Demà arriba."


def test_an_answer_that_was_written_offline_is_not_given_up_by_the_first_attempt_after_three_days(shop):
    """The lid was closed, and the network is not up yet when it opens; then the server is busy at first."""
    shop.answer()
    shop.bench.clock.go(days=3)
    shop.provider.plan = [TryLater("no route", reached=False)] * 3 + [TryLater("451 busy")]
    for _ in range(4):
        assert shop.flush().later == 1
        shop.bench.clock.go(seconds=20)
    shop.bench.clock.go(minutes=10)
    assert shop.flush().sent == 1


def test_what_nobody_answers_to_is_never_given_up_and_doctor_says_that_it_waits(shop):
    shop.answer()
    shop.provider.plan = [TryLater("no route", reached=False)] * 90
    for _ in range(90):
        shop.flush()
        shop.bench.clock.go(hours=1)
    (check,) = waitcheck.answers(shop.bench.desk, shop.settings)
    assert (check.name, check.ok) == ("outbox soporte", True)
    assert check.detail == "1 answer waits since 2026-11-23 10:00 for a server that does not answer"
    assert "by itself" in check.remedy
    assert shop.flush().sent == 1
    assert list(waitcheck.answers(shop.bench.desk, shop.settings)) == []


def test_a_server_that_says_for_two_days_that_it_does_not_take_it_is_believed(shop):
    """A line that is down in between, each morning for one, does not begin anew."""
    shop.answer()
    shop.bench.clock.go(hours=30)
    busy, down = TryLater("452 mailbox full"), TryLater("no route", reached=False)
    shop.provider.plan = [busy, down] * 30
    tried = 0
    while shop.bench.messages(1)[1].state == "written":
        tried += 1
        shop.flush()
        shop.bench.clock.go(hours=1)
    assert tried in {49, 50, 51}
    assert shop.bench.messages(1)[1].state == "failed"


def test_a_customer_s_answer_to_it_joins_by_our_token(shop):
    shop.answer()
    shop.flush()
    ours = shop.bench.messages(1)[1].remote_id
    shop.bench.mail("¡Gracias!", sender="maria@otro.test", reply_to=ours)
    assert shop.bench.messages(1)[2].joined_by == "token"


def test_our_copy_in_the_sent_folder_is_known(shop):
    shop.answer()
    shop.flush()
    assert shop.provider.filed == [shop.bench.messages(1)[1].remote_id]
    raw = shop.provider.accepted[0].replace(b"MIME-Version", b"X-Server: altered\r\nMIME-Version")
    assert shop.bench.mail(raw=raw, role="sent").duplicates == 1
    assert len(shop.bench.messages(1)) == 2


def test_a_held_answer_waits_and_can_be_taken_back(shop):
    shop.answer(hold=10)
    assert shop.flush().sent == 0
    reply.undo(shop.bench.desk)
    shop.bench.clock.go(seconds=60)
    assert shop.flush().sent == 0
    assert shop.provider.accepted == []
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.assignee, len(shop.bench.messages(1))) == ("new", None, 1)
    assert (
        "answered_at"
        not in {(c["metric"], c["tier"]): c for c in ticket.clocks}["first_response", "standard"]
    )
    shop.answer("Otra vez")
    assert shop.flush().sent == 1


def test_a_held_answer_goes_by_itself_when_its_time_has_come(shop):
    shop.answer(hold=10)
    shop.bench.clock.go(seconds=10)
    assert shop.flush().sent == 1


def test_the_send_key_again_lets_it_go_now(shop):
    done = shop.answer(hold=10)
    assert reply.release(shop.bench.desk, done.message)
    assert shop.flush().sent == 1


def test_what_has_gone_cannot_be_taken_back(shop):
    shop.answer()
    shop.flush()
    with pytest.raises(RefusedError, match="answer_gone"):
        reply.undo(shop.bench.desk)


def test_what_surely_did_not_go_is_tried_again_with_the_same_id(shop):
    shop.provider.plan = [TryLater("421 busy"), TryLater("421 busy")]
    shop.answer()
    assert shop.flush().later == 1
    assert shop.outbox()[0].error == "421 busy"
    assert shop.flush().later == 0, "not before its time"
    shop.bench.clock.go(minutes=2)
    assert shop.flush().later == 1
    shop.bench.clock.go(hours=1)
    assert shop.flush().sent == 1
    assert shop.outbox() == []


def test_while_no_server_answers_it_is_tried_again_within_half_a_minute_however_long_that_lasts(shop):
    shop.bench.mail(sender="pep@x.test")
    shop.answer()
    shop.answer(ticket=2)
    for _ in range(30):
        shop.provider.plan = [TryLater("no route to host", reached=False)]
        assert shop.flush().later == 1, "one attempt stands for all"
        assert shop.flush().later == 0, "not before its time"
        shop.bench.clock.go(seconds=30)
    assert shop.flush().sent == 2


def test_it_gives_up_after_two_days_and_says_so(shop):
    shop.answer()
    for _ in range(60):
        shop.provider.plan = [TryLater("connection refused")]
        shop.flush()
        shop.bench.clock.go(hours=1)
    (row,) = shop.outbox()
    assert (row.state, row.error) == ("failed", "connection refused")
    assert shop.bench.ticket(1).row.status == "open"


def test_a_refusal_brings_the_ticket_back_with_the_server_s_words(shop):
    shop.provider.plan = [Refused("recipient", "550 no such user")]
    shop.answer()
    assert shop.flush().failed == 1
    row = shop.bench.ticket(1).row
    assert (row.status, row.waiting_since is not None) == ("open", True)
    (out,) = shop.outbox()
    assert (out.state, out.error, out.attempts) == ("failed", "550 no such user", 1)
    reply.retry(shop.bench.desk, out.message)
    assert shop.flush().sent == 1
    assert shop.bench.ticket(1).row.status == "waiting_customer"


def test_answers_of_one_ticket_keep_their_order(shop):
    shop.answer("Uno")
    shop.answer("Dos")
    shop.provider.plan = [TryLater("busy")]
    assert shop.flush().sent == 0
    shop.bench.clock.go(minutes=5)
    assert shop.flush().sent == 2
    assert [b"Uno" in raw for raw in shop.provider.accepted] == [True, False]


def test_a_ticket_without_an_account_or_a_sender_says_so(shop):
    shop.bench.mail("sin remitente", raw=b"To: soporte@shop.test\r\nSubject: x\r\n\r\nhola\r\n")
    with pytest.raises(RefusedError, match="no_recipient"):
        shop.answer(ticket=2)


def test_an_answer_survives_a_rebuild(shop):
    from agentdesk.store.digest import digest

    shop.answer()
    shop.flush()
    shop.answer("Otra", hold=60)
    reply.undo(shop.bench.desk)
    shop.bench.clock.go(seconds=1)
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before


def test_the_server_is_told_what_was_read_and_answered(shop):
    told = []

    async def flag(places, flags):
        told.append((sorted(flags), [place.uid for place in places]))
        return places

    shop.provider.flag = flag
    marks.read(shop.bench.desk, shop.settings, "mailbox", shop.bench.id(1))
    assert not shop.bench.ticket(1).row.unread
    shop.flush()
    shop.answer()
    shop.flush()
    shop.flush()
    assert told == [(["\\Seen"], [1]), (["\\Answered"], [1])]


def test_a_held_answer_is_listed_under_the_ticket_that_is_shown(shop):
    """One that went into another while it waits, and once it has failed."""
    shop.bench.mail("dos", sender="maria@x.test", message_id="<b@x.test>", subject="Otro")
    shop.answer("Respuesta", ticket=2, hold=60)
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    assert [row.ticket for row in shop.outbox()] == [1]
    shop.bench.clock.go(minutes=5)
    shop.provider.plan = [Refused("5.1.1", "no such person")]
    shop.flush()
    assert [(row.ticket, row.state) for row in shop.outbox()] == [(1, "failed")]
