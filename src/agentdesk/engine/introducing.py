"""Customers from a table that a shop has: another help desk's list, a shop program's export, a spreadsheet.

Promises: columns by their usual names in three languages, any other is a field of the shop's own; a row that cannot be used is told
with its line and the others count; read again, it changes nothing; rows go in as one act, which one undo takes back. Refuses:
guessing who is meant by a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from agentdesk import outside
from agentdesk.core import profile, sheet
from agentdesk.core.events import CustomerOpened, Event
from agentdesk.core.folding import folded
from agentdesk.core.keeping import Introduce
from agentdesk.core.text import safe_line
from agentdesk.engine.bulk import Bulk
from agentdesk.engine.first import EXAMPLES, has_country, reachable
from agentdesk.errors import N_, NotFoundError, RefusedError, UsageError
from agentdesk.i18n import tr
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from agentdesk.core.commands import Command
    from agentdesk.engine.desk import Desk
    from agentdesk.store.writer import Writer

WAYS = ("email", "whatsapp", "sms", "telegram", "messenger", "instagram", "matrix")
"""Columns that say how somebody is reached."""
_BY_NUMBER = ("whatsapp", "sms")
_ALSO: Mapping[str, tuple[str, ...]] = {
    "email": ("e-mail", "mail", "correo", "correo electrónico", "correu", "correu electrònic", "email address", "e-mail address"),
    "name": ("nombre", "nom", "full name", "nombre completo", "nom complet", "customer", "cliente", "client"),
    "phone": ("telephone", "teléfono", "telefono", "telèfon", "tel", "móvil", "movil", "mòbil", "mobile"),
    "company": ("empresa", "compañía", "companyia", "organization", "organisation"),
    "language": ("idioma", "lengua", "llengua", "lang", "locale"),
    "form": ("tratamiento", "tractament"),
    "note": ("notes", "nota", "notas", "notes internes", "comment", "comments", "comentarios", "observaciones"),
}  # fmt: skip
_OURS = {folded(word): name for name, words in _ALSO.items() for word in (name, *words)} | {
    way: way for way in WAYS
}
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a zip begins, and so what a spreadsheet saves as its own, and what an old one saved."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what it asks for, or why it asks for nothing; `left` are (column, value) that say nothing we know."""

    line: int
    asks: Introduce | RefusedError
    left: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Introduced:
    """What became of a table, in rows; `refused` are (line, why), `left` are (line, column, value) of a row that was used without."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, RefusedError]] = field(default_factory=list)
    left: list[tuple[int, str, str]] = field(default_factory=list)
    group: str = ""

    def take(self, row: Row, outcome: Event | RefusedError) -> None:
        """One row more."""
        if isinstance(outcome, RefusedError) and outcome.values.get("reason") != "nothing_changes":
            self.refused.append((row.line, outcome))
            return
        self.left += [(row.line, column, value) for column, value in row.left]
        if isinstance(outcome, RefusedError):
            self.same += 1
        elif any(isinstance(change, CustomerOpened) for change in outcome.changes):
            self.added += 1
        else:
            self.changed += 1


def rows(path: Path) -> list[Row]:
    """Raises NotFoundError for a file that is not there, UsageError for what is no table of customers."""
    if not path.exists():
        raise NotFoundError(what=N_("file"), name=str(path))
    try:
        with path.open("rb") as file:
            data = file.read(sheet.AT_MOST + 1)
    except OSError as error:
        reason = tr("{file} cannot be read: {reason}")
        raise UsageError(
            reason=reason.format(file=safe_line(path.name), reason=outside.said(error.strerror))
        ) from None
    if len(data) > sheet.AT_MOST:
        raise UsageError(reason=tr("the file is longer than {size} MB").format(size=sheet.AT_MOST >> 20))
    if data.startswith(_NO_TEXT):
        reason = tr("{file} is no table of text: open it in a spreadsheet and save it as CSV")
        raise UsageError(reason=reason.format(file=safe_line(path.name)))
    try:
        return list(_rows(data))
    except sheet.UnreadableError as error:
        raise UsageError(reason=tr("line {line}: {reason}").format(line=error.line, reason=error)) from None


def _rows(data: bytes) -> Iterator[Row]:
    read = sheet.read(data)
    head = next(read, (0, []))[1]
    columns = [_OURS.get(folded(each), each) for each in head]
    if not set(columns) & set(WAYS):
        there = ", ".join(safe_line(each) for each in head) or "-"
        reason = tr("no column says how they are reached: name one of them {ways}; there is: {there}")
        raise UsageError(reason=reason.format(ways=", ".join(WAYS), there=there))
    seen: dict[tuple[str, str], int] = {}
    for line, cells in read:
        said = {name: value for name, value in zip(columns, cells, strict=False) if name and value}
        left = tuple((name, said.pop(name)) for name in tuple(said) if _says_nothing(name, said[name]))
        if said:
            yield Row(line, _asked(said, line, seen), left)


def _says_nothing(column: str, value: str) -> bool:
    """A language or form of address that is none here: no reason to know nothing of somebody."""
    return profile.chooses(column) and profile.meant(column, value) is None


def _asked(said: dict[str, str], line: int, seen: dict[tuple[str, str], int]) -> Introduce | RefusedError:
    people = []
    for way in WAYS:
        if word := said.pop(way, ""):
            address = reachable(way, word)
            if address is None:
                return RefusedError(
                    reason="no_such_address", address=safe_line(word), channel=way, example=EXAMPLES[way]
                )
            if way in _BY_NUMBER and not has_country(word):
                return RefusedError(reason="no_country", address=safe_line(word), example=EXAMPLES[way])
            people.append((way, address))
    for each in people:
        if each in seen:
            return RefusedError(reason="named_twice", line=seen[each])
    seen.update(dict.fromkeys(people, line))
    note = said.pop("note", "")
    return Introduce(tuple(people), tuple(said.items()), note)


class Introducing(Bulk):
    """`step` takes in the next rows; `found` is what became of all when none is left."""

    def __init__(self, desk: Desk, table: list[Row]) -> None:
        super().__init__(desk, {str(row.line): row.asks for row in table if isinstance(row.asks, Introduce)})
        self._table = table
        self._events: list[Event] = []

    def _do(self, writer: Writer, command: Command) -> None:
        event = self._desk.decided(writer, command, actor=self._actor, group=self.group).event
        assert event is not None  # a row is decided by an event or refused
        self._events.append(event)

    def found(self) -> Introduced:
        events = iter(self._events)
        found = Introduced(group=self.group)
        for row in self._table:
            refused = row.asks if isinstance(row.asks, RefusedError) else self.refused.get(str(row.line))
            found.take(row, refused or next(events))
        return found


def foreseen(desk: Desk, table: list[Row]) -> Introduced:
    """What would become of it; nothing is done."""
    outcomes = desk.outcomes(row.asks for row in table if isinstance(row.asks, Introduce))
    found = Introduced()
    for row in table:
        outcome = row.asks if isinstance(row.asks, RefusedError) else next(outcomes)
        assert isinstance(outcome, Event | RefusedError)  # only a message can be known already
        found.take(row, outcome)
    return found
