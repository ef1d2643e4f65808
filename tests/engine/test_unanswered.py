"""Nobody is left unanswered: the figure, the view and a count by brute force over the log are one, whatever happened."""

from datetime import timedelta

from agentdesk.channels import Doubtful, Refused
from agentdesk.core import posting
from agentdesk.core.commands import Learn, Merge, NoteCall, Reopen, Resolve, RunMacro, Snooze, Split, Undo
from agentdesk.core.keeping import MoveTicket, Mute
from agentdesk.core.later import Amend, ReportUnchanged
from agentdesk.core.model import Acts, Address, Outgoing, Status, Withdrawal
from agentdesk.core.settling import Excuse, MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.engine import proof, reply
from agentdesk.errors import RefusedError
from agentdesk.store import log, pack, people, queue
from desks import SHOP, Bench
from engine.answering import Shop
from engine.owed import Truth
from histories import History
from reports import report

HAPPENED = {
    "AmendRefused",
    "Amended",
    "Called",
    "CustomerMuted",
    "Forwarded",
    "Merged",
    "MacroRun",
    "Moved",
    "NoAnswerNeeded",
    "Received",
    "Replied",
    "Resolved",
    "SendFailed",
    "Sent",
    "Split",
    "ThanksRefuted",
    "Undone",
    "Withdrawn",
    "WithdrawnByAuthor",
    "WrittenAutomatically",
}
CAME = {
    "a bounce": "class = 'bounce'",
    "an answer that came back": "direction = 'out' AND state = 'failed'",
    "a third party": "direction = 'from_party'",
    "a digit": "settled = 'rating'",
    "thanks": "settled = 'thanks'",
    "an answer that was taken back": "direction = 'out' AND state = 'withdrawn'",
    "a question that was taken back": "settled = 'withdrawn'",
    "an answer for later": "direction = 'out' AND state = 'written' AND NOT hidden",
}
"""What must have come about as well, as the store says of messages."""


class Answered(History):
    """A random history in which much is answered, excused, moved and taken back."""

    def step(self) -> None:
        self.bench.clock.go(seconds=self.random.randint(1, 9_000))
        kinds = {
            self.receive: 28,
            self.thank: 8,
            self.act: 12,
            self.reply: 16,
            self.bounce: 3,
            self.apart: 5,
            self.survey: 4,
            self.automatic: 2,
            self.fate: 16,
            self.take_back: 5,
            self.end: 32,
            self.erase: 1,
        }
        self.random.choices(list(kinds), list(kinds.values()))[0]()

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

    def tried(self, command, group=None) -> None:
        blob = pack(b"resposta")
        try:
            with self.bench.desk.transaction() as writer:
                writer.blobs.put(writer.connection, (blob,))
                self.bench.desk.decided(
                    writer, command, actor=self.random.choice(("Joan", "Marta")), group=group
                )
        except RefusedError:
            pass

    def letter(self, name: str, to: str) -> tuple[Outgoing, str, str, int]:
        blob = pack(b"resposta")
        letter = Outgoing(
            f"<{name}@shop.test>", Address("", SHOP), (Address("", to),), "Re", "ok?", self.bench.clock.at
        )
        return letter, blob.hash, blob.hash, blob.size

    def waits(self) -> str:
        """A ticket in which somebody waits, where there is one."""
        return self.one("SELECT id FROM ticket WHERE owed_since IS NOT NULL ORDER BY number") or self.ticket()

    def reply(self) -> None:
        """An answer; some wait for their time, some are many at once, some go right away."""
        name, at = f"r{self.random.random()}", self.bench.clock.at
        later = at + timedelta(hours=2) if self.random.random() < 0.25 else None
        whole = self.letter(name, "client1@x.test")
        resolve, acts = self.random.random() < 0.3, self.random.choice((Acts(), Acts(status=Status.OPEN)))
        group = "circular" if self.random.random() < 0.2 else None
        command = posting.Reply(self.waits(), name, *whole, resolve=resolve, acts=acts, goes_at=later)
        self.tried(command, group)
        if self.random.random() < 0.4:
            self.tried(posting.ReportSent(name, at))

    def bounce(self) -> None:
        """An answer that was accepted comes back after all."""
        name = self.one("SELECT id FROM message WHERE direction = 'out' AND state = 'sent' ORDER BY n")
        failed = ("client1@x.test", "5.1.1", "no")
        if name:
            again = str(self.random.random())
            self.bench.mail(raw=report(f"<{name}@shop.test>", failed, unique=again))

    def apart(self) -> None:
        """Something goes to a third party, who answers: neither is said to the customer, nor by them."""
        name = f"p{self.random.random()}"
        self.tried(posting.Forward(self.ticket(), name, *self.letter(name, "taller@y.test")))
        self.tried(posting.ReportSent(name, self.bench.clock.at))
        if self.random.random() < 0.7:
            self.bench.mail(
                "Fet", sender="taller@y.test", reply_to=f"<{name}@shop.test>", message_id=f"<{name}@y.test>"
            )

    def survey(self) -> None:
        """A customer is asked how it was, and says so by a digit, or asks something instead."""
        name = f"s{self.random.random()}"
        ticket = self.one("SELECT id FROM ticket WHERE status = 'resolved' AND NOT history ORDER BY number")
        whose = self.one(
            f"SELECT i.address FROM ticket t JOIN identity i ON i.id = t.identity WHERE t.id = '{ticket}'"
        )
        if not whose:
            return
        whole = self.letter(name, whose)
        self.tried(posting.WriteAutomatic(ticket, name, *whole, kind="survey", once=name))
        self.tried(posting.ReportSent(name, self.bench.clock.at))
        self.bench.clock.go(minutes=1)
        self.bench.mail(
            self.random.choice(("5", "5", "1", "5, però on és la factura?")),
            sender=whose,
            reply_to=f"<{name}@shop.test>",
            message_id=f"<{name}@x.test>",
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

    def take_back(self) -> None:
        """Somebody takes back what they sent: we an answer, a customer what they wrote; sometimes the service keeps ours."""
        said = self.one("SELECT id FROM message WHERE direction = 'out' AND state = 'sent' ORDER BY n")
        if said and self.random.random() < 0.6:
            self.tried(Amend(said, None))
            event = self.one("SELECT id FROM event WHERE type = 'Amended' ORDER BY seq DESC")
            if self.random.random() < 0.3:
                self.tried(ReportUnchanged(said, 1, 9, "no", event))
        else:
            theirs = self.one(
                "SELECT mail_id FROM message WHERE direction = 'in' AND class = 'human' ORDER BY n"
            )
            self.tried(Learn("", Withdrawal("email", "", self.bench.clock.at), theirs))

    def automatic(self) -> None:
        """What agentdesk itself says, which answers nothing."""
        name, ticket = f"a{self.random.random()}", self.waits()
        whose = self.one(
            f"SELECT i.address FROM ticket t JOIN identity i ON i.id = t.identity WHERE t.id = '{ticket}'"
        )
        whole = self.letter(name, whose or "client1@x.test")
        self.tried(posting.WriteAutomatic(ticket, name, *whole, kind="follow_up", once=name))
        self.tried(posting.ReportSent(name, self.bench.clock.at))

    def end(self) -> None:
        ticket, blob = self.ticket(), pack(b"resposta")
        customer = self.one("SELECT id FROM customer WHERE NOT erased ORDER BY id")
        why = Excuse(self.random.choice(("phone", "spam")), posting.NoteText(blob.hash, blob.size))
        identity = self.one(f"SELECT id FROM identity WHERE customer = '{customer}' ORDER BY id")
        then = self.random.choice(("done", "open", "waits"))
        split = self.one("SELECT id FROM message WHERE direction = 'in' AND class = 'human' ORDER BY n")
        thanked = self.one("SELECT ticket FROM message WHERE settled = 'thanks' ORDER BY n") or ticket
        waits = self.waits()
        muted = self.one("SELECT id FROM customer WHERE muted_at IS NOT NULL AND root = id ORDER BY id")
        self.tried(
            self.random.choice(
                (
                    Resolve(ticket),
                    Resolve(waits, why),
                    NoAnswerNeeded(waits, why),
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
    connection = bench.store.connection
    kinds = {row[0] for row in connection.execute("SELECT DISTINCT type FROM event")}
    kinds |= {
        what
        for what, where in CAME.items()
        if connection.execute(f"SELECT 1 FROM message WHERE {where} LIMIT 1").fetchone()
    }
    bench.close()
    return kinds


def test_an_answer_that_is_held_failed_in_doubt_taken_back_or_for_later_answers_nobody(tmp_path):
    shop = Shop(tmp_path)
    shop.bench.mail("On és?", message_id="<a@x.test>")

    def figure() -> int:
        with shop.bench.reading() as connection:
            return people.unanswered(connection)

    shop.answer("Arriba demà.", hold=60.0)
    assert figure() == 1, "held"
    reply.undo(shop.bench.desk)
    assert figure() == 1, "taken back"
    shop.answer("Arriba dimarts.", at=shop.bench.clock.at + timedelta(hours=2))
    shop.flush()
    assert figure() == 1, "for later"
    reply.undo(shop.bench.desk)
    for fate in (Refused("550 5.1.1", "no such user"), Doubtful("timeout")):
        shop.bench.clock.go(minutes=1)
        shop.provider.plan = [fate]
        shop.answer(f"Arriba {fate}.")
        shop.flush()
        assert figure() == 1, fate
    shop.answer("Ara sí.")
    shop.flush()
    assert figure() == 0
    assert proof.prove(shop.bench.desk).agrees
    shop.bench.close()


def test_the_figure_is_what_a_count_over_all_messages_says_after_any_history(tmp_path):
    happened = lived(tmp_path / "one", 0) | lived(tmp_path / "two", 2)
    wanted = HAPPENED | CAME.keys()
    assert happened >= wanted, wanted - happened
