"""What is known beforehand is what the tables say, at any time and whatever happens meanwhile."""

import random

import pytest

from agentdesk.channels import Arrival
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import Merge, MergeCustomers
from agentdesk.core.events import Event, MessageNamed
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.engine.reading import reading
from agentdesk.engine.receiving import INGEST
from agentdesk.store.driver import IntegrityError
from agentdesk.store.intake import Arrived
from agentdesk.store.state import StoreState
from desks import Bench
from mailboxes import mailbox

COUNT = 150
LONG_AGO = "2020-01-01T00:00:00.000Z"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def commands(bench, seed):
    return become(bench, mailbox(seed, COUNT, bench.clock.at, bench.desk.seal))


def become(bench, arrivals):
    """What mails become, their blobs stored."""
    here, found = Intake(bench.desk, "mailbox", read_mail), []
    for arrival in arrivals:
        read = reading(read_mail, arrival.raw)
        arrived = Arrived(
            arrival.place, read.raw.hash, arrival.size, arrival.received_at, bench.clock.at, arrival.role, arrival.flags,
            arrival.before, arrival.waits,
        )  # fmt: skip
        found.append((arrived, here.command(arrived, read.parsed)))
        with bench.desk.transaction() as writer:
            writer.blobs.put(writer.connection, (read.raw, read.parsed.text))
    return found


def asked(state, names, chance, most=12):
    """Every question that receiving asks, about some of those that there are."""
    some = chance.sample(names, min(len(names), most))
    messages = [state.message(each.message) for each in some]
    tickets = sorted({each.ticket for each in messages if each})
    identities = sorted({identity for each in some for identity in each.identities})
    people = [state.customer_of(identity) for identity in identities]
    return [
        messages,
        people,
        [state.message_of_raw(each.raw) for each in some],
        [state.messages_by_mail_id(name) for each in some for name in each.mail_ids],
        [state.referring(name) for each in some for name in each.mail_ids],
        [(found and found.having("number", 0)) for found in map(state.ticket, tickets)],
        [state.family(ticket) for ticket in tickets],
        [
            state.takes_part(ticket, identity, apart=apart)
            for ticket in tickets
            for identity in identities
            for apart in (False, True)
        ],
        [state.last_answer_at((ticket,)) for ticket in tickets],
        [state.unanswered_since((ticket,), None) for ticket in tickets],
        [(state.clocks(ticket), state.linked(ticket), state.tags(ticket)) for ticket in tickets],
        [state.field("customer", customer, "language") for customer in people if customer],
        [state.people.writes_much(each, LONG_AGO, most) for each in identities for most in (1, 2, 5)],
        [state.field("identity", each, field) for each in identities for field in ("failing", "verdict")],
        [sorted(state.addresses_named(name)) for name in ("Marta", "MARTA", "Nobody")],
        [state.field("ticket", ticket, "subject") for ticket in tickets],
    ]


@pytest.mark.parametrize("seed", range(6))
def test_every_answer_is_that_of_the_tables(bench, seed):
    todo, chance = commands(bench, seed), random.Random(seed)
    for part in (todo[:50], todo[50:]):
        names = [command.names for _, command in part]
        with bench.desk.transaction() as writer, writer.together(names):
            for number, (arrived, command) in enumerate(part):
                answer = bench.desk.decided(writer, command, actor=INGEST)
                writer.lies(arrived, answer.message)
                state = chance.getstate()
                ahead = asked(writer.state, names[: number + 20], chance)
                writer.settle()
                chance.setstate(state)
                assert ahead == asked(StoreState(writer.connection), names[: number + 20], chance)


@pytest.mark.parametrize("merge", [Merge, MergeCustomers])
def test_after_what_mail_does_not_bring_it_asks_again(bench, merge):
    todo = commands(bench, 1)
    names = [command.names for _, command in todo]
    what = "id" if merge is Merge else "DISTINCT customer"
    with bench.desk.transaction() as writer, writer.together(names):
        for number, (_, command) in enumerate(todo):
            bench.desk.decided(writer, command, actor=INGEST)
            if number == 100:
                writer.settle()
                sql = f"SELECT {what} FROM ticket WHERE root = id AND status NOT IN ('resolved', 'closed') LIMIT 2"
                one, other = (row[0] for row in writer.connection.execute(sql))
                bench.desk.decided(writer, merge(one, other))
        ahead = asked(writer.state, names, random.Random(1), COUNT), writer.state.family(other)
        writer.settle()
        tables = StoreState(writer.connection)
        assert ahead == (asked(tables, names, random.Random(1), COUNT), tables.family(other))


def test_ordinary_mails_are_decided_without_writing_what_waits(bench):
    """New people, each with a question and one more: what is asked of the tables between two mails costs more than they do."""
    letters = (
        f"From: {name} <c{n}@x.test>\r\nTo: shop@x.test\r\nSubject: Order\r\nMessage-ID: <{n}.{part}@x.test>\r\n"
        f"References: <{n}.0@x.test>\r\n\r\nWhere is my order {n}, part {part}?\r\n".encode()
        for n, name in enumerate(("Marta", "Marta", "Pau"))
        for part in range(2)
    )
    arrivals = [
        Arrival(Place("mailbox", "INBOX", 1, uid), bench.clock.at, raw, len(raw))
        for uid, raw in enumerate(letters, 1)
    ]
    todo = become(bench, arrivals)
    with bench.desk.transaction() as writer, writer.together([command.names for _, command in todo]):
        for _, command in todo:
            assert bench.desk.decided(writer, command, actor=INGEST).event
        assert writer.connection.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_a_message_by_another_name_is_found(bench):
    todo = commands(bench, 2)
    (_, first), (_, second) = todo[:2]
    with bench.desk.transaction() as writer:
        message = bench.desk.decided(writer, first, actor=INGEST).message
        named = MessageNamed(message, second.names.mail_id)
        writer.append(Event("e1", "Named", "2026-11-23T09:00:00.000Z", "joan", "test", (named,)))
        with writer.together([second.names]):
            assert [each.id for each in writer.state.messages_by_mail_id(second.names.mail_id)] == [message]


def test_an_event_is_appended_once(bench):
    (_, command), *_ = commands(bench, 3)
    with bench.desk.transaction() as writer, writer.together([command.names]):
        event = bench.desk.decided(writer, command, actor=INGEST).event
        assert writer.append(event) == "dup"


def test_what_fails_leaves_nothing(bench):
    todo = commands(bench, 4)
    names = [command.names for _, command in todo]
    with bench.desk.transaction() as writer:
        for settles in (False, True):
            with pytest.raises(LookupError), writer.together(names):  # noqa: PT012 - all of it is to be taken back
                for _, command in todo:
                    bench.desk.decided(writer, command, actor=INGEST)
                if settles:
                    writer.settle()
                raise LookupError
            assert writer.connection.execute("SELECT count(*) FROM event").fetchone() == (0,)
            assert writer.rows.unindexed == []
            assert not writer.is_torn


_MISCOUNTED = """SELECT id FROM ticket t WHERE (messages, last_message_at) IS NOT
    (SELECT count(*), max(received_at) FROM message WHERE ticket = t.id)"""


@pytest.mark.parametrize("at_once", [1, 50, COUNT])
def test_each_ticket_counts_its_messages_and_knows_the_latest(bench, at_once):
    todo = commands(bench, 5)
    for start in range(0, COUNT, at_once):
        part = todo[start : start + at_once]
        with bench.desk.transaction() as writer:
            if at_once == 1:
                bench.desk.decided(writer, part[0][1], actor=INGEST)
                continue
            with writer.together([command.names for _, command in part]):
                for _, command in part:
                    bench.desk.decided(writer, command, actor=INGEST)
    with bench.reading() as connection:
        assert connection.execute("SELECT max(messages) > 1, sum(messages) FROM ticket").fetchone()[0]
        assert connection.execute(_MISCOUNTED).fetchall() == []


def test_a_message_that_was_not_new_after_all_is_not_counted(bench):
    """Whatever was believed when it began to wait: the one who waits for its rows is told, and does it one by one."""
    (_, command), *_ = commands(bench, 3)
    with bench.desk.transaction() as writer:
        event = bench.desk.decided(writer, command, actor=INGEST).event
    with bench.desk.transaction() as writer:
        with pytest.raises(IntegrityError), writer.together([command.names]):
            writer.rows.apply(event)
        assert writer.is_torn
    with bench.reading() as connection:
        assert connection.execute(_MISCOUNTED).fetchall() == []
