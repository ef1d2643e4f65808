"""What lies in the JSON of a service, taken out by its shape.

Promises: whatever a service says, nothing here raises; where something else lies than was wanted, there is nothing. What a
webhook lists is kept even where it is no list. Refuses: any meaning.
"""

from typing import Any


def mapping(value: object) -> dict[str, Any]:
    """The value, empty where it is no object."""
    return value if isinstance(value, dict) else {}


def inside(thing: object, *keys: str) -> dict[str, Any]:
    """The object that lies there, one key after the other; empty where there is none."""
    for key in keys:
        thing = mapping(thing).get(key)
    return mapping(thing)


def entries(thing: object, key: str) -> list[Any]:
    """What lies in the list there; the thing itself where there is none, so that it is kept."""
    found = mapping(thing).get(key)
    return found if isinstance(found, list) else [thing]
