"""What an answer promises: stored with it, raised before it is due, kept by the next answer, late, broken, undone, counted."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from agentdesk.core.commands import EraseAgain, Merge, Undo
from agentdesk.core.derivation import Derive
from agentdesk.core.figures import Period, Share
from agentdesk.core.instant import stamp
from agentdesk.core.keeping import NoteCustomer
from agentdesk.core.model import Acts
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, Pledge
from agentdesk.engine import forgetting, pledge, reply
from agentdesk.engine import report as reports
from agentdesk.engine.ask import Promised, ask
from agentdesk.engine.promise import board
from agentdesk.engine.ticker import wake
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import pledge as stored
from agentdesk.store.digest import digest
from engine.answering import Shop

DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    shop.bench.mail("¿Queda la talla M?")
    yield shop
    shop.bench.close()


def promised(shop, text="Mañana te confirmo si queda.", **more):
    """An answer with what it promises, and sent."""
    found = pledge.found(shop.bench.desk, text, more.get("at"))
    written = shop.answer(text, pledges=found, **more)
    shop.flush()
    return written


def outcomes(shop, ticket=1):
    now = stamp(shop.bench.clock.at)
    return [each.outcome(now).value for each in pledge.of_ticket(shop.bench.desk, shop.bench.id(ticket))]


def test_a_promise_wakes_its_ticket_in_time_and_stands_in_the_order_by_its_due_time(shop):
    bench = shop.bench
    promised(shop)
    view = bench.ticket(1)
    assert (view.row.status, view.promised_until) == ("waiting_customer", "2026-11-24T20:00:00.000Z")
    bench.clock.go(hours=12)
    assert wake(bench.desk) == 0
    bench.clock.go(hours=12)  # Tuesday at nine
    assert (wake(bench.desk), wake(bench.desk)) == (1, 0)
    (row,) = bench.queue()
    assert (row.band, row.next_due_at, row.status) == ("can_meet", view.promised_until, "open")
    with Window(bench.desk) as window:
        (due,) = board(bench.desk, window, bench.clock.at)
        assert (due.row.number, due.clock) == (1, None)
    bench.clock.go(hours=12)
    (row,) = bench.queue("overdue")
    assert (row.band, row.reason, outcomes(shop)) == ("late", "late", ["broken"])


def test_what_should_have_risen_while_nobody_looked_rises_yet(shop):
    promised(shop)
    shop.bench.clock.go(
        hours=25
    )  # the laptop slept, and somebody writes another one down before the ticker looks
    shop.bench.desk.do(GivePledge(shop.bench.id(1), Pledge("algo", shop.bench.clock.at + 3 * DAY)))
    assert (wake(shop.bench.desk), shop.bench.ticket(1).row.status) == (1, "open")


def test_the_next_answer_keeps_what_was_promised_and_the_one_that_promises_does_not(shop):
    bench = shop.bench
    promised(shop)
    assert outcomes(shop) == ["open"]
    bench.clock.go(hours=3)
    shop.answer("Queda una: te la guardo.")
    assert outcomes(shop) == ["open"]  # not accepted yet
    shop.flush()
    assert outcomes(shop) == ["kept"]
    assert bench.ticket(1).promised_until is None
    promised(shop)
    bench.clock.go(days=3)
    shop.answer("Perdona el retraso.")
    shop.flush()
    assert outcomes(shop) == ["kept", "late"]


def counted(shop):
    """What the report says of the last nine days, without what is nought."""
    now = shop.bench.clock.at
    wanted = reports.asked(shop.bench.desk, Period(now - 9 * DAY, now), "agent", UTC)
    (line,) = reports.report(shop.bench.desk, "promises", wanted).lines
    found = {name: line.figures[name].n for name in ("given", "late", "broken", "renewed", "not_due")}
    return {name: n for name, n in found.items() if n} | {"kept": len(line.figures["kept"].hits)}


def anew(shop, text="Mañana sin falta te confirmo."):
    """An answer that promises once more, in place of what was promised."""
    found = tuple(replace(each, renews=True) for each in pledge.found(shop.bench.desk, text))
    shop.answer(text, pledges=found)
    shop.flush()


def test_a_promise_renewed_in_time_is_replaced_and_one_alone_counts(shop):
    promised(shop, "Te confirmo hoy a las 17:00.")
    shop.bench.clock.go(hours=2)
    found = tuple(replace(each, renews=True) for each in pledge.found(shop.bench.desk, "Te confirmo mañana."))
    shop.answer("Te confirmo mañana.", pledges=found)
    assert outcomes(shop) == ["open", "open"]  # not accepted yet
    shop.flush()
    assert outcomes(shop) == ["renewed", "open"]
    assert [each.due_at for each in pledge.open_on(shop.bench.desk, shop.bench.id(1))] == [
        shop.bench.ticket(1).promised_until
    ]
    shop.bench.clock.go(days=3)
    assert counted(shop) == {"given": 2, "broken": 1, "renewed": 1, "kept": 0}


def test_a_promise_renewed_after_its_time_stays_broken_and_the_new_one_counts_beside_it(shop):
    promised(shop, "Te confirmo hoy a las 17:00.")
    shop.bench.clock.go(days=1)
    anew(shop)
    assert outcomes(shop) == ["broken", "open"]
    assert [each.text for each in pledge.open_on(shop.bench.desk, shop.bench.id(1))] == [
        "Mañana sin falta te confirmo."
    ]
    shop.bench.clock.go(hours=2)
    shop.answer("Queda una.")
    shop.flush()
    assert counted(shop) == {"given": 2, "broken": 1, "kept": 1}


def test_it_is_renewed_by_hand_too_also_where_an_answer_had_kept_it_and_one_undo_takes_that_back(shop):
    desk, ticket = shop.bench.desk, shop.bench.id(1)
    promised(shop, "Te confirmo hoy a las 17:00.")
    shop.bench.clock.go(hours=1)
    text = "Mañana sin falta te confirmo."
    written = shop.answer(text)
    shop.flush()
    assert outcomes(shop) == ["kept"]
    (one,) = pledge.found(desk, text)
    assert [each.text for each in pledge.instead(desk, ticket, written.message)] == [
        "Te confirmo hoy a las 17:00."
    ]
    desk.do(GivePledge(ticket, replace(one, renews=True), written.message))
    assert outcomes(shop) == ["renewed", "open"]
    shop.bench.store.rebuild()
    assert outcomes(shop) == ["renewed", "open"]
    desk.do(GivePledge(ticket, Pledge("otra vez", shop.bench.clock.at + 3 * DAY, renews=True)))
    assert outcomes(shop) == ["renewed", "renewed", "open"]
    desk.do(Undo())
    desk.do(Undo())
    assert outcomes(shop) == ["kept", "dropped", "dropped"]


def test_who_needs_more_time_renews_what_was_promised(shop):
    promised(shop, "Te confirmo hoy a las 17:00.")
    shop.bench.clock.go(hours=1)
    told = Promised("Necesitamos hasta mañana.", shop.bench.clock.at + DAY)
    ask(shop.bench.desk, shop.settings, shop.provider, shop.bench.ticket(1).row, "pregunta", told)
    shop.bench.clock.go(minutes=5)
    shop.flush()
    assert outcomes(shop) == ["renewed", "open"]


def test_an_answer_that_was_written_before_a_promise_does_not_keep_it(shop):
    shop.answer("Ya va.", hold=60.0)
    shop.bench.clock.go(seconds=30)
    shop.bench.desk.do(GivePledge(shop.bench.id(1), Pledge("mirarlo", shop.bench.clock.at + DAY)))
    shop.bench.clock.go(seconds=60)
    shop.flush()
    assert outcomes(shop) == ["open"]


def test_an_answer_from_another_program_keeps_it_too(shop):
    promised(shop)
    shop.bench.clock.go(hours=1)
    first = shop.bench.messages(1)[0]
    shop.bench.mail(
        "Queda una.", sender="soporte@shop.test", to="maria@x.test", role="sent", reply_to=first.remote_id
    )
    assert outcomes(shop) == ["kept"]


def test_a_resolved_ticket_comes_back_for_what_was_promised_with_its_last_answer(shop):
    promised(shop, resolve=True)
    assert shop.bench.ticket(1).row.status == "resolved"
    shop.bench.clock.go(days=1)
    assert wake(shop.bench.desk) == 1
    assert shop.bench.ticket(1).row.status == "open"


def test_what_is_taken_back_was_never_promised(shop):
    found = pledge.found(shop.bench.desk, "Mañana te confirmo.")
    written = shop.answer("Mañana te confirmo.", pledges=found, hold=60.0)
    reply.undo(shop.bench.desk)
    assert (outcomes(shop), shop.bench.ticket(1).promised_until) == (["dropped"], None)
    later = shop.answer(
        "Mañana te confirmo.",
        pledges=pledge.found(shop.bench.desk, "Mañana te confirmo."),
        at=shop.bench.clock.at + timedelta(hours=2),
    )
    shop.bench.mail("Ya no hace falta", reply_to=shop.bench.messages(1)[0].remote_id)
    assert outcomes(shop) == ["dropped", "dropped"]
    assert written.message != later.message


def test_by_hand_it_is_given_kept_dropped_and_each_is_undone(shop):
    desk, ticket, due = shop.bench.desk, shop.bench.id(1), shop.bench.clock.at + timedelta(hours=2)
    desk.do(GivePledge(ticket, Pledge("mirar el stock", due)))
    (one,) = pledge.of_ticket(desk, ticket)
    assert (one.text, one.author, one.message, one.due_at) == ("mirar el stock", "Joan", None, stamp(due))
    shop.bench.clock.go(hours=1)
    for command, state in ((KeepPledge(one.id), "kept"), (DropPledge(one.id), "dropped")):
        desk.do(command)
        assert (outcomes(shop), shop.bench.ticket(1).promised_until) == ([state], None)
        desk.do(Undo())
        assert (outcomes(shop), shop.bench.ticket(1).promised_until) == (["open"], stamp(due))
    with pytest.raises(RefusedError) as refused:
        desk.do(KeepPledge("nothing"))
    assert refused.value.values["reason"] == "no_pledge"
    with pytest.raises(RefusedError):
        desk.do(GivePledge(ticket, Pledge("tarde", shop.bench.clock.at)))
    desk.do(Undo())
    assert outcomes(shop) == ["dropped"]


def test_what_was_promised_follows_its_ticket_into_another_and_back(shop):
    bench = shop.bench
    bench.mail("Otra cosa", subject="Otra")
    bench.desk.do(GivePledge(bench.id(1), Pledge("mirarlo", bench.clock.at + DAY)))
    bench.desk.do(Merge(bench.id(1), bench.id(2)))
    assert bench.ticket(2).promised_until == stamp(bench.clock.at + DAY)
    assert [each.ticket for each in pledge.due_before(bench.desk, bench.clock.at + 2 * DAY)] == [2]
    bench.desk.do(Undo())
    assert (bench.ticket(2).promised_until, bench.ticket(1).promised_until) == (
        None,
        stamp(bench.clock.at + DAY),
    )


def test_a_rebuilt_desk_knows_the_same_promises(shop):
    promised(shop)
    shop.bench.desk.do(Derive(shop.bench.id(1), "phone"))
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before
    assert (outcomes(shop), shop.bench.ticket(1).derived_to) == (["open"], "phone")


def test_the_kept_share_is_that_of_the_fixture_and_asks_its_index(shop):
    """Of four promises one was kept in time, one late, one is broken, and one is open and not counted."""
    bench = shop.bench
    for hours in (2, 4, 6, 96):
        bench.desk.do(GivePledge(bench.id(1), Pledge("algo", bench.clock.at + timedelta(hours=hours))))
    first, second, *_ = pledge.of_ticket(bench.desk, bench.id(1))
    bench.clock.go(hours=1)
    bench.desk.do(KeepPledge(first.id))
    bench.clock.go(hours=4)
    bench.desk.do(KeepPledge(second.id))
    bench.clock.go(hours=2)
    within = Period(bench.clock.at - DAY, bench.clock.at)
    wanted = reports.asked(bench.desk, within, "agent", UTC)
    (line,) = reports.report(bench.desk, "promises", wanted).lines
    share = line.figures["kept"]
    assert isinstance(share, Share)
    assert (line.group, len(share.hits), share.n, share.tickets) == ("Joan", 1, 3, (1,))
    assert {name: line.figures[name].n for name in ("given", "late", "broken", "not_due")} == {
        "given": 4, "late": 1, "broken": 1, "not_due": 1,
    }  # fmt: skip
    assert [round(edge, 3) for edge in share.interval] == [0.061, 0.792]  # Wilson's, from a table
    with bench.reading() as connection:
        for sql, values, index in (
            (stored.DUE, ("x", 1), "pledge_open"), (stored.GIVEN, ("x", "y"), "pledge_given"), (stored.RISEN, ("x",), "ticket_pledge"),
        ):  # fmt: skip
            plan = str([row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)])
            assert index in plan
            assert "SCAN" not in plan


def test_sending_a_customer_elsewhere_is_kept_on_the_ticket_by_a_macro_too(shop):
    bench = shop.bench
    shop.answer("Llama al 600 123 456.", acts=Acts(derives="phone"))
    assert (bench.ticket(1).derived_at, bench.ticket(1).derived_to) == (stamp(bench.clock.at), "phone")
    at = stamp(bench.clock.at)
    bench.clock.go(hours=1)
    bench.desk.do(Derive(bench.id(1), "shop"))
    assert (bench.ticket(1).derived_at, bench.ticket(1).derived_to) == (at, "shop")
    bench.desk.do(Derive(bench.id(1), None))
    assert bench.ticket(1).derived_at is None
    bench.desk.do(Undo())
    assert bench.ticket(1).derived_at == at
    with pytest.raises(RefusedError):
        bench.desk.do(Derive(bench.id(1), "shop"))


def test_whom_one_forgets_leaves_the_shops_record_of_what_it_kept(shop):
    bench = shop.bench
    promised(shop)
    bench.clock.go(days=3)
    shop.answer("Perdona el retraso.")
    shop.flush()
    promised(shop, "Te confirmo hoy a las 17:00.")
    bench.clock.go(days=1)
    bench.desk.do(GivePledge(bench.id(1), Pledge("algo", bench.clock.at + 2 * DAY)))
    bench.clock.go(minutes=1)
    assert counted(shop) == {"given": 3, "late": 1, "broken": 1, "not_due": 1, "kept": 0}
    customer = bench.ticket(1).row.customer
    bench.desk.do(NoteCustomer(customer, "prefiere la tarde"))
    assert forgetting.foreseen(bench.desk, customer).extent.about == 1
    forgetting.forget(bench.desk, customer)
    for _ in range(2):  # nobody was there any more to whom the third could have been broken
        assert counted(shop) == {"given": 2, "late": 1, "broken": 1, "kept": 0}
        assert pledge.due_before(bench.desk, bench.clock.go(days=3)) == []
    was = digest(bench.store.connection)
    bench.store.rebuild()
    assert (digest(bench.store.connection), counted(shop)["broken"]) == (was, 1)


def test_an_erase_that_is_done_again_breaks_nothing(shop):
    """A backup of before comes back: what was open in it was not broken while anybody waited."""
    promised(shop)
    customer = shop.bench.ticket(1).row.customer
    shop.bench.clock.go(days=5)
    shop.bench.desk.do(EraseAgain("0" * 32, (customer,), (), ()))
    shop.bench.clock.go(days=1)
    now = shop.bench.clock.at
    wanted = reports.asked(shop.bench.desk, Period(now - 9 * DAY, now), "agent", UTC)
    assert reports.report(shop.bench.desk, "promises", wanted).lines == ()
