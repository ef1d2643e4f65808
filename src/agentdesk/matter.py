"""What kind of matter a ticket is and what went wrong, in words.

Refuses: knowing more of a ticket than the word that it bears.
"""

from collections.abc import Mapping

from agentdesk.errors import N_
from agentdesk.i18n import tr

_KINDS: Mapping[str, str] = {
    "question": N_("question"),
    "complaint": N_("complaint"),
    "claim": N_("claim"),
    "suggestion": N_("suggestion"),
}
_INCIDENTS: Mapping[str, str] = {
    "product": N_("unclear description"),
    "purchase": N_("unclear steps to buy"),
    "logistics": N_("delivery"),
    "returns": N_("returns and exchanges"),
    "service": N_("poor service"),
    "content": N_("something not found on the website"),
    "payment": N_("payment"),
    "channels": N_("channels that disagree"),
}


def kind(value: str) -> str:
    """What kind of matter it is."""
    return tr(_KINDS.get(value, value))


def incident(value: str) -> str:
    """What went wrong."""
    return tr(_INCIDENTS.get(value, value))
