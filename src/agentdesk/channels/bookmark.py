"""A cursor as connectors that ask write it: a version and a few values, as JSON.

Promises: what is not readable any more says so (None), and is never a guess.
"""

import json
from typing import Any

VERSION = 1


def write(**values: Any) -> str:
    """The cursor that holds these values."""
    return json.dumps({"version": VERSION, **values})


def read(cursor: str, *names: str) -> dict[str, Any] | None:
    """The values of a cursor that has all of `names`; None where somebody else wrote it, or another version."""
    try:
        found = json.loads(cursor)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.pop("version", None) != VERSION:
        return None
    return found if all(name in found for name in names) else None
