"""What may happen to a desk, at random: a thousand commands, the same ones for the same seed."""

import random
from datetime import timedelta

from agentdesk.core.commands import (
    AddNote,
    Assign,
    CloseCause,
    Erase,
    JudgeSender,
    MarkRead,
    Merge,
    MergeCustomers,
    OpenCause,
    Prioritise,
    PutUnder,
    Reopen,
    Rescue,
    Resolve,
    SetLanguage,
    Snooze,
    Split,
    Tag,
    Undo,
    UnmergeCustomers,
    Wake,
)
from agentdesk.core.model import Priority
from agentdesk.core.progress import ChoosePlaybook, Describe, TakeStep
from agentdesk.errors import RefusedError
from agentdesk.store import pack
from desks import Bench
from reports import report


class History:
    """A thousand random commands on one desk, seeded."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.random = random.Random(seed)
        self.ids: list[str] = []

    def step(self) -> None:
        self.bench.clock.go(minutes=self.random.randint(0, 300))
        kind = self.random.choices((self.receive, self.act, self.erase), (40, 59, 1))[0]
        kind()

    def receive(self) -> None:
        pick = self.random
        if self.ids and pick.random() < 0.1:
            failed = (f"client{pick.randint(0, 30)}@x.test", pick.choice(("5.1.1", "5.2.2", "4.4.7")), "no")
            self.bench.mail(raw=report(pick.choice(self.ids), failed, unique=str(pick.random())))
            return
        person = f"client{pick.randint(0, 30)}@x.test"
        answers = pick.choice(self.ids) if self.ids and pick.random() < 0.6 else ""
        name = f"<{len(self.ids)}.{pick.random()}@x.test>"
        self.ids.append(name)
        ours = pick.random() < 0.3
        before = pick.random() < 0.2
        self.bench.mail(
            f"cos {pick.random()}",
            sender="soporte@shop.test" if ours else person,
            to=person if ours else "soporte@shop.test",
            role="sent" if ours else pick.choice(("inbox", "inbox", "inbox", "junk")),
            reply_to=answers,
            message_id=name if pick.random() < 0.95 else "",
            subject=pick.choice(("Pedido", "Re: Pedido", "Factura", "")),
            at=self.bench.clock.at - timedelta(minutes=pick.randint(0, 600)),
            before=before,
            waits=before and pick.random() < 0.3,
            extra=pick.choices(("", "Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n"), (8, 1, 1))[
                0
            ],
        )

    def ticket(self) -> str:
        with self.bench.reading() as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM ticket ORDER BY number")]
        return self.random.choice(ids) if ids else ""

    def one(self, sql: str) -> str:
        with self.bench.reading() as connection:
            ids = [row[0] for row in connection.execute(sql)]
        return self.random.choice(ids) if ids else ""

    def act(self) -> None:
        pick, ticket = self.random, self.ticket()
        note = pack(f"nota {pick.random()}".encode())
        customer = self.one("SELECT id FROM customer ORDER BY id")
        command = pick.choice(
            (
                AddNote(ticket, note.hash, note.size),
                Assign(ticket, pick.choice(("Joan", "Marta", None))),
                ChoosePlaybook(
                    ticket,
                    pick.choice(("returns", "service", None)),
                    pick.choice(("returns", None)),
                    forget=pick.choice(((), ("a", "b"))),
                    holds=pick.random() < 0.3,
                ),
                Describe(ticket, pick.choice(("claim", "", None)), pick.choice(("payment", "", None))),
                JudgeSender(ticket, pick.choice(("person", "machine", None))),
                MarkRead(ticket),
                Merge(ticket, self.ticket()),
                MergeCustomers(customer, self.one("SELECT id FROM customer ORDER BY id")),
                OpenCause("vaga", pick.choice(("", "huelga, vaga"))),
                CloseCause("vaga"),
                PutUnder(ticket, pick.choice(("vaga", None))),
                Prioritise(ticket, pick.choice(list(Priority))),
                Reopen(ticket),
                Rescue(ticket),
                Resolve(ticket),
                SetLanguage(ticket, pick.choice(("es", "ca", "en"))),
                Snooze(ticket, self.bench.clock.at + timedelta(hours=pick.randint(1, 50))),
                Split(self.one("SELECT id FROM message ORDER BY n")),
                Tag(ticket, add=(pick.choice("abc"),), remove=(pick.choice("abc"),)),
                self.taking(),
                Undo(),
                Undo(),
                UnmergeCustomers(customer),
                Wake(ticket),
            )
        )
        try:
            with self.bench.desk.transaction() as writer:
                writer.blobs.put(writer.connection, (note,))
                self.bench.desk.decided(writer, command, actor=pick.choice(("Joan", "Marta")))
        except RefusedError:
            pass

    def taking(self) -> TakeStep:
        """A step of the playbook that some ticket follows."""
        pick = self.random
        return TakeStep(
            self.one("SELECT id FROM ticket WHERE playbook = 'returns' ORDER BY number"),
            "returns",
            pick.choice("abc"),
            pick.choice(("done", "refund")),
            pick.choice(((), ("a",), ("b", "c"))),
            holds=pick.random() < 0.3,
        )

    def erase(self) -> None:
        customer = self.one("SELECT id FROM customer ORDER BY id")
        if customer:
            self.bench.desk.do(Erase(customer))
