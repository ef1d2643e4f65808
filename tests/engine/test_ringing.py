"""What rules have to tell: by the same notices as everything else, once, whoever looks."""

from contextlib import closing

import pytest

from agentdesk.config import Notify
from agentdesk.engine import lookout, ringing, ruling, telling
from agentdesk.engine.lookout import Lookout
from engine.ruled import RuledShop

RING = 'on = "customer_wrote"\nwhere = "urgent"\n[do]\nnotify = true\n'
NONE = Notify(bell=(), show=("breached",), mine_only=False)


@pytest.fixture
def it(tmp_path):
    shop = RuledShop(tmp_path, loud=RING)
    yield shop
    shop.bench.close()


def left(it: RuledShop) -> list[str]:
    return [each.rule for each in ringing.waits(it.bench.desk)]


def test_a_daemon_tells_by_the_name_of_the_rule_and_once(it):
    with closing(Lookout(it.bench.desk, it.home, NONE)) as looking:
        assert looking.look() is None
        it.mail("És urgent")
        looking.look()
        it.bench.clock.go(seconds=1)
        notice = looking.look()
        assert notice is not None
        assert (notice.counts, notice.only.rule, notice.only.number) == ((("rule", 1),), "loud", 1)
        assert not left(it)
        it.bench.clock.go(minutes=5)
        assert looking.look() is None
    assert not it.failures()


def test_a_daemon_that_is_killed_before_it_tells_leaves_it_to_who_starts_next(it):
    with closing(Lookout(it.bench.desk, it.home, NONE)) as looking:
        it.mail("És urgent")
        assert looking.look() is None
        assert left(it) == ["loud"]
    with closing(Lookout(it.bench.desk, it.home, NONE)) as looking:
        looking.look()
        it.bench.clock.go(seconds=1)
        assert looking.look().counts == (("rule", 1),)
        assert not left(it)


def test_a_console_that_is_open_takes_it_and_what_it_took_is_told_nowhere_else(it):
    with closing(Lookout(it.bench.desk, it.home, NONE)) as looking:
        with telling.console_open(it.home):
            it.mail("És urgent")
            looking.look()
            assert left(it) == ["loud"]
            ringing.took(it.bench.desk, ringing.waits(it.bench.desk))
        it.bench.clock.go(seconds=1)
        assert looking.look() is None


def test_one_pass_tells_what_its_rules_have_to_tell_together_and_within_the_budget(it):
    rung = []
    settings = Notify(budget=1)
    it.mail("És urgent", sender="una@x.test")
    it.mail("També urgent", sender="dues@x.test")
    lookout.once(it.bench.desk, it.home, settings, rung.append)
    assert [each.counts for each in rung] == [(("rule", 2),)]
    it.mail("Urgent", sender="tres@x.test")
    lookout.once(it.bench.desk, it.home, settings, rung.append)
    assert (len(rung), left(it)) == (1, ["loud"])
    it.bench.clock.go(hours=1)
    lookout.once(it.bench.desk, it.home, settings, rung.append)
    assert (len(rung), left(it)) == (2, [])


def test_where_nobody_can_be_told_and_where_a_way_fails_the_rule_says_so(it):
    it.mail("És urgent")
    lookout.once(it.bench.desk, it.home, None, lambda _: None)
    it.bench.clock.go(hours=1)
    it.mail("Urgent", sender="dues@x.test")
    lookout.once(it.bench.desk, it.home, Notify(), lambda _: ["notify-send cannot be run"])
    assert not left(it)
    done = [each for each in ruling.done(it.bench.desk) if each.failure]
    assert [(each.rule, each.number, each.did, each.is_fault) for each in done] == [
        ("loud", 2, ("notify",), True),
        ("loud", 1, ("notify",), True),
    ]
    assert done[0].failure[1]["said"] == "notify-send cannot be run"
    assert "[notify]" in done[1].failure[1]["said"]
