"""Asks a homeserver what is new, and hands it over in pieces that a cursor covers.

Promises: every look begins at what was committed; of an answer too large for one piece the rest is kept in memory, and a
restart asks again and leaves out what was handed over; what an answer leaves out of a busy room is fetched, or said as a gap;
invitations are accepted, and tried again where that fails. Refuses: the meaning of an event.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from agentdesk.channels import Account, Batch, Gap, Opening
from agentdesk.channels.matrix import rooms
from agentdesk.channels.matrix.arrivals import Arrivals
from agentdesk.channels.matrix.event import REACTION, related
from agentdesk.channels.matrix.mark import Mark, Sign, decode, encode
from agentdesk.channels.matrix.rooms import Event, Item, Room
from agentdesk.channels.matrix.session import Session, path
from agentdesk.channels.pump import Look
from agentdesk.channels.web import Reply, UnheardError
from agentdesk.errors import ChannelError, LoginError
from agentdesk.values import dataclass

HISTORY = 50
"""Events of a room that an answer shows at most: all that is taken of what was there before the account was added."""
LONG = 30
"""Seconds that a look may wait for something to come."""
AT_ONCE = 50
BACK = 2000
"""Events of a room that are fetched at most where an answer has left some out."""
INVITED_AT_MOST = 1024
"""Looks over which an invitation that cannot be accepted is tried again, ever more seldom."""
_PIECE = 16 << 20
_JOIN_WITHIN = 5
_JOIN_LOOKS = 3
_MEMBERS = {"lazy_load_members": True, "include_redundant_members": True}
_NOTHING: dict[str, list[str]] = {"types": []}
_FILTER: dict[str, Any] = {
    "state": {"types": ["m.room.member"], **_MEMBERS},
    "ephemeral": {"types": ["m.receipt"]},
    "account_data": _NOTHING,
}


@dataclass(slots=True)
class _Open:
    """An answer that is being handed over: `cursor` stands for what of it was, which is `mark`; `after` is the mark once all
    of it was. With `is_news` the cursor moves on although nothing came."""

    cursor: str | None
    mark: Mark
    after: Mark
    items: list[Item] = field(default_factory=list)
    gaps: tuple[Gap, ...] = ()
    done: int = 0
    is_news: bool = False


class Sync:
    """The looks of one account."""

    def __init__(
        self,
        account: Account,
        session: Session,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        *,
        long: int = LONG,
        at_once: int = AT_ONCE,
        history: int = HISTORY,
        back: int = BACK,
    ) -> None:
        """`long` in seconds, `at_once` things to a piece, `history` events of a room in an answer, `back` of those it left out."""
        self._account = account
        self._session = session
        self._clock = clock
        self._long = long
        self._at_once = at_once
        self._history = history
        self._back = back
        self._make = Arrivals(account, session, clock, pause)
        self._open: _Open | None = None
        self._awaited: dict[str, int] = {}

    async def look(self, opening: Opening, cursor: str | None, may_wait: bool) -> Look:
        """What comes after `cursor`, as much as fits into one piece."""
        try:
            return await self._look(opening, cursor, may_wait)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._session.fault("its answer has not the shape that Matrix asks for") from None

    async def _look(self, opening: Opening, cursor: str | None, may_wait: bool) -> Look:
        now = self._open
        if now is None or now.cursor != cursor or not now.items:
            now = self._open = await self._answer(opening, cursor, may_wait)
        mark, arrivals, taken, size = now.mark, [], 0, 0
        for item in now.items:
            made = await self._make.of(item, mark)
            arrivals += made
            size += sum(each.size for each in made)
            mark, taken = _past(mark, item), taken + 1
            if taken >= self._at_once or size > _PIECE:
                break
        left = now.items[taken:]
        mark = mark if left else replace(now.after, signs=mark.signs)
        is_news = bool(taken or now.gaps or now.is_news or cursor is None)
        done = now.done + taken
        batch = Batch(
            cursor=encode(mark) if is_news else str(cursor),
            arrivals=tuple(arrivals),
            gaps=now.gaps,
            done=done,
            total=done + len(left),
        )
        self._open = _Open(batch.cursor, mark, now.after, left, done=done if left else 0)
        # A homeserver may give an answer that it has kept for minutes: only an empty one to what is new says that this is all.
        more = bool(taken or self._awaited or now.mark.since is None)
        return Look(batch, more=more, keep=is_news)

    async def _answer(self, opening: Opening, cursor: str | None, may_wait: bool) -> _Open:
        mark, gaps = self._known(cursor)
        await self._session.open()
        retried, given_up = await self._accepted(mark.invited)
        wait = self._long if may_wait and not self._awaited else _JOIN_WITHIN if self._awaited else 0
        reply = await self._asked(mark, wait)
        if reply.status == 400 and mark.since is not None:  # a stream that this homeserver does not know
            mark, gaps = Mark(), (*gaps, self._gap("", "cursor"))
            reply = await self._asked(mark, 0)
        if reply.status != 200 or "next_batch" not in reply.body:
            raise self._session.error(reply)
        self._make.begin()
        found = rooms.rooms_of(reply.body, self._session.user)
        seen = {room.id for room in found}
        self._awaited = {r: n - 1 for r, n in self._awaited.items() if n > 1 and r not in seen}
        new = reply.body.get("rooms", {}).get("invite", {})
        fresh, _ = await self._accepted({room: 0 for room in new if room not in retried})
        for room in found:
            gaps = (*gaps, *await self._completed(room, mark))
        invited = {**retried, **fresh}
        return _Open(
            cursor,
            mark,
            Mark(reply.body["next_batch"], self._clock(), invited=invited),
            rooms.items(
                found, mark.done, opening, self._session.user, self._clock(), first=mark.since is None
            ),
            (*gaps, *(self._gap(room, "invitation") for room in given_up)),
            is_news=bool(invited or mark.invited or self._awaited),
        )

    def _known(self, cursor: str | None) -> tuple[Mark, tuple[Gap, ...]]:
        """Where to begin: what this instance has seen beyond a cursor with nothing in it counts too."""
        if self._open is not None and self._open.cursor == cursor:
            return self._open.mark, ()
        try:
            return decode(cursor), ()
        except ValueError:
            return Mark(), (self._gap("", "cursor"),)

    async def _asked(self, mark: Mark, wait: int) -> Reply:
        room = {"timeline": {"limit": self._history}, **_FILTER}
        only = json.dumps({"presence": _NOTHING, "account_data": _NOTHING, "room": room})
        asked: dict[str, Any] = {"timeout": wait * 1000, "filter": only, "set_presence": "offline"}
        if mark.since is not None:
            asked["since"] = mark.since
        return await self._session.ask("GET", path("sync"), params=asked, read=wait + 30.0)

    async def _completed(self, room: Room, mark: Mark) -> tuple[Gap, ...]:
        """Puts before a room's events what an answer has left out of it, back to what is known."""
        done = mark.done.get(room.id)
        is_there = any(each["event_id"] == done for each in room.events)
        was_there = mark.since is not None and rooms.joined_at(room, self._session.user) is None
        gaps: tuple[Gap, ...] = ()
        if room.limited and room.start and (not is_there if done else was_there):
            earlier, is_whole = await self._earlier(room, mark.since, done)
            room.events[:0] = earlier
            gaps = () if is_whole else (self._gap(room.id, "limited"),)
        rooms.cut(room, done)
        return gaps

    async def _earlier(self, room: Room, since: str | None, until: str | None) -> tuple[list[Event], bool]:
        """What came before a room's events, oldest first, and whether all of it was found."""
        found: list[Event] = []
        asked = {"dir": "b", "limit": self._history, "filter": json.dumps(_MEMBERS), "from": room.start}
        if since is not None:
            asked["to"] = since
        while len(found) < self._back:
            reply = await self._session.ask("GET", path("rooms", room.id, "messages"), params=asked)
            if reply.status >= 500:
                raise self._session.error(reply)
            if reply.status != 200:
                return found[::-1], False
            room.learn(reply.body.get("state", ()))
            for event in reply.body.get("chunk", ()):
                found.append(event)
                if event["event_id"] == until:
                    return found[::-1], True
            if not reply.body.get("end"):
                return found[::-1], True
            asked["from"] = reply.body["end"]
        return found[::-1], False

    async def _accepted(self, invited: Mapping[str, int]) -> tuple[dict[str, int], list[str]]:
        """Accepts invitations; gives those to be tried again, with the looks since they came, and those given up."""
        left, given_up = {}, []
        for room, looks in invited.items():
            is_due = looks & (looks - 1) == 0  # at looks 0, 1, 2, 4, 8, ...
            if is_due and await self._joined(room):
                continue
            if looks >= INVITED_AT_MOST:
                given_up.append(room)
            else:
                left[room] = looks + 1
        return left, given_up

    async def _joined(self, room: str) -> bool:
        """Accepts an invitation, or finds that it is no longer there; False where it may be possible another time."""
        try:
            reply = await self._session.ask("POST", path("rooms", room, "join"), json={}, read=10.0)
        except (UnheardError, LoginError):
            raise
        except ChannelError:
            return False
        if reply.status == 200:
            self._awaited[room] = _JOIN_LOOKS
        return reply.status < 500 and reply.status != 429

    def _gap(self, room: str, reason: str) -> Gap:
        return Gap(self._account.id, room, reason)


def _past(mark: Mark, item: Item) -> Mark:
    """The mark after an item was handed over."""
    event = item.event
    if item.read_by:
        return mark
    if event["type"] == REACTION:
        sign = Sign(event["event_id"], related(event), event["sender"])
        mark = replace(mark, signs=mark.with_sign(sign))
    return replace(mark, done={**mark.done, item.room.id: event["event_id"]})
