"""From the start of the process to the first painted queue of 10,000 tickets, over an empty Textual app.

Both in a real pseudo-terminal of 120x40, in turn; the empty app draws one word, so that its first paint can be seen. The
desk has no account: nothing is fetched. Usage: cold_start.py [TICKETS [ROUNDS]]
"""

import sys
import tempfile
from pathlib import Path

from shop import FIRST, build
from side_by_side import compared, in_turn, note, say

from servers.terminal import Terminal

NAME = "cold_start"
LIMIT = 2.0
EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("painted")

Empty().run()
"""


def painted(command: list[str], words: str, environment: dict[str, str] | None = None) -> float:
    """Seconds until `words` are on the screen."""
    terminal = Terminal(command, environment)
    try:
        return terminal.until(words)
    finally:
        terminal.close()


def main(tickets: int = 10_000, rounds: int = 9) -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = build(Path(folder) / "home", tickets)
        here = {"AGENTDESK_HOME": str(home.config)}

        def console() -> float:
            return painted([sys.executable, "-m", "agentdesk"], f"{FIRST} ", here)

        def empty() -> float:
            return painted([sys.executable, "-c", EMPTY], "painted")

        for once in (console, empty):  # the caches of both are warm before anybody is timed
            note(f"{once.__name__}: first {once():.3f} s")
        ours, theirs = in_turn(console, empty, rounds)
    return say(compared(NAME, ours, theirs, LIMIT, tickets=tickets, other="an empty Textual app"))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
