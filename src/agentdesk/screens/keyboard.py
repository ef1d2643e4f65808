"""From keys to actions: one lookup for every place, chords included. Knows the table, not the screen."""

from collections.abc import Callable

from agentdesk.actions import PREFIXES, Action, Keymap


class Keyboard:
    """Remembers the first key of a chord. `hint` is told what may follow it, None when it is over."""

    def __init__(self, keymap: Keymap, hint: Callable[[list[tuple[str, Action]] | None], object]) -> None:
        self.keymap = keymap
        self._hint = hint
        self._prefix = ""

    def press(self, where: str, key: str) -> Action | bool | None:
        """The action to run; True where the key was taken but nothing is to run; None where it means nothing."""
        if self._prefix:
            chord = f"{self._prefix} {key}"
            self._prefix = ""
            self._hint(None)
            return self.keymap.action(where, chord) or True
        if key in PREFIXES and (following := self.keymap.chord(where, key)):
            self._prefix = key
            self._hint(following)
            return True
        return self.keymap.action(where, key)
