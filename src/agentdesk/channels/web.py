"""Speaking HTTP to a service, with typed errors and without a secret in any word.

Promises: nothing waits longer than it was told to; an error says the service's own words, never an address, since a token
may stand in it; a request that surely was not heard is told from one of which nobody knows. Refuses: redirects (a token
would follow them), retries, and any meaning of a status beyond its class.
"""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx

from agentdesk.channels import Account
from agentdesk.core import unsent
from agentdesk.core.text import safe_line
from agentdesk.errors import ChannelError, LoginError, UnreachableError
from agentdesk.values import dataclass

CONNECT, READ = 10.0, 30.0
ANSWER_AT_MOST = 32 << 20
"""Bytes of an answer that is JSON."""
_SAID_AT_MOST = 300

for _name in ("httpx", "httpcore"):  # their lines hold whole addresses
    logging.getLogger(_name).setLevel(logging.WARNING)


class UnheardError(UnreachableError):
    """No connection came about: the service has surely not heard it."""


class TooLongError(ChannelError):
    """What comes back is longer than was asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `body` is its JSON, empty where it is none or no object, which `is_object` tells from an empty one."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    is_object: bool = False

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait."""
        try:
            return float(self.headers["retry-after"])
        except (KeyError, ValueError):
            return None


class Web:
    """One service for one account; every secret of `hide` is taken out of what is said."""

    def __init__(self, account: Account, base: str, hide: tuple[str, ...] = ()) -> None:
        self._account = account
        self._base = base.rstrip("/")
        self._hide: set[str] = set()
        self.hide(*hide)
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def hide(self, *secrets: str) -> None:
        """These too are taken out of what is said."""
        known = [each for each in secrets if len(each) > 3]
        self._hide.update(known, (quote(each, safe="") for each in known))

    @property
    def server(self) -> str:
        """The host that is spoken to, for errors."""
        return safe_line(httpx.URL(self._base).host)

    async def ask(
        self, method: str, path: str, *, read: float = READ, most: int = ANSWER_AT_MOST, **rest: Any
    ) -> Reply:
        """One request; `rest` as httpx has it (params, json, data, files, headers). Raises UnheardError, UnreachableError
        (nobody knows whether it was heard) and TooLongError."""
        url = path if path.startswith(("http://", "https://")) else f"{self._base}/{path.lstrip('/')}"
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:  # a client's connections belong to one loop
            self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False, verify=_trusted())
            self._loop = loop
        timeout = httpx.Timeout(READ, connect=CONNECT, read=read)
        try:
            async with self._client.stream(method, url, timeout=timeout, **rest) as answer:
                data = bytearray()
                async for piece in answer.aiter_bytes():
                    data += piece
                    if len(data) > most:
                        raise TooLongError(**self._values("the answer is too long"))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise UnheardError(**self._values(_kind(error))) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise UnreachableError(**self._values(_kind(error))) from None
        body = _object(bytes(data))
        return Reply(answer.status_code, body or {}, dict(answer.headers), bytes(data), body is not None)

    def error(self, words: str, *, login: bool = False, after: float | None = None) -> ChannelError:
        """What a service said, as an error; `after`: how many seconds it asks to be left alone."""
        return (LoginError if login else ChannelError)(**self._values(words), after=after)

    def said(self, words: object) -> str:
        """A service's words, one line, no secret in them."""
        text = safe_line(str(words))
        for each in sorted(self._hide, key=len, reverse=True):  # before the cut, which may leave half of one
            text = text.replace(each, "…")
        return text[:_SAID_AT_MOST]

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()

    def _values(self, words: str) -> dict[str, str]:
        return {"account": self._account.name, "server": self.server, "reason": self.said(words)}


@cache
def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts; made once, since reading all authorities takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


def _kind(error: Exception) -> str:
    """The fault in words of ours; of what has to do with certificates and shapes in the library's, which name no address."""
    causes = tuple(_causes(error))
    if any(isinstance(each, socket.gaierror) for each in causes):
        return unsent.UNKNOWN_HOST
    if isinstance(error, httpx.TimeoutException):
        return unsent.NO_ANSWER
    if isinstance(error, httpx.ConnectError) and not any(isinstance(each, ssl.SSLError) for each in causes):
        return unsent.NO_CONNECTION
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) and not isinstance(
        error, httpx.ConnectError
    ):
        return unsent.BROKE_OFF
    text = str(error)
    return text if text and "://" not in text else type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what is behind it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
