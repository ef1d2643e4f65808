"""What a delivery report says: who did not get a mail of ours, why, and which mail it was.

Promises: a report in the form of RFC 3464 is read field by field; of others (qmail, Postfix, Exim, Exchange, Sendmail) as
much as their text gives; every text is one safe line; a report that only speaks of a delay, or gives no sign of a
failure, is never `for_good`. Refuses: deciding whether the mail was ours (core does), and reading what is no report.
"""

import quopri
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from itertools import islice

from agentdesk.channels.header import Headers, addresses, message_ids, plain, unbase64
from agentdesk.core.model import Bounce
from agentdesk.core.text import safe_line

PARTS_AT_MOST = 200
TEXT_AT_MOST = 20_000
RECIPIENTS_AT_MOST = 50
ORIGINALS_AT_MOST = 20
WORDS_AT_MOST = 300
_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_SMTP = re.compile(r"(?<![\d.-])([45])\d\d(?=[ -])(?!\s*(?:bytes|messages|kb|mb)\b)", re.IGNORECASE)
_FIELD = re.compile(r"(?m)^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)")
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_TYPE = re.compile(r"^\s*(?:rfc822|utf-8|smtp|x-[\w.-]+|dns|unknown)\s*;\s*", re.IGNORECASE)
_MAILBOX = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,20}"
_ADDRESS = re.compile(_MAILBOX)
# An address that a line of the report begins with, as qmail, Postfix, Exim, Exchange and most others write it.
_NAMED = re.compile(
    rf"(?mi)^[ \t>*-]*(?:(?:recipient|(?:recipient|original|final)[ -](?:address|recipient)|user|address|rcpt to|"
    rf"failed recipient|invalid (?:user|address)|unknown user|e-?mail)[ \t]*:[ \t]*)?(?:mailto:)?"
    rf"[<\"'(\[]{{0,2}}({_MAILBOX})[>\"')\]]{{0,2}}(?=[\s:;,.]|$)"
)
_FOLLOWING = re.compile(
    r"(?:following|these) (?:e-?mail )?(?:recipient|address|user|destination)[^\n]{0,80}|siguientes? destinatari|següents destinataris",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"(?mi)^(?:[ \t>]*[-=_*]{2,}[ \t]*(?:below this line|this is a copy|original message|forwarded message|returned message|"
    r"unsent message|the header|message (?:header|text)|start of returned|included is a copy|return(?:ed)? mail)|"
    r"(?:the )?(?:original )?message headers?[^\n]{0,30}:|your (?:original )?message (?:follows|is (?:included|attached))|"
    r"received: (?:from|by)|return-path:)"
)
_DELAYED = re.compile(
    r"\bdelayed\b|\bdelay\)|will (?:keep|continue)(?: to)? (?:try|be re)|still (?:being )?(?:try|retry)|not yet (?:been )?deliver|"
    r"do(?:es)? not need to resend|no action is required|warning (?:message )?only|will be retried|remains? in the queue|"
    r"se ha retrasado|se seguirá intentando|s['’]ha (?:endarrerit|retardat)",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"permanent|fatal error|g(?:ave|iven|iving) up|giving it up|undeliver|returned (?:mail|to sender|below)|unknown user|"
    r"(?:user|recipient|address|mailbox|account|host|domain)[^\n]{0,60}?(?:unknown|not (?:found|exist|known|valid|recogni[sz]ed|"
    r"listed|available)|does(?:n['’]t| not) (?:exist|have)|is (?:unknown|disabled|inactive|invalid|full|over)|rejected|disabled)|"
    r"(?:unknown|no such|invalid|bad|illegal) (?:user|recipient|address|mailbox|local|host|destination)|"
    r"(?:over|exceed)[^\n]{0,30}(?:quota|limit|storage)|mailbox (?:is )?full|(?:un|not )able to deliver|failed to deliver|"
    r"(?:can(?:not|['’]t| not)|could(?:n['’]t| not)|was not|not|never) (?:be )?(?:been )?(?:successfully )?(?:deliver|sent|reach)|"
    r"did not reach|(?:deliver|address(?:es)?|recipient)[^\n]{0,40} failed|delivery (?:error|failure)|non[- ]?deliver|not deliver|"
    r"no se (?:ha podido|pudo|puede) entregar|no existe|rechazad|no s['’]ha pogut lliurar",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(r"g(?:ave|iven|iving) up|too long|expired|returned", re.IGNORECASE)
_MEANINGS = (
    ("5.2.2", r"mailbox (?:is )?full|(?:over|exceed\w*)[^\n]{0,30}quota|disk quota|quota (?:exceeded|violation)|buzón lleno"),
    ("5.7.1", r"\bspam\b|block(?:ed|list)|blacklist|access denied|relay(?:ing)? (?:denied|not)|policy|administrative prohibition"),
    ("5.2.1", r"(?:account|mailbox|user)[^\n]{0,40}(?:disabled|inactive|suspended|closed|discontinued)"),
    ("5.3.4", r"(?:message|mail)[^\n]{0,30}(?:too (?:large|big)|exceeds[^\n]{0,20}size)"),
    ("5.1.1", (r"\b(?:user|recipient|address|mailbox|account)\b[^\n]{0,60}(?:unknown|not (?:found|exist|known|valid|recogni[sz]ed|listed)|"
     r"does(?:n['’]t| not) (?:exist|have))|(?:unknown|no such|invalid|illegal|bad) (?:local )?(?:user|recipient|address|mailbox)|"
     r"no (?:mailbox|user) (?:here )?by that name|no existe")),
    ("5.1.2", r"(?:host|domain)[^\n]{0,60}(?:not found|unknown|does not exist)|(?:unknown|no such) (?:host|domain)|nxdomain"),
)  # fmt: skip
_MEANS = tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _MEANINGS)
_ID = re.compile(r"(?mi)^[ \t>]*(?:x-)?(?:original-)?message-id[ \t]*:\s*(<[^<>\s]{3,900}>)")
_OURS = re.compile(r"<ad\.[a-z2-7]{16}\.[a-z2-7]{16}\.[^<>\s@]{1,100}@[^<>\s]{1,255}>", re.IGNORECASE)
_NOBODY = re.compile(
    r"^(?:mailer-?daemon|post-?master|mail-?daemon|abuse|support|help-?desk|hostmaster)@", re.IGNORECASE
)


def bounce(mail: "Message[str, str]", headers: Headers, text: str) -> Bounce | None:
    """What a mail that is classed as a bounce reports; None where it tells of no failure and names no mail.

    `text` is the whole of it as it is read, safe already.
    """
    statuses, returned = _parts(mail)
    originals = _originals(statuses, returned, headers, text)
    told = [Headers(fields) for fields in statuses]
    rows = [fields for fields in told if "final-recipient" in fields or "original-recipient" in fields]
    found = _reported(rows, headers, text) or (None if rows and _all_is_well(rows) else _said(headers, text))
    if found is None:
        return None
    recipients, for_good, status, words = found
    if not (recipients or originals):
        return None
    if for_good and status in {"", "5.0.0"}:
        status = _meant(words) or status
    return Bounce(recipients[:RECIPIENTS_AT_MOST], for_good, status, words[:WORDS_AT_MOST], originals)


_Found = tuple[tuple[str, ...], bool, str, str]


def _parts(
    mail: "Message[str, str]",
) -> tuple[list[list[tuple[str, str]]], list[Headers]]:
    """The blocks of fields of its delivery-status parts, and the headers of the mails that it gives back."""
    statuses: list[list[tuple[str, str]]] = []
    returned: list[Headers] = []
    for part in islice(_walk(mail), PARTS_AT_MOST):
        media = part.get_content_type()
        if media in {"message/delivery-status", "message/global-delivery-status"}:
            statuses += _blocks(part)
        elif media in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            returned.append(Headers(_fields(_text(part))))
        elif media in {"message/rfc822", "message/global", "message/partial"}:
            inner = _first(part)
            returned.append(Headers(inner.raw_items() if inner.keys() else _fields(_text(inner))))
    return statuses, returned


def _walk(mail: "Message[str, str]") -> "Iterator[Message[str, str]]":
    """The parts of the report itself, not those of the mails within."""
    todo = [mail]
    while todo:
        part = todo.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and isinstance(payload := _payload(part), list):
            todo += [each for each in payload if isinstance(each, Message)]


def _payload(part: "Message[str, str]") -> object:
    return part._payload  # type: ignore[attr-defined]  # noqa: SLF001 - the public way raises on odd charsets


def _first(part: "Message[str, str]") -> "Message[str, str]":
    payload = _payload(part)
    inner = payload[0] if isinstance(payload, list) and payload else part
    return inner if isinstance(inner, Message) else part


def _text(part: "Message[str, str]") -> str:
    """The text of a part, its transfer encoding undone, its bytes as latin text."""
    payload = _payload(part)
    if isinstance(payload, list):
        inner = [each for each in payload[:PARTS_AT_MOST] if isinstance(each, Message)]
        heads = ("\n".join(f"{name}: {value}" for name, value in each.raw_items()) for each in inner)
        bodies = (_text(each) if not isinstance(_payload(each), list) else "" for each in inner)
        payload = "\n\n".join(f"{head}\n{body}" for head, body in zip(heads, bodies, strict=True))
    text = payload[:TEXT_AT_MOST] if isinstance(payload, str) else ""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in {"base64", "quoted-printable"}:
        return text
    data = text.encode("ascii", "replace")
    return (unbase64(data) if encoding == "base64" else quopri.decodestring(data)).decode("utf-8", "replace")


def _blocks(part: "Message[str, str]") -> Iterator[list[tuple[str, str]]]:
    for block in _BLANK_LINE.split(_text(part))[:PARTS_AT_MOST]:
        if fields := _fields(block):
            yield fields


def _fields(text: str) -> list[tuple[str, str]]:
    """The header fields at the beginning of a text."""
    return [(found[1], found[2]) for found in _FIELD.finditer(_BLANK_LINE.split(text.lstrip(), 1)[0])]


def _originals(
    statuses: Iterable[list[tuple[str, str]]], returned: Iterable[Headers], headers: Headers, text: str
) -> tuple[str, ...]:
    """The Message-IDs that the reported mail may have, the likeliest first."""
    wanted = {"x-original-message-id", "original-message-id", "message-id"}
    found = [value for each in returned for value in each.all("message-id")[:1]]
    found += [value for fields in statuses for name, value in fields if name.lower() in wanted]
    found += [*headers.all("in-reply-to"), *headers.all("x-original-message-id")]
    head = text[: 10 * TEXT_AT_MOST]
    found += [each[1] for each in islice(_ID.finditer(head), ORIGINALS_AT_MOST)]
    found += [each[0] for each in islice(_OURS.finditer(head), ORIGINALS_AT_MOST)]
    found += reversed(headers.all("references"))
    ids = (name for value in found for name in message_ids([value]))
    return tuple(dict.fromkeys(ids))[:ORIGINALS_AT_MOST]


def _all_is_well(rows: Iterable[Headers]) -> bool:
    """Every recipient got it: a report that was asked for, of success."""
    return all(_action(row) in {"delivered", "relayed", "expanded"} for row in rows)


def _action(row: Headers) -> str:
    return (row.raw("action").split(maxsplit=1) or [""])[0].strip("();,").lower()


def _reported(rows: Iterable[Headers], headers: Headers, text: str) -> _Found | None:
    """From the fields of each recipient; who failed counts before who waits. Words they lack come from the text."""
    by_fate: dict[bool, list[tuple[tuple[str, ...], str, str]]] = {True: [], False: []}
    for row in islice(rows, RECIPIENTS_AT_MOST):
        words = safe_line(_TYPE.sub("", plain(row.raw("diagnostic-code") or _remark(row.raw("status")))))
        status, action = _status(row.raw("status"), words), _action(row)
        if action in {"failed", "failure"} or (
            status.startswith("5") and action not in {"delayed", "delivered", "relayed"}
        ):
            by_fate[True].append((_recipients(row), status, words))
        elif action == "delayed" or status.startswith("4"):
            by_fate[False].append((_recipients(row), status, words))
    for_good = bool(by_fate[True])
    found = by_fate[for_good]
    if not found:
        return None
    people = tuple(dict.fromkeys(name for names, _, _ in found for name in names))
    said = None if found[0][2] else _said(headers, text)
    return people, for_good, found[0][1], found[0][2] or (said[3] if said else "")


def _recipients(row: Headers) -> tuple[str, ...]:
    names = ("original-recipient", "final-recipient", "x-actual-recipient")
    values = [_TYPE.sub("", row.raw(name)) for name in names]
    return tuple(dict.fromkeys(each.email for each in addresses(values)))


def _remark(field: str) -> str:
    """What some servers add to the code or write in its stead."""
    return "" if _STATUS.fullmatch(field.strip()) else _STATUS.sub("", field).strip(" ()")


def _status(field: str, words: str) -> str:
    """The status that says most: a code in the server's own words before a general one of the same class."""
    given, told = _STATUS.search(field), _STATUS.search(words)
    if given and told and given[2] == given[3] == "0" and told[1] == given[1]:
        return told[0]
    found = given or told
    return found[0] if found else ""


def _said(headers: Headers, text: str) -> _Found | None:
    """From a report in prose: the addresses it names, and what it says of them; None where it tells of no failure."""
    text = text[:TEXT_AT_MOST]
    copy = _COPY.search(text)
    prose = text[: copy.start()] if copy and copy.start() > 40 else text
    named = addresses(headers.all("x-failed-recipients"))
    people = tuple(each.email for each in named) or _addressed(headers, prose)
    place = max(0, prose.lower().find(people[0])) if people else 0
    words = _words(prose, place)
    status = _STATUS.search(prose[place:]) or _STATUS.search(prose)
    code = status[0] if status else ""
    about = f"{headers.text('subject')}\n{prose}"
    if _DELAYED.search(about) and not code.startswith("5"):
        return people, False, code, words
    smtp = _SMTP.search(prose[place:])
    kind = code[:1] or (smtp[1] if smtp else "")
    failed = bool(named or _FAILED.search(about)) if kind != "4" else bool(_GIVEN_UP.search(prose))
    failed = failed or kind == "5"
    if not failed and kind != "4":
        return None
    return people, failed, code or (_meant(prose) if failed else ""), words


def _addressed(headers: Headers, prose: str) -> tuple[str, ...]:
    """Addresses that lines begin with, after the words that announce them if there are any, else all; the server's and
    ours are nobody's failure."""
    names = ("from", "to", "sender", "delivered-to")
    ours = {each.email for name in names for each in addresses(headers.all(name))}
    announced = _FOLLOWING.search(prose)
    places = ((_NAMED, announced.end() if announced else 0), (_NAMED, 0), (_ADDRESS, 0))
    for pattern, start in places:
        found = (each[each.lastindex or 0] for each in islice(pattern.finditer(prose, start), 100))
        clean = (each.lower().strip("'`\".") for each in found)
        people = tuple(dict.fromkeys(each for each in clean if each not in ours and not _NOBODY.match(each)))
        if people:
            return people
    return ()


def _words(prose: str, place: int) -> str:
    """The line that names the address and what follows it, to the next blank line."""
    start = prose.rfind("\n", 0, place) + 1
    return safe_line(prose[start : start + 2 * WORDS_AT_MOST].partition("\n\n")[0])


def _meant(prose: str) -> str:
    return next((code for code, pattern in _MEANS if pattern.search(prose)), "")
