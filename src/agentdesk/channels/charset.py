"""Bytes of a mail as text, whatever their label says.

Promises: always a text, never an exception; says when the label was wrong, unknown or missing and the text is a
guess. Refuses: codecs that are not character sets, and those that cost more than linear time on made-up input.
Labels lie in three ways that are worth knowing: ASCII or UTF-8 that is Windows-1252, ISO-8859-1 that is UTF-8,
and small sets that stand for their larger successors (the WHATWG encoding standard's list).
"""

import codecs
from functools import lru_cache

_SUCCESSORS = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cn-gb": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "euc_kr": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
    "windows-874": "cp874", "x-windows-874": "cp874", "dos-874": "cp874", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "macintosh": "mac_roman", "mac": "mac_roman", "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "unicode": "utf-16", "utf8mb4": "utf-8",
    "iso-2022-jp": "iso2022_jp_ext", "cp-850": "cp850", "x-cp1252": "cp1252", "x-ansi": "cp1252", "ansi": "cp1252",
}  # fmt: skip
_WESTERN = frozenset({"iso8859-1", "latin-1", "cp1252", "iso8859-15"})
_NO_LABEL = frozenset({"", "us-ascii", "ascii", "8bit", "7bit", "binary", "none", "default", "unknown", "x-unknown",
                       "unknown-8bit", "x-unknown-8bit", "ansi_x3.4-1968", "x-user-defined"})  # fmt: skip
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "undefined",
                      "unicode-escape", "mbcs", "oem"})  # fmt: skip


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    """Python's name of a character set, or None for what is unknown or refused."""
    name = label.strip().strip("\"'").lower().replace(" ", "")
    try:
        found = codecs.lookup(_SUCCESSORS.get(name, name))
    except (LookupError, ValueError, UnicodeError):
        return None
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return None
    return found.name


def _utf8(data: bytes) -> str:
    """Strictly, without the mark at the beginning; Python's own codec for this takes five times as long to be called."""
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")


def guess(data: bytes) -> str:
    """UTF-8 if it is valid, else Windows-1252, its holes filled from Latin-1."""
    try:
        return _utf8(data)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            chr(b) if b in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([b]).decode("cp1252") for b in data
        )


def decoded(data: bytes, label: str | None) -> tuple[str, bool]:
    """The text of `data` and whether it had to be guessed."""
    name = (label or "").strip().strip("\"'").lower().split("*")[0]
    codec = None if name in _NO_LABEL else _codec(name)
    if codec in {None, "utf-8", "ascii"} or codec in _WESTERN:
        if data.isascii():
            return data.decode("ascii"), codec is None and name not in _NO_LABEL
        if codec in {None, "ascii"}:
            return guess(data), True
    assert codec is not None
    if codec == "utf-8":
        try:
            return _utf8(data), False
        except UnicodeDecodeError as error:
            return _mostly_utf8(data, error), True
    if codec in _WESTERN:
        try:
            return data.decode("utf-8"), True
        except UnicodeDecodeError:
            text = data.decode("iso8859-15", "replace") if codec == "iso8859-15" else guess(data)
            return text, False
    try:
        return data.decode(codec), False
    except (UnicodeError, ValueError):
        return _second_best(data, codec), True


def _mostly_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    """Text that says UTF-8: kept so where only few bytes are broken (a cut character), else Windows-1252."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    right = sum(1 for c in text[: error.start + 20_000] if c > "\x7f" and c != "\ufffd")
    return text if right >= broken else guess(data)


def _second_best(data: bytes, codec: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return guess(data)
