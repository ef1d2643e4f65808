"""What discovery asks of the network: names, small files, a server's first words.

Promises: every wait can be cancelled at once, since no name is looked up in a thread; what is read is bounded; certificates are
checked against the name that was asked for. Refuses: telling anybody the whole address but over TLS, redirects that leave it,
and proxies: a mail server is not asked through one either.
`Net` has names asked of the system's nameservers and ports taken as they are; a test gives it its own.
"""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

from agentdesk.channels.discovery.autoconfig import LARGEST, host_like
from agentdesk.values import dataclass

_LONG = 60.0
"""Seconds; whoever asks has a limit of their own, and ends it then."""
_REDIRECTS = 3
_MANY = 8


class SilentError(Exception):
    """Nobody answered, or not what was asked; the words say what was met."""


@dataclass(frozen=True)
class Net:
    """`nameservers` are addresses, none: the system's; `doors` by port the one to knock at instead; `tls` is whom to trust."""

    nameservers: tuple[str, ...] = ()
    dns_port: int = 53
    doors: Mapping[int, int] = field(default_factory=dict)
    trusted: ssl.SSLContext | None = None

    @cached_property
    def tls(self) -> ssl.SSLContext:
        return self.trusted or ssl.create_default_context()

    @cached_property
    def _resolver(self) -> Any:
        import dns.asyncresolver

        resolver = dns.asyncresolver.Resolver(configure=not self.nameservers)
        if self.nameservers:
            resolver.nameservers = list(self.nameservers)
            resolver.port = self.dns_port
        resolver.lifetime = _LONG
        return resolver

    async def _asked(self, name: str, kind: str) -> list[Any]:
        """The records, none where there are none; raises SilentError where nobody can say."""
        import dns.exception
        import dns.resolver

        try:
            return list(await self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise SilentError(type(error).__name__) from None

    async def addresses(self, host: str) -> list[str]:
        """Where a host is, IPv4 first, none where there is no such host; raises SilentError."""
        with suppress(ValueError):
            return [str(ip_address(host))]
        both = await asyncio.gather(self._asked(host, "A"), self._asked(host, "AAAA"), return_exceptions=True)
        found = [each.to_text() for part in both if not isinstance(part, BaseException) for each in part]
        failure = next((part for part in both if isinstance(part, BaseException)), None)
        if failure and not found:
            raise failure
        return found[:_MANY]

    async def exchangers(self, domain: str) -> list[str]:
        """Who takes mail for a domain, the preferred first; raises SilentError."""
        records = sorted(await self._asked(domain, "MX"), key=lambda each: each.preference)
        names = (each.exchange.to_text(omit_final_dot=True).lower() for each in records[:_MANY])
        return [each for each in names if host_like(each)]

    async def services(self, service: str, domain: str) -> list[tuple[str, int]]:
        """Host and port of a service by the domain's SRV records (RFC 6186), the preferred first; "." says that there is
        none. Raises SilentError."""
        records = await self._asked(f"{service}._tcp.{domain}", "SRV")
        records.sort(key=lambda each: (each.priority, -each.weight))
        named = ((each.target.to_text(omit_final_dot=True).lower(), each.port) for each in records[:_MANY])
        return [(host, port) for host, port in named if host_like(host) and port]

    async def file(self, url: str) -> bytes | None:
        """What lies at an address, None where there is none; raises SilentError."""
        for _ in range(_REDIRECTS):
            status, headers, body = await self._got(url)
            moved = headers.get("location", "") if 300 <= status < 400 else ""
            if not moved:
                return body if status == 200 else None
            before, url = url, urljoin(url, moved)
            away = urlsplit(before).scheme == "https" and urlsplit(url).scheme != "https"
            if away or urlsplit(url).scheme not in {"http", "https"}:
                raise SilentError("it leads away from encryption")
        raise SilentError("it leads on and on")

    async def _got(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        """One request. The address is looked up here, and the name goes along for the certificate."""
        import httpx

        try:
            parts = httpx.URL(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            addresses = await self.addresses(parts.host)
            if not addresses:
                return 404, {}, b""
            there = parts.copy_with(host=addresses[0], port=self.doors.get(port, port))
            async with (
                httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=_LONG) as client,
                client.stream(
                    "GET",
                    there,
                    headers={"Host": parts.host, "User-Agent": "agentdesk"},
                    extensions={"sni_hostname": parts.host},
                ) as answer,
            ):
                body = b""
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise SilentError("it is too large")
                return answer.status_code, answer.headers, body
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise SilentError(str(error) or type(error).__name__) from None

    async def line(
        self, host: str, port: int, *, tls: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection; raises SilentError with the system's words."""
        problem = f"{host} is not known"
        for address in await self.addresses(host):
            try:
                return await asyncio.open_connection(
                    address,
                    self.doors.get(port, port),
                    ssl=self.tls if tls else None,
                    server_hostname=host if tls else None,
                )
            except ssl.SSLCertVerificationError as error:
                raise SilentError(error.verify_message) from None
            except OSError as error:
                problem = error.strerror or str(error)
        raise SilentError(problem)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Ends a connection without waiting for the other side."""
    with suppress(Exception):
        writer.transport.abort()
