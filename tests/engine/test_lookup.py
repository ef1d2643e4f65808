"""When the shop is asked about a ticket, what is remembered, and what of it stands in a quick reply."""

import sys
import threading
from dataclasses import replace

import pytest

from agentdesk import i18n
from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Lookup, Settings
from agentdesk.core.pattern import checked
from agentdesk.core.replies import QuickReply
from agentdesk.engine import lookup
from agentdesk.engine.forgetting import forget
from agentdesk.engine.lookup import Lookups
from agentdesk.engine.phrase import phrases, took
from agentdesk.errors import ExtraError
from agentdesk.store.digest import digest
from desks import Bench
from servers import until
from servers.shop import WAITS

HEAD = "number,status,placed_at,carrier,tracking_url,email\n"
ROWS = "VM-10001,shipped,2026-11-20,Rayo,https://track.example/1,maria@x.test\nVM-10002,shipped,,,,maria@x.test\n"
WHERE = QuickReply(
    "where",
    {"en": "Where"},
    {"en": "{{order.number}}: {{order.status}}, {{order.tracking_url}}, {{order.placed_at|soon}}"},
)


@pytest.fixture(autouse=True)
def in_english():
    i18n.use("en")


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "desk")
    yield made
    made.close()


class Orders:
    """The shop's file, and the settings that name it."""

    def __init__(self, folder) -> None:
        self.path = folder / "orders.csv"
        one = Lookup("orders", "csv", str(self.path), pattern=checked(r"(VM-\d{5})"))
        self.settings = Settings(DeskSettings("Europe/Madrid", "en"), lookups=(one,))
        self.say(ROWS)

    def say(self, rows: str) -> None:
        self.path.write_text(HEAD + rows, "utf-8")


@pytest.fixture
def shop(tmp_path):
    return Orders(tmp_path)


def told(bench, shop, number=1):
    (view,) = lookup.of(bench.desk, shop.settings, bench.id(number))
    return view


def asked(bench, shop, number=1, **how):
    lookup.refresh(bench.desk, shop.settings, bench.id(number), **how)
    return told(bench, shop, number)


def test_an_answer_is_remembered_and_not_asked_for_again_while_it_is_fresh(bench, shop):
    bench.mail("hola")
    assert told(bench, shop).asked_at is None
    first = asked(bench, shop)
    assert [fact.number for fact in first.facts] == ["VM-10001", "VM-10002"]
    shop.say("VM-10001,delivered,,,,maria@x.test\n")
    bench.clock.go(minutes=4)
    assert asked(bench, shop) == first
    assert asked(bench, shop, now=True).facts[0].status == "delivered"
    shop.say("")
    bench.clock.go(minutes=6)
    assert asked(bench, shop).facts == ()


def test_another_order_that_the_customer_names_is_asked_about_at_once(bench, shop):
    shop.say(ROWS + "VM-20000,shipped,,,,pau@x.test\n")
    bench.mail("hola", message_id="<a@x.test>")
    assert len(asked(bench, shop).facts) == 2
    bench.mail(
        "i la VM-20000?\n\nEl lun, 23 nov 2026, Shop escribió:\n> la VM-10001 ha salido\n",
        reply_to="<a@x.test>",
    )
    found = asked(bench, shop).facts
    assert {fact.number: fact.email for fact in found}["VM-20000"] == "pau@x.test"
    assert lookup.orders(bench.desk, shop.settings, bench.id(1)).named == ("VM-20000",), (
        "a quote names nothing"
    )


def test_a_failure_keeps_the_former_facts_and_their_time_and_is_asked_again_after_a_minute(bench, shop):
    bench.mail("hola")
    first = asked(bench, shop)
    shop.path.rename(shop.path.with_suffix(".away"))
    bench.clock.go(minutes=9)
    failed = asked(bench, shop)
    assert (failed.facts, failed.asked_at) == (first.facts, first.asked_at)
    assert (failed.failure, failed.reason) == ("unreachable", "orders.csv: No such file or directory")
    shop.path.with_suffix(".away").rename(shop.path)
    bench.clock.go(seconds=30)
    assert asked(bench, shop) == failed
    bench.clock.go(seconds=31)
    again = asked(bench, shop)
    assert (again.failed_at, again.failure, again.reason) == (None, "", "")
    assert again.asked_at > first.asked_at


def test_quick_replies_take_the_order_that_is_named_else_ask_which(bench, shop):
    bench.mail("hola")
    bench.mail("on és la VM-10001?", sender="Maria <maria@x.test>")
    for number in (1, 2):
        asked(bench, shop, number)
    several, named = (phrases(bench.desk, shop.settings, bench.ticket(n).row) for n in (1, 2))
    assert named.filled(WHERE).text == "VM-10001: shipped, https://track.example/1, 20/11/2026"
    assert named.doubtful(WHERE) == ()
    assert [fact.number for fact in several.doubtful(WHERE)] == ["VM-10001", "VM-10002"]
    assert several.filled(WHERE).missing == ("order.number", "order.status", "order.tracking_url")
    chosen = several.filled(WHERE, {"order.number": "VM-10002"})
    assert chosen.text == "VM-10002: shipped, {{order.tracking_url}}, soon", (
        "what the shop does not know stays a blank"
    )
    unknown = several.filled(WHERE, {"order.number": "VM-9"})
    assert unknown.text == "VM-9: {{order.status}}, {{order.tracking_url}}, soon", "never another order's"
    took(
        bench.desk,
        bench.id(1),
        WHERE,
        {"order.number": "VM-10002", "order.tracking_url": "https://t.example"},
    )
    after = phrases(bench.desk, shop.settings, bench.ticket(1).row)
    assert after.filled(WHERE).text == "VM-10002: shipped, https://t.example, soon"
    assert after.doubtful(WHERE) == ()


def test_what_a_shop_says_can_ask_for_nothing_itself(bench, shop):
    shop.say("VM-10001,{{?iban}},,,,maria@x.test\n")
    bench.mail("hola")
    asked(bench, shop)
    text = phrases(bench.desk, shop.settings, bench.ticket(1).row).filled(WHERE).text
    assert text.startswith("VM-10001: ((?iban)), ")


def test_an_erase_leaves_no_byte_of_what_the_shop_said_and_nothing_comes_back(bench, shop):
    shop.say("VM-77777,zanahoria,,,https://remolatxa.example/,maria@x.test\n")
    bench.mail("hola", sender="Maria <maria@x.test>")
    bench.mail("on és la VM-77777?", sender="Pau <pau@x.test>")
    asked(bench, shop, 1)
    assert asked(bench, shop, 2).facts[0].status == "zanahoria"
    assert bench.store.rebuild() is not None
    before = digest(bench.store.connection)
    assert told(bench, shop).facts, "a rebuild leaves it alone"
    assert digest(bench.store.connection) == before
    with bench.reading() as connection:
        who = connection.execute("SELECT customer FROM identity WHERE address = 'maria@x.test'").fetchone()[0]
    forget(bench.desk, who)
    files = [path for path in bench.folder.rglob("*") if path.is_file()]
    found = b"".join(path.read_bytes() for path in files).lower()
    assert [word for word in (b"zanahoria", b"remolatxa") if word in found] == []
    asked(bench, shop, now=True)
    assert told(bench, shop).facts == ()


class Slow(Orders):
    """A shop whose program says nothing until it is let go."""

    def __init__(self, folder, seconds: int) -> None:
        super().__init__(folder)
        program, self.called, self.go = (folder / name for name in ("waits.py", "called", "go"))
        program.write_text(WAITS, "utf-8")
        command = (sys.executable, "-I", "-S", *map(str, (program, self.called, self.go)))
        self.settings = replace(
            self.settings, lookups=(Lookup("slow", "command", command=command, timeout=seconds),)
        )


def test_a_shop_that_hangs_is_not_reachable_once_its_time_is_over(bench, tmp_path):
    shop = Slow(tmp_path, 1)
    bench.mail("hola")
    failed = asked(bench, shop)
    assert (failed.failure, failed.reason) == ("unreachable", "no answer within 1 s")


def test_whoever_looks_at_a_ticket_waits_for_no_shop(bench, tmp_path):
    shop = Slow(tmp_path, 10)
    bench.mail("hola")
    lookups = Lookups(bench.desk)
    lookups.want(shop.settings, bench.id(1))
    until(shop.called.exists)
    bench.mail("altre", sender="pau@x.test")
    assert len(bench.queue()) == 2
    assert told(bench, shop).asked_at is None, "the shop has not answered yet"
    shop.go.touch()
    until(lambda: told(bench, shop).facts)
    lookups.stop()


def test_the_end_waits_for_no_shop_and_nothing_is_written_after_it(bench, tmp_path):
    shop = Slow(tmp_path, 10)
    bench.mail("hola")
    lookups = Lookups(bench.desk)
    lookups.want(shop.settings, bench.id(1))
    until(shop.called.exists)
    lookups.stop()
    shop.go.touch()
    until(lambda: not any(each.name in {"lookup", "lookups"} for each in threading.enumerate()))
    assert told(bench, shop).asked_at is None


def test_only_the_ticket_at_which_somebody_rests_is_asked_about(bench, shop):
    for name in ("ana", "pau", "maria"):
        bench.mail("hola", sender=f"{name}@x.test")
    lookups = Lookups(bench.desk)
    for number in (1, 2, 3):
        lookups.want(shop.settings, bench.id(number))
    until(lambda: told(bench, shop, 3).asked_at)
    assert [told(bench, shop, number).asked_at for number in (1, 2)] == [None, None]
    lookups.stop()


def test_a_ticket_that_is_drawn_again_is_looked_at_again_after_a_minute_or_a_new_message(bench, shop):
    bench.mail("hola", message_id="<a@x.test>")
    lookups = Lookups(bench.desk)

    def looks(last: str = "") -> None:
        lookups.want(shop.settings, bench.id(1), last)

    def numbers() -> list[str]:
        return [fact.number for fact in told(bench, shop).facts]

    looks()
    until(lambda: len(numbers()) == 2)
    shop.say(ROWS + "VM-20000,shipped,,,,pau@x.test\n")
    bench.mail("i la VM-20000?", reply_to="<a@x.test>")
    looks("another")
    until(lambda: "VM-20000" in numbers())
    shop.say("")
    bench.clock.go(minutes=6)
    looks("another")
    until(lambda: numbers() == [])
    lookups.stop()


def test_of_a_desk_without_lookups_nobody_is_asked(bench):
    bench.mail("hola")
    bare = Settings(DeskSettings("Europe/Madrid", "en"))
    assert lookup.of(bench.desk, bare, bench.id(1)) == ()
    assert lookup.orders(bench.desk, bare, bench.id(1)).facts == ()


def test_a_mistake_about_one_ticket_ends_no_asking_about_the_next(bench, shop, monkeypatch):
    source = lookup.source

    def mistaken(*_):
        monkeypatch.setattr(lookup, "source", source)
        raise TypeError("no such thing")

    monkeypatch.setattr(lookup, "source", mistaken)
    bench.mail("hola")
    lookups = Lookups(bench.desk)
    lookups.want(shop.settings, bench.id(1))
    until(lambda: lookup.source is source)
    lookups.want(shop.settings, bench.id(1), now=True)
    until(lambda: told(bench, shop).facts)
    lookups.stop()


def test_why_nobody_was_asked_is_said_where_the_error_has_no_words_of_its_own(bench, shop, monkeypatch):
    def missing(*_):
        raise ExtraError(what="the keyring", extra="keyring")

    monkeypatch.setattr(lookup, "source", missing)
    bench.mail("hola")
    assert asked(bench, shop).reason == "the keyring needs what agentdesk alone does not bring."
