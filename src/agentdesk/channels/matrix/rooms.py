"""What one answer of `/sync` holds, in the order in which it is handed over: the reading of it, pure.

Promises: each room's events in the room's order, the oldest room first, one that was begun before all; what lies before a
mark is left out; what was there before the account was watched is told from what is new. Refuses: asking anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from agentdesk.channels import Opening
from agentdesk.channels.matrix import event as codec
from agentdesk.core.model import MailFacts
from agentdesk.core.waiting import waiting
from agentdesk.values import dataclass

Event = dict[str, Any]


@dataclass(slots=True)
class Room:
    """A room as an answer shows it. `start` is where what was left out ends, `names` are what its people are called there,
    `read` are (event, reader, milliseconds)."""

    id: str
    events: list[Event]
    limited: bool = False
    start: str = ""
    names: dict[str, str] = field(default_factory=dict)
    read: list[tuple[str, str, int]] = field(default_factory=list)

    def learn(self, states: Iterable[Event]) -> None:
        """What people are called, from events that say so."""
        for event in states:
            if event.get("type") == "m.room.member":
                shown = event.get("content", {}).get("displayname")
                if isinstance(shown, str):
                    self.names.setdefault(str(event["state_key"]), shown)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to hand over: an event, or that `read_by` has read up to it (`at`, milliseconds). `is_news`: it came to a room
    that we were in already."""

    room: Room
    event: Event
    before: bool = False
    waits: bool = False
    is_news: bool = False
    read_by: str = ""
    at: int = 0


def rooms_of(answer: Mapping[str, Any], user: str) -> list[Room]:
    """The rooms of an answer that we are in, or were until now."""
    found = answer.get("rooms", {})
    return [
        _room(name, said, user)
        for kind in ("join", "leave")
        for name, said in found.get(kind, {}).items()
        if said.get("timeline", {}).get("events") or said.get("ephemeral", {}).get("events")
    ]


def _room(name: str, said: Mapping[str, Any], user: str) -> Room:
    timeline = said.get("timeline", {})
    room = Room(
        name,
        list(timeline.get("events", ())),
        limited=bool(timeline.get("limited")),
        start=str(timeline.get("prev_batch") or ""),
    )
    room.learn(reversed(room.events))
    room.learn(said.get("state", {}).get("events", ()))
    for event in said.get("ephemeral", {}).get("events", ()):
        for read, kinds in event.get("content", {}).items():
            for reader, receipt in kinds.get("m.read", {}).items():
                if reader != user:
                    room.read.append((read, reader, receipt.get("ts", 0)))
    return room


def joined_at(room: Room, user: str) -> int | None:
    """Where our being in a room begins among its events, None where we had been there. It begins with the invitation where that
    is to be seen: what was written until somebody accepted it is new."""
    found = None
    for position, event in enumerate(room.events):
        if event.get("type") != "m.room.member" or event.get("state_key") != user:
            continue
        membership = event["content"].get("membership")
        was = event.get("unsigned", {}).get("prev_content", {}).get("membership")
        if membership == "invite" or (membership == "join" and was != "join" and found is None):
            found = position
    return found


def cut(room: Room, done: str | None) -> None:
    """Leaves out of a room what was handed over before."""
    position = next((n for n, each in enumerate(room.events) if each["event_id"] == done), None)
    if position is not None:
        del room.events[: position + 1]


def items(
    rooms: list[Room], done: Mapping[str, str], opening: Opening, user: str, now: datetime, *, first: bool
) -> list[Item]:
    """Everything to hand over, what was read last. `first`: the account's first answer, where receipts are of no use yet."""
    ordered = sorted(rooms, key=lambda room: (room.id not in done, _begins(room), room.id))
    found = [item for room in ordered for item in _events(room, opening, user, now, first=first)]
    read = [
        Item(room, {"event_id": event}, read_by=reader, at=at)
        for room in ordered
        for event, reader, at in ([] if first else room.read)
    ]
    return found + read


def _begins(room: Room) -> int:
    return min((int(each["origin_server_ts"]) for each in room.events[:1]), default=0)


def _events(room: Room, opening: Opening, user: str, now: datetime, *, first: bool) -> list[Item]:
    joined = joined_at(room, user)
    facts = [_facts(room, number, event, user, now) for number, event in enumerate(room.events)]
    old = [
        fact.received_at < opening.opened_at if first else number < (joined or 0)
        for number, fact in enumerate(facts)
    ]
    watched_from = opening.opened_at if first else now
    waits = waiting(facts, watched_from, opening.waiting_days) if any(old) else frozenset()
    is_news = not first and joined is None
    return [
        Item(room, event, before=was, waits=was and fact.key in waits, is_news=is_news)
        for event, fact, was in zip(room.events, facts, old, strict=True)
        if codec.concerns(event)
    ]


def _facts(room: Room, number: int, event: Event, user: str, now: datetime) -> MailFacts:
    spoken = event["type"] in codec.SPOKEN and codec.concerns(event)
    return MailFacts(
        key=(room.id, number),
        sender=str(event["sender"]),
        recipients=(),
        message_id=str(event["event_id"]),
        references=(room.id,),
        received_at=codec.when(event["origin_server_ts"], now),
        own=event["sender"] == user,
        human=spoken and event["content"].get("msgtype") != "m.notice",
        answered=False,
    )
