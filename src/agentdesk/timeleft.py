"""What a row and a heading say of the time: how long until what is promised next, or until a channel's window closes.

Promises: one rule for the console and the command line: what is late is late, whatever window is open; where it is the window's end
that is shown, it says so. Refuses: the order (`core.order`), and reading a clock.
"""

from datetime import datetime

from agentdesk.core.instant import maybe_moment, moment
from agentdesk.core.notice import SOON
from agentdesk.core.views import QueueRow
from agentdesk.i18n import tr
from agentdesk.present import brief, countdown
from agentdesk.values import dataclass

WINDOW_SOON = 7_200
"""Seconds before a channel's window closes from which on it is said in another colour."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """What a row or a heading says of its clock. `tone`: late, soon, calm, still (nothing counts). `window`: how long the channel
    still takes a free answer, where the ticket stands where it stands for that; `text` is the same unless a promise is late."""

    text: str
    tone: str
    window: str = ""

    @property
    def is_window(self) -> bool:
        return self.text == self.window


def clock_label(row: QueueRow, now: datetime) -> Countdown:
    """What a queue row begins with: its next deadline, when it wakes, that it is from before, or `--`."""
    if row.snoozed_until is not None:
        return Countdown(countdown(max(0.0, _until(row.snoozed_until, now))), "still")
    closes = _window(row, now)
    window = "" if closes is None else countdown(closes)
    due = None if row.next_due_at is None else _until(row.next_due_at, now)
    if closes is not None and not _is_late(due):
        return Countdown(window, "soon" if closes < WINDOW_SOON else "calm", window)
    if due is not None:
        soon = is_soon(due, maybe_moment(row.soon_at), now)
        return Countdown(countdown(due), "late" if due < 0 else "soon" if soon else "calm", window)
    return Countdown(tr("before") if row.since_before else "--", "still")


def time_left(row: QueueRow, now: datetime) -> str:
    """The same for a cell of the command line: `12 m` to its next deadline, `-3 m` after it, `window 14 h`, "" where none runs."""
    closes = _window(row, now)
    due = None if row.next_due_at is None else _until(row.next_due_at, now)
    if closes is not None and not _is_late(due):
        return tr("window {time}").format(time=brief(closes))
    return "" if due is None else brief(due)


def is_soon(left: float, soon_at: datetime | None, now: datetime) -> bool:
    """Whether a promise that ends in `left` seconds is due soon: as its target says, else two minutes before."""
    return now >= soon_at if soon_at is not None else left < SOON.total_seconds()


def window_left(row: QueueRow, now: datetime) -> Countdown | None:
    """How long the channel still takes a free answer; None where it always does."""
    if row.window_until is None:
        return None
    left = _until(row.window_until, now)
    if left < 0:
        return Countdown(tr("window closed"), "late")
    text = tr("window {time}").format(time=countdown(left))
    return Countdown(text, "soon" if left < WINDOW_SOON else "calm")


def _window(row: QueueRow, now: datetime) -> float | None:
    """Seconds until the window closes of a ticket that has its place in the queue by that."""
    if row.reason != "window" or row.window_until is None or row.snoozed_until is not None:
        return None
    return max(0.0, _until(row.window_until, now))


def _is_late(left: float | None) -> bool:
    return left is not None and left < 0


def _until(at: str, now: datetime) -> float:
    return (moment(at) - now).total_seconds()
