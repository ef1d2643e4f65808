"""Wall time of a key in the real console while it takes in 10,000 mails, over that of the same key once all is quiet.

One console in a pseudo-terminal of 120x40, on a desk of 1,000 tickets with a mailbox on loopback that it has never looked into.
`down` and `up` by turns, from the first paint on until the last mail is stored, and as many afterwards. A key takes from its
writing to the first byte that is drawn. Usage: keys_meanwhile.py [MAILS]
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from receive import fill
from shop import FIRST, build
from side_by_side import compared, note, say, skipped

from servers import dovecot
from servers.terminal import Terminal

NAME = "keys_meanwhile"
LIMIT = 4.0
TICKETS = 1_000
KEYS = ("j", "k")
PAUSE = 0.05
"""Seconds between a key that was drawn and the next: somebody who types fast."""
WITHIN = 300.0
US = (sys.executable, "-m", "agentdesk")


def key(terminal: Terminal, number: int) -> float:
    """Seconds from a key to what it draws first."""
    while terminal.read(PAUSE):
        continue
    began = time.perf_counter()
    terminal.type(KEYS[number % 2])
    if not terminal.read(30.0):
        raise SystemExit("a key drew nothing")
    return time.perf_counter() - began


def stored(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        return int(connection.execute("SELECT count(*) FROM message").fetchone()[0])


def watched(environment: dict[str, str], database: Path, mails: int) -> tuple[list[float], list[float]]:
    """The keys of a console while the mails come in, and as many in the quiet after that."""
    wanted = stored(database) + mails
    terminal = Terminal(list(US), environment, columns=120, rows=40)
    try:
        terminal.until(f"{FIRST} ")
        busy: list[float] = []
        began = time.perf_counter()
        while stored(database) < wanted:
            busy.append(key(terminal, len(busy)))
            if time.perf_counter() - began > WITHIN:
                raise SystemExit(f"only {stored(database)} of {wanted} messages are stored")
        note(f"{mails} mails in {time.perf_counter() - began:.1f} s, {len(busy)} keys meanwhile")
        terminal.quiet(2.0)
        return busy, [key(terminal, number) for number in range(len(busy))]
    finally:
        terminal.close()


def main(mails: int = 10_000) -> int:
    if absent := dovecot.missing():
        return skipped(NAME, f"not installed: {absent}")
    server = dovecot.Dovecot()
    try:
        with tempfile.TemporaryDirectory() as folder:
            user = server.user()
            fill(server, user, mails)
            home = build(Path(folder) / "desk", TICKETS)
            environment = {
                name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
            }
            environment |= {"AGENTDESK_HOME": str(home.config), "BENCH_PASSWORD": "secreto"}
            subprocess.run(
                [
                    *US, "account", "add", "email", "bench", "--address", "soporte@tienda.example",
                    "--imap", f"imap+insecure://{user}@127.0.0.1:{server.port}",
                    "--smtp", f"smtp+insecure://{user}@127.0.0.1:{server.submission_port}",
                    "--secret-env", "BENCH_PASSWORD", "--waiting-days", "14",
                ],
                env=environment, check=True, capture_output=True,
            )  # fmt: skip
            database = next(Path(folder).rglob("desk.db"))
            busy, quiet = watched(environment, database, mails)
    finally:
        server.remove()
    slow = sorted(busy)
    more = {"ninety_five_of_100": round(slow[len(slow) * 95 // 100], 4), "slowest": round(slow[-1], 4)}
    return say(
        compared(
            NAME, busy, quiet, LIMIT, keys=len(busy), mails=mails, other="the same console in quiet", **more
        )
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
