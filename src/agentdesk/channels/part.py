"""The tree of a mail: its parts, their paths and their own headers.

Promises: a path is counted from 1 and names the same part each time; a boundary that was not declared is found, and a mail
within a mail also where it was encoded although it must not be.
"""

import quopri
import re
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from agentdesk.channels.header import Headers, params, plain, unbase64
from agentdesk.channels.lean import lean
from agentdesk.channels.source import PARTS_AT_MOST
from agentdesk.core.text import safe_line
from agentdesk.values import dataclass

RECOVERED_WITHIN = 3  # levels in which a boundary that was not declared is looked for
_PARSER = BytesParser(policy=compat32)


@dataclass(slots=True)
class Part:
    """A node of the tree with its own headers read."""

    mail: "Message[str, str]"
    path: str
    headers: Headers
    media: str
    given: Mapping[str, str]
    disposition: str
    name: str

    @property
    def encoding(self) -> str:
        return self.headers.raw("content-transfer-encoding").strip().lower()


def parsed(data: bytes) -> "Message[str, str]":
    """The tree of a mail: of an ordinary one in a few strokes, else as the standard library reads it."""
    mail = lean(data)
    return _PARSER.parsebytes(data) if mail is None else mail


def payload_of(mail: "Message[str, str]") -> object:
    """The payload as the library hands it out, or as it was read where the library stumbles over the charset's form."""
    try:
        return mail.get_payload()
    except (TypeError, ValueError):
        return mail._payload  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way


def _join(base: str, number: int) -> str:
    return f"{base}.{number}" if base else str(number)


def message(mail: "Message[str, str]", base: str = "") -> Part:
    """The root of a mail; one that is a single leaf has the path 1 below its container."""
    part = _part(mail, base)
    if not (part.media.startswith("multipart/") and _mails_of(part)):
        part.path = _join(base, 1)
    return part


def _part(mail: "Message[str, str]", path: str, *, default: str = "text/plain") -> Part:
    headers = Headers(mail.raw_items())
    media, given = params(headers.raw("content-type"))
    if media.count("/") != 1 or media.startswith("/") or media.endswith("/"):
        media = default if not media.startswith("text") else "text/plain"
    disposition, more = params(headers.raw("content-disposition"))
    name = more.get("filename") or given.get("name") or ""
    return Part(
        mail, path, headers, safe_line(plain(media))[:100], given, disposition, _file_name(plain(name))
    )


def _file_name(name: str) -> str:
    """The last component, as one safe line of at most 200 characters; whoever saves it checks it again."""
    if not name:
        return ""
    name = safe_line(re.split(r"[/\\]", name)[-1]).strip("\"' ")
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 20 else name[:200]
    return name


def raw_bytes(text: str) -> bytes:
    """The bytes behind a text of the parser, which hands out some of it already decoded."""
    try:
        return text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


_BOUNDARY = re.compile(r"(?m)^--([^\s-][^\r\n]{0,100}?)[ \t]*\r?$")


def children_of(part: Part) -> list[Part]:
    """The parts of a multipart, paths counted from 1."""
    default = "message/rfc822" if part.media == "multipart/digest" else "text/plain"
    return [_part(each, _join(part.path, n), default=default) for n, each in enumerate(_mails_of(part), 1)]


def _mails_of(part: Part) -> "list[Message[str, str]]":
    """The parts of a multipart, their headers not yet read; a boundary that was not declared is looked for."""
    payload = payload_of(part.mail)
    if (
        isinstance(payload, str)
        and part.media.startswith("multipart/")
        and part.path.count(".") < RECOVERED_WITHIN
    ):
        found = _BOUNDARY.search(payload[:20_000])
        if found is None or '"' in found[1] or payload.count("\n--") > PARTS_AT_MOST:
            return []
        head = f'Content-Type: {part.media}; boundary="{found[1]}"\n\n{payload}'
        payload = payload_of(parsed(raw_bytes(head)))
    if not isinstance(payload, list):
        return []
    return [each for each in payload if isinstance(each, Message)]


def mail_in(part: Part) -> Part:
    """The mail within a message/rfc822, also one that was encoded although it must not be."""
    payload = payload_of(part.mail)
    inner = payload[0] if isinstance(payload, list) and payload else Message()
    if not isinstance(inner, Message):
        inner = Message()
    text = payload_of(inner)
    if part.encoding in {"base64", "quoted-printable"} and not inner.keys() and isinstance(text, str):
        data = raw_bytes(text)
        inner = parsed(unbase64(data) if part.encoding == "base64" else quopri.decodestring(data))
    return message(inner, part.path)


def is_mail(part: Part) -> bool:
    return part.media in {"message/rfc822", "message/global", "message/news"} and part.mail.is_multipart()


def serialised(mail: "Message[str, str]") -> bytes:
    """A mail within a mail as bytes; where the library cannot write what it has read, headers and leaves in order."""
    try:
        return mail.as_bytes(policy=compat32.clone(max_line_length=0))
    except (ValueError, LookupError, TypeError, AttributeError):
        out = []
        for part in mail.walk():
            out += [f"{name}: {value}" for name, value in part.raw_items()]
            payload = payload_of(part)
            out += ["", payload if isinstance(payload, str) else ""]
        return raw_bytes("\n".join(out))
