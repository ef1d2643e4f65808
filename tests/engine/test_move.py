"""A ticket is given to another customer: whom an answer reaches then, who still takes part, and what may not move."""

from email import message_from_bytes, policy

import pytest

from agentdesk.core.commands import Merge, MergeCustomers
from agentdesk.core.keeping import MoveTicket
from agentdesk.core.model import Address
from agentdesk.engine import forward, moving, reply
from agentdesk.engine.forgetting import forget
from agentdesk.engine.forward import Passed
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import lookup
from agentdesk.store.digest import digest
from engine.answering import Shop, shop_in

ANNA, MARIA = "anna@y.test", "maria@x.test"


@pytest.fixture
def shop(tmp_path):
    """María's ticket 1; in ticket 2 Anna writes about what is María's as well."""
    for made in shop_in(tmp_path):
        made.bench.clock.go(minutes=1)
        made.bench.mail(
            "La comanda de la meva mare no ha arribat", sender=f"Anna <{ANNA}>", message_id="<anna@y.test>"
        )
        yield made


def move(shop: Shop, number: int = 2, to: str = MARIA):
    desk = shop.bench.desk
    return moving.move(desk, moving.look(desk, number, to))


def whom(shop: Shop, number: int = 2) -> tuple[str, ...]:
    with Window(shop.bench.desk) as window:
        found = window.to_whom(shop.bench.id(number))
    return found.to if found else ()


def sent(shop: Shop, number: int = 2, **wish):
    """What an answer to a ticket is on its way."""
    shop.answer("Ho miro", ticket=number, **wish)
    shop.flush()
    return message_from_bytes(shop.provider.accepted[-1], policy=policy.default)


def writes(shop: Shop, sender: str, answers: str, body: str = "I doncs?") -> None:
    shop.bench.clock.go(minutes=1)
    shop.bench.mail(body, sender=sender, reply_to=answers)


def refused(shop: Shop, number: int = 2, to: str = MARIA) -> str:
    with pytest.raises(RefusedError) as error:
        moving.look(shop.bench.desk, number, to)
    return str(error.value.values["reason"])


def test_an_answer_to_a_moved_ticket_goes_to_whose_it_is_now_and_quotes_nobody_else(shop):
    assert whom(shop) == (ANNA,)
    move(shop)
    row = shop.bench.ticket(2).row
    assert (row.customer_name, row.identity) == ("María", f"email:{MARIA}")
    assert shop.bench.ticket(2).moved_from == "Anna"
    assert whom(shop) == (MARIA,)
    mail = sent(shop, everybody=True)
    assert mail["To"].addresses[0].addr_spec == MARIA
    assert "anna" not in mail.as_string().lower()
    assert "mare" not in mail.get_content()


def test_who_took_part_still_lands_there_and_is_still_not_answered_by_mistake(shop):
    move(shop)
    writes(shop, ANNA, "<anna@y.test>", "Ja ha arribat!")
    assert [each.text.strip() for each in shop.bench.messages(2)][-1] == "Ja ha arribat!"
    assert whom(shop) == (MARIA,)
    written = sent(shop)["Message-ID"]
    writes(shop, "ghost@z.test", "<anna@y.test>")
    assert len(shop.bench.messages(2)) == 3, "a stranger to the thread opens a linked ticket, as ever"
    writes(shop, MARIA, written, "Gràcies")
    assert shop.bench.messages(2)[-1].text.startswith("Gràcies")
    assert whom(shop) == (MARIA,)
    assert sent(shop)["In-Reply-To"] is not None, "her own message is gone on from"


def test_a_move_changes_neither_status_nor_promise_and_undo_brings_it_back(shop):
    before, promised = shop.bench.ticket(2), digest(shop.bench.store.connection)
    move(shop)
    after = shop.bench.ticket(2)
    assert (after.clocks, after.row.status, after.row.waiting_since) == (
        before.clocks,
        before.row.status,
        before.row.waiting_since,
    )
    reply.undo(shop.bench.desk)
    assert whom(shop) == (ANNA,)
    assert shop.bench.ticket(2) == before
    assert digest(shop.bench.store.connection) != promised, "what was taken back is remembered"
    move(shop)
    move(shop, to=ANNA)
    assert whom(shop) == (ANNA,)
    shop.bench.store.rebuild()
    assert whom(shop) == (ANNA,)


def test_what_went_into_the_ticket_moves_along(shop):
    shop.bench.mail("Una altra cosa", sender=f"Anna <{ANNA}>", subject="Factura")
    shop.bench.desk.do(Merge(shop.bench.id(3), shop.bench.id(2)))
    move(shop)
    with shop.bench.reading() as connection:
        rows = connection.execute("SELECT DISTINCT customer FROM ticket").fetchall()
    assert len(rows) == 1


def test_what_an_answer_could_reach_the_wrong_one_by_does_not_move(shop):
    desk = shop.bench.desk
    assert refused(shop, 1) == "moved_already"
    shop.answer("Ara ho miro", ticket=2, hold=60)
    assert refused(shop) == "answer_on_its_way"
    reply.undo(desk)
    with pytest.raises(NotFoundError):
        moving.look(desk, 2, "ghost@x.test")
    forward.pass_on(
        desk, shop.settings, shop.provider, shop.bench.ticket(2).row, Passed((Address("", "r@courier.test"),), "On és?"), hold=0
    )  # fmt: skip
    shop.bench.mail("Aquí", sender="r@courier.test", subject="Otra")
    assert refused(shop, to="r@courier.test") == "is_a_party"
    shop.bench.mail("Ofertes", sender="news@n.test", subject="Ofertes", extra="Precedence: bulk\r\n")
    number = shop.bench.queue("machine")[0].number
    assert refused(shop, number) == "machine_moves_not"
    forget(desk, shop.bench.ticket(1).row.customer)
    with pytest.raises((RefusedError, NotFoundError)):
        moving.look(desk, 2, MARIA)


def test_an_address_that_is_named_is_the_one_that_is_answered(shop):
    shop.bench.mail("Hola", sender="María <maria@home.test>", subject="Otra")
    desk = shop.bench.desk
    with Window(desk) as window:
        home, work = window.customer("maria@home.test"), window.customer(MARIA)
    desk.do(MergeCustomers(home, work))
    assert moving.look(desk, 2, work).to.address == "maria@home.test", "by which she wrote last"
    move(shop, to="email:Maria@X.test")
    assert whom(shop) == (MARIA,)
    with pytest.raises(RefusedError):
        desk.do(MoveTicket(shop.bench.id(1), work, shop.bench.desk.seal.identity("email", ANNA)))


def test_what_the_shop_said_of_the_former_customer_is_not_shown_of_the_new_one(shop):
    with shop.bench.desk.transaction() as writer:
        lookup.answered(writer.connection, shop.bench.id(2), "orders", "anna", (), shop.bench.clock.at)
    move(shop)
    with shop.bench.reading() as connection:
        assert lookup.known(connection, shop.bench.id(2)) == {}
