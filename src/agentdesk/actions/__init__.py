"""Every act that a key can do, once: bindings, footer, palette, `?`, the command line of the console and the documentation
are all drawn from this table. An action whose needs are not met says which; a key never silently does nothing.

A key of two characters apart by a space is a chord; its first key shows what may follow.
"""

from collections.abc import Mapping

from agentdesk.actions.around import AROUND_ACTS
from agentdesk.actions.dealing import DEALING_ACTS
from agentdesk.actions.lists import LIST_ACTS
from agentdesk.actions.looking import LOOKING_ACTS
from agentdesk.actions.manners import MANNERS_ACTS
from agentdesk.actions.row import (
    ANYWHERE,
    CUSTOMER,
    FILES,
    QUEUE,
    READING,
    REPLIES,
    WRITING,
    Action,
    places,
)
from agentdesk.actions.writing import WRITING_ACTS
from agentdesk.errors import N_
from agentdesk.i18n import tr

__all__ = [
    "ACTIONS",
    "ANYWHERE",
    "BY_ID",
    "CUSTOMER",
    "FILES",
    "LIST_ACTS",
    "PREFIXES",
    "QUEUE",
    "READING",
    "REPLIES",
    "WRITING",
    "Action",
    "places",
    "view_title",
]

ACTIONS: tuple[Action, ...] = (
    *LOOKING_ACTS,
    *MANNERS_ACTS,
    *DEALING_ACTS,
    *AROUND_ACTS,
    *WRITING_ACTS,
    *LIST_ACTS,
)
BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}


def view_title(view: str) -> str:
    """What a view of ours is called: as many tickets, where its name is one ticket's status too."""
    return tr(BY_ID[f"go.{view}"].title)


PREFIXES: Mapping[str, str] = {"g": N_("go"), "t": N_("set"), "z": N_("snooze"), "Y": N_("copy")}
