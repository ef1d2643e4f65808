"""What rings: new messages and promises that end soon, for somebody who looks elsewhere.

Promises: no word of a customer leaves the screen, only the channel and the number; at most `MOST` notices an hour, then silence;
what was there when the console opened does not ring. Refuses: deciding what is due; the queue knows.
"""

import os
from collections import deque
from collections.abc import Collection
from datetime import datetime, timedelta

from agentdesk import present
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.front import Front

MOST = 12
HOUR = timedelta(hours=1)
SOON = 120.0
"""Seconds before a promise ends at which it is told."""
LOOKS_AT = 50
"""Rows at the head of the queue that are watched for what is due."""


class Budget:
    """At most `most` within `span`."""

    def __init__(self, most: int = MOST, span: timedelta = HOUR) -> None:
        self._most = most
        self._span = span
        self._spent: deque[datetime] = deque()

    def take(self, now: datetime) -> bool:
        """Whether one more is allowed, which then counts."""
        while self._spent and now - self._spent[0] >= self._span:
            self._spent.popleft()
        if len(self._spent) >= self._most:
            return False
        self._spent.append(now)
        return True


def notice(text: str, *, tmux: bool) -> str:
    """The sequence (OSC 9) that has a terminal show `text` as a notice; wrapped for tmux, which else swallows it."""
    sequence = f"\x1b]9;{safe_line(text)}\x07"
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\" if tmux else sequence


class Alert:
    """Rings for one console, as `[notify]` says."""

    def __init__(self, home: Front) -> None:
        self.home = home
        self._budget = Budget()
        self._began = home.desk.now()
        self._heard: dict[str, str] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._primed = False

    def arrived(self, touched: Collection[str]) -> None:
        """Tickets were touched; those to which a customer wrote ring."""
        rows = [row for row in map(self.home.sight.source_row, touched) if row and self._is_news(row)]
        for row in rows:
            self._heard[row.id] = row.last_message_at
        for kind in ("new", "reply"):
            some = [row for row in rows if (row.messages == 1) is (kind == "new")]
            if some:
                self._ring(kind, some)

    def _is_news(self, row: QueueRow) -> bool:
        known = self._heard.get(row.id)
        late = moment(row.last_message_at) < self._began - timedelta(minutes=5)
        return row.unread and not late and (known is None or row.last_message_at > known)

    def due(self) -> None:
        """What is promised soon, or has just been missed."""
        now = self.home.desk.now()
        found: dict[str, list[QueueRow]] = {"due_soon": [], "breached": []}
        for row in self.home.sight.window.queue("inbox", limit=LOOKS_AT):
            if row.next_due_at is None:
                continue
            left = (moment(row.next_due_at) - now).total_seconds()
            kind = "breached" if left < 0 else "due_soon" if left < SOON else ""
            if kind and (row.id, row.next_due_at, kind) not in self._told:
                self._told.add((row.id, row.next_due_at, kind))
                found[kind].append(row)
        if self._primed:
            for kind, rows in found.items():
                if rows:
                    self._ring(kind, rows)
        self._primed = True

    def _ring(self, kind: str, rows: list[QueueRow]) -> None:
        settings, app = self.home.settings.notify, self.home.app
        if kind not in settings.bell or not self._budget.take(self.home.desk.now()):
            return
        app.bell()
        driver = app._driver  # noqa: SLF001 - Textual has no public way to send a sequence
        if settings.osc and driver is not None and not app.is_headless:
            driver.write(notice(words(kind, rows), tmux=bool(os.environ.get("TMUX"))))


def words(kind: str, rows: list[QueueRow]) -> str:
    """What a notice says: channel and number of one, how many of several."""
    if len(rows) == 1:
        said = {
            "new": tr("{channel}: new #{number}"),
            "reply": tr("{channel}: answer in #{number}"),
            "due_soon": tr("{channel}: #{number} is due soon"),
            "breached": tr("{channel}: #{number} is late"),
        }[kind]
        return "agentdesk: " + said.format(channel=present.channel(rows[0].channel), number=rows[0].number)
    n = len(rows)
    said = {
        "new": tr_n("{n} new ticket", "{n} new tickets", n),
        "reply": tr_n("{n} new answer", "{n} new answers", n),
        "due_soon": tr_n("{n} ticket is due soon", "{n} tickets are due soon", n),
        "breached": tr_n("{n} ticket is late", "{n} tickets are late", n),
    }[kind]
    return "agentdesk: " + said.format(n=n)
