"""The signs of the console, each one cell wide, and what stands for them where a terminal has only ASCII.

Promises: both tables have every sign; no emoji, which are two cells here and none there. A sign never stands alone for
a state: a word or a place says the same.
"""

from collections.abc import Mapping
from dataclasses import field

from agentdesk.core.model import Priority, Status
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """`status` and `priority` hold only what is not plain; `heat` is a sign for none, then more and more. `speaks`: lines are made to be heard, one after another.

    A sign is put in where it is drawn, never looked for in a text afterwards: what customers write keeps theirs.
    """

    speaks: bool = False
    cursor: str = "▌"
    marked: str = "◆"
    unread: str = "●"
    incoming: str = "▸"
    outgoing: str = "◂"
    note: str = "✎"
    machine: str = "▹"
    folded: str = "▸"
    unfolded: str = "▾"
    file: str = "▪"
    bar: str = "│"
    answers: str = "↳"
    rule: str = "─"
    dot: str = "·"
    good: str = "✓"
    bad: str = "✗"
    more: str = "…"
    enter: str = "⏎"
    up: str = "↑"
    down: str = "↓"
    left: str = "←"
    right: str = "→"
    alive: str = "●"
    still: str = "○"
    full: str = "█"
    empty: str = "░"
    goal: str = "┃"
    window: str = "◷"
    heat: str = " ·░▒▓█"
    status: Mapping[str, str] = field(
        default_factory=lambda: {
            Status.WAITING_CUSTOMER: "…",
            Status.WAITING_THIRD_PARTY: "◇",
            Status.SNOOZED: "z",
            Status.RESOLVED: "✓",
            Status.CLOSED: "✗",
        }
    )
    priority: Mapping[str, str] = field(
        default_factory=lambda: {Priority.URGENT: "⇑", Priority.HIGH: "↑", Priority.LOW: "↓"}
    )

    def joined(self, *parts: str) -> str:
        """Those of the parts that say something, in one line."""
        between = ", " if self.speaks else f" {self.dot} "
        return between.join(part for part in parts if part)


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">",
    marked="*",
    unread="o",
    incoming=">",
    outgoing="<",
    note="#",
    machine="~",
    folded="+",
    unfolded="-",
    file="=",
    bar="|",
    answers="^",
    rule="-",
    dot="-",
    good="v",
    bad="x",
    more="~",
    enter="enter",
    up="^",
    down="v",
    left="<",
    right=">",
    alive="*",
    still="o",
    full="#",
    empty=".",
    goal="|",
    window="w",
    heat=" .:+*#",
    status={
        Status.WAITING_CUSTOMER: ".",
        Status.WAITING_THIRD_PARTY: ":",
        Status.SNOOZED: "z",
        Status.RESOLVED: "v",
        Status.CLOSED: "x",
    },
    priority={Priority.URGENT: "A", Priority.HIGH: "^", Priority.LOW: "_"},
)
SPOKEN = Glyphs(
    speaks=True,
    cursor=" ",
    marked="",
    unread="",
    incoming="",
    outgoing="",
    note="",
    machine="",
    folded="",
    unfolded="",
    file="",
    bar="",
    answers="",
    rule="",
    dot=",",
    good="",
    bad="!",
    more="...",
    up="",
    down="",
    left="",
    right="",
    alive="",
    still="",
    full="",
    empty="",
    goal="",
    window="",
    heat="",
    status=dict.fromkeys(UNICODE.status, ""),
    priority=dict.fromkeys(UNICODE.priority, ""),
)
"""For a reader of the screen: no sign at all where a word says the same."""
