"""CPU time that a key costs the real console with 100,000 tickets, over one with 1,000.

Two consoles in real pseudo-terminals of 120x40, in turn, a block of keys each from the top of the queue: `down`, which moves
inside the page and then scrolls, and `page down`. What is counted is the CPU time of all threads of the process.
One line for each key. Usage: key_cost.py [MANY [FEW [ROUNDS]]]
"""

import sys
import tempfile
from pathlib import Path

from shop import FIRST, build
from side_by_side import compared, in_turn, note, say

from servers.terminal import Terminal

LIMIT = 1.2
DOWN, PAGE_DOWN, TOP = "\x1b[B", "\x1b[6~", "\x1b[H"
KEYS = {"down": (DOWN, 60), "page_down": (PAGE_DOWN, 20)}


class Console:
    """A console over so many tickets, with its queue on the screen."""

    def __init__(self, folder: Path, tickets: int) -> None:
        home = build(folder, tickets)
        note(f"{tickets} tickets are stored")
        self.terminal = Terminal([sys.executable, "-m", "agentdesk"], {"AGENTDESK_HOME": str(home.config)})
        self.terminal.until(f"{FIRST} ")
        self.terminal.quiet(0.3)

    def block(self, key: str, times: int) -> float:
        """CPU seconds of one press, the mean of a block from the top on."""
        began = self.terminal.cpu()
        for _ in range(times):
            self.terminal.press(key)
        cost = (self.terminal.cpu() - began) / times
        self.terminal.press(TOP)
        return cost


def main(many: int = 100_000, few: int = 1_000, rounds: int = 7) -> int:
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        consoles: list[Console] = []
        try:
            consoles.extend(Console(Path(folder) / str(count), count) for count in (many, few))
            big, small = consoles
            for name, (key, times) in KEYS.items():

                def ours(key: str = key, times: int = times) -> float:
                    return big.block(key, times)

                def theirs(key: str = key, times: int = times) -> float:
                    return small.block(key, times)

                ours()
                theirs()
                found = in_turn(ours, theirs, rounds)
                status |= say(
                    compared(f"key_cost.{name}", *found, LIMIT, tickets=many, other=f"{few} tickets")
                )
        finally:
            for console in consoles:
                console.terminal.close()
    return status


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
