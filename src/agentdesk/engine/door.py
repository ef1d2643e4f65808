"""The door to the desk: one thread of this process at a time.

Promises: in the order in which they came, keys before whoever is `patient` (ingest, which holds the door long and comes back at
once). A lock of the library would let whoever comes back overtake those who wait. Refuses: knowing other
processes, which the store's lock keeps apart.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Door:
    """Not to be entered twice by one thread."""

    def __init__(self) -> None:
        self._change = threading.Lock()
        self._is_taken = False
        self._keys: deque[threading.Lock] = deque()
        self._patient: deque[threading.Lock] = deque()

    def wanted(self) -> bool:
        """Whether a key waits."""
        return bool(self._keys)

    @contextmanager
    def passed(self, *, patient: bool = False) -> Iterator[None]:
        """Inside, for the block."""
        self._enter(self._patient if patient else self._keys)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, queue: deque[threading.Lock]) -> None:
        called = threading.Lock()
        with self._change:
            if not self._is_taken:
                self._is_taken = True
                return
            called.acquire()
            queue.append(called)
        try:
            called.acquire()  # until whoever leaves calls
        except BaseException:
            with self._change:
                is_called = called not in queue
                if not is_called:
                    queue.remove(called)
            if is_called:
                self._leave()
            raise

    def _leave(self) -> None:
        with self._change:
            queue = self._keys or self._patient
            if queue:
                queue.popleft().release()
            else:
                self._is_taken = False
