"""Wiring only: the desk, the keymap, the one screen that stays, and what goes on beside it."""

import gc

from textual import events
from textual.app import App

from agentdesk.actions import Keymap
from agentdesk.config import Home as Place
from agentdesk.config import Settings
from agentdesk.engine.background import Background
from agentdesk.engine.desk import Desk
from agentdesk.engine.sync import Pass
from agentdesk.screens.home import Home


class Console(App[None]):
    """The console over one open desk."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #panes { height: 1fr; }
    Queue { width: 40%; min-width: 40; }
    #ticket { width: 1fr; border-left: solid $panel; }
    Conversation { height: 1fr; }
    Customer { width: 36; border-left: solid $panel; }
    Screen.-narrow Queue, Screen.-narrow #ticket, Screen.-narrow Customer { width: 1fr; border-left: none; }
    ModalScreen { align: center middle; }
    .dialog { width: 64; max-width: 96%; height: auto; max-height: 90%; border: round $primary; padding: 0 1; background: $surface; }
    .dialog.wide { width: 110; }
    .dialog.tall { height: 90%; }
    .dialog .title { text-style: bold; }
    .dialog .hint { color: $text-muted; }
    .dialog OptionList { height: auto; max-height: 14; border: none; }
    .dialog .preview-box { height: auto; max-height: 12; border-top: solid $panel; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own way

    def __init__(self, desk: Desk, settings: Settings, place: Place, keymap: Keymap) -> None:
        super().__init__()
        self.desk = desk
        self.home = Home(desk, settings, place, keymap)
        self._background = Background(desk, place, settings.accounts, self._passed)

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.push_screen(self.home)
        self.call_after_refresh(self._go_on)

    def _go_on(self) -> None:
        """After the first paint: the network, and the collector only when the keyboard rests."""
        self._background.start()
        gc.freeze()
        gc.disable()
        self.set_interval(30.0, gc.collect)

    def _passed(self, done: Pass) -> None:
        """Told in the background's thread; the screen sees the change by itself, the bell is rung here."""
        if done.tally.received:
            self.call_from_thread(self.bell)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and self.screen is self.home and self.home.press(event.key):
            event.stop()
            return
        await super().on_event(event)

    def on_unmount(self) -> None:
        self.home.writing.save()
        self._background.stop()
        self.home.sight.close()
