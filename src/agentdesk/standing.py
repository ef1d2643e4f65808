"""How a ticket stands, in words: how long until what is promised next or until its channel's window closes, and what else hangs on it.

Promises: one rule for the console and the command line: what is late is late, whatever window is open; where it is the window's end
that is shown, it says so. Refuses: the order (`core.order`), and reading a clock.
"""

from datetime import datetime, tzinfo

from agentdesk import pledges
from agentdesk.core import sla
from agentdesk.core.instant import maybe_moment, moment
from agentdesk.core.notice import SOON
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow, TicketView
from agentdesk.i18n import tr, tr_n
from agentdesk.present import brief, countdown, metric
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


def next_clock(view: TicketView, now: datetime) -> tuple[str, str]:
    """The promise that ends next, in words, and its ink; a paused one says so."""
    clocks = [sla.from_data(dict(each)) for each in view.clocks]
    live = [each for each in clocks if each.tier is sla.Tier.STANDARD and each.state in sla.LIVE]
    running = [each for each in live if each.state is sla.ClockState.RUNNING]
    found = sla.next_due(running or live)
    row, pledged = view.row, view.promised_until and moment(view.promised_until)
    if pledged and (found is None or found.state is sla.ClockState.PAUSED or pledged < found.due_at):
        return _left(tr("promise"), (pledged - now).total_seconds(), None, now)
    if found is None and row.next_due_at is None:
        if row.snoozed_until:
            left = (moment(row.snoozed_until) - now).total_seconds()
            return tr("asleep for {time}").format(time=countdown(max(0, left))), "dim"
        return (tr("from before"), "dim") if row.since_before else ("", "")
    if found is None:
        left = (moment(row.next_due_at or row.created_at) - now).total_seconds()
        name, soon_at = metric("next_response"), None
    else:
        left, name = sla.left(found, now), metric(found.metric)
        soon_at = found.soon_at if found.soon is not None else None
        if found.state is sla.ClockState.PAUSED:
            return tr("{clock} pauses").format(clock=name), "dim"
    return _left(name, left, soon_at, now)


def _left(name: str, left: float, soon_at: datetime | None, now: datetime) -> tuple[str, str]:
    """What ends in `left` seconds, and its ink."""
    text = f"{name} {countdown(left)}"
    if left < 0:
        return " " + tr("{clock} OVERDUE").format(clock=f"! {text}") + " ", "late"
    return text, "soon" if is_soon(left, soon_at, now) else "good"


def besides(view: TicketView, now: datetime, zone: tzinfo) -> list[str]:
    """What else is to be known of a ticket before it is answered: promised, begun, linked, from whom and why."""
    parts = []
    if view.promised_until:
        time = pledges.for_when(moment(view.promised_until), now, zone)
        parts.append(tr("promised {time}").format(time=time))
    if view.derived_to:
        parts.append(tr("sent elsewhere: {place}").format(place=pledges.place(view.derived_to)))
    if view.row.wrote_after:
        parts.append(
            tr("wrote afterwards") if view.row.status in {"resolved", "closed"} else tr("only thanked")
        )
    if view.linked:
        parts.append(tr("linked: {names}").format(names=", ".join(f"#{number}" for number in view.linked)))
    if view.drafts:
        parts.append(tr_n("{n} draft", "{n} drafts", view.drafts).format(n=view.drafts))
    if view.begun_by:
        names = ", ".join(map(safe_line, view.begun_by))
        parts.append(tr("draft of {names}").format(names=names))
    if view.moved_from:
        parts.append(tr("moved here from {name}").format(name=safe_line(view.moved_from)))
    if view.row.cause:
        parts.append(tr("cause: {name}").format(name=safe_line(view.row.cause)))
    return parts


def _window(row: QueueRow, now: datetime) -> float | None:
    """Seconds until the window closes of a ticket that has its place in the queue by that."""
    if row.reason != "window" or row.window_until is None or row.snoozed_until is not None:
        return None
    return max(0.0, _until(row.window_until, now))


def _is_late(left: float | None) -> bool:
    return left is not None and left < 0


def _until(at: str, now: datetime) -> float:
    return (moment(at) - now).total_seconds()
