"""Doubt: an answer of which nobody can say that it went is looked up, then put to the agent, never sent twice."""

import pytest

from agentdesk.channels import Doubtful
from agentdesk.engine import reply
from agentdesk.store.outbox import Outbox
from engine.answering import shop_in


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def test_doubt_is_looked_up_and_otherwise_put_to_the_agent(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.provider.knows = True
    shop.answer()
    assert shop.flush().sent == 1
    shop.provider.plan = [Doubtful("lost after data")]
    shop.provider.knows = None
    shop.answer("Segunda")
    assert shop.flush().unknown == 1
    (row,) = shop.outbox()
    assert row.state == "unknown"
    shop.bench.clock.go(days=3)
    assert shop.flush().sent == 0, "never again by itself"
    reply.settle_sent(shop.bench.desk, row.message)
    assert shop.outbox() == []


def doubted(shop) -> bytes:
    """The raw form of an answer that nobody can say went."""
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer()
    with shop.bench.reading() as connection:
        message = shop.bench.messages(1)[1].id
        return shop.bench.store.blobs.get(connection, Outbox(connection).mailing(message).raw)


def test_doubt_ends_when_the_copy_turns_up_in_sent(shop):
    raw = doubted(shop)
    assert shop.flush().unknown == 1
    shop.bench.clock.go(minutes=3)
    assert shop.bench.mail(raw=raw, role="sent").duplicates == 1
    assert shop.bench.messages(1)[1].state == "sent"
    assert shop.outbox() == []
    clock = {(c["metric"], c["tier"]): c for c in shop.bench.ticket(1).clocks}["first_response", "standard"]
    assert (clock["state"], clock["met_at"]) == ("met", "2026-11-23T09:03:00.000Z")


def test_a_copy_that_comes_in_while_it_is_looked_for_ends_the_doubt(shop):
    raw = doubted(shop)

    async def looked_for(message_id):
        assert shop.bench.mail(raw=raw, role="sent").duplicates == 1

    shop.provider.find_sent = looked_for
    assert (shop.flush().sent, shop.bench.messages(1)[1].state) == (1, "sent")


@pytest.mark.parametrize(("resolve", "status"), [(False, "waiting_customer"), (True, "resolved")])
@pytest.mark.parametrize("ends", [reply.settle_sent, reply.retry])
def test_a_doubt_that_ends_leaves_the_ticket_where_the_answer_had_sent_it(shop, ends, resolve, status):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer(resolve=resolve)
    shop.flush()
    assert shop.bench.ticket(1).row.status == "open"
    ends(shop.bench.desk, shop.outbox()[0].message)
    shop.flush()
    assert (shop.bench.ticket(1).row.status, shop.outbox()) == (status, [])
    answer = shop.bench.messages(1)[1]
    assert (answer.state, answer.error) == ("sent", None)


def test_a_doubt_that_ends_after_the_customer_wrote_again_leaves_the_ticket_open(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer(resolve=True)
    shop.flush()
    shop.bench.clock.go(minutes=1)
    shop.bench.mail("¿Hola?", sender="maria@x.test", reply_to=shop.bench.messages(1)[1].remote_id)
    reply.settle_sent(shop.bench.desk, shop.outbox()[0].message)
    assert shop.bench.ticket(1).row.status == "open"


def test_the_agent_may_have_it_sent_again(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer()
    shop.flush()
    reply.retry(shop.bench.desk, shop.outbox()[0].message)
    assert shop.flush().sent == 1
    assert len(shop.provider.accepted) == 1


@pytest.mark.parametrize(
    ("death", "knows", "accepted", "state"),
    [
        ("die before", None, 1, "sent"),
        ("die in data", None, 0, "unknown"),
        ("die in data", True, 0, "sent"),
        ("die after", True, 1, "sent"),
        ("die after", None, 1, "unknown"),
    ],
)
def test_a_process_that_dies_while_sending_never_sends_twice(shop, death, knows, accepted, state):
    shop.provider.plan = [death]
    shop.provider.knows = knows
    shop.answer()
    with pytest.raises(KeyboardInterrupt):
        shop.flush()
    shop.flush()
    shop.flush()
    assert len(shop.provider.accepted) == accepted
    assert shop.bench.messages(1)[1].state == state
