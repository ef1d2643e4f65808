"""A scripted day that is killed: run as a program, each line that it reads is a life, which receives, answers and sends until
there is nothing left to do. A life is a fork of the program, so that the imports, which take longer than it, are done once. It
says its process when it works, and the program how it ended.

The provider is a folder that keeps its own truth: `inbound/` holds the mails of the day, `accepted` one line for every
message taken, written and synced before it says so. Usage: day.py FOLDER looks_up|blind; the blind one reads in a second
process.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agentdesk.channels import Accepted, Arrival, Batch
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Place
from agentdesk.engine import clock, reply
from agentdesk.engine.beside import Beside
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from agentdesk.store import queries
from desks import SHOP, Bench

AT_ONCE = 7


class Provider:
    """Mails in, answers out. It can be asked what it accepted, as a Sent folder can."""

    def __init__(self, folder: Path, *, looks_up: bool) -> None:
        self.folder = folder
        self.looks_up = looks_up
        self.mails = sorted((folder / "inbound").iterdir())

    def batches(self, cursor: str | None):
        done = int(cursor or 0)
        for start in range(done, len(self.mails), AT_ONCE):
            some = self.mails[start : start + AT_ONCE]
            arrivals = tuple(
                Arrival(
                    Place("mailbox", "INBOX", 1, start + n + 1),
                    datetime(2026, 11, 23, 9, tzinfo=UTC),
                    raw,
                    len(raw),
                )
                for n, raw in enumerate(path.read_bytes() for path in some)
            )
            yield Batch(str(start + len(some)), arrivals)

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        before_data()
        name = next(line for line in raw.decode().split("\r\n") if line.startswith("Message-ID: "))
        with (self.folder / "accepted").open("a", encoding="utf-8") as file:
            file.write(name.removeprefix("Message-ID: ") + "\n")
            file.flush()
            os.fsync(file.fileno())
        return Accepted(clock.now(), "250 ok")

    async def find_sent(self, message_id):
        if not self.looks_up:
            return None
        file = self.folder / "accepted"
        return message_id in file.read_text("utf-8").split() if file.exists() else False


def run(folder: Path, *, looks_up: bool) -> None:
    bench = Bench(folder / "desk")
    bench.clock.at = clock.now()
    bench.desk.ids = clock.fresh_ids()  # each life of the program makes its own
    provider = Provider(folder, looks_up=looks_up)
    account = Account("mailbox", "soporte", "email", SHOP)
    settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(account,))
    if not looks_up:
        beside = bench.intake._beside = Beside("agentdesk.channels.mime:read_mail")
        assert None not in list(beside.begin([provider.mails[0].read_bytes()]))
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    bench.intake.left_over()
    with bench.reading() as connection:
        cursor = queries.cursor(connection, "mailbox")
    postman = Postman(bench.desk, Home.under(folder / "desk"), "mailbox", provider)
    for batch in provider.batches(cursor):
        bench.intake.take(batch, bench.intake.begin(batch))
        answer_all(bench, settings, provider)
        asyncio.run(postman.flush())
    with Window(bench.desk) as window:
        put_aside = window.quarantine()
    for row in put_aside:  # the program died in each try to read it: the agent asks for one more
        bench.intake.again(row)
    answer_all(bench, settings, provider)
    asyncio.run(postman.flush())
    bench.intake.rest()
    (folder / "done").write_text("done", encoding="utf-8")


def answer_all(bench: Bench, settings: Settings, provider: Provider) -> None:
    """Answers every ticket that has none; what is in doubt is left to a person."""
    with Window(bench.desk) as window:
        rows = [row for row in window.queue("inbox", limit=1000) if row.messages == 1]
    for row in rows:
        reply.write(bench.desk, settings, provider, row.id, Wish(f"Respuesta a {row.subject}"), hold=0)


def main(folder: Path, *, looks_up: bool) -> None:
    while sys.stdin.readline():
        life = os.fork()
        if not life:
            run(folder, looks_up=looks_up)
            return
        _, status = os.waitpid(life, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), looks_up=sys.argv[2] == "looks_up")
