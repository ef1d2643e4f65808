"""The names of keys: as somebody writes them, as the toolkit gives them, and as they are printed.

Promises: any printed character can be written as it is. Refuses: knowing what a key does.
"""

import unicodedata
from collections.abc import Mapping

UNSENDABLE: Mapping[str, str] = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
    "ctrl+[": "escape",
}
"""Keys that a terminal sends as another one."""
_CALLED: Mapping[str, str] = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

_PRINTED: Mapping[str, str] = {
    "semicolon": ";",
    "slash": "/",
    "backslash": "\\",
    "question_mark": "?",
    "exclamation_mark": "!",
    "colon": ":",
    "full_stop": ".",
    "escape": "esc",
    "enter": "⏎",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
}


def key_name(key: str) -> str:
    """A key or chord as somebody may write it ("?", "g ;") by the names that the toolkit gives ("question_mark")."""
    return " ".join(_name(word) for word in key.split())


def _name(key: str) -> str:
    if len(key) != 1 or key.isalnum():
        return key
    called = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return _CALLED.get(called, called)


def printed(name: str) -> str:
    """A key as it is printed on the keyboard: `ctrl+j` is `^j`, a chord is its keys in a row."""
    words = (_PRINTED.get(word, word) for word in name.split(" "))
    return " ".join(word.replace("ctrl+", "^").replace("alt+", "M-") for word in words)
