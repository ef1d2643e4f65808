"""How far an account was read, as the opaque cursor holds it.

Promises: what was handed over of an answer, room by room, so that a restart in its middle goes on there; invitations that
could not be accepted yet; the last signs, since Matrix forgets what a sign stood on as soon as it is taken away.
Refuses: messages. Whatever nobody wrote is a ValueError.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, field
from datetime import datetime

from agentdesk.values import dataclass

_VERSION = 1
SIGNS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Sign:
    """A reaction: its own event, the one it stands on, and whose it is."""

    event: str
    on: str
    by: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything up to `since` was handed over, which the homeserver gave at `at`; and of what came after it, room by room,
    everything up to the event in `done`. `invited`: rooms that could not be joined yet, and how often that was tried."""

    since: str | None = None
    at: datetime | None = None
    done: Mapping[str, str] = field(default_factory=dict)
    invited: Mapping[str, int] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()

    def with_sign(self, sign: Sign) -> tuple[Sign, ...]:
        """The last signs with this one."""
        others = tuple(each for each in self.signs if each.event != sign.event)
        return (*others, sign)[-SIGNS_AT_MOST:]

    def stood_on(self, event: str, by: str) -> str:
        """What a reaction stood on that `by` has taken away; empty where it was another's or nobody remembers it, and where
        the same person has put another sign there since."""
        found = next((each for each in self.signs if (each.event, each.by) == (event, by)), None)
        if found is None:
            return ""
        last = [each for each in self.signs if (each.on, each.by) == (found.on, found.by)][-1]
        return found.on if last.event == event else ""


def encode(mark: Mark) -> str:
    at = mark.at.isoformat() if mark.at else None
    return json.dumps({"version": _VERSION, **asdict(mark), "at": at}, separators=(",", ":"))


def decode(cursor: str | None) -> Mark:
    """The mark of a cursor; raises ValueError."""
    if cursor is None:
        return Mark()
    try:
        found = json.loads(cursor)
        if found["version"] != _VERSION:
            raise ValueError("it is of another version")
        return Mark(
            since=found["since"],
            at=datetime.fromisoformat(found["at"]) if found["at"] else None,
            done=dict(found["done"]),
            invited=dict(found["invited"]),
            signs=tuple(Sign(**each) for each in found["signs"]),
        )
    except (TypeError, KeyError) as error:
        raise ValueError("it is no mark") from error
