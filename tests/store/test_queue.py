"""The pages of the queue: whole, in order, both ways, along indexes."""

import random
from datetime import timedelta

import pytest

from agentdesk.core.commands import Assign, Resolve, Snooze
from agentdesk.core.instant import stamp
from agentdesk.core.order import Band
from agentdesk.core.views import VIEWS, sorts
from agentdesk.store import queue
from desks import MONDAY, Bench

SORTED = [(view, sort) for view in VIEWS for sort in sorts(view)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made, pick = Bench(tmp_path_factory.mktemp("queue")), random.Random(5)
    for number in range(120):
        at = MONDAY - timedelta(minutes=pick.randint(0, 600))
        before = pick.random() < 0.2
        made.mail(sender=f"p{number}@x.test", at=at, before=before, waits=before)
    for number in range(1, 120, 7):
        made.desk.do(Assign(made.id(number), "Joan"))
    for number in range(2, 120, 11):
        made.desk.do(Resolve(made.id(number)))
    for number in range(3, 120, 11):
        made.desk.do(Snooze(made.id(number), MONDAY + timedelta(hours=number)))
    chats = made.store.connection
    chats.execute(
        "UPDATE ticket SET channel = 'whatsapp', last_customer_at = ? WHERE number % 5 = 0", (stamp(MONDAY),)
    )
    yield made
    made.close()


def pages(bench, view, *, backwards, size, sort=""):
    found, key = [], None
    with bench.reading() as connection:
        while page := queue.queue(
            connection, view, bench.clock.at, "Joan", after=key, limit=size, backwards=backwards, sort=sort
        ):
            found = page + found if backwards else found + page
            key = page[0].key if backwards else page[-1].key
    return [row.number for row in found]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_forwards_and_backwards_give_the_whole_view_once(bench, view, size):
    whole = [row.number for row in bench.queue(view, limit=1000)]
    assert len(set(whole)) == len(whole)
    assert pages(bench, view, backwards=False, size=size) == whole
    assert pages(bench, view, backwards=True, size=size) == whole


def test_the_pages_follow_the_order_that_the_law_says(bench):
    rows = bench.queue("inbox", limit=1000)
    bands = [list(Band).index(Band(row.band)) for row in rows]
    assert bands == sorted(bands)
    assert set(bands) == {0, 1, 2, 3}
    for band in Band:
        keys = [row.key[1:] for row in rows if row.band == band]
        assert keys == sorted(keys)


@pytest.mark.parametrize(("view", "sort"), SORTED)
def test_every_order_holds_the_whole_view_once_both_ways(bench, view, sort):
    whole = pages(bench, view, backwards=False, size=1000, sort=sort)
    assert sorted(whole) == sorted(row.number for row in bench.queue(view, limit=1000))
    assert pages(bench, view, backwards=False, size=7, sort=sort) == whole
    assert pages(bench, view, backwards=True, size=7, sort=sort) == whole


def test_the_longest_waiting_and_the_newest_come_first_where_that_is_asked(bench):
    with bench.reading() as connection:
        ask = [
            queue.queue(connection, "inbox", bench.clock.at, "Joan", limit=1000, sort=s)
            for s in ("waiting", "newest")
        ]
    waits = [row.waiting_since or row.created_at for row in ask[0]]
    moved = [row.last_message_at for row in ask[1]]
    assert waits == sorted(waits)
    assert moved == sorted(moved, reverse=True)
    assert len({row.band for row in ask[0]}) > 1, "a row says its band in any order"


@pytest.mark.parametrize("sort", ["waiting", "newest"])
def test_one_ticket_has_the_key_of_the_order_that_is_shown(bench, sort):
    with bench.reading() as connection:
        for row in queue.queue(connection, "inbox", bench.clock.at, "Joan", limit=1000, sort=sort):
            assert queue.find(connection, "inbox", bench.clock.at, "Joan", row.id, sort=sort) == row


@pytest.mark.parametrize("view", VIEWS)
def test_one_ticket_is_found_where_its_view_shows_it(bench, view):
    shown = {row.id: row for row in bench.queue(view, limit=1000)}
    with bench.reading() as connection:
        for row in bench.queue("all", limit=1000):
            assert queue.find(connection, view, bench.clock.at, "Joan", row.id) == shown.get(row.id)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(("view", "sort"), SORTED)
def test_no_page_sorts_or_scans(bench, view, sort, backwards):
    statements, key = [], None
    with bench.reading() as connection:
        connection.set_trace_callback(statements.append)
        for _ in range(3):  # the first page has no key to begin behind, the others have
            page = queue.queue(
                connection, view, bench.clock.at, "Joan", after=key, limit=7, backwards=backwards, sort=sort
            )
            if not page:
                break
            key = page[0].key if backwards else page[-1].key
        connection.set_trace_callback(None)
        reads = {sql for sql in statements if sql.startswith("SELECT")}
        plans = {sql: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in reads}
    assert plans
    for sql, lines in plans.items():
        # Only the chats of the last half hour are put in order (`store.queue`): few, whatever the queue's length.
        assert "ticket_chat" in sql or not [line for line in lines if "TEMP B-TREE" in line], sql
        assert not [line for line in lines if line.startswith("SCAN t") and "ticket_latest" not in line], sql


def test_the_row_says_who_has_begun_an_answer_and_the_queue_narrows_to_those(bench):
    from agentdesk.engine.seek import NO_NAMES, Search
    from agentdesk.store import draft

    number, other = (row.number for row in bench.queue(limit=2))
    with bench.desk.transaction() as writer:
        for agent, kind in (("Joan", "reply"), ("Joan", "note"), ("Núria", "reply"), ("Pep", "macro")):
            draft.save(writer.connection, bench.id(number), agent, kind, "Hola", bench.clock.at)
    found = {row.number: row.drafts for row in bench.queue()}
    assert (found[other], found[number]) == ((), ("Joan", "Núria"))
    with bench.reading() as connection:
        only = Search(bench.desk, connection, "is:draft", NO_NAMES).only()
        rows = queue.queue(connection, "inbox", bench.clock.at, "Joan", only=only)
    assert [row.number for row in rows] == [number]
