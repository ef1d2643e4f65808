"""What a stranger writes to take a terminal over, and what may reach one, told apart by rules of its own.

The rules here know nothing of `agentdesk.core.text`: they ask Unicode's tables and a list of sequences, so that a mistake
there cannot hide behind the same mistake here.
"""

import re
import unicodedata
from dataclasses import dataclass

MARK = "\ufffd"
MARKS_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Payload:
    """`raw` is what is written, `shown` what is to be seen of it on one line."""

    name: str
    raw: str
    shown: str

    @property
    def sent(self) -> str:
        """What is to be seen of it where one of us wrote it."""
        return self.shown.replace(MARK, "\n" if self.name == "line ends" else "")


def _marked(raw: str, *bad: str) -> str:
    for each in bad:
        raw = raw.replace(each, MARK)
    return raw


def _esc(name: str, raw: str, *more: str) -> Payload:
    return Payload(name, raw, _marked(raw, "\x1b", "\x07", *more))


PAYLOADS = (
    _esc("clipboard", "\x1b]52;c;cm0gLXJmIH4=\x07"),
    _esc("title", "\x1b]0;owned\x07"),
    _esc("link", "\x1b]8;;https://e.test\x1b\\here\x1b]8;;\x1b\\"),
    _esc("clear", "\x1b[2J\x1b[H"),
    _esc("cursor", "\x1b[999;999H"),
    _esc("colour", "\x1b[5;8;31mred\x1b[0m"),
    _esc("report", "\x1b[6n\x1b[c"),
    _esc("device", "\x1bP$qm\x1b\\"),
    _esc("image", "\x1b_Gf=100;aa\x1b\\\x1b]1337;x\x07"),
    _esc("notice", "\x1b]9;pay\x07\x1b]777;notify;a;b\x07\x1b]99;;c\x1b\\"),
    _esc("mode", "\x1b[?1049l\x1b[?25h\x1bc"),
    _esc("charset", "\x1b(0\x0e\x0f", "\x0e", "\x0f"),
    Payload("c1 sequence", "\x9b2J\x9b31m", f"{MARK}2J{MARK}31m"),
    Payload("c1 title", "\x9d0;t\x9c\x90q\x9c", f"{MARK}0;t{MARK}{MARK}q{MARK}"),
    Payload("controls", "a\x07\x08\x08b\x7f\x00c", f"a{MARK * 3}b{MARK * 2}c"),
    Payload("line ends", "a\u2028b\u2029c\x85d", f"a{MARK}b{MARK}c{MARK}d"),
    Payload("turned round", "\u202egnp.exe\u202c", f"{MARK}gnp.exe{MARK}"),
    Payload("isolated", "\u2066x\u2069\u2067y\u061c\u200f", f"{MARK}x{MARK}{MARK}y{MARK}{MARK}"),
    Payload("no width", "a\u200bb\u2060c\ufeffd\u200de\u200cf\u2063", f"a{MARK}b{MARK}c{MARK}d{MARK}e{MARK}f{MARK}"),
    Payload("tags", "x\U000e0041\U000e0042\U000e007f", f"x{MARK * 3}"),
    Payload("selectors", "x\ufe0f\ufe01\U000e0100\u034f\u3164", f"x{MARK * 5}"),
    Payload("marks", "e" + "\u0301" * 60, "e" + "\u0301" * MARKS_AT_MOST),
    Payload("no characters", "a\uffff\ufdd0\U0001ffffb\ue000c", f"a{MARK * 3}b{MARK}c"),
    Payload("tones", "b" + "\U0001f3fb" * 8, "b" + MARK * 8),
    Payload("wide", "\ufdfd\U0001242b漢字", "\ufdfd\U0001242b漢字"),
    Payload("families", "👨‍👩‍👧‍👦 👩🏽‍🚀 1️⃣", "👨‍👩‍👧‍👦 👩🏽‍🚀 1️⃣"),
    Payload("joined words", "نمی‌خواهم क्‍ष അവന്‍", "نمی‌خواهم क्‍ष അവന്‍"),
    Payload("markup", "[red]m[/red] [/x] [@click=app.bell]y[/]", "[red]m[/red] [/x] [@click=app.bell]y[/]"),
    Payload("template", "%s {0} {{name}} $x", "%s {0} {{name}} $x"),
)  # fmt: skip

_HIDDEN = (
    "VARIATION SELECTOR",
    "HANGUL FILLER",
    "JUNGSEONG FILLER",
    "CHOSEONG FILLER",
    "SCRIPT FILLER",
    "INHERENT",
    "GRAPHEME JOINER",
    "VOWEL SEPARATOR",
)
_BASES = {"So", "Sm", "Sk", "Po", "Nd"}
"""Categories of what an emoji style can stand upon."""


def undrawable(text: str) -> list[str]:
    """What of `text` a terminal would obey, hide or pile up."""
    return [
        f"U+{ord(char):04X}"
        for at, char in enumerate(text)
        if not (char in "\u200c\u200d\ufe0e\ufe0f" and _shapes(text, at)) and _is_bad(char)
    ] + [f"{len(run[0])} marks" for run in re.finditer(_pile(text), text) if len(run[0]) > MARKS_AT_MOST]


def _is_bad(char: str) -> bool:
    kind = unicodedata.category(char)
    if kind == "Cn":  # younger than this Python's tables: an emoji, or nothing
        return not "\U0001f300" <= char <= "\U0001faff"
    return kind in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or any(
        word in unicodedata.name(char, "") for word in _HIDDEN
    )


def _shapes(text: str, at: int) -> bool:
    """Whether what joins or dresses its neighbours has neighbours to join or to dress."""
    char, before, after = text[at], text[at - 1] if at else "", text[at + 1] if at + 1 < len(text) else ""
    if char in "\ufe0e\ufe0f":
        return bool(before) and unicodedata.category(before) in _BASES
    if not before:
        return False
    pictures = char == "\u200d" and after and unicodedata.category(after) in {"So", "Sm", "Cn", "Po"}
    letters = unicodedata.category(before) in {"Lo", "Mn", "Mc"} and "\u0600" <= before <= "\u17ff"
    return bool(pictures or letters)


def _pile(text: str) -> str:
    marks = {char for char in text if unicodedata.category(char) in {"Mn", "Me", "Mc"}}
    return f"[{re.escape(''.join(sorted(marks)))}]+" if marks else "(?!)"


_TOKEN = re.compile(
    r"(?P<sequence>\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])?)"
    r"|(?P<text>[^\x1b]+)",
    re.DOTALL,
)


def found_in(drawn: str, allowed: re.Pattern[str], controls: str = "\r\n") -> list[tuple[int, str]]:
    """(place, what) of everything in `drawn` but text, `controls` and the sequences that are `allowed`."""
    doubtful = "".join(sorted(filter(_is_odd, set(drawn))))
    odd = re.compile(f"[{re.escape(doubtful)}]" if doubtful else "(?!)")
    found = []
    for token in _TOKEN.finditer(drawn):
        if sequence := token["sequence"]:
            if not allowed.fullmatch(sequence):
                found.append((token.start(), repr(sequence)))
        elif odd.search(token["text"]):
            bare = token["text"].translate(dict.fromkeys(map(ord, controls), " "))
            if wrong := undrawable(bare):
                found.append((token.start(), ", ".join(wrong[:5])))
    return found


def _is_odd(char: str) -> bool:
    """Whether it is worth a look where it stands."""
    return (
        not char.isascii() and unicodedata.category(char) not in {"Lu", "Ll", "Lo", "So", "Zs"}
    ) or _is_bad(char)
