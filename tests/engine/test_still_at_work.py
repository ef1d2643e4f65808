"""How far a matter is, said by itself: at its time, while the shop is open, and to whoever waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.config.model import Automatic
from agentdesk.core.commands import Resolve
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from desks import MONDAY
from engine.ruled import RuledShop

MARIA = "María <maria@x.test>"


class Waited(RuledShop):
    """Open Monday to Friday from nine to six; whoever wrote hears after four hours of that that it is worked on."""

    def __init__(self, folder, *on: str) -> None:
        super().__init__(folder, on=("progress-reminder", *on))

    def wakes(self, **span: float) -> None:
        """Time goes by without this laptop; then it is looked what came, and the rules run."""
        self.bench.clock.go(**span)
        with self.bench.desk.transaction() as writer:
            writer.intake.set_health("mailbox", "ok", synced_at=self.bench.clock.at)
        self.run()
        self.flush()

    def told(self) -> list[tuple[int, str]]:
        """The tickets in which it was said, and when, by day and time."""
        return [
            (number, each.received_at[8:16])
            for number in sorted(row.number for row in self.bench.queue("all"))
            for each in self.bench.messages(number)
            if each.class_reason == "progress"
        ]

    def not_told(self) -> list[str]:
        return [each.code for each in self.failures()]


@pytest.fixture
def shop(tmp_path):
    made = Waited(tmp_path / "home")
    made.bench.clock.at = MONDAY
    yield made
    made.bench.close()


def test_it_is_said_at_its_time_and_a_quarter_of_an_hour_later_not_any_more(shop):
    shop.mail(sender=MARIA)
    shop.wakes(hours=4)
    assert shop.told() == [(1, "23T13:00")]
    shop.mail(sender="pep@y.test", subject="Otra cosa")
    shop.wakes(hours=4, minutes=15)
    assert shop.told() == [(1, "23T13:00"), (2, "23T17:15")]
    assert shop.not_told() == []


def test_a_laptop_that_slept_says_nothing_of_a_moment_that_has_passed_however_many_wait(shop):
    for name in ("ana", "eva", "pep", "pol"):
        shop.mail(sender=f"{name}@x.test")
    shop.wakes(days=9, hours=2)  # a Wednesday at eleven
    assert (shop.told(), shop.not_told()) == ([], ["too_late"] * 4)
    assert [each.rule for each in shop.fired()] == []


def test_what_is_late_already_is_not_put_off_to_the_morning_as_if_it_were_not(shop):
    shop.mail(sender=MARIA)
    shop.wakes(hours=13)  # ten in the evening
    shop.wakes(hours=11)
    assert (shop.told(), shop.not_told()) == ([], ["shop_is_closed"])


def test_what_falls_due_when_the_shop_closes_is_said_when_it_opens_unless_somebody_answered(shop):
    shop.bench.clock.at = MONDAY.replace(day=27, hour=14)  # a Friday; four hours later it closes
    shop.mail(sender=MARIA, message_id="<a@x.test>")
    shop.mail(sender="pep@y.test", message_id="<b@x.test>")
    shop.wakes(hours=4)
    shop.wakes(days=1)
    assert shop.told() == []
    reply.write(shop.bench.desk, shop.settings, shop.provider, shop.bench.id(2), Wish("Ya está"), hold=0)
    shop.wakes(days=1, hours=15)
    assert shop.told() == [(1, "30T09:00")]
    assert shop.not_told() == []


def test_quiet_hours_win_over_hours_in_which_the_shop_is_open(shop):
    shop.settings = replace(shop.settings, automatic=Automatic(quiet="12:00-14:30"))
    shop.runner = shop.another()
    shop.runner.begin()
    shop.mail(sender=MARIA)
    shop.wakes(hours=4)
    assert shop.told() == []
    shop.wakes(hours=1, minutes=30)
    assert shop.told() == [(1, "23T14:30")]


def test_who_only_rated_waits_for_no_word_on_how_far_it_is(tmp_path):
    shop = Waited(tmp_path / "home", "survey")
    shop.mail(sender=MARIA, message_id="<a@x.test>")
    reply.write(shop.bench.desk, shop.settings, shop.provider, shop.bench.id(1), Wish("Ya está"), hold=0)
    shop.flush()
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.run()
    shop.wakes(hours=1)
    shop.mail("1", sender=MARIA, reply_to="<a@x.test>")
    assert shop.ticket(1).row.status == "open"
    shop.wakes(hours=4)
    assert (shop.told(), shop.not_told()) == ([], ["only_rated"])
    shop.bench.clock.at += timedelta(hours=20)
    shop.mail("¿Y mi dinero?", sender=MARIA, reply_to="<a@x.test>")
    shop.wakes(hours=4)
    assert [number for number, _ in shop.told()] == [1]
    shop.bench.close()


def test_thanks_wait_for_the_morning_and_are_not_said_a_day_late(tmp_path):
    shop = Waited(tmp_path / "home", "welcome")
    shop.bench.clock.at = MONDAY.replace(hour=22)  # a day later it is ten in the evening
    for number, name in enumerate(("ana", "eva"), 1):
        shop.mail(sender=f"{name}@x.test")
        shop.bench.desk.do(Resolve(shop.bench.id(number)))
        shop.run()
        shop.bench.clock.go(minutes=number * 100)
    shop.wakes(hours=20, minutes=45)  # five minutes late for the second
    shop.wakes(hours=9, minutes=20)
    assert [each.class_reason for each in shop.bench.messages(1)][1:] == []
    assert [each.class_reason for each in shop.bench.messages(2)][1:] == ["thanks"]
    assert shop.not_told() == ["too_late"]
    shop.bench.close()
