"""Asking the shop itself: one question, one answer, within so many seconds, whatever is at the other end.

Promises: whoever asks is answered within the limit, be it a disk, a name server or a program that hangs; of two questions to
one place the second waits for the first; what comes is bounded before it is read and safe once it is. Refuses: changing
anything at the shop, following it to another address, trying again, and a secret in any word.
"""

import queue
import threading
from abc import ABC, abstractmethod
from collections import defaultdict

from agentdesk.core.lookup import Fact, Question
from agentdesk.errors import DeskError, LookupFailedError
from agentdesk.i18n import tr

UNREACHABLE, UNREADABLE = "unreachable", "unreadable"

_turns: dict[str, threading.Lock] = defaultdict(threading.Lock)


class Source(ABC):
    """One place that can be asked. `name` is what the shop calls it, `seconds` how long an answer may take."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds

    @abstractmethod
    def find(self, question: Question) -> tuple[Fact, ...]:
        """What is known; may block. Raises LookupFailedError, and ValueError with a reason for what cannot be read."""

    def unreachable(self, reason: str) -> LookupFailedError:
        return LookupFailedError(name=self.name, failure=UNREACHABLE, reason=reason)


def ask(source: Source, question: Question) -> tuple[Fact, ...]:
    """What `source` knows, in a thread of its own: a name server or a network disk cannot be told to hurry. Raises
    LookupFailedError."""
    answers: queue.SimpleQueue[tuple[Fact, ...] | Exception] = queue.SimpleQueue()
    turn = _turns[source.name]

    def run() -> None:
        try:
            answers.put(source.find(question))
        except Exception as error:  # noqa: BLE001 - carried over to whoever asked
            answers.put(error)
        finally:
            turn.release()

    late = source.unreachable(tr("no answer within {seconds} s").format(seconds=f"{source.seconds:g}"))
    if not turn.acquire(timeout=source.seconds):
        raise late
    threading.Thread(target=run, name="lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=source.seconds + 0.1)  # its own limit says more
    except queue.Empty:
        raise late from None
    if isinstance(answer, DeskError):
        raise answer
    if isinstance(answer, ValueError):
        raise LookupFailedError(name=source.name, failure=UNREADABLE, reason=tr(str(answer))) from None
    if isinstance(answer, Exception):  # nobody foresaw it: its words may hold anything
        raise source.unreachable(type(answer).__name__) from None
    return answer
