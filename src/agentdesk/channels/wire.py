"""A connection to an IMAP server that is logged in: encryption, login, asking, listening.

Promises: encryption that was asked for is had or the login does not happen, and nothing said before it
began is believed; a password is tried again only when it is another one by now; what goes wrong is a typed
error in the server's words. Refuses: retrying, and knowing what a folder or a mail is. `imapclient` has no
public way to much of this, so its inner imaplib object is used in this file and no other.
"""

import selectors
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, imap4

from agentdesk.channels.dial import Plug, dial, give_up, translated, words
from agentdesk.core.model import Endpoint
from agentdesk.errors import CertificateError, ChannelError, InsecureError, LoginError
from agentdesk.values import dataclass

_SLICE = 0.5
_BUFFER = 1 << 18
_NEWS = ("EXISTS", "EXPUNGE", "VANISHED", "FETCH")


@dataclass(frozen=True, slots=True)
class Login:
    """What a login needs: `account` for errors, the way ("password" or "xoauth2") and whence the secret."""

    account: str
    endpoint: Endpoint
    secret: Callable[[], str]
    way: str = "password"
    ca_file: str | None = None


class Wire:
    """A connection from construction to `close`, logged in; raises ChannelError and its kind. `client` is
    for the one module that speaks IMAP over it. Whatever a server need not think about (greeting, encryption, login, the end of
    listening) is waited for `answer` seconds, everything else `read`."""

    def __init__(self, login: Login, plug: Plug, *, connect: float, answer: float, read: float) -> None:
        self._login = login
        self._plug = plug
        self._secret = ""
        self._answer, self._read = answer, read
        self._sound = True
        tls = self._trusted()
        with self.translated():
            line = dial(login.endpoint, plug, tls, connect=connect, read=answer)
            try:
                self.client: Any = _Client(line, login.endpoint.host, answer)
            except BaseException:
                plug.hold(None)
                line.close()
                raise
        try:
            self._secure(tls)
            self._authenticate()
            with self.translated():
                self.abilities = frozenset(text(name) for name in self.client.capabilities())
                if {"ENABLE", "QRESYNC"} <= self.abilities:
                    self.client.enable("QRESYNC")
            self.client.socket().settimeout(read)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hangs up, politely where that takes no time."""
        with suppress(Exception):
            if self._sound and not self._plug.pulled():
                self.client.socket().settimeout(1)
                self.client.logout()
            else:
                give_up(self.client.socket())
        with suppress(Exception):
            self.client.shutdown()
        self._plug.hold(None)

    @property
    def said(self) -> dict[str, str]:
        """The values every error of this connection has."""
        endpoint = self._login.endpoint
        return {"account": self._login.account, "server": f"{endpoint.host}:{endpoint.port}"}

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns what libraries raise into errors of ours."""
        try:
            with translated(self._login.account, self._login.endpoint, self._secret):
                yield
        except ChannelError as error:
            self._sound = self._sound and bool(error.values.get("refused"))
            raise

    def ask(self, name: str, *arguments: str) -> None:
        """Gives a command and waits for its end; what was told is then there for `take`. Raises ChannelError
        for NO; to be called within `translated`."""
        inner = self._inner
        if name == "EXAMINE":
            inner.untagged_responses = {}
            inner.is_readonly = True
        kind, data = inner._simple_command(name, *arguments)  # noqa: SLF001 - see the module's docstring
        if name == "EXAMINE":
            inner.state = "SELECTED" if kind == "OK" else "AUTH"
        if kind != "OK":
            # `refused` tells this apart from a connection that can no longer be trusted.
            raise ChannelError(**self.said, reason=words(text(data[-1] or b""), self._secret), refused=True)

    def take(self, name: str) -> list[Any]:
        """What the server told under `name` since it was taken last."""
        told = self._inner.untagged_responses.pop(name, None)
        return [item for item in told or () if item is not None]

    def news(self) -> frozenset[str]:
        """How the open folder changed, by what the server said by the way: EXISTS, EXPUNGE, VANISHED, FETCH;
        asked once, it is forgotten."""
        return frozenset([name for name in _NEWS if self.take(name)])

    def idle(self, seconds: float, go_on: Callable[[], bool]) -> frozenset[str]:
        """Listens until the server tells something, `seconds` passed, or `go_on`, asked every few seconds,
        says no; gives the news, which may be none."""
        until = time.monotonic() + seconds
        with self.translated(), self.at_once():
            self.client.idle()
            heard = self._heard(0)
            while not heard and (left := until - time.monotonic()) > 0 and go_on():
                heard = self._heard(min(left, _SLICE))
            _, told = self.client.idle_done()
        return self.news() | {text(word) for line in told for word in line}.intersection(_NEWS)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is asked within is answered at once, or nobody is there."""
        self.client.socket().settimeout(self._answer)
        yield
        self.client.socket().settimeout(self._read)

    @property
    def _inner(self) -> Any:
        return self.client._imap  # noqa: SLF001 - see the module's docstring

    def _trusted(self) -> ssl.SSLContext | None:
        """Whose word counts, None where there is no encryption: reading all authorities takes 70 ms."""
        if self._login.endpoint.security == "plain":
            return None
        try:
            return ssl.create_default_context(cafile=self._login.ca_file)
        except OSError as error:
            reason = f"{self._login.ca_file}: {error.strerror or error}"
            raise CertificateError(**self.said, reason=reason) from error

    def _secure(self, tls: ssl.SSLContext | None) -> None:
        if self._login.endpoint.security != "starttls":
            return
        if self._inner.state != "NONAUTH":
            raise InsecureError(**self.said, reason="the server says PREAUTH before encryption")
        with self.translated():
            if not self.client.has_capability("STARTTLS"):
                raise InsecureError(**self.said, reason="the server does not offer STARTTLS")
            try:
                self.client.starttls(tls)
            finally:
                self._plug.hold(self.client.socket())
            # Whatever was said before encryption began may have been said by somebody else.
            self._inner.untagged_responses = {}

    def _authenticate(self) -> None:
        if self._inner.state == "AUTH":
            return
        self._secret = self._login.secret()
        try:
            self._greet(self._secret)
        except LoginError:
            renewed = self._login.secret()
            if renewed == self._secret:
                raise
            self._secret = renewed
            self._greet(renewed)

    def _greet(self, secret: str) -> None:
        user = self._login.endpoint.user
        with self.translated():
            offered = {text(name) for name in self.client.capabilities()}
            if self._login.way == "xoauth2":
                self.client.oauth2_login(user, secret)
            elif "LOGINDISABLED" not in offered and (user + secret).isascii():
                self.client.login(user, secret)
            elif "AUTH=PLAIN" in offered:
                self.client.plain_login(user, secret)
            elif "LOGINDISABLED" in offered:
                raise InsecureError(**self.said, reason="the server takes no password here (LOGINDISABLED)")
            else:
                raise LoginError(**self.said, reason="the server takes only ASCII in a password")

    def _heard(self, seconds: float) -> bool:
        """Whether there is something to read, or nobody any more, within `seconds`."""
        if self._peeked():
            return True
        with selectors.DefaultSelector() as watched:
            watched.register(self.client.socket(), selectors.EVENT_READ)
            # Readable without a byte is the end, unless TLS had something to settle for itself.
            return bool(seconds and watched.select(seconds)) and self._peeked() is not None

    def _peeked(self) -> bool | None:
        """Whether something is there, be it read already along with an earlier line; None: TLS's own."""
        line = self.client.socket()
        line.setblocking(False)
        try:
            return bool(self._inner.file.peek(1))
        except ssl.SSLWantReadError:
            return None
        finally:
            line.settimeout(self._answer)


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient over a socket that is open already, without its log of every line."""

    def __init__(self, line: Any, host: str, within: float) -> None:
        self._line = line
        super().__init__(host, ssl=False, timeout=within)
        self._imap.debug = 0

    def _create_IMAP4(self) -> Any:  # noqa: N802 - imapclient's own name
        return _Given(self._line, self.host, self.port)


class _Given(imap4.IMAP4WithTimeout):  # type: ignore[misc]
    def __init__(self, line: Any, host: str, port: int) -> None:
        self._line = line
        super().__init__(host, port, None)

    def _create_socket(self, timeout: float | None = None) -> Any:
        return self._line

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        super().open(host, port, timeout)
        # Whoever reads asks for the interpreter's lock after each read, and waits 5 ms for it while mail is stored
        # beside: with the library's 8 KiB 500 mails took 400 reads.
        self.file = self.sock.makefile("rb", _BUFFER)


def text(value: Any) -> str:
    """A word of the protocol as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
