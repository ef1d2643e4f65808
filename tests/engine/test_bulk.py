"""One act on many tickets: counted, in parts, and taken back as a whole."""

import pytest

from agentdesk.core.commands import Assign, Resolve, Tag
from agentdesk.engine import bulk
from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    for number in range(6):
        made.mail(sender=f"p{number}@x.test")
    yield made
    made.close()


def whole(work):
    while work.step():
        pass
    return work


def resolve(bench, *numbers):
    return whole(bulk.Bulk(bench.desk, {ticket: Resolve(ticket) for ticket in map(bench.id, numbers)}))


def statuses(bench):
    return [bench.ticket(number).row.status for number in range(1, 7)]


def test_what_the_law_refuses_for_one_ticket_is_named_and_the_others_are_done(bench):
    bench.desk.do(Resolve(bench.id(2)))
    work = resolve(bench, 1, 2, 3)
    assert work.done == [bench.id(1), bench.id(3)]
    assert {ticket: error.values["reason"] for ticket, error in work.refused.items()} == {bench.id(2): "over"}
    assert statuses(bench) == ["resolved"] * 3 + ["new"] * 3


def test_one_undo_takes_the_whole_act_back_and_the_next_one_what_was_before(bench):
    bench.desk.do(Assign(bench.id(6), "Joan"))
    resolve(bench, 1, 2, 3, 4)
    assert len(whole(bulk.undoing(bench.desk)).done) == 4
    assert statuses(bench) == ["new"] * 6
    assert bulk.undoing(bench.desk) is None, "what was before was on one ticket"


def test_an_undo_leaves_what_another_agent_has_done_since(bench):
    tagged = {ticket: Tag(ticket, ("rush",), ()) for ticket in map(bench.id, (1, 2, 3))}
    whole(bulk.Bulk(bench.desk, tagged))
    bench.desk.agent = "Núria"
    assert bulk.undoing(bench.desk) is None
    bench.desk.do(Tag(bench.id(2), (), ("rush",)))
    bench.desk.agent = "Joan"
    undone = whole(bulk.undoing(bench.desk))
    assert len(undone.done) == 2
    assert [error.values["reason"] for error in undone.refused.values()] == ["changed_since"]
    assert [bench.ticket(number).tags for number in (1, 2, 3)] == [(), (), ()]


def test_an_act_bears_the_name_of_who_began_it_though_somebody_else_sits_down(bench):
    work = bulk.Bulk(bench.desk, {ticket: Resolve(ticket) for ticket in map(bench.id, (1, 2))})
    bench.desk.agent = "Núria"
    whole(work)
    assert bulk.undoing(bench.desk) is None
    bench.desk.agent = "Joan"
    assert bulk.undoing(bench.desk).total == 2


def test_the_tickets_of_one_act_are_found_along_an_index(bench):
    with bench.reading() as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM event INDEXED BY event_group WHERE grp = 'g' AND actor = 'Joan' "
            "ORDER BY seq DESC"
        ).fetchall()
    assert not [row[3] for row in plan if "TEMP B-TREE" in row[3] or row[3].startswith("SCAN")]
