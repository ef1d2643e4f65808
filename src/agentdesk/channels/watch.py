"""Watching a mailbox from a thread: passes, listening, polling, coming back after faults.

Promises: a fault that passes is waited out for ever, with longer and longer pauses and never the same for all, up to
fifteen seconds while nobody answers and up to five minutes where a server said no; a laptop that slept reconnects;
stopping takes effect at once. Refuses: giving up on
its own, except for what only a person can cure: a refused login, a certificate or an encryption that was
never right.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import SystemRandom

from agentdesk.channels import Account, Batch, Opening
from agentdesk.channels.cursor import Mark
from agentdesk.channels.dial import Plug
from agentdesk.channels.folder import chosen, not_there
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.ledger import Ledger
from agentdesk.channels.sweep import Sweep
from agentdesk.channels.wire import Login, Wire
from agentdesk.errors import (
    CertificateError,
    ChannelError,
    InsecureError,
    LoginError,
    NoFolderError,
    UnreachableError,
)
from agentdesk.values import dataclass

_ASLEEP = 30.0
_SLICE = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often, in seconds. `connect`, `answer`, `read`: what a server may take (see `Wire`). `idle`: how long it is listened
    to before it is asked whether it is there, since a line behind a proxy may be dead and say nothing. `sweep`: all folders; `full`: all
    UIDs compared; `poll`: the same where the server does not push; between attempts to come back at most `unreached` while
    nobody answers, `longest` where a server said no. Whatever hangs, all is well again 30 seconds after the network is."""

    connect: float = 10.0
    answer: float = 10.0
    read: float = 25.0
    idle: float = 12.0
    sweep: float = 300.0
    full: float = 3600.0
    poll: float = 15.0
    unreached: float = 15.0
    longest: float = 300.0


class Watch:
    """One `receive`, run by a thread of its own. `trouble` is why it is not connected, or that a folder is not there; None while
    all is well."""

    def __init__(
        self,
        account: Account,
        login: Login,
        folders: tuple[str, ...],
        opening: Opening,
        marks: dict[str, Mark],
        *,
        plug: Plug,
        clock: Callable[[], datetime],
        pace: Pace,
        put: Callable[[Batch], None],
    ) -> None:
        self._account = account
        self._login = login
        self._wanted = folders
        self._opening = opening
        self._plug = plug
        self._clock = clock
        self._pace = pace
        self._put = put
        self.ledger = Ledger(account.id, marks)
        self._full_at = float("-inf")
        self._attempts = 0
        self._nudged = threading.Event()
        self.trouble: ChannelError | None = None
        self._missing: NoFolderError | None = None
        self.passed_at: datetime | None = None

    def nudge(self) -> None:
        """Asks for a pass now; from any thread."""
        self._nudged.set()

    def once(self) -> None:
        """One pass over everything; raises ChannelError."""
        box = self._connected()
        try:
            self._pass(self._sweep(box))
        finally:
            box.close()

    def run(self) -> None:
        """For ever, until the plug is pulled; raises ChannelError for what waiting cannot cure."""
        while not self._plug.pulled():
            try:
                self._session()
            except ChannelError as error:
                if self._plug.pulled():
                    return
                lasting = isinstance(error, LoginError) or (
                    # Once all was well, it is a hotel's login page in between, not the server.
                    isinstance(error, CertificateError | InsecureError) and self.passed_at is None
                )
                if lasting:
                    raise
                self.trouble = error
                self._attempts += 1
                unreached = isinstance(error, UnreachableError)
                longest = self._pace.unreached if unreached else self._pace.longest
                longest = min(longest, 2.0 ** min(self._attempts - 1, 16))
                if self._plug.pause(SystemRandom().uniform(longest / 2, longest)):
                    return

    def _session(self) -> None:
        """From one connection to its end; a laptop that slept ends it without an error."""
        box = self._connected()
        try:
            sweep = self._sweep(box)
            awake = True
            while awake and not self._plug.pulled():
                self._pass(sweep)
                awake = self._listened(box, sweep)
        finally:
            box.close()

    def _connected(self) -> Mailbox:
        pace = self._pace
        return Mailbox(
            Wire(self._login, self._plug, connect=pace.connect, answer=pace.answer, read=pace.read)
        )

    def _sweep(self, box: Mailbox) -> Sweep:
        folders, missing = chosen(box, self._wanted)
        self._missing = None
        if missing:
            host, port = self._login.endpoint.host, self._login.endpoint.port
            self._missing = not_there(box, self._account.id, f"{host}:{port}", missing)
        if len(missing) == len(self._wanted) and self._missing:
            raise self._missing
        for name in missing:
            self.ledger.gap(name, "no_folder")
        return Sweep(box, folders, self.ledger, self._account, self._opening, self._clock, self._plug.pause)

    def _pass(self, sweep: Sweep) -> None:
        self._nudged.clear()
        began, now = self._clock(), time.monotonic()
        full = now - self._full_at > self._pace.full
        sweep.compared = False
        try:
            for batch in sweep.run(full=full):
                self._put(batch)
        finally:
            # Also when the rest of the pass fails: what was given up is to be left alone for a while.
            if sweep.compared:
                self._full_at = now
        self._attempts = 0
        self.trouble = self._missing
        self.passed_at = self._clock()
        self._put(replace(self.ledger.batch(), pass_began_at=began))

    def _listened(self, box: Mailbox, sweep: Sweep) -> bool:
        """Waits for the next pass; False when the machine slept meanwhile, so that the connection is not
        to be trusted."""
        until = time.monotonic() + self._pace.sweep
        awake = _Awake(self._clock)

        def go_on() -> bool:
            return awake() and not self._plug.pulled() and not self._nudged.is_set()

        news = sweep.heard(box.news())
        while not news and go_on() and (left := until - time.monotonic()) > 0:
            if "IDLE" in box.abilities:
                news = sweep.heard(box.idle(min(left, self._pace.idle), go_on))
            else:
                self._paused(min(left, self._pace.poll), go_on)
                news = go_on() and sweep.heard(box.noop())
        return awake()

    def _paused(self, seconds: float, go_on: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while go_on() and (left := until - time.monotonic()) > 0:
            self._plug.pause(min(left, _SLICE))


class _Awake:
    """Tells whether wall clock and monotonic clock went the same way since it was made: the latter stands
    still while a machine sleeps."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wall, self._steady = clock(), time.monotonic()

    def __call__(self) -> bool:
        passed = (self._clock() - self._wall).total_seconds()
        return passed - (time.monotonic() - self._steady) < _ASLEEP
