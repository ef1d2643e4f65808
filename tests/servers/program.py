"""The program itself, as its own process over a home of its own: what a script or a person would start."""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from servers import until
from servers.loaded import Loaded

PASSWORD = "AGENTDESK_TEST_PASSWORD"
LANGUAGE = {"LC_ALL": "C.UTF-8"}
OWN = frozenset({PASSWORD, "AGENTDESK_HOME", "PYTEST_CURRENT_TEST"})
"""What each command line has of its own in its environment."""
_started: set[str] = set()
"""The verbs that have been started as a person starts them."""


@cache
def _loaded() -> Loaded:
    """The program of this process of the tests."""
    loaded = Loaded({**os.environ, **LANGUAGE}, OWN)
    atexit.register(loaded.close)
    return loaded


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    words: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def said(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error's document on stderr."""
        return json.loads(self.err)


class Program:
    """Command lines over one home; `wrapped` are the words before each, `limit` runs in the child before it."""

    def __init__(self, home: Path, password: str = "secreto") -> None:
        self.home = home
        self.environment = {
            **os.environ,
            PASSWORD: password,
            "AGENTDESK_HOME": str(home),
            **LANGUAGE,
        }
        self.wrapped: tuple[str, ...] = ()
        self.limit: Any = None
        self.done: list[Done] = []
        self._lock = threading.Lock()

    def command(self, *words: object) -> list[str]:
        return [*self.wrapped, sys.executable, "-m", "agentdesk", *map(str, words)]

    def run(self, *words: object, within: float = 90.0) -> Done:
        """One command line, whatever its status; from the second of its verb on, of a program that is loaded already."""
        said = tuple(map(str, words))
        verb = next((word for word in said if not word.startswith("-")), "")
        if self.wrapped or self.limit or verb not in _started or not _loaded().fits(self.environment):
            _started.add(verb)
            done = Done(said, *self._start(said, within))
        else:
            done = Done(said, *_loaded().run([*said], self.environment, within))
        with self._lock:
            self.done.append(done)
        return done

    def _start(self, words: tuple[str, ...], within: float) -> tuple[int, str, str]:
        ended = subprocess.run(
            self.command(*words), env=self.environment, preexec_fn=self.limit, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout, ended.stderr

    def says(self, *words: object) -> Any:
        """The document of a command line that has to work."""
        done = self.run("--json", *words)
        assert done.status == 0, done
        return done.said

    def add_account(
        self, imap: str, smtp: str, address: str, name: str = "soporte", *more: object
    ) -> dict[str, Any]:
        """A mail account whose password lies in the environment."""
        where = ("--imap", imap, "--smtp", smtp, "--secret-env", PASSWORD, "--waiting-days", 14)
        found: dict[str, Any] = self.says(
            "account", "add", "email", name, "--address", address, *where, *more
        )
        return found

    @contextmanager
    def daemon(self) -> Iterator["Daemon"]:
        """`sync --daemon`, stopped at the end as a service manager would."""
        daemon = Daemon(self)
        try:
            until(lambda: daemon.synced() or daemon.process.poll() is not None, 30)
            yield daemon
        finally:
            daemon.process.send_signal(signal.SIGCONT)
            daemon.process.terminate()
            daemon.status = daemon.process.wait(10)


class Daemon:
    """A `sync --daemon` that runs; `passes` is what it has printed."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.status: int | None = None
        self.output = program.home.parent / "daemon.out"
        self.errors = program.home.parent / "daemon.err"
        with self.output.open("wb") as out, self.errors.open("wb") as err:
            self.process = subprocess.Popen(
                program.command("--json", "sync", "--daemon"),
                env=program.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            )  # fmt: skip

    def synced(self) -> bool:
        return all(account["last_sync_at"] for account in self.program.says("account", "list"))

    @property
    def passes(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.read_text("utf-8").splitlines()]
