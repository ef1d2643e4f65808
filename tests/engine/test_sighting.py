"""An import and a sync give the same work in either order: the server decides, whichever came first."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.core import rules
from agentdesk.core.commands import OpenAccount
from agentdesk.core.model import Place
from agentdesk.engine import life, proof
from agentdesk.engine.mailfile import Found
from agentdesk.engine.transfer import Past
from agentdesk.store import log, queries
from desks import MONDAY, SHOP, Bench, holds
from engine.answering import Shop

OPENED_AT = MONDAY - timedelta(days=2)


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    yield made
    consistent(made.bench)
    made.bench.close()


def consistent(bench):
    holds(bench.desk)


def mail(name, body, at, sender="Maria <maria@x.test>", to=SHOP, reply_to="", extra=""):
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: Pedido {name[0]}\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
    head += f"Message-ID: <{name}@x.test>\r\n"
    head += f"In-Reply-To: <{reply_to}@x.test>\r\nReferences: <{reply_to}@x.test>\r\n" if reply_to else ""
    return (head + extra + f"\r\n{body}\r\n").encode()


def imported(bench, *raws):
    return Past(bench.desk, "mailbox", read_mail).bring([Found(raw, bench.clock.at) for raw in raws])


def fetched(bench, raw, at, role="inbox", **arrival):
    bench.uid += 1
    place = Place("mailbox", "Sent" if role == "sent" else "INBOX", 1, bench.uid)
    one = Arrival(place, at, raw, len(raw), role=role, **arrival)
    return bench.intake.take(Batch(f"cursor {bench.uid}", (one,)))


def row(bench, number=1):
    found = bench.ticket(number).row
    return (
        found.owed_since,
        found.status,
        found.history,
        found.unread,
        [each.number for each in bench.queue()],
    )


WAITS = ("2026-11-23T08:00:00.000Z", "new", False, True, [1])


def test_a_mail_of_today_that_was_imported_before_it_was_fetched_is_work(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    imported(shop.bench, raw)
    assert row(shop.bench) == (None, "closed", True, False, [])
    assert fetched(shop.bench, raw, at).received == 1
    assert row(shop.bench) == WAITS
    clocks = {
        (each["metric"], each["due_at"]) for each in shop.bench.ticket(1).clocks if each["tier"] == "standard"
    }
    assert ("first_response", "2026-11-23T09:00:00.000Z") in clocks
    assert fetched(shop.bench, raw, at).received == 0
    assert imported(shop.bench, raw).duplicates == 1
    assert row(shop.bench) == WAITS
    shop.answer("Está en camino")
    shop.flush()
    assert row(shop.bench)[:2] == (None, "waiting_customer")


def test_one_that_waited_before_the_account_was_added_waits_without_a_promise(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    imported(shop.bench, raw)
    fetched(shop.bench, raw, at, before=True, waits=True)
    assert row(shop.bench) == WAITS
    assert shop.bench.ticket(1).row.since_before
    assert shop.bench.ticket(1).clocks == ()


def test_what_the_server_takes_for_history_stays_so(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    imported(shop.bench, raw)
    assert fetched(shop.bench, raw, at, before=True).duplicates == 1
    assert row(shop.bench) == (None, "closed", True, False, [])


def test_history_of_the_servers_own_is_no_work_when_it_lies_in_another_folder(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    fetched(shop.bench, raw, at, before=True)
    imported(shop.bench, raw)
    fetched(shop.bench, raw, at, before=True, waits=True)
    assert row(shop.bench) == (None, "closed", True, False, [])


def test_what_a_file_shows_to_be_answered_rests(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    answer = mail("a", "Mañana", at + timedelta(minutes=20), SHOP, "maria@x.test", "q")
    imported(shop.bench, raw, answer)
    fetched(shop.bench, raw, at)
    assert row(shop.bench) == (None, "waiting_customer", False, False, [])
    clocks = {
        each["metric"]: each["state"] for each in shop.bench.ticket(1).clocks if each["tier"] == "standard"
    }
    assert clocks["first_response"] == "met"
    fetched(shop.bench, answer, at + timedelta(minutes=20), "sent")
    assert [each.history for each in shop.bench.messages(1)] == [False, False]


def test_an_answer_that_was_written_before_the_import_has_not_read_what_it_brought(shop):
    shop.bench.mail("¿Y mi pedido?", message_id="<q@x.test>", at=MONDAY - timedelta(hours=3))
    shop.answer("Está en camino")
    shop.flush()
    shop.bench.clock.go(minutes=10)
    at = MONDAY - timedelta(minutes=5)
    raw = mail("c", "¿Y cuánto cuesta el envío?", at, reply_to="q")
    imported(shop.bench, raw)
    assert row(shop.bench)[0] is None
    fetched(shop.bench, raw, at)
    assert row(shop.bench) == ("2026-11-23T08:55:00.000Z", "open", False, True, [1])


def test_mere_thanks_and_machines_are_what_they_would_have_been(shop):
    at = MONDAY - timedelta(hours=2)
    shop.bench.mail("¿Y mi pedido?", message_id="<q@x.test>", at=at)
    shop.answer("Está en camino")
    shop.flush()
    thanks = mail("t", "¡Muchas gracias!", MONDAY + timedelta(minutes=1), reply_to="q")
    news = mail("n", "Ofertas", MONDAY, "News <n@prov.test>", extra="List-Unsubscribe: <mailto:u@p.test>\r\n")
    shop.bench.clock.go(minutes=5)
    imported(shop.bench, thanks, news)
    fetched(shop.bench, thanks, MONDAY + timedelta(minutes=1))
    fetched(shop.bench, news, MONDAY)
    assert proof.unanswered(shop.bench.desk) == []
    assert shop.bench.queue() == []
    assert [each.number for each in shop.bench.queue("machine")] == [2]


def test_rules_and_the_life_of_a_ticket_hear_that_the_customer_wrote(shop):
    at = MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)
    imported(shop.bench, raw)
    fetched(shop.bench, raw, at)
    with shop.bench.reading() as connection:
        event = [each for _, each in log.read(connection)][-1]
    (happening,) = rules.happenings(event)
    assert (event.type, happening.kinds, happening.at) == ("Sighted", ("ticket_opened", "customer_wrote"), at)
    turns = life.of_ticket(shop.bench.desk, shop.bench.id(1)).turns
    assert [(each.now, each.why) for each in turns] == [("closed", "history"), ("new", "found")]


def test_an_imported_answer_ends_the_waiting_in_queue_clocks_and_figure_alike(shop):
    at = MONDAY - timedelta(hours=2)
    shop.bench.mail("¿Dónde está mi pedido?", message_id="<q@x.test>", at=at)
    shop.bench.mail("¿Cuánto cuesta?", message_id="<p@x.test>", sender="pere@x.test", at=at)
    early = mail("e", "Hola", at - timedelta(hours=1), SHOP, "pere@x.test", "p")
    imported(shop.bench, mail("a", "Mañana", MONDAY - timedelta(hours=1), SHOP, "maria@x.test", "q"), early)
    assert row(shop.bench) == (None, "waiting_customer", False, False, [2])
    clocks = {
        each["metric"]: each["state"] for each in shop.bench.ticket(1).clocks if each["tier"] == "standard"
    }
    assert (clocks["first_response"], shop.bench.ticket(1).row.next_due_at) == ("met", None)
    assert row(shop.bench, 2) == ("2026-11-23T07:00:00.000Z", "new", False, True, [2])


def test_an_answer_that_waits_for_its_time_is_stopped_by_the_customer_and_not_by_an_old_answer(shop):
    shop.bench.mail("¿Y mi pedido?", message_id="<q@x.test>", at=MONDAY - timedelta(hours=3))
    shop.answer("Está en camino", at=MONDAY + timedelta(hours=16))
    old = mail("o", "Hola", MONDAY - timedelta(hours=4), SHOP, "maria@x.test", "q")
    new = mail("n", "¿Hola?", MONDAY - timedelta(minutes=5), reply_to="q")
    imported(shop.bench, old, new)
    fetched(shop.bench, old, MONDAY - timedelta(hours=4), "other")
    assert [each.goes_at for each in shop.outbox()] == ["2026-11-24T01:00:00.000Z"]
    fetched(shop.bench, new, MONDAY - timedelta(minutes=5))
    assert shop.outbox() == []


@pytest.mark.parametrize("first", ["import", "sync"])
def test_what_nobody_could_read_at_first_is_what_the_server_said_once_it_is_read(shop, first):
    bench, at = shop.bench, MONDAY - timedelta(hours=1)
    raw = mail("q", "¿Dónde está mi pedido?", at)

    def broken(_raw):
        raise ValueError("not yet")

    bench.intake.read = broken
    ways = [
        lambda: Past(bench.desk, "mailbox", broken).bring([Found(raw, at)]),
        lambda: fetched(bench, raw, at),
    ]
    for way in ways if first == "import" else reversed(ways):
        way()
    bench.intake.read = read_mail
    with bench.reading() as connection:
        (held,) = queries.quarantine(connection)
    bench.intake.again(held)
    assert row(bench) == WAITS


# Any mailbox, in either order.


def mailbox(seed):
    """(raw, arrival, role, flags as the connector gives them, thread) of some weeks, oldest first."""
    pick, at, found, threads = random.Random(seed), MONDAY - timedelta(days=30), [], []
    for number in range(80):
        at += timedelta(hours=pick.randint(1, 20))
        if at > MONDAY:
            break
        person = f"client{pick.randint(0, 8)}@x.test"
        before = at < OPENED_AT
        waits = before and at > MONDAY - timedelta(days=9)
        thread = number
        if threads and pick.random() < 0.35:
            parent, person, thread = pick.choice(threads)
            if pick.random() < 0.6:
                parent = [name for name, _, other in threads if other == thread][-1]
                answer = mail(f"a{number}", "Mañana", at, SHOP, person, parent)
                found.append((answer, at, "sent", {"before": before}, thread))
                continue
        else:
            parent = ""
        extra = "Precedence: bulk\r\n" if pick.random() < 0.1 else ""
        body = "Muchas gracias" if parent and pick.random() < 0.3 else f"¿Dónde está mi pedido {number}?"
        found.append(
            (
                mail(f"m{number}", body, at, person, reply_to=parent, extra=extra),
                at,
                "inbox",
                {"before": before, "waits": waits},
                thread,
            )
        )
        threads.append((f"m{number}", person, thread))
    return found


def work(folder: Path, mails, taken, *, first):
    """Who waits since when, once everything was fetched and `taken` imported, in either order."""
    bench = Bench(folder)
    bench.desk.do(OpenAccount("mailbox", "email", OPENED_AT, 9), actor="agentdesk")
    if first:
        imported(bench, *(mails[at][0] for at in taken))
    for raw, at, role, flags, _thread in mails:
        fetched(bench, raw, at, role, **flags)
    if not first:
        imported(bench, *(mails[at][0] for at in taken))
    waiting: dict[str, str] = {}
    for each in bench.queue(limit=500):
        assert each.owed_since is None or each.status in {"new", "open"}
        if each.owed_since:
            waiting[each.identity] = min(each.owed_since, waiting.get(each.identity, each.owed_since))
    consistent(bench)
    bench.close()
    return waiting


@pytest.mark.parametrize("seed", range(12))
def test_in_either_order_the_same_people_wait(tmp_path, seed):
    mails = mailbox(seed)
    part = 2 if seed % 2 else 1
    taken = [at for at, (*_, thread) in enumerate(mails) if thread % part == 0]
    before = work(tmp_path / "import", mails, taken, first=True)
    after = work(tmp_path / "sync", mails, taken, first=False)
    assert before == after
    assert after
