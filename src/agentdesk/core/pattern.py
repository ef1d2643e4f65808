r"""A pattern of the shop's own that is laid over strangers' text: what makes it safe, and what it finds.

Promises: one that is taken needs at most some ten milliseconds for a piece of text, whatever a stranger writes, since it
cannot try more ways than `WAYS`; text is looked at in short pieces and no further than `READ`. Refuses: groups that repeat
within a repetition, alternatives within one and references back, which is where a match begins to take for ever.
"""

import re
from collections.abc import Iterator

from agentdesk.errors import N_

READ = 8000
"""Characters of a text that are looked at."""
PIECE, WORD = 200, 80
"""Characters of one piece, and of the longest word that is looked at."""
WAYS = 40_000
FOUND = 5

_TOKEN = re.compile(
    r"""\\[1-9]|\(\?P=\w+\)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!]|P<\w+>|[aiLmsux-]+[:)])|\{\d*,?\d*\}[?+]?|[*+?][?+]?|.""",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"\{(\d*)(,?)(\d*)\}[?+]?|[*+?][?+]?")
_SPACE = frozenset({"\\s", " ", "[ ]"})
"""Between words there is one space, however many were written."""


def checked(text: str) -> re.Pattern[str]:
    """`text` as a pattern; raises re.error, and ValueError with a reason for people that is still to be translated."""
    found = re.compile(text, re.IGNORECASE)
    if found.groups != 1:
        raise ValueError(N_("it needs exactly one group ( ), around the order number"))
    if _ways(text) > WAYS:
        raise ValueError(
            N_("it could take very long on some texts: repeat fewer parts, and say how often at most")
        )
    return found


def _ways(text: str) -> int:
    """How many ways there are at most to lay the pattern over one place; more than WAYS where that cannot be said."""
    ways, depth, last = 1, 0, ""
    varies: list[bool] = [False]
    closed = False  # whether the group that has just ended holds a repetition or alternatives
    for sign in (each[0] for each in _TOKEN.finditer(text)):
        if re.fullmatch(r"\\[1-9]|\(\?P=\w+\)", sign):
            return WAYS + 1
        if found := _QUANTIFIER.fullmatch(sign) if last else None:
            if last == ")" and closed and not sign.startswith("?"):
                return WAYS + 1
            times = 2 if last in _SPACE else _times(sign, found)
            if times > 1:
                ways *= times
                varies[-1] = True
            last = ""
            continue
        if sign.startswith("(") and not sign.endswith(")"):
            depth += 1
            varies.append(False)
        elif sign == ")" and depth:
            depth -= 1
            closed = varies.pop()
            varies[-1] |= closed
        elif sign == "|":
            ways *= 2
            varies[-1] = True
        last = sign
    return ways


def _times(sign: str, found: re.Match[str]) -> int:
    """How many different numbers of times a quantifier allows."""
    if sign[0] in "*+":
        return PIECE
    if sign[0] == "?":
        return 2
    least = int(found[1] or 0)
    most = int(found[3]) if found[3] else PIECE if found[2] else least
    return min(PIECE, max(1, most - least + 1))


def numbers(pattern: re.Pattern[str], texts: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
    """What the group of `pattern` finds, each once, in the order of the texts; at most FOUND."""
    found: dict[str, str] = {}
    left = READ
    for text in texts:
        for piece in _pieces(text[:left]):
            for each in pattern.finditer(piece):
                if number := (each[1] or "").strip():
                    found.setdefault(number.casefold(), number)
        left -= len(text)
        if left <= 0 or len(found) >= FOUND:
            break
    return tuple(found.values())[:FOUND]


def _pieces(text: str) -> Iterator[str]:
    """Whole words, as many as fit into a piece; each begins in the middle of the one before, so that nothing is cut in two."""
    words = [word for word in text.split() if len(word) <= WORD]
    at = 0
    while at < len(words):
        piece, end = words[at], at + 1
        while end < len(words) and len(piece) + len(words[end]) < PIECE:
            piece = f"{piece} {words[end]}"
            end += 1
        yield piece
        if end == len(words):
            return
        at = max(at + 1, (at + end) // 2)
