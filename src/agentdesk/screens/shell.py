"""The toolkit's application with our manners towards the terminal; what it is about stands in `app`.

Promises: what is drawn is plain text, nothing moves by itself, what is copied goes where the settings let it, and what nobody
foresaw ends the console without a word of what anybody wrote. Refuses: knowing the desk.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from agentdesk.screens.look import Glass, Look, has_mouse
from agentdesk.screens.terminal import TerminalDriver

if TYPE_CHECKING:
    from pathlib import Path

    from textual.binding import BindingType

    from agentdesk.config import Ui


class Shell(Glass):
    """`failure` is what ended it though nobody foresaw it, `report` where that is told of; `has_mouse`: the console is told of the mouse."""

    TITLE = "agentdesk"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own way

    def __init__(self, look: Look, ui: Ui) -> None:
        super().__init__(look)
        self.animation_level = "none"
        self.failure: Exception | None = None
        self.report: Path | None = None
        self.has_mouse = has_mouse(ui, os.environ)
        self.set_class(ui.reader, "-spoken")
        self._ui = ui

    def copy_to_clipboard(self, text: str) -> None:
        """As Textual's own, where it is wanted and terminals take as much; ctrl+v in here has it anyway."""
        from agentdesk.screens.copying import why_not

        self._clipboard = text
        if not why_not(self._ui, text):
            super().copy_to_clipboard(text)

    def show_cursor(self, *, on: bool) -> None:
        """The terminal's own cursor follows the keys in sight of whoever reads the screen aloud, or is hidden."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.show_cursor(on=on)

    def turn_mouse(self) -> None:
        """Takes the mouse, or leaves it to the terminal; `has_mouse` says which."""
        self.has_mouse = not self.has_mouse
        if isinstance(self._driver, TerminalDriver):
            self._driver.report_mouse(on=self.has_mouse)

    def _fatal_error(self) -> None:
        """What nobody foresaw ends the console and is said by whoever ran it: Textual's own traceback shows everybody's words."""
        self.failure = self._exception
        self._close_messages_no_wait()
