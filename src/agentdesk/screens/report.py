"""The shop's figures as bars: which report, of which time and apart by what is chosen by keys; each bar leads to its tickets.

Promises: counting goes on beside the keys, says how far it is, and can be left or turned to something else at once; who hears
the screen gets every figure as a line of its own. Refuses: figures that `agentdesk report` would not give.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentdesk import footnote, hourmap, present, reporting, reportsheet
from agentdesk.core.figures import GROUPS
from agentdesk.core.period import PeriodError, period
from agentdesk.engine import report as engine
from agentdesk.engine.files import put
from agentdesk.errors import N_, DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.panes import TWO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from agentdesk.core.figures import Report
    from agentdesk.reporting import Bar
    from agentdesk.screens.front import Front
    from agentdesk.widgets.glyphs import Glyphs

CELLS, WIDE = 16, 40
"""Of the longest bar, in a narrow terminal and in one of a hundred columns or more."""
EVERY = 0.25
"""Seconds between two words on how far it is."""
TURN = 0.0005
"""Seconds after which the counting lets a key pass; by itself Python makes it wait ten times as long, often for one key."""
MOST = 1900
"""Characters that a filter may have: some three hundred tickets."""
PERIODS = (
    ("", N_("last 30 days")),
    ("7d", N_("last 7 days")),
    ("this week", N_("this week")),
    ("last week", N_("last week")),
    ("this month", N_("this month")),
    ("last month", N_("last month")),
    ("this year", N_("this year")),
    ("last year", N_("last year")),
)
"""As `core.period` reads them, and as people do."""


class Left(Exception):  # noqa: N818 - no error: somebody does not want to know any more
    """Raised into a counting that nobody waits for."""


async def show(home: Front) -> None:
    """The figures, then the tickets behind the one that was chosen."""
    bar: Bar | None = await home.doing.ask(Figures(home))
    if bar is None:
        return
    only = filtered(bar.tickets)
    home.paths.go_to("all", only, title=f"{bar.heading}, {bar.title}")
    shown = only.count(",") + 1
    if shown < len(bar.tickets):
        text = tr("The queue shows {n} of {all} tickets; agentdesk report --tickets lists all.")
        home.tell(text.format(n=shown, all=len(bar.tickets)), bad=True)


def filtered(tickets: tuple[int, ...]) -> str:
    """The filter that shows them, the newest first, as far as it may go."""
    only = ""
    for number in sorted(set(tickets), reverse=True):
        if len(only) + len(str(number)) >= MOST:
            break
        only += f",{number}" if only else f"#{number}"
    return only


class Figures(ModalScreen["Bar | None"]):
    """Answers with the bar that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("right,l,tab", "turn('kind', 1)", show=False, priority=True),
        Binding("left,h,shift+tab", "turn('kind', -1)", show=False, priority=True),
        Binding("p", "turn('period', 1)", show=False),
        Binding("P", "turn('period', -1)", show=False),
        Binding("b", "turn('by', 1)", show=False),
        Binding("B", "turn('by', -1)", show=False),
        Binding("w", "write", show=False),
        Binding("j", "step(1)", show=False),
        Binding("k", "step(-1)", show=False),
        Binding("pagedown", "read(1)", show=False, priority=True),  # before the list's own
        Binding("pageup", "read(-1)", show=False, priority=True),
    ]

    def __init__(self, home: Front) -> None:
        super().__init__()
        self._home = home
        self._glyphs: Glyphs = home.panes.queue.glyphs
        self._chosen = {"kind": 0, "period": 0, "by": 0}
        self._turns = 0
        self._usual = sys.getswitchinterval()
        self._done = (0, 0)
        """How far it is, of how many; nothing is being counted at (0, 0)."""
        self._bars: list[Bar | None] = []
        self._told: Report | None = None
        self._title = Static(classes="title")
        self._list = OptionList(markup=False)
        self._below = Static(markup=False)
        self._hint = Static(classes="hint", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide figures"):
            yield self._title
            yield self._list
            with VerticalScroll(classes="preview-box", can_focus=False):
                yield self._below
            self._hint.update(
                Content(
                    tr(
                        "Left, Right report  p time  b group by  Enter tickets  PgDn reads on  w CSV  Esc back"
                    )
                )
            )
            yield self._hint

    def on_mount(self) -> None:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        self.set_focus(self._list)
        self.set_interval(EVERY, self._tell)
        self._begin()

    def on_unmount(self) -> None:
        self._turns += 1
        sys.setswitchinterval(self._usual)

    def action_turn(self, what: str, step: int) -> None:
        """The next report, time or way of putting them apart."""
        choices = {"kind": engine.KINDS, "period": PERIODS, "by": GROUPS}[what]
        self._chosen[what] = (self._chosen[what] + step) % len(choices)
        self._begin()

    def action_step(self, step: int) -> None:
        (self._list.action_cursor_down if step > 0 else self._list.action_cursor_up)()

    async def action_read(self, pages: int) -> None:
        """A page on in the bars, and from the last of them in what stands below; and the same way back."""
        box, bars = self.query_one(VerticalScroll), self._list
        ends = pages > 0 and bars.highlighted in {None, bars.option_count - 1}
        if ends or (pages < 0 and box.scroll_offset.y):
            box.scroll_relative(y=pages * box.size.height, animate=False)
        else:
            await bars.run_action("page_down" if pages > 0 else "page_up")

    async def action_write(self) -> None:
        """What is shown, as a file for a spreadsheet, beside the agent's own files."""
        told = self._told
        if told is None:
            self._hint.update(Content(tr("There is nothing to write yet.")))
            return
        name = f"agentdesk-{told.kind}-{self._home.desk.now().astimezone(self._home.settings.desk.tzinfo):%Y-%m-%d}.csv"
        try:
            path = await asyncio.to_thread(put, Path.home(), name, [reportsheet.text(told).encode()])
        except DeskError as error:
            self._hint.update(Content(present.problem(error).detail))
            return
        self._hint.update(Content(tr("Saved as {path}.").format(path=path)))

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if bar := self._bars[event.option_index]:
            self.dismiss(bar)

    def _begin(self) -> None:
        """Counts anew; what is being counted for an earlier wish stops at its next step."""
        self._turns += 1
        kind, by = engine.KINDS[self._chosen["kind"]], GROUPS[self._chosen["by"]]
        words, name = PERIODS[self._chosen["period"]]
        when = tr("now") if kind == "unanswered" else tr(name)
        apart = tr("by {group}").format(group=reporting.grouped_by(by))
        self._title.update(Content(f"{tr('Figures')}: {tr(reporting.TITLES[kind])}, {when}, {apart}"))
        self._say(tr("counting..."))
        self.run_worker(self._count(kind, words, by, self._turns), group="figures", exclusive=True)

    async def _count(self, kind: str, words: str, by: str, turn: int) -> None:
        home = self._home

        def step(done: int, total: int) -> None:
            if turn != self._turns:
                raise Left
            self._done = (done, total)

        def count() -> Report:
            zone = home.settings.desk.tzinfo
            within = period(words or None, None, home.desk.now(), zone)
            wanted = engine.asked(home.desk, within, by, zone, accounts=home.settings.accounts)
            return engine.report(home.desk, kind, wanted, step)

        try:
            told = await asyncio.to_thread(count)
        except Left:
            return
        except PeriodError:  # this week, in its first moment
            self._say(tr("Nothing in this period."))
            return
        except DeskError as error:
            self._say(present.problem(error).detail)
            return
        if turn == self._turns:
            self._draw(told)

    def _people(self, kind: str) -> Iterator[str]:
        """Whom the header counts, where the bars count their tickets."""
        if kind == "unanswered":
            n = self._home.sight.header().unanswered
            yield tr_n(
                "They are of {n} customer, as the header says.",
                "They are of {n} customers, as the header says.",
                n,
            ).format(n=n)

    def _tell(self) -> None:
        done, total = self._done
        if total:
            self._below.update(Content(tr("counting... {done} of {total}").format(done=done, total=total)))

    def _say(self, text: str) -> None:
        self._done = (0, 0)
        self._bars, self._told = [], None
        self._list.clear_options()
        self._below.update(Content(text))

    def _draw(self, told: Report) -> None:
        self._done = (0, 0)
        self._told = told
        found = reporting.bars(told)
        if not found:
            nothing = tr(
                "Nothing in this period. What is counted here leads to its tickets; p takes another time."
            )
            self._say(nothing if told.period else tr("Nobody waits for an answer."))
            return
        self._bars, options = _listed(found, self._glyphs, WIDE if self.app.size.width >= TWO else CELLS)
        self._list.clear_options()
        self._list.add_options(options)
        self._list.highlighted = next(at for at, each in enumerate(self._bars) if each)
        self._below.update(
            Content(
                "\n".join(
                    (
                        reporting.meaning(told.kind),
                        *self._people(told.kind),
                        *hourmap.heat(told, self._glyphs.heat),
                        *footnote.notes(told),
                    )
                )
            )
        )


def _listed(found: list[Bar], glyphs: Glyphs, cells: int) -> tuple[list[Bar | None], list[Option]]:
    """Bars under their headings, and which option is which bar."""
    bars: list[Bar | None] = []
    options: list[Option] = []
    width = max(len(each.title) for each in found)
    heading = ""
    for each in found:
        if each.heading != heading and not glyphs.speaks:
            heading = each.heading
            bars.append(None)
            options.append(Option(Content(f"{heading}  {each.beside}".rstrip()), disabled=True))
        bars.append(each)
        line = f"  {each.title:<{width}}  {_drawn(each, glyphs, cells)}  {each.words}"
        options.append(
            Option(Content(f"{each.heading}, {each.title}: {each.words}" if glyphs.speaks else line))
        )
    return bars, options


def _drawn(bar: Bar, glyphs: Glyphs, cells: int) -> str:
    """The bar itself, with the guide's line on it."""
    full = min(cells, max(round(bar.part * cells), 1 if bar.part > 0 else 0))
    drawn = glyphs.full * full + glyphs.empty * (cells - full)
    if bar.mark is None:
        return drawn
    at = min(cells - 1, int(bar.mark * cells))
    return drawn[:at] + glyphs.goal + drawn[at + 1 :]
