#!/usr/bin/env python3
"""Writes docs/keys.md from the table of actions: `make keys`.

Promises: every act, by the place where its keys count, in English; the same table gives the same bytes. Refuses: a
hand-written line; what is wrong there is wrong in `actions/`.
"""

import sys
from pathlib import Path

from agentdesk.actions import ACTIONS, ANYWHERE, CUSTOMER, QUEUE, READING, WRITING, Action

FILE = Path(__file__).parents[1] / "docs" / "keys.md"
PLACES = {
    ANYWHERE: "Everywhere but while writing",
    QUEUE: "In the queue",
    READING: "While reading a conversation",
    CUSTOMER: "In the customer's pane",
    WRITING: "While writing",
}
NAMES = {
    "semicolon": ";",
    "slash": "/",
    "backslash": "\\",
    "question_mark": "?",
    "exclamation_mark": "!",
    "colon": ":",
    "full_stop": ".",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "down": "Down",
    "up": "Up",
    "home": "Home",
    "end": "End",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "f1": "F1",
    "f6": "F6",
}
HEAD = """# Keys

Generated from `src/agentdesk/actions/` by `make keys`; `agentdesk keys` prints the same with your own keys in place.
Two keys apart by a space are pressed one after the other. Every act can have another key: under `[keys]` in
`config.toml` write its id and the key, such as `"ticket.resolve" = "e"`.
"""


def key(name: str) -> str:
    """A key as it is written in a manual: `Ctrl-d`, `g i`, `?`."""
    words = []
    for word in name.split(" "):
        *held, last = word.split("+")
        words.append("-".join((*(each.capitalize() for each in held), NAMES.get(last, last))))
    return " ".join(words)


def row(action: Action) -> str:
    keys = ", ".join(f"`{key(each)}`" for each in action.keys) or "none"
    return f"| {keys} | {action.help} | `{action.id}` |"


def text() -> str:
    """The whole page."""
    places = list(dict.fromkeys((*PLACES, *(each.where for each in ACTIONS))))
    parts = [HEAD]
    for place in places:
        rows = [row(each) for each in ACTIONS if each.where == place]
        if rows:
            heading = PLACES.get(place, place.capitalize())
            parts.append("\n".join((f"## {heading}", "", "| keys | does | id |", "|---|---|---|", *rows, "")))
    return "\n".join(parts)


def main() -> int:
    FILE.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
