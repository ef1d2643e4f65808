"""What a reader of the screen says: whole words in the order in which one wants to hear them.

Promises: one line each, states by words, no sign and no column; pure. Refuses: where it is shown, and repeating what the line
under the cursor says already.
"""

from datetime import datetime

from agentdesk import excused, present
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow
from agentdesk.i18n import tr, tr_n
from agentdesk.standing import Countdown
from agentdesk.widgets.row import customer


def lasting(seconds: float) -> str:
    """A length of time in words, rounded down as the countdowns are."""
    whole = int(abs(seconds))
    if whole >= 172_800:
        return tr_n("{n} day", "{n} days", whole // 86_400).format(n=whole // 86_400)
    if whole >= 7_200:
        return tr_n("{n} hour", "{n} hours", whole // 3_600).format(n=whole // 3_600)
    if whole >= 120:
        return tr_n("{n} minute", "{n} minutes", whole // 60).format(n=whole // 60)
    return tr_n("{n} second", "{n} seconds", whole).format(n=whole)


def due(row: QueueRow, now: datetime) -> str:
    """When a ticket's next promise ends, and the window that it has its place by; empty where none runs."""
    if row.snoozed_until is not None:
        return ""
    parts = []
    if row.next_due_at is not None:
        left = (moment(row.next_due_at) - now).total_seconds()
        parts.append((tr("due in {time}") if left >= 0 else tr("late by {time}")).format(time=lasting(left)))
    if row.reason == "window" and row.window_until is not None:
        left = max(0.0, (moment(row.window_until) - now).total_seconds())
        parts.append(tr("the window closes in {time}").format(time=lasting(left)))
    return ", ".join(parts)


def key(name: str) -> str:
    """A key by its name: Ctrl+j, Enter; a chord's keys one after the other."""
    words = present.key(name).split(" ")
    signs = (("^", "Ctrl+"), ("M-", "Alt+"), ("⏎", tr("Enter")))
    for sign, said in signs:
        words = [word.replace(sign, said) if word != sign or sign == "⏎" else word for word in words]
    return " ".join(words)


def row(row: QueueRow, label: Countdown, *, marked: bool, agent: str = "") -> str:
    """A line of the queue: the time first, since it sorts; then who, about what, and whose it is."""
    window = tr("the window closes in {time}").format(time=label.window) if label.window else ""
    time = {
        "late": tr("late {time}").format(time=label.text.lstrip("-")),
        "still": "" if label.text == "--" else label.text,
    }.get(label.tone, "" if label.is_window else tr("{time} left").format(time=label.text))
    parts = [
        tr("marked") if marked else "",
        time,
        window,
        tr("unread") if row.unread else "",
        customer(row),
        safe_line(present.subject(row)),
        present.channel(row.channel),
        f"#{row.number}",
        present.draft(row.drafts, agent) if row.drafts else "",
        present.delivery("unknown" if row.in_doubt else "failed") if row.failed else "",
        present.junk() if row.junk else "",
        present.short_status(row.status) and present.status(row.status),
        excused.snoozed(row),
        present.priority(row.priority) if row.priority != "normal" else "",
        safe_line(row.assignee or ""),
        safe_line(row.language or ""),
    ]
    return ", ".join(filter(None, parts))


def opened(row: QueueRow, messages: int, now: datetime) -> str:
    """What is said when a ticket is opened."""
    count = tr_n("{n} message", "{n} messages", messages).format(n=messages)
    parts = [
        tr("ticket {number}, from {name}").format(number=row.number, name=customer(row)),
        count,
        due(row, now),
    ]
    return ", ".join(filter(None, parts))
