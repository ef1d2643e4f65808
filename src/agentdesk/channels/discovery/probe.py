"""What a mail server says before anybody logs in: whether it is one, and which ways in it offers.

Promises: nothing secret is said; what counts is what it says once the connection is encrypted. Refuses: servers that do not
offer encryption, and answers longer than any server's.
"""

import asyncio
import ssl
from collections.abc import Iterable

from agentdesk.channels.dial import words
from agentdesk.channels.discovery.net import Net, SilentError, hang_up
from agentdesk.core.model import Endpoint
from agentdesk.core.setup import Protocol

_LINES = 64


class _Talk:
    """One conversation; raises SilentError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def heard(self) -> str:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise SilentError("the server hung up")
        return line.decode("utf-8", "replace").strip()

    def say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())

    async def encrypt(self, tls: ssl.SSLContext, host: str) -> None:
        await self._writer.start_tls(tls, server_hostname=host)


async def ways(net: Net, protocol: Protocol, place: Endpoint) -> frozenset[str]:
    """The ways in that the server offers and we know; raises SilentError with its words or the system's."""
    reader, writer = await net.line(place.host, place.port, tls=place.security == "tls")
    talk = _Talk(reader, writer)
    try:
        return await (_imap if protocol == "imap" else _smtp)(talk, net, place)
    except ssl.SSLCertVerificationError as error:
        raise SilentError(error.verify_message) from None
    except (OSError, ValueError) as error:
        raise SilentError(words(str(error) or type(error).__name__)) from None
    finally:
        await hang_up(writer)


async def _imap(talk: _Talk, net: Net, place: Endpoint) -> frozenset[str]:
    greeting = await talk.heard()
    if not greeting.upper().startswith("* OK"):
        raise SilentError(words(greeting))
    if place.security == "starttls":
        await _told(talk, "a1", "STARTTLS")
        await talk.encrypt(net.tls, place.host)
    offered = await _told(talk, "a2", "CAPABILITY")
    found = {each.upper() for line in offered for each in line.split()}
    password = "LOGINDISABLED" not in found or "AUTH=PLAIN" in found
    return _known(password=password, xoauth2="AUTH=XOAUTH2" in found)


async def _told(talk: _Talk, tag: str, command: str) -> list[str]:
    """What the server says of a command; raises SilentError for a no."""
    talk.say(f"{tag} {command}")
    lines: list[str] = []
    while len(lines) < _LINES:
        line = await talk.heard()
        if line.startswith(f"{tag} "):
            if not line.upper().startswith(f"{tag.upper()} OK"):
                raise SilentError(words(line.partition(" ")[2]))
            return lines
        lines.append(line)
    raise SilentError("the server talks without end")


async def _smtp(talk: _Talk, net: Net, place: Endpoint) -> frozenset[str]:
    await _answered(talk)
    offered = await _hello(talk)
    if place.security == "starttls":
        if "STARTTLS" not in {each.upper() for each in offered}:
            raise SilentError("the server does not offer STARTTLS")
        talk.say("STARTTLS")
        await _answered(talk)
        await talk.encrypt(net.tls, place.host)
        offered = await _hello(talk)
    found = {way for line in offered for way in _mechanisms(line.upper())}
    return _known(password=bool(found & {"PLAIN", "LOGIN"}), xoauth2="XOAUTH2" in found)


def _mechanisms(line: str) -> Iterable[str]:
    return line.replace("=", " ").split()[1:] if line.startswith("AUTH") else ()


async def _hello(talk: _Talk) -> list[str]:
    talk.say("EHLO [127.0.0.1]")  # nobody is told which laptop this is
    return await _answered(talk)


async def _answered(talk: _Talk) -> list[str]:
    """The lines of a yes, without their code; raises SilentError for everything else."""
    lines: list[str] = []
    while len(lines) < _LINES:
        line = await talk.heard()
        if not line.startswith("2"):
            raise SilentError(words(line))
        lines.append(line[4:].strip())
        if line[3:4] != "-":
            return lines
    raise SilentError("the server talks without end")


def _known(*, password: bool, xoauth2: bool) -> frozenset[str]:
    return frozenset((("password",) if password else ()) + (("xoauth2",) if xoauth2 else ()))
