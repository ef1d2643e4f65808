"""Where people type: a line and a page.

Promises: what is pasted is somebody else's text and is made safe, as what comes in is; nothing blinks, since that is motion, and
bytes over a slow line twice a second. Refuses: keys of their own.
"""

from textual import events
from textual.widgets import Input, TextArea

from agentdesk.core.text import safe, safe_line


class Line(Input):
    """One line; several that are pasted become one."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(safe_line(event.text), *self.selection)


class Page(TextArea):
    """A text of many lines."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(safe(event.text), *self.selection, maintain_selection_offset=False)
