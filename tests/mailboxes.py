"""Mailboxes in which everything happens that joining knows."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from agentdesk.channels import Arrival
from agentdesk.core.model import Place
from agentdesk.core.seal import Seal
from desks import SHOP
from reports import report


def mailbox(seed: int, count: int, at: datetime, seal: Seal) -> Iterator[Arrival]:
    """Answers, also before what they answer and by strangers, answers of
    ours from elsewhere, copies, the same Message-ID twice, tags, tokens, machines, reports on mails that did not arrive."""
    chance = random.Random(seed)
    raws: list[bytes] = []
    for n in range(count):
        role = chance.choice(["inbox", "inbox", "inbox", "other", "sent"])
        person = f"c{chance.randrange(12)}@x.test"
        by_name = f"Marta <{person}>" if chance.random() < 0.3 else person
        sender, to = (SHOP, person) if role == "sent" else (by_name, SHOP)
        named = [f"<{chance.randrange(-3, count)}@x.test>" for _ in range(chance.choice([0, 1, 1, 2]))]
        subject = chance.choice(
            ["Pedido", f"Re: Pedido {seal.subject_tag(chance.randrange(1, 9))}", "On és?"]
        )
        own = n if chance.random() < 0.97 else n - 1
        extra = chance.choice(
            ["", "", "", "Auto-Submitted: auto-replied\r\n", "Cc: c3@x.test, c40@x.test\r\n"]
        )
        answers = f"References: {' '.join(named)}\r\n" if named else ""
        raw = (
            f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{own}@x.test>\r\n{answers}{extra}"
            f"Date: Sun, 22 Nov 2026 10:{n // 60:02}:{n % 60:02} +0000\r\n\r\nHola {n}, on és el paquet {chance.random()}?\r\n"
        ).encode()
        if chance.random() < 0.05:
            raw = report(f"<{chance.randrange(count)}@x.test>", (person, "5.1.1", "550 no"), unique=f"r{n}")
        if raws and chance.random() < 0.04:
            raw = chance.choice(raws)
        raws.append(raw)
        before = chance.random() < 0.6
        yield Arrival(
            Place("mailbox", role, 1, n + 1), at - timedelta(minutes=chance.choice([0, 5, 5, 900, 20_000])), raw, len(raw),
            role=role, flags=frozenset(chance.choice([(), ("\\Seen",), ("\\Answered", "\\Seen")])),
            before=before, waits=before and chance.random() < 0.5,
        )  # fmt: skip
