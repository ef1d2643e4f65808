"""A shop's working day through the real console in a real terminal: real mail servers, a chat service, and two people who take
turns. Nobody is left unanswered, nobody is answered twice, and what a key costs is counted.
"""

import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from servers import PROOF, until
from servers.dovecot import Dovecot
from servers.inbox import letter
from servers.program import PASSWORD, Program
from servers.seat import Seat
from servers.telegram import TOKEN, Telegram

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(900)]

MAILS, CHATS, STRUCK, NIGHT = (120, 60, 20, 40) if PROOF else (50, 25, 15, 20)
"""NIGHT are the mails that lie there in the morning. Whole by `make proof`."""
WAVE = 20
"""How many contacts come in after so many answers."""
RUDE, GONE = 7, 11
"""Which mail is rude, and which one asks to be forgotten."""
FORGOTTEN = "Zacarías Inolvidable"
ESC, ENTER, SEND, DOWN = "\x1b[27u", "\r", "\n", "\x1b[B"
READER = re.compile(r"Answer to .*")
WAITING = re.compile(r"inbox (\d+) ·")
MARKED = re.compile(r"(\d+) marked")
BEGUN = re.compile("Words that tell huelga-gls|under huelga-gls")
NOTICE = re.compile("\x1b]9;")
TURN = 45
"""Answers after which the other agent sits down."""


@dataclass(frozen=True)
class Contact:
    """One customer who writes: by mail from `address`, or in a chat as `person`."""

    order: int
    address: str = ""
    person: int = 0

    @property
    def is_struck(self) -> bool:
        return bool(self.address) and self.order < 1000 + STRUCK

    @property
    def expects(self) -> str:
        """What has to stand in the answer."""
        return "está en huelga" if self.is_struck else f"El pedido {self.order} sale hoy."

    @property
    def text(self) -> str:
        if self.is_struck:
            return f"Hola, ¿mi pedido {self.order} no llega por la huelga de mensajeros?"
        if self.order == 1000 + STRUCK + RUDE:
            return f"Sois unos ladrones y unos inútiles. Quiero mi dinero del pedido {self.order} YA."
        if self.order == 1000 + STRUCK + GONE:
            return f"Hola, soy {FORGOTTEN}. El pedido {self.order} llegó. Borrad todos mis datos, por favor."
        return f"Hola, ¿dónde está mi pedido {self.order}?"


class Town:
    """The customers, who write while the shop answers."""

    def __init__(self, dovecot: Dovecot, telegram: Telegram, shop: str) -> None:
        self._dovecot, self._telegram, self._shop = dovecot, telegram, shop
        mails = [Contact(1000 + n, address=dovecot.user()) for n in range(MAILS)]
        chats = [Contact(2000 + n, person=7000 + n) for n in range(CHATS)]
        draw = random.Random(4)
        draw.shuffle(mails)
        later = mails[NIGHT:] + chats
        draw.shuffle(later)
        self.contacts = mails[:NIGHT] + later
        self.written = 0

    def write(self, upto: int) -> None:
        for contact in self.contacts[self.written : upto]:
            if contact.person:
                self._telegram.now = time.time()  # noqa: TID251 - a service's clock is the real one
                self._telegram.writes(contact.person, contact.text)
            else:
                name = FORGOTTEN if contact.order == 1000 + STRUCK + GONE else "Ana"
                raw = letter(
                    f"d{contact.order}", sender=f"{name} <{contact.address}>", to=self._shop,
                    subject=f"Pedido {contact.order}", body=contact.text + "\r\n",
                )  # fmt: skip
                self._dovecot.deliver(self._shop, raw, contact.address)
        self.written = max(self.written, upto)

    def heard(self) -> dict[int, list[str]]:
        """What each customer was answered, by the order they asked about."""
        heard = defaultdict(list)
        for contact in self.contacts:
            if contact.person:
                heard[contact.order] += [
                    each.text for each in self._telegram.sent if each.chat == contact.person
                ]
                continue
            box = self._dovecot.folder / "mail" / contact.address / "Maildir"
            for path in (*box.glob("new/*"), *box.glob("cur/*")):
                mail = message_from_bytes(path.read_bytes(), policy=policy.SMTP)
                part = mail.get_body(("plain",))
                heard[contact.order].append(part.get_content() if part else "")
        return heard

    def of(self, named: str) -> Contact:
        """Who is meant by what the composer says of its reader."""
        return next(
            each
            for each in self.contacts
            if each.address in named.split() or f"Maria {each.person} " in f"{named} "
        )


def lies(dovecot: Dovecot, shop: str) -> bool:
    """Whether a mail of whoever was forgotten lies in the shop's mailbox."""
    box = dovecot.folder / "mail" / shop / "Maildir"
    for path in (*box.rglob("cur/*"), *box.rglob("new/*")):
        with suppress(FileNotFoundError):  # it goes, or gets another flag, in this moment
            if FORGOTTEN.encode() in path.read_bytes():
                return True
    return False


class Staff:
    """Two agents at one keyboard, who read what is on the screen and answer it."""

    def __init__(self, program: Program, town: Town) -> None:
        self.program, self.town = program, town
        self.here, self.answers = "Joan", 0
        self.seat = Seat(program.command(), program.environment)
        self.seat.sees("inbox", "synced")

    def gives_way(self) -> None:
        """The other agent sits down."""
        self.here = "Núria" if self.here == "Joan" else "Joan"
        self.seat.press("g", "w")
        self.seat.sees("Who is at the keyboard?")
        self.seat.type(self.here[0])
        self.seat.press(ENTER)
        self.seat.sees(f"Hello, {self.here}")
        self.seat.press(ESC)
        self.seat.sees(self.here, without="Hello, ")

    def whole(self) -> str:
        """The screen as one line."""
        return " ".join(self.seat.frame().split())

    def conversation(self) -> str:
        """The right half of the screen, or all of it where it has but one pane, as one line."""
        lines = self.seat.frame().splitlines()
        return " ".join(
            " ".join(line.partition("│")[2] if "│" in line else line for line in lines)
            .replace("▌", " ")
            .split()
        )

    def waits(self, told: Callable[[], Any]) -> Any:
        """What `told` says once it says something."""
        try:
            return until(told, 20)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.seat.look()}") from None

    def asked(self) -> Contact | None:
        """Who wrote, once the composer and what they wrote are both in sight."""
        seen = self.conversation()
        to = READER.search(seen)
        contact = self.town.of(to[0]) if to else None
        return contact if contact and contact.text in seen else None

    def answer(self) -> bool:
        """The ticket at the cursor, and all of a strike at once; False where nothing waits."""
        if self.waits(lambda: WAITING.search(self.whole()))[1] == "0":
            return False
        self.seat.press("r")
        contact = self.waits(self.asked)
        if contact.is_struck:
            self.seat.press(ESC)
            self.seat.sees("next", without="Answer to")
            self.answer_strike()
            return True
        self.seat.type(f"El pedido {contact.order} sale hoy.")
        self.seat.press(SEND)
        self.seat.sees("next", without="Answer to")
        self.answers += 1
        return True

    def answer_strike(self) -> None:
        """One cause, one quick reply: everybody who waits because of the strike has an answer of their own."""
        seat = self.seat
        seat.press("\\")
        seat.sees("Show only")
        seat.type("huelga")
        seat.press(ENTER)
        seat.sees("only huelga")
        seat.press("M")
        (n,) = self.waits(lambda: MARKED.findall(self.whole()))
        seat.press("K")
        seat.sees("Which cause")
        seat.type("huelga-gls")
        seat.press(ENTER)
        if "Words" in self.waits(lambda: BEGUN.search(self.whole()))[0]:
            seat.type("huelga")
            seat.press(ENTER)
        seat.sees("under huelga-gls")
        seat.press("M")
        seat.sees(f"{n} marked")
        seat.press(";")
        seat.sees("Quick reply for")
        seat.type("huelga")
        seat.press(ENTER)
        for value in ("GLS", "el lunes"):
            seat.type(value)
            seat.press(ENTER)
        seat.sees(f"{n} ticket", "this answer")
        seat.press(ENTER)
        seat.sees("Nothing matches huelga")
        self.answers += int(n)
        seat.press(ESC)
        seat.sees("in the order to answer", without="only huelga")

    def forgets(self, who: str) -> None:
        """Somebody asked for it: found, looked at, and forgotten here and at the provider."""
        seat = self.seat
        seat.press("/")
        seat.sees("Search")
        seat.type(who)
        seat.sees(who, "Borrad")
        seat.press(ENTER, "c")
        seat.sees("Earlier tickets")
        seat.press("D")
        seat.sees(f"Forget {who}", "delete 2 mails")
        seat.press(DOWN, ENTER)
        seat.sees("Really forget")
        seat.type("forget")
        seat.press(ENTER)
        seat.sees("is forgotten", "2 mails are being deleted")


def opened(dovecot: Dovecot, telegram: Telegram, home: Path) -> tuple[Program, Town, str]:
    """A desk with a mailbox, a chat and two agents, in the morning."""
    program, shop = Program(home, TOKEN), dovecot.user()
    town = Town(dovecot, telegram, shop)
    town.write(NIGHT)
    program.environment["MAILBOX"] = "secreto"
    mailbox = f"{shop}@127.0.0.1"
    program.says(
        "account", "add", "email", "soporte", "--address", shop, "--secret-env", "MAILBOX", "--waiting-days", 14,
        "--imap", f"imap+insecure://{mailbox}:{dovecot.port}", "--smtp", f"smtp+insecure://{mailbox}:{dovecot.submission_port}",
    )  # fmt: skip
    program.says("account", "add", "telegram", "vimet", "--base-url", telegram.base, "--secret-env", PASSWORD)
    for name in ("Joan", "Núria"):
        program.says("agent", "add", name)
    program.says("agent", "switch", "Joan")
    program.says("sync", "--once")
    return program, town, shop


def test_a_working_day_leaves_nobody_unanswered_and_costs_three_keys_an_answer(
    dovecot, smtpd, tmp_path, capsys
):
    telegram = Telegram()
    program, town, shop = opened(dovecot, telegram, tmp_path / "home")
    staff = Staff(program, town)
    while town.written < len(town.contacts) or staff.answers < len(town.contacts):
        before = staff.answers
        if not staff.answer():
            town.write(town.written + WAVE)
            continue
        if staff.answers // TURN > before // TURN:
            staff.gives_way()
        if staff.answers // WAVE > before // WAVE:
            town.write(town.written + WAVE)
        if before < len(town.contacts) / 2 <= staff.answers:
            staff.seat.resize(80, 24)
            staff.seat.sees("inbox", "next")
    until(lambda: program.says("outbox") == [], 60)
    with suppress(AssertionError):  # mail servers take their time; who has still nothing is named below
        until(lambda: len([told for told in town.heard().values() if told]) == len(town.contacts), 60)
    heard = town.heard()
    staff.forgets(FORGOTTEN)
    until(lambda: not lies(dovecot, shop), 60)
    assert staff.seat.leave("q") == 0

    wrong = {
        c.order: heard[c.order]
        for c in town.contacts
        if len(heard[c.order]) != 1 or c.expects not in heard[c.order][0]
    }
    assert not wrong, "unanswered, answered twice, or with another's answer"
    assert program.says("queue", "--view", "inbox") == []
    assert not [
        path for path in program.home.rglob("*") if path.is_file() and FORGOTTEN.encode() in path.read_bytes()
    ]
    told = len(NOTICE.findall(staff.seat.terminal.drawn))
    with capsys.disabled():
        print(
            f"\n{len(town.contacts)} contacts, {staff.seat.keys} keys beside {staff.seat.typed} letters, {told} notices"
        )
    assert staff.seat.keys <= 3 * len(town.contacts)
    assert told <= 12
