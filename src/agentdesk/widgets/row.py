"""One row of the queue as one line: what sorts first, the time left; then who, what, and whose it is.

Promises: the line fits its width at any width from 30 cells; what has no room goes in this order: the status's word, the
assignee's name, the assignee, the language, the number. Every state has a sign or a word, colour or not.
"""

from rich.cells import cell_len

from agentdesk import excused, present, whose
from agentdesk.core.text import safe_line, safe_name
from agentdesk.core.views import QueueRow
from agentdesk.i18n import tr
from agentdesk.standing import Countdown
from agentdesk.values import dataclass
from agentdesk.widgets.cells import cut, fit
from agentdesk.widgets.glyphs import Glyphs
from agentdesk.widgets.pane import Line

LABEL = 6
LABEL_ENDS = 1 + 1 + 1 + LABEL
"""Cells from the left edge in which the time stands."""
_FIXED = 1 + 1 + 1 + LABEL + 1 + 1 + 1 + 2 + 1
_TONES = {"late": "late", "soon": "soon", "calm": "", "still": "dim"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 is a column that has no room. A width has the space before it in it, `subject`'s has not."""

    customer: int
    subject: int
    status: int = 0
    assignee: int = 0
    number: int = 0
    language: int = 0


def columns(width: int, digits: int) -> Columns:
    """How `width` cells are shared out; `digits` of the longest ticket number."""
    number = digits + 2 if width >= 52 else 0
    language = 3 if width >= 58 else 0
    assignee = 0 if width < 72 else 3 if width < 108 else 10
    status = 12 if width >= 92 else 0
    free = max(0, width - _FIXED - number - language - assignee - status)
    customer = min(max(free * 3 // 10, min(10, free // 2)), 26)
    return Columns(customer, max(0, free - customer - 1), status, assignee, number, language)


def draw(
    row: QueueRow,
    label: Countdown,
    to: Columns,
    glyphs: Glyphs,
    *,
    marked: bool,
    chosen: bool,
    agent: str = "",
) -> Line:
    """The pieces of a row, left to right, as `agent` sees them."""
    bold = "bold" if row.unread else ""
    quiet = "dim" if row.status in {"resolved", "closed"} and not row.unread else bold
    sign = "! " if label.tone == "late" else f"{glyphs.window} " if label.is_window else ""
    time = cut(f"{sign}{label.text}", LABEL + 1, glyphs.more)
    parts = [
        (glyphs.cursor if chosen else " ", "mark"),
        (glyphs.marked if marked else " ", "mark"),
        (" " * (LABEL + 1 - cell_len(time)), ""),
        (time, _TONES[label.tone]),
        (f" {glyphs.unread if row.unread else ' '} ", "mark"),
        (fit(safe_line(present.letters(row.channel)), 2), "dim"),
        (" " + fit(customer(row), to.customer, glyphs.more), quiet),
        (" " + fit(_subject(row, to, glyphs, agent), to.subject, glyphs.more), quiet),
    ]
    if to.status:
        parts.append((" " + fit(_state(row, glyphs), to.status - 1, glyphs.more), "dim"))
    if to.assignee:
        parts.append((" " + fit(_assignee(row, to.assignee), to.assignee - 1, glyphs.more), "dim"))
    if to.number:
        parts.append((" " + fit(f"#{row.number}", to.number - 1, right=True), "dim"))
    if to.language:
        parts.append((" " + fit(safe_line(row.language or ""), 2), "dim"))
    return tuple(parts)


def customer(row: QueueRow) -> str:
    """The room's name, or the customer's, else the address, else that they were forgotten."""
    if row.erased:
        return present.erased()
    if row.room:
        return whose.quoted(row.room)
    return safe_name(row.customer_name) or safe_line(row.identity.partition(":")[2])


def _state(row: QueueRow, glyphs: Glyphs) -> str:
    if row.failed:
        return _stuck(row, glyphs)
    if row.junk:
        return f"! {present.junk()}"
    word = present.short_status(row.status)
    if word:
        return f"{glyphs.status.get(row.status, glyphs.dot)} {word}"
    sign = glyphs.priority.get(row.priority)
    return f"{sign} {present.priority(row.priority)}" if sign else ""


def _stuck(row: QueueRow, glyphs: Glyphs) -> str:
    """That an answer did not arrive, or that nobody knows: then sending it again may send it twice."""
    return f"? {tr('in doubt')}" if row.in_doubt else f"{glyphs.bad} {present.delivery('failed')}"


def _subject(row: QueueRow, to: Columns, glyphs: Glyphs, agent: str) -> str:
    """The subject; before it the signs that have no column of their own at this width."""
    signs = "" if to.status else glyphs.status.get(row.status, "")
    if not to.status or signs or present.short_status(row.status):
        signs += glyphs.priority.get(row.priority, "")
    text = safe_line(present.subject(row))
    if row.drafts:
        text = f"{glyphs.note} {present.draft(row.drafts, agent)} {glyphs.dot} {text}"
    if reason := excused.snoozed(row):
        text = f"({reason}) {text}"
    if row.junk and (row.failed or not to.status):
        text = f"! {present.junk()} {glyphs.dot} {text}"
    if row.failed and not to.status:
        text = f"{_stuck(row, glyphs)} {glyphs.dot} {text}"
    return f"{signs} {text}" if signs else text


def _assignee(row: QueueRow, width: int) -> str:
    name = safe_line(row.assignee or "")
    if width > 3:
        return name
    return "".join(word[0] for word in name.split())[:2].upper() if " " in name else name[:2]
