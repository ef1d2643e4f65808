"""Opening a connection to a mail server that somebody else can cut.

Promises: the connection attempt, the handshake and every later read end at once when the plug is pulled;
the certificate and the host name are checked; what goes wrong is a typed error with the server's own
words and no secret in them. Refuses: falling back to anything less secure than was asked for.
"""

import os
import re
import selectors
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from imapclient.exceptions import LoginError as Refusal

from agentdesk.core import unsent
from agentdesk.core.model import Endpoint
from agentdesk.core.text import safe_line
from agentdesk.errors import (
    CertificateError,
    CertificateIssuerError,
    CertificateNameError,
    CertificateTimeError,
    ChannelError,
    LoginError,
    UnreachableError,
)

# RFC 5530: refusals that are about now, not about who we are. "Too many" is what Gmail says without a code.
_PASSING = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA|THROTTLED)\]|too many|try again|temporar",
    re.IGNORECASE,
)
# What imaplib and imapclient put around the server's words.
_WRAPPED = re.compile(
    r"^(?:[\w ]+ (?:failed|command error): )?(?:BAD \[)?b?(?P<q>['\"])(?P<words>.*)(?P=q)\]?$|^\w+ failed: "
)


class Plug:
    """What one thread holds and any other may pull: the only touch of a foreign connection allowed."""

    def __init__(self, pause: Callable[[threading.Event, float], bool] = threading.Event.wait) -> None:
        self._pulled = threading.Event()
        self._pause = pause
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def pulled(self) -> bool:
        """Whether it was pulled."""
        return self._pulled.is_set()

    def pause(self, seconds: float) -> bool:
        """Waits; True, at once, when pulled."""
        return self._pause(self._pulled, seconds) or self.pulled()

    def hold(self, line: socket.socket | None) -> None:
        """From now on pulling cuts `line`."""
        with self._lock:
            self._socket = line
            if self.pulled():
                self._cut()

    def pull(self) -> None:
        """Ends waiting and connection, now and for all that come. May be called by anybody, twice too."""
        with self._lock:
            self._pulled.set()
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # The plain method: that of a TLS socket would change an object in use by another thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def dial(
    endpoint: Endpoint, plug: Plug, tls: ssl.SSLContext | None, *, connect: float, read: float
) -> socket.socket:
    """A connected socket, inside TLS where the endpoint says "tls"; raises OSError. Times in seconds."""
    line = _connected(endpoint, plug, connect)
    try:
        with suppress(OSError):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(line)
        line.settimeout(read)
        plug.hold(line)
        if endpoint.security == "tls":
            if tls is None:
                raise ssl.SSLError("no authorities to trust")
            line = tls.wrap_socket(line, server_hostname=endpoint.host, do_handshake_on_connect=False)
            plug.hold(line)
            line.do_handshake()
    except BaseException:
        plug.hold(None)
        line.close()
        raise
    return line


def forget_unsent(line: Any) -> None:
    """Closing `line` drops what the other side has not taken yet. Otherwise the system goes on delivering for minutes what was
    given up here, and perhaps done anew on another connection: a copy would be filed twice."""
    with suppress(OSError, ValueError, AttributeError):  # it may be closed, or never have been open
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def give_up(line: socket.socket) -> None:
    """Hangs up without a goodbye, which would go after what is unsent; whoever holds `line` finds it closed."""
    forget_unsent(line)
    handle = line.detach()
    if handle >= 0:
        os.close(handle)


_FAULTS: Mapping[int, type[CertificateError]] = {
    2: CertificateIssuerError,
    9: CertificateTimeError,
    10: CertificateTimeError,
    18: CertificateIssuerError,
    19: CertificateIssuerError,
    20: CertificateIssuerError,
    21: CertificateIssuerError,
    62: CertificateNameError,
    64: CertificateNameError,
}
"""By OpenSSL's code (X509_V_ERR_*) what is wrong with a certificate."""


@contextmanager
def translated(account: str, endpoint: Endpoint, secret: str = "") -> Iterator[None]:
    """Turns what libraries raise into errors of ours, without `secret` in them."""
    said = {"account": account, "server": f"{endpoint.host}:{endpoint.port}"}
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        fault = _FAULTS.get(error.verify_code, CertificateError)
        raise fault(**said, reason=words(error.verify_message, secret)) from error
    except Refusal as error:
        lost = isinstance(error.__context__, IMAPClient.AbortError)
        kind = UnreachableError if lost else ChannelError if passing(str(error)) else LoginError
        raise kind(**said, reason=words(str(error), secret)) from None
    except TimeoutError as error:
        raise UnreachableError(**said, reason=unsent.NO_ANSWER) from error
    except OSError as error:
        raise UnreachableError(**said, reason=words(error.strerror or str(error), secret)) from error
    except IMAPClient.AbortError as error:
        raise UnreachableError(**said, reason=words(str(error), secret)) from error
    except (IMAPClientError, ValueError, LookupError) as error:
        # imaplib's own errors are IMAPClientError too; ValueError and the like come from words that are no IMAP.
        raise ChannelError(**said, reason=words(str(error), secret)) from error


def passing(reason: str) -> bool:
    """Whether a refusal is about this moment."""
    return bool(_PASSING.search(reason))


def words(text: str, secret: str = "") -> str:
    """What a server said, fit for one line of a terminal: safe, no secret, not endless."""
    if secret:
        text = text.replace(secret, "***")
    text = _WRAPPED.sub(lambda found: found["words"] or "", safe_line(text))
    return text if len(text) <= 300 else text[:299] + "…"


def _connected(endpoint: Endpoint, plug: Plug, within: float) -> socket.socket:
    """Tries every address of the host, each for its share of the time that is left, and in slices, so that a pulled plug is noticed."""
    ends = time.monotonic() + within
    problem: OSError = OSError("no address")
    addresses = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    for left, (family, kind, proto, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        began = time.monotonic()
        deadline = began + (ends - began) / left
        line = socket.socket(family, kind, proto)
        try:
            line.setblocking(False)
            line.connect_ex(address)
            with selectors.DefaultSelector() as watched:
                watched.register(line, selectors.EVENT_WRITE)
                while not watched.select(0.2):
                    if plug.pulled():
                        raise ConnectionAbortedError("closed")
                    if time.monotonic() > deadline:
                        raise TimeoutError("no answer in time")
            failure = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not failure:
                return line
            problem = OSError(failure, os.strerror(failure))
        except OSError as error:
            problem = error
        line.close()
        if plug.pulled():
            break
    raise problem


def _keep_alive(line: socket.socket) -> None:
    """A peer that is gone without a word is noticed within about two minutes, also while idle."""
    wanted = (
        ("SO_KEEPALIVE", 1),
        ("TCP_KEEPIDLE", 60),
        ("TCP_KEEPALIVE", 60),
        ("TCP_KEEPINTVL", 15),
        ("TCP_KEEPCNT", 4),
    )
    for name, value in wanted:
        option = getattr(socket, name, None)
        if option is not None:
            level = socket.SOL_SOCKET if name == "SO_KEEPALIVE" else socket.IPPROTO_TCP
            with suppress(OSError):
                line.setsockopt(level, option, value)
