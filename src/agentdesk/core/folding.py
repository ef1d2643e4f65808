"""Text as search compares it: small letters without accents, words without punctuation.

Promises: the same words as the full-text index makes of a text (letters, digits; a combining accent belongs to its letter),
and one character for one character, so that a place found in the folded text is found in the text itself. Refuses:
knowing endings, which are `store.vocabulary`'s, and taking `ñ`, `ç` or `à` for letters of their own: people type without
accents when in a hurry.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from agentdesk.core.text import safe_line

WIDTH = 160
"""Characters that a snippet has at most."""
_READ = 200_000  # characters of a text that are looked through for a snippet
_MATCHES = 200  # places in it that are weighed against each other
_WORD = re.compile(r"[^\W_]+")
_INSIDE = r"[^\W_]"
_BETWEEN = r"[\W_]+"


class _Bases(dict[int, str]):
    """Each character's base letter, found when it is first met; accents on their own become nothing."""

    def __missing__(self, code: int) -> str:
        first, *rest = list(unicodedata.normalize("NFD", chr(code)))
        whole = first if all(map(_is_accent, rest)) else chr(code)
        base = "" if _is_accent(first) else whole
        small = base.lower()
        self[code] = found = small if len(small) == 1 else base
        return found


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


_BASES = _Bases()


def folded(text: str) -> str:
    """`text` in small letters without accents; as long as `text` but for accents that stood on their own."""
    return text.lower() if text.isascii() else text.translate(_BASES)


class _Letters(dict[int, str]):
    """What the index should read of each character: letters, digits and accents; all else parts words."""

    def __missing__(self, code: int) -> str:
        self[code] = found = chr(code) if unicodedata.category(chr(code))[0] in "LNM" else " "
        return found


_LETTERS = _Letters()


_KNOWN_TO_ALL = re.compile(r"[\0-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]*+")


def letters(text: str) -> str:
    """`text` with a space for what is no letter: FTS5 knows Unicode 6.1 and takes every younger emoji for one."""
    return text if _KNOWN_TO_ALL.fullmatch(text) else text.translate(_LETTERS)


def tokens(text: str) -> list[str]:
    """The words of `text`, folded."""
    return _WORD.findall(folded(text))


def searchable(text: str) -> bool:
    """There is a letter or digit in `text` that the index can know."""
    return _WORD.search(text) is not None


def finder(terms: Iterable[Iterable[tuple[str, bool]]]) -> re.Pattern[str] | None:
    """Finds any of `terms` in folded text, each in a group of its own, whichever of its alternatives ((words, the last one
    may go on)) is there."""
    found = []
    for term in terms:
        ways = [
            f"{_BETWEEN.join(words)}{'' if prefix else f'(?!{_INSIDE})'}"
            for text, prefix in term
            if (words := tokens(text))
        ]
        if ways:
            found.append(f"({'|'.join(ways)})")
    return re.compile(f"(?<!{_INSIDE})(?:{'|'.join(found)})") if found else None


def snippet(text: str, pattern: re.Pattern[str], folds: Sequence[tuple[int, int, str]] = ()) -> str | None:
    """The line of `text` that says most of what is looked for, one's own words (outside `folds`) before quoted ones.

    At most WIDTH characters, fit for a terminal; None where `pattern` is not found.
    """
    text = text[:_READ]
    low = folded(text)
    place = _places(text, low)
    lines: dict[int, tuple[set[int], int, int]] = {}
    for match in islice(pattern.finditer(low), _MATCHES):
        start = low.rfind("\n", 0, match.start()) + 1
        terms, first, last = lines.setdefault(start, (set(), match.start(), match.end()))
        terms.add(match.lastindex or 0)
    if not lines:
        return None

    def worth(start: int) -> tuple[bool, int, int]:
        at = place(lines[start][1])
        return not any(a <= at < b for a, b, _ in folds), len(lines[start][0]), -start

    best = max(lines, key=worth)
    _, first, last = lines[best]
    begin = place(best)
    end = text.find("\n", place(last - 1))
    return _cut(text[begin : end if end >= 0 else len(text)], place(first) - begin)


def first_line(text: str) -> str:
    """The first line of `text` that says something and is no quotation, as a snippet."""
    for line in text[:_READ].splitlines():
        if searchable(line) and not line.lstrip().startswith(">"):
            return _cut(line, 0)
    return _cut(text[:WIDTH], 0)


def spans(text: str, pattern: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Where `pattern` is in `text`: [start, end) in characters."""
    low = folded(text)
    place = _places(text, low)
    return tuple((place(m.start()), place(m.end() - 1) + 1) for m in pattern.finditer(low))


def _places(text: str, low: str) -> Callable[[int], int]:
    """From a place in the folded text to the same in `text`."""
    if len(text) == len(low):
        return lambda place: place
    kept = [at for at, char in enumerate(text) if folded(char)]
    return lambda place: kept[place]


def _cut(line: str, at: int) -> str:
    """At most WIDTH characters of `line` around `at`, cut between words where there are any."""
    if len(line) <= WIDTH:
        return safe_line(line.lstrip("> "))
    start = max(0, at - WIDTH // 3)
    if start:
        space = line.find(" ", start, at)
        start = start if space < 0 else space + 1
    end = start + WIDTH - 2
    if end < len(line):
        space = line.rfind(" ", max(at, end - WIDTH // 4), end)
        end = end if space <= at else space
    return ("…" if start else "") + safe_line(line[start:end]) + ("…" if end < len(line) else "")
