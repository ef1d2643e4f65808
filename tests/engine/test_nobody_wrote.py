"""What comes in the form of a message and asks for nothing: what a service says itself, and a lone STOP."""

import pytest

from agentdesk.core.model import BY_SERVICE, MailClass
from agentdesk.engine import life, proof
from agentdesk.errors import RefusedError
from engine.chats import chats_in


@pytest.fixture(params=["telegram", "sms"])
def shop(tmp_path, request):
    for made in chats_in(tmp_path, request.param):
        yield made
        assert proof.prove(made.bench.desk).agrees


def joined(shop, number):
    shop.writes(
        "", number, mail_class=MailClass.AUTO_REPLY, class_reason=BY_SERVICE, warnings=("chat_changed",)
    )


def stops(shop, number):
    shop.writes("STOP", number, class_reason="opted_out", warnings=("opted_out",))


@pytest.mark.parametrize("comes", [joined, stops])
def test_alone_it_is_no_work_and_whoever_writes_then_is(shop, comes):
    comes(shop, 1)
    assert shop.bench.queue() == shop.bench.queue("unanswered") == []
    (row,) = shop.bench.queue("machine")
    assert (row.next_due_at, row.unread) == (None, False)
    shop.go(minutes=5)
    shop.writes("Hola", 2)
    (row,) = shop.bench.queue()
    assert (row.owed_since, row.next_due_at is not None) == ("2026-11-23T09:05:00.000Z", True)


@pytest.mark.parametrize("comes", [joined, stops])
def test_in_a_conversation_it_takes_nothing_from_whoever_waits_and_opens_nothing(shop, comes):
    shop.writes("Hola", 1)
    before = shop.bench.ticket(1).row
    comes(shop, 2)
    row = shop.bench.ticket(1).row
    assert (row.owed_since, row.next_due_at) == (before.owed_since, before.next_due_at)
    if comes is joined:
        shop.answer("Bon dia", ticket=1)
        shop.flush()
        comes(shop, 3)
        assert shop.bench.ticket(1).row.status == "waiting_customer"


def test_nothing_is_sent_after_stop_until_they_write_again(shop):
    shop.writes("Hola", 1)
    stops(shop, 2)
    assert shop.bench.messages(1)[-1].settled == "opted_out"
    with pytest.raises(RefusedError) as caught:
        shop.answer()
    assert caught.value.values["reason"] == "opted_out"
    assert life.of_ticket(shop.bench.desk, shop.bench.id(1)).turns
    shop.writes("Torno a ser jo", 3)
    shop.answer()
    shop.flush()
    assert shop.states() == [("Ja ve", "sent")]
