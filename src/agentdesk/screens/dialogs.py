"""The few modal screens that every flow reuses: ask for a line, pick from a list, read a text, confirm.

Each is pushed with `push_screen_wait` and answers with a value, or None where it was left with Esc.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agentdesk.i18n import tr
from agentdesk.values import dataclass
from agentdesk.widgets.typed import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list: `value` is answered, `extra` stands at its right, `preview` below the list."""

    value: str
    title: str
    extra: str = ""
    preview: str = ""


class Kept:
    """A dialog whose words are there again the next time, where it was left with Esc. `topic` is the question; "" keeps none."""

    topic = ""
    _input: Line

    @property
    def typed(self) -> str:
        return self._input.value

    def resume(self, words: str) -> None:
        """Begins with `words`; the next letter takes their place, End goes on with them."""
        self._input = Line(words, select_on_focus=True)


class Ask(Kept, ModalScreen[str | None]):
    """One line of text. `wrong` says in words what cannot be meant; the dialog then stays, with what was typed. `meant` says while
    it is typed what is understood by it, in place of the hint; nothing where that is nothing yet."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(
        self,
        question: str,
        value: str = "",
        hint: str = "",
        *,
        wrong: Callable[[str], str] | None = None,
        meant: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self.topic = question
        self._question = question
        self._hint = hint
        self._wrong = wrong
        self._meant = meant
        self._input = Line(value, select_on_focus=False)
        self._below = Static(Content(hint), classes="hint")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            yield self._input
            yield self._below

    def on_mount(self) -> None:
        self._below.display = bool(self._hint)
        self.set_focus(self._input)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        said = self._meant(event.value) if self._meant else ""
        self._say(said or self._hint, bad=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._wrong and (reason := self._wrong(event.value)):
            self._say(f"! {reason}", bad=True)
        else:
            self.dismiss(event.value)

    def _say(self, text: str, *, bad: bool) -> None:
        self._below.update(Content(text))
        self._below.set_class(bad, "wrong")
        self._below.display = bool(text)

    def action_leave(self) -> None:
        self.dismiss(None)


class Pick(Kept, ModalScreen[str | None]):
    """A list that what is typed narrows. `narrow` gives the choices for the words typed, best first; it begins with `words`.

    `reading`: the previews are whole texts, so the dialog keeps its size and they get most of it; other previews get some lines on the
    smallest screen too, and can be read to their end. `keeps`: what is typed is more
    than a way to a choice, and is there again the next time.
    """

    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-long")]  # noqa: RUF012 - Textual's own way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("pagedown", "read(1)", show=False),
        Binding("pageup", "read(-1)", show=False),
        Binding("home", "to_end(0)", show=False, priority=True),
        Binding("end", "to_end(-1)", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        narrow: Callable[[str], Sequence[Choice]],
        *,
        hint: str = "",
        reading: bool = False,
        words: str = "",
        keeps: bool = False,
    ) -> None:
        super().__init__()
        self.topic = title if keeps else ""
        self._title = title
        self._narrow = narrow
        self._hint = hint
        self._shape = "dialog wide reading" if reading else "dialog wide"
        self._choices: list[Choice] = []
        self._preview = Static("", classes="preview", markup=False)
        self._box = VerticalScroll(self._preview, classes="preview-box", can_focus=False)
        self._list = OptionList(markup=False)
        self._input = Line(words)

    def compose(self) -> ComposeResult:
        with Vertical(classes=self._shape):
            yield Static(Content(self._title), classes="title")
            yield self._input
            yield self._list
            yield self._box
            if self._hint:
                yield Static(Content(self._hint), classes="hint")

    def on_mount(self) -> None:
        self._list.can_focus = False
        self._fill(self.typed)
        self.set_focus(self._input)

    @property
    def choices(self) -> Sequence[Choice]:
        """What is listed now."""
        return self._choices

    @property
    def chosen(self) -> str | None:
        """The value under the cursor."""
        place = self._list.highlighted
        return self._choices[place].value if place is not None and place < len(self._choices) else None

    def _fill(self, words: str) -> None:
        self._put(self._narrow(words))

    def _put(self, choices: Sequence[Choice], place: int = 0) -> None:
        self._choices = list(choices)[:200]
        self._list.clear_options()
        self.set_class(any(each.preview for each in self._choices), "shown")
        width = max((len(c.title) for c in self._choices), default=0)
        self._list.add_options(
            Option(Content(f"{c.title:<{width}}  {c.extra}" if c.extra else c.title)) for c in self._choices
        )
        if self._choices:
            self._list.highlighted = place % len(self._choices)
        self._show()

    def _show(self) -> None:
        place = self._list.highlighted
        chosen = self._choices[place] if place is not None and place < len(self._choices) else None
        self._preview.update(Content(chosen.preview if chosen else ""))
        self._box.scroll_home(animate=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._enter()

    def _enter(self) -> None:
        self._answer(self._list.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._answer(event.option_index)

    def _answer(self, place: int | None) -> None:
        if place is not None and place < len(self._choices):
            self.dismiss(self._choices[place].value)

    def action_move(self, step: int) -> None:
        if self._choices:
            self._stand(((self._list.highlighted or 0) + step) % len(self._choices))

    def action_to_end(self, place: int) -> None:
        """The first or the last choice while nothing is typed; in what is typed the keys are the line's."""
        if self._input.value:
            raise SkipAction
        if self._choices:
            self._stand(place % len(self._choices))

    def _stand(self, place: int) -> None:
        """On the choice at `place`, its preview below."""
        self._list.highlighted = place
        self._show()
        self.call_after_refresh(self._point)

    def _point(self) -> None:
        """The terminal's own cursor to the choice, for readers of the screen; the next letter takes it back to the line."""
        region, top = self._list.content_region, self._list.scroll_offset.y
        self.app.cursor_position = region.offset + Offset(0, (self._list.highlighted or 0) - top)
        self._list.refresh()

    def action_read(self, step: int) -> None:
        """A page of the preview; of the list, where its choices have none."""
        if self._choices and not any(each.preview for each in self._choices):
            page = step * max(1, self._list.size.height - 1)
            self._stand(min(max(0, (self._list.highlighted or 0) + page), len(self._choices) - 1))
            return
        self._box.scroll_relative(y=step * max(1, self._box.size.height - 1), animate=False, immediate=True)

    def action_leave(self) -> None:
        self.dismiss(None)


class Find(Pick):
    """A `Pick` whose choices take time: `find` looks for them beside the keys, and only what was typed last is answered.

    Up, Down and Enter are meant for those choices: they count once these are there. After Enter `hold(True)` lets keys wait.
    `wrong` says why words cannot be looked for.
    """

    def __init__(
        self,
        title: str,
        find: Callable[[str], Awaitable[Sequence[Choice]]],
        hold: Callable[[bool], None],
        *,
        hint: str = "",
        wrong: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__(title, lambda _: (), hint=hint, keeps=True)
        self._find = find
        self._wrong = wrong
        self._hold = hold
        self._late = self._entered = False
        self._steps = 0

    def _fill(self, words: str) -> None:
        self._late, self._entered, self._steps = True, False, 0
        self.run_worker(self._look(words), group="find", exclusive=True)

    async def _look(self, words: str) -> None:
        self._put(await self._find(words), self._steps)
        if words.strip() and not self._choices:
            self._preview.update(Content(self._wrong(words) or tr("nothing found")))
        self._late = False
        if self._entered:
            self._hold(bool(self._choices))
            self._answer(self._list.highlighted)

    def _enter(self) -> None:
        if self._late:
            self._entered = True
            self._hold(True)
        else:
            super()._enter()

    def action_move(self, step: int) -> None:
        if self._late:
            self._steps += step
        else:
            super().action_move(step)


def matching(choices: Sequence[Choice]) -> Callable[[str], list[Choice]]:
    """What `Pick` narrows a list by: the words typed stand in it, in any order and with or without their accents."""

    from agentdesk.core.folding import folded

    known = [(folded(f"{each.title} {each.extra}"), each) for each in choices]

    def narrow(words: str) -> list[Choice]:
        wanted = folded(words).split()
        return [each for said, each in known if all(word in said for word in wanted)]

    return narrow


class Read(ModalScreen[None]):
    """A text to read: raw messages, explanations."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "leave", show=False)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide tall"):
            yield Static(Content(self._title), classes="title")
            with VerticalScroll():
                yield Static(Content(self._text))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        self.dismiss(None)


class Confirm(ModalScreen[bool]):
    """Yes or no; Enter and `y` mean yes. With a `warning` Enter means no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,s", "answer(True)", show=False),
        Binding("enter", "enter", show=False),
        Binding("n,escape", "answer(False)", show=False),
    ]

    def __init__(self, question: str, detail: str = "", *, warning: str = "") -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._warning = warning

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            if self._detail:
                yield Static(Content(self._detail))
            if self._warning:
                yield Static(Content(self._warning), classes="wrong")
            hint = tr("[y] yes   [Enter] no") if self._warning else tr("[Enter] yes   [Esc] no")
            yield Static(Content(hint), classes="hint")

    def action_enter(self) -> None:
        self.dismiss(not self._warning)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


def line(label: str, *fields: Any) -> Vertical:
    """Fields side by side under what they are for."""
    return Vertical(
        Static(Content(label), classes="label"), Horizontal(*fields, classes="fields"), classes="line"
    )
