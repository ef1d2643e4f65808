"""Receives 10,000 mails from a Dovecot on loopback with `agentdesk sync --once`, and with mbsync into a Maildir.

Both start anew each time, from the start of the process to its end. mbsync runs with its default settings (it syncs each
file); ours decodes, joins, indexes and stores as well. What they wrote stays until the end (README.md says
why). Usage: receive.py [MAILS [ROUNDS]]
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from side_by_side import ROOT, compared, in_turn, note, say, skipped

from servers import dovecot

NAME = "receive"
LIMIT = 1.0
CORPUS = ROOT.parent / "shared" / "bench" / "gen_corpus.py"
MBSYNC = """
IMAPAccount bench
Host 127.0.0.1
Port {port}
User {user}
Pass secreto
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel bench
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
"""


def mails(count: int) -> Iterator[tuple[float, bytes]]:
    """(time of arrival, raw mail): the corpus where it lies beside the checkout, else letters of our own."""
    if CORPUS.exists():
        spec = importlib.util.spec_from_file_location("gen_corpus", CORPUS)
        assert spec is not None
        assert spec.loader is not None
        corpus = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(corpus)
        for meta, raw in corpus.Corpus(count):
            yield meta["t"], raw
        return
    note("the corpus is not beside the checkout: plain letters instead")
    now = time.time()  # noqa: TID251 - mails are dated by the machine's clock
    for number in range(count):
        at = now - (count - number) * 600
        stamp = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at))
        answers = f"References: <{number - 1}@x.test>\r\n" if number % 3 else ""
        body = "\r\n".join(
            f"Línea {number * 7 % (n + 11)} del mensaje {number}: ¿dónde está?" for n in range(60)
        )
        head = f"From: Client {number % 997} <c{number % 997}@x.test>\r\nTo: soporte@shop.test\r\nSubject: Pedido {number}\r\n"
        yield (
            at,
            f"{head}Date: {stamp}\r\nMessage-ID: <{number}@x.test>\r\n{answers}MIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode(),
        )


def fill(server: dovecot.Dovecot, user: str, count: int) -> int:
    """Writes the mails as Maildir files dated as they arrived; gives how many bytes."""
    box = server.folder / "mail" / user / "Maildir"
    size = 0
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for number, (at, raw) in enumerate(mails(count)):
        path = box / "cur" / f"{int(at)}.M{number}P1.bench:2,S"
        path.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.utime(path, (at, at))
        size += len(raw)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{server._owner}:{server._owner}", str(box.parent)], check=True)  # noqa: SLF001
    with server.client(user) as client:  # the server's own index is there before anybody is timed
        wanted = ["INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY.PEEK[HEADER.FIELDS (REFERENCES)]"]
        uids = client.search("ALL")
        for start in range(0, len(uids), 500):
            client.fetch(uids[start : start + 500], wanted)
    return size


class Sides:
    """The two programs, each begun anew in a folder of its own."""

    def __init__(self, server: dovecot.Dovecot, user: str, count: int, folder: Path) -> None:
        self.server, self.user, self.count, self.folder = server, user, count, folder
        self.home = self._fresh("home")

    def _fresh(self, name: str) -> Path:
        return self.folder / f"{name}-{sum(1 for _ in self.folder.glob(f'{name}-*'))}"

    def timed(self, *command: str) -> tuple[float, str]:
        began = time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=self.environment())
        took = time.perf_counter() - began
        if done.returncode:
            raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
        return took, done.stdout

    def environment(self) -> dict[str, str]:
        """As installed: compiled once, which the benchmark's own environment may forbid."""
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**ours, "BENCH_PASSWORD": "secreto", "AGENTDESK_HOME": str(self.home)}

    def agentdesk(self) -> float:
        """A home that was never opened receives everything."""
        self.home = self._fresh("home")
        us = (sys.executable, "-m", "agentdesk")
        self.timed(
            *us, "account", "add", "email", "bench", "--address", "soporte@tienda.example",
            "--imap", f"imap+insecure://{self.user}@127.0.0.1:{self.server.port}",
            "--smtp", f"smtp+insecure://{self.user}@127.0.0.1:{self.server.submission_port}",
            "--secret-env", "BENCH_PASSWORD", "--waiting-days", "14",
        )  # fmt: skip
        took, out = self.timed(*us, "--json", "sync", "--once")
        (account,) = json.loads(out)["accounts"]
        got = account["received"] + account["duplicates"]
        if got != self.count or account["errors"]:
            raise SystemExit(f"agentdesk received {account}")
        note(f"agentdesk {took:.2f} s")
        return took

    def mbsync(self) -> float:
        """An empty Maildir receives everything."""
        target = self._fresh("maildir")
        target.mkdir()
        conf = self.folder / "mbsyncrc"
        conf.write_text(MBSYNC.format(port=self.server.port, user=self.user, folder=target))
        took, _ = self.timed("mbsync", "-q", "-c", str(conf), "bench")
        got = sum(1 for name in ("cur", "new") for _ in (target / "INBOX" / name).iterdir())
        if got != self.count:
            raise SystemExit(f"mbsync received {got}")
        note(f"mbsync {took:.2f} s")
        return took


def main(count: int = 10_000, rounds: int = 7) -> int:
    absent = dovecot.missing() or ("" if shutil.which("mbsync") else "mbsync")
    if absent:
        return skipped(NAME, f"not installed: {absent}")
    server = dovecot.Dovecot()
    try:
        with tempfile.TemporaryDirectory() as folder:
            user = server.user()
            size = fill(server, user, count)
            sides = Sides(server, user, count, Path(folder))
            ours, theirs = in_turn(sides.agentdesk, sides.mbsync, rounds)
    finally:
        server.remove()
    return say(compared(NAME, ours, theirs, LIMIT, mails=count, bytes=size, other="mbsync, default settings"))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
