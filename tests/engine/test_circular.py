"""One quick reply to many: each in the customer's language on the customer's channel, held and taken back as one, and once,
whatever is killed when."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agentdesk.channels import TryLater
from agentdesk.core.commands import Erase, JudgeSender
from agentdesk.core.model import Acts, Status
from agentdesk.core.replies import QuickReply
from agentdesk.engine import bulk, circular, outbox, reply
from agentdesk.engine.phrase import took
from agentdesk.errors import RefusedError
from engine.strike import ASKED, CHANNELS, GIVEN, NAMES, STRIKE, Strike, says
from servers import PROOF


@pytest.fixture
def strike(tmp_path):
    made = Strike(tmp_path)
    yield made
    made.close()


def told(strike):
    """The languages of what the providers took."""
    return sorted(_language(each["text"]) for each in strike.taken())


def _language(text):
    found = [language for language in ASKED if text.startswith(says(language))]
    assert len(found) == 1, text
    return found[0]


def whole(work):
    while work.step():
        pass
    return work


def test_everybody_is_answered_in_their_language_on_their_channel_after_one_hold(strike):
    strike.everybody(12)
    found = strike.looked_at()
    assert sorted(found.kinds()) == sorted((kind, language, 1) for kind in CHANNELS for language in ASKED)
    letters = strike.answer()
    assert len(letters.done) == 12
    (goes,) = {row.release_at for row in strike.outbox()}
    strike.bench.clock.go(seconds=9)
    strike.flush()
    assert not strike.taken(), f"it went before {goes}"
    strike.bench.clock.go(seconds=2)
    strike.flush()
    assert told(strike) == sorted(list(ASKED) * 4)
    for kind, provider in strike.providers.items():
        assert sorted(_language(each["text"]) for each in provider.taken()) == sorted(ASKED), kind
    assert {row.assignee for row in strike.bench.queue("waiting")} == {"Joan"}


def test_nothing_goes_before_the_last_is_written_and_the_rest_is_written_by_the_next_start(
    strike, monkeypatch
):
    strike.everybody(12)
    monkeypatch.setattr(circular, "AT_ONCE", 5)
    letters = strike.begin()
    assert letters.step()
    assert {row.release_at for row in strike.outbox()} == {None}, "nobody can say when it goes"
    strike.bench.clock.go(hours=3)
    strike.flush()
    assert outbox.release_mine(strike.bench.desk) == 0, "whoever leaves does not send a part of it"
    assert not strike.taken()
    again = circular.left_over(strike.shop)
    assert (again.group, again.total) == (letters.group, 12 - len(letters.done))
    assert len(whole(again).held) == 12
    strike.bench.clock.go(seconds=11)
    strike.flush()
    assert told(strike) == sorted(list(ASKED) * 4)
    assert circular.left_over(strike.shop) is None


def test_one_undo_takes_back_all_that_is_held_and_what_a_macro_did_with_it(strike):
    strike.everybody(6)
    before = [(row.number, row.status, row.next_due_at) for row in strike.bench.queue("inbox")]
    whole(strike.begin(acts=Acts(tag=("strike",), status=Status.WAITING_THIRD_PARTY)))
    assert {row.status for row in strike.bench.queue("waiting")} == {"waiting_third_party"}
    assert len(whole(bulk.undoing(strike.bench.desk)).done) == 6
    assert [(row.number, row.status, row.next_due_at) for row in strike.bench.queue("inbox")] == before
    assert strike.bench.ticket(1).tags == ()
    assert not strike.outbox()
    assert len(strike.looked_at().gets) == 6, "what was taken back was not said"


def test_an_undo_in_the_midst_takes_back_what_was_written_and_the_rest_is_not_written(strike, monkeypatch):
    strike.everybody(12)
    monkeypatch.setattr(circular, "AT_ONCE", 5)
    strike.begin().step()
    assert whole(bulk.undoing(strike.bench.desk)).refused == {}
    assert circular.left_over(strike.shop) is None
    assert not strike.outbox()


def test_an_undo_leaves_what_has_gone_and_says_so(strike):
    strike.everybody(4)
    letters = strike.answer()
    reply.release(strike.bench.desk, letters.written[0].message)
    strike.flush()
    undone = whole(bulk.undoing(strike.bench.desk))
    assert [error.values["reason"] for error in undone.refused.values()] == ["already_sent"]
    assert len(undone.done) == 3
    strike.bench.clock.go(minutes=1)
    strike.flush()
    assert len(strike.taken()) == 1


def test_two_processes_that_write_the_same_answers_do_not_write_one_twice(strike):
    strike.everybody(6)
    others = []

    def channel_of(account):
        while others:  # while the first letter is made here, another process writes them all
            whole(others.pop())
        return strike.providers[account.id]

    shop = circular.Shop(strike.bench.desk, strike.settings, channel_of)
    here = circular.begin(shop, STRIKE, strike.looked_at(), GIVEN, acts=Acts())
    others.append(circular.left_over(strike.shop))
    whole(here)
    assert len(strike.outbox()) == 6
    assert [m.direction for n in range(1, 7) for m in strike.bench.messages(n)] == ["in", "out"] * 6


def test_whoever_is_answered_while_it_is_written_does_not_get_it_too(strike):
    strike.everybody(3)
    letters = strike.begin()
    account, _ = reply.answered(strike.bench.desk, strike.settings, strike.bench.id(2))
    channel = strike.providers[account.id]
    reply.write(strike.bench.desk, strike.settings, channel, strike.bench.id(2), reply.Wish("Ja està"))
    whole(letters)
    assert {error.values["reason"] for error in letters.refused.values()} == {"answered"}
    assert len(letters.done) == 2


def test_an_address_that_cannot_be_written_to_is_named_and_stops_nobody_else(strike):
    strike.writes(1, "email", "es")
    number = strike.writes(2, "email", "en", address="pep\\x@x.test")
    strike.writes(3, "email", "ca")
    letters = strike.answer()
    ((ticket, why),) = letters.refused.items()
    assert (ticket, why.values["reason"]) == (strike.bench.id(number), "unwritable")
    assert why.values["address"] == "pep\\x@x.test"
    assert len(letters.done) == 2
    account, _ = reply.answered(strike.bench.desk, strike.settings, ticket)
    with pytest.raises(RefusedError, match="unwritable"):
        reply.write(
            strike.bench.desk, strike.settings, strike.providers[account.id], ticket, reply.Wish("Hola")
        )


def test_those_who_cannot_be_answered_are_named_before_and_get_nothing(strike):
    strike.writes(1, "whatsapp", "ca")
    strike.bench.clock.go(hours=25)
    strike.writes(2, "sms", "es", warnings=("opted_out",))
    machine = strike.writes(3, "email", "en")
    strike.bench.desk.do(JudgeSender(strike.bench.id(machine), "machine"))
    strike.writes(4, "email", "ca")
    strike.writes(4, "email", "ca", text=ASKED["ca"] + " Torno a preguntar.")
    strike.writes(5, "telegram", "es")
    tickets = [row.id for row in strike.bench.queue("all")]
    found = circular.looked_at(strike.shop, STRIKE, tickets, GIVEN)
    assert sorted(why.value for why, _ in found.reasons()) == [
        "not_a_person", "opted_out", "same_customer", "window_closed",
    ]  # fmt: skip
    assert len(found.gets) == 2
    whole(circular.begin(strike.shop, STRIKE, found, GIVEN, acts=Acts()))
    again = circular.looked_at(strike.shop, STRIKE, tickets, GIVEN)
    assert {why.value: n for why, n in again.reasons()}["said_before"] == 3
    with pytest.raises(RefusedError, match="nobody_left"):
        circular.begin(strike.shop, STRIKE, again, GIVEN, acts=Acts())


def test_what_is_known_of_a_ticket_goes_before_what_is_said_for_all_and_a_blank_for_neither_is_asked_once(
    strike,
):
    text = "Hello {{customer.first_name}}, {{?order}} comes {{?day}}, we are very sorry."
    order = QuickReply("order", {"en": "Order"}, {"en": text})
    one, two = strike.writes(1, "email", "en"), strike.writes(2, "sms", "en")
    took(strike.bench.desk, strike.bench.id(one), order, {"order": "A7"})
    assert set(circular.asks(strike.looked_at({}, order))) == {"day", "order"}
    found = strike.looked_at({"day": "Monday", "order": "your order"}, order)
    said = {each.number: each.text for each in found.gets}
    assert "A7 comes Monday" in said[one]
    assert "your order comes Monday" in said[two]
    only = strike.looked_at({"day": "Monday"}, order)
    assert [each.number for each in only.gets] == [one]


def test_a_letter_that_is_not_yet_written_goes_with_the_person_who_is_forgotten(strike):
    strike.everybody(3)
    letters = strike.begin()
    customer = strike.bench.ticket(1).row.customer
    strike.bench.desk.do(Erase(customer))
    rows = strike.bench.store.connection.execute("SELECT text FROM circular_letter").fetchall()
    assert len(rows) == 2
    assert not [text for (text,) in rows if NAMES["ca"] in text]
    assert len(whole(letters).done) == 2


def test_a_service_that_is_asked_too_fast_is_left_alone_for_as_long_as_it_says(strike):
    for number in range(3):
        strike.writes(number, "telegram", "ca")
    strike.answer(hold=0)
    provider = strike.providers["telegram"]
    provider.plan = [TryLater("Too Many Requests: retry after 7", 7.0, too_fast=True)]
    strike.bench.clock.go(seconds=1)
    strike.flush()
    assert not provider.taken(), "the others were tried all the same"
    strike.bench.clock.go(seconds=8)
    strike.flush()
    assert len(provider.taken()) == 3


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(5) if PROOF else [7])
def test_sixty_customers_get_one_answer_each_in_their_language_though_it_is_killed_at_twenty_places(
    seed, tmp_path
):
    script = Path(__file__).with_name("strike.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(seed), "20"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [-9] * 20 + [0], "it was over before it could be killed"
    strike = Strike(tmp_path)
    taken = strike.taken()
    assert len(taken) == 60
    assert len({each["to"] for each in taken}) == 60, "somebody was answered twice"
    spoken = {row.identity.partition(":")[2]: row.language for row in strike.bench.queue("all", 100)}
    for each in taken:
        address = each["to"].rpartition("<")[2].rstrip(">")
        assert _language(each["text"]) == spoken[address]
    assert {m.state for n in range(1, 61) for m in strike.bench.messages(n) if m.direction == "out"} == {
        "sent"
    }
    strike.close()
