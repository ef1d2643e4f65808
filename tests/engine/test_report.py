"""Reports of a desk that was really worked at: what mails, answers, calls and second thoughts become as figures."""

from contextlib import closing
from datetime import UTC, timedelta

import pytest

from agentdesk import reporting
from agentdesk.channels import Arrival, Batch, Refused
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account
from agentdesk.core.commands import Describe, Reopen, Resolve, Undo
from agentdesk.core.derivation import Derive
from agentdesk.core.figures import Period, Share
from agentdesk.core.keeping import Mute
from agentdesk.core.model import Place
from agentdesk.engine import reply
from agentdesk.engine import report as reports
from agentdesk.engine.call import Call, note_call
from agentdesk.engine.intake import Intake
from agentdesk.engine.window import Window
from agentdesk.store import case as found
from agentdesk.store import course
from desks import MONDAY, SHOP
from engine.answering import Shop

MONTH = Period(MONDAY - timedelta(days=1), MONDAY + timedelta(days=40))


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    yield made
    made.bench.close()


class Week:
    """Tickets, worked at one after another; each gives its number."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.bench = shop, shop.bench
        self.people = 0
        self.number = 0

    def comes(self, who: str = "") -> int:
        self.people += 1
        self.number += 1
        self.bench.mail("On és?", sender=who or f"p{self.people}@x.test")
        self.bench.clock.go(minutes=10)
        return self.number

    def again(self, number: int) -> None:
        """The customer writes once more, by answering the first mail."""
        row = self.bench.ticket(number).row
        first = self.bench.messages(number)[0]
        self.bench.mail("I?", sender=row.identity.partition(":")[2], reply_to=first.remote_id)
        self.bench.clock.go(minutes=10)

    def answered(self, number: int, *, resolve: bool = True) -> int:
        self.shop.answer(ticket=number, resolve=resolve)
        self.bench.clock.go(minutes=1)
        return number


def forty(shop: Shop) -> set[int]:
    """40 tickets, of which 25 are first contact resolutions; gives the three in which the customer was sent to the phone."""
    week = Week(shop)
    bench = shop.bench
    for _ in range(10):  # 10 of 10: asked, answered, done
        week.answered(week.comes())
    for _ in range(2):  # 2 of 2: wrote twice before the answer, which is one contact
        number = week.comes()
        week.again(number)
        week.answered(number)
    note_call(bench.desk, Call("Resolt", number="+34600111222"), None)  # 1 of 1: told on the phone
    week.number += 1
    bench.desk.do(Resolve(bench.id(week.comes())))  # 1 of 1: done without an answer
    number = week.answered(week.comes(), resolve=False)  # 1 of 1: answered twice, asked once
    week.answered(number)
    for _ in range(2):  # 2 of 2: resolving was taken back, and done again
        number = week.answered(week.comes(), resolve=False)
        bench.desk.do(Resolve(bench.id(number)))
        bench.desk.do(Undo())
        bench.desk.do(Resolve(bench.id(number)))
    for _ in range(4):  # 4 of 8: came back with a new ticket, which then was resolved at once
        week.answered(week.comes(f"back{week.number}@x.test"))
    for number in range(week.number - 3, week.number + 1):
        who = bench.ticket(number).row.identity.partition(":")[2]
        week.answered(week.comes(who))
    number = week.answered(week.comes("other@x.test"))  # 2 of 2: came back about something else
    bench.desk.do(Describe(bench.id(number), incident="returns"))
    week.answered(week.comes("other@x.test"))
    for _ in range(4):  # 0 of 4: opened again by the customer
        number = week.answered(week.comes())
        week.again(number)
        week.answered(number)
    for _ in range(4):  # 0 of 4: asked again before it was over
        number = week.answered(week.comes(), resolve=False)
        week.again(number)
        week.answered(number)
    number = week.answered(week.comes("late@x.test"))  # 2 of 2: came back, but after more than a week
    derived = {week.answered(week.comes()) for _ in range(3)}  # 0 of 3
    for number in derived:
        bench.desk.do(Derive(bench.id(number), "phone"))
    bench.clock.go(days=7, minutes=5)
    week.answered(week.comes("late@x.test"))
    bench.clock.go(days=7, minutes=5)
    assert week.number == 40
    return derived


def test_forty_tickets_give_the_figures_that_were_counted_by_hand(shop):
    derived = forty(shop)
    figures = told(shop, "fcr")
    (line,) = figures.whole
    first, one, reopened, sent_off = (
        line.figures[name] for name in ("first_contact", "one_touch", "reopened", "derived")
    )
    assert isinstance(first, Share)
    assert (len(first.hits), first.n, first.share) == (25, 40, 0.625)
    assert len(line.figures["resolved"].tickets) == 40
    # two answers: the one answered twice, 4 opened again, 4 asked again; none: the one done without
    assert (len(one.hits), one.n) == (40 - 10, 40)
    assert (len(reopened.hits), reopened.n) == (4, 40)
    assert (sent_off.hits, sent_off.n) == (tuple(sorted(derived)), 40)
    assert (line.figures["several_contacts"].n, line.figures["came_back"].n) == (8, 4)
    assert [each.group for each in figures.lines] == ["Joan"]


def told(shop: Shop, kind: str, by: str = "agent"):
    return reports.report(shop.bench.desk, kind, reports.asked(shop.bench.desk, MONTH, by, UTC))


def test_every_round_is_a_promise_of_its_own_and_belongs_to_who_answered(shop):
    week = Week(shop)
    week.comes()  # and 10 minutes pass
    shop.answer()
    shop.flush()
    for agent, minutes in (("Núria", 10), ("Núria", 60)):
        week.again(1)  # 10 minutes
        shop.bench.clock.go(minutes=minutes)
        shop.bench.desk.agent = agent
        shop.answer("Avui surt")
        shop.flush()
    lines = {(line.group, line.about): line.figures for line in told(shop, "sla").lines}
    assert lines["Joan", "first_response"]["time"].wall == (600,)
    rounds = lines["Núria", "next_response"]  # 10 + 10 and 10 + 60 minutes, of a promise of 60
    assert (rounds["time"].wall, len(rounds["kept"].hits), rounds["kept"].n) == ((1200, 4200), 1, 2)
    assert ("Joan", "next_response") not in lines


def test_what_was_taken_back_or_never_arrived_is_no_answer_and_what_is_no_work_no_ticket(shop):
    week, desk = Week(shop), shop.bench.desk
    week.comes()
    shop.answer(resolve=True, hold=60)
    reply.cancel(desk, shop.outbox()[0].message)
    shop.provider.plan = [Refused("recipient", "550 no such user")]
    shop.answer(resolve=True)
    assert shop.flush().failed == 1
    shop.answer()  # the only one that counts
    shop.flush()
    note_call(desk, Call("Torna a trucar", then="open"), shop.bench.id(1))
    desk.do(Undo())
    shop.bench.mail("Oferta!", sender="news@x.test", extra="Precedence: bulk\r\nList-Id: <news.x.test>\r\n")
    shop.bench.mail("Prou", sender="pesat@x.test")
    with Window(desk) as window:
        desk.do(Mute(window.customer("pesat@x.test"), muted=True))
    with closing(desk.reader()) as connection:
        (case,) = found.cases(connection, MONTH, found.Needs(promises=True, ends=True, agents=True))
    assert ([turn.ours for turn in case.turns], case.endings) == ([False, True], ())
    assert "next_response" not in {clock.metric for clock in case.clocks}


def test_what_agentdesk_itself_resolved_and_what_was_answered_from_a_phone_is_no_agents(shop):
    Week(shop).comes()
    shop.bench.mail(
        "Ja surt",
        role="sent",
        sender=SHOP,
        to="p1@x.test",
        message_id="<phone@x.test>",
        reply_to="<m1@x.test>",
    )
    desk = shop.bench.desk
    with desk.transaction() as writer:
        desk.decided(writer, Resolve(shop.bench.id(1)), actor=course.ITSELF)
    (line,) = told(shop, "fcr").lines
    assert (line.group, line.figures["resolved"].n, line.figures["one_touch"].tickets) == ("", 1, (1,))


def old_thread(shop: Shop, *, hours: int = 20) -> None:
    """A mail of so many hours ago and the shop's answer, both history; then the customer writes in the thread."""
    bench, was = shop.bench, shop.bench.clock.at - timedelta(hours=hours)
    who = "vella@x.test"
    bench.mail("Teniu talla 40?", sender=who, message_id="<old@x.test>", at=was, before=True)
    bench.mail(
        "Sí", role="sent", sender=SHOP, to=who, message_id="<said@shop.test>",
        reply_to="<old@x.test>", at=was + timedelta(hours=2), before=True,
    )  # fmt: skip
    bench.mail("I la 42?", sender=who, message_id="<new@x.test>", reply_to="<said@shop.test>")


def test_a_ticket_that_began_as_history_begins_with_what_is_work(shop):
    old_thread(shop)
    shop.bench.clock.go(minutes=5)
    shop.answer("Sí, també", resolve=True)
    shop.flush()
    shop.bench.clock.go(days=8)
    asked_on = f"{MONDAY:%Y-%m-%d}"
    figures = {line.group: line.figures for line in told(shop, "volume", "day").lines}
    assert list(figures) == [asked_on]
    assert [figures[asked_on][name].n for name in ("opened", "messages", "answers")] == [1, 1, 1]
    (first,) = told(shop, "fcr", "day").whole
    assert [
        (len(first.figures[name].hits), first.figures[name].n) for name in ("first_contact", "reopened")
    ] == [(1, 1), (0, 1)]
    (topic,) = told(shop, "topics").whole
    assert (topic.figures["time"].wall, topic.figures["reopened"].n) == ((300,), 1)
    (rounds,) = (line for line in told(shop, "sla").whole if line.about == "next_response")
    assert rounds.figures["time"].wall == (300,)
    shop.bench.store.rebuild()
    assert (told(shop, "fcr", "day").whole, told(shop, "topics").whole) == ((first,), (topic,))


def test_history_that_is_opened_by_hand_and_put_back_was_over_once(shop):
    old_thread(shop)
    desk = shop.bench.desk
    shop.answer("Sí, també", resolve=True)
    shop.flush()
    desk.do(Reopen(shop.bench.id(1)))
    desk.do(Undo())  # back to what it was: over
    shop.bench.mail("Antiga", sender="altra@x.test", at=MONDAY - timedelta(days=9), before=True)
    desk.do(Reopen(shop.bench.id(2)))
    desk.do(Undo())
    with closing(desk.reader()) as connection:
        (case,) = found.cases(connection, MONTH, found.Needs(ends=True))
    assert [each.over for each in case.endings] == [True]


def test_an_old_thread_that_goes_on_after_an_end_came_back_anew(shop):
    week = Week(shop)
    week.answered(week.comes("vella@x.test"))
    shop.bench.clock.go(days=1)
    old_thread(shop, hours=96)
    shop.bench.clock.go(days=8)
    (line,) = told(shop, "fcr").whole
    assert (line.figures["came_back"].tickets, line.figures["first_contact"].hits) == ((1,), ())


def test_two_brands_are_told_apart_by_their_accounts(shop):
    Week(shop).comes()
    bench = shop.bench
    other = Intake(bench.desk, "second", read_mail)
    raw = (
        b"From: ana@x.test\r\nTo: hola@altra.test\r\nSubject: Talla\r\nMessage-ID: <a@x.test>\r\n\r\nHola\r\n"
    )
    arrival = Arrival(Place("second", "INBOX", 1, 1), bench.clock.at, raw, len(raw), role="inbox")
    other.take(Batch("c1", (arrival,)))
    note_call(bench.desk, Call("Resolt", number="+34600111222"), None)
    accounts = (Account("mailbox", "soporte", "email", SHOP),)
    for kind in ("sla", "fcr", "volume", "unanswered", "topics", "staffing"):
        wanted = reports.asked(bench.desk, MONTH, "account", UTC, accounts=accounts)
        groups = {line.group for line in reports.report(bench.desk, kind, wanted).lines}
        assert {"soporte", "second"} <= groups <= {"soporte", "second", "phone"}, kind
    assert reporting.group("account", "phone") == "phone"
