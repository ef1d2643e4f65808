"""An answer that goes on in a chat where something else was asked: that is not answered by it."""

from datetime import timedelta

import pytest

from agentdesk.channels import Refused
from agentdesk.engine import proof, reply
from agentdesk.engine.switch import ways_to
from agentdesk.engine.window import Window
from engine.switching import met_twice


@pytest.fixture
def shop(tmp_path):
    yield from met_twice(tmp_path)


def promises(shop, number, state="running"):
    """(what, since) of the standard promises of an answer in that state."""
    answers = {"first_response", "next_response"}
    return [
        (c["metric"], c["started_at"])
        for c in shop.bench.ticket(number).clocks
        if c["tier"] == "standard" and c["metric"] in answers and c["state"] == state
    ]


def owed(shop):
    """The tickets in which somebody waits, as the store keeps them and as the log tells."""
    found = proof.prove(shop.bench.desk)
    assert found.agrees
    with Window(shop.bench.desk) as window:
        return sorted(window.number(each.ticket) for each in found.owed)


def test_what_stood_open_in_a_chat_stays_so_after_an_answer_to_a_mail_that_went_there(shop):
    asked_at = shop.bench.ticket(2).row.waiting_since
    shop.go(minutes=1)
    done = shop.answers("La factura va per aquí", by="whatsapp")
    assert (done.merged, len(done.left)) == (True, 1)
    for _ in range(2):  # when it is written, and once it has gone
        row = shop.bench.ticket(2).row
        assert (row.status, row.unread, row.waiting_since is not None) == ("open", True, True)
        shop.sends()
    assert shop.bench.ticket(2).row.waiting_since == asked_at
    assert [row.number for row in shop.bench.queue()] == [2]
    assert owed(shop) == [2]
    assert promises(shop, 2) == [("first_response", asked_at)], "its own promise runs on, and no second one"
    shop.go(minutes=1)
    shop.answers("I sí, l'hem rebut", number=2)
    shop.sends()
    row = shop.bench.ticket(2).row
    assert (row.status, row.waiting_since, owed(shop)) == ("waiting_customer", None, [])
    assert promises(shop, 2) == []


def test_what_was_open_longer_than_the_chat_is_answered_and_the_chat_waits_since_it_wrote(shop):
    """The mail waited before: its promise is met, and what the chat asked has one from when it was written."""
    asked_at = shop.bench.ticket(2).row.waiting_since
    shop.answers("La factura va per aquí", by="whatsapp", resolve=True)
    shop.sends()
    row = shop.bench.ticket(2).row
    assert (row.status, row.waiting_since) == ("open", asked_at), "not resolved over an open question"
    assert {since for _, since in promises(shop, 2)} == {asked_at}
    assert "2026-11-23T09:00:00.000Z" in {since for _, since in promises(shop, 2, "met")}


def test_an_answer_that_failed_and_goes_again_leaves_it_open_too(shop):
    shop.plan = [Refused("no_such_user", "gone")]
    done = shop.answers("La factura va per aquí", by="whatsapp")
    shop.sends()
    assert shop.bench.ticket(2).row.status == "open"
    reply.retry(shop.bench.desk, done.message)
    shop.sends()
    assert (shop.bench.ticket(2).row.status, owed(shop)) == ("open", [2])


def test_an_answer_for_later_does_not_put_it_to_sleep(shop):
    shop.answers("La factura va per aquí", by="whatsapp", at=shop.bench.clock.at + timedelta(hours=1))
    assert shop.bench.ticket(2).row.status == "open"
    shop.go(hours=2)
    shop.flush()
    assert (shop.bench.ticket(2).row.status, owed(shop)) == ("open", [2])


def test_a_switch_that_leaves_something_open_is_taken_apart_too(shop):
    before = shop.bench.ticket(2)
    shop.answers("La factura va per aquí", by="whatsapp", hold=60)
    reply.undo(shop.bench.desk)
    reply.undo(shop.bench.desk)
    now, what = shop.bench.ticket(2), lambda view: (view.row.status, view.row.waiting_since, view.clocks)
    assert (what(now), shop.bench.ticket(1).row.number) == (what(before), 1)
    assert owed(shop) == [1, 2]


def test_two_numbers_of_ours_are_two_ways_and_it_goes_from_the_one_that_is_chosen(shop):
    shop.go(minutes=1)
    shop.workshop("Repareu llums?", 7)
    found = ways_to(shop.bench.desk, shop.bench.id(1))
    assert [(way.channel, way.account, way.number) for way in found] == [
        ("whatsapp", "taller", 3),
        ("whatsapp", "shop", 2),
        ("email", "mailbox", 1),
    ]
    assert shop.whom(1, found[1]).account == "shop"
    done = shop.answers("La factura va per aquí", by=found[1])
    shop.sends()
    assert ([one.text for one in shop.sent], done.ticket) == (["La factura va per aquí"], shop.bench.id(2))
    assert [m.text for m in shop.bench.messages(3)] == ["Repareu llums?"], "the workshop's is another matter"
    assert owed(shop) == [2, 3]
