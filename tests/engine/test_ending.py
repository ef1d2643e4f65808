"""How matters end and come back: thanks that open nothing, what came after an end, snoozes with what they are for."""

from datetime import UTC, timedelta

import pytest

from agentdesk.core.commands import Reopen, Resolve, RunMacro, Snooze, SnoozeAgain, Split, Undo
from agentdesk.core.model import Acts, Status
from agentdesk.core.settling import Excuse, MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.engine import ending, proof, ticker
from agentdesk.engine.when import when
from agentdesk.errors import RefusedError
from agentdesk.store import people
from agentdesk.store.digest import digest
from desks import MONDAY, SHOP, Bench

MARIA = "maria@x.test"


@pytest.fixture
def bench(tmp_path):
    """María asked, and was answered from another program an hour later."""
    made = Bench(tmp_path)
    made.mail("On és el paquet", message_id="<a@x.test>")
    made.clock.go(hours=1)
    answered(made, "Arriba demà.")
    yield made
    made.close()


def answered(bench, text: str, name: str = "<r@shop.test>") -> None:
    bench.mail(text, sender=SHOP, to=MARIA, role="sent", reply_to="<a@x.test>", message_id=name)
    bench.clock.go(minutes=10)


def writes(bench, text: str, **more) -> None:
    bench.mail(text, reply_to="<a@x.test>", **more)


def shown(bench, view: str) -> list[int]:
    return [row.number for row in bench.queue(view)]


def figure(bench) -> int:
    with bench.reading() as connection:
        return people.unanswered(connection)


def running(bench) -> list[str]:
    clocks = bench.ticket(1).clocks
    return sorted(c["metric"] for c in clocks if c["state"] == "running" and c["tier"] == "standard")


def refused(bench, command) -> str:
    with pytest.raises(RefusedError) as error:
        bench.desk.do(command)
    return str(error.value.values["reason"])


@pytest.mark.parametrize("days", [1, 30])
def test_thanks_open_nothing_start_nothing_and_stay_in_sight_until_somebody_has_looked(bench, days):
    bench.desk.do(Resolve(bench.id(1)))
    bench.clock.go(days=days)
    writes(bench, "Moltes gràcies, Joan!")
    row = bench.ticket(1).row
    assert (row.status, row.waiting_since, row.unread, figure(bench), running(bench)) == (
        "resolved",
        None,
        True,
        0,
        [],
    )
    assert bench.messages(1)[-1].settled == "thanks"
    assert shown(bench, "afterwards") == [1]
    assert shown(bench, "all") == [1], "no linked ticket either"
    bench.desk.do(MarkSeen(bench.id(1)))
    assert shown(bench, "afterwards") == []
    bench.desk.do(Undo())
    assert shown(bench, "afterwards") == [1]


def test_thanks_to_an_open_answer_do_not_open_it_again(bench):
    writes(bench, "Gràcies")
    assert (bench.ticket(1).row.status, figure(bench), shown(bench, "afterwards")) == (
        "waiting_customer",
        0,
        [1],
    )


def test_thanks_that_are_split_out_are_to_be_seen_in_their_own_ticket_alone(bench):
    writes(bench, "Gràcies")
    first = bench.messages(1)[-1]
    bench.clock.go(minutes=5)
    writes(bench, "Moltes gràcies!")
    bench.desk.do(Split(first.id))
    assert bench.ticket(1).row.wrote_after == bench.messages(1)[-1].received_at
    bench.desk.do(Split(bench.messages(1)[-1].id))
    assert bench.ticket(1).row.wrote_after is None
    assert 1 not in shown(bench, "afterwards")


def test_thanks_take_nothing_from_whoever_still_waits(bench):
    writes(bench, "I la factura?")
    since = bench.ticket(1).row.waiting_since
    bench.clock.go(minutes=1)
    writes(bench, "Gràcies")
    row = bench.ticket(1).row
    assert (row.status, row.waiting_since, figure(bench)) == ("open", since, 1)
    assert shown(bench, "afterwards") == []


def test_what_was_no_thanks_waits_since_it_came_and_one_undo_takes_that_back(bench):
    bench.desk.do(Resolve(bench.id(1)))
    came = bench.clock.go(hours=2)
    writes(bench, "Gràcies")
    bench.clock.go(hours=3)
    before = digest(bench.store.connection)
    bench.desk.do(RefuteThanks(bench.id(1)))
    row = bench.ticket(1).row
    assert (row.status, row.waiting_since, figure(bench)) == ("open", f"{came:%Y-%m-%dT%H:%M:%S}.000Z", 1)
    started = [c["started_at"] for c in bench.ticket(1).clocks if c["state"] == "running"]
    assert {each[:19] for each in started} == {f"{came:%Y-%m-%dT%H:%M:%S}"}
    assert refused(bench, RefuteThanks(bench.id(1))) == "no_thanks"
    bench.desk.do(Undo())
    assert (figure(bench), shown(bench, "afterwards")) == (0, [1])
    assert digest(bench.store.connection) != before, "that it was taken back is kept"


def test_an_ok_is_the_answer_to_a_question_of_ours(bench):
    answered(bench, "Li va bé demà?", "<q@shop.test>")
    bench.desk.do(Resolve(bench.id(1)))
    writes(bench, "Ok, gràcies")
    assert (bench.ticket(1).row.status, figure(bench)) == ("open", 1)


@pytest.mark.parametrize("text", ["Gràcies, però no ha arribat", "Gràcies?", "Gràcies per res"])
def test_what_only_begins_with_thanks_opens_a_resolved_ticket_again(bench, text):
    bench.desk.do(Resolve(bench.id(1)))
    writes(bench, text)
    assert (bench.ticket(1).row.status, figure(bench)) == ("open", 1)
    assert shown(bench, "afterwards") == []


def test_what_a_machine_or_a_late_mail_says_after_the_end_is_listed_too(bench):
    bench.desk.do(Resolve(bench.id(1)))
    writes(bench, "No hi soc", extra="Auto-Submitted: auto-replied\r\n")
    assert (bench.ticket(1).row.status, shown(bench, "afterwards")) == ("resolved", [1])
    bench.desk.do(MarkSeen(bench.id(1)))
    writes(bench, "abans de la resposta", at=MONDAY + timedelta(minutes=30))
    assert (bench.ticket(1).row.status, shown(bench, "afterwards"), figure(bench)) == ("resolved", [1], 0)


def test_an_end_alone_answers_nobody_and_its_reason_stands_at_the_message(bench):
    writes(bench, "I la factura?")
    bench.desk.do(Resolve(bench.id(1)))
    assert (figure(bench), shown(bench, "unanswered")) == (1, [1])
    ending.no_answer(bench.desk, bench.id(1), "ho hem parlat a la botiga")
    said = bench.messages(1)
    assert (figure(bench), said[-2].settled, said[-1].text) == (0, "other", "ho hem parlat a la botiga")
    assert refused(bench, NoAnswerNeeded(bench.id(1), Excuse("spam"))) == "nobody_waits"
    bench.desk.do(Undo())
    assert (figure(bench), bench.messages(1)[-1].settled) == (1, None)
    bench.desk.do(Reopen(bench.id(1)))
    bench.desk.do(RunMacro(bench.id(1), Acts(status=Status.RESOLVED), "tancar"))
    assert (figure(bench), bench.messages(1)[-1].settled) == (0, "macro:tancar")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Gràcies per tot!", "thanks"),
        ("Gràcies, i la factura?", None),
        ("Ok", None),
        ("La bossa no tanca", None),
    ],
)
def test_only_what_the_text_itself_says_is_offered_as_a_reason(bench, text, reason):
    bench.mail(text, sender="nou@x.test", subject="Nova", message_id="<n@x.test>")
    assert ending.said_by_itself(bench.desk, bench.id(2)) == reason
    assert ending.said_by_itself(bench.desk, bench.id(1)) is None, "nobody waits in it"


def test_thanks_for_nothing_that_was_answered_are_no_reason_for_the_question_before_them(bench):
    writes(bench, "I la factura?")
    bench.clock.go(minutes=1)
    writes(bench, "Gràcies!")
    assert ending.said_by_itself(bench.desk, bench.id(1)) is None


def test_no_answer_needed_lets_the_ticket_rest_and_what_was_late_stays_late(bench):
    writes(bench, "I la factura?")
    bench.clock.go(days=1)
    ending.no_answer(bench.desk, bench.id(1), "phone")
    assert (bench.ticket(1).row.status, running(bench)) == ("waiting_customer", [])
    assert "met_late" in {c["state"] for c in bench.ticket(1).clocks if c["metric"] == "next_response"}


def test_of_each_customer_the_ticket_is_shown_that_waits_longest(bench):
    bench.mail("una", subject="U", message_id="<u@x.test>")
    bench.clock.go(minutes=1)
    bench.mail("dues", subject="Dos", message_id="<d@x.test>")
    bench.mail("tres", sender="pep@x.test", subject="Tres", message_id="<t@x.test>")
    assert (shown(bench, "unanswered"), figure(bench)) == ([2, 4], 2)
    assert [each.since for each in proof.unanswered(bench.desk)] == sorted(
        bench.ticket(n).row.waiting_since for n in (2, 3, 4)
    )


def test_a_zero_is_counted_from_the_log_and_a_store_that_lies_is_found_out(bench):
    proved = proof.prove(bench.desk)
    assert (proved.owed, proved.messages, proved.customers, proved.agrees) == ((), 2, 1, True)
    bench.mail("dues", subject="Dos", message_id="<d@x.test>")
    with bench.desk.transaction() as writer:
        writer.connection.execute("UPDATE ticket SET waiting_since = NULL")
    proved = proof.prove(bench.desk)
    assert ([bench.messages(2)[0].id], False) == ([each.message for each in proved.owed], proved.agrees)


def test_a_split_message_waits_since_it_came_and_one_that_was_answered_does_not(bench):
    writes(bench, "I una altra cosa: la factura?", at=bench.clock.at)
    bench.clock.go(hours=2)
    first, _, last = bench.messages(1)
    bench.desk.do(Split(last.id))
    assert (bench.ticket(1).row.waiting_since, bench.ticket(2).row.waiting_since) == (None, last.received_at)
    assert {c["started_at"] for c in bench.ticket(2).clocks} == {last.received_at}
    bench.desk.do(Undo())
    assert (bench.ticket(1).row.waiting_since, figure(bench)) == (last.received_at, 1)
    bench.desk.do(Split(first.id))
    assert (figure(bench), bench.messages(3)[0].settled) == (1, "answered")


def test_a_snooze_says_what_for_and_an_early_wake_is_one_key_from_going_back(bench):
    until = MONDAY + timedelta(days=2)
    bench.desk.do(Snooze(bench.id(1), until, reason="esperem el transportista"))
    row = bench.ticket(1).row
    assert (row.status, row.snooze_reason) == ("snoozed", "esperem el transportista")
    assert refused(bench, SnoozeAgain(bench.id(1))) == "never_cut"
    writes(bench, "Encara res?")
    assert (bench.ticket(1).row.status, bench.ticket(1).row.snooze_cut) == ("open", row.snoozed_until)
    bench.desk.do(SnoozeAgain(bench.id(1)))
    again = bench.ticket(1).row
    assert (again.snoozed_until, again.snooze_reason) == (row.snoozed_until, "esperem el transportista")
    assert figure(bench) == 1, "who wrote waits all the same"
    bench.desk.do(Reopen(bench.id(1)))
    assert bench.ticket(1).row.snooze_cut == row.snoozed_until
    bench.desk.do(Undo())
    assert bench.ticket(1).row.snooze_reason == "esperem el transportista"


def test_a_quiet_snooze_sleeps_on_and_whoever_wrote_waits_with_a_promise(bench):
    bench.desk.do(Snooze(bench.id(1), MONDAY + timedelta(days=2), quiet=True))
    writes(bench, "Encara res?")
    row = bench.ticket(1).row
    assert (row.status, row.unread, figure(bench)) == ("snoozed", True, 1)
    assert running(bench) == ["next_response", "resolution"]
    bench.clock.go(days=3)
    assert ticker.wake(bench.desk) == 1
    woken = bench.store.connection.execute(
        "SELECT type, actor FROM event ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert (bench.ticket(1).row.status, tuple(woken)) == ("open", ("Woken", "agentdesk"))


def test_all_of_it_is_replayed_from_the_log(bench):
    bench.desk.do(Snooze(bench.id(1), MONDAY + timedelta(days=2), quiet=True, reason="per què"))
    writes(bench, "Gràcies")
    bench.desk.do(Resolve(bench.id(1), Excuse("phone")))
    writes(bench, "👍")
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("lunes", "2026-11-30T09:00"), ("en 2 horas", "2026-11-23T11:00"), ("demà a les 9", "2026-11-24T09:00"),
        ("lunes 9", "2026-11-30T09:00"), ("dilluns a les 10", "2026-11-23T10:00"), ("el martes a las 8", "2026-11-24T08:00"),
        ("monday at 8", "2026-11-30T08:00"), ("3 de desembre a les 9", "2026-12-03T09:00"), ("viernes, 17:30", "2026-11-27T17:30"),
        ("next monday 9:00", "2026-11-30T09:00"), ("mañana 9", "2026-11-24T09:00"), ("in 2h", "2026-11-23T11:00"),
    ],
)  # fmt: skip
def test_until_when_is_typed_in_three_languages(text, after):
    assert f"{when(text, MONDAY, UTC):%Y-%m-%dT%H:%M}" == after
