"""Where people type: a line and a page.

Promises: what is pasted is somebody else's text and is made clean, as what goes out is, and said where more than marks that
nobody sees is left out; nothing blinks, since that is motion, and
bytes over a slow line twice a second. Refuses: keys of their own.
"""

from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

from agentdesk.core.text import clean, clean_line, unsendable
from agentdesk.i18n import tr


class Line(Input):
    """One line; several that are pasted become one."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(clean_line(event.text), *self.selection)


class Page(TextArea):
    """A text of many lines."""

    class Shortened(Message):
        """A part of what was pasted was left out, since nobody could be sent it."""

        @property
        def words(self) -> str:
            return tr("Control characters were left out of what was pasted.")

    def on_mount(self) -> None:
        self.cursor_blink = False

    def on_resize(self) -> None:
        """The toolkit wraps the text anew at another width, and paints it anew only where that gives it more lines or less."""
        self.refresh()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text), *self.selection, maintain_selection_offset=False)
        if unsendable(event.text) is not None:
            self.post_message(self.Shortened())
