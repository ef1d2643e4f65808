"""A phone call is a contact like any other: it opens or continues a ticket, and its clocks are as real."""

from datetime import timedelta

import pytest

from agentdesk.core.commands import Undo
from agentdesk.engine.call import Call, dialled, length, note_call
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from desks import MONDAY, Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def call(bench, text="Pregunta pel paquet", ticket=None, **more):
    values = {"number": "+34600111222", "name": "Maria", **more}
    return note_call(bench.desk, Call(text, **values), bench.id(ticket) if ticket else None)


def clock(bench, metric):
    return next(
        c["state"] for c in bench.ticket(1).clocks if (c["metric"], c["tier"]) == (metric, "standard")
    )


def test_a_call_that_is_left_open_waits_and_has_its_clocks(bench):
    call(bench, then="open", seconds=250)
    row = bench.ticket(1).row
    assert (row.channel, row.customer_name, row.identity) == ("phone", "Maria", "phone:+34600111222")
    assert (row.status, row.waiting_since is not None, row.subject) == ("new", True, "Pregunta pel paquet")
    assert clock(bench, "first_response") == "running"
    (message,) = bench.messages(1)
    assert (message.direction, message.is_call, message.seconds) == ("in", True, 250)


def test_a_call_that_is_done_asks_for_nothing(bench):
    call(bench)
    row = bench.ticket(1).row
    assert (row.status, row.waiting_since, row.assignee) == ("resolved", None, "Joan")
    assert bench.queue() == []


def test_calling_back_answers_whoever_called(bench):
    call(bench, then="open")
    bench.clock.go(minutes=5)
    call(bench, "Li he dit que demà", ticket=1, ours=True, then="waits")
    assert (bench.ticket(1).row.status, bench.ticket(1).row.waiting_since) == ("waiting_customer", None)
    assert clock(bench, "first_response") == "met"


def test_a_call_answers_a_mail(bench):
    bench.mail("On és?", sender="pep@y.test")
    call(bench, "Li he explicat", ticket=1, number="", ours=True)
    assert (bench.ticket(1).row.status, bench.ticket(1).row.channel) == ("resolved", "email")
    assert clock(bench, "first_response") == "met"


def test_the_same_number_is_the_same_customer(bench):
    call(bench)
    call(bench, name="")
    first, second = (bench.ticket(number).row for number in (1, 2))
    assert first.customer == second.customer
    assert second.customer_name == "Maria"


def test_what_was_promised_for_later_wakes_then(bench):
    call(bench, then="open", until=MONDAY + timedelta(hours=20))
    row = bench.ticket(1).row
    assert (row.status, row.snoozed_until) == ("snoozed", "2026-11-24T05:00:00.000Z")
    with pytest.raises(RefusedError) as caught:
        call(bench, until=MONDAY - timedelta(hours=1))
    assert caught.value.values["reason"] == "past"


def test_a_call_can_be_taken_back(bench):
    call(bench, then="open")
    bench.desk.do(Undo())
    assert bench.queue() == []
    assert bench.messages(1) == []
    bench.mail("Hola", sender="pep@y.test")
    call(bench, "Parlat", ticket=2, number="")
    bench.desk.do(Undo())
    assert (bench.ticket(2).row.status, bench.ticket(2).row.waiting_since is not None) == ("new", True)


def test_nobody_and_nothing_is_refused(bench):
    for given, reason in (({"number": ""}, "no_caller"), ({"text": " \n"}, "no_text")):
        with pytest.raises(RefusedError) as caught:
            call(bench, **given)
        assert caught.value.values["reason"] == reason


def test_replaying_the_log_gives_the_same(bench):
    call(bench, then="open", seconds=10)
    call(bench, ticket=1, ours=True)
    with bench.reading() as connection:
        before = digest(connection)
    bench.store.rebuild()
    with bench.reading() as connection:
        assert digest(connection) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+34 600 111 222", "+34600111222"), ("0034600111222", "+34600111222"), ("600-111.222", "600111222")],
)
def test_a_number_is_kept_one_way(typed, kept):
    assert dialled(typed) == kept


@pytest.mark.parametrize("typed", ["", "Maria", "+", "12", "600 111 222 x3", "\x1b[2J600111222"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError):
        dialled(typed)


def test_a_length_is_minutes():
    assert [length(text) for text in ("", "3", "3:20", "0:07")] == [None, 180, 200, 7]
    for text in ("x", "3:x", "-1", "³"):
        with pytest.raises(ValueError):
            length(text)
