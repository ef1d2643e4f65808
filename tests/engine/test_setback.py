"""A clock that was ahead and is right again: what was written and tried meanwhile waits no longer than was meant."""

from contextlib import closing
from datetime import timedelta

import pytest

from agentdesk.channels import TryLater
from agentdesk.engine.feed import Feed
from agentdesk.engine.sync import Pass
from agentdesk.errors import UnreachableError
from engine.answering import shop_in

YEAR = 365


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def looked(shop):
    """The mailbox was looked at just now."""
    with shop.bench.desk.transaction() as writer:
        writer.intake.set_health("mailbox", "ok", synced_at=shop.bench.clock.at)


@pytest.mark.parametrize("ahead", [{"days": YEAR}, {"hours": 2}, {"minutes": 3}])
def test_an_answer_that_was_written_while_the_clock_was_ahead_waits_its_hold_and_not_longer(shop, ahead):
    clock = shop.bench.clock
    clock.go(**ahead)
    shop.answer(hold=30)
    clock.go(**{unit: -size for unit, size in ahead.items()})
    assert shop.flush().sent == 0, "it can still be taken back"
    clock.go(seconds=29)
    assert shop.flush().sent == 0
    clock.go(seconds=1)
    assert shop.flush().sent == 1


def test_what_was_tried_while_the_clock_was_ahead_is_tried_again_at_once_and_then_at_its_pace(shop):
    clock = shop.bench.clock
    shop.bench.mail(sender="pep@x.test", message_id="<p@x.test>")
    shop.answer(hold=0)
    shop.answer(ticket=2, hold=0)
    clock.go(hours=2)
    shop.provider.plan = [TryLater("no route", reached=False)]
    assert shop.flush().later == 1
    clock.go(hours=-2, seconds=5)
    shop.provider.plan = [TryLater("no route", reached=False)]
    assert shop.flush().later == 1
    assert shop.flush().later == 0, "not again before the wait is over"
    clock.go(seconds=20)
    assert shop.flush().sent == 2


def test_a_wait_that_a_service_asked_for_stays_as_long_as_it_is(shop):
    shop.answer()
    shop.provider.plan = [TryLater("too fast", 30 * 3600.0)]
    shop.flush()
    shop.bench.clock.go(hours=29)
    assert shop.flush().sent == 0
    shop.bench.clock.go(hours=1)
    assert shop.flush().sent == 1


def test_an_answer_that_was_written_and_tried_a_year_ahead_goes(shop):
    clock = shop.bench.clock
    clock.go(days=YEAR)
    shop.answer()
    shop.provider.plan = [TryLater("greylisted")]
    assert shop.flush().later == 1
    clock.go(days=-YEAR, minutes=5)
    assert shop.flush().sent == 1


def test_a_time_that_an_agent_chose_stays_and_is_kept(shop):
    """It was tried too early, by a clock that was ahead, and could not go."""
    clock = shop.bench.clock
    shop.answer(at=clock.at + timedelta(hours=16))
    clock.go(hours=40)
    looked(shop)
    shop.provider.plan = [TryLater("no route", reached=False)]
    assert shop.flush().later == 1
    clock.go(hours=-40)
    looked(shop)
    assert shop.flush().sent == 0
    clock.go(hours=15)
    looked(shop)
    assert shop.flush().sent == 0
    clock.go(hours=1)
    looked(shop)
    assert shop.flush().sent == 1


def test_a_look_at_the_mailbox_that_is_yet_to_come_is_none(shop):
    """By a clock two days ahead the mailbox was looked at after the answer's time; what came since would be passed over."""
    clock = shop.bench.clock
    clock.go(days=2)
    looked(shop)
    clock.go(days=-2)
    shop.answer(at=clock.at + timedelta(hours=20))
    clock.go(hours=21)
    assert shop.flush().sent == 0
    looked(shop)
    assert shop.flush().sent == 1


def test_a_copy_for_the_sent_folder_does_not_wait_for_next_year(shop):
    clock = shop.bench.clock
    clock.go(days=YEAR)
    shop.answer()
    shop.flush()
    assert len(shop.provider.filed) == 1
    clock.go(days=-YEAR)
    assert shop.flush().sent == 0
    assert shop.outbox() == []


def test_a_fault_is_said_although_a_wrong_clock_dates_the_last_good_pass_after_it(shop):
    account = shop.settings.accounts[0]
    clock = shop.bench.clock
    with closing(Feed(shop.bench.desk)) as feed:
        clock.go(days=2)
        looked(shop)
        clock.go(days=-2)
        feed.passed(
            Pass(account, errors=[UnreachableError(account="soporte", server="x", reason="no route")])
        )
        assert list(feed.faults()) == [account.id]
        clock.go(seconds=1)
        looked(shop)
        assert feed.faults() == {}
