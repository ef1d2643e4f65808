"""The Junk folder of a real Dovecot: a known customer's mail in it is work, nothing else enters, and a rescue moves it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.core.commands import JudgeSender, Undo
from agentdesk.core.letter import Wish
from agentdesk.engine import junk, reply
from agentdesk.engine.start import connector
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import queries, wish
from agentdesk.store.digest import digest
from engine.boxed import Boxed
from servers.dovecot import Dovecot
from servers.inbox import letter, now

pytestmark = pytest.mark.servers
ANA, SPAM = "Ana <ana@cliente.test>", "zanahoria-barata"


class Shop(Boxed):
    """A desk on a mailbox of that server, and what lies in its folders. Nothing it sends arrives anywhere."""

    def synced(self) -> int:
        done = self.sync()
        assert done.errors == []
        assert done.tally.quarantined == 0
        return done.tally.received

    def comes(self, name: str, sender: str = ANA, *, folder: str = "Spam", **more) -> None:
        at = now() - more.pop("ago", timedelta())
        self.server.append(self.user, letter(name, sender=sender, **more), folder=folder, at=at)

    def known(self) -> None:
        """Ana wrote before, and the Junk folder is watched."""
        self.comes("first", folder="INBOX", subject="Abans")
        assert self.synced() == 1

    def queue(self, view: str = "inbox"):
        with Window(self.desk) as window:
            return window.queue(view, limit=100)

    def row(self, subject: str):
        with Window(self.desk) as window:
            return next((row for row in window.queue("all", limit=100) if row.subject == subject), None)

    def lies(self, name: str) -> list[str]:
        """The folders in which a mail of that name lies, once for each copy."""
        found = []
        with self.server.client(self.user) as client:
            for folder in ("INBOX", "Spam"):
                client.select_folder(folder, readonly=True)
                uids = client.search(["HEADER", "Message-ID", f"<{name}@cliente.test>"])
                found += [folder] * len(uids)
        return found

    def rescued(self, subject: str) -> None:
        junk.rescue(self.desk, self.row(subject).id)

    def wishes(self) -> dict:
        connection = self.desk.reader()
        try:
            return wish.all_of(connection, "box")
        finally:
            connection.close()

    def rebuilt(self) -> bool:
        before = digest(self.desk.store.connection)
        self.desk.store.rebuild()
        return digest(self.desk.store.connection) == before

    def bytes_on_disk(self) -> bytes:
        return b"".join(p.read_bytes() for p in sorted(self.folder.rglob("*")) if p.is_file()).lower()


@pytest.fixture
def shop(tmp_path, dovecot, monkeypatch):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    made = Shop(tmp_path, dovecot)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def old(request):
    """A server that knows UIDPLUS and no MOVE."""
    request.getfixturevalue("dovecot")
    server = Dovecot(capability="IMAP4rev1 UIDPLUS LITERAL+ IDLE NAMESPACE SPECIAL-USE CONDSTORE")
    yield server
    server.remove()


@pytest.fixture(scope="module")
def poor(request):
    """A server that knows neither."""
    request.getfixturevalue("dovecot")
    server = Dovecot(capability="IMAP4rev1 IDLE SPECIAL-USE")
    yield server
    server.remove()


def test_a_known_customer_s_mail_is_work_and_says_where_it_lies(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    assert shop.synced() == 1
    row = shop.row("I ara?")
    assert (row.junk, row.status, row.waiting_since is not None, row.next_due_at is not None) == (
        True,
        "new",
        True,
        True,
    )
    assert row.id in {each.id for each in shop.queue()}
    with Window(shop.desk) as window:
        (message,) = window.messages(row.id)
    assert (message.junk, message.places) == (True, (("box", "Spam"),))
    assert not shop.row("Abans").junk
    assert (shop.synced(), shop.rebuilt()) == (0, True)


def test_nothing_else_leaves_a_byte_in_the_store(shop):
    shop.known()
    senders = [f"{SPAM}{number} <{SPAM}{number}@spam.test>" for number in range(700)]
    spam = [letter(n, sender=who, subject=SPAM, body=f"{SPAM}\r\n" * 20) for n, who in enumerate(senders)]
    shop.server.fill(shop.user, spam, folder="Spam")
    large = "x" * 70 + "\r\n"
    shop.comes("large", f"{SPAM} <big@spam.test>", subject=SPAM, body=large * 20_000)
    assert shop.synced() == 0
    shop.comes("second", subject="I ara?")
    assert shop.synced() == 1
    found = shop.bytes_on_disk()
    assert b"cliente.test" in found or b"ana" in found, "else nothing could be found at all"
    assert SPAM.encode() not in found
    assert b"spam.test" not in found
    connection = shop.desk.reader()
    cursor = queries.cursor(connection, "box")
    connection.close()
    assert len(cursor) < 1200, "what is left alone takes no room in the cursor"


def test_an_answer_to_ours_enters_whoever_sent_it(shop):
    shop.known()
    channel = connector(shop.home, shop.account)
    written = reply.write(shop.desk, shop.settings, channel, shop.row("Abans").id, Wish("Avui"), hold=600)
    with Window(shop.desk) as window:
        ours = next(m for m in window.messages(written.ticket) if m.direction == "out").remote_id
    shop.comes("token", "ana@altra.test", extra=f"In-Reply-To: {ours}\r\n", subject="Re: Abans")
    shop.comes("guess", "eve@evil.test", extra="In-Reply-To: <first@cliente.test>\r\n", subject="Re: Abans")
    forged = ours.replace("<ad.", "<ad.aaaa", 1)
    shop.comes("forged", "eve@evil.test", extra=f"In-Reply-To: {forged}\r\n", subject="Re: Abans")
    assert shop.synced() == 1
    with Window(shop.desk) as window:
        found = {m.remote_id: (m.joined_by, m.junk) for m in window.messages(written.ticket)}
    assert found["<token@cliente.test>"] == ("token", True)


def test_mail_under_our_own_address_and_of_who_is_no_customer_stays_out(shop):
    shop.known()
    shop.desk.do(JudgeSender(shop.row("Abans").id, "machine"))
    shop.comes("second")
    shop.comes("own", f"Nosaltres <{shop.user}>", subject="Paqui ahora")
    assert shop.synced() == 0
    shop.desk.do(Undo())
    ours, shop.desk.own = shop.desk.own, shop.desk.own | {"ana@cliente.test"}
    assert shop.synced() == 0, "she has become one of us"
    shop.desk.own = ours
    assert shop.synced() == 1, "the word was taken back, and the mail is looked at again"


def test_the_first_pass_knows_a_customer_from_the_inbox_it_has_just_read(shop):
    old = [letter(f"old{number}", sender=f"c{number}@cliente.test") for number in range(300)]
    shop.server.fill(shop.user, old, at=now() - timedelta(days=60))
    shop.comes("new", "c299@cliente.test", subject="Perduda", ago=timedelta(days=2))
    shop.comes("late", "c298@cliente.test", subject="Massa vella", ago=timedelta(days=15))
    shop.synced()
    row = shop.row("Perduda")
    assert (row.junk, row.since_before, row.next_due_at) == (True, True, None), "no promise was made before"
    assert shop.row("Massa vella") is None


def test_who_becomes_known_later_is_found_in_junk_with_the_next_pass(shop):
    shop.known()
    shop.comes("lost", "pep@cliente.test", subject="Em llegiu?")
    assert shop.synced() == 0
    shop.comes("again", "pep@cliente.test", folder="INBOX", subject="Hola?")
    assert shop.synced() == 2
    assert shop.row("Em llegiu?").junk


def test_a_rescue_moves_it_on_the_server_and_an_undo_moves_it_back(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.synced()
    shop.rescued("I ara?")
    assert not shop.row("I ara?").junk
    shop.synced()
    assert shop.lies("second") == ["INBOX"]
    assert shop.synced() == 0, "it is met again in the inbox, and is known"
    with Window(shop.desk) as window:
        (message,) = window.messages(shop.row("I ara?").id)
    assert message.places == (("box", "INBOX"),)
    with pytest.raises(RefusedError, match="not_in_junk"):
        shop.rescued("I ara?")
    reply.undo(shop.desk)
    assert shop.row("I ara?").junk
    shop.synced()
    assert shop.lies("second") == ["Spam"]
    assert (shop.synced(), shop.wishes(), shop.rebuilt()) == (0, {}, True)
    assert shop.row("I ara?").junk


def test_undone_at_once_nothing_is_moved(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.synced()
    shop.rescued("I ara?")
    reply.undo(shop.desk)
    assert shop.wishes() == {}
    shop.synced()
    assert shop.lies("second") == ["Spam"]


def test_a_rescue_without_a_line_is_done_when_there_is_one(shop, old):
    server = old  # of its own, since it is stopped
    made = Shop(shop.folder / "other", server)
    made.known()
    made.comes("second", subject="I ara?")
    made.synced()
    server.stop()
    made.rescued("I ara?")
    for _ in range(7):
        assert made.sync().errors
    assert len(made.wishes()) == 1, "no line is no try"
    made.desk.close()
    server.start()
    made.open()
    made.synced()
    assert made.lies("second") == ["INBOX"]
    assert (made.wishes(), made.synced()) == ({}, 0)
    made.desk.close()


def test_whoever_moves_it_in_another_program_moves_the_mark_too(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.synced()
    with shop.server.client(shop.user) as client:
        client.select_folder("Spam")
        client.move(client.search(["HEADER", "Message-ID", "<second@cliente.test>"]), "INBOX")
    assert shop.synced() == 0
    assert not shop.row("I ara?").junk
    with shop.server.client(shop.user) as client:
        client.move(client.search(["HEADER", "Message-ID", "<second@cliente.test>"]), "Spam")
    assert shop.synced() == 0
    assert shop.row("I ara?").junk
    assert shop.rebuilt()


def test_a_junk_folder_that_is_numbered_anew_brings_nothing_twice(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.comes("spam", "x@spam.test")
    assert shop.synced() == 1
    shop.server.new_validity(shop.user, 4711, "Spam")
    done = shop.sync()
    assert (done.tally.received, done.tally.gaps, done.errors) == (0, 1, [])
    assert shop.synced() == 0
    assert len(shop.queue("all")) == 2


def test_a_junk_folder_that_the_shop_reads_anyway_is_a_folder_like_any_other(shop):
    shop.account = replace(shop.account, folders=("INBOX", "Spam"))
    shop.comes("any", "nou@cliente.test", subject="Hola")
    shop.synced()
    assert not shop.row("Hola").junk


def test_without_move_it_is_copied_and_taken_away_once_even_if_that_broke_off(old, tmp_path, monkeypatch):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    shop = Shop(tmp_path, old)
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.comes("third", subject="I això?")
    shop.synced()
    with old.client(shop.user) as client:  # as an attempt does that ends after its copy
        client.select_folder("Spam")
        client.copy(client.search(["HEADER", "Message-ID", "<third@cliente.test>"]), "INBOX")
    shop.rescued("I ara?")
    shop.rescued("I això?")
    shop.synced()
    assert (shop.lies("second"), shop.lies("third")) == (["INBOX"], ["INBOX"])
    assert (shop.synced(), shop.wishes()) == (0, {})
    shop.desk.close()


def test_killed_between_the_move_and_its_commit_it_is_moved_once(shop):
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.synced()
    shop.rescued("I ara?")
    ((flag, places),) = shop.wishes().items()
    channel = connector(shop.home, shop.account)

    async def moved():
        found = await channel.move(places, wish.MOVES[flag])
        await channel.close()
        return found

    assert list(asyncio.run(moved())) == list(places)
    assert shop.lies("second") == ["INBOX"]
    assert shop.synced() == 0
    assert (shop.lies("second"), shop.wishes()) == (["INBOX"], {})
    assert not shop.row("I ara?").junk


def test_where_the_server_can_move_nothing_the_mark_comes_back(poor, tmp_path, monkeypatch):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    shop = Shop(tmp_path, poor)
    shop.known()
    shop.comes("second", subject="I ara?")
    shop.synced()
    shop.rescued("I ara?")
    for _ in range(wish.TRIES):
        shop.synced()
    assert (shop.lies("second"), shop.wishes()) == (["Spam"], {})
    assert shop.row("I ara?").junk
    assert shop.rebuilt()
    shop.desk.close()
