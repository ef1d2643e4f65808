"""What of a mailbox was handed over, and what is left.

Promises: the cursor of a batch covers what was handed over with it and before it, and nothing else; what
outlives a lost connection is here, what does not is not. Refuses: the network.
"""

from collections import Counter
from dataclasses import replace

from agentdesk.channels import Arrival, Batch, Flagged, Gap, Gone
from agentdesk.channels.cursor import Mark, Uids, encode
from agentdesk.core.model import MailFacts

_GIVEN_UP_AFTER = 5


class Ledger:
    """The marks of all folders and, by folder, `left`: the UIDs that lie there and were not handed over.

    `failed` counts, by (folder, uid), how often a message could not be had; what failed too often is left
    alone (`given_up`) until the next full comparison, so that one mail does not stop the others. `heads`: by (folder, uid), what
    was read of the Junk folder's mails and not taken in. `handed`: the cursor of the last batch.
    """

    def __init__(self, account: str, marks: dict[str, Mark]) -> None:
        self.account = account
        self.marks = marks
        self.left: dict[str, Uids] = {}
        self.sizes: dict[tuple[str, int], int] = {}
        self.failed: Counter[tuple[str, int]] = Counter()
        self.given_up: dict[str, Uids] = {}
        self.heads: dict[tuple[str, int], MailFacts] = {}
        self.handed: str | None = None
        self._gaps: list[Gap] = []
        self._told = self._essence()

    def known(self, name: str) -> Uids:
        """Every UID of a folder that was seen and did not go."""
        return self.marks[name].done | self.left.get(name, Uids()) | self.given_up.get(name, Uids())

    def gap(self, name: str, reason: str) -> None:
        """To be told with the next batch."""
        self._gaps.append(Gap(self.account, name, reason))

    def anew(self, name: str | None = None) -> None:
        """Forgets what lies in a folder, or in all of them along with every mark."""
        if name is None:
            self.marks.clear()
        self.heads = {key: fact for key, fact in self.heads.items() if name is not None and key[0] != name}
        kept = [] if name is None else [key for key in self.sizes if key[0] != name]
        self.sizes = {key: self.sizes[key] for key in kept}
        for forgotten in list(self.left) if name is None else [name]:
            self.left.pop(forgotten, None)
            self.given_up.pop(forgotten, None)

    def absent(self, name: str, uids: Uids) -> None:
        """These could not be had now: gone, most likely, and else tried again a few times."""
        self.left[name] -= uids
        for uid in uids:
            self._failed(name, uid)

    def broke(self, name: str, uids: Uids) -> None:
        """The connection broke while these were fetched; it can only be laid to one that was alone."""
        for uid in uids:
            if len(uids) > 1:
                self.failed[name, uid] = min(self.failed[name, uid] + 1, _GIVEN_UP_AFTER - 1)
            elif self._failed(name, uid):
                self.left[name] -= uids

    def _failed(self, name: str, uid: int) -> bool:
        self.failed[name, uid] += 1
        if self.failed[name, uid] == _GIVEN_UP_AFTER:
            self.gap(name, "unfetchable")
        if self.failed[name, uid] < _GIVEN_UP_AFTER:
            return False
        self.given_up[name] = self.given_up.get(name, Uids()) | Uids.of((uid,))
        return True

    def took(self, name: str, arrivals: list[Arrival]) -> Batch:
        """Hands over arrivals of one folder."""
        mark = self.marks[name]
        uids = Uids.of(arrival.place.uid for arrival in arrivals)
        if mark.modseq is None:
            mark = mark.noted({arrival.place.uid: arrival.flags for arrival in arrivals})
        self.marks[name] = mark.took(uids)
        self.left[name] -= uids
        for uid in uids:
            self.failed.pop((name, uid), None)
            self.sizes.pop((name, uid), None)
        return self.batch(tuple(arrivals))

    def batch(
        self,
        arrivals: tuple[Arrival, ...] = (),
        flagged: tuple[Flagged, ...] = (),
        gone: tuple[Gone, ...] = (),
    ) -> Batch:
        """What is handed over now, with the cursor that covers it."""
        gaps, self._gaps = tuple(self._gaps), []
        self._told = self._essence()
        done = sum(len(mark.done) for mark in self.marks.values())
        self.handed = encode(self.marks)
        return Batch(
            cursor=self.handed,
            arrivals=arrivals,
            flagged=flagged,
            gone=gone,
            gaps=gaps,
            done=done,
            total=done + sum(len(uids) for uids in self.left.values()),
        )

    def untold(self) -> bool:
        """Whether there is anything that the last batch did not cover, the time of the pass aside."""
        return bool(self._gaps) or self._essence() != self._told

    def _essence(self) -> str:
        """The cursor without the hour of the last pass: that there was one matters, and when it ended only
        after mails came."""
        return encode(
            {
                name: replace(mark, passed_at=mark.passed_at and mark.history_until)
                for name, mark in self.marks.items()
            }
        )
