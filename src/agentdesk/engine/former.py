"""Desks that a restore put aside: who is forgotten here is forgotten there too, and what that cannot be done with is said.

Promises: a desk put aside is rid of the person whether it is this desk as it was before or another one, which has a key and ids of
its own and knows people by their addresses alone. Refuses: removing such a desk, since only its owner knows whether it is needed.
"""

from contextlib import closing
from pathlib import Path

from agentdesk.config import Home
from agentdesk.core.commands import EraseAgain
from agentdesk.core.seal import Seal
from agentdesk.engine import erasures, kept
from agentdesk.engine.desk import Desk
from agentdesk.store import erasure, person

Called = tuple[tuple[str, str], ...]
"""(channel, address) of everything that one person is known by."""


def desks(home: Home) -> list[Path]:
    """The folders of data that restores put aside, the oldest first."""
    return sorted(home.data.parent.glob(f"{home.data.name}.before-restore-*"))


def forget(desk: Desk, data: Path, done: EraseAgain, called: Called, backups: Path) -> list[Path]:
    """Does an erase of `desk` again in one that was put aside. Gives the files that still hold the person: the daily backups of
    another desk, which nobody makes anew, or the whole folder. Raises DeskError, OSError."""
    key = (data / "desk.key").read_bytes()
    if key == desk.seal.key:
        erasures.replay(data, key, {done.event: done})
        return []
    with erasures.at_rest(data, key) as other:
        found = _forgotten(other, called)
        with closing(other.reader()) as connection:
            addresses = [address.lower() for _, address in called]
            if erasure.unread_of(connection, other.store.blobs, addresses):
                return [data]  # a mail that nobody could read yet: no customer there, by whom it could go
    erasures.noted(data, kept.mark_of(desk.seal), done)
    return kept.of_desk(backups, kept.mark_of(Seal(key))) if found else []


def unsure(desk: Desk, home: Home) -> list[Path]:
    """Desks put aside that may hold somebody who was forgotten here: an erase was not, or cannot be shown to have been, done there."""
    mark = kept.mark_of(desk.seal)
    with closing(desk.reader()) as connection:
        wanted = {each.event for each in erasure.done(connection)}
    return [each for each in desks(home) if wanted - erasures.known(each, mark)]


def _forgotten(other: Desk, called: Called) -> bool:
    """Forgets everybody who is known there by one of these addresses; gives whether there was anybody."""
    found = False
    with other.transaction() as writer:
        for channel, address in called:
            customer = person.behind(writer.connection, other.seal.identity(channel, address))
            if customer:
                erasures.erased(other, writer, customer)
                found = True
    if found:
        other.store.compact()
    return found
