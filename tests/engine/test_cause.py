"""A cause: one event behind many tickets. Opened with its words, offered to arrivals, put by a person, closed, undone, rebuilt."""

import pytest

from agentdesk.config import Home
from agentdesk.core.commands import CloseCause, OpenCause, PutUnder, Resolve
from agentdesk.engine import bulk, cause, reply
from agentdesk.engine.upkeep import rebuild
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from desks import Bench

STRIKE = "courier-strike"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail("¿Dónde está mi paquete? Dicen que hay HUELGAS.", sender="lucia@x.test")
    made.mail("On és la comanda?", sender="merce@x.test")
    made.mail("Quina talla agafo? Tinc vagament por de fer curt", sender="anna@x.test")
    made.desk.do(OpenCause("Courier strike", "huelga, vaga, courier strike, on és la comanda"))
    yield made
    made.close()


def offered(bench, number):
    with Window(bench.desk) as window:
        return window.ticket(number).offered


def under(bench, *numbers):
    for number in numbers:
        bench.desk.do(PutUnder(bench.id(number), STRIKE))


def found(bench, text):
    with Window(bench.desk) as window:
        return [row.number for row in window.queue("all", only=window.search(text).only())]


def test_an_arrival_that_has_the_words_is_offered_and_never_put_in_by_itself(bench):
    assert [offered(bench, number) for number in (1, 2, 3)] == [STRIKE, STRIKE, ""]
    assert [bench.ticket(number).row.cause for number in (1, 2, 3)] == [None] * 3
    under(bench, 1)
    assert offered(bench, 1) == "", "it has one"
    bench.desk.do(CloseCause(STRIKE))
    assert offered(bench, 2) == "", "it is over"


def test_a_cause_counts_its_open_tickets_and_a_filter_finds_all_of_them(bench):
    under(bench, 1, 2)
    bench.desk.do(Resolve(bench.id(1)))
    (known,) = cause.causes(bench.desk)
    assert (known.name, known.open) == (STRIKE, 1)
    assert cause.open_tickets(bench.desk, STRIKE) == [(bench.id(2), 2)]
    assert sorted(found(bench, "cause:courier-strike")) == [1, 2]
    assert found(bench, "cause:other") == []
    assert sorted(found(bench, "-cause:courier-strike")) == [3]


def test_what_is_done_to_a_cause_can_be_undone_and_a_replay_gives_the_same(bench):
    under(bench, 1)
    bench.desk.do(PutUnder(bench.id(1), None))
    reply.undo(bench.desk)
    assert bench.ticket(1).row.cause == STRIKE
    reply.undo(bench.desk)
    assert bench.ticket(1).row.cause is None
    bench.desk.do(CloseCause(STRIKE))
    assert cause.causes(bench.desk) == []
    reply.undo(bench.desk)
    assert [each.name for each in cause.causes(bench.desk)] == [STRIKE]
    reply.undo(bench.desk)
    assert cause.causes(bench.desk) == [], "what was opened is closed again"
    bench.desk.do(OpenCause(STRIKE, "vaga"))
    (again,) = cause.causes(bench.desk)
    assert again.words == "vaga"
    under(bench, 2)
    assert rebuild(bench.desk, Home.under(bench.folder)).same


def test_all_that_is_marked_is_put_under_it_and_taken_back_at_once(bench):
    work = bulk.Bulk(bench.desk, {bench.id(n): PutUnder(bench.id(n), STRIKE) for n in (1, 2, 3)})
    while work.step():
        pass
    assert cause.causes(bench.desk)[0].open == 3
    undone = bulk.undoing(bench.desk)
    while undone.step():
        pass
    assert cause.causes(bench.desk)[0].open == 0


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (OpenCause(STRIKE, ""), "nothing_changes"),
        (OpenCause(" : ", ""), "no_name"),
        (CloseCause("flood"), "no_cause"),
    ],
)
def test_what_cannot_be_done_to_a_cause_is_refused_with_the_reason(bench, command, reason):
    with pytest.raises(RefusedError) as refused:
        bench.desk.do(command)
    assert refused.value.values["reason"] == reason


def test_nothing_is_put_under_a_cause_that_is_closed_or_not_there(bench):
    with pytest.raises(RefusedError, match="no_cause"):
        bench.desk.do(PutUnder(bench.id(1), "flood"))
    bench.desk.do(CloseCause(STRIKE))
    with pytest.raises(RefusedError, match="cause_closed"):
        under(bench, 1)
    with pytest.raises(NotFoundError):
        cause.known(bench.desk, "flood")
