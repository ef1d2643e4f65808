"""A pass over the folders of a mailbox, until nothing is left over.

Promises: nothing is missed for its flags or its age; people without an answer come first, and while years
of history come in, new mail overtakes it; one mail that cannot be had does not stop the others. Refuses:
waiting, reconnecting, knowing threads or event loops.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from agentdesk.channels import Account, Arrival, Batch, Opening
from agentdesk.channels.cursor import Mark, Uids
from agentdesk.channels.dial import passing
from agentdesk.channels.download import LARGE, Download
from agentdesk.channels.folder import Folder
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.junk import Junk
from agentdesk.channels.ledger import Ledger
from agentdesk.channels.look import Look
from agentdesk.channels.plan import plan, survey
from agentdesk.errors import ChannelError

_COUNT = 1000
_OCTETS = 8 << 20
_SIZES_AT_ONCE = 1000
# While history comes in, the folders are looked at anew this often (seconds).
_LOOK_EVERY = 20.0
# What broke a connection so often is fetched by itself from then on.
_ALONE_AFTER = 2


class Sweep:
    """The passes of one connection; the first of `folders` is the one that stays open."""

    def __init__(
        self,
        box: Mailbox,
        folders: tuple[Folder, ...],
        ledger: Ledger,
        account: Account,
        opening: Opening,
        clock: Callable[[], datetime],
        paused: Callable[[float], bool] = lambda _: False,
    ) -> None:
        """`paused` waits so many seconds and says whether there is a reason to stop."""
        self._box = box
        self._folders = tuple(folder for folder in folders if folder.role != "junk")
        self._ledger = ledger
        self._opening = opening
        self._own = frozenset(address.lower() for address in (account.address, *account.aliases))
        self._clock = clock
        self._download = Download(box, account.id, account.spool, clock)
        self._look = Look(box, ledger)
        junk = next((folder for folder in folders if folder.role == "junk"), None) if opening.known else None
        self._junk = junk and Junk(box, junk, ledger, opening, self._own, clock, paused)
        self.compared = False

    def run(self, *, full: bool = False) -> Iterator[Batch]:
        """A pass; `full` compares all UIDs, and `compared` says then that this was done."""
        began = self._clock()
        ready, whole = False, full
        while not ready:
            yield from self._planned()
            for folder in self._folders:
                if folder.name in self._ledger.marks:
                    yield from self._look.at(folder, full=full)
            self.compared, full = self.compared or full, False
            yield from self._taken()
            ready = self._step() is None and all(
                folder.name in self._ledger.marks for folder in self._folders
            )
            if ready and self._junk:
                yield from self._rescued(self._junk, full=whole)
                whole = False
            if ready and self._box.folder != self._folders[0].name:
                # It may have got news while another one was open.
                yield from self._look.at(self._folders[0], reopen=True)
                ready = self._step() is None
        marks = self._ledger.marks
        passed = [
            *(folder.name for folder in self._folders),
            *([self._junk.folder.name] if self._junk else []),
        ]
        marks |= {name: replace(marks[name], passed_at=began) for name in passed if name in marks}
        if self._ledger.untold():
            yield self._ledger.batch()

    def heard(self, news: frozenset[str]) -> bool:
        """Takes note of what the server said of the open folder; whether that calls for a pass."""
        self._look.heard |= news
        return bool(self._look.heard)

    def _planned(self) -> Iterator[Batch]:
        """Marks for the folders that have none."""
        unknown = [folder for folder in self._folders if folder.name not in self._ledger.marks]
        if not unknown:
            return
        opening = self._opening
        if self._ledger.marks:
            # Watched from today on: what is in it was there before.
            opening = replace(opening, opened_at=max(opening.opened_at, self._clock()))
        found = survey(self._box, unknown)
        for name, mark in plan(self._box, found, opening, self._own).items():
            is_sent = any(folder.name == name and folder.role == "sent" for folder in unknown)
            until = self._opening.opened_at if is_sent else mark.history_until
            self._ledger.marks[name] = replace(mark, history_until=until)
        self._ledger.left |= {each.folder.name: each.uids for each in found}
        yield self._ledger.batch()

    def _taken(self) -> Iterator[Batch]:
        """Fetches what is left, until there is reason to look again."""
        until = time.monotonic() + _LOOK_EVERY
        while (step := self._step()) is not None:
            folder, todo = step
            if self._box.folder != folder.name:
                mark = self._ledger.marks[folder.name]
                if self._box.open(folder.name).validity != mark.validity:
                    self._box.folder = None
                    return
                # What changed since the last look was not asked for: without a modseq only a hint helps.
                self._look.heard = (
                    frozenset() if mark.modseq is not None else frozenset({"EXISTS", "EXPUNGE"})
                )
            chosen = self._chosen(folder.name, todo)
            if chosen:
                yield from self._fetched(folder, chosen)
            news = self._box.news() if self._box.folder == self._folders[0].name else frozenset()
            if self.heard(news & {"EXISTS"}) or time.monotonic() > until:
                return

    def _rescued(self, junk: Junk, *, full: bool) -> Iterator[Batch]:
        """What the desk expects of the Junk folder. A server that does not let us look there does not stop the rest."""
        name = junk.folder.name
        try:
            junk.begin()
            yield from self._look.at(junk.folder, full=full)
            todo = junk.expected()
            while todo := todo & self._ledger.left[name]:
                if self._box.folder != name:
                    self._box.open(name)
                if chosen := self._chosen(name, todo):
                    yield from self._fetched(junk.folder, chosen)
        except ChannelError as error:
            if not error.values.get("refused"):
                raise

    def _step(self) -> tuple[Folder, Uids] | None:
        """What comes next: who waits, what is new, the threads of who waits, the newest, the rest."""
        for tier in (_waits, _fresh, _threads, _newest, _rest):
            for folder in self._folders:
                mark = self._ledger.marks.get(folder.name)
                left = self._ledger.left.get(folder.name)
                if mark is not None and left and (todo := tier(mark, left)):
                    return folder, todo
        return None

    def _chosen(self, name: str, todo: Uids) -> Uids:
        """The next batch of `todo`: the lowest UIDs, a large one by itself."""
        sizes = self._ledger.sizes
        ahead = list(islice(todo, _COUNT))
        if any((name, uid) not in sizes for uid in ahead):
            asked = Uids.of(uid for uid in islice(todo, _SIZES_AT_ONCE) if (name, uid) not in sizes)
            told = self._box.sizes(asked)
            sizes.update({(name, uid): size for uid, size in told.items()})
            if absent := asked - Uids.of(told):
                self._ledger.absent(name, absent)
        chosen: list[int] = []
        octets = 0
        for uid in ahead:
            if (name, uid) not in sizes:
                continue
            octets += sizes[name, uid]
            alone = sizes[name, uid] > LARGE or self._ledger.failed[name, uid] >= _ALONE_AFTER
            if chosen and (alone or octets > _OCTETS):
                break
            chosen.append(uid)
            if alone:
                break
        return Uids.of(chosen)

    def _fetched(self, folder: Folder, uids: Uids) -> Iterator[Batch]:
        name = folder.name
        mark = self._ledger.marks[name]
        arrivals: list[Arrival] = []
        try:
            if len(uids) == 1 and self._ledger.sizes[name, uids.last] > LARGE:
                arrivals = self._download.large(folder, mark, uids.last)
            else:
                arrivals = self._download.small(folder, mark, uids)
        except ChannelError as error:
            refused = error.values.get("refused") and not passing(str(error.values["reason"]))
            if not refused or len(uids) > 1:
                self._ledger.broke(name, uids)
                raise
        if absent := uids - Uids.of(arrival.place.uid for arrival in arrivals):
            self._ledger.absent(name, absent)
        if arrivals:
            yield self._ledger.took(name, arrivals)


def _waits(mark: Mark, left: Uids) -> Uids:
    return mark.waits & left if mark.waits else mark.waits


def _fresh(mark: Mark, left: Uids) -> Uids:
    return left - Uids(((0, mark.planned_to - 1),)) if left.last >= mark.planned_to else Uids()


def _threads(mark: Mark, left: Uids) -> Uids:
    return mark.threads & left if mark.threads else mark.threads


def _newest(mark: Mark, left: Uids) -> Uids:
    return mark.newest & left if mark.newest else mark.newest


def _rest(_mark: Mark, left: Uids) -> Uids:
    return left
