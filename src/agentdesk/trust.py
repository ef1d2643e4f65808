"""What is known of who writes, in words: what an agent said of a sender.

Promises: pure; shared by screen and command line. Refuses: deciding whom to trust; the law and the settings do.
"""

from collections.abc import Mapping

from agentdesk.errors import N_
from agentdesk.i18n import tr

_VERDICTS: Mapping[str, str] = {
    "person": N_("a person, as an agent said"),
    "machine": N_("not a customer, as an agent said"),
}


def verdict(value: str) -> str:
    """What an agent said of a sender."""
    return tr(_VERDICTS.get(value, value))
