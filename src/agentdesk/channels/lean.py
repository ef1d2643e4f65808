"""The structure of an ordinary mail, read in a few strokes instead of line by line.

Exists because the standard library's parser was the largest single cost of receiving mail. Promises: what `lean`
returns equals in every respect what `BytesParser(policy=compat32).parsebytes` returns for the same bytes; time is
linear in them. Refuses, by answering None, whatever is not plainly well formed: a lone carriage return, an mbox line,
a line among the headers that is none, a boundary that is missing or never closed, whatever the library would note as
a defect, delivery reports, depth. The caller then asks the library, which stays the judge of all that is odd; it is
asked here too what a Content-Type means.
"""

import re
from email.message import Message
from email.policy import compat32

DEPTH_AT_MOST = 20
BOUNDARY_AT_MOST = 200  # characters; RFC 2046 allows 70
_BLANK_LINE = re.compile(r"\n\r?\n")
# Releases of the library differ in whether a value that begins on its second line keeps the break before it.
_KEPT = compat32.header_source_parse(["a:\n", " b\n"])[1] == "\n b"
_BEFORE = r"[ \t]*+" if _KEPT else r"[ \t]*+(?:\r?\n[ \t]++)*+"
# Names and values; a line that is no header is found as one without a name.
_HEADER = re.compile(rf"(?m)^(?:([!-9;-~]++):{_BEFORE}([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)|[^\n]+)")


class _OddError(Exception):
    """Something that is left to the standard library."""


def lean(data: bytes) -> "Message[str, str] | None":
    """The tree of an ordinary mail, or None where the standard library has to read it."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    text = data.decode("ascii", "surrogateescape")
    try:
        return _Reading(text).entity(0, len(text), DEPTH_AT_MOST)
    except _OddError:
        return None


class _Reading:
    """One text, read from the outside inwards: an outer boundary ends whatever is within, so it is looked for first."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def entity(
        self, start: int, end: int, levels: int, *, part: bool = False, default: str = "text/plain"
    ) -> "Message[str, str]":
        """The mail in `text[start:end]`, or the `part` of a multipart, without the line end before its delimiter."""
        mail: Message[str, str] = Message()
        mail.set_default_type(default)
        stop, body = self.head(start, end)
        for name, value in _HEADER.findall(self.text, start, stop):
            if not name:
                raise _OddError
            mail.set_raw(name, value)
        media = mail.get_content_type()
        if media.startswith("multipart/"):
            self.multipart(mail, body, end, levels, part=part)
        elif media.startswith("message/"):
            if media == "message/delivery-status" or not levels:
                raise _OddError
            mail.attach(self.entity(body, end, levels - 1, part=part))
        else:
            mail.set_payload(self.text[body:end])
        return mail

    def head(self, start: int, end: int) -> tuple[int, int]:
        """Where the headers end and where the body begins."""
        if self.text.startswith(("\n", "\r\n"), start, end):
            return start, self.text.index("\n", start) + 1
        blank = _BLANK_LINE.search(self.text, start, end)
        return blank.span() if blank else (end, end)

    def multipart(self, mail: "Message[str, str]", start: int, end: int, levels: int, *, part: bool) -> None:
        """Gives `mail` its parts, and what stands before and after them."""
        text = self.text
        delimiter = f"\n--{_boundary(mail)}"
        default = "message/rfc822" if mail.get_content_type() == "multipart/digest" else "text/plain"
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
                child = self.entity(begin, ended, levels - 1, part=True, default=default)
                mail.attach(child)
            elif rest:
                break
            elif found >= start:
                mail.preamble = text[start:ended]
            if rest:
                # The line end after the last delimiter of a nested multipart may belong to the outer delimiter.
                mail.epilogue = text[line_end + 1 : end] if line_end < end or not part else None
                return
            begin, found = line_end + 1, line_end
        raise _OddError


def _boundary(mail: "Message[str, str]") -> str:
    boundary = mail.get_boundary()
    if (
        not boundary
        or not boundary.isascii()
        or not boundary.isprintable()
        or len(boundary) > BOUNDARY_AT_MOST
    ):
        raise _OddError
    if str(mail.get("content-transfer-encoding", "8bit")).lower() not in {"7bit", "8bit", "binary"}:
        raise _OddError
    return boundary
