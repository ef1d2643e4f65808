"""Orders from a CSV file, as any shop program exports it: read anew whenever the file changed.

Promises: a row that cannot be used is left out and the others count; separators , ; and tab, UTF-8 or what Windows writes.
Refuses: files beyond `core.sheet.AT_MOST`; keeping a file in memory beyond what its orders need.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from agentdesk.channels.lookup import Source
from agentdesk.core import lookup, sheet
from agentdesk.core.lookup import NAMES, Fact, Question
from agentdesk.i18n import tr

_WHO = ("email", "phone")
_PHONES = {"phone", "sms", "whatsapp"}
_TRUE, _FALSE = {"1", "true", "yes", "si", "sí", "x"}, {"0", "false", "no"}


class Sheet(Source):
    """`columns` are ours by the names of the file's, where they differ: {"number": "Pedido"}."""

    def __init__(self, name: str, seconds: float, path: Path, columns: Mapping[str, str]) -> None:
        super().__init__(name, seconds)
        self._path = path
        self._columns = columns

    def find(self, question: Question) -> tuple[Fact, ...]:
        mine = (row for row in self.rows() if _is_meant(row, question))
        found = sorted(mine, key=lambda row: row.get("placed_at", ""), reverse=True)
        return lookup.facts(_fact(row) for row in found)

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows with an order number, by our names of the columns; raises LookupFailedError, ValueError."""
        try:
            with self._path.open("rb") as file:
                data = file.read(sheet.AT_MOST + 1)
        except OSError as error:
            raise self.unreachable(f"{self._path.name}: {error.strerror}") from None
        if len(data) > sheet.AT_MOST:
            raise ValueError(tr("the file is longer than {size} MB").format(size=sheet.AT_MOST >> 20))
        try:
            rows = sheet.read(data)
            names = self._names(next(rows, (0, []))[1])
            for _, row in rows:
                found = {name: value for name, value in zip(names, row, strict=False) if name}
                if len(row) == len(names) and found.get("number"):
                    yield found
        except sheet.UnreadableError as error:
            raise ValueError(tr("line {line}: {reason}").format(line=error.line, reason=error)) from None

    def _names(self, head: list[str]) -> list[str]:
        """What we call each column of the file."""
        ours = {theirs.casefold(): name for name, theirs in self._columns.items()}
        there = {each.casefold() for each in head}
        if missing := [theirs for theirs in self._columns.values() if theirs.casefold() not in there]:
            raise ValueError(tr("there is no column {name}").format(name=missing[0]))
        names = [
            ours.get(each.casefold(), each.lower() if each.lower() in {*NAMES, *_WHO, "open"} else each)
            for each in head
        ]
        if "number" not in names:
            raise ValueError(tr("no column is called number; say in columns which one holds it"))
        return names


def _is_meant(row: Mapping[str, str], question: Question) -> bool:
    """Whether it was named, or is of one of the customer's addresses or telephone numbers."""
    if any(lookup.same_number(row["number"], each) for each in question.orders):
        return True
    mail = {address.casefold() for channel, address in question.identities if channel == "email"}
    phones = {_digits(address) for channel, address in question.identities if channel in _PHONES}
    return row.get("email", "").casefold() in mail or _digits(row.get("phone", "")) in phones - {""}


def _digits(phone: str) -> str:
    """The last nine digits, in which the country does not matter; "" for what is no number."""
    digits = "".join(each for each in phone if each.isdigit())
    return digits[-9:] if len(digits) >= 9 else ""


def _fact(row: Mapping[str, str]) -> dict[str, object]:
    """The row as an answer has it; the telephone is not shown, since it is the customer's own."""
    said = row.get("open", "").casefold()
    return {
        **{name: value for name, value in row.items() if name not in {"phone", "open", "items"}},
        "items": [each.strip() for each in row.get("items", "").replace("|", ";").split(";")],
        **({"open": said in _TRUE} if said in _TRUE | _FALSE else {}),
    }
