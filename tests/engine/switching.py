"""A shop with two numbers and a mailbox; Maria writes to all of them, and is answered by one way or another."""

import asyncio
from dataclasses import replace

from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.letter import Wish
from agentdesk.core.model import Place
from agentdesk.engine import reply
from agentdesk.engine.intake import Intake
from agentdesk.engine.outbox import Postman
from agentdesk.engine.switch import Switch, ways_to
from agentdesk.engine.window import Window
from desks import SHOP
from engine.answering import Provider
from engine.chats import MARIA, Chats


class Shop(Chats):
    """A chat account and a mailbox on one desk; Maria writes to both."""

    def __init__(self, folder, kind="whatsapp"):
        super().__init__(folder, kind)
        self.mailbox = Account("mailbox", "soporte", "email", SHOP)
        taller = Account("taller", "taller", kind, "+34901")
        self.settings = replace(self.settings, accounts=(*self.settings.accounts, self.mailbox, taller))
        self.post = Provider(self.bench)
        self.mails = 0

    def mail(self, body="Hola", *, sender="maria@x.test", subject="Pedido 7", reply_to=""):
        self.mails += 1
        more = f"In-Reply-To: {reply_to}\r\nReferences: {reply_to}\r\n" if reply_to else ""
        head = f"From: Maria <{sender}>\r\nTo: {SHOP}\r\nSubject: {subject}\r\nMessage-ID: <m{self.mails}@x.test>\r\n"
        raw = (head + more + f"\r\n{body}\r\n").encode()
        arrival = Arrival(Place("mailbox", "INBOX", 1, self.mails), self.bench.clock.at, raw, len(raw))
        Intake(self.bench.desk, "mailbox", read_mail).take(Batch(f"mail {self.mails}", (arrival,)))

    def workshop(self, text, number):
        """Maria writes to the shop's other number."""
        said = self.text(text, number)
        arrival = Arrival(Place("taller", "x", 0, number), self.bench.clock.at, b"%06d" % number, 6)
        Intake(self.bench.desk, "taller", lambda _: said).take(Batch(f"taller {number}", (arrival,)))

    def one_person(self):
        """The mail's writer and the chat's are the same."""
        with Window(self.bench.desk) as window:
            mail, chat = window.customer("maria@x.test"), window.customer(f"{self.kind}:{MARIA}")
        self.bench.desk.do(MergeCustomers(chat, mail))

    def ways(self, number=1):
        """By channel; the newest of one."""
        return {way.channel: way for way in reversed(ways_to(self.bench.desk, self.bench.id(number)))}

    def whom(self, number=1, by=None):
        with Window(self.bench.desk) as window:
            return window.to_whom(self.bench.id(number), by)

    def answers(
        self, text="Ja ve", *, number=1, by=None, note="Per un altre canal", resolve=False, hold=0, **wish
    ):
        """By the way that is due, or by the channel or the way `by`."""
        way = self.ways(number)[by] if isinstance(by, str) else by
        whom = self.whom(number, way)
        channel = self.post if whom.account == "mailbox" else self
        switch = Switch(way, note) if way else None
        ticket = self.bench.id(number)
        return reply.write(
            self.bench.desk,
            self.settings,
            channel,
            ticket,
            Wish(text, **wish),
            hold=hold,
            switch=switch,
            resolve=resolve,
        )

    def sends(self):
        asyncio.run(Postman(self.bench.desk, self.home, "mailbox", self.post).flush())
        self.flush()


def met_twice(folder):
    """A shop to which one person has written by mail, and then by chat."""
    made = Shop(folder)
    made.mail("On és el paquet?")
    made.go(minutes=1)
    made.writes("Hola, us he escrit un correu", 1)
    made.one_person()
    yield made
    made.bench.close()
