"""What an agent says of a sender is kept: not a customer, or a person."""

import pytest

from agentdesk.core.commands import Assign, Erase, JudgeSender, Merge, Resolve, Snooze, Undo
from agentdesk.core.instant import stamp
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import people
from agentdesk.store.digest import digest
from desks import MONDAY, SHOP, Bench
from reports import report

BULK = "List-Unsubscribe: <https://news.test/u>\r\nPrecedence: bulk\r\n"
OWN_FORM = "X-Mailer: WooCommerce 9.3\r\n"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def judge(bench: Bench, number: int, verdict: str | None) -> None:
    bench.desk.do(JudgeSender(bench.id(number), verdict))


def numbers(bench: Bench, view: str) -> list[int]:
    return sorted(row.number for row in bench.queue(view))


def unanswered(bench: Bench) -> int:
    with bench.reading() as connection:
        return people.unanswered(connection)


def counts(bench: Bench) -> dict[str, int]:
    with Window(bench.desk) as window:
        views = window.counts().views
        assert views == {view: len(window.queue(view, limit=1000)) for view in views}
    return views


def clocks(bench: Bench, number: int) -> dict[str, str]:
    """The standard clocks of a ticket: metric to state."""
    return {c["metric"]: c["state"] for c in bench.ticket(number).clocks if c["tier"] == "standard"}


def test_who_is_no_customer_leaves_the_work_with_all_open_tickets(bench):
    bench.mail("Compri!", sender="ventas@pesado.test")
    bench.mail("Compri més!", sender="ventas@pesado.test")
    bench.mail("On és?", sender="maria@x.test")
    assert unanswered(bench) == 2
    judge(bench, 1, "machine")
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([3], [1, 2])
    assert unanswered(bench) == 1
    assert set(clocks(bench, 1).values()) == set(clocks(bench, 2).values()) == {"void"}
    assert bench.ticket(2).row.next_due_at is None
    assert counts(bench)["machine"] == 2


def test_what_they_write_later_starts_no_clock(bench):
    bench.mail(sender="ventas@pesado.test")
    judge(bench, 1, "machine")
    bench.mail("Altra oferta", sender="Ventas <VENTAS@pesado.test>")
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([], [1, 2])
    assert (clocks(bench, 2), unanswered(bench)) == ({}, 0)
    (message,) = bench.messages(2)
    assert (message.mail_class, message.class_reason) == ("bulk", "sender")


def test_asleep_and_waiting_tickets_go_along_and_what_is_over_stays(bench):
    for _ in range(3):
        bench.mail(sender="ventas@pesado.test")
    bench.desk.do(Snooze(bench.id(2), MONDAY.replace(hour=20)))
    bench.desk.do(Resolve(bench.id(3)))
    judge(bench, 1, "machine")
    assert (numbers(bench, "machine"), numbers(bench, "resolved")) == ([1, 2], [3])


def test_somebody_else_who_waits_in_the_ticket_keeps_it_in_the_work(bench):
    bench.mail(sender="ventas@pesado.test", message_id="<a@x.test>", extra="Cc: pep@x.test\r\n")
    bench.clock.go(minutes=5)
    bench.mail("I jo?", sender="pep@x.test", reply_to="<a@x.test>")
    assert len(bench.messages(1)) == 2
    judge(bench, 1, "machine")
    (row,) = bench.queue()
    assert row.waiting_since == stamp(bench.clock.at)
    assert [m.mail_class for m in bench.messages(1)] == ["bulk", "human"]


def test_a_person_among_the_machines_becomes_work_since_the_mail_arrived(bench):
    bench.mail("Hola, una pregunta", sender="anna@llista.test", extra=BULK)
    bench.clock.go(minutes=20)
    assert numbers(bench, "machine") == [1]
    judge(bench, 1, "person")
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([1], [])
    (row,) = bench.queue()
    assert row.waiting_since == stamp(MONDAY)
    first = next(c for c in bench.ticket(1).clocks if c["metric"] == "first_response")
    assert first["started_at"] == stamp(MONDAY)
    assert unanswered(bench) == 1
    (message,) = bench.messages(1)
    assert (message.mail_class, message.class_reason) == ("human", "sender")


def test_later_bulk_mail_of_a_person_is_work_and_older_stays_where_it_is(bench):
    bench.mail("abans", sender="anna@llista.test", extra=BULK)
    bench.mail("ara", sender="anna@llista.test", extra=BULK)
    judge(bench, 2, "person")
    bench.mail("després", sender="anna@llista.test", extra=BULK)
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([2, 3], [1])
    assert clocks(bench, 3)["first_response"] == "running"


def test_an_automatic_answer_taken_for_one_is_work_but_the_next_one_is_none(bench):
    """Else every answer of ours to somebody on holiday would be answered, and be work."""
    out_of_office = "Auto-Submitted: auto-replied\r\n"
    bench.mail("Formulari", sender="web@host.test", extra=out_of_office)
    judge(bench, 1, "person")
    bench.mail("Fora de l'oficina", sender="web@host.test", extra=out_of_office)
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([1], [2])


def test_a_report_of_undelivered_mail_is_never_a_person(bench):
    bench.mail(raw=report("<nobody@shop.test>", ("pep@y.test", "5.1.1", "no")))
    with pytest.raises(RefusedError, match="never_person"):
        judge(bench, 1, "person")
    bench.mail("hola", sender="MAILER-DAEMON@mx.y.test", extra=BULK)
    assert numbers(bench, "machine") == [1, 2]


def test_a_form_without_an_address_to_answer_is_made_work_and_so_are_the_next(bench):
    form = {"sender": "La Botiga <noreply@shop-forms.test>", "extra": "Auto-Submitted: auto-generated\r\n"}
    bench.mail("Nom: Maria", **form)
    assert numbers(bench, "machine") == [1]
    judge(bench, 1, "person")
    bench.mail("Nom: Pep", **form)
    assert numbers(bench, "inbox") == [1, 2]


def test_the_shop_s_own_address_is_judged_for_the_ticket_at_hand_alone(bench):
    """It writes order notices, comes back as a copy, and fills in its own form: no word fits all of that."""
    bench.mail("Nom: Maria, sense correu", sender=f"La Botiga <{SHOP}>", extra=OWN_FORM)
    bench.mail("Queden 3 samarretes", sender=f"La Botiga <{SHOP}>", extra=OWN_FORM)
    judge(bench, 1, "person")
    bench.mail("Queden 2 samarretes", sender=f"La Botiga <{SHOP}>", extra=OWN_FORM)
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([1], [2, 3])
    judge(bench, 1, "machine")
    assert numbers(bench, "inbox") == []
    bench.mail("On és?", sender=f"La Botiga <{SHOP}>", extra="Reply-To: maria@x.test\r\n" + OWN_FORM)
    assert numbers(bench, "inbox") == [4], "a form's customer is no mail of the shop"


def test_mail_without_a_sender_is_judged_for_the_ticket_at_hand_alone(bench):
    bench.mail(sender="", message_id="<a@x.test>")
    bench.mail(sender="", message_id="<b@x.test>")
    judge(bench, 1, "machine")
    bench.mail(sender="", message_id="<c@x.test>")
    assert numbers(bench, "machine") == [1]


def test_who_sends_newsletters_and_buys_too_is_told_apart_once_the_word_is_taken_back(bench):
    bench.mail("Oferta", sender="proveidor@y.test", extra=BULK)
    judge(bench, 1, "machine")
    bench.mail("I la nostra comanda?", sender="proveidor@y.test")
    assert numbers(bench, "machine") == [1, 2]
    judge(bench, 2, "person")
    bench.mail("Oferta 2", sender="proveidor@y.test", extra=BULK)
    assert numbers(bench, "inbox") == [2, 3]
    judge(bench, 3, None)
    bench.mail("Oferta 3", sender="proveidor@y.test", extra=BULK)
    bench.mail("Gràcies", sender="proveidor@y.test")
    assert (numbers(bench, "inbox"), numbers(bench, "machine")) == ([2, 3, 5], [1, 4])


def test_the_same_word_twice_changes_nothing_and_says_so(bench):
    bench.mail()
    judge(bench, 1, "machine")
    with pytest.raises(RefusedError, match="nothing_changes"):
        judge(bench, 1, "machine")


@pytest.mark.parametrize(("verdict", "extra"), [("machine", ""), ("person", BULK)])
def test_undo_brings_back_every_row_as_it_was(bench, verdict, extra):
    bench.mail(sender="anna@x.test", extra=extra)
    bench.mail(sender="anna@x.test", extra=extra)
    before, events = bench.ticket(1), counts(bench)
    bench.clock.go(minutes=3)
    judge(bench, 1, verdict)
    assert bench.ticket(1) != before
    bench.desk.do(Undo())
    assert (bench.ticket(1), counts(bench)) == (before, events)
    bench.mail("més", sender="anna@x.test", extra=extra)
    assert len(bench.queue("machine" if extra else "inbox")) == 3, "nothing is remembered"


def test_undo_is_refused_where_an_answer_came_between(bench):
    bench.mail(message_id="<a@x.test>", extra=BULK)
    judge(bench, 1, "person")
    bench.mail("Avui", sender=SHOP, to="maria@x.test", reply_to="<a@x.test>", role="sent")
    with pytest.raises(RefusedError, match="changed_since"):
        bench.desk.do(Undo())


def test_a_rebuild_gives_the_same_rows_and_a_merge_taken_apart_keeps_them_out_of_the_work(bench):
    bench.mail(sender="ventas@pesado.test")
    bench.mail(sender="ventas@pesado.test")
    bench.mail(sender="anna@llista.test", extra=BULK)
    judge(bench, 1, "machine")
    judge(bench, 3, "person")
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    bench.desk.do(Assign(bench.id(3), "Marta"))
    bench.desk.do(Undo())
    bench.desk.do(Undo())
    assert unanswered(bench) == 1
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


def test_a_forgotten_person_is_met_without_what_was_said_of_them(bench):
    bench.mail(sender="anna@x.test")
    judge(bench, 1, "machine")
    bench.desk.do(Erase(bench.ticket(1).row.customer))
    with pytest.raises(RefusedError, match="changed_since"):
        bench.desk.do(Undo())
    bench.mail("Hola de nou", sender="anna@x.test")
    assert numbers(bench, "inbox") == [2]
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before
