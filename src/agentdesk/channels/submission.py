"""A connection to a submission server that is logged in, and the steps of SMTP over it.

Promises: whatever goes wrong before the body is a typed error in the server's words, one line, no secret in it;
closing never turns half a body into a whole one. Refuses: deciding what an answer means for the mail (`smtp`
does). The connection is dialled in a daemon thread, so that neither DNS nor a black hole keeps the program.
"""

import asyncio
import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from socket import socket
from typing import Any, cast

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from agentdesk.channels.dial import Plug, dial, forget_unsent, translated, words
from agentdesk.channels.handover import in_thread
from agentdesk.channels.wire import Login
from agentdesk.core import unsent
from agentdesk.errors import CertificateError, ChannelError, InsecureError, LoginError, UnreachableError
from agentdesk.values import dataclass

# What we call ourselves: RFC 5321 wants a name or an address, and nobody is told which laptop this is.
_OUR_NAME = "[127.0.0.1]"
_leaving: set[asyncio.Task[None]] = set()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for the connection, an answer, a piece of the body to leave, the answer to the body, and for the goodbye. RFC 5321 (4.5.3.2)
    lets a server take ten minutes for the answer to the body, where a relay would send again. Nothing is sent again here: whoever waits
    for longer is asked, unless the mail turns up in Sent, and what else is to go does not wait for it."""

    connect: float = 15.0
    answer: float = 45.0
    block: float = 45.0
    final: float = 55.0
    goodbye: float = 2.0


class LostError(Exception):
    """Nobody can say any more what became of a body."""


async def opened(login: Login, plug: Plug, patience: Patience) -> "Session":
    """A connection that is logged in, where the server takes logins; raises ChannelError and its kind, and SecretError.

    A refused secret is asked for once more, and tried if it is another by now.
    """
    session = await _connected(login, plug, patience)
    secret = ""
    try:
        if not session.offers("AUTH"):
            return session
        secret = await in_thread("mail-secret", login.secret)
        await session.log_in(secret)
        return session
    except LoginError:
        session.leave()
        renewed = await in_thread("mail-secret", login.secret) if secret else ""
        if renewed == secret:
            raise
    except BaseException:
        session.leave()
        raise
    session = await _connected(login, plug, patience)
    try:
        await session.log_in(renewed)
    except BaseException:
        session.leave()
        raise
    return session


async def _connected(login: Login, plug: Plug, patience: Patience) -> "Session":
    session = Session(login, plug, patience)
    try:
        await session.connect()
    except BaseException:
        session.abort()
        raise
    return session


class Session:
    """One connection; `sender`, `recipient` and `data` raise SMTPResponseException for an answer that is no
    yes and ChannelError for everything else."""

    def __init__(self, login: Login, plug: Plug, patience: Patience) -> None:
        self._login = login
        self._plug = plug
        self._patience = patience
        self._hidden: tuple[str, ...] = ()
        self._smtp = SMTP(hostname=login.endpoint.host, local_hostname=_OUR_NAME, timeout=patience.answer)
        self._writer: asyncio.StreamWriter | None = None
        self._midway = False

    @property
    def said(self) -> dict[str, str]:
        """The values every error of this connection has."""
        endpoint = self._login.endpoint
        return {"account": self._login.account, "server": f"{endpoint.host}:{endpoint.port}"}

    @property
    def alive(self) -> bool:
        """Whether there still is a connection."""
        return self._smtp.is_connected

    @property
    def extensions(self) -> dict[str, str]:
        """What the server announces: names in upper case, and what it says of each. Raises UnreachableError where the
        connection is gone: with it the library forgets all of it, and nothing announced reads like a refusal for good."""
        if not self.alive:
            raise UnreachableError(**self.said, reason=unsent.HUNG_UP)
        return {name.upper(): told for name, told in self._smtp.esmtp_extensions.items()}

    def offers(self, extension: str) -> bool:
        """Whether the server announces it; raises UnreachableError."""
        return extension in self.extensions

    def words(self, code: int, message: str) -> str:
        """An answer as one safe line, what was secret in it taken out."""
        for hidden in self._hidden:
            message = message.replace(hidden, "***")
        return words(f"{code} {message}" if code > 0 else message)

    async def connect(self) -> None:
        """Connects, encrypts and says hello; raises ChannelError and its kind."""
        login, smtp = self._login, self._smtp
        tls, line = await self._dialled()
        implicit = login.endpoint.security == "tls"
        with self._translated():
            try:
                await smtp.connect(
                    sock=line,
                    use_tls=implicit,
                    start_tls=False,
                    tls_context=tls,
                    timeout=self._patience.answer,
                )
            except BaseException:
                line.close()
                raise
            await self._hello()
        if login.endpoint.security == "starttls":
            await self._encrypt(tls)

    async def log_in(self, secret: str) -> None:
        """Says who we are; raises LoginError where the server refuses that for good."""
        user, smtp = self._login.endpoint.user, self._smtp
        self._hidden = _forms(user, secret)
        methods = smtp.server_auth_methods if self.offers("AUTH") else []
        with self._translated(refused=LoginError):
            if self._login.way == "xoauth2":
                if "xoauth2" not in methods:
                    raise LoginError(**self.said, reason=unsent.NO_TOKENS)
                await smtp.auth_xoauth2(user, secret)
            elif "plain" in methods:
                await smtp.auth_plain(user, secret)
            elif "login" in methods:
                await smtp.auth_login(user, secret)
            else:
                raise LoginError(**self.said, reason=unsent.NO_PASSWORDS)

    async def noop(self) -> None:
        """Asks for nothing; raises ChannelError."""
        with self._translated():
            await self._smtp.noop()

    async def sender(self, address: str, options: tuple[str, ...], encoding: str) -> None:
        """MAIL FROM; "" is the null sender."""
        with self._translated(answers=False):
            await self._smtp.mail(address, options=options, encoding=encoding)

    async def recipient(self, address: str, encoding: str) -> None:
        """RCPT TO."""
        with self._translated(answers=False):
            await self._smtp.rcpt(address, encoding=encoding)

    async def data(self) -> None:
        """DATA, up to the server's invitation."""
        with self._translated(answers=False):
            answer = await self._smtp.execute_command(b"DATA")
            if answer.code != 354:
                raise SMTPResponseException(*answer)
            # An answer too many would be taken for the one to the body.
            if self._smtp.protocol is None or self._smtp.protocol._buffer:  # noqa: SLF001 - there is no public way
                self.abort()
                raise ChannelError(**self.said, reason=unsent.OUT_OF_TURN)

    async def pour(self, body: bytes, piece: int) -> SMTPResponse:
        """The body in pieces, and the answer to it; raises LostError. An answer that comes before the end is
        taken where it is a no."""
        protocol, transport = self._smtp.protocol, self._smtp.transport
        if protocol is None or transport is None:
            raise LostError(unsent.LOST)
        self._midway = True
        # Waited for from now on: the library drops what comes while nobody does.
        answer = asyncio.ensure_future(protocol.read_response())
        whole = False
        try:
            # Kept, since a writer that is forgotten closes its transport.
            self._writer = asyncio.StreamWriter(
                cast(asyncio.WriteTransport, transport), protocol, None, asyncio.get_running_loop()
            )
            for start in range(0, len(body), piece):
                self._writer.write(body[start : start + piece])
                whole = start + piece >= len(body)
                if not await _drained(self._writer, answer, self._patience.block):
                    break
            await asyncio.wait({answer}, timeout=self._patience.final if whole else 0)
            said = _final(answer, whole=whole)
            self._midway = not whole
            return said
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    def leave(self) -> None:
        """Says goodbye without waiting for it, or hangs up where a goodbye would be read as text."""
        self._plug.hold(None)
        if self._midway or not self.alive:
            self.abort()
            return
        task = asyncio.get_running_loop().create_task(self._goodbye())
        _leaving.add(task)
        task.add_done_callback(_leaving.discard)

    def abort(self) -> None:
        """Hangs up at once; what was not sent yet is not sent."""
        self._plug.hold(None)
        transport = self._smtp.transport
        if transport is not None:
            forget_unsent(transport.get_extra_info("socket"))
            cast(asyncio.WriteTransport, transport).abort()
        self._smtp.close()

    async def _goodbye(self) -> None:
        try:
            with suppress(SMTPException, OSError, ValueError):
                await self._smtp.quit(timeout=self._patience.goodbye)
        finally:
            self.abort()

    async def _dialled(self) -> tuple[ssl.SSLContext, socket]:
        login = self._login

        def work() -> tuple[ssl.SSLContext, socket]:
            try:
                tls = ssl.create_default_context(cafile=login.ca_file)
            except OSError as error:
                reason = f"{login.ca_file}: {error.strerror or error}"
                raise CertificateError(**self.said, reason=reason) from error
            patience = self._patience
            line = dial(  # asyncio encrypts
                replace(login.endpoint, security="plain"),
                self._plug,
                tls,
                connect=patience.connect,
                read=patience.answer,
            )
            return tls, line

        with self._translated():
            try:
                return await in_thread("mail-dial", work, undo=lambda made: made[1].close())
            except asyncio.CancelledError:
                self._plug.pull()
                raise

    async def _hello(self) -> None:
        try:
            await self._smtp.ehlo()
        except SMTPHeloError as error:
            if error.code < 500 or not self.alive:
                raise
            await self._smtp.helo()

    async def _encrypt(self, tls: ssl.SSLContext) -> None:
        if not self.offers("STARTTLS"):
            raise InsecureError(**self.said, reason=unsent.NO_STARTTLS)
        with self._translated(refused=InsecureError):
            await self._smtp.starttls(tls_context=tls)
        with self._translated():
            # What was announced before may have been said by somebody else; the library has forgotten it.
            await self._hello()

    @contextmanager
    def _translated(
        self, *, refused: type[ChannelError] = ChannelError, answers: bool = True
    ) -> Iterator[None]:
        """Turns what the library raises into errors of ours; answers of the server (a no for good as `refused`)
        only where `answers`."""
        try:
            yield
        except SMTPResponseException as error:
            if not answers:
                raise
            kind = refused if 500 <= error.code < 600 else ChannelError
            raise kind(**self.said, reason=self.words(error.code, error.message)) from None
        except SMTPServerDisconnected as error:
            with translated(self._login.account, self._login.endpoint):
                if (cause := _cause(error)) is not error:
                    raise cause from None
            raise UnreachableError(**self.said, reason=unsent.HUNG_UP) from error
        except (SMTPException, OSError, ValueError) as error:
            with translated(self._login.account, self._login.endpoint):
                raise _cause(error) from None
            raise ChannelError(**self.said, reason=words(str(error))) from error


async def _drained(
    writer: asyncio.StreamWriter, answer: "asyncio.Future[SMTPResponse]", within: float
) -> bool:
    """Waits until there is room for more; False where more need not be sent."""
    drained = asyncio.ensure_future(writer.drain())
    try:
        waiting: set[asyncio.Future[Any]] = {drained, answer}
        await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        return drained.done() and drained.exception() is None and not answer.done()
    finally:
        drained.cancel()
        await asyncio.gather(drained, return_exceptions=True)


def _final(answer: "asyncio.Future[SMTPResponse]", *, whole: bool) -> SMTPResponse:
    """The answer to a body, where it can be believed."""
    said: SMTPResponse | None = None
    with suppress(SMTPException, OSError, asyncio.InvalidStateError):
        said = answer.result()
    if said is not None and (whole or 400 <= said.code < 600):
        return said
    if not whole:
        raise LostError(unsent.LOST)
    if answer.done():
        raise LostError(unsent.LOST_AFTER)
    raise LostError(unsent.SILENT)


def _cause(error: BaseException) -> BaseException:
    """What the library wrapped: a certificate that is not to be trusted, else what the system said."""
    chain: list[BaseException] = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None and inner not in chain:
        chain.append(inner)
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return each
    return next(
        (each for each in chain if isinstance(each, OSError) and not isinstance(each, SMTPException)), error
    )


def _forms(user: str, secret: str) -> tuple[str, ...]:
    """Every form in which a secret goes over the wire, for a server that repeats what it was told."""
    if not secret:
        return ()
    spoken = (secret, f"\0{user}\0{secret}", f"user={user}\1auth=Bearer {secret}\1\1")
    return (*(base64.b64encode(each.encode()).decode() for each in spoken), secret)
