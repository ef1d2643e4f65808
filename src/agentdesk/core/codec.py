"""An event's changes as the log's `data` column holds them, and back: JSON-ready, defaults left out.

A change or a field that a newer version wrote is left out on reading, never a crash.
"""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from agentdesk.core.events import Change, Event

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in Change.__args__}
_FIELDS = {name: frozenset(f.name for f in fields(kind)) for name, kind in _KINDS.items()}
_DEFAULTS = {name: tuple((f.name, f.default) for f in fields(kind)) for name, kind in _KINDS.items()}
_TUPLES = frozenset(
    {
        "references",
        "people",
        "folds",
        "attachments",
        "warnings",
        "customers",
        "identities",
        "tickets",
        "messages",
        "names",
        "did",
    }
)


def encode(event: Event) -> dict[str, Any]:
    """The `data` column: JSON-ready, defaults left out."""
    data: dict[str, Any] = {"changes": [_encode(c) for c in event.changes]}
    if event.extra:
        data["extra"] = event.extra
    return data


def _values_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """All fields of such a change at once, in their order."""
    names = [f.name for f in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda change: (getattr(change, names[0]),)


_VALUES = {name: _values_of(kind) for name, kind in _KINDS.items()}


def _encode(change: Change) -> dict[str, Any]:
    name = type(change).__name__
    item: dict[str, Any] = {"is": name}
    for (field, default), value in zip(_DEFAULTS[name], _VALUES[name](change), strict=True):
        if value is not default and value != default:
            item[field] = value
    return item


def decode(data: dict[str, Any]) -> tuple[Change, ...]:
    """The changes of a `data` column; what a newer version wrote is left out."""
    changes: list[Change] = []
    for item in data.get("changes", ()):
        kind = _KINDS.get(item.get("is", ""))
        if kind is None:
            continue
        known = _FIELDS[kind.__name__]
        values = {k: _tuple(k, v) for k, v in item.items() if k in known}
        changes.append(kind(**values))
    return tuple(changes)


def _tuple(name: str, value: Any) -> Any:
    if name not in _TUPLES or not isinstance(value, list):
        return value
    return tuple(tuple(v) if isinstance(v, list) else v for v in value)
