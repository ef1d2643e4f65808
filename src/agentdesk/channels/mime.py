"""A raw mail as an `Incoming`: the border where everything a stranger wrote is parsed once.

Promises: any bytes with one header line give a value, in bounded time and memory, every text in it safe for a
terminal; what had to be guessed, cut or doubted is named in `warnings`. Refuses: fetching anything, deciding what a
mail means (core does), changing the stored bytes. The standard library's compat32 parser reads the structure, and
`lean` in its stead where a mail is ordinary: of 2,950 public mails it raises on none, the modern policy on 20.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from agentdesk.channels.body import TEXT_AT_MOST, Reader
from agentdesk.channels.header import Headers, addresses, date, message_ids
from agentdesk.channels.invitation import invitation_text
from agentdesk.channels.machine import classify, list_of
from agentdesk.channels.part import message, parsed
from agentdesk.channels.source import opened
from agentdesk.channels.vouched import NAME, NOBODY, vouched
from agentdesk.core.language import language
from agentdesk.core.lookalike import domain_of, is_shared
from agentdesk.core.model import Address, Fold, Incoming, MailClass
from agentdesk.core.quotes import folds
from agentdesk.core.text import safe, safe_line, visible

THREAD = 22
"""Bytes with which a Thread-Index begins in all mails of a conversation."""
_THREAD_READ = 100
_MARKER = re.compile(r"\[ad:([A-Z2-7.-]{10,80})\]")
_POSTMARK = re.compile(r"^\S+\s+\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$")  # an mbox line that got a colon
_MAILBOX_IN_NAME = re.compile(r"[^\s<>@\"'(),;:]+@[^\s<>@\"'(),;:]+\.[A-Za-z]{2,}")


def read_mail(raw: bytes | Path) -> Incoming:
    """Reads a mail from memory or from a file; raises ValueError only for what is no mail at all."""
    with opened(raw) as source:
        if not source.data.strip():
            raise ValueError("the mail is empty")
        mail = parsed(source.data)
        root = message(mail)
        if not root.headers:
            raise ValueError("the mail has no header line")
        reader = Reader(source)
        text = reader.read(root)
        warnings = reader.body.warnings
        warnings |= {"truncated"} if source.truncated else set()
        warnings |= {"nested_too_deep"} if source.too_deep else set()
    if len(text) > TEXT_AT_MOST:
        text = text[:TEXT_AT_MOST]
        warnings.add("text_too_long")
    found = _incoming(root.headers, text, reader, warnings)
    if found.mail_class != MailClass.BOUNCE:
        return found
    from agentdesk.channels.bounce import bounce

    return replace(found, bounce=bounce(mail, root.headers, text))


def _incoming(headers: Headers, text: str, reader: Reader, warnings: set[str]) -> Incoming:
    subject = headers.text("subject")
    senders = addresses(value for value in headers.all("from") if not _POSTMARK.match(value.strip()))
    sender = next(iter(senders or addresses(headers.all("sender"))), None)
    reply_to = addresses(headers.all("reply-to"))
    ids = message_ids(headers.all("message-id")[:1])
    sent_at = date(headers.raw("date"))
    text, folded, spoken = _spoken(text, subject, reader.body.invitations)
    mail_class, reason = classify(headers, subject=subject, text=text)
    marker = _MARKER.search(text) or _MARKER.search(reader.body.html)
    doubts = {
        "date": sent_at is None and bool(headers.raw("date")),
        "no_message_id": not ids,
        "no_sender": sender is None,
        "several_senders": len(senders) > 1,
        "reply_to_elsewhere": sender is not None and any(_is_elsewhere(r, sender) for r in reply_to),
        "name_is_address": sender is not None and _names_another(sender),
    }
    return Incoming(
        channel="email",
        sender=sender,
        subject=subject,
        text=text,
        message_id=ids[0] if ids else None,
        in_reply_to=message_ids(headers.all("in-reply-to")),
        references=message_ids(headers.all("references")),
        to=addresses(headers.all("to")),
        cc=addresses(headers.all("cc")),
        reply_to=reply_to,
        delivered_to=_delivered_to(headers),
        sent_at=sent_at,
        folds=folded,
        language=spoken,
        mail_class=mail_class,
        class_reason=safe_line(reason),
        attachments=tuple(reader.body.attachments),
        warnings=tuple(sorted(warnings | {code for code, doubtful in doubts.items() if doubtful})),
        body_marker=marker[1] if marker else None,
        thread=_thread(headers.raw("thread-index")),
        vouched=vouched(headers, senders) if NAME in headers else NOBODY,
        by_list=safe_line(list_of(headers)),
    )


def _spoken(
    text: str, subject: str, invitations: list[tuple[str, str]]
) -> tuple[str, tuple[Fold, ...], str | None]:
    """The text, its folds and the language of what the sender wrote, in which invitations are then told: their labels are ours,
    and nobody's own words."""
    own = text
    for _, told in invitations:
        own = own.replace(told, "", 1)
    folded = folds(own)
    found = language(visible(own, folded) or subject)
    for calendar, told in invitations:
        text = text.replace(told, safe(invitation_text(calendar, found)), 1)
    return text, folds(text) if invitations else folded, found


def attachment_bytes(raw: bytes | Path, part: str) -> Iterator[bytes]:
    """The decoded content of the attachment at `part`, in chunks; raises KeyError where there is none."""
    with opened(raw) as source:
        reader = Reader(source)
        found = reader.find(message(parsed(source.data)), part)
        if found is None:
            raise KeyError(part)
        yield from reader.content(found)


def _thread(index: str) -> str:
    """What a Thread-Index begins with, the first 22 bytes, as hex; empty for what is none. Each answer puts five more behind them."""
    try:
        found = b64decode("".join(index[:_THREAD_READ].split())[:32], validate=True)[:THREAD]
    except ValueError:
        return ""
    return found.hex() if len(found) == THREAD else ""


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    values = [*headers.all("delivered-to"), *headers.all("x-original-to")]
    return tuple(dict.fromkeys(address.email for address in addresses(values)))


def _is_elsewhere(answered: Address, sender: Address) -> bool:
    """Whether an answer would go to somebody else's: another domain, or another mailbox at a provider of many."""
    domain = domain_of(answered.email)
    return domain != domain_of(sender.email) or (is_shared(domain) and answered.email != sender.email)


def _names_another(sender: Address) -> bool:
    """A display name that shows an address which is not the sender's."""
    return any(found.lower() != sender.email for found in _MAILBOX_IN_NAME.findall(sender.name))
