"""Console, daemon and command lines at once on one store: nobody is locked out, nothing is sent twice or lost."""

import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from servers import until
from servers.dovecot import Dovecot
from servers.inbox import letter
from servers.program import Done, Program
from servers.terminal import Terminal

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(400)]
MAILS = 12
LONG = 120.0
BUSY = 5
TROUBLE = re.compile(r"database is locked|Traceback|OperationalError|agentdesk made a mistake", re.IGNORECASE)


def watched(dovecot: Dovecot, program: Program) -> tuple[str, str]:
    """The addresses of a shop with an account and of a customer."""
    shop, customer = dovecot.user(), dovecot.user()
    program.add_account(
        f"imap+insecure://{shop}@127.0.0.1:{dovecot.port}",
        f"smtp+insecure://{shop}@127.0.0.1:{dovecot.submission_port}",
        shop,
    )
    return shop, customer


def received(dovecot: Dovecot, user: str) -> list[str]:
    """The Message-ID of each mail in somebody's INBOX."""
    wanted = "BODY[HEADER.FIELDS (MESSAGE-ID)]"
    with dovecot.client(user) as client:
        found = client.fetch(client.search("ALL"), [wanted.replace("BODY[", "BODY.PEEK[")])
    return [each[wanted.encode()].decode().split(":", 1)[1].strip() for each in found.values()]


class Clerk(threading.Thread):
    """Answers, tags, notes and resolves by the command line each ticket whose number leaves `turn` on division by 2."""

    def __init__(self, program: Program, turn: int) -> None:
        super().__init__(daemon=True)
        self.program = program
        self.turn = turn
        self.answered: list[int] = []
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            until(self.step, LONG)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.fault = error

    def step(self) -> bool:
        """All that is in the queue now; True when there has been enough."""
        for row in self.program.says("queue", "--limit", 100):
            number = row["number"]
            if number % 2 == self.turn and number not in self.answered:
                self.answered.append(number)
                self.program.says("reply", number, "--text", f"Respuesta {number}")
                self.program.says("tag", number, "+listo", "+correo")
                self.program.says("note", number, "--text", f"Nota {number}")
                self.program.says("resolve", number)
                self.program.run("--json", "sync", "--once")
        return len(self.answered) == MAILS // 2


@contextmanager
def console(program: Program) -> Iterator[Terminal]:
    """The console in a real terminal, and an agent who looks at one ticket after the other."""
    terminal = Terminal(program.command(), program.environment)
    terminal.until("agentdesk")
    over = threading.Event()

    def look() -> None:
        keys = ["\x1b[B", "\r", "\x1b", "\x1b[A"]
        while not over.is_set():
            terminal.type(keys[0])
            keys.append(keys.pop(0))
            terminal.quiet(0.1)

    agent = threading.Thread(target=look, daemon=True)
    agent.start()
    try:
        yield terminal
    finally:
        over.set()
        agent.join(60)
        terminal.ended_with = terminal.ended()


def trouble(done: list[Done], *texts: str) -> list[str]:
    """Whatever no user may ever see, with what stands around it."""
    said = (*(f"{each.words}: {each.out}{each.err}" for each in done), *texts)
    found = ((text, TROUBLE.search(text)) for text in said)
    return [text[max(0, at.start() - 500) : at.end() + 3000] for text, at in found if at]


def test_console_daemon_and_commands_work_on_one_store(dovecot, smtpd, tmp_path):
    program = Program(tmp_path / "home")
    shop, customer = watched(dovecot, program)
    with program.daemon() as daemon, console(program) as terminal:
        clerks = [Clerk(program, turn) for turn in (0, 1)]
        for clerk in clerks:
            clerk.start()
        for number in range(MAILS):
            mail = letter(
                f"together{number}", sender=f"Ana {number} <{customer}>", to=shop, subject=f"Asunto {number}"
            )
            dovecot.deliver(shop, mail, customer)
        for clerk in clerks:
            clerk.join(LONG + 30)
            assert clerk.fault is None, clerk.fault
        until(lambda: len(received(dovecot, customer)) >= MAILS, LONG)
        until(lambda: program.says("outbox") == [], LONG)

    seen = trouble(program.done, terminal.shown(), daemon.errors.read_text("utf-8"))
    assert not seen, "\n".join(seen)
    assert (daemon.status, terminal.ended_with) == (0, 0)
    statuses = {each.status for each in program.done}
    assert statuses <= {0, BUSY}, [each for each in program.done if each.status not in {0, BUSY}]
    assert all(each.status == 0 or "sync" in each.words for each in program.done)

    assert set(Counter(received(dovecot, customer)).values()) == {1}
    tickets = program.says("queue", "--view", "all", "--limit", 1000)
    assert len(tickets) == MAILS, [program.says("show", each["number"]) for each in tickets]
    assert all((t["status"], sorted(t["tags"])) == ("resolved", ["correo", "listo"]) for t in tickets)
    for ticket in tickets:
        said = program.says("show", ticket["number"])["messages"]
        assert [each["direction"] for each in said if each["direction"] != "note"] == ["in", "out"], said
    assert len(received(dovecot, customer)) == MAILS
    assert program.says("rebuild")["same"]


def test_a_pass_is_asked_of_the_process_that_polls(dovecot, tmp_path):
    program = Program(tmp_path / "home")
    shop, customer = watched(dovecot, program)
    with program.daemon() as daemon:
        dovecot.deliver(shop, letter("asked", sender=customer, to=shop), customer)
        (account,) = program.says("sync", "--once")["accounts"]
        # The daemon received it: by the server's push before, or in the pass that it was asked for.
        assert (account["received"] in {0, 1}, account["errors"]) == (True, [])
        assert [row["subject"] for row in program.says("queue")] == ["Mi pedido"]
        until(lambda: sum(each["received"] for each in daemon.passes) == 1)

        daemon.process.send_signal(signal.SIGSTOP)
        dovecot.deliver(shop, letter("held", sender=customer, to=shop, subject="Otro"), customer)
        busy = program.run("--json", "sync", "--once")
        assert busy.status == BUSY, busy
        (account,) = busy.said["accounts"]
        assert [(e["code"], bool(e["remedy"])) for e in account["errors"]] == [("busy", True)]
        assert str(daemon.process.pid) in account["errors"][0]["detail"]
        assert len(program.says("queue")) == 1, "it may not poll what another process holds"
        daemon.process.send_signal(signal.SIGCONT)
        until(lambda: len(program.says("queue")) == 2, LONG)
    (account,) = program.says("sync", "--once")["accounts"]
    assert (account["received"], account["errors"]) == (0, [])
