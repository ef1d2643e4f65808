"""How the console looks in the terminal that it is in: its theme, colours or none, lines or letters.

Promises: `NO_COLOR` means no colour at all, bold and reverse say the rest; 16 colours are the terminal's own; a locale that is
not UTF-8 gets ASCII signs and borders. Refuses: guessing what a person sees; every theme can be chosen.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor

from agentdesk.screens import theme
from agentdesk.screens.terminal import TerminalDriver
from agentdesk.values import dataclass
from agentdesk.widgets.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agentdesk.config import Ui

_MANY = ("256color", "kitty", "direct")
"""How the names of terminals with more than 16 colours end."""


@dataclass(frozen=True, slots=True)
class Look:
    """`theme` as it was wanted; `colours`: any at all, `few`: no more than 16; `ascii`: letters for signs and borders."""

    theme: str = theme.THEME.name
    colours: bool = True
    few: bool = False
    ascii: bool = False

    @property
    def plain(self) -> bool:
        """Whether the terminal's own colours are kept to."""
        return self.few or not self.colours


def look_of(ui: Ui, environ: Mapping[str, str], *, colours: bool = True) -> Look:
    """What the settings want, as far as this terminal can; `colours` False goes before everything."""
    term, many = environ.get("TERM", ""), environ.get("COLORTERM", "").strip().lower()
    few = many not in {"truecolor", "24bit"} and term.rpartition("-")[2] not in _MANY
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    wide = "utf8" in locale.lower().replace("-", "") or (not locale and sys.platform == "darwin")
    return Look(ui.theme, colours and not environ.get("NO_COLOR"), few, ui.ascii or not wide)


def has_mouse(ui: Ui, environ: Mapping[str, str]) -> bool:
    """Whether the console is told of the mouse when it opens. GNU screen holds Escape back while it is, so not there unless somebody
    wants it."""
    return ui.mouse and (ui.screen_mouse or not environ.get("STY"))


class Glass(App[None]):
    """What every line of the console passes before the terminal; `look` says how it is to look."""

    def __init__(self, look: Look) -> None:
        super().__init__(driver_class=TerminalDriver)
        self.look, self._plain = look, Plain()
        self.no_color = not look.colours
        for each in theme.THEMES:
            self.register_theme(each)
        # Known before the first rule is read: a change of theme later would work out every style again.
        self.set_reactive(App.theme, theme.chosen(look.theme, plain=look.plain))
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(look.ascii, "-ascii")

    def get_css_variables(self) -> dict[str, str]:
        """The theme's, made readable."""
        return theme.legible(super().get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Every line of every widget, but for panes, which see to plain text themselves."""
        ours = (Monochrome, NoColor, *([ANSIToTruecolor] if self.native_ansi_color else []))
        kept = [each for each in super().get_line_filters() if not isinstance(each, ours)]
        return [*kept, *([NoColor()] if self.no_color else []), self._plain]
