"""From keys to actions: one lookup for every place, chords included. Knows the table, not the screen."""

from collections.abc import Callable, Sequence

from agentdesk.actions import Action
from agentdesk.keymap import Keymap


class Keyboard:
    """Remembers the first key of a chord. `hint` is told the first key and what may follow; nothing when it is over."""

    def __init__(self, keymap: Keymap, hint: Callable[[str, Sequence[tuple[str, Action]]], object]) -> None:
        self.keymap = keymap
        self._hint = hint
        self._prefix = ""

    def press(self, where: str, key: str) -> Action | str | None:
        """The action to run; keys in words where a chord is begun ("") or means nothing; None: not a key of this place."""
        if self._prefix:
            chord = f"{self._prefix} {key}"
            self.cancel()
            return self.keymap.action(where, chord) or ("" if key == "escape" else chord)
        if following := self.keymap.chord(where, key):
            self._prefix = key
            self._hint(key, following)
            return ""
        return self.keymap.action(where, key)

    def cancel(self) -> None:
        """No chord is begun."""
        self._prefix = ""
        self._hint("", ())
