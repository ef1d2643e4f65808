"""An SMTP server on loopback that does what it is told to, also what no server should, and keeps its own truth."""

import base64
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

ABILITIES = ("SIZE 1000000", "8BITMIME", "AUTH PLAIN LOGIN XOAUTH2")


@dataclass(frozen=True)
class Taken:
    """A mail that the server took responsibility for, whatever the client got to hear of it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Smtp:
    """Listens from construction to `stop`. `on(step, fault)` has the next such step met by `fault`: a text is
    answered instead, a callable gets the session and the command's argument. Steps: CONNECT, the commands,
    PASSWORD (a line of AUTH), INVITED (before the body is read) and BODY (after it, before the answer)."""

    def __init__(
        self,
        abilities: tuple[str, ...] = ABILITIES,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        abilities_inside: tuple[str, ...] | None = None,
    ) -> None:
        self.abilities = abilities
        self.abilities_inside = abilities_inside or abilities
        self.tls = tls
        self.implicit = implicit
        self.secrets = {"secreto"}
        self.taken: list[Taken] = []
        self.seen: list[str] = []
        self.logins: list[str] = []
        self.connections = 0
        self.ended = threading.Event()
        self._faults: dict[str, list[Callable | str]] = defaultdict(list)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def on(self, step: str, *faults: Callable | str) -> None:
        self._faults[step].extend(faults)

    def fault(self, step: str) -> Callable | str | None:
        return self._faults[step].pop(0) if self._faults[step] else None

    def take(self, mail: Taken) -> None:
        """From now on the mail is the server's business."""
        self.taken.append(mail)

    def commands(self) -> list[str]:
        """The first words of everything that was said to it."""
        return [line.split(" ")[0].split(":")[0].upper() for line in self.seen]

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                threading.Thread(target=Session(self, line).run, daemon=True).start()


class Session:
    """One connection to `Smtp`."""

    def __init__(self, server: Smtp, line: socket.socket) -> None:
        self.server = server
        self.line = line
        self.file = line.makefile("rb")
        self.inside = False
        self.sender = ""
        self.recipients: list[str] = []
        self.body = b""

    def say(self, text: str | bytes) -> None:
        self.line.sendall(
            (text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")) + b"\r\n"
        )

    def take(self) -> None:
        """Takes responsibility for the mail."""
        self.server.take(Taken(self.sender, tuple(self.recipients), self.body))

    def reset(self) -> None:
        """Ends the connection so that the client gets an error, at once."""
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end()

    def end(self) -> None:
        """Hangs up."""
        with suppress(OSError):
            self.file.close()
            self.line.close()

    def wait_for_end(self) -> None:
        """Says nothing until the client is gone."""
        with suppress(OSError):
            while self.line.recv(65536):
                pass
        self.server.ended.set()

    def run(self) -> None:
        with suppress(OSError, ValueError):
            try:
                if self.server.implicit:
                    self.encrypt()
                if not self._met("CONNECT", ""):
                    self.say("220 ready")
                while (words := self.file.readline()).endswith(b"\n"):  # half a line is no command
                    self._command(words.decode("utf-8", "surrogateescape").rstrip("\r\n"))
            finally:
                self.server.ended.set()
                self.end()

    def encrypt(self) -> None:
        self.line = self.server.tls.wrap_socket(self.line, server_side=True)
        self.inside = True
        self.file = self.line.makefile("rb")

    def _met(self, step: str, argument: str) -> bool:
        """Whether a fault was told to meet this step."""
        fault = self.server.fault(step)
        if isinstance(fault, str):
            self.say(fault)
        elif fault is not None:
            return fault(self, argument) is not False
        return fault is not None

    def _command(self, line: str) -> None:
        self.server.seen.append(line)
        name, _, argument = line.partition(" ")
        name = name.upper()
        if not self._met(name, argument):
            getattr(self, f"_{name.lower()}", lambda _: self.say("500 what?"))(argument)

    def _ehlo(self, argument: str) -> None:
        abilities = self.server.abilities_inside if self.inside else self.server.abilities
        lines = ["hello", *(each for each in abilities if not (self.inside and each == "STARTTLS"))]
        for number, each in enumerate(lines, 1):
            self.say(f"250{' ' if number == len(lines) else '-'}{each}")

    def _helo(self, argument: str) -> None:
        self.say("250 hello")

    def _starttls(self, argument: str) -> None:
        self.say("220 go ahead")
        self.encrypt()

    def _auth(self, argument: str) -> None:
        way, _, first = argument.partition(" ")
        given = base64.b64decode(first)
        if way == "LOGIN":
            self.say("334 UGFzc3dvcmQ6")
            given = base64.b64decode(self.file.readline())
        secret = given.replace(b"\1\1", b"").rpartition(b"Bearer " if way == "XOAUTH2" else b"\0")[2].decode()
        self.server.logins.append(way)
        if self._met("PASSWORD", argument):
            return
        if secret in self.server.secrets:
            self.say("235 2.7.0 welcome")
            return
        if way == "XOAUTH2":
            self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
            self.file.readline()
        self.say("535 5.7.8 who are you?")

    def _mail(self, argument: str) -> None:
        self.sender = argument[argument.index("<") + 1 : argument.index(">")]
        self.recipients = []
        self.say("250 2.1.0 fine")

    def _rcpt(self, argument: str) -> None:
        self.recipients.append(argument[argument.index("<") + 1 : argument.index(">")])
        self.say("250 2.1.5 fine")

    def _data(self, argument: str) -> None:
        self.say("354 go on")
        if self._met("INVITED", ""):
            return
        lines = []
        while (line := self.file.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b"."))
        if not line:
            return
        self.body = b"".join(lines)
        if not self._met("BODY", ""):
            self.take()
            self.say("250 2.0.0 queued as 42")

    def _noop(self, argument: str) -> None:
        self.say("250 still here")

    def _rset(self, argument: str) -> None:
        self.say("250 forgotten")

    def _quit(self, argument: str) -> None:
        self.say("221 bye")
        self.end()
