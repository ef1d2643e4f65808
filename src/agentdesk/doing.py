"""What a file of the shop's has done to a ticket: the table `do` of a macro and of a rule, read once for both.

Promises: a word that cannot be meant is a problem with file and line, and then nothing of the table is done. Refuses: doing it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from agentdesk.core.macro import later
from agentdesk.core.model import Priority, Status
from agentdesk.core.replies import Does
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr
from agentdesk.shopfile import ShopFile, hint

KEYS = ("tag", "untag", "priority", "assign", "snooze", "status")
STATUSES = (Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY, Status.RESOLVED)


def does_of(file: ShopFile, table: Mapping[str, Any]) -> Does:
    """What `table`, the file's `do`, says; whatever is wrong with it is a problem of `file`."""
    words: dict[str, Any] = {
        key: safe_line(file.text(table[key], f"do.{key}"))
        for key in ("priority", "assign", "snooze", "status")
        if key in table
    }
    known: dict[str, tuple[str, ...]] = {"priority": tuple(Priority), "status": STATUSES}
    for key, choices in known.items():
        if words.get(key) and words[key] not in choices:
            near, nearest = hint(words[key], choices)
            file.add(f"do.{key}", tr("this word is not known{hint}").format(hint=near), nearest)
    if words.get("snooze") and later(words["snooze"], datetime(2000, 1, 1, tzinfo=UTC)) is None:
        file.add("do.snooze", tr('it is written as 30m, 2h, 3d, 1w or "1d 9:00"'))
    if words.get("snooze") and words.get("status"):
        file.add("do.status", tr("what sleeps has no other status: leave out one of both"))
    return Does(
        tag=names_of(file, table, "tag", "do.tag"), untag=names_of(file, table, "untag", "do.untag"), **words
    )


def names_of(file: ShopFile, table: Mapping[str, Any], name: str, key: str) -> tuple[str, ...]:
    """A list of short texts; none where there is none."""
    value = table.get(name, [])
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(safe_line(each) for each in value)
    file.add(key, tr('it must be a list of texts: ["...", "..."]'))
    return ()


def check_agent(file: ShopFile, name: str, agents: Sequence[str], others: Collection[str]) -> None:
    """Whoever a ticket is given to works here, or is one of the words `others`."""
    known = (*others, *agents)
    if name and agents and name not in known:
        near, nearest = hint(name, known)
        file.add("do.assign", tr("nobody of that name works here{hint}").format(hint=near), nearest)
