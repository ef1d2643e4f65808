"""The border: from here on every text of a message is safe for a terminal, whichever connector gave it.

Promises: a value of the model comes back with each text made safe, the same value where nothing was to be done; a body whose
text changed has no folds, since they were counted in another one. Refuses: trusting a connector: ours make their texts safe
before they fold and judge them, but anybody's package may bring a channel.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from operator import is_
from typing import Any, TypeVar

from agentdesk.core.text import is_safe, safe, safe_line

T = TypeVar("T")
BODY = "text"
"""The one field of several lines."""


def let_in(said: T) -> T:
    """What a connector read, every text in it made safe."""
    kind: Any = type(said)
    if kind in _NO_TEXT:
        return said
    changed: dict[str, Any] = {}
    for name in _names(kind):
        given = getattr(said, name)
        if not given or type(given) in _NO_TEXT:
            continue
        made = _body(given) if name == BODY else _made(given)
        if made is not given:
            changed[name] = made
    if not changed:
        return said
    if BODY in changed and hasattr(said, "folds"):
        changed["folds"] = ()
    return replace(said, **changed)  # type: ignore[type-var]  # whatever has names is a dataclass


_NO_TEXT = frozenset({type(None), bool, int, datetime})


@lru_cache(maxsize=64)
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a class of the model; none of anything else."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


def _made(value: Any) -> Any:
    if isinstance(value, str):
        return _line(value)
    if isinstance(value, tuple) and value:
        made = tuple(map(_made, value))
        return value if all(map(is_, made, value)) else made
    return let_in(value)


def _line(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return text if is_safe(text) and "\n" not in text and "\t" not in text else safe_line(text)


def _body(text: str) -> str:
    return text if is_safe(text) else safe(text)
