"""Rows as a spreadsheet may open them.

Promises: no cell that a stranger filled is taken for a formula (reliability, threat 17): one that begins as a formula does gets
an apostrophe before it; none is longer than a cell may be; every cell is quoted as RFC 4180 says. Refuses: being exact; who
wants that reads the JSON Lines.
"""

import csv
import io
from collections.abc import Iterable

BEGINS_A_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What makes a program calculate, the wide forms of East Asian keyboards included."""

LONGEST = 32_767
"""Characters of a cell; programs spoil the table with more."""
CUT = " [...]"


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
