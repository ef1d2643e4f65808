"""The card of a customer."""

import pytest

from agentdesk.core.commands import Assign, MergeCustomers, Resolve, Tag
from agentdesk.core.settling import Excuse, NoAnswerNeeded
from agentdesk.engine.note import note
from agentdesk.store import people
from desks import MONDAY, SHOP, Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail(sender="María Puig <maria@x.test>", subject="Talla", at=MONDAY)
    made.desk.do(Tag(made.id(1), add=("talla",)))
    made.desk.do(Resolve(made.id(1), Excuse("phone")))
    made.clock.go(days=1)
    made.mail(sender="María Puig <maria@x.test>", subject="Factura")
    note(made.desk, made.id(2), "pide siempre factura")
    made.mail(sender="maria@casa.test", subject="Otra")
    yield made
    made.close()


def card(bench, address):
    with bench.reading() as connection:
        sql = "SELECT customer FROM identity WHERE address = ?"
        customer = connection.execute(sql, (address,)).fetchone()[0]
        return people.card(connection, bench.store.blobs, customer)


def test_who_it_is_what_was_before_and_how(bench):
    found = card(bench, "maria@x.test")
    assert (found.name, found.identities, found.usual_channel) == (
        "María Puig",
        (("email", "maria@x.test"),),
        "email",
    )
    assert (found.first_at, found.last_at) == ("2026-11-23T09:00:00.000Z", "2026-11-24T09:00:00.000Z")
    assert [(t.number, t.subject, t.status, t.outcome) for t in found.tickets] == [
        (2, "Factura", "new", ""),
        (1, "Talla", "resolved", "talla"),
    ]
    assert [(author, text) for _, author, text in found.notes] == [("Joan", "pide siempre factura")]


def test_two_that_are_one_share_a_card(bench):
    with bench.reading() as connection:
        ids = dict(connection.execute("SELECT address, customer FROM identity").fetchall())
    bench.desk.do(MergeCustomers(ids["maria@casa.test"], ids["maria@x.test"]))
    for address in ("maria@x.test", "maria@casa.test"):
        found = card(bench, address)
        assert len(found.identities) == 2
        assert [t.number for t in found.tickets] == [3, 2, 1]


def test_nobody_waits_once_everybody_has_an_answer_or_a_decision(bench):
    def waiting():
        with bench.reading() as connection:
            return people.unanswered(connection)

    assert waiting() == 2
    bench.desk.do(Assign(bench.id(2), "Joan"))
    assert waiting() == 2
    bench.mail("resp", sender=SHOP, to="maria@x.test", reply_to="<m2@x.test>", role="sent")
    assert waiting() == 1
    bench.desk.do(Resolve(bench.id(3)))
    assert waiting() == 1
    bench.desk.do(NoAnswerNeeded(bench.id(3), Excuse("spam")))
    assert waiting() == 0
