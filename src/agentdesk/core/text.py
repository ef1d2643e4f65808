"""Customer text, made harmless and readable where it comes in, and ours, made clean before it goes out.

Promises: what `safe` returns cannot move a cursor, change a colour, reverse or hide a word; whatever was
taken out is seen as U+FFFD; the work is linear in the text. What `clean` returns is safe too, and bears no mark that nobody typed.
Refuses: parsing HTML (channels do), interpreting markup, changing meaning. Terminal toolkits pass hostile
bytes through as they are, so this is the one door (reliability H5), and calling it twice changes nothing.
Which parts are quotes and signatures is found by `quotes`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.core.model import Fold

MARK = "\ufffd"
MARKS_AT_MOST = 4
_JOINERS = "\u200c\u200d"
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_STYLES = "\ufe0e\ufe0f"
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_SHAPERS = frozenset(_JOINERS + _STYLES + _TONES)
"""What changes how its neighbours look: each stays only where it can."""
# Letters and signs of western mail, each of which is shown as it is.
_ORDINARY = re.compile(r"[\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]*+")
# Letters and marks that draw nothing although Unicode calls them printable: fillers, inherent vowels and the
# selectors beyond emoji style, which can carry hidden bytes.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\U00016fe4"
    + "".join(map(chr, range(0xFE00, 0xFE0E)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
# Scripts in which joiners change how letters connect: Arabic to Samaritan, the Indic block, Myanmar, Khmer.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
"""Signs that take a letter's vowel away; a joiner after one also ends a word."""
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
)
_CHAINED = 3
"""Joiners that the longest emoji has (a family of four); no terminal draws a longer chain as one."""
_MARKS = frozenset({"Mn", "Mc", "Me"})
_SIGNS = re.compile(
    r"(?<!\w)[·‧・･]|[·‧・･](?!\w)|[•∙⋅∘●○◆◇■□▪▫▶▸▹◀◂│┃║█░▒▓─━↳⏎✎◷✓✔☑✅🗸√✗✘✕✖☒❌❎⇑↑↓⟨⟩‹›＜＞<>]"
)
"""What looks like a mark of the console (`widgets.glyphs`), or like the brackets around an address."""
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""Ends of lines and pages, as editors, word processors and web pages write them."""
_LOST = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Controls, bytes that were no text, and characters of nobody's: whoever sends them meant something else."""


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    """What one character becomes, shapers and runs of marks apart."""
    if char in _INVISIBLE:
        return MARK
    if char in "\n\t" or char in _JOINERS or char.isprintable():
        return char
    if char == "\u00ad":  # a soft hyphen is a hint for typesetting: the word is whole without it
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    # Emoji younger than this Python's Unicode tables are drawn as what they are: one wide glyph.
    return char if "\U0001f300" <= char <= "\U0001faff" else MARK


@lru_cache(maxsize=4096)
def _piles(char: str) -> bool:
    """Whether it is drawn upon the letter before it: marks, joiners, and the later letters of a Korean syllable."""
    korean = "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"
    return korean or char in _JOINERS or unicodedata.category(char) in _MARKS


def _capped(text: str, chars: set[str]) -> str:
    """At most four upon one letter; the rest of such a pile is noise."""
    marks = {char for char in chars if _piles(char)}
    if not marks:
        return text
    pile = "[" + re.escape("".join(sorted(marks))) + "]"
    return re.sub(f"({pile}{{{MARKS_AT_MOST}}}){pile}+", r"\1", text)


@lru_cache(maxsize=1)
def _strays() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Where a shaper shapes nothing, in the order in which one depends on the other, and what of it is kept; compiled when one is
    met."""
    one = f"[{_EMOJI}][{_STYLES}]?[{_TONES}]?"
    linked = f"(?<=[{_JOINING}])[{_JOINERS}](?=[{_JOINING}])"
    halved = f"(?<=[{_VIRAMAS}])[{_JOINERS}](?![{_EMOJI}])"
    chained = f"(?<=[{_EMOJI}{_STYLES}{_TONES}])\u200d(?=[{_EMOJI}])"
    rules = (
        (f"(?<![{_EMOJI}0-9#*])[{_STYLES}]|(?<=[0-9#*])[{_STYLES}](?!\u20e3)", ""),
        (f"(?<![{_EMOJI}{_STYLES}])[{_TONES}]", ""),
        (f"(?!{linked}|{halved}|{chained})[{_JOINERS}]", ""),
        (f"((?:{one}\u200d){{{_CHAINED}}}{one})\u200d", r"\1"),
    )
    return tuple((re.compile(pattern), put) for pattern, put in rules)


def safe(text: str) -> str:
    """`text` fit for a terminal: printable characters, line feeds and tabs; all else shows as U+FFFD.

    CR LF and a lone CR become a line feed, odd spaces a plain one; joiners stay where they shape emoji or
    Arabic and Indic words, emoji styles and skin tones upon an emoji. `safe(safe(x)) == safe(x)`.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _ORDINARY.fullmatch(text):
        return text
    text = text.removeprefix("\ufeff")
    changed = {ord(c): new for c in set(text) if (new := _shown(c)) != c}
    return _shaped(text.translate(changed) if changed else text, MARK)


def _shaped(text: str, mark: str) -> str:
    """`text` without long piles of marks, and with `mark` for each shaper that shapes nothing."""
    if text.isascii():
        return text
    chars = set(text)
    text = _capped(text, chars)
    if not chars.isdisjoint(_SHAPERS):
        for stray, kept in _strays():
            text = stray.sub(kept + mark, text)
    return text


def clean(text: str) -> str:
    """What one of us wrote, pasted or piped in, fit to be sent: `safe`, but that what cannot be shown is left out.

    Direction marks and zero-width spaces, with which other programs wrap a number or a link, are nothing that anybody wrote; a
    line separator is a line feed. No U+FFFD stands in it that did not before. Whether more than that is lost says `unsendable`.
    """
    text = _BREAKS.sub("\n", text)
    if _ORDINARY.fullmatch(text):
        return text
    hidden = {ord(char): None for char in set(text) if char != MARK and _shown(char) == MARK}
    return safe(_shaped(text.translate(hidden), ""))


def unsendable(text: str) -> int | None:
    """Where the first character stands that `clean` would take away although it is part of the text: a control character, a byte
    that is no UTF-8, one that no alphabet has; None where there is none."""
    found = (at for at, char in enumerate(text) if not char.isprintable() and _is_lost(char))
    return None if _ORDINARY.fullmatch(text) else next(found, None)


def _is_lost(char: str) -> bool:
    return _shown(char) == MARK and not _BREAKS.match(char) and unicodedata.category(char) in _LOST


def is_safe(text: str) -> bool:
    """Whether `safe` has nothing to do."""
    return _ORDINARY.fullmatch(text) is not None or safe(text) == text


def safe_line(text: str) -> str:
    """`safe` for a subject, a name, a file's name: one line, single spaces, nothing at the ends."""
    return " ".join((text if text.isascii() and text.isprintable() else safe(text)).split())


def safe_name(text: str) -> str:
    """`safe_line` for what somebody else calls themselves, beside words of the program: none of the signs by which those are parted or
    marked is in it. The dot within a word, as in Marcel·la, is a letter."""
    line = safe_line(text)
    return line if line.isalnum() else _SIGNS.sub("-", line)


def clean_line(text: str) -> str:
    """`clean` for a subject or a name that one of us typed: one line, single spaces, nothing at the ends."""
    return " ".join(clean(text).split())


def is_obeyed(text: str) -> bool:
    """Whether a terminal would do something at this text instead of showing it: never so of what `safe` gave."""
    return _OBEYED.search(text) is not None


def visible(text: str, folds: "Iterable[Fold]") -> str:
    """`text` without its folds, blank ends stripped."""
    parts = []
    at = 0
    for fold in folds:
        parts.append(text[at : fold.start])
        at = fold.end
    parts.append(text[at:])
    return "".join(parts).strip()
