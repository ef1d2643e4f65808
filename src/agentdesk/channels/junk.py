"""The Junk folder: of what lies there only that enters which the desk expects.

Promises: of any other mail the head is looked at, in memory, and nothing is fetched or kept. Whoever wrote may become known
later: what was not expected is asked about again with every pass, as long as it is not older than `LOOKED_BACK` and
among the newest `AT_MOST`. Refuses: knowing whom the desk knows (`Opening.known` does), and asking before all of the
mailbox that was handed over is committed.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.channels import Opening
from agentdesk.channels.cursor import Mark, Uids
from agentdesk.channels.folder import Folder
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.ledger import Ledger
from agentdesk.channels.plan import facts, first, listed

LOOKED_BACK = timedelta(days=14)
AT_MOST = 1000
_HEADS_AT_ONCE = 500
COMMITTED_WITHIN = 60.0
"""Seconds that the desk is given to commit what was handed over; then the next pass looks again."""
_SLICE = 0.01


class Junk:
    """The Junk folder over one connection; what was looked at is the ledger's."""

    def __init__(
        self,
        box: Mailbox,
        folder: Folder,
        ledger: Ledger,
        opening: Opening,
        own: frozenset[str],
        clock: Callable[[], datetime],
        paused: Callable[[float], bool],
    ) -> None:
        """`paused` waits so many seconds and says whether there is a reason to stop."""
        self.folder = folder
        self._box = box
        self._ledger = ledger
        self._opening = opening
        self._own = own
        self._clock = clock
        self._paused = paused

    def begin(self) -> None:
        """A mark for the folder where it has none: what lies in it now was there before."""
        name, now = self.folder.name, self._clock()
        if name in self._ledger.marks:
            return
        view = self._box.open(name)
        there = listed(self._box, view)
        top = max(view.next_uid or 0, there.last + 1)
        self._ledger.marks[name] = Mark(
            view.validity, now, next_uid=top, modseq=view.modseq, passed_at=now, planned_to=top
        )
        self._ledger.left[name] = there

    def expected(self) -> Uids:
        """What of the folder is to be fetched; the rest is left alone."""
        name, ledger = self.folder.name, self._ledger
        waiting = ledger.known(name) - ledger.marks[name].done
        ledger.heads = {key: fact for key, fact in ledger.heads.items() if key[1] in waiting}
        self._read(ledger.left[name] - Uids.of(uid for _, uid in ledger.heads))
        since = self._clock() - LOOKED_BACK
        asked = [fact for fact in ledger.heads.values() if fact.received_at >= since]
        known = self._opening.known
        keys = known.expected(asked) if asked and known and self._committed() else frozenset()
        found = Uids.of(uid for _, uid in keys)
        ledger.left[name], ledger.given_up[name] = found, waiting - found
        self._mark_waiting(found)
        return found

    def _read(self, unread: Uids) -> None:
        """Takes in the heads of what is new and recent."""
        if not unread:
            return
        name, since = self.folder.name, self._clock() - LOOKED_BACK
        if self._box.folder != name and self._box.open(name).validity != self._ledger.marks[name].validity:
            self._box.folder = None
            return
        recent = (self._box.uids(since=since.date()) & unread).newest(AT_MOST)
        while recent:
            some = first(recent, _HEADS_AT_ONCE)
            for mail in self._box.heads(some):
                self._ledger.heads[name, mail.uid] = facts(mail, self.folder, self._own, self._clock())
            recent -= some

    def _committed(self) -> bool:
        """Waits until the desk has all that it was given, so that it knows whom it knows."""
        known, until = self._opening.known, time.monotonic() + COMMITTED_WITHIN
        handed = self._ledger.handed
        if known is None or handed is None:
            return known is not None
        while not known.has(handed):
            if self._paused(_SLICE) or time.monotonic() > until:
                return False
        return True

    def _mark_waiting(self, found: Uids) -> None:
        """What was there before the folder was watched is work if it is young enough, as in any other folder."""
        name = self.folder.name
        mark = self._ledger.marks[name]
        since = mark.history_until - timedelta(days=self._opening.waiting_days)
        heads = self._ledger.heads
        young = Uids.of(uid for uid in found if heads[name, uid].received_at >= since)
        self._ledger.marks[name] = replace(mark, waits=young)
