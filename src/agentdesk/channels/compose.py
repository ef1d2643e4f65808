"""A message of ours as the bytes of a mail.

Promises: pure, the same bytes for the same value; 7-bit throughout, so that every server takes it (only an
address that is itself beyond ASCII stays UTF-8); no line over 998 octets, header lines folded at 78; whatever a
name, a subject, a file's name or the text holds, it can neither add a header nor end a part. Blind copies are
in no header. Refuses, with ValueError: addresses and a Message-ID that are none, a time without a zone; a stranger's
references that cannot be written are left out instead, since nobody could answer him otherwise.
The standard library's modern policy raises on names it has read itself and breaks long ids, hence own code.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from email.utils import format_datetime

from agentdesk.channels import UnwritableError
from agentdesk.core.letter import bare
from agentdesk.core.model import Address, OutFile, Outgoing

WIDTH = 78
LINE_AT_MOST = 998
REFERENCES_AT_MOST = 50
REFERENCES_BYTES_AT_MOST = 8000
NAME_AT_MOST = 200

_ENCODED_WORD_AT_MOST = 62  # 75 by RFC 2047; less, so that it fits behind the longest of our field names
_WORD_AT_MOST = 400
_PARAMETER_AT_MOST = 50
_EMAIL_AT_MOST = 320
_LITERAL = frozenset(map(chr, range(33, 127))) - {"="}
_Q_LITERAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_EMAIL = re.compile(
    r'(?P<local>[^\s<>()",;:\\@\[\]]+|"(?:[^"\\]|\\.)+")@'
    r'(?P<domain>[^\s<>()",;:\\@\[\]]+|\[[0-9A-Za-z.:-]+\])'
)
_ID = re.compile(r"<[\x21-\x3b=\x3f-\x7e]{1,900}>")
_MEDIA = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._()+,@ -]{1,50}")
_UNESCAPED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_~")
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def compose(out: Outgoing) -> bytes:
    """The mail that `out` is, CRLF line ends; raises ValueError for what cannot be written."""
    text = _text(out.text)
    if not out.files:
        lines = [*_head(out), *text[0], "", text[1]]
        return "\r\n".join(lines).encode()
    boundary = _boundary(out.message_id, text[1])
    lines = [*_head(out), f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"', ""]
    for head, body in (text, *(_file(file) for file in out.files)):
        lines += [f"--{boundary}", *head, "", body]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


def ascii_address(email: str) -> str:
    """An address with its domain as DNS knows it (`xn--`); raises UnwritableError for what is none.

    What is not ASCII in front of the @ stays, and needs a server that offers SMTPUTF8.
    """
    found = _EMAIL.fullmatch(email)
    if found is None or not email.isprintable() or len(email) > _EMAIL_AT_MOST:
        raise UnwritableError(email)
    try:
        return f"{found['local']}@{ascii_domain(found['domain'])}"
    except ValueError:
        raise UnwritableError(email) from None


def ascii_domain(domain: str) -> str:
    """A domain in ASCII. By hand, since the built-in codec turns straße.example into another domain."""
    labels = unicodedata.normalize("NFKC", domain).split(".") if not domain.isascii() else [domain]
    if not domain.isascii():
        labels = [label if label.isascii() else _label(label.lower()) for label in labels]
    if any(len(label) > 63 for label in labels if len(labels) > 1):
        raise ValueError(f"no domain: {domain[:80]!a}")
    return ".".join(labels)


def _label(label: str) -> str:
    return "xn--" + label.encode("punycode").decode("ascii")


def _head(out: Outgoing) -> list[str]:
    if out.at.tzinfo is None:
        raise ValueError("the time has no zone")
    if not _ID.fullmatch(out.message_id):
        raise ValueError(f"no Message-ID: {out.message_id[:80]!a}")
    fields = [
        _field("From", _mailbox(out.sender)),
        _field("To", _mailboxes(out.to) if out.to or out.cc else ["undisclosed-recipients:;"]),
        _field("Cc", _mailboxes(out.cc)),
        _field("Reply-To", _mailbox(out.reply_to) if out.reply_to else []),
        _field("Subject", _words(line(out.subject))) or "Subject:",
        _field("Date", [format_datetime(out.at)]),
        _field("Message-ID", [out.message_id]),
        _field("In-Reply-To", [each for each in (out.in_reply_to,) if each and _ID.fullmatch(each)]),
        _field("References", _references(out.references)),
    ]
    if out.thread:
        fields += [_field("Thread-Topic", _words(bare(line(out.subject)))), f"Thread-Index: {out.thread}"]
    if out.automatic:
        fields += [
            "Auto-Submitted: auto-replied",
            "X-Auto-Response-Suppress: All",
            "Precedence: bulk",
            "X-Agentdesk-Loop: 1",
        ]
    return [*filter(None, fields), "MIME-Version: 1.0"]


def _field(name: str, words: Iterable[str]) -> str:
    """A header field, folded between its words; empty where there are none."""
    lines: list[str] = []
    for word in words:
        if not lines:
            lines.append(f"{name}: {word}")
        elif len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines)


def line(text: str) -> str:
    """Free text as one line: controls and line ends are spaces, spaces are single."""
    text = _SURROGATES.sub("\ufffd", text)
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def _words(text: str) -> list[str]:
    """The words of an unstructured field; from the first to the last that need it, they are encoded."""
    words = text.split(" ") if text else []
    odd = [place for place, word in enumerate(words) if not _bare(word)]
    if not odd:
        return words
    first, after = odd[0], odd[-1] + 1
    return [*words[:first], *_encoded(" ".join(words[first:after])), *words[after:]]


def _bare(word: str) -> bool:
    return word.isascii() and "=?" not in word and len(word) <= _WORD_AT_MOST


def _encoded(text: str) -> list[str]:
    """Encoded words (RFC 2047) in whichever way is shorter, each of whole characters."""
    quoted = "".join(map(_q, text))
    way = "q" if len(quoted) <= len(text.encode()) * 4 // 3 + 4 else "b"
    room = _ENCODED_WORD_AT_MOST - len(f"=?utf-8?{way}??=")
    most = room if way == "q" else room // 4 * 3
    pieces: list[str] = [""]
    size = 0
    for sign in text:
        cost = len(_q(sign)) if way == "q" else len(sign.encode())
        if size + cost > most:
            pieces.append("")
            size = 0
        pieces[-1] += sign
        size += cost
    return [f"=?utf-8?{way}?{_word(piece, way)}?=" for piece in pieces]


def _word(text: str, way: str) -> str:
    return "".join(map(_q, text)) if way == "q" else base64.b64encode(text.encode()).decode("ascii")


def _q(sign: str) -> str:
    if sign in _Q_LITERAL:
        return sign
    return "_" if sign == " " else "".join(f"={octet:02X}" for octet in sign.encode())


def _mailboxes(addresses: Iterable[Address]) -> list[str]:
    words: list[str] = []
    for address in addresses:
        if words:
            words[-1] += ","
        words += _mailbox(address)
    return words


def _mailbox(address: Address) -> list[str]:
    """Name and address as words between which a field may be folded."""
    email = ascii_address(address.email)
    name = line(address.name)[:NAME_AT_MOST]
    if not name:
        return [email]
    # Readers differ about a quote within quotes, about an encoded word they do not.
    if _bare(name) and len(name) <= 60 and '"' not in name and "\\" not in name:
        return [name if _ATOMS.fullmatch(name) else f'"{name}"', f"<{email}>"]
    return [*_encoded(name), f"<{email}>"]


def _references(ids: tuple[str, ...]) -> list[str]:
    """The ids that can be written, oldest first; of very many the first and the newest (RFC 5537, 3.4.4)."""
    kept = [each for each in dict.fromkeys(ids) if _ID.fullmatch(each)]
    newest: list[str] = []
    size = 0
    for each in reversed(kept[1:]):
        size += len(each) + 1
        if len(newest) + 1 >= REFERENCES_AT_MOST or size > REFERENCES_BYTES_AT_MOST:
            break
        newest.append(each)
    return [*kept[:1], *reversed(newest)]


def _text(text: str) -> tuple[list[str], str]:
    """Head and body of the text: as it is where it is ASCII and its lines are short, else quoted-printable."""
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _NEWLINES.sub("\n", text)))
    lines = text.removesuffix("\n").split("\n")
    # "From " at the beginning of a line is changed by stores in mbox format, which breaks signatures.
    plain = text.isascii() and all(len(each) <= LINE_AT_MOST and each[:5] != "From " for each in lines)
    way = "7bit" if plain else "quoted-printable"
    body = "".join(f"{each if plain else _quoted(each)}\r\n" for each in lines)
    return ["Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {way}"], body


def _quoted(text: str) -> str:
    """One line in quoted-printable, at most 76 octets to each of its lines, no character torn."""
    out: list[str] = []
    width = 0
    last = len(text) - 1
    for place, sign in enumerate(text):
        literal = sign in _LITERAL or (sign in " \t" and place != last)
        unit = sign if literal else "".join(f"={octet:02X}" for octet in sign.encode())
        if width + len(unit) > 75:
            out.append("=\r\n")
            width = 0
        if not width and text.startswith("From ", place):
            unit = "=46"
        out.append(unit)
        width += len(unit)
    return "".join(out)


def _boundary(message_id: str, text: str) -> str:
    """What parts the parts: fixed by the Message-ID and in none of them. Only plain text can hold "=_"."""
    digest = hashlib.sha256(message_id.encode())
    while (boundary := f"=_{digest.hexdigest()[:40]}") in text:
        digest.update(b"again")
    return boundary


def _file(file: OutFile) -> tuple[list[str], str]:
    media = file.media_type.partition(";")[0].strip().lower()
    if not _MEDIA.fullmatch(media) or media.startswith(("multipart/", "message/")):
        # RFC 2046 forbids base64 for those two, and no other way keeps a file's bytes.
        media = "application/octet-stream"
    head = [
        f"Content-Type: {media}",
        "Content-Disposition: attachment;\r\n " + ";\r\n ".join(_file_name(file.name)),
        "Content-Transfer-Encoding: base64",
    ]
    data = base64.b64encode(file.data).decode("ascii")
    body = "\r\n".join(data[start : start + 76] for start in range(0, len(data), 76))
    return head, body


def _file_name(name: str) -> list[str]:
    """The `filename` parameter, beyond simple ASCII by RFC 2231, a long one in numbered pieces."""
    name = line(re.split(r"[/\\]", name)[-1])
    name = "".join(sign for sign in name if sign.isprintable()).strip("\"' ") or "file"
    if len(name) > NAME_AT_MOST:
        stem, dot, ending = name.rpartition(".")
        whole = bool(dot) and len(ending) < 20
        name = f"{stem[: NAME_AT_MOST - 1 - len(ending)]}.{ending}" if whole else name[:NAME_AT_MOST]
    if _PLAIN_NAME.fullmatch(name):
        return [f'filename="{name}"']
    units = [chr(octet) if octet in _UNESCAPED else f"%{octet:02X}" for octet in name.encode()]
    pieces = ["utf-8''"]
    for unit in units:
        if len(pieces[-1]) + len(unit) > _PARAMETER_AT_MOST:
            pieces.append("")
        pieces[-1] += unit
    if len(pieces) == 1:
        return [f"filename*={pieces[0]}"]
    return [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]
