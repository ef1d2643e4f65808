"""The body of a mail: one text to read and the files that came with it.

Promises: every leaf is either in the text or listed as an attachment, and an attachment's bytes can be had again by
its path; plain text is taken before HTML unless it says nothing. Refuses: opening archives, decrypting, and
holding a large file in memory: sizes and hashes are taken in passing.
"""

import binascii
import hashlib
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import field
from email.message import Message
from functools import partial

from agentdesk.channels.charset import decoded
from agentdesk.channels.header import plain, unbase64, without_foreign
from agentdesk.channels.html import HTML_AT_MOST, text_of
from agentdesk.channels.invitation import invitation_text
from agentdesk.channels.part import Part, children_of, is_mail, mail_in, payload_of, raw_bytes, serialised
from agentdesk.channels.source import Source
from agentdesk.core.model import Attachment
from agentdesk.core.text import safe, safe_line
from agentdesk.values import dataclass

TEXT_AT_MOST = 1_000_000
LEAF_TEXT_AT_MOST = 12_000_000
INVITATIONS_AT_MOST = 20  # that speak the language of the mail; further ones stay in English
STUB_BELOW = 400  # characters of a plain text that may only say that there is a page
FORWARDED = "---------- Forwarded message ----------"
_STUB = re.compile(
    r"html[- ]?(?:compatible|capable|enabled|email|e-mail|format|version|mail)|(?:view|see|read|display|open) (?:this|the) "
    r"(?:e-?mail|message|mail)|in (?:your|a|the) (?:web )?browser|en (?:su|tu|el) navegador|formato html|en html|"
    r"(?:does not|doesn't|not) support html|no (?:admite|soporta) html",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[a-z] +[a-z]+ +[a-z]")  # words in what is said to be base64
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf",
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "message/rfc822": ".eml",
    "application/zip": ".zip", "application/ms-tnef": ".dat", "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "text/vcard": ".vcf",
}  # fmt: skip


@dataclass(slots=True)
class Body:
    """What was found so far. `html` keeps the beginning of the HTML for what is hidden in it, `invitations` calendars and what
    the text says of each."""

    attachments: list[Attachment] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    html: str = ""
    invitations: list[tuple[str, str]] = field(default_factory=list)


class Reader:
    """Reads the tree of one mail into a Body."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.body = Body()

    def read(self, part: Part) -> str:
        """The text of a part and everything in it, its attachments noted."""
        self.doubt(part)
        if part.media.startswith("multipart/"):
            children = children_of(part)
            if part.media == "multipart/alternative" and len(children) > 1:
                return self.alternative(children)
            if children:
                return _spaced([self.read(child) for child in children])
            part.media = "text/plain"
        if is_mail(part):
            return self.mail_within(part)
        if part.media.startswith("message/") and part.mail.is_multipart():
            return self.report(part)
        if self.is_text(part):
            return self.text(part)
        self.attach(part)
        return self.invitation(part) if part.media == "text/calendar" else ""

    def doubt(self, part: Part) -> None:
        """What the parser found wrong."""
        if part.mail.defects:
            kinds = {type(d).__name__ for d in part.mail.defects}
            self.body.warnings.add("truncated" if "CloseBoundaryNotFoundDefect" in kinds else "defects")

    @staticmethod
    def is_text(part: Part) -> bool:
        if part.media not in {
            "text/plain",
            "text/html",
            "text/enriched",
            "text/richtext",
            "text/rfc822-headers",
        }:
            return (
                part.media.startswith("text/")
                and part.disposition != "attachment"
                and not part.name
                and (part.media not in {"text/calendar", "text/vcard"})
            )
        return part.disposition != "attachment" and (not part.name or part.path == "1")

    def alternative(self, children: list[Part]) -> str:
        """The plain rendering if it says anything, else the richest that does; files of all are kept.

        A page beside a plain text is rarely shown: it is decoded for what it may warn of and written as text only then,
        which spares most mails of today half of their reading.
        """
        plain_text = event = ""
        pages: list[Callable[[], str]] = []
        for child in children:
            if child.media == "text/html" and self.is_text(child):
                self.doubt(child)
                pages.append(partial(self.shown, self.page(child)))
                continue
            text = self.read(child)
            if child.media == "text/plain":
                plain_text = plain_text if plain_text.strip() else text
            elif child.media == "text/calendar":
                event = event if event.strip() else text
            else:
                pages.append(partial(str, text))
        chosen = plain_text if plain_text.strip() else ""
        if not chosen or (len(chosen) < STUB_BELOW and _STUB.search(chosen)):
            rich = next((text for page in reversed(pages) if (text := page()).strip()), "")
            chosen = rich if len(rich) > len(chosen) else chosen
        return _spaced([chosen, event])

    def text(self, part: Part) -> str:
        """A leaf that is read, decoded to characters, HTML as text."""
        if part.media == "text/html":
            return self.shown(self.page(part))
        text, guessed = decoded(self.whole(part), part.given.get("charset"))
        if part.given.get("format", "").lower() == "flowed":
            text = _unflowed(text, delsp=part.given.get("delsp", "").lower() == "yes")
        if guessed:
            self.body.warnings.add("charset")
        return safe(text[: TEXT_AT_MOST + 1])

    def page(self, part: Part) -> str:
        """The HTML of a leaf, as it is written."""
        data = self.whole(part)
        label = part.given.get("charset")
        if not label and (found := _META_CHARSET.search(data[:4096])):
            label = found[1].decode("ascii")
        html, guessed = decoded(data, label)
        if len(html) > HTML_AT_MOST:
            self.body.warnings.add("text_too_long")
        if guessed:
            self.body.warnings.add("charset")
        self.body.html = self.body.html or html[:200_000]
        return html

    @staticmethod
    def shown(html: str) -> str:
        """What a reader would see of a page."""
        return safe(text_of(html)[: TEXT_AT_MOST + 1])

    def whole(self, part: Part) -> bytes:
        """The decoded bytes of a leaf that is text."""
        quick = None if self.source.elided else _quick(part)
        return b"".join(limited(self.content(part), LEAF_TEXT_AT_MOST)) if quick is None else quick

    def mail_within(self, part: Part) -> str:
        """A forwarded mail below a line of its own, as a forward would show it."""
        if part.disposition == "attachment" or part.name:
            self.attach(part)
        inner = mail_in(part)
        heads = [
            f"{n}: {inner.headers.text(n.lower())}"
            for n in ("From", "Date", "Subject")
            if n.lower() in inner.headers
        ]
        return _spaced(["\n".join([FORWARDED, *heads]), self.read(inner)])

    def report(self, part: Part) -> str:
        """The fields of a delivery or read report."""
        payload = payload_of(part.mail)
        blocks = [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
        rows = [
            "\n".join(safe_line(f"{name}: {plain(str(value))}") for name, value in each.raw_items())
            for each in blocks[:50]
        ]
        rest = [
            safe(text) for each in blocks[:50] if isinstance(text := payload_of(each), str) and text.strip()
        ]
        return _spaced([*rows, *rest])

    def invitation(self, part: Part) -> str:
        calendar = decoded(self.whole(part), part.given.get("charset") or "utf-8")[0]
        text = safe(invitation_text(calendar))
        if text and len(self.body.invitations) < INVITATIONS_AT_MOST:
            self.body.invitations.append((calendar, text))
        return text

    def attach(self, part: Part) -> None:
        digest = hashlib.sha256()
        size = 0
        for chunk in self.content(part):
            digest.update(chunk)
            size += len(chunk)
        content_id = safe_line(part.headers.raw("content-id")).strip("<> ") or None
        inline = part.disposition == "inline" or (content_id is not None and part.disposition != "attachment")
        name = part.name or self.default_name(part)
        found = Attachment(name, part.media, size, digest.hexdigest(), part.path, content_id, inline)
        self.body.attachments.append(found)

    @staticmethod
    def default_name(part: Part) -> str:
        kind = part.media.partition("/")[0]
        return f"{'file' if kind in {'application', 'text'} else kind}-{part.path}{_ENDINGS.get(part.media, '.bin')}"

    def content(self, part: Part) -> Iterator[bytes]:
        """The decoded bytes of a leaf, in chunks."""
        if part.media.startswith("message/") and part.mail.is_multipart():
            payload = payload_of(part.mail)
            for each in payload if isinstance(payload, list) else []:
                if isinstance(each, Message):
                    yield serialised(each)
            return
        if part.encoding == "base64" and isinstance(payload := payload_of(part.mail), str):
            if part.media.startswith("text/") and " " in payload[:2000] and _PROSE.search(payload[:2000]):
                self.body.warnings.add("defects")
                yield raw_bytes(payload)
                return
            yield from unbase64_chunks(self.source.base64(raw_bytes(payload)))
            return
        try:
            data = part.mail.get_payload(decode=True)
        except (ValueError, LookupError, AssertionError):
            payload = payload_of(part.mail)
            data = payload.encode("ascii", "replace") if isinstance(payload, str) else b""
        if isinstance(data, bytes) and data:
            yield from self.source.base64(data)

    def find(self, part: Part, path: str) -> Part | None:
        """The leaf (or the mail within) at `path`."""
        todo = [part]
        while todo:
            each = todo.pop()
            if each.media.startswith("multipart/") and (children := children_of(each)):
                todo.extend(children)
            elif each.path == path:
                return each
            elif is_mail(each) and path.startswith(each.path + "."):
                todo.append(mail_in(each))
        return None


_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary"})


def _quick(part: Part) -> bytes | None:
    """What `Reader.content` says of a leaf in one of the usual encodings; None for whatever is odd in it."""
    payload = part.mail._payload  # type: ignore[attr-defined]  # noqa: SLF001 - the public way asks for encodings first
    encoding = next(
        iter(part.headers.all("content-transfer-encoding")), ""
    ).lower()  # a blank too many makes it odd
    is_plain = encoding in _AS_IT_IS
    if (
        not isinstance(payload, str)
        or len(payload) > LEAF_TEXT_AT_MOST
        or not (is_plain or encoding == "quoted-printable")
    ):
        return None
    try:
        data = payload.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return None
    return data if is_plain else quopri.decodestring(data)


def unbase64_chunks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Base64 text in chunks as bytes in chunks; whatever is foreign is overlooked."""
    rest = b""
    for chunk in chunks:
        rest += without_foreign(chunk)
        whole = len(rest) // 4 * 4
        if whole:
            yield binascii.a2b_base64(rest[:whole])
            rest = rest[whole:]
    if rest:
        yield unbase64(rest)


def limited(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:most]
        most -= len(chunk)
        if most <= 0:
            return


def _spaced(texts: list[str]) -> str:
    full = [text.strip("\n") for text in texts if text.strip()]
    return "\n\n".join(full)


def _unflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one of the same quotation."""
    out: list[str] = []
    open_depth: int | None = None
    for raw in text.replace("\r\n", "\n").split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        line = bare.removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        body = line[:-1] if flows and delsp else line
        if open_depth == depth and line != "-- ":
            out[-1] += body
        else:
            out.append(">" * depth + " " * bool(depth) + body)
        open_depth = depth if flows else None
    return "\n".join(out)
