"""What happens to a row: the changes that `core.fold` makes of events and the store writes, as values.

Promises: nothing but the shapes, and which columns hold what is personal. Refuses: SQL.
"""

from typing import Any

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Insert:
    """A row; one that is there already stays as it is, unless `replace`."""

    table: str
    values: dict[str, Any]
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    table: str
    key: dict[str, Any]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delete:
    table: str
    key: dict[str, Any]


Op = Insert | Update | Delete

PERSONAL = {
    "ticket": ("subject", "snooze_reason"),
    "identity": ("address", "name"),
    "message": ("subject", "name", "address", "headers"),
    "attachment": ("name", "content_id"),
    "alias": ("name",),
    "reaction": ("sign",),
    "profile": ("value",),
    "pledge": ("text",),
}
"""The columns that an erase empties, by table."""
KEYS = {
    "attachment": ("message", "position"),
    "alias": ("mail_id",),
    "reaction": ("message", "identity"),
    # Whoever was forgotten and wrote again has the same id, and is another customer.
    "identity": ("id", "customer"),
}
"""What tells the rows of a table apart, where it is not `id`."""
