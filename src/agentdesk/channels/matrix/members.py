"""Who is in a room: whose it is, whether several people read there, and what it is called. Pure; read from member events.

Promises: whoever is invited counts as there, since they may read what was said before they come. Refuses: telling people from
programs, of which a homeserver knows nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Event = dict[str, Any]

NAMED_AT_MOST = 3
"""People after whom a room is called that has no name."""
_RANKS = {"join": 0, "invite": 1}


def others(members: Iterable[Event], us: str) -> dict[str, Event]:
    """Who is there beside us, by their id."""
    known = {str(each["state_key"]): each for each in members}
    return {user: each for user, each in known.items() if user != us and _rank(each) < len(_RANKS)}


def called(there: Mapping[str, Event]) -> str:
    """The names of who is there, for a room that has none."""
    names = [shown(each) or user for user, each in sorted(there.items())]
    return ", ".join(names[:NAMED_AT_MOST]) + ("…" if len(names) > NAMED_AT_MOST else "")


def shown(member: Event) -> str:
    """What somebody is called in the room; empty where they say nothing."""
    return str(member["content"].get("displayname") or "")


def customer_of(members: Iterable[Event], us: str) -> Mapping[str, str]:
    """Of a room's people its customer: whoever invited us, else who is there, else who was there first."""
    known = {str(each["state_key"]): each for each in members}
    ours = known.pop(us, None)
    inviter = _inviter(ours) if ours else ""

    def order(user: str) -> tuple[bool, int, int]:
        event = known[user]
        return user != inviter, _rank(event), event["origin_server_ts"]

    found = min(known, key=order, default="")
    return {"id": found, "name": shown(known[found])} if found else {}


def _rank(member: Event) -> int:
    return _RANKS.get(member["content"].get("membership"), len(_RANKS))


def _inviter(ours: Event) -> str:
    if ours["content"].get("membership") == "invite":
        return str(ours["sender"])
    unsigned = ours.get("unsigned", {})
    was_invited = unsigned.get("prev_content", {}).get("membership") == "invite"
    return str(unsigned.get("prev_sender", "")) if was_invited else ""
