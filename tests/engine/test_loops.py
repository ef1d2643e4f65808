"""Loops that cannot happen: desks and answering programs that face one another for a week.

All that tells a machine is cut off on the way, as some gateways do: what is left is the limit of the law. Real mails
are made and read on both sides; only the wire is a list.
"""

import re
from collections import defaultdict
from datetime import timedelta
from itertools import count

import pytest

from agentdesk.core import responder
from agentdesk.shopfile import shipped
from desks import HandClock
from engine.ruled import RuledShop

SHIPPED = tuple(sorted(each.stem for each in (shipped() / "rules").glob("*.toml")))
MINUTES = 10_000
EVERY = 500
LOOKS = 250
"""Minutes after which each desk looks again whether something is due, when nothing is on its way."""
_TELLS = re.compile(rb"(?mi)^(?:Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Agentdesk-Loop):.*\r\n")
_FIELD = rb"(?mi)^%s: (.*)\r\n"


def field(raw: bytes, name: bytes) -> str:
    found = re.search(_FIELD % name, raw)
    return found[1].decode() if found else ""


def address(raw: bytes, name: bytes) -> str:
    return re.search(r"[\w.]+@[\w.]+", field(raw, name))[0]


class AtDesk(RuledShop):
    """A desk with every rule on that is shipped."""

    def __init__(self, folder, own, clock) -> None:
        super().__init__(folder, on=SHIPPED, own=own)
        self.own, self.bench.clock, self.bench.desk.now = own, clock, clock

    def takes(self, raw: bytes) -> list[bytes]:
        self.bench.mail(raw=raw)
        return self.says()

    def says(self) -> list[bytes]:
        """What goes by itself by now."""
        self.provider.accepted.clear()
        self.run()
        self.flush()
        return list(self.provider.accepted)


class Vacation:
    """Answers each mail, whoever wrote it, with another Message-ID and another subject, and says nothing of itself."""

    def __init__(self, own: str) -> None:
        self.own, self._number = own, count()

    def takes(self, raw: bytes) -> list[bytes]:
        return [
            mail(self.own, address(raw, b"From"), f"Fuera {next(self._number)}: {field(raw, b'Subject')}")
        ]


class Polite(Vacation):
    """The same by RFC 3834: once a week to each, never to a machine, and it says what it is."""

    def __init__(self, own: str) -> None:
        super().__init__(own)
        self.told: set[str] = set()

    def takes(self, raw: bytes) -> list[bytes]:
        who = address(raw, b"From")
        if who in self.told or _TELLS.search(raw):
            return []
        self.told.add(who)
        return [
            each.replace(b"\r\n\r\n", b"\r\nAuto-Submitted: auto-replied\r\n\r\n", 1)
            for each in super().takes(raw)
        ]


_ids = count()


def mail(sender: str, to: str, subject: str) -> bytes:
    head = f"From: <{sender}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nMessage-ID: <n{next(_ids)}@{sender.partition('@')[2]}>\r\n"
    return f"{head}\r\nHola, ¿cuándo llega mi pedido? Gracias.\r\n".encode()


class World:
    """Everybody, and what is on its way between them; a mail takes a minute."""

    def __init__(self, folder, *, cut: bool) -> None:
        self.first = AtDesk(folder / "a", "soporte@shop.test", HandClock())
        self.clock = self.first.bench.clock
        self.second = AtDesk(folder / "b", "hola@tienda.test", self.clock)
        self.cut = cut
        rude, polite = Vacation("rude@x.test"), Polite("polite@x.test")
        self.people = {each.own: each for each in (self.first, self.second, rude, polite)}
        self.sent: dict[tuple[str, str], list[float]] = defaultdict(list)

    def week(self, *pairs: tuple[str, str]) -> None:
        """Ten thousand minutes in which a person writes every few hours from the first of each pair to the second."""
        start, minute = self.clock.at, 0
        for minute in range(0, MINUTES, EVERY):
            self.clock.at = start + timedelta(minutes=minute)
            self.exchange([mail(*pair, f"Pedido {minute}") for pair in pairs])
            while self.clock.at < start + timedelta(minutes=minute + EVERY - LOOKS):
                self.clock.go(minutes=LOOKS)
                self.exchange(self.due())
        assert minute + EVERY == MINUTES

    def exchange(self, under_way: list[bytes]) -> None:
        """Until nobody has anything more to say."""
        while under_way:
            under_way = [each for raw in under_way for each in self.arrives(raw)]
            self.clock.go(minutes=1)

    def due(self) -> list[bytes]:
        return [each for desk in (self.first, self.second) for each in self.went(desk, desk.says())]

    def arrives(self, raw: bytes) -> list[bytes]:
        who = self.people[address(raw, b"To")]
        answers = who.takes(raw)
        return self.went(who, answers) if isinstance(who, AtDesk) else answers

    def went(self, desk: AtDesk, mails: list[bytes]) -> list[bytes]:
        for each in mails:
            self.say(desk.own, address(each, b"To"))
        return [_TELLS.sub(b"", each) for each in mails] if self.cut else mails

    def say(self, sender: str, to: str) -> None:
        times, now = self.sent[sender, to], self.clock.at.timestamp()
        times.append(now)
        day = [at for at in times if now - at < 24 * 3600]
        assert len(day) == 1, f"{sender} answered {to} by itself {len(day)} times within a day"


@pytest.fixture
def world(tmp_path):
    made = []

    def build(*, cut):
        made.append(World(tmp_path, cut=cut))
        return made[-1]

    yield build
    for each in made:
        each.first.bench.close()
        each.second.bench.close()


def test_who_says_nothing_of_itself_gets_one_automatic_mail_a_day_for_10_000_minutes(world):
    week = world(cut=True)
    shop, other = "soporte@shop.test", "hola@tienda.test"
    week.week(("rude@x.test", shop), (other, shop))
    counts = {pair: len(times) for pair, times in week.sent.items()}
    assert set(counts) == {(shop, "rude@x.test"), (shop, other), (other, shop)}
    assert set(counts.values()) == {responder.TIMES}, "and is known for a program after some days"


def test_two_desks_that_are_seen_for_what_they_are_say_nothing_to_one_another(world):
    week = world(cut=False)
    shop, other = "soporte@shop.test", "hola@tienda.test"
    for raw in (mail(other, shop, "Pedido"), mail("polite@x.test", other, "Pedido")):
        under_way = [raw]
        while under_way:
            under_way = [each for one in under_way for each in week.arrives(one)]
    assert {pair: len(times) for pair, times in week.sent.items()} == {
        (shop, other): 1,
        (other, "polite@x.test"): 1,
    }
