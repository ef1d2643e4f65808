"""The switches of `[notify]`: each kind of notice and each way by itself, under one name on the command line and the console.

Promises: a list of kinds in the file and a switch here are the same thing. Refuses: what is no plain yes or no.
"""

from collections.abc import Mapping

from agentdesk.config.home import Home
from agentdesk.config.model import Notify
from agentdesk.config.read import load
from agentdesk.config.write import change_value
from agentdesk.errors import N_

KINDS = ("new", "reply", "due_soon", "breached")
SWITCHES: Mapping[str, str] = {
    "new": N_("tell of new tickets"),
    "reply": N_("tell of customers' answers"),
    "due_soon": N_("tell when a promise is due soon"),
    "breached": N_("tell when a promise was missed"),
    "bell_new": N_("ring the bell for new tickets"),
    "bell_reply": N_("ring the bell for customers' answers"),
    "bell_due_soon": N_("ring the bell when a promise is due soon"),
    "bell_breached": N_("ring the bell when a promise was missed"),
    "mine_only": N_("only of what is assigned to me"),
    "osc": N_("by the terminal"),
    "desktop": N_("by the desktop"),
    "text": N_("with the subject of the ticket"),
}


def is_on(notify: Notify, name: str) -> bool:
    """Whether a switch is on."""
    if name.startswith("bell_"):
        return name.removeprefix("bell_") in notify.bell
    return name in notify.show if name in KINDS else bool(getattr(notify, name))


def switch(home: Home, name: str, *, on: bool) -> Notify:
    """Puts a switch on or off in config.toml; raises ConfigError and DiskError."""
    notify = load(home).notify
    if name not in KINDS and not name.startswith("bell_"):
        return change_value(home, "notify", name, on).notify
    key, kind = ("bell", name.removeprefix("bell_")) if name.startswith("bell_") else ("show", name)
    kinds = set(getattr(notify, key)) - {kind} | ({kind} if on else set())
    return change_value(home, "notify", key, [each for each in KINDS if each in kinds]).notify
