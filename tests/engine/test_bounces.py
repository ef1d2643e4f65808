"""A reply that comes back: tied to what failed, seen as work again; what is forged, late or twice changes nothing."""

import asyncio
from contextlib import closing
from datetime import UTC, timedelta

import pytest

from agentdesk.channels import Accepted
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import Merge, Resolve, Snooze, Undo
from agentdesk.core.figures import Period
from agentdesk.core.letter import Wish
from agentdesk.core.seal import Seal
from agentdesk.engine import forgetting, person, reply
from agentdesk.engine import report as reports
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import Store, driver, schema
from agentdesk.store.digest import digest
from desks import MONDAY, SHOP, Bench
from reports import FORMS, report


class Provider:
    """Takes everything; `given` are the recipients of each attempt."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.given: list[tuple[str, ...]] = []

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        before_data()
        self.given.append(envelope.recipients)
        return Accepted(self.bench.clock.at, "250 ok")

    async def close(self):
        """Nothing is open."""


class Shop:
    """A customer asked, and was answered ten minutes later."""

    def __init__(self, folder) -> None:
        self.bench = Bench(folder)
        self.home = Home.under(folder / "home")
        self.provider = Provider(self.bench)
        account = Account("mailbox", "soporte", "email", SHOP)
        self.settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(account,))
        self.bench.mail(
            sender="María <maria@x.test>", message_id="<a@x.test>", extra="Cc: Pep <pep@x.test>\r\n"
        )
        self.bench.clock.go(minutes=10)

    def answer(self, **wish) -> str:
        """Gives the Message-ID of what went out."""
        reply.write(
            self.bench.desk, self.settings, self.provider, self.bench.id(1), Wish("Va", **wish), hold=0
        )
        self.flush()
        self.bench.clock.go(minutes=10)
        return self.ours().remote_id

    def flush(self) -> None:
        asyncio.run(Postman(self.bench.desk, self.home, "mailbox", self.provider).flush())

    def ours(self):
        return next(each for each in reversed(self.bench.messages(1)) if each.direction == "out")

    def comes_back(self, raw: bytes, **arrival):
        return self.bench.mail(raw=raw, **arrival)

    def failing(self, word: str = "maria@x.test"):
        with Window(self.bench.desk) as window:
            return person.card(self.bench.desk, window.customer(word)).failing

    def outbox(self):
        with Window(self.bench.desk) as window:
            return window.outbox()


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    yield made
    made.bench.close()


def rebuilt(bench: Bench) -> bool:
    before = digest(bench.store.connection)
    bench.store.rebuild()
    return digest(bench.store.connection) == before


GONE = ("maria@x.test", "5.1.1", "550 5.1.1 no such user")


@pytest.mark.parametrize("form", FORMS)
def test_a_reply_that_comes_back_fails_in_its_own_ticket(shop, form):
    name = shop.answer()
    assert shop.bench.queue() == []
    shop.comes_back(FORMS[form](name, "maria@x.test"))
    (row,) = shop.bench.queue()
    assert (row.number, row.status, row.unread, row.failed) == (1, "open", True, True)
    ours = shop.ours()
    assert (ours.state, ours.error.partition(":")[0]) == ("failed", "bounced")
    assert ours.reason
    assert [each.mail_class for each in shop.bench.messages(1)] == ["human", "human", "bounce"]
    assert shop.bench.queue("machine") == []
    assert [each[:2] for each in shop.failing()] == [("email", "maria@x.test")]
    assert rebuilt(shop.bench)


def test_the_customer_waits_again_since_then_and_a_new_answer_is_due(shop):
    name = shop.answer()
    assert shop.bench.ticket(1).row.waiting_since is None
    shop.comes_back(report(name, GONE))
    row = shop.bench.ticket(1).row
    assert row.waiting_since == "2026-11-23T09:00:00.000Z"
    assert row.next_due_at == "2026-11-23T10:20:00.000Z", "an hour from when the report came"
    assert row.band == "can_meet"


def test_a_promise_that_only_this_kept_is_neither_kept_nor_broken_and_the_next_one_counts(shop):
    def kept() -> dict[str, tuple[int, int]]:
        desk, day = shop.bench.desk, Period(MONDAY, MONDAY + timedelta(days=1))
        lines = reports.report(desk, "sla", reports.asked(desk, day, "channel", UTC)).lines
        return {line.about: (len(line.figures["kept"].hits), line.figures["kept"].n) for line in lines}

    name = shop.answer()
    assert kept()["first_response"] == (1, 1)
    shop.comes_back(report(name, GONE))
    assert kept().get("first_response", (0, 0)) == (0, 0)
    shop.bench.clock.go(minutes=10)
    shop.answer()
    assert kept()["next_response"] == (1, 1)
    assert kept().get("first_response", (0, 0)) == (0, 0)


def test_a_first_sign_that_nobody_got_is_due_anew_unless_there_was_another(shop):
    def first_sign() -> str:
        with shop.bench.reading() as connection:
            sql = "SELECT json_extract(data, '$.state') FROM clock WHERE metric = 'ack' AND tier = 'standard'"
            return connection.execute(sql).fetchone()[0]

    first = shop.answer()
    assert first_sign() == "met"
    shop.comes_back(report(first, GONE))
    assert first_sign() == "running"
    shop.answer()
    second = shop.answer()
    assert first_sign() == "met"
    shop.comes_back(report(second, GONE, unique="r2"))
    assert first_sign() == "met"


@pytest.mark.parametrize("act", ["resolve", "snooze"])
def test_it_rises_from_wherever_it_was_put(shop, act):
    name = shop.answer()
    ticket, later = shop.bench.id(1), shop.bench.clock.at.replace(day=30)
    shop.bench.desk.do(Resolve(ticket) if act == "resolve" else Snooze(ticket, later))
    shop.comes_back(report(name, GONE))
    assert [row.status for row in shop.bench.queue()] == ["open"]
    row = shop.bench.ticket(1).row
    assert row.snoozed_until is None
    with pytest.raises(RefusedError):
        shop.bench.desk.do(Undo())


def test_it_rises_where_its_ticket_was_merged_into(shop):
    name = shop.answer()
    shop.bench.mail(sender="maria@x.test", subject="Otra", message_id="<z@x.test>")
    shop.bench.desk.do(Merge(shop.bench.id(1), shop.bench.id(2)))
    shop.bench.desk.do(Resolve(shop.bench.id(2)))
    shop.comes_back(report(name, GONE))
    (row,) = shop.bench.queue()
    assert (row.number, row.failed) == (2, True)
    (stuck,) = shop.outbox()
    assert (stuck.ticket, stuck.error) == (2, "550 5.1.1 no such user")
    assert rebuilt(shop.bench)


def test_a_delay_lies_beside_the_reply_and_marks_nothing(shop):
    name = shop.answer()
    shop.comes_back(report(name, ("maria@x.test", "4.4.1", "timed out"), action="delayed"))
    assert [each.mail_class for each in shop.bench.messages(1)] == ["human", "human", "bounce"]
    assert shop.ours().state == "sent"
    assert shop.bench.queue() == []
    assert shop.failing() == ()


def test_a_stranger_s_report_on_no_mail_of_ours_changes_nothing(shop):
    shop.answer()
    forged = Seal(b"x" * 32).own_message_id(shop.bench.id(1), "1", "shop.test")
    for number, name in enumerate(("<nobody@knows.test>", forged, "<a@x.test>")):
        shop.comes_back(report(name, GONE, unique=f"f{number}"))
    assert shop.ours().state == "sent"
    assert shop.bench.queue() == []
    assert shop.failing() == ()
    assert len(shop.bench.queue("machine")) == 3
    assert shop.bench.ticket(1).row.messages == 2


def test_of_two_recipients_only_the_one_that_failed_is_marked_and_gets_it_again(shop):
    name = shop.answer(everybody=True)
    assert set(shop.provider.given[0]) == {"maria@x.test", "pep@x.test"}
    shop.comes_back(report(name, ("pep@x.test", "5.2.2", "full")))
    assert shop.failing() == ()
    assert shop.failing("pep@x.test") == (("email", "pep@x.test", "5.2.2"),)
    assert shop.ours().state == "failed"
    reply.retry(shop.bench.desk, shop.ours().id)
    shop.flush()
    assert shop.provider.given[1] == ("pep@x.test",)
    assert shop.ours().state == "sent"
    assert shop.outbox() == []
    assert shop.bench.queue() == []
    assert rebuilt(shop.bench)


def test_two_reports_for_two_recipients_mark_both(shop):
    name = shop.answer(everybody=True)
    shop.comes_back(report(name, ("pep@x.test", "5.2.2", "full")))
    shop.comes_back(report(name, GONE, unique="r2"))
    assert [code for who in ("pep@x.test", "maria@x.test") for *_, code in shop.failing(who)] == [
        "5.2.2",
        "5.1.1",
    ]
    assert len(shop.outbox()) == 1
    reply.retry(shop.bench.desk, shop.ours().id)
    shop.flush()
    assert set(shop.provider.given[1]) == {"maria@x.test", "pep@x.test"}


def test_a_report_that_names_where_a_lone_recipient_has_it_forwarded_means_the_recipient(shop):
    shop.comes_back(report(shop.answer(), ("other@z.test", "5.1.1", "no such user")))
    assert shop.failing() == (("email", "maria@x.test", "5.1.1"),)


def test_a_second_copy_of_the_report_changes_nothing(shop):
    name = shop.answer()
    raw = report(name, GONE)
    assert shop.comes_back(raw).received == 1
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    before = digest(shop.bench.store.connection)
    assert shop.comes_back(raw).duplicates == 1
    assert shop.comes_back(b"Received: from a by b\r\n" + raw).duplicates == 1
    assert digest(shop.bench.store.connection) == before
    assert shop.bench.queue() == []
    assert shop.outbox() == [], "who resolves it has done with what came back"


def test_history_marks_nothing_and_raises_nothing(shop):
    name = shop.answer()
    shop.comes_back(report(name, GONE), before=True)
    assert shop.ours().state == "sent"
    assert shop.bench.queue() == []
    assert shop.failing() == ()


def test_a_mail_sent_from_another_program_fails_too(shop):
    shop.bench.mail(
        "Hola", sender=SHOP, to="nuria@y.test", subject="Oferta", message_id="<s@phone.test>", role="sent"
    )
    assert shop.bench.ticket(2).row.status == "waiting_customer"
    shop.comes_back(report("<s@phone.test>", ("nuria@y.test", "5.1.2", "no such domain")))
    row = shop.bench.ticket(2).row
    assert (row.status, row.failed, row.messages) == ("open", True, 2)
    assert shop.failing("nuria@y.test") == (("email", "nuria@y.test", "5.1.2"),)
    assert rebuilt(shop.bench)


def test_a_report_that_overtakes_the_copy_in_sent_waits_for_it(shop):
    shop.comes_back(report("<s@phone.test>", ("nuria@y.test", "5.1.1", "no such user")))
    assert [row.number for row in shop.bench.queue("machine")] == [2]
    shop.bench.mail(
        "Hola", sender=SHOP, to="nuria@y.test", subject="Oferta", message_id="<s@phone.test>", role="sent"
    )
    row = shop.bench.ticket(3).row
    assert (row.status, row.failed, row.unread) == ("open", True, True)
    assert shop.bench.ticket(3).linked == (2,)
    assert shop.bench.messages(3)[0].error == "bounced:5.1.1"
    assert shop.failing("nuria@y.test") == (("email", "nuria@y.test", "5.1.1"),)
    assert rebuilt(shop.bench)


def test_who_writes_again_has_an_address_that_works(shop):
    shop.comes_back(report(shop.answer(), GONE))
    assert shop.failing()
    shop.bench.mail("¿Hola?", reply_to="<a@x.test>")
    assert shop.failing() == ()
    assert shop.ours().state == "failed"
    assert rebuilt(shop.bench)


def test_what_came_back_is_sent_again_with_the_same_name_and_may_come_back_again(shop):
    name = shop.answer()
    shop.comes_back(report(name, GONE))
    reply.retry(shop.bench.desk, shop.ours().id)
    assert shop.bench.ticket(1).row.status == "waiting_customer"
    shop.flush()
    assert shop.ours().remote_id == name
    row = shop.bench.ticket(1).row
    assert (row.failed, row.waiting_since, row.next_due_at) == (False, None, None)
    shop.comes_back(report(name, ("maria@x.test", "5.2.1", "closed"), unique="r2"))
    ours = shop.ours()
    assert (ours.state, ours.error, ours.reason) == ("failed", "bounced:5.2.1", "closed")
    assert rebuilt(shop.bench)


def test_a_report_before_the_news_of_acceptance_is_not_forgotten(shop):
    reply.write(shop.bench.desk, shop.settings, shop.provider, shop.bench.id(1), Wish("Va"), hold=0)
    shop.comes_back(report(shop.ours().remote_id, GONE))
    reply.settle_sent(shop.bench.desk, shop.ours().id)
    assert shop.ours().state == "failed"
    assert shop.bench.ticket(1).row.status == "open"


def test_an_answer_after_it_goes_to_the_customer_not_to_the_server(shop):
    shop.comes_back(report(shop.answer(), GONE))
    shop.answer()
    assert shop.provider.given[-1] == ("maria@x.test",)


def test_an_answer_since_has_done_with_what_came_back(shop):
    name = shop.answer()
    shop.answer()
    shop.comes_back(report(name, GONE))
    assert len(shop.outbox()) == 1, "the second was written before anybody knew"
    shop.bench.clock.go(minutes=1)
    shop.answer()
    assert shop.outbox() == []
    shop.bench.mail("¡Llegó!", reply_to="<a@x.test>")
    assert [row.failed for row in shop.bench.queue()] == [False]


def test_forgetting_the_customer_takes_the_server_s_words_along(shop):
    shop.comes_back(report(shop.answer(), ("maria@x.test", "5.9.9", "nobody called zzqqmaria here")))
    with Window(shop.bench.desk) as window:
        customer = window.customer("maria@x.test")
    forgetting.erase(shop.bench.desk, shop.home, customer)
    assert shop.ours().reason is None
    with shop.bench.reading() as connection:
        rows = connection.execute("SELECT data, coalesce(personal, '') FROM event").fetchall()
    assert not [row for row in rows if "zzqqmaria" in row[0] + row[1]]
    assert rebuilt(shop.bench)


def test_a_store_of_before_is_migrated_after_a_copy_and_replays_to_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "CURRENT", 1)
    (tmp_path / "data").mkdir()
    with closing(driver.connect(str(tmp_path / "data" / "desk.db"))) as connection:
        for statement in schema._FIRST:
            connection.execute(statement)
        connection.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT, applied_at TEXT)")
        connection.execute("INSERT INTO _sqlite_migrations VALUES ('agentdesk', 'm001_first', '2026-11-01')")
        connection.execute("PRAGMA user_version = 1")
    monkeypatch.undo()
    copies: list[int] = []
    Store.open(
        tmp_path / "data", tmp_path / "state", lambda store: copies.append(schema.version(store.connection))
    ).close()
    assert copies == [1]
    bench = Bench(tmp_path)
    bench.mail(at=MONDAY)
    assert schema.version(bench.store.connection) == schema.CURRENT
    assert rebuilt(bench)
    bench.close()
