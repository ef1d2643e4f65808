"""The first connection makes history, not work: 10,000 mails over three years on a real Dovecot, 37 of which wait."""

import os
import random
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk.channels import Batch
from agentdesk.config import Account, Home, SecretPlace
from agentdesk.config import load as load_settings
from agentdesk.core.model import Endpoint
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import open_desk
from agentdesk.engine.sync import sync_once
from agentdesk.engine.transfer import Brought, bring
from agentdesk.engine.visit import look
from agentdesk.engine.window import Window
from agentdesk.store.digest import digest
from desks import holds
from servers.inbox import now

WAITING = 37
ALL = 10_000


class Mailbox:
    """Three years of a shop, written as Maildir files; `waiting` are the subjects that still have no answer."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.inbox, self.sent = folder / "Maildir/cur", folder / "Maildir/.Sent/cur"
        self.folder = folder
        self.owner = owner
        self.random = random.Random(37)
        self.now = now()
        self.count = 0
        self.waiting: set[str] = set()
        for box in (self.inbox, self.sent):
            for name in ("cur", "new", "tmp"):
                (box.parent / name).mkdir(parents=True, exist_ok=True)

    def mail(self, box: Path, sender: str, to: str, subject: str, ago: timedelta, **more: str) -> str:
        self.count += 1
        at, name = self.now - ago, f"<{self.count}@shop.test>"
        head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {name}\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        if answers := more.get("answers"):
            head += f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n"
        path = box / f"{int(at.timestamp())}.M{self.count}P1.test:2,{more.get('flags', 'S')}"
        path.write_bytes((head + more.get("extra", "") + f"\r\nHola, {subject}.\r\n").encode())
        os.utime(path, (at.timestamp(), at.timestamp()))
        return name

    def fill(self) -> None:
        ours, pick = "soporte@shop.test", self.random
        for number in range(WAITING):
            person, subject = f"espera{number}@x.test", f"Espero {number}"
            days = timedelta(days=pick.uniform(0.1, 13.5))
            self.waiting.add(subject)
            if number % 3 == 0:  # our answer was answered
                first = self.mail(self.inbox, person, ours, subject, days + timedelta(hours=5))
                answer = self.mail(
                    self.sent, ours, person, f"Re: {subject}", days + timedelta(hours=3), answers=first
                )
                self.mail(self.inbox, person, ours, subject, days, answers=answer)
            elif number % 3 == 1:  # wrote twice
                first = self.mail(self.inbox, person, ours, subject, days + timedelta(hours=5))
                self.mail(self.inbox, person, ours, subject, days, answers=first)
            else:
                self.mail(self.inbox, person, ours, subject, days)
        for number in range(60):  # recent and not waiting, each for another reason
            person, days = f"listo{number}@x.test", timedelta(days=pick.uniform(0.5, 13))
            kind = number % 5
            flags = "RS" if kind == 1 else "S"
            extra = {
                2: "Auto-Submitted: auto-replied\r\n",
                3: "List-Unsubscribe: <mailto:u@x.test>\r\nPrecedence: bulk\r\n",
            }
            first = self.mail(
                self.inbox,
                person,
                ours,
                f"Recent {number}",
                days + timedelta(hours=2),
                flags=flags,
                extra=extra.get(kind, ""),
            )
            if kind in {0, 4}:
                answers = first if kind == 0 else ""
                self.mail(self.sent, ours, person, f"Re: Recent {number}", days, answers=answers)
        while self.count < ALL:
            person, days = f"vell{pick.randint(0, 800)}@x.test", timedelta(days=pick.uniform(15, 1095))
            first = self.mail(self.inbox, person, ours, f"Vell {self.count}", days + timedelta(days=1))
            if self.count < ALL and pick.random() < 0.5:
                self.mail(self.sent, ours, person, f"Re: Vell {self.count}", days, answers=first)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{self.owner}:{self.owner}", str(self.folder)], check=True)


def shop(folder: Path, port: int, user: str) -> tuple[Home, Account, Desk]:
    """A desk with that mailbox; whoever tried to send would fail, and be seen in the outbox."""
    home = Home.under(folder / "home")
    home.make()
    account = Account(
        "box",
        "soporte",
        "email",
        "soporte@shop.test",
        imap=Endpoint("127.0.0.1", port, "plain", user),
        smtp=Endpoint("127.0.0.1", 1, "plain", user),
        secret=SecretPlace("env", "BOX_PASSWORD"),
    )
    desk = open_desk(home, load_settings(home), "Joan")
    desk.own = frozenset({"soporte@shop.test"})
    return home, account, desk


def filled(dovecot, folder, monkeypatch):
    """A mailbox of ten thousand on the server, and a desk with it that has seen nothing yet."""
    user = dovecot.user()
    box = Mailbox(dovecot.folder / "mail" / user, dovecot._owner)
    box.fill()
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    home, account, desk = shop(folder, dovecot.port, user)
    return user, box, home, account, desk


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_thousand_mails_make_thirty_seven_tickets_and_nothing_leaves(dovecot, tmp_path, monkeypatch):
    user, box, home, account, desk = filled(dovecot, tmp_path, monkeypatch)

    outlook = look(home, account, desk.now())
    assert (outlook.total, outlook.waiting[14]) == (len(list(box.inbox.iterdir())), WAITING)

    readable: list[int] = []

    def watched(_: Account, batch: Batch) -> None:
        with Window(desk) as window:
            readable.append(len(window.queue("inbox", limit=100)))

    (done,) = sync_once(desk, home, (account,), watched)
    assert done.errors == []
    assert (done.tally.received, done.tally.quarantined) == (ALL, 0)
    with Window(desk) as window:
        work = window.queue("inbox", limit=1000)
        assert {row.subject for row in work} == box.waiting
        assert len(work) == WAITING
        assert all(row.reason == "since_before" and row.next_due_at is None for row in work)
        assert window.outbox() == []
        assert window.counts().views["overdue"] == 0
        history = window.queue("all", limit=100_000)
        assert all(row.history == (row.number not in {r.number for r in work}) for row in history)
        twice = next(row for row in work if row.messages > 1)
        assert all(m.text for m in window.messages(twice.id))
    first_complete = readable.index(WAITING)
    assert first_complete < len(readable) / 4, "all that waits is readable before the rest has come down"

    before = digest(desk.store.connection)
    (again,) = sync_once(desk, home, (account,))
    assert (again.tally.received, again.tally.duplicates, again.errors) == (0, 0, [])
    assert digest(desk.store.connection) == before

    dovecot.new_validity(user, 4711)
    (moved,) = sync_once(desk, home, (account,))
    assert moved.tally.received == 0
    assert digest(desk.store.connection) == before
    desk.close()


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_same_people_wait_where_all_of_it_was_imported_first(dovecot, tmp_path, monkeypatch):
    _, box, home, account, desk = filled(dovecot, tmp_path, monkeypatch)
    brought = Brought()
    bring(desk, home, account, "maildir", box.folder / "Maildir", brought)
    assert (brought.tally.received, brought.failed) == (ALL, [])
    with Window(desk) as window:
        assert window.queue("inbox", limit=1000) == []

    (done,) = sync_once(desk, home, (account,))
    assert done.errors == []
    with Window(desk) as window:
        work = window.queue("inbox", limit=1000)
        assert {row.subject for row in work} == box.waiting
        assert all(row.reason == "since_before" and row.next_due_at is None for row in work)
    holds(desk)
