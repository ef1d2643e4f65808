"""The life of a ticket in plain words: every step of product-semantics 2.2 with who made it and why, from the log alone."""

from datetime import UTC, timedelta

import pytest

from agentdesk import lived
from agentdesk.channels import Refused
from agentdesk.core.commands import (
    AddNote,
    Merge,
    NoteCall,
    Reopen,
    Resolve,
    RunMacro,
    Snooze,
    SnoozeAgain,
    Split,
    Undo,
)
from agentdesk.core.life import Who
from agentdesk.core.model import Acts, Status
from agentdesk.core.pledging import GivePledge, Pledge
from agentdesk.core.ruled import FireRule
from agentdesk.core.settling import Excuse, NoAnswerNeeded, RefuteThanks
from agentdesk.engine import life, ticker
from agentdesk.engine.forgetting import forget
from desks import SHOP
from engine.answering import Shop

DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.bench.mail("¿Dónde está?", message_id="<a@x.test>")
    made.bench.clock.go(hours=1)
    yield made
    made.bench.close()


def writes(shop, text="¿Y la factura?", **more) -> None:
    shop.bench.mail(text, reply_to="<a@x.test>", **more)


def answers(shop, text="Llega pronto.", **more) -> None:
    shop.answer(text, **more)
    shop.flush()
    shop.bench.clock.go(minutes=10)


def turns(shop, ticket=1):
    return life.of_ticket(shop.bench.desk, shop.bench.id(ticket)).turns


def last(shop, ticket=1) -> tuple[str | None, str, str, str, str]:
    """(from, to, who, name, why) of the newest turn."""
    one = turns(shop, ticket)[-1]
    return one.was, one.now, one.who.value, one.name, one.why


def said(shop, ticket=1) -> str:
    """The newest turn in words."""
    told = life.of_ticket(shop.bench.desk, shop.bench.id(ticket))
    return lived.lines(told.turns, told.numbers, shop.bench.clock.at, UTC)[-1][2]


def test_what_a_customer_begins_is_answered_and_comes_back(shop):
    assert last(shop) == (None, "new", "customer", "", "began")
    answers(shop)
    assert last(shop) == ("new", "waiting_customer", "agent", "Joan", "answered")
    writes(shop)
    assert last(shop) == ("waiting_customer", "open", "customer", "", "wrote")
    answers(shop, resolve=True)
    assert last(shop) == ("open", "resolved", "agent", "Joan", "answered_done")
    assert [each.now for each in turns(shop)] == ["new", "waiting_customer", "open", "resolved"]


def test_what_is_resolved_opens_within_days_for_a_question_and_stays_for_thanks(shop):
    answers(shop, resolve=True)
    shop.bench.clock.go(days=2)
    writes(shop, "Gracias!")
    assert last(shop) == ("resolved", "resolved", "customer", "", "thanks")
    assert said(shop) == "the customer: only thanked: it stays as it was"
    shop.bench.desk.do(RefuteThanks(shop.bench.id(1)))
    assert last(shop) == ("resolved", "open", "agent", "Joan", "no_thanks")
    shop.bench.desk.do(Undo())
    assert (last(shop), said(shop)) == (
        ("open", "resolved", "agent", "Joan", "undone"),
        "Joan: took back: that it was no mere thanks",
    )
    writes(shop, "¿Y la factura?")
    assert last(shop) == ("resolved", "open", "customer", "", "wrote_after")
    assert said(shop) == "the customer: wrote 2 d after the end: open again"


def test_long_after_the_end_a_new_ticket_begins_and_says_beside_which(shop):
    answers(shop, resolve=True)
    shop.bench.clock.go(days=30)
    writes(shop)
    assert last(shop, 2) == (None, "new", "customer", "", "began_beside")
    assert said(shop, 2) == "the customer: wrote too long after #1 was over: a new ticket, linked"
    assert [each.why for each in turns(shop)] == ["began", "answered_done"], "the old one tells of nothing"


def test_a_snooze_ends_by_the_clock_by_the_customer_or_not_at_all(shop):
    until = shop.bench.clock.at + 2 * DAY
    shop.bench.desk.do(Snooze(shop.bench.id(1), until, reason="esperamos la pieza"))
    assert last(shop) == ("new", "snoozed", "agent", "Joan", "slept")
    assert said(shop) == "Joan: put it away until 25 Nov 10:00 (esperamos la pieza)"
    shop.bench.clock.go(hours=2)
    writes(shop)
    assert last(shop) == ("snoozed", "open", "customer", "", "woke_early")
    assert said(shop) == "the customer: wrote: awake before its time, 25 Nov 10:00"
    shop.bench.desk.do(SnoozeAgain(shop.bench.id(1)))
    assert last(shop) == ("open", "snoozed", "agent", "Joan", "slept_again")
    shop.bench.desk.do(Snooze(shop.bench.id(1), until + DAY, quiet=True))
    assert last(shop) == ("snoozed", "snoozed", "agent", "Joan", "slept")
    writes(shop, "¿Nada?")
    assert last(shop) == ("snoozed", "snoozed", "customer", "", "sleeps_on")
    shop.bench.clock.go(days=3)
    ticker.wake(shop.bench.desk)
    assert last(shop) == ("snoozed", "open", "clock", "", "time_came")
    assert said(shop) == "the clock: 26 Nov 10:00 came"
    shop.bench.desk.do(Snooze(shop.bench.id(1), shop.bench.clock.at + DAY))
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    assert last(shop) == ("snoozed", "open", "agent", "Joan", "woken")


def test_an_end_without_an_answer_says_why_and_is_opened_or_taken_back(shop):
    shop.bench.desk.do(Resolve(shop.bench.id(1), Excuse("phone")))
    assert last(shop) == ("new", "resolved", "agent", "Joan", "resolved_excused")
    assert said(shop) == "Joan: resolved it without an answer: answered by phone"
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    assert last(shop) == ("resolved", "open", "agent", "Joan", "reopened")
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    assert last(shop)[-1] == "resolved"
    shop.bench.desk.do(Undo())
    assert said(shop) == "Joan: took back: the end"
    writes(shop)
    shop.bench.desk.do(NoAnswerNeeded(shop.bench.id(1), Excuse("spam")))
    assert last(shop) == ("open", "waiting_customer", "agent", "Joan", "excused")


def test_rules_macros_calls_and_promises_are_named_as_what_moved_it(shop):
    desk, ticket = shop.bench.desk, shop.bench.id(1)
    answers(shop)
    cause = shop.bench.store.connection.execute("SELECT id FROM event ORDER BY seq DESC").fetchone()[0]
    fired = FireRule(ticket, "silent-seven-days", "waiting_customer", cause, Acts(status=Status.RESOLVED))
    desk.do(fired)
    one = turns(shop)[-1]
    assert (one.was, one.now, one.who, one.name, one.parent) == (
        "waiting_customer", "resolved", Who.RULE, "silent-seven-days", cause,
    )  # fmt: skip
    assert said(shop) == "rule silent-seven-days: acted because it waits for the customer"
    desk.do(GivePledge(ticket, Pledge("mirarlo", shop.bench.clock.at + DAY)))
    shop.bench.clock.go(days=1)
    ticker.wake(desk)
    assert last(shop) == ("resolved", "open", "clock", "", "promise")
    desk.do(RunMacro(ticket, Acts(status=Status.WAITING_THIRD_PARTY), "transporte"))
    assert last(shop) == ("open", "waiting_third_party", "agent", "Joan", "macro")
    writes(shop)
    desk.do(RunMacro(ticket, Acts(status=Status.RESOLVED), "tancar"))
    assert said(shop) == "Joan: ran a macro tancar"
    desk.do(Reopen(ticket))
    blob = shop.bench.messages(1)[0]
    call = NoteCall(ticket, None, ours=True, seconds=60, text=blob.id, size=1, subject="", then="done")
    desk.do(call)
    assert last(shop) == ("open", "resolved", "agent", "Joan", "call_done")


def test_an_answer_that_did_not_go_or_goes_later_is_told_as_that(shop):
    shop.provider.plan = [Refused("550 5.1.1", "no such user")]
    answers(shop)
    assert [each.why for each in turns(shop)][-2:] == ["answered", "not_sent"]
    assert last(shop)[:3] == ("waiting_customer", "open", "machine")
    shop.answer("Mañana más.", at=shop.bench.clock.at + timedelta(hours=3))
    assert last(shop)[-1] == "goes_later"
    assert said(shop).startswith("Joan: wrote an answer that goes 23 Nov ")
    writes(shop)
    assert last(shop)[:3] == ("snoozed", "open", "customer")


def test_answers_from_elsewhere_third_parties_machines_and_history_are_told_apart(shop):
    shop.bench.mail(
        "Sí", sender=SHOP, to="maria@x.test", role="sent", reply_to="<a@x.test>", message_id="<s@x.test>"
    )
    assert last(shop) == ("new", "waiting_customer", "elsewhere", "", "answered")
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    writes(shop, "No estoy", extra="Auto-Submitted: auto-replied\r\n")
    assert last(shop) == ("resolved", "resolved", "machine", "", "came_after")
    shop.bench.mail("Hola", sender="vell@x.test", subject="Antic", before=True, waits=False)
    assert last(shop, 2) == (None, "closed", "customer", "", "history")


def test_tickets_that_went_together_or_apart_say_with_which(shop):
    shop.bench.mail("Otra", sender="maria@x.test", subject="Otra", message_id="<b@x.test>")
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    assert last(shop)[-1] == "merged"
    assert said(shop) == "#2 Joan: put it into #1"
    shop.bench.desk.do(Split(shop.bench.messages(1)[-1].id))
    assert said(shop, 3) == "Joan: split it off from #1"


def test_what_changes_no_status_is_no_turn_and_a_forgotten_customer_leaves_the_steps_without_words(shop):
    shop.bench.desk.do(Snooze(shop.bench.id(1), shop.bench.clock.at + DAY, reason="la vecina"))
    shop.bench.desk.do(AddNote(shop.bench.id(1), shop.bench.messages(1)[0].id, 1))
    assert [each.why for each in turns(shop)] == ["began", "slept"]
    forget(shop.bench.desk, shop.bench.ticket(1).row.customer)
    assert [(each.why, each.said) for each in turns(shop)] == [
        ("began", ""),
        ("slept", ""),
        ("forgotten", ""),
    ]
