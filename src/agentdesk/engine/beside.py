"""Reading messages in a second process, beside the one that stores them.

Promises: the answers are those of the codec itself, in the order in which the messages were given; whatever becomes of
the process (a message that kills it, no memory, no answer within `ANSWERS_WITHIN`), nobody waits for ever and nothing
is lost: what has no answer is None, and its message is read here as any other. It ends with whoever started it.
Refuses: the store, secrets, deciding anything. Messages go in as bytes; only the values of `core.model` come back.
"""

import copyreg
import gc
import io
import logging
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from importlib import import_module
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any

from agentdesk.core.model import Address, Attachment, Bounce, Fold, Incoming, MailClass
from agentdesk.engine.reading import Parsed, Reading, reading
from agentdesk.store import Blob

AT_ONCE = 25
"""Messages to an answer: so many are read before the first of them can be stored."""
ANSWERS_WITHIN = 60.0
"""Seconds after which a process that says nothing has ended."""
ENDS_WITHIN = 1.0
_NO_ANSWER = (queue.Empty, pickle.UnpicklingError, EOFError, TypeError, ValueError, AttributeError)
_ON_THE_WAY = 1 << 22
"""Bytes that may lie between the two, as far as the system allows: whoever stores takes answers late, and nobody waits for that."""
_START = f"import sys; from {__name__} import main; main(*sys.argv[1:])"


class Beside:
    """A process that reads with `codec` ("module:function"), first in, first out."""

    def __init__(self, codec: str) -> None:
        here, there = socket.socketpair()
        for end in (here, there):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_THE_WAY)
        with there:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-c", _START, codec, str(there.fileno())],
                pass_fds=(there.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line = Connection(here.detach())
        self._asked: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lost = False
        self.owes = 0
        """Messages that were begun and are not answered yet."""
        for work in (self._asks, self._hears):
            threading.Thread(target=work, name=f"beside-{work.__name__}", daemon=True).start()

    def begin(self, raws: Sequence[bytes]) -> Iterator[Reading | None]:
        """Has these read, and returns at once; gives their readings, None for each that has none. Whoever begins several times takes
        the readings in the same order."""
        self.owes += len(raws)
        for start in range(0, len(raws), AT_ONCE):
            self._asked.put(pickle.dumps(raws[start : start + AT_ONCE]))
        return self._answers([len(raw) for raw in raws])

    def _answers(self, sizes: Sequence[int]) -> Iterator[Reading | None]:
        for start in range(0, len(sizes), AT_ONCE):
            some = sizes[start : start + AT_ONCE]
            found = [] if self._lost else self._answer(some)
            self.owes -= len(some)
            yield from found or (None for _ in some)

    def _answer(self, sizes: Sequence[int]) -> list[Reading]:
        """The next readings, of messages of these sizes; none of what is no answer to them, and of nothing after it."""
        why = "it has ended"
        try:
            told = self._told.get(timeout=ANSWERS_WITHIN)
            if told is not None:
                found: list[Reading] = _Unpickler(io.BytesIO(told)).load()
                if [each.raw.size for each in found] == sizes:
                    return found
                why = "it answers something else"
        except _NO_ANSWER as error:
            why = type(error).__name__
        logging.getLogger(__name__).warning(
            "messages are read here, since the second process is no help: %s", why
        )
        self._lost = True
        self.close()
        return []

    def close(self) -> None:
        """Ends the process; may be called twice."""
        self._lost = True
        self._asked.put(None)
        self._process.terminate()
        with suppress(OSError, subprocess.TimeoutExpired):
            self._process.wait(ENDS_WITHIN)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _asks(self) -> None:
        with suppress(OSError):
            while (asked := self._asked.get()) is not None:
                self._line.send_bytes(asked)

    def _hears(self) -> None:
        with suppress(OSError, EOFError):
            while True:
                self._told.put(self._line.recv_bytes())
        self._told.put(None)


def _slots(kind: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*kind.__slots__)
    return lambda value: (kind, values(value))


_VALUES = (Address, Attachment, Bounce, Fold, Incoming, Blob)


def _named(kind: MailClass) -> tuple[type[Any], tuple[Any, ...]]:
    """By its value: Python 3.11.0 to 3.11.3, which Debian has, would hand over `getattr` and its name."""
    return MailClass, (kind.value,)


_REDUCED = copyreg.dispatch_table | {kind: _slots(kind) for kind in _VALUES} | {MailClass: _named}
_MADE: tuple[Any, ...] = (*_VALUES, Parsed, Reading, MailClass, datetime, timedelta, timezone)
_KNOWN = {(str(kind.__module__), str(kind.__qualname__)): kind for kind in _MADE}


class _Unpickler(pickle.Unpickler):
    """Makes the values of a reading and nothing else."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return _KNOWN[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(global_name) from None


def _pickled(readings: list[Reading]) -> bytes:
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCED
    pickler.dump(readings)
    return out.getvalue()


def serve(codec: str, line: Connection) -> None:
    """Reads what comes over `line` until nobody is there any more."""
    module, _, name = codec.partition(":")
    read = getattr(import_module(module), name)
    with suppress(OSError, EOFError):
        while True:
            raws = pickle.loads(line.recv_bytes())  # noqa: S301 - from the process that started this one
            line.send_bytes(_pickled([reading(read, raw) for raw in raws]))


def main(codec: str, descriptor: str) -> None:
    """The second process; Ctrl-C is for whoever sits at the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(100_000, 20, 20)
    serve(codec, Connection(int(descriptor)))
