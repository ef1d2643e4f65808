"""Nobody is left unanswered: the figure, the view and a count by brute force over the log are one, whatever happened."""

from datetime import timedelta

from agentdesk.core import posting
from agentdesk.core.commands import Merge, NoteCall, Reopen, Resolve, RunMacro, Snooze, Split, Undo
from agentdesk.core.keeping import MoveTicket, Mute
from agentdesk.core.model import Acts, Address, Outgoing, Status
from agentdesk.core.settling import Excuse, MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.engine import proof
from agentdesk.errors import RefusedError
from agentdesk.store import log, pack, people, queue
from desks import SHOP, Bench
from engine.owed import Truth
from histories import History

HAPPENED = {
    "Called",
    "CustomerMuted",
    "Merged",
    "MacroRun",
    "NoAnswerNeeded",
    "Received",
    "Replied",
    "Resolved",
    "SendFailed",
    "Sent",
    "Split",
    "ThanksRefuted",
    "Undone",
    "WrittenAutomatically",
}


class Answered(History):
    """A random history in which much is answered, excused, moved and taken back."""

    def step(self) -> None:
        self.bench.clock.go(seconds=self.random.randint(1, 9_000))
        kinds = (
            self.receive,
            self.thank,
            self.act,
            self.reply,
            self.automatic,
            self.fate,
            self.end,
            self.erase,
        )
        self.random.choices(kinds, (30, 8, 14, 14, 3, 14, 34, 1))[0]()

    def thank(self) -> None:
        """Somebody who wrote before writes once more to what they wrote."""
        known = self.one(
            "SELECT i.address || ' ' || json_extract(m.headers, '$.message_id') FROM message m JOIN identity i ON i.id = m.author "
            "WHERE m.class = 'human' AND m.direction = 'in' AND json_extract(m.headers, '$.message_id') <> '' ORDER BY m.n"
        )
        if known:
            sender, name = known.split(" ", 1)
            text = self.random.choice(("Gracias!", "Gracias!", "ok", "merci però no"))
            again = f"<t{self.random.random()}@x.test>"
            self.bench.mail(text, sender=sender, reply_to=name, message_id=again)

    def tried(self, command) -> None:
        blob = pack(b"resposta")
        try:
            with self.bench.desk.transaction() as writer:
                writer.blobs.put(writer.connection, (blob,))
                self.bench.desk.decided(writer, command, actor=self.random.choice(("Joan", "Marta")))
        except RefusedError:
            pass

    def reply(self) -> None:
        number, blob = self.random.random(), pack(b"resposta")
        letter = Outgoing(
            f"<r{number}@shop.test>", Address("", SHOP), (Address("", "client1@x.test"),), "Re", "ok?", self.bench.clock.at
        )  # fmt: skip
        whole = (blob.hash, blob.hash, blob.size)
        self.tried(
            posting.Reply(self.ticket(), f"r{number}", letter, *whole, resolve=self.random.random() < 0.3)
        )

    def fate(self) -> None:
        """What becomes of a written answer, whichever."""
        message = self.one("SELECT id FROM message WHERE direction = 'out' AND state IS NOT NULL ORDER BY n")
        self.tried(
            self.random.choice(
                (
                    posting.ReportSent(message, self.bench.clock.at),
                    posting.ReportSent(message, self.bench.clock.at),
                    posting.ReportFailed(message, "5.1.1", "no"),
                    posting.ReportDoubtful(message, "timeout"),
                    posting.Withdraw(message),
                    posting.Resend(message),
                )
            )
        )

    def automatic(self) -> None:
        """What agentdesk itself says, which answers nothing."""
        number, blob, at = self.random.random(), pack(b"resposta"), self.bench.clock.at
        to = Address("", f"client{self.random.randint(0, 30)}@x.test")
        letter = Outgoing(f"<a{number}@shop.test>", Address("", SHOP), (to,), "Re", "?", at)
        name, whole = f"a{number}", (blob.hash, blob.hash, blob.size)
        self.tried(posting.WriteAutomatic(self.ticket(), name, letter, *whole, kind="follow_up", once=name))
        self.tried(posting.ReportSent(name, at))

    def end(self) -> None:
        ticket, blob = self.ticket(), pack(b"resposta")
        customer = self.one("SELECT id FROM customer WHERE NOT erased ORDER BY id")
        why = Excuse(self.random.choice(("phone", "spam")), posting.NoteText(blob.hash, blob.size))
        identity = self.one(f"SELECT id FROM identity WHERE customer = '{customer}' ORDER BY id")
        then = self.random.choice(("done", "open", "waits"))
        split = self.one("SELECT id FROM message WHERE direction = 'in' AND class = 'human' ORDER BY n")
        thanked = self.one("SELECT ticket FROM message WHERE settled = 'thanks' ORDER BY n") or ticket
        waits = self.one("SELECT id FROM ticket WHERE owed_since IS NOT NULL ORDER BY number") or ticket
        muted = self.one("SELECT id FROM customer WHERE muted_at IS NOT NULL AND root = id ORDER BY id")
        self.tried(
            self.random.choice(
                (
                    Resolve(ticket),
                    Resolve(waits, why),
                    NoAnswerNeeded(waits, why),
                    Reopen(ticket),
                    RunMacro(ticket, Acts(status=Status.RESOLVED), "fet"),
                    RefuteThanks(thanked),
                    MarkSeen(ticket),
                    Merge(ticket, self.ticket()),
                    Mute(customer),
                    Mute(muted, muted=False),
                    MoveTicket(ticket, customer, identity),
                    NoteCall(
                        ticket,
                        None,
                        ours=False,
                        seconds=60,
                        text=blob.hash,
                        size=blob.size,
                        subject="",
                        then=then,
                    ),
                    Snooze(ticket, self.bench.clock.at + timedelta(hours=9), quiet=True),
                    Split(split),
                    Undo(),
                    Undo(),
                )
            )
        )


def shown(bench) -> tuple[int, list[str], set[tuple[str, str]]]:
    """The header's figure, the customers that the view lists, and every ticket in which somebody waits."""
    with bench.reading() as connection:
        rows = queue.queue(connection, "unanswered", bench.clock.at, "Joan", limit=1000)
        roots = dict(connection.execute("SELECT id, root FROM customer"))
        all_ = connection.execute("SELECT customer, id FROM ticket WHERE owed_since IS NOT NULL").fetchall()
        assert len({row.id for row in rows} - {ticket for _, ticket in all_}) == 0
        figure = people.unanswered(connection)
        return figure, [roots[row.customer] for row in rows], {(roots[one], ticket) for one, ticket in all_}


class Reader:
    """The truth as the log tells it, read on from where it was."""

    def __init__(self, bench) -> None:
        self.bench, self.truth, self.seq = bench, Truth(), 0

    def owed(self) -> set[tuple[str, str]]:
        with self.bench.reading() as connection:
            for seq, event in log.read(connection, self.seq):
                self.truth.take(event)
                self.seq = seq
        return self.truth.owed()


def lived(folder, seed) -> set[str]:
    """What happened in one random life, in which every step left figure, view and truth the same."""
    bench = Bench(folder)
    history, by_hand, most = Answered(bench, seed), Reader(bench), 0
    for step in range(180):
        history.step()
        truth, (figure, view, tickets) = by_hand.owed(), shown(bench)
        most = max(most, figure)
        assert tickets == truth, step
        assert figure == len({customer for customer, _ in truth}), step
        assert sorted(view) == sorted({customer for customer, _ in truth}), step
    assert most > 3
    proved = proof.prove(bench.desk)
    assert ({(each.customer, each.ticket) for each in proved.owed}, proved.agrees) == (by_hand.owed(), True)
    kinds = {row[0] for row in bench.store.connection.execute("SELECT DISTINCT type FROM event")}
    bench.close()
    return kinds


def test_the_figure_is_what_a_count_over_all_messages_says_after_any_history(tmp_path):
    happened = lived(tmp_path / "one", 0) | lived(tmp_path / "two", 1)
    assert happened >= HAPPENED, HAPPENED - happened
