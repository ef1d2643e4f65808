"""Handing one mail to a server that sends it on (SMTP submission).

Promises: encryption that was asked for is had or nothing is said; what comes back tells exactly whether the mail
went: surely not (TryLater, Refused), surely (Accepted), or nobody can say (Doubtful: the connection or the
server's patience ended between the first byte of the body and the answer to the last, RFC 1047). Refuses: trying
again by itself, except for a login with a secret that is another by now, and falling back to less than was asked for.
The library's own `sendmail` gives one timeout for a body of any size and one error for before and after it, hence
the body is written here.
"""

import re
from collections.abc import Callable
from datetime import datetime

from aiosmtplib import SMTPResponseException

from agentdesk.channels import Accepted, Doubtful, Envelope, Refused, SendResult, TryLater
from agentdesk.channels.compose import ascii_address
from agentdesk.channels.dial import Plug
from agentdesk.channels.submission import LostError, Patience, Session, opened
from agentdesk.channels.wire import Login
from agentdesk.core import unsent
from agentdesk.errors import (
    CertificateError,
    ChannelError,
    DeskError,
    InsecureError,
    LoginError,
    SecretError,
    UnreachableError,
)
from agentdesk.values import dataclass

_CHUNKED = 65536
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_DOTS = re.compile(rb"(?m)^\.")
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_WAIT = re.compile(r"\b(?:in|after|en)\s+(\d{1,5})\s*(s(?:ec|eg)?|min)(?:[a-z]*)\b", re.IGNORECASE)
_WAIT_AT_MOST = 3600.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is told before the body: `body` as it goes over the wire, dots doubled and its end marked. `senders` are tried in turn:
    the second where a server does not take the null sender of somebody who has logged in."""

    senders: tuple[str, ...]
    recipients: dict[str, str]
    options: tuple[str, ...]
    encoding: str
    body: bytes


async def send(
    login: Login,
    raw: bytes,
    envelope: Envelope,
    before_data: Callable[[], None],
    *,
    clock: Callable[[], datetime],
    plug: Plug | None = None,
    patience: Patience | None = None,
) -> SendResult:
    """Hands `raw` over to whom `envelope` says; never raises for what a server or a network does.

    `before_data` is called once, right before DATA; what it raises comes out, and then nothing went. Codes of
    Refused: login, certificate, insecure, address, sender, recipient, too_large, content. Pulling `plug` ends
    it at once, from any thread, with the result that is true by then.
    """
    try:
        session = await opened(login, plug or Plug(), patience or Patience())
    except (LoginError, CertificateError, InsecureError) as error:
        return Refused(error.code, str(error.values["reason"]))
    except (ChannelError, SecretError) as error:
        return _later(error)
    try:
        try:
            plan = _planned(session, raw, envelope)
        except UnreachableError as error:
            return _later(error)
        if isinstance(plan, Refused):
            return plan
        refused = await _announced(session, plan)
        if not isinstance(refused, tuple):
            return refused
        before_data()
        return await _handed_over(session, plan.body, refused, clock)
    finally:
        session.leave()


def wired(raw: bytes) -> bytes:
    """`raw` with every line end CRLF, also the last."""
    data = _LINE_ENDS.sub(b"\r\n", raw)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _planned(session: Session, raw: bytes, envelope: Envelope) -> _Plan | Refused:
    try:
        sender = ascii_address(envelope.sender) if envelope.sender else ""
        otherwise = ascii_address(envelope.otherwise) if envelope.otherwise else ""
        recipients = {ascii_address(each): each for each in envelope.recipients}
    except ValueError as error:
        return Refused("address", str(error))
    if not recipients:
        return Refused("recipient", unsent.NOBODY)
    data = wired(raw)
    limit = session.extensions.get("SIZE", "").strip()
    if limit.isdecimal() and 0 < int(limit[:20]) < len(data):
        return Refused("too_large", unsent.TOO_LARGE)
    options = [f"SIZE={len(data)}"] if session.offers("SIZE") else []
    senders = tuple(dict.fromkeys((sender, otherwise))) if otherwise and not sender else (sender,)
    beyond_ascii = not all(each.isascii() for each in (*senders, *recipients))
    utf8 = beyond_ascii or not data.partition(b"\r\n\r\n")[0].isascii()
    if utf8 and not session.offers("SMTPUTF8"):
        return Refused("address", unsent.ONLY_ASCII)
    if not data.isascii():
        if not session.offers("8BITMIME"):
            return Refused("content", unsent.ONLY_7_BIT)
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    body = _DOTS.sub(b"..", data) + b".\r\n"
    return _Plan(senders, recipients, tuple(options), "utf-8" if utf8 else "ascii", body)


async def _announced(session: Session, plan: _Plan) -> tuple[tuple[str, str], ...] | SendResult:
    """Sender and recipients told: those refused, with the server's words, or why nothing can be sent."""
    try:
        if no := await _introduced(session, plan):
            return no
        refused: list[tuple[str, str]] = []
        verdicts: list[TryLater | Refused] = []
        for address, given in plan.recipients.items():
            try:
                await session.recipient(address, plan.encoding)
            except SMTPResponseException as error:
                refused.append((given, session.words(error.code, error.message)))
                verdicts.append(_verdict(session, error.code, error.message, "recipient"))
                if not session.alive:
                    return TryLater(refused[-1][1])
    except ChannelError as error:
        return _later(error)
    if len(refused) < len(plan.recipients):
        return tuple(refused)
    # Where one of them may be taken another time, the whole may.
    return next((verdict for verdict in verdicts if isinstance(verdict, TryLater)), verdicts[0])


async def _introduced(session: Session, plan: _Plan) -> TryLater | Refused | None:
    """The first sender that the server takes; why it takes none, else None."""
    verdict: TryLater | Refused | None = None
    for sender in plan.senders:
        try:
            await session.sender(sender, plan.options, plan.encoding)
        except SMTPResponseException as error:
            verdict = _verdict(session, error.code, error.message, "sender")
            if not session.alive or isinstance(verdict, TryLater):
                return verdict
        else:
            return None
    return verdict


async def _handed_over(
    session: Session, body: bytes, refused: tuple[tuple[str, str], ...], clock: Callable[[], datetime]
) -> SendResult:
    try:
        await session.data()
    except SMTPResponseException as error:
        return _verdict(session, error.code, error.message, "content")
    except ChannelError as error:
        return _later(error)
    try:
        answer = await session.pour(body, _CHUNKED)
    except LostError as error:
        return Doubtful(str(error))
    if 200 <= answer.code < 300:
        return Accepted(clock(), session.words(*answer), refused)
    if 400 <= answer.code < 600:
        return _verdict(session, *answer, "content")
    return Doubtful(session.words(*answer))


def _later(error: DeskError) -> TryLater:
    reason = str(error.values["reason"])
    return TryLater(reason, _after(reason), reached=not isinstance(error, UnreachableError))


def _verdict(session: Session, code: int, message: str, stage: str) -> TryLater | Refused:
    """What an answer other than yes means; whatever is no clear refusal may be another time."""
    reason = session.words(code, message)
    if not 500 <= code < 600:
        return TryLater(reason, _after(message))
    if code in _LOGIN_CODES:
        return Refused("login", reason)
    if stage != "recipient" and (code == 552 or "5.3.4" in message) and "5.2.2" not in message:
        return Refused("too_large", reason)
    return Refused(stage, reason)


def _after(message: str) -> float | None:
    """The seconds that a server asks to wait for, where its words tell; an hour at most."""
    found = _WAIT.search(message)
    if found is None:
        return None
    unit = 60.0 if found[2].lower() == "min" else 1.0
    return min(float(found[1]) * unit, _WAIT_AT_MOST)
