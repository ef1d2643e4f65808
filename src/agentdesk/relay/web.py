"""What the relay answers: `/in/BOX` to a service, `/pull` and `/ack` to the laptop, `/healthz` to whoever watches it.

Promises: 200 to a service only for what is on the disk; a body is never read beyond its limit nor looked into; no token, no
box's key, no query and nothing of a body in the log. Refuses: telling a stranger whether a box is there.
"""

import asyncio
import base64
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from ipaddress import ip_address

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from agentdesk.errors import StoreError
from agentdesk.relay import LONGEST_WAIT, Box, Hook, Limits
from agentdesk.relay.clerk import Clerk
from agentdesk.relay.rate import Rate
from agentdesk.relay.shelf import digest

MOST = 100
"""Hooks that one fetch gives."""
SLOWEST = 30.0
"""Seconds that a body may take to come in."""
DRAINED = 16 << 20
"""Bytes of a body that is too long which are still taken off the line, so that its sender hears why it is refused."""
LITTLE, SOON = 1 << 16, 1.0
"""Bytes and seconds of a call that is refused unread which are taken off the line: where they come in after the connection
was closed, its sender hears of a reset instead of why."""
HELD = 64 << 20
"""Bytes of all bodies that are in memory at one time."""
_CHALLENGE = 1000
_log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


class RefusalError(Exception):
    """The answer is `status`, with `words` for whoever reads it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Relay:
    """The endpoints over one clerk; `now` gives the time, `ticks` seconds that only go forward."""

    def __init__(
        self, clerk: Clerk, limits: Limits, now: Callable[[], datetime], ticks: Callable[[], float]
    ) -> None:
        self._clerk = clerk
        self._limits = limits
        self._now = now
        self._ticks = ticks
        self._boxes = Rate(limits.box_rate, ticks)
        self._addresses = Rate(limits.address_rate, ticks)
        self._held = 0

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/in/{box}", self._door(self.take), methods=["POST"]),
                Route("/in/{box}", self._door(self.introduce), methods=["GET"]),
                Route("/pull", self._door(self.pull), methods=["GET"]),
                Route("/ack", self._door(self.ack), methods=["POST"]),
                Route("/healthz", self._door(self.healthz), methods=["GET"]),
            ]
        )

    def _door(self, endpoint: Endpoint) -> Endpoint:
        """Counts, answers for what goes wrong, and writes one line."""

        async def answered(request: Request) -> Response:
            began = self._ticks()
            address = _address(request)
            try:
                if not self._addresses.allows(address):
                    raise RefusalError(429, "too many calls from this address")
                response = await endpoint(request)
            except RefusalError as refusal:
                await _drain(request)
                response = _refusal(refusal.status, str(refusal))
            except StoreError as error:
                response = _refusal(503, str(error.values["reason"]))
            except ClientDisconnect:
                response = Response(status_code=400)  # nobody hears it
            what = request.url.path.split("/")[1]
            said = (address, request.method, what, getattr(request.state, "box", "-"), response.status_code)
            _log.info("%s %s /%s %s %d %.0f ms", *said, (self._ticks() - began) * 1000)
            return response

        return answered

    # The service's side.

    async def take(self, request: Request) -> Response:
        """Stores one call, whatever it says."""
        box = await self._named(request)
        headers = json.dumps([(_text(name), _text(value)) for name, value in request.headers.raw])
        body = bytearray()
        try:
            await self._read(request, body)
            number = await self._clerk.keep(Hook(box.key, self._now(), headers, bytes(body)))
        except StoreError as error:
            raise RefusalError(507, str(error.values["reason"])) from error
        finally:
            self._held -= len(body)
        if not number:
            raise RefusalError(404, "nothing is here")
        return Response(status_code=200)

    async def _read(self, request: Request, body: bytearray) -> None:
        """Fills `body`, and counts it as held; raises RefusalError for one that is too long or too slow."""
        size = 0
        try:
            async with asyncio.timeout(SLOWEST):
                async for piece in request.stream():
                    size += len(piece)
                    if size > self._limits.body:
                        self._held -= len(body)
                        body.clear()
                        if size > DRAINED:
                            break
                    elif self._held + len(piece) > HELD:
                        raise RefusalError(503, "too much at once")
                    else:
                        self._held += len(piece)
                        body += piece
        except TimeoutError:
            raise RefusalError(408, "too slow") from None
        if size > self._limits.body:
            raise RefusalError(413, f"at most {self._limits.body} bytes")

    async def introduce(self, request: Request) -> Response:
        """Meta's handshake: whoever knows the box's token gets the challenge back."""
        box = await self._named(request)
        said = request.query_params
        token, challenge = said.get("hub.verify_token", ""), said.get("hub.challenge", "")
        known = hmac.compare_digest(digest(token), box.verify)
        if said.get("hub.mode") != "subscribe" or not known or len(challenge) > _CHALLENGE:
            raise RefusalError(403, "the verify token is not the box's")
        return PlainTextResponse(challenge, headers={"x-content-type-options": "nosniff"})

    async def _named(self, request: Request) -> Box:
        box = await self._clerk.box(request.path_params["box"])
        if box is None:
            raise RefusalError(404, "nothing is here")
        request.state.box = box.name
        if not self._boxes.allows(box.key):
            raise RefusalError(429, "too many calls for this box")
        return box

    # The laptop's side.

    async def pull(self, request: Request) -> Response:
        """What lies in a box after a number, waiting for it where asked; nothing is deleted."""
        box = await self._owned(request)
        aside = _number(request, "aside", 1) == 1
        wait = 0 if aside or not _is_of(box, request) else _number(request, "wait", LONGEST_WAIT)
        most = max(1, _number(request, "limit", MOST, MOST))
        found = await self._clerk.fetch(box, _number(request, "after"), most, wait, aside=aside)
        document = {
            "generation": box.generation,
            "last": found.last,
            "more": found.more,
            "aside": found.aside,
            "trouble": self._clerk.trouble,
            "hooks": [_told(hook) for hook in found.hooks],
        }
        return JSONResponse(document, headers={"cache-control": "no-store"})

    async def ack(self, request: Request) -> Response:
        """Deletes what its reader has, up to a number; those of `aside` stay for a while, and are not given again unasked."""
        box = await self._owned(request)
        if not _is_of(box, request):
            raise RefusalError(409, "the box was made anew")
        upto = _number(request, "upto")
        aside = [int(each) for each in request.query_params.get("aside", "").split(",") if _is_number(each)]
        if upto > box.last:
            raise RefusalError(409, "that number was never given")
        return JSONResponse({"gone": await self._clerk.let_go(box, upto, aside[:MOST])})

    async def _owned(self, request: Request) -> Box:
        """The box of a request that bears its token."""
        box = await self._clerk.box(request.query_params.get("box", ""))
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        known = hmac.compare_digest(digest(token.strip()), box.pull if box else "")
        if box is None or not known or scheme.lower() != "bearer":
            raise RefusalError(401, "box and token do not belong together")
        request.state.box = box.name
        return box

    async def healthz(self, request: Request) -> Response:
        """200 where all is well, else 503."""
        health = await self._clerk.health()
        document = asdict(health)
        oldest = document.pop("oldest_at")
        document["oldest_seconds"] = max(0, round((self._now() - oldest).total_seconds())) if oldest else None
        return JSONResponse({"ok": not health.trouble, **document}, 503 if health.trouble else 200)


def _address(request: Request) -> str:
    """Of the caller, as the proxy before us says it; it goes into the log, so it is one or nothing."""
    try:
        return str(ip_address(request.client.host if request.client else ""))
    except ValueError:
        return "-"


async def _drain(request: Request) -> None:
    size = 0
    # RuntimeError: it was read to its end before it was refused.
    with suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(SOON):
            async for piece in request.stream():
                size += len(piece)
                if size > LITTLE:
                    return


def _refusal(status: int, words: str) -> Response:
    """The connection ends with it: what is still on the line is not read."""
    headers = {"connection": "close"}
    if status in {429, 503}:
        headers["retry-after"] = "5"
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse({"error": words}, status, headers)


def _number(request: Request, name: str, most: int = 1 << 62, default: int = 0) -> int:
    """A number of the query, at most `most`; raises RefusalError."""
    word = request.query_params.get(name, str(default))
    if not _is_number(word):
        raise RefusalError(400, f"{name} is no number")
    return min(int(word), most)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 19


def _is_of(box: Box, request: Request) -> bool:
    """Whether the numbers of a request are of this box, as it is now; who names no generation has none yet."""
    return _number(request, "generation", default=box.generation) == box.generation


def _told(hook: Hook) -> dict[str, object]:
    return {
        "number": hook.number,
        "at": hook.at.isoformat(),
        "headers": json.loads(hook.headers),
        "body": base64.b64encode(hook.body).decode(),
    }


def _text(value: bytes) -> str:
    return value.decode("latin-1")
