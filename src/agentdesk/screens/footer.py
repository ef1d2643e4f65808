"""The last line: the keys of the pane that has the focus, what may follow the first key of a chord, what was just done."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from typing import TYPE_CHECKING

from agentdesk import present
from agentdesk.actions import BY_ID, PREFIXES
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.widgets import spoken
from agentdesk.widgets.glyphs import UNICODE
from agentdesk.widgets.status import Hints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentdesk.actions import Action
    from agentdesk.keymap import Keymap
    from agentdesk.widgets.glyphs import Glyphs


_NOTED = {"compose.send": N_("keep the note"), "compose.resolve": N_("keep and resolve")}
"""What acts of the composer are called beside a note, which is sent to nobody."""


class Footer:
    """What `hints` says. `printed` gives the action behind each key that stands there; `noting`: what is written is a note."""

    def __init__(self, keymap: Keymap, glyphs: Glyphs) -> None:
        self.hints = Hints(glyphs=glyphs)
        self._keymap = keymap
        self._where = ""
        self.noting = False
        self._said_until: datetime | None = None
        self._is_astray = False
        self._printed: dict[str, Action] = {}

    def keys(self, where: str) -> None:
        """The keys that count in `where`."""
        self._where = where
        titles = _NOTED if self.noting else {}
        pairs = self._keymap.footer(where)
        self._printed = {self.called(key): action for key, action in pairs}
        self.hints.keys([(self.called(key), tr(titles.get(act.id, act.title))) for key, act in pairs])

    def chord(self, prefix: str, following: Sequence[tuple[str, Action]]) -> None:
        """What may follow the first key of a chord; nothing: it is over."""
        if not following:
            self.hints.chord(None)
            self.keys(self._where)
            return
        self._printed = {self.called(key): action for key, action in following}
        title = f"{self.called(prefix)} {tr(PREFIXES[prefix])}" if prefix in PREFIXES else self.called(prefix)
        self.hints.chord(title, [(self.called(key), tr(action.title)) for key, action in following])

    def printed(self, key: str) -> Action | None:
        """The action behind a key that stands in the footer."""
        return BY_ID["act.undo"] if key == self.key_of("act.undo") else self._printed.get(key)

    def tell(self, text: str, now: datetime, *, bad: bool = False, undo: bool = False) -> None:
        """A line for a few seconds; `bad` says that something was not done, `undo` that it can be undone."""
        self._said_until = now + timedelta(seconds=8 if bad or undo else 4)
        self._is_astray = False
        key = self.key_of("act.undo") if undo else ""
        self.hints.say(("! " if bad else "") + text, self._said_until, now, key=key)

    def astray(self, key: str, now: datetime) -> None:
        """Says that `key` means nothing here, until one is pressed that does."""
        said = tr("{key} does nothing here; {help} shows the keys.")
        self.tell(said.format(key=self.called(key), help=self.key_of("help.keys")), now, bad=True)
        self._is_astray = True

    def found(self) -> None:
        """A key was pressed that means something: nobody need hear any more of one that did not."""
        if self._is_astray:
            self._is_astray, self._said_until = False, None
            self.hints.hush()

    def key_of(self, action: str) -> str:
        """The first key of an action as it is printed; "" where it has none."""
        keys = self._keymap.keys[action]
        return self.called(keys[0]) if keys else ""

    def called(self, name: str) -> str:
        """A key as it is printed here: in words for a reader of the screen, in letters where the terminal has no signs."""
        glyphs = self.hints.glyphs
        if glyphs.speaks:
            return spoken.key(name)
        signs = ((UNICODE.enter, glyphs.enter), (UNICODE.up, glyphs.up), (UNICODE.down, glyphs.down))
        return reduce(lambda text, sign: text.replace(*sign), signs, present.key(name))

    def silent(self, now: datetime) -> bool:
        """Whether nothing is being told."""
        return self._said_until is None or now >= self._said_until
