"""What goes wrong between a desk and a service, drawn from a seed: the same seed does the same to the same request of a row.

Calm and storm take turns; a storm does one thing to a few requests. Too many requests, errors of the service and of what
stands before it, lines cut before or after the work, answers cut short or from somebody else, black holes before and after the
work, a login that is refused for a moment, a file that is gone for a moment. Words of errors hold the whole address and the
secret, as some services' do.
"""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from servers.web import CUT_AFTER, CUT_BEFORE, SILENT, Answer, Request, Service

CALM = (3, 14)
"""Requests between two storms."""
STORMS = {
    "too many": (1, 2), "error": (1, 4), "gateway": (1, 3), "gateway after": (1, 2), "cut before": (1, 4), "cut after": (1, 3),
    "short": (1, 2), "somebody else": (1, 2), "silent": (1, 1), "silent after": (1, 1), "expired": (1, 1),
}  # fmt: skip
"""How many requests each takes."""
FILE = 0.3
"""How many of the requests for a file fail."""
PAGE = b"<html><body>Sign in to this network</body></html>"


class Weather:
    """Hangs over one service from construction on. `too_many(seconds)` and `expired(words)` are its own words for those; `files`
    are parts of the paths from which files are fetched, `no_file` the statuses that come in their place. `tick` is called with each request. `outage` is the longest span, in
    seconds, in which no request was at work."""

    def __init__(
        self,
        service: Service,
        seed: str,
        *,
        too_many: Callable[[int], Answer],
        expired: Callable[[str], Answer],
        files: tuple[str, ...] = (),
        no_file: tuple[int, ...] = (404, 500, 403, 503),
        secret: str = "",
        tick: Callable[[], object] = int,
    ) -> None:
        self.done: Counter[str] = Counter()
        self.outage = 0.0
        self._service = service
        self._too_many, self._expired = too_many, expired
        self._files, self._secret, self._tick = files, secret, tick
        self._gone = itertools.cycle(no_file)
        self._random, self._chance = random.Random(seed), random.Random(f"{seed} files")
        self._fates = self._drawn()
        self._raging = True
        self._lock = threading.Lock()
        self._at_work, self._last = 0, time.monotonic()
        service.weather = self

    def heal(self) -> None:
        """From now on all is well."""
        self._raging = False

    def begins(self, request: Request) -> Any:
        """What becomes of a request, as `Service.on` has it."""
        self._tick()
        with self._lock:
            if not self._at_work:
                self.outage = max(self.outage, time.monotonic() - self._last)
            self._at_work += 1
            fate = self._fate(request) if self._raging else None
        if fate is None:
            return None
        self.done[fate] += 1
        return self._fault(fate, request)

    def ends(self) -> None:
        with self._lock:
            self._at_work -= 1
            self._last = time.monotonic()

    def _fate(self, request: Request) -> str | None:
        if any(part in request.path for part in self._files):
            return "file" if self._chance.random() < FILE else None
        return next(self._fates)

    def _drawn(self) -> Iterator[str | None]:
        while True:
            yield from [None] * self._random.randint(*CALM)
            kind = self._random.choice(tuple(STORMS))
            yield from [kind] * self._random.randint(*STORMS[kind])

    def _fault(self, fate: str, request: Request) -> Any:
        words = f"{request.method} {self._service.base}{request.path} failed for {self._secret}"
        plain = {"cut before": CUT_BEFORE, "cut after": CUT_AFTER, "silent": SILENT}
        if fate in plain:
            return plain[fate]
        if fate in {"too many", "expired", "error", "gateway", "file"}:
            return {
                "too many": lambda: self._too_many(self._random.randint(1, 20)),
                "expired": lambda: self._expired(words),
                "error": lambda: Answer({"ok": False, "description": words, "message": words, "error": words}, 500),
                "gateway": lambda: Answer(words.encode(), 502),
                "file": lambda: Answer(words.encode(), next(self._gone)),
            }[fate]()  # fmt: skip
        return lambda request: self._after(fate, request)

    def _after(self, fate: str, request: Request) -> Answer:
        """The work is done, and something else is said."""
        done = self._service.handle(request)
        if fate == "silent after":
            self._service.stopping.wait(120)
        if fate == "gateway after":
            return Answer(PAGE, 504)
        if fate == "somebody else":
            return Answer(PAGE, headers={"Content-Type": "text/html"})
        return Answer(done.data, headers={"Content-Length": str(len(done.data) + 999)})
