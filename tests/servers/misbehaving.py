"""An IMAP server on loopback that does what it is told to, also what no server should, and a TCP proxy that
cuts, swallows and delays."""

import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

_DATE = "10-Nov-2026 10:00:00 +0000"


@dataclass
class Held:
    """A mail as the server keeps it."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    date: str = _DATE


class Imap:
    """Keeps mails by folder, speaks IMAP4rev1 and IDLE, no more than `abilities` says.

    `on(command, fault)` has the next `times` such commands handled by `fault(session, tag, arguments)`
    first; when that returns False the command is handled as usual. `seen` holds the names of all commands,
    `bytes_in` all that clients said.
    """

    def __init__(self, abilities: str = "IMAP4rev1 IDLE", greeting: str = "* OK ready") -> None:
        self.abilities = abilities
        self.greeting = greeting
        self.validity = 7
        self.mails: dict[str, list[Held]] = defaultdict(list, {"INBOX": []})
        self.next_uid: dict[str, int] = defaultdict(lambda: 1)
        self.seen: list[str] = []
        self.bytes_in = b""
        self.lock = threading.RLock()
        self.sessions: list[Session] = []
        self._faults: dict[str, list[Callable]] = defaultdict(list)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def add(
        self, raw: bytes, *, folder: str = "INBOX", date: str = _DATE, flags: tuple[str, ...] = ()
    ) -> int:
        """Delivers a mail and tells who listens."""
        with self.lock:
            uid = self.next_uid[folder]
            self.next_uid[folder] += 1
            self.mails[folder].append(Held(uid, raw, set(flags), date))
            count = len(self.mails[folder])
            for session in self.sessions:
                if session.folder == folder and session.idling:
                    session.say(f"* {count} EXISTS")
        return uid

    def remove(self, uid: int, folder: str = "INBOX") -> None:
        """Expunges a mail and tells who listens."""
        with self.lock:
            place = next(i for i, held in enumerate(self.mails[folder]) if held.uid == uid)
            del self.mails[folder][place]
            for session in self.sessions:
                if session.folder == folder and session.idling:
                    session.say(f"* {place + 1} EXPUNGE")

    def on(self, command: str, fault: Callable, times: int = 1) -> None:
        self._faults[command].extend([fault] * times)

    def fault(self, command: str) -> Callable | None:
        with self.lock:
            self.seen.append(command)
            return self._faults[command].pop(0) if self._faults[command] else None

    def stop(self) -> None:
        self._listener.close()
        for session in list(self.sessions):
            session.end()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                session = Session(self, line)
                self.sessions.append(session)
                threading.Thread(target=session.run, daemon=True).start()


class Session:
    """One connection to `Imap`."""

    def __init__(self, server: Imap, line: socket.socket) -> None:
        self.server = server
        self.line = line
        self.folder: str | None = None
        self.idling = False

    def say(self, text: str | bytes) -> None:
        with suppress(OSError):
            self.line.sendall((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def end(self) -> None:
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        if self in self.server.sessions:
            self.server.sessions.remove(self)

    def run(self) -> None:
        with suppress(OSError, ValueError):
            self.say(self.server.greeting)
            file = self.file = self.line.makefile("rb")
            while words := file.readline():
                self.server.bytes_in += words
                tag, command, arguments = (words.decode().strip() + "  ").split(" ", 2)
                command = command.upper()
                if command == "UID":
                    command, _, arguments = arguments.partition(" ")
                    command = command.upper()
                arguments = arguments.strip()
                fault = self.server.fault(command)
                if fault is not None and fault(self, tag, arguments) is not False:
                    continue
                if command == "IDLE":
                    self._idle(file, tag)
                elif handler := getattr(self, f"_{command.lower()}", None):
                    handler(tag, arguments)
                else:
                    self.say(f"{tag} BAD unknown command {command}")
        self.end()

    def _idle(self, file, tag: str) -> None:
        self.idling = True
        self.say("+ idling")
        file.readline()
        self.idling = False
        self.say(f"{tag} OK done")

    def _capability(self, tag: str, arguments: str) -> None:
        self.say(f"* CAPABILITY {self.server.abilities}")
        self.say(f"{tag} OK done")

    def _login(self, tag: str, arguments: str) -> None:
        self.say(f"{tag} OK welcome")

    def _noop(self, tag: str, arguments: str) -> None:
        if self.folder:
            self.say(f"* {len(self.server.mails[self.folder])} EXISTS")
        self.say(f"{tag} OK done")

    def _logout(self, tag: str, arguments: str) -> None:
        self.say("* BYE")
        self.say(f"{tag} OK bye")

    def _list(self, tag: str, arguments: str) -> None:
        for name in self.server.mails:
            self.say(f'* LIST () "/" "{name}"')
        self.say(f"{tag} OK done")

    def _status(self, tag: str, arguments: str) -> None:
        name = arguments.split(" ", maxsplit=1)[0].strip('"')
        count, following = len(self.server.mails[name]), self.server.next_uid[name]
        self.say(
            f'* STATUS "{name}" (MESSAGES {count} UIDNEXT {following} UIDVALIDITY {self.server.validity})'
        )
        self.say(f"{tag} OK done")

    def _select(self, tag: str, arguments: str) -> None:
        self._examine(tag, arguments, "READ-WRITE")

    def _examine(self, tag: str, arguments: str, how: str = "READ-ONLY") -> None:
        name = arguments.split(" ", maxsplit=1)[0].strip('"')
        if name not in self.server.mails:
            self.say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self.folder = name
        self.say(f"* {len(self.server.mails[name])} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        self.say(f"* OK [UIDNEXT {self.server.next_uid[name]}] next")
        self.say(f"{tag} OK [{how}] opened")

    def _append(self, tag: str, arguments: str) -> None:
        name = arguments.split(" ", maxsplit=1)[0].strip('"')
        self.say("+ go on")
        raw = self.file.read(int(re.search(r"{(\d+)}$", arguments)[1]))
        self.file.readline()
        self.server.add(raw, folder=name, flags=tuple(re.findall(r"\\\w+", arguments)))
        self.say(f"{tag} OK filed")

    def _store(self, tag: str, arguments: str) -> None:
        uids, _, flags = arguments.partition(" ")
        for _, held in self._asked(uids):
            held.flags |= set(re.findall(r"\\\w+", flags))
        self.say(f"{tag} OK done")

    def _search(self, tag: str, arguments: str) -> None:
        if named := re.search(r'HEADER "?Message-ID"? "?(<[^>]+>)', arguments, re.IGNORECASE):
            line = f"Message-ID: {named[1]}\r\n".encode()
            found = [each for each in self._asked("1:*") if line in each[1].raw]
        else:
            found = self._asked(re.search(r"UID ([\d:*,]+)", arguments)[1])
        self.say("* SEARCH " + " ".join(str(held.uid) for _, held in found))
        self.say(f"{tag} OK done")

    def _fetch(self, tag: str, arguments: str) -> None:
        uids, _, items = arguments.partition(" ")
        for number, held in self._asked(uids):
            self.fetched(number, held, items)
        self.say(f"{tag} OK done")

    def fetched(self, number: int, held: Held, items: str, size: int | None = None) -> None:
        """One FETCH response; `size` lies about the length of the body."""
        head = f"* {number} FETCH (UID {held.uid} FLAGS ({' '.join(sorted(held.flags))})"
        head += f' RFC822.SIZE {len(held.raw)} INTERNALDATE "{held.date}"'
        body = None
        if "BODY.PEEK[]<" in items:
            start, length = map(int, re.search(r"<(\d+)\.(\d+)>", items).groups())
            body, name = held.raw[start : start + length], f"BODY[]<{start}>"
        elif "BODY.PEEK[]" in items:
            body, name = held.raw, "BODY[]"
        elif "HEADER.FIELDS" in items:
            body, name = held.raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n", "BODY[HEADER.FIELDS (FROM)]"
        if body is None:
            self.say(head + ")")
        else:
            told = len(body) if size is None else size
            self.say(f"{head} {name} {{{told}}}\r\n".encode() + body + b")")

    def _asked(self, uids: str) -> list[tuple[int, Held]]:
        mails = self.server.mails[self.folder]
        top = mails[-1].uid if mails else 0
        wanted = set()
        for part in uids.split(","):
            first, _, last = part.partition(":")
            ends = [top if end == "*" else int(end) for end in (first, last or first)]
            wanted |= set(range(min(ends), max(ends) + 1)) if max(ends) < 10**7 else set()
        return [(number, held) for number, held in enumerate(mails, 1) if held.uid in wanted]


class Proxy:
    """Passes TCP on to `port`, until told otherwise."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.delay = 0.0
        self.swallowing = threading.Event()
        self.connections = 0
        self._lines: list[socket.socket] = []
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection now."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def stop(self) -> None:
        self._closed.set()
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                far = socket.create_connection(("127.0.0.1", self.target))
                self._lines += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if self.delay:
                    self._closed.wait(self.delay)
                if not self.swallowing.is_set():
                    other.sendall(data)
        for line in (one, other):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
