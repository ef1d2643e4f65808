"""What happened in one folder since it was looked at last.

Promises: a look without news costs one round trip (two where the server cannot tell changed flags); what
the server cannot tell is found by comparing UIDs; a folder that is numbered anew is said so, and read again.
Refuses: fetching messages, and any memory but the ledger's.
"""

from collections.abc import Iterator
from dataclasses import replace

from agentdesk.channels import Batch, Flagged, Gone
from agentdesk.channels.cursor import Mark, Uids
from agentdesk.channels.folder import Folder
from agentdesk.channels.imap import Mailbox, View
from agentdesk.channels.ledger import Ledger
from agentdesk.channels.plan import listed
from agentdesk.core.model import Place

_EVENTS = 1_000
# Of so many mails the flags are compared where the server does not count changes.
_FLAGGED = 1_000


class Look:
    """Looks at folders over one connection; `heard` is what the server said since the open one was looked at."""

    def __init__(self, box: Mailbox, ledger: Ledger) -> None:
        self._box = box
        self._ledger = ledger
        self.heard: frozenset[str] = frozenset()

    def at(self, folder: Folder, *, full: bool = False, reopen: bool = False) -> Iterator[Batch]:
        """Takes note of what is new (it is `left` then) and hands over what changed and went.

        `full` compares all UIDs. Without it a folder that is not open is asked for its numbers first, and
        opened only when they differ or with `reopen`.
        """
        name = folder.name
        mark = self._ledger.marks[name]
        full = full or name not in self._ledger.left
        if full or reopen or self._box.folder != name:
            if not full and not reopen and self._is_quiet(name, mark):
                return
            self.heard = frozenset()
            view: View | None = self._box.open(name, (mark.validity, mark.modseq) if mark.modseq else None)
        else:
            view = self._asked(mark)
        if view is None:
            return
        if view.validity != mark.validity or (view.next_uid or mark.next_uid) < mark.next_uid:
            self._anew(name, mark, view)
        elif full:
            there = listed(self._box, view)
            self._ledger.given_up.pop(name, None)
            self._ledger.left[name] = there - mark.done
            yield from self._told(name, view, mark.done - there)
        elif self._adds_up(name, mark, view):
            yield from self._told(name, view, mark.done & view.vanished)
        else:
            yield from self.at(folder, full=True)

    def _is_quiet(self, name: str, mark: Mark) -> bool:
        now = self._box.status(name)
        before = (mark.validity, mark.next_uid, len(self._ledger.known(name)), mark.modseq)
        return (now.validity, now.next_uid, now.exists, now.modseq) == before

    def _asked(self, mark: Mark) -> View | None:
        """What happened in the open folder, None for nothing. What is said while it is asked is left to be
        heard the next time."""
        heard = self.heard | self._box.news()
        self.heard = frozenset()
        if mark.modseq is None:
            heard |= self._box.noop()
            # -1 never adds up: all UIDs are compared. A next UID of 0 is below all: nothing is new.
            exists = -1 if "EXPUNGE" in heard else None
            return View(mark.validity, exists, None if "EXISTS" in heard else 0, None)
        changed, vanished, modseq = self._box.changes(mark.modseq)
        if "EXPUNGE" in heard:
            return View(mark.validity, -1, None, modseq, changed, vanished)
        return View(mark.validity, None, None, modseq, changed, vanished) if changed or vanished else None

    def _adds_up(self, name: str, mark: Mark, view: View) -> bool:
        """Takes note of what is new; whether the folder then holds as many mails as we know of."""
        left = self._ledger.left[name] - view.vanished
        top = max(self._ledger.known(name).last, left.last)
        if view.exists is None and view.modseq is not None:
            left |= Uids.of(uid for uid in view.changed if uid > top)
        elif view.next_uid is None or view.next_uid > top + 1:
            left |= self._box.uids(after=top)
        self._ledger.left[name] = left
        gone = mark.done & view.vanished
        return view.exists is None or view.exists == len(self._ledger.known(name)) - len(gone)

    def _told(self, name: str, view: View, gone: Uids) -> Iterator[Batch]:
        """Hands over what changed and went; the cursor moves with the last of it."""
        mark = self._ledger.marks[name]
        left = self._ledger.left[name]
        now = replace(
            mark.lost(gone),
            next_uid=max(mark.next_uid, view.next_uid or 0, left.last + 1),
            modseq=view.modseq,
        )
        changed, now = self._changed(mark, now, view)
        events: list[Gone | Flagged] = [Gone(self._place(name, mark, uid)) for uid in gone]
        events += [Flagged(self._place(name, mark, uid), changed[uid]) for uid in sorted(changed)]
        while len(events) > _EVENTS:
            part, events = events[:_EVENTS], events[_EVENTS:]
            yield self._batch(part)
        self._ledger.marks[name] = now
        if events:
            yield self._batch(events)

    def _changed(self, mark: Mark, now: Mark, view: View) -> tuple[dict[int, frozenset[str]], Mark]:
        """The flags that changed of what was handed over, and the mark that knows them."""
        if view.modseq is not None:
            changed = view.changed
            if mark.modseq is not None and view.exists is not None and "QRESYNC" not in self._box.abilities:
                changed = self._box.changes(mark.modseq)[0] if view.modseq != mark.modseq else {}
            return {uid: flags for uid, flags in changed.items() if uid in now.done}, now
        seen = self._box.flags(now.done.newest(_FLAGGED)) if now.done else {}
        changed = {uid: flags for uid, flags in seen.items() if now.flags_of(uid) not in {None, flags}}
        return changed, now.noted(seen, only=True)

    def _anew(self, name: str, mark: Mark, view: View) -> None:
        """The server numbers its mails anew: no UID of before means anything."""
        reason = "uidvalidity" if view.validity != mark.validity else "uidnext"
        self._ledger.gap(name, reason)
        if mark.passed_at is None:
            # What waits was never finished: the plan is made again, for all folders.
            self._ledger.anew()
            return
        self._ledger.anew(name)
        self._ledger.marks[name] = Mark(
            validity=view.validity,
            history_until=max(mark.history_until, mark.passed_at),
            next_uid=view.next_uid or 0,
            modseq=view.modseq,
            passed_at=mark.passed_at,
        )
        self._ledger.left[name] = listed(self._box, view)

    def _place(self, name: str, mark: Mark, uid: int) -> Place:
        return Place(self._ledger.account, name, mark.validity, uid)

    def _batch(self, events: list[Gone | Flagged]) -> Batch:
        return self._ledger.batch(
            flagged=tuple(event for event in events if isinstance(event, Flagged)),
            gone=tuple(event for event in events if isinstance(event, Gone)),
        )
