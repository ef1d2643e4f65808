"""The first and the last line of the console: how the desk is, and what the keys do now.

Promises: one line each, whatever the width; what matters less goes first, what is wrong is said shorter before it goes, and what
is left ends with whole words. Refuses: deciding what matters; counts and keys come ready.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip

from agentdesk import ailing, present
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.core.views import HeaderView
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n
from agentdesk.widgets.cells import cut, wrapped
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pane import Line, Pane
from agentdesk.widgets.rows import NEVER


class OneLine(Pane, can_focus=False):
    """A line that is drawn again only where it reads otherwise."""

    DEFAULT_CSS = """
    OneLine { height: 1; overflow: hidden hidden; scrollbar-gutter: auto; background: $panel; }
    """

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self.line: Line = ()

    def write(self, line: Line) -> None:
        if line != self.line:
            self.line = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return self.strip(self.line, self.size.width)


FRESH = 5
"""How old what is seen may be weighs more than the figures of the other views, and less than what waits or is late."""
_SYNCED, _AGO = N_("synced {age} ago"), N_("{age} ago")


class _Part(NamedTuple):
    """One thing that the header says; the lightest go where the room ends, but first what has a `short` form takes it. `firm` is
    the weight of that form, where it weighs more."""

    weight: int
    text: str
    ink: str
    short: str = ""
    firm: int = 0

    @property
    def lightness(self) -> tuple[int, bool, str]:
        return self.weight, not self.short, self.text

    def shortened(self) -> "_Part":
        return self._replace(text=self.short, short="", weight=max(self.weight, self.firm))


class Header(OneLine):
    """Name, view and counts to the left; health, outbox, the unanswered and who sits here to the right."""

    class Chosen(Message):
        """A view's title was clicked: the `at`-th of those with a count."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._view = HeaderView("", "")
        self._now: datetime = NEVER

    def show(self, view: HeaderView, now: datetime) -> None:
        self._view, self._now = view, now
        self._lay()

    def tick(self, now: datetime) -> None:
        """The age of the last pass goes on."""
        self.show(self._view, now)

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def on_click(self, event: events.Click) -> None:
        begins = 0
        titles = [f"{title} {count}" for title, count in self._view.counts]
        for text, _ in self.line:
            if begins <= event.x < begins + cell_len(text) and text in titles:
                self.post_message(self.Chosen(titles.index(text)))
            begins += cell_len(text)

    def _lay(self) -> None:
        view, width = self._view, self.size.width
        if width < 2:
            return
        left: list[_Part] = []
        for n, (title, count) in enumerate(view.counts):
            here = title == view.view
            left.append(_Part(9 if here else 5 - n, f"{title} {count}", "title" if here else ""))
        if view.view not in dict(view.counts):
            left.insert(0, _Part(9, safe_line(view.view), "title"))
        if view.desk:
            left.insert(0, _Part(1, safe_line(view.desk), "dim"))
        if view.overdue:
            left.append(_Part(7, f"! {view.overdue} " + tr("overdue"), "bad"))
        right = [self._health(), *self._backup(), *self._unreadable(), self._outbox()]
        unanswered = tr_n("{n} unanswered", "{n} unanswered", view.unanswered).format(n=view.unanswered)
        right.append(_Part(8, unanswered, "soon" if view.unanswered else "good"))
        if view.agent:
            weight, ink = (8, "bold") if view.shared else (2, "dim")
            right.append(_Part(weight, safe_line(view.agent), ink))
        self.write(_between(left, right, width, self.glyphs))

    def _health(self) -> _Part:
        """Whether mail comes in, and since when not."""
        view, glyphs = self._view, self.glyphs
        age = ""
        if view.synced_at:
            age = present.brief(max(0.0, (self._now - moment(view.synced_at)).total_seconds()))
        if view.health == "trouble":
            words = ailing.trouble(view.trouble) or tr("trouble")
            said = f"{safe_line(view.ailing)}: {words}" if view.ailing else words
            short = f"{glyphs.bad} {safe_line(view.ailing) or tr('trouble')}"
            return _Part(6, f"{glyphs.bad} {said}" + (f" ({age})" if age else ""), "bad", short)
        if view.health == "busy":
            return _Part(4, f"{glyphs.more} {tr('receiving')}", "warn")
        if view.health == "ok" and age:
            whole, short = (tr(words).format(age=age) for words in (_SYNCED, _AGO))
            return _Part(4, f"{glyphs.alive} {whole}", "good", f"{glyphs.alive} {short}", firm=FRESH)
        return _Part(4, f"{glyphs.still} {tr('never synced')}", "dim")

    def _backup(self) -> list[_Part]:
        """Said only where something is wrong with it."""
        view = self._view
        if view.backup_trouble:
            return [_Part(6, f"{self.glyphs.bad} {tr('backup failed')}", "bad")]
        if view.backup_late_at is None or self._now < moment(view.backup_late_at):
            return []
        if view.backup_at is None:
            return [_Part(6, f"{self.glyphs.bad} {tr('no backup')}", "bad")]
        age = present.brief((self._now - moment(view.backup_at)).total_seconds())
        return [_Part(6, f"{self.glyphs.bad} {tr('last backup {age} ago').format(age=age)}", "bad")]

    def _unreadable(self) -> list[_Part]:
        """Said only where there are some."""
        count = self._view.unreadable
        text = tr_n("{n} unreadable", "{n} unreadable", count).format(n=count)
        return [_Part(6, f"{self.glyphs.bad} {text}", "bad")] if count else []

    def _outbox(self) -> _Part:
        view, title = self._view, tr("outbox")
        if view.stuck:
            bad, stuck = self.glyphs.bad, tr_n("{n} stuck", "{n} stuck", view.stuck).format(n=view.stuck)
            return _Part(6, f"{bad} {title} {view.outbox}, {stuck}", "bad", f"{bad} {stuck}")
        weight, ink = (6, "warn") if view.outbox else (3, "dim")
        return _Part(weight, f"{title} {view.outbox}", ink)


def _between(left: list[_Part], right: list[_Part], width: int, glyphs: Glyphs) -> Line:
    """Both sides with a gap between."""
    gap = f" {glyphs.dot} "
    while len(left) + len(right) > 1 and _long(left) + _long(right) + 4 > width:
        lightest = min((*left, *right), key=lambda each: each.lightness)
        side = left if lightest in left else right
        at = side.index(lightest)
        side[at : at + 1] = [lightest.shortened()] if lightest.short else []
    room = max(0, width - 2)
    first = _joined(left, gap, room, glyphs.more)
    last = _joined(right, gap, room, glyphs.more)
    space = width - 2 - sum(cell_len(text) for text, _ in (*first, *last))
    return ((" ", ""), *first, (" " * max(0, space), ""), *last, (" ", ""))


def _long(parts: list[_Part]) -> int:
    return sum(cell_len(each.text) + 3 for each in parts) - 3 if parts else 0


def _joined(parts: list[_Part], gap: str, room: int, more: str) -> list[tuple[str, str]]:
    line: list[tuple[str, str]] = []
    for each in parts:
        line += [(gap, "dim")] * bool(line)
        line.append((cut(each.text, room, more), each.ink))
    return line


class Hints(OneLine):
    """The keys of the focused pane; before them what was just done. That, and what may follow a prefix, stands there in as many
    lines as it takes, up to `MOST_LINES`."""

    MOST_LINES = 5

    class Chosen(Message):
        """A key's title was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(glyphs=glyphs, **named)
        self._keys: Sequence[tuple[str, str]] = ()
        self._chord: tuple[str, Sequence[tuple[str, str]]] | None = None
        self._said: tuple[str, str, datetime, bool] | None = None
        self._now: datetime = NEVER
        self._places: list[tuple[int, range, str]] = []
        self._below: tuple[Line, ...] = ()

    def keys(self, pairs: Sequence[tuple[str, str]]) -> None:
        """(key, title) of what the focused pane can do, the most important first."""
        self._keys = pairs
        self._lay()

    def chord(self, prefix: str | None, pairs: Sequence[tuple[str, str]] = ()) -> None:
        """What may follow `prefix`, instead of the keys; None: it is over."""
        self._chord = (prefix, pairs) if prefix else None
        self._lay()

    def say(self, text: str, until: datetime, now: datetime, *, key: str = "", counts: bool = False) -> None:
        """`text` stands before the keys until then; `key` is what takes it back, and the seconds left are said if it
        `counts` down."""
        self._said, self._now = (key, safe_line(text), until, counts), now
        self._lay()

    @property
    def counts(self) -> bool:
        """Whether what is said counts down at this moment."""
        return self._said is not None and self._said[3] and self._said[2] > self._now

    def hush(self) -> None:
        """Nothing is said any more."""
        self._said = None
        self._lay()

    def tick(self, now: datetime) -> None:
        self._now = now
        if self._said:
            self._lay()

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def on_click(self, event: events.Click) -> None:
        for y, place, key in self._places:
            if y == event.y and event.x in place:
                self.post_message(self.Chosen(key))

    def render_line(self, y: int) -> Strip:
        lines = (self.line, *self._below)
        return self.strip(lines[y] if y < len(lines) else (), self.size.width)

    def _lay(self) -> None:
        width = self.size.width
        if width < 2:
            return
        if self._said and self._said[2] <= self._now:
            self._said = None
        lines: list[list[tuple[str, str]]] = [[(" ", "")]]
        self._places = []
        if self._chord:
            prefix = self._chord[0].removesuffix(self.glyphs.more).rstrip()
            lines[0].append((f"{prefix} {self.glyphs.more} ".lstrip(), "title"))
        elif self._said:
            lines = self._told(*self._said, width)
        pairs, most = (self._chord[1], self.MOST_LINES) if self._chord else (self._keys, len(lines))
        first, *below = self._flowed(lines, pairs, width, most)
        if tuple(below) != self._below:
            self._below = tuple(below)
            self.styles.height = 1 + len(below)
            self.refresh()
        self.write(first)

    def _told(
        self, key: str, text: str, until: datetime, counts: bool, width: int
    ) -> list[list[tuple[str, str]]]:
        """What was done, whole, below itself; what takes it back stands before it."""
        left = -int((self._now - until).total_seconds() // 1)
        text = tr("{text} ({n} s)").format(text=text, n=left) if counts else text
        before = [(" ", ""), (f"[{key}]", "key"), (" ", "")] if key else [(" ", "")]
        if key:
            self._places.append((0, range(1, len(key) + 3), key))
        indent = sum(cell_len(each) for each, _ in before)
        told = wrapped(text, width - indent - 1)
        if len(told) > self.MOST_LINES:
            told[self.MOST_LINES - 1 :] = [
                cut(" ".join(told[self.MOST_LINES - 1 :]), width - indent - 1, self.glyphs.more)
            ]
        lines = [[(" " * indent, ""), (each, "bold")] for each in told]
        lines[0][:1] = before
        lines[-1].append(("   ", ""))
        return lines

    def _flowed(
        self, lines: list[list[tuple[str, str]]], pairs: Sequence[tuple[str, str]], width: int, most: int
    ) -> list[Line]:
        """`lines`, and the keys on from the last of them, whole, in at most so many lines; a sign where some had no place."""
        used = sum(cell_len(text) for text, _ in lines[-1])
        for n, (key, title) in enumerate(pairs):
            size = cell_len(key) + 1 + cell_len(title)
            is_last_line = len(lines) == most
            room = 3 if is_last_line and n < len(pairs) - 1 else 0
            if used + size + room > width:
                if is_last_line:
                    lines[-1].append((self.glyphs.more, "dim"))
                    break
                lines.append([(" ", "")])
                used = 1
            self._places.append((len(lines) - 1, range(used, used + size), key))
            lines[-1] += [(key, "key"), (f" {title}", ""), ("  ", "")]
            used += size + 2
        return [tuple(each) for each in lines]
