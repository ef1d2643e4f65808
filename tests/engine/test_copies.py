"""Our own mail comes back: that is no news. What a stranger sends under its name is."""

import pytest

from agentdesk.core.posting import ReportSent
from desks import SHOP
from engine.answering import shop_in


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


@pytest.fixture
def ours(shop):
    """The Message-ID of an answer of ours that went."""
    shop.answer("Ya va en camino")
    shop.flush()
    return shop.bench.messages(1)[1].remote_id


def test_a_stranger_who_uses_the_name_of_our_mail_is_heard(shop, ours):
    assert shop.bench.mail("¿Y mi factura?", sender="pep@y.test", message_id=ours).received == 1
    assert shop.bench.ticket(1).row.messages == 2
    (message,) = shop.bench.messages(2)
    assert message.text.strip() == "¿Y mi factura?"
    assert "same_message_id" in message.warnings


def test_so_is_the_customer_whose_program_keeps_the_name(shop, ours):
    assert shop.bench.mail("No ha llegado", sender="maria@x.test", message_id=ours).received == 1


@pytest.mark.parametrize("role", ["inbox", "sent", "junk"])
def test_our_own_mail_that_comes_back_altered_is_the_copy(shop, ours, role):
    """A list adds its footer and its own address to answer to, or the server files it with other headers."""
    footer = "List-Id: <amigos.x.test>\r\nPrecedence: list\r\n"
    back = shop.bench.mail(
        "Ya va en camino\n-- \nAmigos",
        sender=SHOP,
        to="maria@x.test",
        message_id=ours,
        role=role,
        extra=footer,
    )
    assert (back.received, len(shop.bench.messages(1))) == (0, 2)


def test_a_list_that_has_itself_answered_returns_a_copy_too(shop, ours):
    asks = "Reply-To: maria@x.test\r\nList-Id: <amigos.x.test>\r\n"
    assert shop.bench.mail("Ya va", sender=SHOP, message_id=ours, extra=asks).received == 0


def test_a_form_in_our_name_by_somebody_else_is_no_copy(shop, ours):
    asks = "Reply-To: pep@y.test\r\n"
    assert shop.bench.mail("¿Tenéis sillas?", sender=SHOP, message_id=ours, extra=asks).received == 1
    assert shop.bench.ticket(2).row.identity == "email:pep@y.test"


def test_what_is_filed_in_sent_from_an_alias_is_the_copy(shop, ours):
    back = shop.bench.mail("Ya va", sender="hola@alias.test", to="maria@x.test", message_id=ours, role="sent")
    assert back.received == 0


def test_a_stranger_may_have_used_the_name_first(shop):
    shop.bench.mail("Antes", sender="pep@y.test", message_id="<same@shop.test>")
    answer = shop.bench.mail(
        "Ahora",
        sender=SHOP,
        to="maria@x.test",
        reply_to="<a@x.test>",
        message_id="<same@shop.test>",
        role="sent",
    )
    assert answer.received == 1
    assert "same_message_id" in shop.bench.messages(1)[1].warnings


def test_who_takes_the_name_that_a_service_gave_our_mail_keeps_no_answer_from_it(shop):
    shop.answer("Ya va en camino")
    shop.flush()
    message = shop.bench.messages(1)[1].id
    named = "<0100018f@ses.test>"
    shop.bench.desk.do(ReportSent(message, shop.bench.clock.at, names=(named,)))
    assert shop.bench.mail("Hola", sender="pep@y.test", message_id=named).received == 1
    shop.bench.mail("Gracias, pero ¿cuándo?", sender="maria@x.test", reply_to=named)
    assert [each.text.strip() for each in shop.bench.messages(1)][-1] == "Gracias, pero ¿cuándo?"
