"""Who may be the same person: found along indexes, each with a reason, never joined by itself."""

from dataclasses import replace

import pytest

from agentdesk import trust
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import MergeCustomers, Undo
from agentdesk.core.model import Address
from agentdesk.engine import person
from agentdesk.engine.call import Call, note_call
from agentdesk.store import likeness
from engine.chats import Chats


@pytest.fixture
def shop(tmp_path):
    made = Chats(tmp_path, "whatsapp")
    made.writes("Hola, sóc la Maria. Comanda VM-20417", 1, person="34600111222")
    yield made
    made.bench.close()


def customer(shop, number):
    return shop.bench.ticket(number).row.customer


def found(shop, number):
    return [(each.reason, each.word) for each in person.alike(shop.bench.desk, customer(shop, number))]


def test_the_same_number_on_the_phone(shop):
    note_call(shop.bench.desk, Call("Pregunta", number="600111222", name="Sra. Puig"))
    assert found(shop, 1) == [("phone", "600111222")]
    assert found(shop, 2) == [("phone", "600111222")]


def test_the_same_order_in_a_mail(shop):

    shop.bench.intake.read = read_mail
    shop.bench.mail("Vull tornar la comanda VM-20417", sender="Maria Puig <maria@x.test>")
    assert found(shop, 1) == [("order", "VM-20417")]


def test_a_telephone_s_number_that_both_name_is_called_no_order(shop):
    """As in a contact that somebody shares."""
    for number, person_ in ((2, "34600111222"), (3, "34699000003")):
        shop.writes("Pep +525599990000", number, person=person_)
    assert found(shop, 2) == [("number", "525599990000")]
    assert trust.alike("number", "525599990000") == "both name the number 525599990000"


def test_an_address_that_was_written_in_a_chat(shop):

    read, shop.bench.intake.read = shop.bench.intake.read, read_mail
    shop.bench.mail("Hola", sender="maria@x.test")
    shop.bench.intake.read = read
    shop.writes("El meu correu és Maria@x.test", 2, person="34600111222")
    assert found(shop, 1) == [("mail", "maria@x.test")]


def test_a_full_name_and_not_a_first_name(shop):
    for number, name in enumerate(("Maria", "Maria", "Anna Vila", "Anna Vila"), 3):
        one = shop.text("hola", number, person=f"3469900000{number}")

        shop.comes(replace(one, sender=Address(name, f"3469900000{number}")))
    assert [found(shop, number) for number in (2, 3)] == [[], []]
    assert found(shop, 4) == [("name", "Anna Vila")]


def test_confirmed_they_are_one_and_undone_they_are_two(shop):
    note_call(shop.bench.desk, Call("Pregunta", number="600111222", name="Sra. Puig"))
    one, other = customer(shop, 1), customer(shop, 2)
    shop.bench.desk.do(MergeCustomers(other, one))
    assert found(shop, 1) == []
    assert len(person.card(shop.bench.desk, one).identities) == 2
    shop.bench.desk.do(Undo())
    assert found(shop, 1) == [("phone", "600111222")]


def test_every_look_goes_along_an_index(shop):
    note_call(shop.bench.desk, Call("Pregunta", number="600111222", name="Sra. Puig"))

    statements = []
    with shop.bench.reading() as connection:
        connection.set_trace_callback(statements.append)
        likeness.alike(connection, shop.bench.store.blobs, customer(shop, 1))
        connection.set_trace_callback(None)
        for sql in statements:
            if sql.startswith("SELECT") and "'search_" not in sql:  # the full-text index asks itself
                plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
                scans = [line for line in plan if line.startswith("SCAN")]
                assert not [
                    line for line in scans if "VIRTUAL TABLE" not in line and "subquery" not in line
                ], sql
