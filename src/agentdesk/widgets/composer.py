"""Where an agent writes: an answer, a note that no customer must ever get, or a mail to a third party; no two look alike.

Promises: text is never lost by the widget: whatever changes it is told (`Changed`), and closing returns what stood there; what
is pasted is made clean; a placeholder that nobody filled in is seen, counted and found. Refuses: keys, sending, drafts.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Document, Location, Selection

from agentdesk.core.firstreply import checks
from agentdesk.core.replies import PLACEHOLDER, between
from agentdesk.core.text import clean, safe_line
from agentdesk.i18n import tr, tr_n
from agentdesk.widgets.cells import fit
from agentdesk.widgets.glyphs import UNICODE, Glyphs
from agentdesk.widgets.pane import Line
from agentdesk.widgets.people import shared
from agentdesk.widgets.status import OneLine
from agentdesk.widgets.typed import Page

REPLY, NOTE, PARTY, EDIT = "reply", "note", "party", "edit"
_NOT_OURS = frozenset({"ctrl+e", "ctrl+a", "f2", "f4", "f6", "f7", "f8"})
"""Keys of a text area that the table of actions gives to others."""


def _editing() -> list[BindingType]:
    """The text area's own keys, without those that the console needs."""
    kept: list[BindingType] = []
    for each in TextArea.BINDINGS:
        if isinstance(each, Binding):
            keys = [key for key in each.key.split(",") if key not in _NOT_OURS]
            kept += [Binding(",".join(keys), each.action, each.description, show=False)] if keys else []
    return kept


class Pad(Page, inherit_bindings=False):
    """The text: as high as it is, wrapped lines counted, from three lines on (six where the terminal has thirty or more) until the
    composer takes about half of the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = _editing()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        least = 3 if viewport.height < 30 else 6
        beside = 1 + sum(
            1 for each in self.siblings if each.display
        )  # the border above, and lines of one row
        most = max(least, viewport.height * 11 // 20 - beside)
        return min(max(least, super().get_content_height(container, viewport, width)), most)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for found in PLACEHOLDER.finditer(line.plain):
            place = Selection((line_index, found.start()), (line_index, found.end()))
            line.stylize("bold" if place == self.selection else "bold reverse", *found.span())
        return line

    def select_blank(self, start: Location) -> bool:
        """Selects the first blank from `start` on, else the first of all, for typing to replace it; False: there is none."""
        document = self.document
        assert isinstance(document, Document)
        place = document.get_location_from_index
        blanks = [Selection(place(b.start()), place(b.end())) for b in PLACEHOLDER.finditer(document.text)]
        if not blanks:
            return False
        self.selection = next((each for each in blanks if each.start >= start), blanks[0])
        self.history.checkpoint()
        self.on_resize()
        return True

    def on_resize(self) -> None:
        """Where one writes is in sight, with a line above and below it."""
        self.call_after_refresh(self.scroll_cursor_visible, center=True)

    def watch_virtual_size(self, before: Size, now: Size) -> None:
        """A new last line is in sight at once, which the toolkit does with the next key only."""
        if now.height > before.height:
            self.call_after_refresh(self.scroll_cursor_visible)


class Offer(OneLine):
    """A line that is there as long as it says something."""

    def say(self, line: Line) -> None:
        self.write(line)
        self.display = bool(line)


class Composer(Vertical):
    """Hidden until `open`. Title, to whom, text, files."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        display: none;
        border-top: solid $success;
        & OneLine { background: $surface; }
        & Pad { height: auto; border: none; padding: 0 1; background: $surface; }
        & Pad:focus { border: none; }
        & .pane--title { color: $text-success; text-style: bold; }
    }
    Composer.-note {
        border-top: heavy $warning;
        & OneLine { background: $warning 20%; }
        & Pad { background: $warning 10%; }
        & .pane--title { color: $text-warning; text-style: bold; }
    }
    Composer.-party {
        border-top: double $secondary;
        & OneLine { background: $secondary 20%; }
        & Pad { background: $secondary 10%; }
        & .pane--title { color: $text-secondary; text-style: bold; }
    }
    """

    class Changed(Message):
        """The text is another now; it is to be kept."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class EverybodyToggled(Message):
        """The answer goes to everybody, or to the customer alone."""

        def __init__(self, *, everybody: bool) -> None:
            super().__init__()
            self.everybody = everybody

    def __init__(self, *, glyphs: Glyphs = UNICODE, **named: Any) -> None:
        super().__init__(**named)
        self.glyphs = glyphs
        self.kind = REPLY
        self.everybody: bool | None = None
        self._title = ""
        self._most = 0
        self._told = ""
        self._people: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self._failing = self._heard = ""
        self._head = OneLine(glyphs=glyphs)
        self._who = OneLine(glyphs=glyphs)
        self._files = OneLine(glyphs=glyphs)
        self._checks = OneLine(glyphs=glyphs)
        self.offer = Offer(glyphs=glyphs)
        """What a key would make of the text."""
        self._pad = Pad(
            soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False
        )

    def compose(self) -> ComposeResult:
        yield from (self._head, self._who, self._pad, self._checks, self.offer, self._files)

    def on_mount(self) -> None:
        self._who.display = self._files.display = self._checks.display = self.offer.display = False

    @property
    def pad(self) -> Pad:
        """The text itself, which has the focus while the composer has it."""
        return self._pad

    @property
    def is_open(self) -> bool:
        return self.display

    @property
    def text(self) -> str:
        return self._pad.text

    def open(self, kind: str, title: str, text: str = "", *, first: bool = False) -> None:
        """Writes `text` on: a `kind` reply, note or party. `title` says by what, to whom and from where. The `first` answer to a
        matter is looked through for what it should say."""
        self.kind, self._title, self.everybody = kind, safe_line(title), None
        self.set_class(kind == NOTE, "-note")
        self.set_class(kind == PARTY, "-party")
        self.recipients()
        self.attach(())
        self._checks.display = first
        self._told = clean(text)
        self._pad.load_text(self._told)
        self._pad.move_cursor(self._pad.document.end)
        self.display = True
        self._lay()
        self._pad.focus()

    def close(self) -> str:
        """Hides it and gives the text that stood there."""
        self.display = False
        return self.text

    def insert(self, text: str, *, apart: bool = False) -> None:
        """Puts `text` where the cursor is, in place of what is selected; the first blank in it is selected then. `apart`: as a
        piece of its own, not glued to what stands there.

        A blank that is selected stays: `text` goes to the end.
        """
        pad = self._pad
        at = pad.selection
        if PLACEHOLDER.fullmatch(pad.selected_text):
            at = Selection.cursor(pad.document.end)
        start = min(at)
        if apart:
            before, after = (
                pad.get_text_range(pad.document.start, start),
                pad.get_text_range(max(at), pad.document.end),
            )
            text = between(before, text, after)
        self._pad.replace(clean(text), *at, maintain_selection_offset=False)
        if PLACEHOLDER.search(text):
            self._pad.select_blank(start)

    def to_blank(self, *, first: bool = False) -> bool:
        """Selects the next blank after the cursor, or the first of all; False where there is none."""
        return self._pad.select_blank((0, 0) if first else max(self._pad.selection))

    def rewrite(self, text: str) -> None:
        """Puts `text` in place of all there is, as one step that ctrl+z takes back."""
        self._pad.replace(clean(text), self._pad.document.start, self._pad.document.end)

    def recipients(
        self,
        to: Sequence[str] = (),
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        *,
        everybody: bool | None = None,
        failing: str = "",
        heard: str = "",
        title: str = "",
        most: int = 0,
    ) -> None:
        """Shows who gets it, under a `title` where that is another one by now. `everybody`: whether it goes to all; None where
        there is nothing to choose. `failing` is why it will hardly arrive, `heard` who else reads it, in place of `to`. The channel takes `most` characters, 0: any number."""
        self.everybody, self._most = everybody, most
        self._title = safe_line(title) or self._title
        named = (
            (tr("to"), () if heard else tuple(to)),
            (tr("copy to"), tuple(cc)),
            (tr("blind copy to"), tuple(bcc)),
        )
        self._people = tuple((f"{word} ", people) for word, people in named if people)
        self._failing = f"{self.glyphs.bad} {safe_line(failing)}  " if failing else ""
        self._heard = f"{tr('to')} {safe_line(heard)}  " if heard else ""
        self._who.display = bool(self._people or self._failing or self._heard or everybody is not None)
        self._lay()

    def attach(self, files: Iterable[tuple[str, str]], does: str = "") -> None:
        """Shows the files that go along, (name, size in words), and what macros do with the answer."""
        parts = [f"{self.glyphs.file} {safe_line(name)} {size}" for name, size in files]
        if does:
            told = tr("with the note: {acts}") if self.kind == NOTE else tr("on sending: {acts}")
            parts.insert(0, told.format(acts=safe_line(does)))
        self._files.write(((" " + "  ".join(parts), "mark"),) if parts else ())
        self._files.display = bool(parts)

    def toggle_everybody(self) -> None:
        """Says that the other choice is wanted; the screen answers with `recipients`."""
        if self.everybody is not None:
            self.post_message(self.EverybodyToggled(everybody=not self.everybody))

    @property
    def blanks(self) -> list[str]:
        """The placeholders that nobody has filled in."""
        return [found[0] for found in PLACEHOLDER.finditer(self.text)]

    def focus(self, scroll_visible: bool = True) -> Self:
        self._pad.focus(scroll_visible)
        return self

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def on_click(self, event: events.Click) -> None:
        if event.widget is self._who:
            self.toggle_everybody()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._lay()
        if self.text != self._told:
            self._told = self.text
            self.post_message(self.Changed(self.text))

    def _lay(self) -> None:
        """The title, with what is still blank to its right."""
        if self.kind == NOTE:
            title = f"{self.glyphs.note} " + tr("Internal note: no customer sees it")
        elif self.kind == PARTY:
            title = f"{self.glyphs.outgoing} " + tr("Third party: the customer does not see it")
        elif self.kind == EDIT:
            title = f"{self.glyphs.outgoing} " + tr("Changes what was sent")
        else:
            title = f"{self.glyphs.outgoing} " + (self._title or tr("Reply"))
        if self.kind != REPLY and self._title:
            title = self.glyphs.joined(title, self._title)
        if self._who.display:
            self._who.write(
                _whom(
                    self._people,
                    (self._failing, self._heard),
                    self.everybody,
                    self.size.width - 2,
                    self.glyphs,
                )
            )
        if self._checks.display:
            self._checks.write(_checked(self.text, self.glyphs))
        n = len(self.blanks)
        left = f"! {tr_n('{n} blank to fill in', '{n} blanks to fill in', n).format(n=n)} " if n else ""
        length = len(self.text.rstrip())
        used = f" {length}/{self._most} " if self._most else ""
        room = max(4, self.size.width - 2 - cell_len(left) - cell_len(used))
        ink = "bad" if length > self._most else "dim"
        self._head.write(
            ((" ", ""), (fit(title, room, self.glyphs.more), "title"), (left, "bad"), (used, ink))
        )


def _whom(
    groups: Sequence[tuple[str, tuple[str, ...]]],
    warnings: tuple[str, str],
    everybody: bool | None,
    width: int,
    glyphs: Glyphs,
) -> Line:
    """Who gets it, as far as there is room: what is left out is counted. `warnings`: why it will hardly arrive, who else reads it."""
    failing, heard = warnings
    choice = ""
    if everybody is not None:
        sign = glyphs.alive if everybody else glyphs.still
        choice = f"{sign} " + (tr("to everybody") if everybody else tr("only to who wrote"))
    words = [failing, heard, choice, *(f"{word}  " for word, _ in groups)]
    room = width - sum(cell_len(each) for each in words)
    texts = shared([people for _, people in groups], room, glyphs.more)
    line = [(" ", ""), (failing, "bad"), (heard, "warn")]
    for (word, _), text in zip(groups, texts, strict=True):
        line += [(word, "dim"), (f"{text}  ", "")]
    return (*line, (choice, "mark"))


def _checked(text: str, glyphs: Glyphs) -> Line:
    """What a first answer should say, and what of it is there: by a sign, or where signs are not heard in words."""
    found = checks(text)
    line: list[tuple[str, str]] = [(" ", "")]
    parts = (
        (found.received, tr("received")),
        (found.by_when, tr("by when")),
        (found.comes_next, tr("what comes next")),
    )
    if glyphs.speaks:
        heard = [f"{words}: {tr('said') if said else tr('not said yet')}" for said, words in parts]
        return ((", ".join(heard), ""),)
    for said, words in parts:
        sign = glyphs.good if said else glyphs.still
        line.append((f"{sign} {words}   ", "good" if said else "dim"))
    return tuple(line)
