"""One row of the table of acts: what it is called, its keys, where they count and what it needs.

Promises: a frozen value and nothing else, so that every part of the table can be read without the console.
Refuses: which acts there are (the files beside) and what they do (screens).
"""

from collections.abc import Iterable

from agentdesk.values import dataclass

QUEUE, READING, CUSTOMER, WRITING, ANYWHERE = "queue", "reading", "customer", "writing", "anywhere"
REPLIES, FILES = "replies", "files"
"""Lists that have keys of their own."""


@dataclass(frozen=True, slots=True)
class Action:
    """`keys` are Textual's names. `where`: queue, reading (the conversation), customer, writing (the composer), replies or
    files (the lists to choose from), or anywhere but where one writes.

    `needs`: ticket, message, ours (it was sent from here), account, live (not resolved), over (resolved, closed or asleep), resolved (or closed: it can be asked how it was), junk, waits (somebody does, for an answer), wrote (something came after the end), lookup (the shop can be asked), template (the channel has
    any). An act on tickets is marked (done to all that are marked, each of which may refuse it) or alone (to one).
    """

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    where: str = ANYWHERE
    needs: frozenset[str] = frozenset()
    footer: bool = False


def act(
    action: str,
    keys: str,
    title: str,
    help_: str,
    where: str = ANYWHERE,
    needs: str = "",
    *,
    footer: bool = False,
) -> Action:
    return Action(
        action,
        tuple(keys.split(" | ")) if keys else (),
        title,
        help_,
        where,
        frozenset(needs.split()),
        footer,
    )


def places(action: Action) -> Iterable[str]:
    """Where an action's keys count: `anywhere` is everywhere but where one types."""
    return (QUEUE, READING, CUSTOMER) if action.where == ANYWHERE else (action.where,)
