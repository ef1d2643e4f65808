"""A query asked of one ticket says the same as the search does of all of them."""

import pytest

from agentdesk.core.commands import Assign, Merge, MergeCustomers, Resolve, Tag
from agentdesk.core.query import Known, parse
from agentdesk.engine.window import Window
from agentdesk.store import search
from desks import Bench

QUERIES = (
    "factura", "factura -gracias", '"una factura"', "facturas OR gracias", "(factura OR hola) tag:vip", "-factura", "subject:pedido",
    "from:maria", "-from:maria", "tag:vip", "-tag:vip", "status:resolved", "is:unread", "is:unassigned", "assignee:Eva", "is:first",
    "-is:first", "channel:email", "lang:es", "to:soporte", "has:attachment", "after:today", "before:today", "customer:maria@x.test",
    "#1", "sla:breached", "is:overdue", "factura subject:otro",
)  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    found = Bench(tmp_path_factory.mktemp("one"))
    found.mail("Quiero una factura, por favor", sender="Maria <maria@x.test>", message_id="<a@x>")
    found.mail("Gracias por todo", sender="Maria <maria@x.test>", reply_to="<a@x>")
    found.mail("Hola, las facturas no llegan", sender="pep@y.test", subject="Otro")
    found.mail("Gracias", sender="maria@x.test", subject="Segunda")
    found.mail("La factura otra vez", sender="ana@z.test", subject="Otro")
    found.mail("Hola", sender="mar@z.test")
    desk = found.desk
    desk.do(Tag(found.id(1), add=("vip",)))
    desk.do(Assign(found.id(2), "Eva"))
    desk.do(Resolve(found.id(3)))
    desk.do(Merge(found.id(5), found.id(4)))
    with Window(desk) as window:
        desk.do(MergeCustomers(window.customer("pep@y.test"), window.customer("ana@z.test")))
    yield found
    found.close()


@pytest.mark.parametrize("text", QUERIES)
def test_one_ticket_is_found_by_what_finds_it_among_all(bench, text):
    at = bench.clock.at
    context = search.Context(at, "Joan")
    query = parse(text, Known(at))
    with bench.reading() as connection:
        only, values = search.tickets(connection, query, context)
        among = {
            row[0]
            for row in connection.execute(
                f"SELECT t.number FROM ticket t WHERE t.root = t.id AND {only}", values
            )
        }
        numbers = [row[0] for row in connection.execute("SELECT number FROM ticket WHERE root = id")]
        alone = {number for number in numbers if search.holds(connection, query, context, bench.id(number))}
    assert alone == among


def test_a_customers_first_ticket_is_told_however_many_addresses_they_have(bench):
    with bench.reading() as connection:
        query, context = parse("is:first", Known(bench.clock.at)), search.Context(bench.clock.at, "Joan")
        assert {n for n in (1, 2, 3, 4) if search.holds(connection, query, context, bench.id(n))} == {1, 2}


def test_asked_by_one_message_the_others_of_the_ticket_do_not_count(bench):
    first, second = bench.messages(1)
    query, context = parse("factura", Known(bench.clock.at)), search.Context(bench.clock.at, "Joan")
    with bench.reading() as connection:
        assert search.holds(connection, query, context, bench.id(1), first.id)
        assert not search.holds(connection, query, context, bench.id(1), second.id)


def test_no_table_is_walked_for_one_ticket(bench):
    """However many tickets there are: words, names and tags are looked up."""
    query, context = (
        parse("factura tag:vip is:first", Known(bench.clock.at)),
        search.Context(bench.clock.at, "Joan"),
    )
    asked: list[str] = []
    with bench.reading() as connection:
        connection.set_trace_callback(asked.append)
        search.holds(connection, query, context, bench.id(1))
        connection.set_trace_callback(None)
        statement = next(each for each in asked if each.startswith("SELECT 1 FROM ticket t"))
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    walked = [
        each
        for each in plan
        if each.startswith("SCAN") and "json_each" not in each and "CONSTANT" not in each
    ]
    assert all("VIRTUAL TABLE INDEX 0:=M" in each for each in walked), plan  # the index is asked for one row
    assert walked
