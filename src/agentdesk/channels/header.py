"""What stands in the head of a mail, read as it is really written.

Promises: any header of any bytes gives a value, in linear time: encoded words (adjacent, cut inside a character,
broken, in unknown sets), raw 8-bit text, RFC 2231 parameters, addresses with comments, groups and quotes.
Refuses: raising, and trusting: texts come out safe for a terminal, one line each.
The standard library's modern policy raises on real mail and its address parser differs by version, hence own code.
"""

import binascii
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from agentdesk.channels.charset import decoded, guess
from agentdesk.core.model import Address
from agentdesk.core.text import safe_line

VALUE_AT_MOST = 100_000
ADDRESSES_AT_MOST = 500
IDS_AT_MOST = 500
REMEMBERED_AT_MOST = 500  # characters of a value that is read once for all mails that have it

_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_ADDRESS_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"?|\(|\)|<[^<>]*>?|[,;:]|[^",;:<>()]+|.', re.DOTALL)
_QUOTED = "\udfff"  # stands for a quoted string; no byte becomes this one
_QUOTED_LOCAL = re.compile(r'("(?:[^"\\]|\\.)*")@([^"@]+)', re.DOTALL)
_ATOM = re.compile(r"[^\s\"<>@,;:()\\\[\]]+")
_WITHOUT_BRACKETS = re.compile(r"[^<>]+")
_PLAIN = re.compile(r"[^\s\"<>@]+@[^\s\"<>@.]+\.[^\s\"<>@]+")
_ID = re.compile(r"<([^<>]+)>")
# Nothing but ids as they are mostly written, each apart from the next.
_PLAIN_IDS = re.compile(r"\s*+<[!-+\--:=?-~]++>(?:\s++<[!-+\--:=?-~]++>)*\s*+", re.ASCII)
_PARAM = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_BACKSLASH = re.compile(r"\\(.)")
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))


class Headers:
    """The headers of one mail or part: every value of a name, in order, as latin text with raw bytes escaped."""

    __slots__ = ("_values",)

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        values = self._values
        for name, value in items:
            key = name.strip().lower()
            if key in values:
                values[key].append(str(value))
            else:
                values[key] = [str(value)]

    def __bool__(self) -> bool:
        return bool(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def among(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `names` that are there, in the order of `names`."""
        return () if self._values.keys().isdisjoint(names) else tuple(n for n in names if n in self._values)

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def raw(self, name: str) -> str:
        """The first value, unfolded, undecoded; empty if there is none."""
        values = self._values.get(name)
        if not values:
            return ""
        value = values[0]
        return value[:VALUE_AT_MOST].replace("\r", "").replace("\n", "") if len(value) > 60 else value.strip()

    def text(self, name: str) -> str:
        """The first value, decoded and made safe."""
        return safe_line(plain(self.raw(name)))


def plain(value: str) -> str:
    """A header's value with its encoded words and raw bytes turned into text; not yet safe."""
    if "=?" not in value:
        return value if value.isascii() else _unescaped(value)
    value = _unescaped(value[:VALUE_AT_MOST]) if not value.isascii() else value[:VALUE_AT_MOST]
    out: list[str] = []
    run = b""
    charset = ""
    at = 0
    for found in _ENCODED.finditer(value):
        between = value[at : found.start()]
        at = found.end()
        label = found[1].split("*")[0].lower()
        data = _word(found[2], found[3])
        if run and not between.strip() and label == charset:
            run += data
            continue
        if run or charset:
            out.append(decoded(run, charset)[0])
        if between.strip() or not charset:
            out.append(between)
        run, charset = data, label
    if charset:
        out.append(decoded(run, charset)[0])
    out.append(value[at:])
    return "".join(out)


def _unescaped(value: str) -> str:
    """Raw 8-bit bytes, which the parser keeps as lone surrogates, as text."""
    try:
        return guess(value.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode("utf-8")


def _word(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if kind in "bB":
        return unbase64(data)
    return _QUOTED_BYTE.sub(lambda m: bytes([int(m[1], 16)]), data.replace(b"_", b" "))


def without_foreign(data: bytes) -> bytes:
    """Base64 text without line ends, padding and whatever else is no digit of it."""
    return data.translate(None, _NOT_BASE64)


def unbase64(data: bytes) -> bytes:
    """Base64 with whatever is missing or foreign overlooked."""
    data = without_foreign(data)
    data = data[: len(data) - 1] if len(data) % 4 == 1 else data
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def params(value: str) -> tuple[str, Mapping[str, str]]:
    """The leading token and the parameters of Content-Type or Content-Disposition, RFC 2231 put together."""
    return _remembered_params(value) if len(value) <= REMEMBERED_AT_MOST else _params(value)


def _params(value: str) -> tuple[str, Mapping[str, str]]:
    value = value.replace("\r", "").replace("\n", "")[:VALUE_AT_MOST]
    main = value.partition(";")[0].strip().lower()
    plain_ones: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAM.finditer(value):
        name, text = found[1].lower(), found[2].strip()
        if text[:1] == '"':
            text = _BACKSLASH.sub(r"\1", text.strip('"'))
        base, star, rest = name.partition("*")
        if not star:
            plain_ones.setdefault(base, text)
            continue
        number = rest.rstrip("*")
        if number == "" or (number.isdecimal() and len(number) < 4):
            pieces.setdefault(base, {})[int(number or 0)] = (text, rest.endswith("*") or not number)
    for base, numbered in pieces.items():
        plain_ones[base] = _joined(numbered)
    return main, plain_ones


_remembered_params = lru_cache(maxsize=1024)(_params)


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: numbered pieces, percent-encoded where a star says so, the first naming the character set."""
    charset = ""
    data = b""
    for position, number in enumerate(sorted(numbered)):
        text, encoded = numbered[number]
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if encoded else raw
    return decoded(data, charset)[0]


def addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """Every address in the values of a header; names without an address are left out."""
    found: list[Address] = []
    for value in values:
        short = len(value) <= REMEMBERED_AT_MOST
        found += _remembered_addresses(value) if short else _addresses(value[:VALUE_AT_MOST])
        if len(found) > ADDRESSES_AT_MOST:
            break
    return tuple(found[:ADDRESSES_AT_MOST])


def _addresses(value: str) -> tuple[Address, ...]:
    found: list[Address] = []
    words: list[str] = []
    comments: list[str] = []
    angle = ""
    depth = 0
    is_name = True  # no address stands among the words yet
    for part in (*(m[0] for m in _ADDRESS_PARTS.finditer(value)), ","):
        if part == "(":
            depth += 1
        elif part == ")":
            depth = max(0, depth - 1)
        elif depth and part != ",":
            comments.append(part)
        elif part[0] == "<":
            angle = part.strip("<>")
        elif part == ":" and not angle and is_name:
            words.clear()  # the name of a group
        elif part in {",", ";"}:
            several = _in_brackets(angle, words, comments) if angle else _without_brackets(words, comments)
            found += several
            if part == "," and not several and not angle and words:
                words.append(",")  # "Last, First <a@b>" without its quotes
                continue
            words, comments, angle, depth, is_name = [], [], "", 0, True
        else:
            words.append(part)
            is_name = is_name and (part[0] == '"' or "@" not in part)
    return tuple(found)


_remembered_addresses = lru_cache(maxsize=1024)(_addresses)


def _in_brackets(angle: str, words: Sequence[str], comments: Sequence[str]) -> list[Address]:
    mail = angle.rpartition(":")[2] if angle.startswith("@") else angle
    address = _address(mail, "".join(map(_unquoted, words)).strip() or "".join(comments))
    return [address] if address else []


def _without_brackets(words: Sequence[str], comments: Sequence[str]) -> list[Address]:
    """What is in quotation marks is a name, or the whole of what stands before the @: a part of it is never taken for an
    address, since the server that received the mail has judged another one."""
    text = "".join(_QUOTED if word[0] == '"' else word for word in words)
    if "@" not in text:
        return []
    quoted = iter([word for word in words if word[0] == '"'])
    mails: list[str] = []
    names: list[str] = []
    for word in text.split():
        whole = (
            "".join(next(quoted) if char == _QUOTED else char for char in word) if _QUOTED in word else word
        )
        (mails if "@" in word else names).append(whole)
    if len(mails) > 1:  # "a@b c@d" are two; in "me @work a@b" there is one
        mails = [mail for mail in mails if _PLAIN.fullmatch(mail)] or mails[:1]
    name = " ".join(map(_unquoted, names)) or "".join(comments)
    return [address for mail in mails if (address := _address(mail, name))]


def _unquoted(word: str) -> str:
    return _BACKSLASH.sub(r"\1", word.strip('"')) if word[:1] == '"' else word


def _address(mail: str, name: str) -> Address | None:
    """None for what names no mailbox: an address has one @, and stands there as it is."""
    if '"' in mail:
        quoted = _QUOTED_LOCAL.fullmatch(mail.strip())
        local = _unquoted(quoted[1]) if quoted else ""
        if quoted is None or not _ATOM.fullmatch(local):
            return None
        mail = f"{local}@{quoted[2]}"
    elif _ENCODED.search(mail):
        return None
    mail = safe_line(plain(mail)).replace(" ", "").strip("'<>:").removeprefix("mailto:")
    if (
        mail.count("@") != 1
        or "@" in {mail[0], mail[-1]}
        or len(mail) > 320
        or not _WITHOUT_BRACKETS.fullmatch(mail)
    ):
        return None
    return Address(safe_line(plain(name)).strip("'\" ")[:300], mail.lower())


def message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """Message-IDs in order, each as `<id>`; a lone value without brackets counts, words around ids do not."""
    found: dict[str, None] = {}
    for value in values:
        if len(value) < 998 and _PLAIN_IDS.fullmatch(value):
            found.update(dict.fromkeys(value.split()))
            continue
        text = value[-VALUE_AT_MOST:]
        words = text.split(maxsplit=3)
        ids = _ID.findall(text) or [word for word in words if "@" in word and len(words) < 3]
        for each in ids:
            one = each if each.isascii() else _unescaped(each)
            bare = "".join(safe_line(one).split()).strip("<>,;")
            if bare and len(bare) <= 998:
                found[f"<{bare}>"] = None
    return tuple(found)[-IDS_AT_MOST:]


def date(value: str) -> datetime | None:
    """The moment a Date header names, in UTC; None for nonsense."""
    try:
        moment = parsedate_to_datetime(value.strip()[:200])
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    return moment if moment.year >= 1990 else None
