"""Loops that cannot happen, on loopback: two desks, a vacation responder and one without manners, each with a mailbox of its own.

OpenSMTPD carries every mail and Dovecot keeps it; the desks read by IMAP, and the responder is Pigeonhole's. Between the desks and the
world stands a gateway that cuts off whatever tells a machine, and puts a sender where there is none. Their clocks are turned by
hand; the servers' clock is ahead of them, which a desk does not believe.
"""

import asyncio
import re
import smtplib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise

import pytest

from agentdesk.config import Account, Home, SecretPlace
from agentdesk.config import Desk as DeskSettings
from agentdesk.config import load as load_settings
from agentdesk.core import responder
from agentdesk.core.model import Endpoint
from agentdesk.engine.rules import Runner
from agentdesk.engine.start import connector, open_desk
from agentdesk.engine.sync import Poller
from desks import HandClock
from engine.ruled import opening_hours
from engine.test_loops import SHIPPED, address, field, mail
from servers import lacking, until
from servers.dovecot import SIEVE_PLUGIN
from servers.inbox import now
from servers.smtp import Smtp, Taken

pytestmark = pytest.mark.servers
DAYS = 4
LONG = 60.0
_TELLS = re.compile(
    rb"(?mi)^(?:Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Agentdesk-Loop):.*\r?\n(?:[ \t].*\r?\n)*"
)
AWAY = """require ["vacation-seconds"];
vacation :seconds 0 :addresses ["{own}"] "Estoy fuera.";
"""
"""A responder that says what it is, and forgets whom it has answered."""


class Wire:
    """OpenSMTPD, and somebody `away` whose server answers. `arrives` is how many mails each mailbox has got or will get."""

    def __init__(self, dovecot, smtpd) -> None:
        self.dovecot, self.smtpd = dovecot, smtpd
        self.arrives: Counter[str] = Counter()
        self.away = dovecot.user()
        dovecot.filter(self.away, AWAY.format(own=self.away))

    def carry(self, sender: str, to: str, raw: bytes) -> None:
        self.arrives[to] += 1
        self.arrives[sender] += to == self.away
        with smtplib.SMTP("127.0.0.1", self.smtpd.port, timeout=20) as line:
            line.sendmail(sender, [to], raw)

    def settled(self) -> None:
        """Everything that is on its way has arrived."""
        until(lambda: all(self.kept(who) >= wanted for who, wanted in self.arrives.items()), LONG)

    def kept(self, who: str) -> int:
        home = self.dovecot.folder / "mail" / who / "Maildir"
        return sum(len(list((home / part).glob("*"))) for part in ("new", "cur"))


class Gateway(Smtp):
    """What a desk sends by."""

    def __init__(self, wire: Wire, own: str, clock: HandClock) -> None:
        super().__init__()
        self.wire, self.own, self.clock = wire, own, clock
        self.said: list[tuple[str, float]] = []

    def take(self, mail: Taken) -> None:
        (to,) = mail.recipients
        assert b"Auto-Submitted: auto-replied" in mail.raw, "nobody but the desk itself says anything here"
        self.said.append((to, self.clock.at.timestamp()))
        self.wire.carry(self.own, to, _TELLS.sub(b"", mail.raw))
        super().take(mail)


class AtDesk:
    """A home with a mailbox and every rule that is shipped."""

    def __init__(self, folder, wire: Wire, clock: HandClock) -> None:
        self.own = wire.dovecot.user()
        self.gateway = Gateway(wire, self.own, clock)
        self.home = Home.under(folder)
        self.home.make()
        opening_hours(self.home)
        self.account = Account(
            "box", "soporte", "email", self.own,
            imap=Endpoint("127.0.0.1", wire.dovecot.port, "plain", self.own),
            smtp=Endpoint("127.0.0.1", self.gateway.port, "plain", self.own),
            secret=SecretPlace("env", "BOX_PASSWORD"),
        )  # fmt: skip
        settings = replace(
            load_settings(self.home),
            desk=DeskSettings("UTC", "es", calendar="shop"),
            accounts=(self.account,),
            rules=SHIPPED,
        )
        self.desk = open_desk(self.home, settings, "Joan")
        self.desk.now = clock
        self.connect = lambda home, account: connector(home, account, clock=clock)
        self.runner = Runner(self.desk, self.home, settings, self.connect)
        self.runner.begin()

    def looks(self) -> None:
        poller = Poller(self.desk, self.home, self.account, connect=self.connect, between=self.runner.run)
        assert not asyncio.run(poller.once()).errors


class Rude:
    """Answers each mail in its mailbox, by a new one that says nothing of itself."""

    def __init__(self, wire: Wire) -> None:
        self.wire, self.own, self._seen = wire, wire.dovecot.user(), 0
        self._number = count()

    def looks(self) -> None:
        with self.wire.dovecot.client(self.own) as client:
            fresh = [uid for uid in client.search("ALL") if uid > self._seen]
            found = client.fetch(fresh, ["BODY[]"]) if fresh else {}
        for uid, data in sorted(found.items()):
            self._seen = uid
            raw = data[b"BODY[]"]
            to, subject = address(raw, b"From"), f"Fuera {next(self._number)}: {field(raw, b'Subject')[:30]}"
            self.wire.carry(self.own, to, mail(self.own, to, subject))


@pytest.fixture
def wire(dovecot, smtpd):
    if not SIEVE_PLUGIN.exists():
        lacking("the Sieve plugin is not installed (Debian: dovecot-sieve)")
    return Wire(dovecot, smtpd)


def test_of_two_desks_and_two_responders_nobody_hears_two_automatic_mails_a_day(wire, tmp_path, monkeypatch):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    clock = HandClock((now() - timedelta(days=DAYS + 2)).replace(hour=10, minute=0))
    first, second = AtDesk(tmp_path / "a", wire, clock), AtDesk(tmp_path / "b", wire, clock)
    rude, polite = Rude(wire), wire.away
    for who in (first, second):
        who.looks()
    for _ in range(DAYS):
        morning = clock.at
        for writer, to in ((rude.own, first.own), (second.own, first.own), (polite, second.own)):
            wire.carry(writer, to, mail(writer, to, f"Pedido {morning:%d}"))
        for minute in (1, 2, 5 * 60):
            clock.at = morning + timedelta(minutes=minute)
            for who in (first, second, rude):
                wire.settled()
                who.looks()
        clock.at = morning + timedelta(days=1)
    heard = {desk: Counter(to for to, _ in desk.gateway.said) for desk in (first, second)}
    assert heard[first] == {rude.own: responder.TIMES, second.own: responder.TIMES}
    assert heard[second] == {first.own: responder.TIMES, polite: responder.TIMES}
    for desk in (first, second):
        for to in heard[desk]:
            times = [at for who, at in desk.gateway.said if who == to]
            assert all(b - a >= 23.9 * 3600 for a, b in pairwise(times)), (to, times)
        desk.desk.close()
        desk.gateway.stop()
