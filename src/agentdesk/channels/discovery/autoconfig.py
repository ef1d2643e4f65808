"""Mozilla's file of a provider's mail servers (config-v1.1.xml), read.

Promises: of a file of any size and any making either servers come out, with encryption each, or ValueError with a reason.
Refuses: a document type, and with it every entity that somebody declares; servers without encryption; POP3 and the rest.
https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat
"""

from dataclasses import field
from typing import Any, Literal
from xml.parsers import expat

from agentdesk.core.model import Endpoint
from agentdesk.core.setup import Protocol
from agentdesk.core.text import safe_line
from agentdesk.values import dataclass

LARGEST = 64 * 1024
"""Bytes; the largest of Mozilla's own list has 9,000."""
_DEEP, _MANY = 8, 500
_SOCKETS: dict[str, Literal["tls", "starttls"]] = {"ssl": "tls", "starttls": "starttls"}
_SERVERS: dict[tuple[str, str], Protocol] = {
    ("incomingServer", "imap"): "imap",
    ("outgoingServer", "smtp"): "smtp",
}


@dataclass(slots=True)
class _Reading:
    """Where the reader is in the file, and what it met."""

    path: list[str] = field(default_factory=list)
    server: dict[str, str] | None = None
    found: list[tuple[Protocol, dict[str, str]]] = field(default_factory=list)
    elements: int = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.elements += 1
        if len(self.path) > _DEEP or self.elements > _MANY:
            raise ValueError("it has more in it than such a file ever has")
        protocol = _SERVERS.get((name, attributes.get("type", "").lower()))
        if protocol and self.path[:-1] == ["clientConfig", "emailProvider"]:
            self.server = {}
            self.found.append((protocol, self.server))

    def text(self, words: str) -> None:
        if self.server is not None and len(self.path) == 4:
            name = self.path[-1]
            self.server[name] = self.server.get(name, "") + words

    def end(self, _: str) -> None:
        self.path.pop()
        if len(self.path) < 3:
            self.server = None


def read(data: bytes, address: str) -> tuple[tuple[Protocol, Endpoint], ...]:
    """The servers for `address`, in the file's order; raises ValueError."""
    if len(data) > LARGEST:
        raise ValueError("it is too large")
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reading.begin
    parser.CharacterDataHandler = reading.text
    parser.EndElementHandler = reading.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(safe_line(str(error))) from None
    places = ((protocol, _place(server, address)) for protocol, server in reading.found)
    return tuple((protocol, place) for protocol, place in places if place)


def _refuse(*_: Any) -> None:
    raise ValueError("it declares a document type")


def _place(server: dict[str, str], address: str) -> Endpoint | None:
    """What one element says; None where that is no server that can be spoken to encrypted."""
    local, _, domain = address.rpartition("@")
    told = {name: _filled(value.strip(), address, local, domain) for name, value in server.items()}
    security = _SOCKETS.get(told.get("socketType", "").lower())
    host, port = told.get("hostname", "").lower(), told.get("port", "")
    user = told.get("username") or address
    well = host_like(host) and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536
    if not (security and well and user.isprintable() and len(user) < 255):
        return None
    return Endpoint(host, int(port), security, user)


def _filled(value: str, address: str, local: str, domain: str) -> str:
    for place, meant in (("%EMAILADDRESS%", address), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain)):
        value = value.replace(place, meant)
    return value


def host_like(name: str) -> bool:
    """Whether this can be the name of a server in the internet."""
    labels = name.split(".")
    plain = all(label and len(label) < 64 for label in labels) and name.isascii() and len(name) < 254
    return plain and len(labels) > 1 and all(each.isalnum() or each in "-_" for each in "".join(labels))
