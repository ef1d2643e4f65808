"""A small internet on loopback: names, files and mail servers as somebody recorded them, each host at an address of its own.

It keeps its own truth: whoever asks gets what stands in it, certificates are for the name they are for, and what nobody
serves is refused. `asked` holds every name, address of a file and command that was said to it.
"""

import asyncio
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import trustme

from agentdesk.channels.discovery.net import Net
from servers import free_port, lacking

HUNG = "hung"
"""What is taken and never answered."""

_CA = trustme.CA(key_type=trustme.KeyType.ECDSA)
AUTHORITY = _CA.cert_pem.bytes()
TRUSTED = ssl.create_default_context()
_CA.configure_trust(TRUSTED)


@dataclass(frozen=True)
class Mail:
    """A mail server's words before a login. `offers` are IMAP's capabilities or SMTP's lines, `before` those before STARTTLS;
    `name` whom its certificate is for, where that is not its host."""

    offers: str
    greeting: str = ""
    before: str = ""
    name: str = ""


@dataclass(frozen=True)
class World:
    """What stands in the internet. `mx` and `srv` as in a zone file; `files` by address, a text, HUNG or ">address" for a
    redirect; `servers` by "host:port", a Mail or HUNG; `hosts` are names that are there though nobody answers at them."""

    address: str
    mx: dict[str, list[str]] = field(default_factory=dict)
    srv: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    servers: dict[str, Mail | str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """Names that the nameserver never answers for."""


class Internet:
    """Serves a world from `with` to its end, in a thread of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked: list[str] = []
        places = [url.split("/")[2] for url in world.files] + [
            each.partition(":")[0] for each in world.servers
        ]
        names = dict.fromkeys((*places, *world.hosts))
        self._at = {name: f"127.77.{n // 250}.{n % 250 + 1}" for n, name in enumerate(names)}
        self._doors = {port: free_port() for port in (80, 143, 443, 465, 587, 993)}
        self._dns = free_port()
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(
            target=lambda: self._loop.run_until_complete(self._serve()), daemon=True
        )

    @property
    def net(self) -> Net:
        return Net(("127.0.0.1",), self._dns, self._doors, TRUSTED)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        if self._failure:
            lacking(f"addresses such as 127.77.0.1 cannot be had here: {self._failure}")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        try:
            transport, _ = await self._loop.create_datagram_endpoint(
                lambda: _Names(self), local_addr=("127.0.0.1", self._dns)
            )
            servers = [await self._web(host, port) for host, port in self._websites()]
            servers += [await self._mail(place, mail) for place, mail in self.world.servers.items()]
        except OSError as error:
            self._failure = error
            return
        finally:
            self._ready.set()
        await self._stopped.wait()
        transport.close()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def _websites(self) -> set[tuple[str, int]]:
        return {(url.split("/")[2], 443 if url.startswith("https") else 80) for url in self.world.files}

    async def _web(self, host: str, port: int) -> asyncio.Server:
        async def answer(reader, writer) -> None:
            path = (await reader.readline()).split()[1].decode()
            while (await reader.readline()).strip():
                pass
            url = f"{'https' if port == 443 else 'http'}://{host}{path}"
            self.asked.append(url)
            body = self.world.files.get(url.partition("?")[0], "")
            if body == HUNG:
                with suppress(asyncio.CancelledError):
                    await self._stopped.wait()
                return
            head = f"302 Found\r\nLocation: {body[1:]}" if body[:1] == ">" else "200 OK" if body else "404 No"
            data = b"" if body[:1] == ">" else body.encode()
            writer.write(
                f"HTTP/1.1 {head}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode() + data
            )
            writer.close()

        tls = certified(host) if port == 443 else None
        return await asyncio.start_server(answer, self._at[host], self._doors[port], ssl=tls)

    async def _mail(self, place: str, mail: Mail | str) -> asyncio.Server:
        host, _, number = place.partition(":")
        port = int(number)

        async def talk(reader, writer) -> None:
            with suppress(asyncio.CancelledError, OSError):
                if isinstance(mail, str):
                    await self._stopped.wait()
                    return
                speaks = _imap if port in {143, 993} else _smtp
                await speaks(self, host, mail, reader, writer)
            writer.close()

        hung = isinstance(mail, str)
        tls = certified(mail.name or host) if port in {465, 993} and not hung else None
        return await asyncio.start_server(talk, self._at[host], self._doors[port], ssl=tls)

    def answer(self, question: dns.message.Message) -> dns.message.Message | None:
        name, kind = (
            question.question[0].name.to_text(omit_final_dot=True).lower(),
            question.question[0].rdtype,
        )
        self.asked.append(f"{dns.rdatatype.to_text(kind)} {name}")
        if name in self.world.silent:
            return None
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        records = {
            dns.rdatatype.A: [self._at[name]] if name in self._at else [],
            dns.rdatatype.MX: [f"{each}." for each in self.world.mx.get(name, ())],
            dns.rdatatype.SRV: [f"{each}." for each in self.world.srv.get(name, ())],
        }.get(kind, [])
        if records:
            reply.answer.append(
                dns.rrset.from_text(
                    question.question[0].name, 60, "IN", dns.rdatatype.to_text(kind), *records
                )
            )
        elif not any(name in part for part in (self._at, self.world.mx, self.world.srv)):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply


class _Names(asyncio.DatagramProtocol):
    def __init__(self, internet: Internet) -> None:
        self._internet = internet

    def connection_made(self, transport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, sender) -> None:
        if reply := self._internet.answer(dns.message.from_wire(data)):
            self._transport.sendto(reply.to_wire(), sender)


async def _imap(internet: Internet, host: str, mail: Mail, reader, writer) -> None:
    writer.write(f"{mail.greeting or '* OK ready'}\r\n".encode())
    encrypted = writer.get_extra_info("ssl_object") is not None
    while line := (await reader.readline()).decode():
        internet.asked.append(f"{host} {line.strip()}")
        tag, _, command = line.strip().partition(" ")
        if command == "STARTTLS" and "STARTTLS" in mail.before:
            writer.write(f"{tag} OK begin\r\n".encode())
            await writer.start_tls(certified(mail.name or host))
            encrypted = True
        elif command == "CAPABILITY":
            told = mail.offers if encrypted else mail.before
            writer.write(f"* CAPABILITY {told}\r\n{tag} OK done\r\n".encode())
        else:
            writer.write(f"{tag} BAD no\r\n".encode())


async def _smtp(internet: Internet, host: str, mail: Mail, reader, writer) -> None:
    writer.write(f"{mail.greeting or '220 ready'}\r\n".encode())
    encrypted = writer.get_extra_info("ssl_object") is not None
    while line := (await reader.readline()).decode():
        internet.asked.append(f"{host} {line.strip()}")
        command = line.split()[0].upper()
        if command == "STARTTLS" and "STARTTLS" in mail.before:
            writer.write(b"220 go ahead\r\n")
            await writer.start_tls(certified(mail.name or host))
            encrypted = True
        elif command == "EHLO":
            lines = [host, *(mail.offers if encrypted else mail.before).split("|")]
            writer.write(
                "".join(
                    f"250{' ' if n == len(lines) else '-'}{each}\r\n" for n, each in enumerate(lines, 1)
                ).encode()
            )
        else:
            writer.write(b"500 no\r\n")


_certificates: dict[str, ssl.SSLContext] = {}


def certified(name: str) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for `name`."""
    if name not in _certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _CA.issue_cert(name, key_type=trustme.KeyType.ECDSA).configure_cert(context)
        _certificates[name] = context
    return _certificates[name]
