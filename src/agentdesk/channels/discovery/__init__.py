"""The mail servers behind an address, found with nothing but the address.

Promises: everybody is asked at the same time, nobody for longer than the limit over all, and what was named is tried before it
is offered; it ends as soon as nothing better can come. What goes out: the domain to the nameservers and to Mozilla's list, the
whole address only to the domain's own server and only over TLS. Refuses: logging in, and choosing (`core.setup` does).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from agentdesk.channels.discovery import autoconfig, probe
from agentdesk.channels.discovery.net import Net, SilentError
from agentdesk.core.model import Endpoint
from agentdesk.core.setup import (
    PROVEN,
    Discovery,
    Found,
    Protocol,
    Source,
    domain_of,
    guesses,
    known,
    parents,
    ranked,
    settled,
)

WITHIN = 8.0
"""Seconds over all."""
_PATH = "mail/config-v1.1.xml"
_ISPDB = "https://autoconfig.thunderbird.net/v1.1"
_SERVICES: tuple[tuple[Protocol, str, str], ...] = (
    ("imap", "_imaps", "tls"),
    ("imap", "_imap", "starttls"),
    ("smtp", "_submissions", "tls"),
    ("smtp", "_submission", "starttls"),
)

Told = Callable[[Source, str], object]


async def discover(
    address: str, told: Told = lambda *_: None, net: Net | None = None, within: float = WITHIN
) -> Discovery:
    """Asks everybody; `told(source, state)` hears of each when it is asked and what became of it. Raises ValueError for what
    is no address."""
    domain = domain_of(address)
    if not domain:
        raise ValueError(address)
    return await _Search(address.strip(), domain, told, net or Net()).done(within)


class _Search:
    """One search."""

    def __init__(self, address: str, domain: str, told: Told, net: Net) -> None:
        self._address = address
        self._domain = domain
        self._told = told
        self._net = net
        self._found: list[Found] = []
        self._asked: dict[Source, str] = {}
        self._exchangers: asyncio.Task[list[str]] | None = None

    async def done(self, within: float) -> Discovery:
        sources = {
            Source.AUTOCONFIG: self._own,
            Source.ISPDB: self._listed,
            Source.SRV: self._services,
            Source.MX: self._exchanger,
            Source.PLAIN: self._plain,
            Source.GUESS: self._guessed,
        }
        self._exchangers = asyncio.create_task(self._net.exchangers(self._domain))
        tasks = {asyncio.create_task(self._ran(source, ask)): source for source, ask in sources.items()}
        running = set(tasks)
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while running:
                    _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    if settled(self._found, {tasks[each] for each in running}):
                        break
        for task in (*running, self._exchangers):
            task.cancel()
        await asyncio.gather(*tasks, self._exchangers, return_exceptions=True)
        for task in running:
            self._end(tasks[task], "silent")
        return Discovery(ranked(self._found), dict(sorted(self._asked.items(), key=_place)))

    async def _ran(self, source: Source, ask: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._told(source, "asking")
        silent = False
        try:
            await ask()
        except SilentError:
            silent = True
        except Exception:  # what one answer does to us must not hide the others
            logging.getLogger(__name__).exception("discovery met a mistake")
            silent = True
        found = any(each.source == source for each in self._found)
        self._end(source, "found" if found else "silent" if silent else "nothing")

    def _end(self, source: Source, state: str) -> None:
        if source not in self._asked:
            found = any(each.source == source and each.reached for each in self._found)
            self._asked[source] = "found" if found else state
            self._told(source, self._asked[source])

    async def _own(self) -> None:
        """The domain's own file, at either place that Mozilla names."""
        asked = f"emailaddress={quote(self._address, safe='@')}"
        await self._either(
            Source.AUTOCONFIG,
            f"https://autoconfig.{self._domain}/{_PATH}?{asked}",
            f"https://{self._domain}/.well-known/autoconfig/{_PATH}?{asked}",
        )

    async def _listed(self) -> None:
        await self._either(Source.ISPDB, f"{_ISPDB}/{self._domain}")

    async def _plain(self) -> None:
        """Where the domain's server has no certificate of that name; it is told no address."""
        await self._either(Source.PLAIN, f"http://autoconfig.{self._domain}/{_PATH}")

    async def _services(self) -> None:
        answers = await asyncio.gather(
            *(self._net.services(name, self._domain) for _, name, _ in _SERVICES), return_exceptions=True
        )
        named: list[tuple[Protocol, Endpoint]] = []
        for (protocol, _, security), answer in zip(_SERVICES, answers, strict=True):
            if not isinstance(answer, BaseException):
                named += [(protocol, Endpoint(h, p, security, self._address)) for h, p in answer]  # type: ignore[arg-type]
        await self._tried(Source.SRV, named)
        if not named and all(isinstance(answer, BaseException) for answer in answers):
            raise SilentError

    async def _exchanger(self) -> None:
        """Who takes the domain's mail, and what is known of them."""
        exchanger = await self._first_exchanger()
        if not exchanger:
            return
        if own := known(exchanger, self._address):
            await self._tried(Source.MX, own, proven=True)
            return
        hosters = parents(exchanger, self._domain)
        await self._either(Source.MX, *(f"{_ISPDB}/{each}" for each in hosters))

    async def _guessed(self) -> None:
        exchanger = ""
        with suppress(SilentError):
            exchanger = await self._first_exchanger()
        await self._tried(Source.GUESS, guesses(self._domain, self._address, exchanger), only_reached=True)

    async def _first_exchanger(self) -> str:
        assert self._exchangers is not None
        return next(iter(await asyncio.shield(self._exchangers)), "")

    async def _either(self, source: Source, *urls: str) -> None:
        """The servers that the first of these files names."""
        answers = await asyncio.gather(*(self._file(url) for url in urls), return_exceptions=True)
        named = next((each for each in answers if each and not isinstance(each, BaseException)), ())
        proven = source in PROVEN or source == Source.MX
        await self._tried(source, named, proven=proven)
        silent = next((each for each in answers if isinstance(each, SilentError)), None)
        if silent and not named:
            raise silent

    async def _file(self, url: str) -> tuple[tuple[Protocol, Endpoint], ...]:
        body = await self._net.file(url)
        if body is None:
            return ()
        try:
            return autoconfig.read(body, self._address)
        except ValueError:
            return ()  # many a shop's web site answers any question with its front page

    async def _tried(
        self,
        source: Source,
        named: Iterable[tuple[Protocol, Endpoint]],
        *,
        proven: bool = False,
        only_reached: bool = False,
    ) -> None:
        """Speaks to each of these, side by side. Until one has answered it stands as named."""

        async def one(protocol: Protocol, place: Endpoint) -> None:
            found = Found(source, protocol, place, proven=proven, problem="no answer in time")
            if not only_reached:
                self._found.append(found)
            try:
                after = replace(found, ways=await probe.ways(self._net, protocol, place), problem="")
            except SilentError as error:
                after = replace(found, problem=str(error))
            if not only_reached:
                self._found[self._found.index(found)] = after
            elif after.reached:
                self._found.append(after)

        await asyncio.gather(*(one(protocol, place) for protocol, place in tuple(named)[:32]))


def _place(pair: tuple[Source, str]) -> int:
    return tuple(Source).index(pair[0])
