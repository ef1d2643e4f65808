"""What the benchmarks share: two sides measured in turn, and one line that says how they compare.

A ratio of two medians taken in one run on one machine is the only figure that is judged: what else the machine does
falls on both sides alike. Absolute times are printed for the reader and never compared with anything. Importing this makes
the tests' servers and terminal importable.
"""

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

Measure = Callable[[], float]


def in_turn(ours: Measure, theirs: Measure, rounds: int) -> tuple[list[float], list[float]]:
    """Both sides `rounds` times, the order turned round each time, so that neither always comes first."""
    mine: list[float] = []
    others: list[float] = []
    for number in range(rounds):
        sides = [(ours, mine), (theirs, others)]
        for measure, found in sides if number % 2 == 0 else sides[::-1]:
            found.append(measure())
    return mine, others


def compared(
    name: str, ours: list[float], theirs: list[float], limit: float, **more: object
) -> dict[str, object]:
    """One comparison as a document: the ratio of the medians, both medians (seconds), the limit, and whether it is kept."""
    mine, others = statistics.median(ours), statistics.median(theirs)
    ratio = mine / others
    return {
        "benchmark": name,
        "ratio": round(ratio, 3),
        "ours": round(mine, 5),
        "theirs": round(others, 5),
        "limit": limit,
        "ok": ratio <= limit,
        "rounds": len(ours),
        **more,
    }


def say(document: dict[str, object]) -> int:
    """Prints the line; gives the exit status."""
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()
    return 0 if document["ok"] else 1


def skipped(name: str, reason: str) -> int:
    """The line of a benchmark that cannot run here; that is no failure."""
    sys.stdout.write(json.dumps({"benchmark": name, "skipped": reason}) + "\n")
    return 0


def note(text: str) -> None:
    """Narration, beside the one line of data."""
    sys.stderr.write(text + "\n")
