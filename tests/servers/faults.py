"""A TCP proxy on loopback that does to connections what networks do, by plan, and heals on command.

Every connection has a fate, known before it is made: what happens to the bytes of each way while a storm lasts. Toxics
are composable: each takes the pieces of one way and gives what is left of them. Counting starts with the storm, so a
connection that was sound until then is met in the middle. `Fates` draws them from a seed: the same seed, the same fates.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Protocol

Pieces = AsyncIterator[bytes]


class Toxic(Protocol):
    """What happens to one way of a connection during a storm."""

    def through(self, pieces: Pieces, line: "Line") -> Pieces: ...


@dataclass(frozen=True)
class Latency:
    """Each piece comes late."""

    seconds: float

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        async for piece in pieces:
            await line.storm.pause(self.seconds)
            yield piece


@dataclass(frozen=True)
class Slices:
    """Everything comes in crumbs of so many bytes, with a breath between the first of them."""

    size: int
    breaths: int = 20

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        left = self.breaths
        async for piece in pieces:
            size = self.size if line.storm.rages else len(piece)
            for start in range(0, len(piece), size):
                if left and line.storm.rages:
                    left -= 1
                    await line.storm.pause(0.002)
                yield piece[start : start + size]


@dataclass(frozen=True)
class Reset:
    """After so many bytes both ends get an error."""

    after: int

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        async for piece, cut in _counted(pieces, line, self.after):
            yield piece
            if cut:
                line.reset()


@dataclass(frozen=True)
class Hangup:
    """After so many bytes the connection just ends: inside TLS a cut in the middle of a record, without goodbye."""

    after: int

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        async for piece, cut in _counted(pieces, line, self.after):
            yield piece
            if cut:
                line.hang_up()


@dataclass(frozen=True)
class HalfClose:
    """After so many bytes this way ends, and the other one goes on."""

    after: int

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        async for piece, cut in _counted(pieces, line, self.after):
            yield piece
            if cut:
                return


@dataclass(frozen=True)
class BlackHole:
    """After so many bytes nothing comes any more and nobody is told. When the storm is over what was swallowed comes
    `late`, or both ends get an `error`, or the connection stays `dead` for ever."""

    after: int
    then: str

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        async for piece, cut in _counted(pieces, line, self.after):
            yield piece
            if not cut:
                continue
            await line.storm.over.wait()
            if self.then == "error":
                line.reset()
            elif self.then == "dead":
                await line.ended.wait()


@dataclass(frozen=True)
class LostAnswer:
    """To be put on the way up of a plain SMTP connection: the body arrives whole, and both ends get an error before the
    client has heard what became of it. `arrives` False: the end of the body does not arrive either."""

    arrives: bool
    end = b"\r\n.\r\n"

    async def through(self, pieces: Pieces, line: "Line") -> Pieces:
        seen = b""
        async for piece in pieces:
            seen = (seen + piece)[-(len(piece) + len(self.end)) :]
            if not line.storm.rages or self.end not in seen:
                yield piece
                continue
            line.deaf = True
            if self.arrives:
                yield piece
                await line.answered.wait()
            line.reset()


async def _counted(pieces: Pieces, line: "Line", after: int) -> AsyncIterator[tuple[bytes, bool]]:
    """The pieces, and which one is the last before the fault; the rest of that piece follows, if anybody asks on."""
    passed, met = 0, False
    async for piece in pieces:
        if met or not line.storm.rages or passed + len(piece) < after:
            passed += len(piece) if line.storm.rages else 0
            yield piece, False
            continue
        met, room = True, after - passed
        yield piece[:room], True
        yield piece[room:], False


class Storm:
    """Whether there is one; belongs to the loop of the proxies."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.over.set()

    @property
    def rages(self) -> bool:
        return not self.over.is_set()

    async def pause(self, seconds: float) -> None:
        """Waits, not beyond the end of the storm."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)


@dataclass(frozen=True)
class Fate:
    """What is to happen to a connection: to the bytes that go to the server, and to those that come from it."""

    up: tuple[Toxic, ...] = ()
    down: tuple[Toxic, ...] = ()
    refused: bool = False


@dataclass(eq=False)
class Line:
    """One connection through the proxy. `deaf`: what the server says is not passed on, only noticed (`answered`)."""

    storm: Storm
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    deaf: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def reset(self) -> None:
        """Both ends get an error."""
        for writer in (self.near, self.far):
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
        self.hang_up()

    def hang_up(self) -> None:
        """Both ends get the end."""
        self.ended.set()
        for writer in (self.near, self.far):
            writer.transport.abort()

    async def passes(
        self, reader: asyncio.StreamReader, to: asyncio.StreamWriter, toxics: tuple[Toxic, ...]
    ) -> None:
        """One way, until it ends."""
        pieces = _read(reader)
        for toxic in toxics:
            pieces = toxic.through(pieces, self)
        async with aclosing(pieces):  # type: ignore[type-var]
            async for piece in pieces:
                if self.ended.is_set():
                    return
                # Whoever wrote it has reset the line: nothing of it is on its way any more.
                if reader.exception() is not None:
                    self.reset()
                    return
                if to is self.near and self.deaf:
                    self.answered.set()
                    continue
                to.write(piece)
                await to.drain()
        if to.can_write_eof():
            to.write_eof()


async def _read(reader: asyncio.StreamReader) -> Pieces:
    while piece := await reader.read(65536):
        yield piece


class Proxy:
    """Passes TCP on to `port` of loopback; `fate` says what the storm does to the n-th connection (from 0)."""

    def __init__(self, port: int, fate: Callable[[int], Fate]) -> None:
        self._target, self._fate = port, fate
        self.connections = 0
        self._lines: set[Line] = set()
        self.port = _in_loop(self._open)

    async def _open(self) -> int:
        self._storm = Storm()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def rage(self) -> None:
        """The storm begins: for connections that are there, too."""
        _loop.call_soon_threadsafe(self._storm.over.clear)

    def heal(self) -> None:
        """The storm is over: whatever was not met by it goes on, and what comes now is sound."""
        _loop.call_soon_threadsafe(self._storm.over.set)

    def stop(self) -> None:
        def stop() -> None:
            self._server.close()
            for line in tuple(self._lines):
                line.hang_up()

        _loop.call_soon_threadsafe(stop)

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        fate = self._fate(self.connections)
        self.connections += 1
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            near.transport.abort()
            return
        line = Line(self._storm, near, far)
        self._lines.add(line)
        if fate.refused and self._storm.rages:
            line.reset()
        try:
            ways = line.passes(reader, far, fate.up), line.passes(far_reader, near, fate.down)
            await asyncio.gather(*ways)
            line.hang_up()
        except OSError:
            line.reset()
        finally:
            self._lines.discard(line)


_loop = asyncio.new_event_loop()
_thread = threading.Thread(target=_loop.run_forever, name="faults", daemon=True)


def _in_loop(work: Callable[[], object]) -> int:
    if not _thread.is_alive():
        _thread.start()
    return int(asyncio.run_coroutine_threadsafe(work(), _loop).result(10))  # type: ignore[arg-type, call-overload]


KINDS = (
    "latency", "slices", "reset", "half_close", "late", "error", "dead", "hangup", "refused",
    "lost_answer", "lost_dot", "mixed",
)  # fmt: skip


@dataclass(frozen=True)
class Fates:
    """The fates of the connections of one side ("imap", "smtp") of the schedule `seed`; each kind of fault leads in
    every twelfth seed. Two connections of three are met by something."""

    seed: int
    side: str

    @property
    def kind(self) -> str:
        return KINDS[self.seed % len(KINDS)]

    def __call__(self, number: int) -> Fate:
        draw = random.Random(f"{self.seed}:{self.side}:{number}")
        chance = draw.random()
        if chance < 0.3:
            return Fate()
        kind = self.kind if chance < 0.8 else draw.choice(KINDS)
        if self.side != "smtp" and kind.startswith("lost"):
            kind = "reset"
        return self._fate(draw, kind)

    def _fate(self, draw: random.Random, kind: str) -> Fate:
        if kind == "refused":
            return Fate(refused=True)
        if kind.startswith("lost"):
            return Fate(up=(LostAnswer(arrives=kind == "lost_answer"),))
        if kind == "mixed":
            first, second = draw.sample(KINDS[:8], 2)
            ways = self._toxic(draw, first), self._toxic(draw, second)
            return Fate(up=(ways[0],), down=(ways[1],)) if draw.random() < 0.5 else Fate(down=ways)
        toxic = self._toxic(draw, kind)
        both = kind in {"latency", "slices"}
        if both:
            return Fate(up=(toxic,), down=(toxic,))
        return Fate(up=(toxic,)) if draw.random() < 0.4 else Fate(down=(toxic,))

    def _toxic(self, draw: random.Random, kind: str) -> Toxic:
        # From the first byte to beyond a mail of some kilobytes, as many small numbers as large ones.
        after = int(2 ** draw.uniform(0, 14))
        toxics: dict[str, Toxic] = {
            "latency": Latency(draw.uniform(0.005, 0.15)),
            "slices": Slices(draw.choice((1, 2, 7, 100))),
            "reset": Reset(after),
            "half_close": HalfClose(after),
            "late": BlackHole(after, "late"),
            "error": BlackHole(after, "error"),
            "dead": BlackHole(after, "dead"),
            "hangup": Hangup(after),
        }
        return toxics[kind]
