"""Send later: an answer waits for its time, and for nothing else; whoever writes first stops it."""

from datetime import timedelta

import pytest

from agentdesk.core.letter import Wish
from agentdesk.core.model import Acts, Template
from agentdesk.engine import reply
from agentdesk.engine.going import may_go
from agentdesk.engine.outbox import release_mine
from agentdesk.engine.ticker import wake
from agentdesk.errors import RefusedError
from agentdesk.store import draft
from agentdesk.store.digest import digest
from agentdesk.store.ways import ToAnswer
from engine.answering import shop_in


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def looked(shop):
    """The mailbox was looked at just now."""
    with shop.bench.desk.transaction() as writer:
        writer.intake.set_health("mailbox", "ok", synced_at=shop.bench.clock.at)


def kept(shop, ticket=1):
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(ticket), "Joan", "reply")


def clocks(shop):
    found = shop.bench.ticket(1).clocks
    return {(c["metric"], c["tier"]): c for c in found}["first_response", "standard"]


def at(shop, **span):
    return shop.bench.clock.at + timedelta(**span)


def test_an_answer_goes_at_its_time_and_not_before_and_bears_that_time(shop):
    done = shop.answer(at=at(shop, hours=16))
    assert (done.state, shop.outbox()[0].goes_at) == ("held", "2026-11-24T01:00:00.000Z")
    shop.bench.clock.go(hours=15)
    looked(shop)
    assert shop.flush().sent == 0
    shop.bench.clock.go(hours=1)
    looked(shop)
    assert shop.flush().sent == 1
    assert b"Date: Tue, 24 Nov 2026 01:00:00 +0000\r\n" in shop.provider.accepted[0]
    assert shop.bench.messages(1)[1].state == "sent"


def test_what_has_not_gone_has_not_answered(shop):
    shop.answer(at=at(shop, hours=16), acts=Acts(tag=("talla",)))
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.snoozed_until) == ("snoozed", "2026-11-24T01:00:00.000Z")
    assert ticket.row.waiting_since
    assert (ticket.row.assignee, ticket.tags) == ("Joan", ("talla",))
    assert clocks(shop)["state"] == "running"
    assert "answered_at" not in clocks(shop)
    shop.bench.clock.go(hours=16)
    wake(shop.bench.desk)
    assert shop.bench.ticket(1).row.status == "open"  # it is said when it does not go
    looked(shop)
    shop.flush()
    row = shop.bench.ticket(1).row
    assert (row.status, row.waiting_since, row.snoozed_until) == ("waiting_customer", None, None)
    assert (clocks(shop)["state"], clocks(shop)["met_at"]) == ("met_late", "2026-11-24T01:00:00.000Z")


@pytest.mark.parametrize(
    ("wish", "resolve", "status"),
    [({}, True, "resolved"), ({"until": 30}, False, "snoozed"), ({}, False, "waiting_customer")],
)
def test_what_was_to_become_of_the_ticket_becomes_of_it_when_the_answer_goes(shop, wish, resolve, status):
    acts = Acts(until=at(shop, hours=wish["until"])) if wish else Acts()
    shop.answer(at=at(shop, hours=2), resolve=resolve, acts=acts)
    assert shop.bench.ticket(1).row.status == "snoozed"
    shop.bench.clock.go(hours=2)
    looked(shop)
    shop.flush()
    row = shop.bench.ticket(1).row
    assert row.status == status
    assert (row.snoozed_until == "2026-11-24T15:00:00.000Z") is (status == "snoozed")


def test_a_ticket_that_somebody_has_moved_meanwhile_stays_where_it_is(shop):
    from agentdesk.core.commands import Resolve

    shop.answer(at=at(shop, hours=2))
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.bench.clock.go(hours=2)
    looked(shop)
    assert shop.flush().sent == 1
    assert shop.bench.ticket(1).row.status == "resolved"


def test_whoever_writes_first_stops_it_gets_no_answer_and_the_text_is_the_draft(shop):
    shop.answer("Le llega el lunes.", at=at(shop, hours=16))
    shop.bench.clock.go(hours=1)
    shop.bench.mail("¡Ya llegó!", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    assert shop.outbox() == []
    assert kept(shop) == "Le llega el lunes."
    said = [(m.direction, m.name) for m in shop.bench.messages(1)]
    assert said == [("in", "María"), ("in", ""), ("note", "agentdesk")]
    assert "wrote first" in shop.bench.messages(1)[-1].text
    assert shop.bench.ticket(1).row.status == "open"
    shop.bench.clock.go(hours=20)
    looked(shop)
    assert shop.flush().sent == 0
    shop.answer("Gracias por avisar.")  # the next answer is free
    assert shop.flush().sent == 1


def test_a_machine_s_mail_and_another_s_ticket_stop_nothing(shop):
    shop.answer(at=at(shop, hours=16))
    shop.bench.mail(
        "Estoy de vacaciones",
        sender="maria@x.test",
        reply_to="<a@x.test>",
        extra="Auto-Submitted: auto-replied\r\n",
    )
    shop.bench.mail(sender="pep@x.test", message_id="<p@x.test>")
    assert [row.state for row in shop.outbox()] == ["held"]


def test_what_the_author_has_begun_since_stays_before_the_text_that_comes_back(shop):
    shop.answer("Primera.", at=at(shop, hours=16))
    with shop.bench.desk.transaction() as writer:
        draft.save(writer.connection, shop.bench.id(1), "Joan", "reply", "Segunda.", shop.bench.clock.at)
    shop.bench.mail("?", sender="maria@x.test", reply_to="<a@x.test>")
    assert kept(shop) == "Segunda.\n\nPrimera."


def test_it_does_not_go_before_the_mailbox_was_looked_at_after_its_time(shop):
    """A laptop that slept: what the customer wrote on Sunday comes in before Monday's answer goes out."""
    looked(shop)
    shop.answer(at=at(shop, hours=2))
    shop.bench.clock.go(hours=40)
    assert shop.flush().sent == 0
    shop.bench.mail("Anúlelo", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    looked(shop)
    assert shop.flush().sent == 0
    assert shop.provider.accepted == []


def test_a_second_answer_does_not_wait_for_the_one_that_waits(shop):
    shop.answer("Más tarde.", at=at(shop, hours=16))
    shop.answer("Ahora mismo.")
    assert shop.flush().sent == 1
    assert b"Ahora mismo." in shop.provider.accepted[0]
    assert [row.state for row in shop.outbox()] == ["held"]


def test_leaving_the_console_lets_it_wait_and_told_so_it_goes_at_once(shop):
    done = shop.answer(at=at(shop, hours=16))
    assert release_mine(shop.bench.desk) == 0
    assert reply.release(shop.bench.desk, done.message) == 1
    assert shop.outbox()[0].goes_at is None
    assert shop.flush().sent == 1


def test_undo_takes_it_back_and_cancel_does_also_after_the_ticket_has_moved(shop):
    shop.answer(at=at(shop, hours=2))
    reply.undo(shop.bench.desk)
    assert (shop.outbox(), shop.bench.ticket(1).row.status, kept(shop)) == ([], "new", "Ya va en camino")
    done = shop.answer(at=at(shop, hours=2))
    shop.bench.clock.go(hours=3)
    wake(shop.bench.desk)
    reply.cancel(shop.bench.desk, done.message)
    assert (shop.outbox(), kept(shop), shop.bench.ticket(1).row.status) == ([], "Ya va en camino", "open")


def test_one_that_is_cancelled_wakes_its_ticket(shop):
    done = shop.answer(at=at(shop, hours=2))
    reply.cancel(shop.bench.desk, done.message)
    row = shop.bench.ticket(1).row
    assert (row.status, row.snoozed_until) == ("open", None)


def test_what_was_merged_goes_and_is_stopped_in_the_ticket_that_is_left(shop):
    from agentdesk.core.commands import Merge

    shop.bench.mail(sender="maria@x.test", message_id="<c@x.test>", subject="Otra cosa")
    shop.answer(at=at(shop, hours=2), ticket=2)
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    assert [row.goes_at for row in shop.outbox()] == ["2026-11-23T11:00:00.000Z"]
    shop.bench.mail("?", sender="maria@x.test", reply_to="<a@x.test>")
    assert shop.outbox() == []
    assert kept(shop).startswith("Ya va en camino")


def test_a_time_that_has_passed_is_refused_and_so_is_a_sleep_that_would_end_before(shop):
    for wish in (
        {"at": at(shop, hours=-1)},
        {"at": at(shop, hours=2), "acts": Acts(until=at(shop, hours=1))},
    ):
        with pytest.raises(RefusedError) as error:
            shop.answer(**wish)
        assert error.value.values["reason"] == "past"
    assert shop.outbox() == []


def test_the_plan_survives_a_rebuild_and_another_start(shop):
    shop.answer(at=at(shop, hours=2), resolve=True)
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before
    shop.bench.clock.go(hours=2)
    looked(shop)
    shop.flush()
    assert shop.bench.ticket(1).row.status == "resolved"


def test_an_erased_customer_gets_nothing(shop):
    from agentdesk.core.commands import Erase

    shop.answer(at=at(shop, hours=2))
    with shop.bench.reading() as connection:
        (customer,) = connection.execute("SELECT customer FROM ticket WHERE number = 1").fetchone()
    shop.bench.desk.do(Erase(customer))
    shop.bench.clock.go(hours=2)
    looked(shop)
    assert (shop.outbox(), shop.flush().sent, shop.provider.accepted) == ([], 0, [])


def test_a_window_that_will_have_closed_by_then_refuses_it_with_the_time(shop):
    from zoneinfo import ZoneInfo

    now, zone = shop.bench.clock.at, ZoneInfo("Europe/Madrid")
    asked = ToAnswer("t", "a", "whatsapp", "es", None, "i", now + timedelta(hours=3), opted_out=False)
    may_go(asked, Wish("x", at=now + timedelta(hours=2)), now, zone)
    with pytest.raises(RefusedError) as error:
        may_go(asked, Wish("x", at=now + timedelta(hours=4)), now, zone)
    assert error.value.values == {"reason": "closed_by_then", "time": "23/11 13:00"}
    template = Template("hola", "es", ())
    may_go(asked, Wish("x", at=now + timedelta(hours=4), template=template), now, zone)
