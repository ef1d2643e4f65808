"""One thing that `doctor` looked at, and a time as it says it."""

from datetime import datetime, tzinfo

from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.values import dataclass

TITLES = frozenset(
    {
        N_("account"),
        N_("backup"),
        N_("clock"),
        N_("deleting"),
        N_("desktop"),
        N_("disk"),
        N_("intake"),
        N_("login"),
        N_("notices"),
        N_("opening hours"),
        N_("outbox"),
        N_("permissions"),
        N_("promises"),
        N_("put aside"),
        N_("quarantine"),
        N_("rule"),
        N_("rules"),
        N_("senders"),
        N_("shop"),
        N_("sqlite"),
        N_("store"),
        N_("time zone"),
        N_("view"),
    }
)
"""What checks are called; behind some of them stands a name, which is nobody's to translate."""


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


def titled(name: str) -> str:
    """What a check is called, in the agent's language; programs read the English one."""
    if name in TITLES:
        return tr(name)
    title, space, rest = name.partition(" ")
    return f"{tr(title)}{space}{rest}" if title in TITLES else name
