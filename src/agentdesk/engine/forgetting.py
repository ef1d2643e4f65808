"""Forgetting a person for good: what would go and what would stay, said first; then the erase, here and in the copies.

Promises: no byte of the person is left in the store's files, the log, and the copies that agentdesk made by itself; what cannot be
reached is named. Mails at the provider are deleted only by choice, as wishes that are stored with the erase and outlive every
crash. Refuses: a mail that other customers share, or that others wrote (`core.staying`), and copies that somebody made.
"""

from contextlib import closing, suppress
from pathlib import Path

from agentdesk.config import Backup, Home
from agentdesk.core.events import Event
from agentdesk.core.staying import Foreseen, Lying, Staying, by_folder, may_go
from agentdesk.core.traces import Traces
from agentdesk.engine import daily, erasures, former
from agentdesk.engine.desk import Desk
from agentdesk.engine.kept import folder_of
from agentdesk.errors import DeskError, NotFoundError, RefusedError
from agentdesk.store import erasure, people, person, staying, wish
from agentdesk.store.driver import Connection
from agentdesk.store.wish import Undeleted
from agentdesk.values import dataclass

FORGOTTEN = "[forgotten]"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`before` is what was foreseen, `asked` how many mails the providers are asked to delete; `removed` are copies that went
    too, `kept` copies that may still hold the person; `is_read`: another program still reads a moment of before, and until it
    ends the journal holds what went."""

    event: Event
    before: Foreseen
    asked: int
    removed: tuple[Path, ...]
    kept: tuple[Path, ...]
    is_read: bool


def foreseen(desk: Desk, customer: str) -> Foreseen:
    """What would become of everything of a customer; changes nothing. Raises NotFoundError, RefusedError."""
    with closing(desk.reader()) as connection:
        found, _ = _foreseen(desk, connection, customer)
    return found


def forget(desk: Desk, customer: str, *, mailbox: bool = False) -> tuple[Event, Foreseen]:
    """Erases a customer and leaves no byte of them in the store's files; with `mailbox` their mails at the providers are wished
    away in the same transaction. Raises NotFoundError, RefusedError."""
    with desk.transaction() as writer:
        before, mails = _foreseen(desk, writer.connection, customer)
        event = erasures.erased(desk, writer, customer)
        if mailbox:
            wish.delete(writer.connection, mails)
    desk.store.compact()
    return event, before


def erase(
    desk: Desk, home: Home, customer: str, backup: Backup | None = None, *, mailbox: bool = False
) -> Forgotten:
    """Forgets a customer for good, also in the log and in the copies that were made by themselves."""
    with closing(desk.reader()) as connection:
        traces = Traces(person.words(connection, customer))
        called = person.addresses(connection, customer)
    event, before = forget(desk, customer, mailbox=mailbox)
    _clear_logs(home, traces)
    copies = tuple(sorted((*home.backups.glob("before-*.db"), *home.backups.glob(".*"), *_opened(home))))
    for copy in copies:
        copy.unlink(missing_ok=True)
    gone, stay = daily.renew(desk, home, backup or Backup())
    # Last: whatever fails here, the rest is done.
    kept = _still_there(desk, home, event.id, called, backup or Backup())
    asked = before.staying.deletable if mailbox else 0
    return Forgotten(event, before, asked, (*copies, *gone), (*kept, *stay), not desk.store.emptied())


def undeleted(desk: Desk) -> tuple[Undeleted, ...]:
    """Mails of people who were forgotten that the providers have yet to delete."""
    with closing(desk.reader()) as connection:
        return wish.undeleted(connection)


def _foreseen(desk: Desk, connection: Connection, customer: str) -> tuple[Foreseen, tuple[str, ...]]:
    """And the messages whose mails may be deleted."""
    if (is_erased := person.is_erased(connection, customer)) is None:
        raise NotFoundError(what="customer", name=customer)
    if is_erased:
        raise RefusedError(reason="nothing_changes")
    mails = staying.mails(connection, customer)
    free = frozenset(mail.message for mail in mails if _may_go(desk, connection, mail))
    left = Staying(
        by_folder(mails, free), staying.chats(connection, customer), staying.named(connection, customer)
    )
    return Foreseen(person.extent(connection, customer), left), tuple(sorted(free))


def _may_go(desk: Desk, connection: Connection, mail: Lying) -> bool:
    return may_go(
        mail, desk.own, lambda address: people.is_customer(connection, desk.seal.identity("email", address))
    )


def _still_there(
    desk: Desk, home: Home, event: str, called: tuple[tuple[str, str], ...], backup: Backup
) -> list[Path]:
    """The list of erases is written; what was put aside by a restore is rid of the person too. Gives what that cannot be done
    with."""
    folder = folder_of(home, backup)
    erasures.write(desk, home, folder)
    kept = [] if folder.is_dir() else [folder]
    with closing(desk.reader()) as connection:
        (done,) = (each for each in erasure.done(connection) if each.event == event)
    for data in former.desks(home):
        try:
            kept += former.forget(desk, data, done, called, folder)
        except (DeskError, OSError):
            kept.append(data)
    return kept


def _opened(home: Home) -> list[Path]:
    """Files that were opened with another program; whoever opens one again gets it again."""
    return [path for path in (home.state / "opened").glob("*") if path.is_file()]


def _clear_logs(home: Home, traces: Traces) -> None:
    """Lines that tell the person are written over in the very file: another process goes on with it."""
    for path in home.log.glob(f"{home.log_file.name}*"):
        with suppress(OSError), path.open("r+", encoding="utf-8", errors="surrogateescape") as file:
            lines = file.readlines()
            if not any(map(traces.are_in, lines)):
                continue
            file.seek(0)
            file.writelines(f"{FORGOTTEN}\n" if traces.are_in(line) else line for line in lines)
            file.truncate()
