"""Rules as they run: what sets them off, what ends their waiting, and what becomes of what they could not do."""

import json
import re
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from agentdesk import store
from agentdesk.core.commands import Assign, Resolve, Tag, Undo
from agentdesk.core.letter import Wish
from agentdesk.engine import reply, rules, ruling
from agentdesk.errors import BusyError
from agentdesk.store import driver, queries
from engine.ruled import RuledShop

NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path):
    made = []

    def make(**given):
        made.append(RuledShop(tmp_path, **given))
        return made[-1]

    yield make
    for each in made:
        each.bench.close()


def test_a_rule_does_all_that_it_says_in_one_event_whose_parent_is_what_set_it_off(shop):
    it = shop(
        vip='on = "ticket_opened"\nwhere = "from:maria"\n[do]\ntag = ["vip"]\npriority = "high"\nassign = "Joan"'
    )
    it.mail(sender="Maria <maria@x.test>")
    it.mail(sender="pep@y.test")
    view = it.ticket(1)
    assert (view.tags, view.row.priority, view.row.assignee) == (("vip",), "high", "Joan")
    assert not it.ticket(2).tags
    (fired,) = it.fired()
    assert (fired.rule, fired.kind, fired.number) == ("vip", "ticket_opened", 1)
    assert fired.did == ("tag:vip", "priority:high", "assign:Joan")
    it.bench.desk.do(Undo(fired.id))
    view = it.ticket(1)
    assert (view.tags, view.row.priority, view.row.assignee) == ((), "normal", None)
    assert it.fired()[0].taken_back
    it.run()
    assert len(it.fired()) == 1


def test_what_the_law_refuses_of_a_rule_leaves_the_ticket_whole_and_is_said(shop):
    it = shop(sleep='on = "customer_wrote"\n[do]\ntag = ["x"]\nsnooze = "0m"')
    it.mail()
    assert not it.ticket(1).tags
    assert not it.fired()
    (failure,) = it.failures()
    assert (failure.rule, failure.number, failure.code) == ("sleep", 1, "past")


def test_rules_run_in_their_order_and_a_later_one_sees_what_an_earlier_one_did(shop):
    it = shop(
        a_later='on = "customer_wrote"\norder = 20\nwhere = "tag:first"\n[do]\ntag = ["second"]',
        z_first='on = "customer_wrote"\norder = 10\n[do]\ntag = ["first"]',
    )
    it.mail()
    assert set(it.ticket(1).tags) == {"first", "second"}
    assert len(it.fired()) == 2


def test_words_are_looked_for_in_the_message_that_came_and_not_in_those_before(shop):
    it = shop(bill='on = "customer_wrote"\nwhere = "factura"\n[do]\ntag = ["bill"]')
    it.mail("Quiero una factura", message_id="<a@x>")
    assert len(it.fired()) == 1
    it.bench.desk.do(Tag(it.bench.id(1), remove=("bill",)))
    it.mail("Gracias", reply_to="<a@x>")
    assert not it.ticket(1).tags


def test_nothing_that_was_there_before_a_rule_was_on_sets_it_off(shop):
    it = shop()
    it.bench.mail("Antes")
    it.settings = type(it.settings)(it.settings.desk, accounts=it.settings.accounts, rules=("overnight",))
    it.runner = it.another()
    it.run()
    assert not it.fired()
    it.bench.clock.at = NIGHT
    it.mail("De noche", at=NIGHT)
    assert it.ticket(2).tags == ("overnight",)


def test_what_arrived_while_the_shop_was_closed_is_told_by_when_it_arrived(shop):
    it = shop(on=("overnight",))
    it.mail("A las dos de la noche", at=NIGHT)  # fetched at nine
    it.mail("Ahora")
    assert it.ticket(1).tags == ("overnight",)
    assert not it.ticket(2).tags


def _answer(it, number=1):
    reply.write(it.bench.desk, it.settings, it.provider, it.bench.id(number), Wish("Ya va"), hold=0.0)
    it.run()


def test_seven_silent_days_resolve_what_waits_for_the_customer_and_a_word_ends_the_waiting(shop):
    it = shop(on=("silent-seven-days",))
    it.mail(message_id="<a@x>")
    it.mail(sender="pep@y.test", message_id="<b@x>")
    _answer(it, 1)
    _answer(it, 2)
    it.go(days=6, hours=23)
    it.mail("Otra cosa", sender="pep@y.test", reply_to="<b@x>")
    assert it.ticket(1).row.status == "waiting_customer"
    it.go(hours=1)
    assert it.ticket(1).row.status == "resolved"
    assert it.ticket(2).row.status == "open"
    assert [each.number for each in it.fired()] == [1]


def test_a_laptop_that_slept_acts_late_and_once(shop):
    it = shop(on=("silent-seven-days",))
    it.mail()
    _answer(it)
    it.go(days=30)
    it.go(days=30)
    assert it.ticket(1).row.status == "resolved"
    assert len(it.fired()) == 1


def test_what_a_word_of_the_customer_would_end_waits_until_the_mailbox_was_looked_at(shop):
    it = shop(on=("silent-seven-days",))
    it.mail()
    _answer(it)
    it.bench.clock.go(days=30)
    _synced(it)
    it.bench.clock.go(days=-30)  # by a clock that was ahead it was looked at already
    it.go(days=8)
    assert it.ticket(1).row.status == "waiting_customer"
    it.runner.ask()
    with it.bench.reading() as connection:
        assert queries.asked(connection, "mailbox")
    _synced(it)
    it.run()
    assert it.ticket(1).row.status == "resolved"


def _synced(it):
    with it.bench.desk.transaction() as writer:
        writer.intake.set_health("mailbox", "ok", synced_at=it.bench.clock.at)


def test_waiting_in_open_time_goes_over_the_night(shop):
    it = shop(
        slow='on = "customer_wrote"\nafter = "4h"\ncounts = "open"\nunless = ["replied"]\n[do]\ntag = ["slow"]'
    )
    it.bench.clock.go(hours=7)  # 16:00: two hours are left of the day
    it.mail()
    it.go(hours=16, minutes=59)
    assert not it.ticket(1).tags
    it.go(hours=2, minutes=1)  # 11:00
    assert it.ticket(1).tags == ("slow",)


def test_a_promise_whose_time_has_come_sets_off_a_rule_once_and_one_that_was_kept_does_not(shop):
    it = shop(late='on = "became_late"\n[do]\npriority = "urgent"')
    it.mail()
    it.mail(sender="pep@y.test")
    _answer(it, 2)
    it.flush()
    it.go(minutes=59)
    assert not it.fired()
    it.go(minutes=2)
    assert it.ticket(1).row.priority == "urgent"
    it.bench.desk.do(Assign(it.bench.id(1), "Joan"))
    it.go(days=1)
    assert sum(each.number == 1 for each in it.fired()) == 1


def test_two_rules_set_each_other_off_in_a_row_and_it_ends(shop):
    it = shop(
        one='on = "customer_wrote"\n[do]\ntag = ["vip"]',
        two='on = "tagged"\nwhere = "tag:vip"\n[do]\nassign = "Joan"',
        three='on = "assigned"\n[do]\npriority = "high"',
    )
    it.mail()
    view = it.ticket(1)
    assert (view.tags, view.row.assignee, view.row.priority) == (("vip",), "Joan", "high")
    assert len(it.fired()) == 3


def test_a_text_goes_once_and_what_may_not_be_said_keeps_the_rest_undone(shop):
    it = shop(hello='on = "ticket_opened"\n[do]\ntag = ["greeted"]\nquick = "acknowledge"\nkind = "ack"')
    it.mail()
    (sent,) = [each for each in it.bench.messages(1) if each.direction == "auto"]
    assert "#1" in sent.text
    assert it.ticket(1).tags == ("greeted",)
    it.mail(sender="pep@y.test")
    assert it.ticket(2).tags == ("greeted",)
    assert not it.failures()


def test_where_a_text_may_not_go_nothing_of_the_rule_is_done_and_the_reason_is_kept(shop):
    it = shop(hello='on = "customer_wrote"\n[do]\ntag = ["greeted"]\nquick = "acknowledge"\nkind = "ack"')
    it.bench.mail()
    it.bench.desk.own = frozenset({"soporte@shop.test", "maria@x.test"})  # as if her address were ours by now
    it.run()
    assert not it.ticket(1).tags
    assert not it.fired()
    (kept,) = ruling.done(it.bench.desk)
    assert (kept.rule, kept.did, kept.failure) == (
        "hello",
        ("quick:acknowledge",),
        ("to_ourselves", {"address": "maria@x.test"}),
    )
    assert not kept.is_fault
    assert not ruling.standing(it.bench.desk).failed


def test_a_command_gets_what_happened_and_no_word_of_the_customer_and_what_fails_is_said(shop, tmp_path):
    out = tmp_path / "said.json"
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable}\nimport sys\nopen({str(out)!r}, 'w').write(sys.stdin.read())\n")
    program.chmod(0o700)
    it = shop(
        run=f'on = "resolved"\n[do]\ncommand = ["{program}", "x"]',
        bad='on = "resolved"\norder = 60\n[do]\ncommand = ["/nonexistent/program"]',
    )
    it.mail("un secreto")
    it.bench.desk.do(Resolve(it.bench.id(1)))
    it.run()
    said = out.read_text()
    assert json.loads(said)["ticket"] == 1
    assert json.loads(said)["status"] == "resolved"
    assert not {"secreto", "maria"} & set(re.findall(r"\w+", said))
    (failure,) = it.failures()
    assert (failure.rule, failure.did) == ("bad", "command:/nonexistent/program")
    assert len(it.fired()) == 2


SEGMENTED = """
[desk]
zone = "UTC"
language = "es"
{segments}
[rules]
on = {names}
[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
imap = "shop.test:993"
smtp = "shop.test:465"
"""
OF_SEGMENT = 'on = "customer_wrote"\nwhere = "segment:vip"\n[do]\n'


def _says(it, segments, *names):
    """The shop says so in config.toml; whoever runs the rules looks at it before anything else comes in."""
    it.home.config_file.write_text(SEGMENTED.format(segments=segments, names=list(names)))
    it.run()


@pytest.mark.parametrize("does", ['tag = ["seen"]\n', 'quick = "acknowledge"\ntag = ["seen"]\n'])
def test_a_segment_that_is_written_down_while_the_rules_run_is_known_to_the_rule_that_names_it(shop, does):
    it = shop(tags='on = "customer_wrote"\n[do]\ntag = ["read"]\n')
    it.write("vips", OF_SEGMENT + does)
    _says(it, '[segments]\nvip = "domain:x.test"', "tags", "vips")
    it.mail("Hola")
    it.mail("Hola", sender="ona@y.test")
    assert [it.ticket(number).tags for number in (1, 2)] == [("read", "seen"), ("read",)]
    _says(it, '[segments]\nvip = "domain:y.test"', "tags", "vips")
    it.mail("Hola", sender="pau@y.test")
    assert it.ticket(3).tags == ("read", "seen")


def test_a_mistake_of_one_rule_before_its_text_is_kept_and_stops_no_other(shop, monkeypatch):
    it = shop(
        says='on = "customer_wrote"\norder = 1\n[do]\nquick = "acknowledge"\n',
        tags='on = "customer_wrote"\norder = 2\n[do]\ntag = ["read"]\n',
    )
    judge = it.runner._judge
    judged = judge.judged

    def mistaken(connection, wait):
        if wait.rule == "says":
            raise ZeroDivisionError
        return judged(connection, wait)

    monkeypatch.setattr(judge, "judged", mistaken)
    it.mail("Hola")
    assert it.ticket().tags == ("read",)
    (failed,) = it.failures()
    assert (failed.rule, failed.values["said"]) == ("says", "Something went wrong: ZeroDivisionError")


def test_an_event_that_no_rule_can_look_at_holds_up_no_other(shop, monkeypatch):
    it = shop(tags='on = "customer_wrote"\n[do]\ntag = ["read"]\n')
    judge = it.runner._judge
    look = judge.look

    def mistaken(writer, seq, event):
        if event.ticket == it.bench.id(1):
            raise ZeroDivisionError
        return look(writer, seq, event)

    monkeypatch.setattr(judge, "look", mistaken)
    it.mail("Hola")
    it.mail("Hola", sender="ona@y.test")
    assert [it.ticket(number).tags for number in (1, 2)] == [(), ("read",)]


def test_files_that_could_not_be_read_are_read_again(shop, monkeypatch):
    it = shop(tags='on = "customer_wrote"\n[do]\ntag = ["read"]\n')
    read = rules.load

    def mistaken(*_):
        monkeypatch.setattr(rules, "load", read)
        raise OSError("not now")

    monkeypatch.setattr(rules, "load", mistaken)
    it.write("more", 'on = "customer_wrote"\n[do]\ntag = ["more"]\n')
    with pytest.raises(OSError, match="not now"):
        _says(it, "", "tags", "more")
    it.run()
    it.mail("Hola")
    assert it.ticket().tags == ("more", "read")


def test_rules_that_another_process_keeps_from_writing_say_so_and_go_on_afterwards(shop, monkeypatch):
    monkeypatch.setattr(store, "LOCK_WITHIN", 0.01)
    it = shop(tags='on = "customer_wrote"\n[do]\ntag = ["read"]\n')
    it.bench.mail("Hola")
    with closing(driver.connect(str(it.bench.store.path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError):
            it.run()
    it.run()
    assert it.ticket().tags == ("read",)
