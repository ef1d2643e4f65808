"""One thing that `doctor` looked at, and a time as it says it."""

from datetime import datetime, tzinfo

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`remedy` is empty where all is well, or what to do if what is said was not meant."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def when(at: datetime, zone: tzinfo) -> str:
    """To the minute, in the shop's own time."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
