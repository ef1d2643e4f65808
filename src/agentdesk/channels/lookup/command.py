"""A program of the shop's own: the question as JSON on its standard input, the answer on its standard output.

Promises: no shell reads a word of it; it is ended, with whatever it started, when its time is over or it says too much.
Refuses: its standard error, and its arguments, in any word: both may hold a secret.
"""

import atexit
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from agentdesk.channels.lookup import Source
from agentdesk.core import lookup
from agentdesk.core.lookup import Fact, Question
from agentdesk.i18n import tr


class Command(Source):
    """`words` are the program and its arguments, `environment` the variables that it is handed."""

    def __init__(
        self, name: str, seconds: float, words: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        super().__init__(name, seconds)
        self._words = words
        self._environment = environment

    def find(self, question: Question) -> tuple[Fact, ...]:
        program = Path(self._words[0]).name
        try:
            process = subprocess.Popen(  # noqa: S603 - the shop's own command, run without a shell
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            reason = tr("{program} cannot be run: {reason}").format(program=program, reason=error.strerror)
            raise self.unreachable(reason) from None
        late = threading.Event()

        def end() -> None:
            late.set()
            _end(process)

        leaving = partial(_end, process)  # whoever leaves meanwhile takes it along
        atexit.register(leaving)
        watch = threading.Timer(self.seconds, end)
        watch.daemon = True
        watch.start()
        try:
            said = _said(process, json.dumps(question.document()).encode())
        finally:
            watch.cancel()
            atexit.unregister(leaving)
            if process.returncode is None:
                _end(process)
                process.wait()
        if late.is_set():
            raise self.unreachable(tr("no answer within {seconds} s").format(seconds=f"{self.seconds:g}"))
        if process.returncode and len(said) <= lookup.BYTES:
            reason = tr("{program} ended with status {status}; run the command by hand to see why")
            raise self.unreachable(reason.format(program=program, status=process.returncode))
        return lookup.read(said)


def _said(process: subprocess.Popen[bytes], asked: bytes) -> bytes:
    """What it prints until it ends, or until it is too much."""
    assert process.stdin
    assert process.stdout
    with suppress(OSError), process.stdin as line:  # it need not listen; a question fits into a pipe
        line.write(asked)
    with process.stdout as line:
        said = line.read(lookup.BYTES + 1)
    if len(said) <= lookup.BYTES:
        process.wait()
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the command with whatever it started; only before its end was waited for, while its number is its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
