"""Rows as a spreadsheet may open them, and as one writes them.

Promises: no cell that a stranger filled is taken for a formula (reliability, threat 17): one that begins as a formula does gets
an apostrophe before it; none is longer than a cell may be; every cell is quoted as RFC 4180 says. Refuses: being exact; who
wants that reads the JSON Lines.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from agentdesk.core.text import MARK

BEGINS_A_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What makes a program calculate, the wide forms of East Asian keyboards included."""

LONGEST = 32_767
"""Characters of a cell; programs spoil the table with more."""
CUT = " [...]"
AT_MOST = 32 << 20
"""Bytes of a table that is read."""


class UnreadableError(ValueError):
    """A line that no program can have meant."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


def read(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row, that of the columns' names first: separators , ; and tab, UTF-8 or what Windows writes. `line`
    is the one that the row ends in. Raises UnreadableError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\0", MARK)  # the library takes no file that has one
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        for row in reader:
            yield reader.line_num, [each.strip() for each in row]
    except csv.Error as error:
        raise UnreadableError(reader.line_num, str(error)) from None


def cell(value: object) -> str:
    """One value as text: nothing for None and no, `yes` for yes."""
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    if text[:1] and text[0] in BEGINS_A_FORMULA and not isinstance(value, int):
        text = f"'{text}"
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def row(values: Iterable[object]) -> str:
    """A line with its end."""
    line = io.StringIO()
    csv.writer(line).writerow(map(cell, values))
    return line.getvalue()
