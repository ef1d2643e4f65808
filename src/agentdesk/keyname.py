"""The names of keys: as somebody writes them, as the toolkit gives them, and as they are printed.

Promises: any printed character can be written as it is, and what no keyboard has is told from a key, with what was probably meant.
Refuses: knowing what a key does.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

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

_NAMED = frozenset(
    {
        "backspace", "delete", "down", "end", "enter", "escape", "home", "insert", "left", "menu", "pagedown", "pageup", "pause",
        "print_screen", "right", "space", "tab", "up", *(f"f{number}" for number in range(1, 36)),
    }
)  # fmt: skip
"""Keys without a character, as the toolkit names them."""
_HELD = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_MEANT: Mapping[str, str] = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "spacebar": "space",
    "bksp": "backspace",
    "control": "ctrl",
    "ctl": "ctrl",
    "option": "alt",
}
"""What people call keys that the toolkit names otherwise."""

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


def is_key(name: str) -> bool:
    """Whether a keyboard has this key, by the name that `key_name` gives it. A letter with the shift key alone is the capital."""
    *held, last = name.split("+") if name != "+" else ["+"]
    if any(each not in _HELD for each in held) or len(set(held)) < len(held):
        return False
    if last in _NAMED:
        return True
    return _is_character(last) and held != ["shift"]


def _is_character(name: str) -> bool:
    """One that is printed: by itself, or by the name it has."""
    if len(name) == 1:
        return name.isprintable() and name != " "
    try:
        return name in _on_keyboards() or _name(unicodedata.lookup(name.replace("_", " "))) == name
    except KeyError:
        return False


@cache
def _on_keyboards() -> frozenset[str]:
    """The names of the signs of Western keyboards."""
    return frozenset(_name(chr(each)) for each in range(33, 256))


def meant(name: str) -> str:
    """The key that somebody probably meant who wrote one that there is not; "" where nobody can say."""
    *held, last = name.replace("M-", "alt+").replace("-", "+").replace("^", "ctrl+").split("+")
    held = [_MEANT.get(each.lower(), each.lower()) for each in held if each]
    held = [next(iter(_alike(each, _HELD)), each) for each in held]
    plain = last if len(last) == 1 else _MEANT.get(last.lower(), last.lower())
    if held == ["shift"] and len(plain) == 1:
        return plain.upper() if plain.isalpha() else ""
    if not held and len(plain) == 2 and plain.isalpha():
        return " ".join(plain)
    near = (plain.lower(), *_alike(plain, _NAMED), *(plain[:1] if held else ()))
    return next(filter(is_key, ("+".join((*held, each)) for each in near)), "")


def _alike(word: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, sorted(known), 1, 0.5)


def printed(name: str) -> str:
    """A key as it is printed on the keyboard: `ctrl+j` is `^j`, a chord is its keys in a row."""
    words = (_PRINTED.get(word, word) for word in name.split(" "))
    return " ".join(word.replace("ctrl+", "^").replace("alt+", "M-") for word in words)
