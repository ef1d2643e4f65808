"""What is promised of one ticket, from the first sign of life to a complaint's month, and what changes it."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from agentdesk.core.commands import Merge, Prioritise, Reclock, Resolve, RunMacro, Split, Undo
from agentdesk.core.model import Acts, Priority, Status
from agentdesk.core.progress import Describe
from agentdesk.core.sla import Clock, from_data
from agentdesk.engine import call, reckoning
from agentdesk.policies import load_policy
from agentdesk.store import log
from desks import MONDAY, SHOP, Bench
from engine.answering import Shop

SLA = """
[mine.channel.email]
ack = "15min"
first_response = "1h"
next_response = "1h"
resolution = "8h"
progress = "4h"
[mine.priority.urgent]
first_response = { standard = "20min", world_class = "5min" }
next_response = "20min"
[mine.priority.low.email]
first_response = "3h"
[mine.kind.complaint]
resolution = "1 month"
"""


def promising(bench: Bench, folder, text: str = SLA) -> None:
    """The shop's own targets."""
    (folder / "sla.toml").write_text(text)
    bench.desk._policy = partial(load_policy, (folder,), "mine", None, UTC)
    vars(bench.desk).pop("policy", None)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    promising(made, tmp_path)
    made.mail("Hola", message_id="<a@x.test>")
    yield made
    made.close()


def clocks(bench: Bench, number: int = 1, tier: str = "standard") -> dict[str, Clock]:
    found = map(from_data, bench.ticket(number).clocks)
    return {clock.metric.value: clock for clock in found if clock.tier.value == tier}


def states(bench: Bench, number: int = 1) -> dict[str, str]:
    return {metric: clock.state.value for metric, clock in clocks(bench, number).items()}


def answers(bench: Bench, to: str = "<a@x.test>") -> None:
    bench.mail("Ja va", sender=SHOP, to="maria@x.test", role="sent", reply_to=to)


def test_a_first_contact_is_promised_a_sign_and_an_answer_of_a_person_is_one(bench):
    assert states(bench) == dict.fromkeys(("ack", "first_response", "resolution", "progress"), "running")
    bench.clock.go(minutes=20)
    answers(bench)
    assert states(bench) == {
        "ack": "met_late", "first_response": "met", "resolution": "paused", "progress": "paused",
    }  # fmt: skip
    bench.mail("I ara?", reply_to="<a@x.test>")
    assert states(bench)["ack"] == "met_late"
    assert states(bench)["next_response"] == "running"


def test_who_is_on_the_telephone_needs_no_sign(bench):
    call.note_call(bench.desk, call.Call("Vol saber on és", number="+34911222333", name="Anna", then="open"))
    assert "first_response" in states(bench, 2)
    assert "ack" not in states(bench, 2)


def test_the_longest_silence_begins_anew_with_each_answer_while_something_is_open(bench):
    """Answered, and then waiting for the carrier: four hours later the customer should hear again."""
    answered = bench.clock.go(hours=1)
    answers(bench)
    bench.clock.go(hours=2)
    bench.desk.do(RunMacro(bench.id(1), Acts(status=Status.WAITING_THIRD_PARTY)))
    one = clocks(bench)["progress"]
    assert (one.state.value, one.started_at) == ("running", answered)
    assert (one.due_at - bench.clock.at).total_seconds() == 4 * 3600  # the customer had the word until now
    again = bench.clock.go(hours=3)
    answers(bench)
    assert bench.ticket(1).row.status == "waiting_third_party"
    one = clocks(bench)["progress"]
    assert (one.started_at, (one.due_at - again).total_seconds()) == (again, 4 * 3600)
    bench.clock.go(hours=4, seconds=1)
    bench.desk.do(Resolve(bench.id(1)))
    assert states(bench)["progress"] == "met_late"


def test_an_answer_that_waits_for_a_line_has_not_been_given(tmp_path):
    """Written at once and accepted three hours later: late, though the ticket waited for the customer meanwhile."""
    shop = Shop(tmp_path)
    bench = shop.bench
    bench.mail("Hola", message_id="<a@x.test>")
    answers(bench)
    bench.mail("I ara?", reply_to="<a@x.test>")
    bench.clock.go(minutes=1)
    shop.answer("Ja va")
    one = clocks(bench)["next_response"]
    assert (one.state.value, bench.ticket(1).row.status) == ("running", "waiting_customer")
    bench.clock.go(hours=3)
    shop.flush()
    assert states(bench)["next_response"] == "met_late"
    bench.close()


def test_a_complaint_has_a_month_on_the_calendar_whatever_the_hours_and_pauses(bench):
    assert clocks(bench)["resolution"].target == 8 * 3600
    bench.desk.do(Describe(bench.id(1), kind="complaint"))
    one = clocks(bench)["resolution"]
    assert (one.due_at, one.months, one.of) == (datetime(2026, 12, 23, 9, tzinfo=UTC), 1, "kind")
    assert one.target == 30 * 86_400
    bench.clock.go(minutes=5)
    answers(bench)
    assert clocks(bench)["resolution"] == one
    assert clocks(bench)["first_response"].target == 3600  # answered as soon as anybody
    bench.desk.do(Undo())
    assert clocks(bench)["resolution"].target == 8 * 3600


def test_another_priority_promises_otherwise_from_the_same_start_and_undo_brings_it_back(bench):
    bench.clock.go(minutes=2)
    before = clocks(bench)
    bench.desk.do(Prioritise(bench.id(1), Priority.URGENT))
    one = clocks(bench)["first_response"]
    assert (one.started_at, one.target, one.of) == (MONDAY, 1200, "priority")
    assert bench.ticket(1).row.next_due_at == before["ack"].due_at.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    assert clocks(bench, tier="world_class")["first_response"].due_at == MONDAY.replace(minute=5)
    bench.desk.do(Undo())
    assert clocks(bench) == before
    assert not clocks(bench, tier="world_class")


def test_late_stays_late_when_it_is_called_less_urgent(bench):
    bench.clock.go(hours=2)
    bench.desk.do(Prioritise(bench.id(1), Priority.LOW))
    assert clocks(bench)["first_response"].target == 3600
    bench.mail("Un altre", sender="pere@y.test", subject="Altra")
    bench.desk.do(Prioritise(bench.id(2), Priority.LOW))
    assert clocks(bench, 2)["first_response"].target == 3 * 3600


def test_a_split_message_waits_since_it_came_and_the_former_ticket_for_what_is_left(bench):
    second = bench.clock.go(minutes=10)
    bench.mail("I una altra cosa", reply_to="<a@x.test>")
    bench.clock.go(minutes=5)
    first, other = (message.id for message in bench.messages(1)[:2])
    bench.desk.do(Split(other))
    assert clocks(bench, 2)["first_response"].started_at == second
    assert bench.ticket(2).row.waiting_since == bench.messages(2)[0].received_at
    assert clocks(bench)["first_response"].started_at == MONDAY
    bench.desk.do(Undo())
    assert bench.ticket(1).row.messages == 2
    bench.desk.do(Split(first))
    assert clocks(bench, 3)["first_response"].started_at == MONDAY
    assert clocks(bench)["first_response"].started_at == second
    assert bench.ticket(1).row.waiting_since == bench.messages(1)[0].received_at


def test_what_is_split_off_an_answered_ticket_is_no_first_contact(bench):
    answers(bench)
    bench.clock.go(minutes=10)
    bench.mail("I una altra cosa", reply_to="<a@x.test>")
    bench.desk.do(Split(bench.messages(1)[-1].id))
    assert "first_response" not in states(bench, 2)
    assert states(bench, 2)["next_response"] == "running"
    assert states(bench)["next_response"] == "void"
    assert bench.ticket(1).row.waiting_since is None


def test_a_merge_brings_its_kind_and_what_is_promised_of_that(bench):
    bench.mail("Una queixa", sender="pere@y.test", subject="Altra")
    bench.desk.do(Describe(bench.id(2), kind="complaint"))
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    assert clocks(bench)["resolution"].months == 1


def test_other_targets_count_all_that_is_open_anew_and_only_that(bench, tmp_path):
    bench.mail("Un altre", sender="pere@y.test", subject="Altra")
    bench.desk.do(Resolve(bench.id(2)))
    bench.clock.go(minutes=10)
    answers(bench)
    bench.clock.go(minutes=30)
    bench.mail("I ara?", reply_to="<a@x.test>")
    assert reckoning.once(bench.desk) == 0  # nothing reads otherwise, and that is noted
    assert not reckoning.is_due(bench.desk)
    before = clocks(bench)
    promising(
        bench, tmp_path, SLA.replace('resolution = "8h"', 'resolution = "10h"').replace('ack = "15min"\n', "")
    )
    assert reckoning.is_due(bench.desk)
    (moved,) = reckoning.Reckoning(bench.desk).foreseen()
    assert (moved.ticket, moved.metric.value) == (1, "resolution")
    assert moved.due_at is not None
    assert (moved.due_at - moved.was_due_at).total_seconds() == 2 * 3600
    assert clocks(bench) == before
    assert reckoning.once(bench.desk) == 1
    one = clocks(bench)["resolution"]
    assert (one.held.total_seconds(), one.due_at) == (1800, moved.due_at)
    assert {**clocks(bench), "resolution": None} == {**before, "resolution": None}
    assert reckoning.once(bench.desk) == 0


def test_a_target_that_is_due_soon_at_another_time_reaches_what_is_open_and_makes_nothing_due_otherwise(
    bench, tmp_path
):
    promising(
        bench, tmp_path, SLA.replace('resolution = "8h"', 'resolution = { standard = "8h", due_soon = "5h" }')
    )
    counting = reckoning.Reckoning(bench.desk)
    while counting.step():
        pass
    assert (counting.changed(), clocks(bench)["resolution"].soon) == ([], 5 * 3600)
    assert clocks(bench)["resolution"].soon_at == MONDAY + timedelta(hours=3)


def test_what_nobody_promises_any_more_is_void(bench, tmp_path):
    reckoning.once(bench.desk)
    promising(bench, tmp_path, SLA.replace('progress = "4h"\n', ""))
    assert reckoning.once(bench.desk) == 1
    assert states(bench)["progress"] == "void"


def test_what_a_kill_left_over_is_counted_by_the_next_start(bench, tmp_path):
    bench.mail("Un altre", sender="pere@y.test", subject="Altra")
    promising(bench, tmp_path, SLA.replace('first_response = "1h"', 'first_response = "2h"'))
    bench.desk.do(Reclock(bench.id(1)))
    reckoning.once(bench.desk)
    assert {clocks(bench, number)["first_response"].target for number in (1, 2)} == {7200}
    assert not reckoning.is_due(bench.desk)
    with bench.reading() as connection:
        events = [event for _, event in log.read(connection, 0, 100) if event.type == "Reclocked"]
    assert [(event.actor, event.group is None) for event in events] == [("Joan", True), ("agentdesk", False)]
