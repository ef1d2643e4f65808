"""The deadline that a channel itself sets for answering freely.

Promises: pure and exact; counted from the customer's last message as the provider dates it, so that a laptop which
slept for twenty hours knows that four are left. Refuses: knowing a service's words; what may be sent after the end is
the connector's to carry out. The rules are WhatsApp's and Meta's (channels.md 1.2): free answers for 24 hours; after that
WhatsApp takes approved templates only, and Messenger and Instagram what a person wrote, for up to seven days.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from agentdesk.values import dataclass


class Standing(StrEnum):
    """What may be sent now: anything; only what a person wrote; only an approved template; nothing."""

    OPEN = "open"
    HUMAN_ONLY = "human_only"
    TEMPLATE_ONLY = "template_only"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """`free` from the customer's last message on; then `after`, until `longest` (None: for ever)."""

    free: timedelta
    after: Standing
    longest: timedelta | None = None


_DAY = timedelta(days=1)
_META = Window(_DAY, Standing.HUMAN_ONLY, timedelta(days=7))
WINDOWS = {"whatsapp": Window(_DAY, Standing.TEMPLATE_ONLY), "messenger": _META, "instagram": _META}
"""Channels that are not here take an answer at any time."""


def has_templates(channel: str) -> bool:
    """Whether a channel takes approved texts when it takes no others."""
    window = WINDOWS.get(channel)
    return window is not None and window.after is Standing.TEMPLATE_ONLY


def closes_at(channel: str, wrote_at: datetime) -> datetime | None:
    """When free answers end, for a customer who last wrote at `wrote_at`; None where they never do."""
    window = WINDOWS.get(channel)
    return wrote_at + window.free if window else None


def standing(channel: str, closes: datetime | None, now: datetime) -> Standing:
    """What may be sent at `now`; `closes` as `closes_at` said, None where the customer has not written yet."""
    window = WINDOWS.get(channel)
    if window is None or (closes is not None and now < closes):
        return Standing.OPEN
    if closes is None or window.longest is None:
        return Standing.TEMPLATE_ONLY if window.after is Standing.TEMPLATE_ONLY else Standing.CLOSED
    return window.after if now < closes - window.free + window.longest else Standing.CLOSED
