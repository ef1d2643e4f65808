"""The structure of an ordinary mail, read in a few strokes instead of line by line.

Exists because the standard library's parser was the largest single cost of receiving mail. Promises: what `lean`
returns equals in every respect what `BytesParser(policy=compat32).parsebytes` returns for the same bytes; time is
linear in them. Refuses, by answering None, whatever is not plainly well formed: a lone carriage return, an mbox line,
a line among the headers that is none, a boundary that is missing or never closed, whatever the library would note as
a defect, delivery reports, depth. The caller then asks the library, which stays the judge of all that is odd; it is
asked here too what a boundary is that is not declared in the usual way.
"""

# ruff: noqa: SLF001 - Message's own methods for this take five times as long; the tests compare every attribute.
import re
from email.message import Message
from email.policy import compat32
from typing import Any

DEPTH_AT_MOST = 20
BOUNDARY_AT_MOST = 200  # characters; RFC 2046 allows 70
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_BLANK_LINE = re.compile(r"\n\r?\n")
# Releases of the library differ in whether a value that begins on its second line keeps the break before it.
_KEPT = compat32.header_source_parse(["a:\n", " b\n"])[1] == "\n b"
_BEFORE = r"[ \t]*+" if _KEPT else r"[ \t]*+(?:\r?\n[ \t]++)*"
# Names and values; a line that is no header is found as one without a name. A dot is quicker than a set without the
# return, which is given back at the end of a value.
_HEADER = re.compile(rf"(?m)^(?:([!-9;-~]++):{_BEFORE}(.*(?:\n[ \t].*)*(?<!\r))|[^\n]+)")
# A boundary in quotes, as nearly all programs declare it: other parameters may stand before it, none after it.
_DECLARED = re.compile(
    r"[a-z]+/[a-z.-]+(?:;\s*(?!boundary)[a-z-]+=(?:\"[^\"\\;]*+\"|[\w.-]++))*;\s*boundary=\"([\w'()+,./:=?-]{1,70})\"",
    re.ASCII | re.IGNORECASE,
)
_PLAIN_ENCODINGS = frozenset({"7bit", "8bit", "binary"})


class _OddError(Exception):
    """Something that is left to the standard library."""


def lean(data: bytes) -> "Message[str, str] | None":
    """The tree of an ordinary mail, or None where the standard library has to read it."""
    if _LONE_RETURN.search(data):
        return None
    text = data.decode("ascii", "surrogateescape")
    try:
        mail: Message[str, str] = _Reading(text).entity(0, len(text), DEPTH_AT_MOST)
    except _OddError:
        return None
    return mail


def head(data: bytes) -> list[tuple[str, str]] | None:
    """Names and values of a head, as `BytesHeaderParser` gives them; None where it has to."""
    if not data.isascii() or _LONE_RETURN.search(data):
        return None
    text = data.decode("ascii")
    found: list[tuple[str, str]] = _HEADER.findall(text, 0, _Reading(text).head(0, len(text))[0])
    return found if all(name for name, _ in found) else None


class _Reading:
    """One text, read from the outside inwards: an outer boundary ends whatever is within, so it is looked for first."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def entity(
        self, start: int, end: int, levels: int, *, part: bool = False, default: str = "text/plain"
    ) -> Any:
        """The `Message` in `text[start:end]`, or the `part` of a multipart, without the line end before its delimiter."""
        mail: Any = Message()
        mail._default_type = default
        stop, body = self.head(start, end)
        mail._headers = headers = _HEADER.findall(self.text, start, stop)
        declared: str | None = None
        for name, value in headers:
            if not name:
                raise _OddError
            if len(name) == 12 and declared is None and name.lower() == "content-type":
                declared = value
        media = default if declared is None else _media(mail, declared)
        if declared is not None and media.startswith("multipart/"):
            inner = "message/rfc822" if media == "multipart/digest" else "text/plain"
            self.multipart(mail, _boundary(mail, declared), inner, body, end, levels, part=part)
        elif media.startswith("message/"):
            if media == "message/delivery-status" or not levels:
                raise _OddError
            mail._payload = [self.entity(body, end, levels - 1, part=part)]
        else:
            mail._payload = self.text[body:end]
        return mail

    def head(self, start: int, end: int) -> tuple[int, int]:
        """Where the headers end and where the body begins."""
        if self.text.startswith(("\n", "\r\n"), start, end):
            return start, self.text.index("\n", start) + 1
        blank = _BLANK_LINE.search(self.text, start, end)
        return blank.span() if blank else (end, end)

    def multipart(
        self, mail: Any, boundary: str, default: str, start: int, end: int, levels: int, *, part: bool
    ) -> None:
        """Gives `mail` its parts, which are of type `default` unless they say so, and what stands before and after them."""
        text = self.text
        delimiter = f"\n--{boundary}"
        children: list[Any] = []
        begin = None  # of the part that is open
        found = start - 1
        while levels and (found := text.find(delimiter, found, end)) >= 0:
            after = found + len(delimiter)
            line_end = text.find("\n", after, end)
            line_end = end if line_end < 0 else line_end
            rest = text[after:line_end].rstrip(" \t\r")
            if rest not in {"", "--"}:  # a longer boundary, or just a line
                found = line_end
                continue
            ended = found - 1 if text.startswith("\r", found - 1, end) else found
            if begin is not None:
                if found < begin:  # the library takes delimiters that follow one another for one
                    break
                children.append(self.entity(begin, ended, levels - 1, part=True, default=default))
            elif rest:
                break
            elif found >= start:
                mail.preamble = text[start:ended]
            if rest:
                # The line end after the last delimiter of a nested multipart may belong to the outer delimiter.
                mail.epilogue = text[line_end + 1 : end] if line_end < end or not part else None
                mail._payload = children
                return
            begin, found = line_end + 1, line_end
        raise _OddError


def _media(mail: "Message[str, str]", declared: str) -> str:
    """What `mail.get_content_type()` says of the header `declared`."""
    if not declared.isascii():
        return mail.get_content_type()
    media = declared.partition(";")[0].strip().lower()
    return media if media.count("/") == 1 else "text/plain"


def _boundary(mail: "Message[str, str]", declared: str) -> str:
    if str(mail.get("content-transfer-encoding", "8bit")).lower() not in _PLAIN_ENCODINGS:
        raise _OddError
    plain = _DECLARED.fullmatch(declared)
    if plain is not None:
        return plain[1]
    boundary = mail.get_boundary()
    if (
        not boundary
        or not boundary.isascii()
        or not boundary.isprintable()
        or len(boundary) > BOUNDARY_AT_MOST
    ):
        raise _OddError
    return boundary
