"""Where in config.toml something stands, for whoever is told that it is wrong.

Promises: the line of a dotted key as errors write it, in which a table of a list goes by its name or its place (`accounts.soporte.imap`,
`views[0]`). Refuses: judging what stands there.
"""

import re
import tomllib
from typing import Any

from agentdesk.shopfile import Lines

_PARTS = re.compile(r'"([^"]*)"|\[(\d+)\]|([^.\["\]]+)')


def line_of(text: str, key: str, words: str = "") -> int:
    """The line of `text` that says `key`, with `words` the first from there that has them; of a key that is missing the line of its
    table, else the first."""
    within: Any = tomllib.loads(text)
    found = []
    for quoted, place, plain in _PARTS.findall(key):
        part = quoted or place or plain
        if isinstance(within, list):
            part = place or next(
                (str(n) for n, each in enumerate(within) if _name(each) == part.split()), "0"
            )
            within = within[int(part)] if int(part) < len(within) else {}
        else:
            within = within.get(part, {}) if isinstance(within, dict) else {}
        found.append(part)
    return Lines(text).of(".".join(found), words)


def _name(table: object) -> list[str] | None:
    """The words of it: settings have the name without the spaces around it."""
    name = table.get("name") if isinstance(table, dict) else None
    return name.split() if isinstance(name, str) else None
