"""How far a mailbox was read: the cursor of the mail connector and the sets of UIDs in it.

Promises: what `encode` writes `decode` reads, equal values give equal text, and a set of UIDs takes the
room of its gaps, not of its messages. Refuses: a clock, a network, an opinion on flags or ages. A cursor
of an unknown version is refused, not guessed at.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta
from itertools import chain

from agentdesk.values import dataclass

VERSION = 1
_DOUBT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Uids:
    """A set of UIDs as ascending spans, both ends included, that neither touch nor overlap."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, uids: Iterable[int]) -> "Uids":
        return cls(_merged(sorted((uid, uid) for uid in uids)))

    @classmethod
    def parse(cls, text: str) -> "Uids":
        """From the protocol's own writing ("1:5,9"); raises ValueError."""
        spans = []
        for part in text.split(",") if text else ():
            first, _, last = part.partition(":")
            low, high = sorted((int(first), int(last or first)))
            spans.append((low, high))
        return cls(_merged(sorted(spans)))

    def __str__(self) -> str:
        return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in self.spans)

    def __len__(self) -> int:
        return sum(high - low + 1 for low, high in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(range(low, high + 1) for low, high in self.spans)

    def __contains__(self, uid: int) -> bool:
        place = bisect_right(self.spans, (uid, float("inf"))) - 1
        return place >= 0 and uid <= self.spans[place][1]

    def __or__(self, other: "Uids") -> "Uids":
        if not other.spans:
            return self
        return Uids(_merged(sorted(self.spans + other.spans)))

    def __sub__(self, other: "Uids") -> "Uids":
        if not other.spans or not self.spans:
            return self
        left: list[tuple[int, int]] = []
        place = 0
        for low, high in self.spans:
            start = low
            while place < len(other.spans) and other.spans[place][1] < start:
                place += 1
            at = place
            while at < len(other.spans) and other.spans[at][0] <= high:
                if other.spans[at][0] > start:
                    left.append((start, other.spans[at][0] - 1))
                start = max(start, other.spans[at][1] + 1)
                at += 1
            if start <= high:
                left.append((start, high))
        return Uids(tuple(left))

    def __and__(self, other: "Uids") -> "Uids":
        return self - (self - other)

    @property
    def last(self) -> int:
        """The highest UID, 0 when there is none."""
        return self.spans[-1][1] if self.spans else 0

    def newest(self, count: int) -> "Uids":
        """The `count` highest."""
        kept: list[tuple[int, int]] = []
        for low, high in reversed(self.spans):
            if count <= 0:
                break
            start = max(low, high - count + 1)
            kept.append((start, high))
            count -= high - start + 1
        return Uids(tuple(reversed(kept)))


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one folder was read.

    `done`: what was handed over and still lies there. `next_uid`: the highest UIDNEXT seen. `modseq`: all
    changes up to it were handed over. `passed_at`: when the last pass began that left nothing over.
    `history_until`: what arrived earlier was there before we watched. `planned_to`: UIDs from here on came
    after the plan was made. `waits`, `threads`, `newest`: the plan of a first connection, what is still to
    be fetched before the rest. `flags`: which of the newest had which flag, and under "" whose flags are
    known, for servers that cannot tell what changed.
    """

    validity: int
    history_until: datetime
    done: Uids = Uids()
    next_uid: int = 0
    modseq: int | None = None
    passed_at: datetime | None = None
    planned_to: int = 0
    waits: Uids = Uids()
    threads: Uids = Uids()
    newest: Uids = Uids()
    flags: dict[str, Uids] = field(default_factory=dict)

    def history_of(self, uid: int) -> datetime:
        """What arrived before this moment is history. Servers tell whole seconds, and clocks differ: what
        came after the plan is new unless it is clearly older (an old mail that was moved here)."""
        until = self.history_until.replace(microsecond=0)
        return until if uid < self.planned_to else until - _DOUBT

    def took(self, uids: Uids) -> "Mark":
        """After `uids` were handed over."""
        return replace(self.lost(uids), done=self.done | uids)

    def lost(self, uids: Uids) -> "Mark":
        """After `uids` left the folder."""
        return replace(
            self,
            done=self.done - uids,
            waits=self.waits - uids,
            threads=self.threads - uids,
            newest=self.newest - uids,
        )

    def noted(self, flags: dict[int, frozenset[str]], *, only: bool = False) -> "Mark":
        """After the flags of some mails were learned; `only` forgets those of all others."""
        uids = Uids.of(flags)
        kept = {} if only else {name: had - uids for name, had in self.flags.items()}
        for name in {"", *kept, *(name for flagged in flags.values() for name in flagged)}:
            has = uids if not name else Uids.of(uid for uid, flagged in flags.items() if name in flagged)
            kept[name] = kept.get(name, Uids()) | has
        return replace(self, flags={name: had for name, had in kept.items() if had})

    def flags_of(self, uid: int) -> frozenset[str] | None:
        """The flags last learned of a mail, None when none were."""
        if uid not in self.flags.get("", Uids()):
            return None
        return frozenset(name for name, had in self.flags.items() if name and uid in had)


def encode(marks: dict[str, Mark]) -> str:
    """The cursor as text: one line of JSON, folders in order."""
    return json.dumps(
        {"v": VERSION, "folders": {name: _packed(marks[name]) for name in sorted(marks)}},
        separators=(",", ":"),
        ensure_ascii=False,
    )


def decode(text: str | None) -> dict[str, Mark]:
    """The marks of a cursor, none for None; raises ValueError for what `encode` did not write."""
    if text is None:
        return {}
    try:
        value = json.loads(text)
        if value["v"] != VERSION:
            raise ValueError(f"a cursor of version {value['v']}")
        return {name: _unpacked(mark) for name, mark in value["folders"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a cursor: {error!r}") from error


def _packed(mark: Mark) -> dict[str, object]:
    packed: dict[str, object] = {
        "validity": mark.validity,
        "next": mark.next_uid,
        "modseq": mark.modseq,
        "history_until": mark.history_until.isoformat(),
        "passed_at": mark.passed_at.isoformat() if mark.passed_at else None,
        "planned_to": mark.planned_to,
    }
    sets = {"done": mark.done, "waits": mark.waits, "threads": mark.threads, "newest": mark.newest}
    packed |= {name: str(uids) for name, uids in sets.items() if uids}
    if mark.flags:
        packed["flags"] = {name: str(mark.flags[name]) for name in sorted(mark.flags)}
    return packed


def _unpacked(packed: dict[str, object]) -> Mark:
    def uids(name: str) -> Uids:
        return Uids.parse(str(packed.get(name, "")))

    def number(name: str) -> int:
        return int(str(packed[name]))

    flags = packed.get("flags", {})
    if not isinstance(flags, dict):
        raise TypeError("flags")
    return Mark(
        validity=number("validity"),
        history_until=datetime.fromisoformat(str(packed["history_until"])),
        done=uids("done"),
        next_uid=number("next"),
        modseq=number("modseq") if packed["modseq"] is not None else None,
        passed_at=datetime.fromisoformat(str(packed["passed_at"])) if packed["passed_at"] else None,
        planned_to=number("planned_to"),
        waits=uids("waits"),
        threads=uids("threads"),
        newest=uids("newest"),
        flags={str(name): Uids.parse(str(text)) for name, text in flags.items()},
    )


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
