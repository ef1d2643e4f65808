"""Webhooks that a relay keeps for us (`agentdesk relay`), as batches: what a connector of Meta's services builds on.

    self._relayed = Relayed(account, clock=clock)
    async for batch in self._relayed.batches(cursor, self._parts, once=once):   # in `receive`
        yield batch

`_parts(hook)` (async) gives the `Part`s that one webhook holds, none where nothing of it concerns the desk; a ValueError or any
other fault of reading keeps the body whole as one part, which `read` then refuses, so that it lies in quarantine. Its files are
fetched there; what cannot be reached (ChannelError) ends the look, and the hook comes again; those before it do not wait. The order of hooks is the
relay's: order and double by the service's own names and times. `nudge`, `close`, `trouble` and `check` are for the connector's.
The account has the option `relay` (a box's callback URL) and the secrets `relay_token` and `app_secret`.

Promises: nothing is read before its signature is right on the raw body; what is not signed is no message but a gap each and
`trouble`; the relay deletes only what is committed, and keeps what we refused for a while: after another secret was entered it is
looked at again. A box made anew and numbers that are missing are said as gaps. Refuses: trusting the relay.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from agentdesk.channels import Account, Arrival, Batch, Gap, Role
from agentdesk.channels.pump import Look, Pump
from agentdesk.channels.web import Reply, Web
from agentdesk.core.model import Place
from agentdesk.errors import ChannelError, DeskError, RelayFullError, SecretError, SignatureError
from agentdesk.values import dataclass

LONG = 50
"""Seconds that one look may wait; the relay's own limit."""
AT_ONCE = 50
_VERSION = 1
_PARTS = 1 << 13
_MOST = 1 << 50
_ANSWER_AT_MOST = 64 << 20


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook as the relay took it; names of headers in small letters."""

    number: int
    at: datetime
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The body as a JSON object; raises ValueError."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise ValueError("it is no JSON document") from None
        if not isinstance(found, dict):
            raise ValueError("it is no JSON object")  # noqa: TRY004 - a reader raises one kind
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One message, receipt, ... of a webhook, in the connector's raw form; `at` is the service's time."""

    raw: bytes
    at: datetime
    role: Role = "inbox"


Parts = Callable[[Hook], Awaitable[Iterable[Part]]]


def signed_by_meta(secret: str, hook: Hook) -> bool:
    """Whether X-Hub-Signature-256 is that of this body. SHA-1, which Meta still sends beside it, counts for nothing."""
    scheme, _, given = hook.headers.get("x-hub-signature-256", "").partition("=")
    right = hmac.new(secret.encode(), hook.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.encode(), right.encode()) and scheme == "sha256"


@dataclass(frozen=True, slots=True)
class _Mark:
    """The cursor: up to which number of which generation all is committed, and which of those were `refused` since the mark
    before. `proof` says with which secret the refused ones were looked at last; `again` how far that is, where it goes on."""

    generation: int | None = None
    number: int = 0
    refused: tuple[int, ...] = ()
    proof: str = ""
    again: int | None = None

    @property
    def text(self) -> str:
        return json.dumps(
            {
                "version": _VERSION, "generation": self.generation, "number": self.number,
                "refused": self.refused, "proof": self.proof, "again": self.again,
            }
        )  # fmt: skip


def _mark(cursor: str | None) -> _Mark | None:
    """None where it cannot be read."""
    if cursor is None:
        return _Mark()
    try:
        found = json.loads(cursor)
        if found.pop("version") == _VERSION:
            return _Mark(**{**found, "refused": tuple(found["refused"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the relay says of a box."""

    generation: int
    last: int
    aside: int
    more: bool
    trouble: str
    hooks: tuple[Hook, ...]


class Relayed:
    """One box of a relay, for one account."""

    def __init__(
        self, account: Account, *, clock: Callable[[], datetime], long: int = LONG, at_once: int = AT_ONCE
    ) -> None:
        """`at_once`: webhooks in one batch at most."""
        self._account = account
        self._long = long
        self._at_once = at_once
        self._pump = Pump(clock)
        self._web: Web | None = None
        self._box = ""
        self._token = ""
        self._let_go: tuple[int | None, int] | None = None
        self._refused = 0
        self._full = ""

    @property
    def trouble(self) -> ChannelError | None:
        """Why nothing comes in now, that what came was not signed, or that the relay is full; None while all is well."""
        if self._pump.trouble is not None or self._web is None:
            return self._pump.trouble
        if self._refused:
            reason = f"{self._refused} webhooks with a wrong signature, or none"
            return SignatureError(account=self._account.name, server=self._web.server, reason=reason)
        if not self._full:
            return None
        return RelayFullError(account=self._account.name, server=self._web.server, reason=self._full)

    async def check(self) -> tuple[str, ...]:
        """Asks the relay for the box; gives words for `Identity.abilities`. Raises ChannelError, LoginError, SecretError."""
        self._secret()
        told = await self._told(_Mark(), limit=1)
        return ("relay", *([f"{told.aside}_refused"] if told.aside else []))

    async def batches(self, cursor: str | None, parts: Parts, *, once: bool) -> AsyncIterator[Batch]:
        """What `Channel.receive` promises."""

        async def look(cursor: str | None, may_wait: bool) -> Look:
            return await self._look(cursor, parts, may_wait=may_wait)

        async for batch in self._pump.batches(cursor, look, once=once):
            yield batch

    def nudge(self) -> None:
        """Asks for a look now; from any thread."""
        self._pump.nudge()

    async def close(self) -> None:
        """Ends every look within two seconds."""
        await self._pump.close()
        if self._web is not None:
            await self._web.close()

    # Looking.

    async def _look(self, cursor: str | None, parts: Parts, *, may_wait: bool) -> Look:
        secret, before = self._secret(), _mark(cursor)
        gaps = [] if before else [self._gap("cursor")]
        mark = before or _Mark()
        proof = hmac.new(secret.encode(), b"agentdesk", hashlib.sha256).hexdigest()[:8]
        if mark.proof != proof:
            mark = replace(mark, proof=proof, again=0)
        await self._confirm(mark)
        mark = replace(mark, refused=())
        if mark.again is not None:
            return await self._again(mark, secret, parts, gaps)
        told = await self._told(mark, wait=self._long if may_wait else 0)
        if told.generation != (mark.generation or told.generation) or told.last < mark.number:
            fresh = _Mark(told.generation, proof=proof)
            return Look(Batch(fresh.text, gaps=(*gaps, self._gap("box"))), more=True)
        known = mark.generation is not None
        numbers = [hook.number for hook in told.hooks] or [told.last + 1]
        if known and numbers != list(range(mark.number + 1, mark.number + 1 + len(numbers))):
            gaps.append(self._gap("missing"))
        told, arrivals, refused = await self._sorted(told, secret, parts)
        gaps += [self._gap("signature")] * len(refused)
        self._refused = len(refused) + (0 if len(refused) < len(told.hooks) else self._refused)
        number = told.hooks[-1].number if told.hooks else told.last
        after = replace(mark, generation=told.generation, number=number, refused=refused)
        done = len(told.hooks)
        batch = Batch(after.text, arrivals, gaps=tuple(gaps), done=done, total=None if told.more else done)
        return Look(batch, more=told.more, keep=after != mark)

    async def _again(self, mark: _Mark, secret: str, parts: Parts, gaps: list[Gap]) -> Look:
        """What was refused with another secret; it was said then, and is not again."""
        told = await self._told(replace(mark, number=mark.again or 0), aside=1)
        told, arrivals, _ = await self._sorted(told, secret, parts)
        again = told.hooks[-1].number if told.more else None
        return Look(Batch(replace(mark, again=again).text, arrivals, gaps=tuple(gaps)), more=True)

    async def _sorted(
        self, told: _Told, secret: str, parts: Parts
    ) -> tuple[_Told, tuple[Arrival, ...], tuple[int, ...]]:
        """What the service has signed, read; and the numbers of what it has not. Where one cannot be read now, those before
        it are all that was told: they need not wait for it."""
        arrivals: list[Arrival] = []
        refused: list[int] = []
        for at, hook in enumerate(told.hooks):
            if not signed_by_meta(secret, hook):
                refused.append(hook.number)
                continue
            try:
                arrivals += await self._read(hook, told.generation, parts)
            except ChannelError:
                if not at:
                    raise
                told = replace(told, hooks=told.hooks[:at], more=True)
                break
        return told, tuple(arrivals), tuple(refused)

    async def _read(self, hook: Hook, generation: int, parts: Parts) -> list[Arrival]:
        try:
            found = list(await parts(hook))
            if len(found) >= _PARTS:
                raise ValueError("it holds too many parts")
        except DeskError:
            raise
        except Exception:  # noqa: BLE001 - whatever a hostile body does to a reader, it is kept and the next comes in
            found = [Part(hook.body, hook.at)]
        places = (
            Place(self._account.id, "relay", generation, hook.number * _PARTS + number)
            for number in range(len(found))
        )
        return [
            Arrival(place, part.at, part.raw, len(part.raw), role=part.role)
            for place, part in zip(places, found, strict=True)
        ]

    def _gap(self, reason: str) -> Gap:
        return Gap(self._account.id, "relay", reason)

    # Asking.

    async def _confirm(self, mark: _Mark) -> None:
        """Lets the relay delete what is committed. Where it cannot now, it is asked again with the next look."""
        here = (mark.generation, mark.number)
        if not mark.number or here == self._let_go:
            return
        aside = ",".join(map(str, mark.refused))
        reply = await self._ask("POST", "ack", generation=mark.generation, upto=mark.number, aside=aside)
        if reply.status in {200, 409}:  # 409: these numbers are of another box, as the next answer will show
            self._let_go = here

    async def _told(self, mark: _Mark, *, wait: int = 0, limit: int = 0, aside: int = 0) -> _Told:
        numbers = {"after": mark.number, "wait": wait, "limit": limit or self._at_once, "aside": aside}
        if mark.generation is not None:
            numbers["generation"] = mark.generation
        reply = await self._ask("GET", "pull", read=wait + 15.0, **numbers)
        if reply.status != 200:
            raise self._error(reply)
        try:
            told = _read_told(reply.body)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise self._relay().error("this is not how a relay answers") from None
        self._full = self._relay().said(told.trouble)
        return told

    async def _ask(self, method: str, path: str, *, read: float = 15.0, **numbers: object) -> Reply:
        web = self._relay()
        return await web.ask(
            method,
            path,
            read=read,
            most=_ANSWER_AT_MOST,
            params={"box": self._box, **numbers},
            headers={"authorization": f"Bearer {self._token}"},
        )

    def _error(self, reply: Reply) -> ChannelError:
        words = str(reply.body.get("error") or f"HTTP {reply.status}")
        return self._relay().error(words, login=reply.status in {401, 404}, after=reply.retry_after)

    def _relay(self) -> Web:
        if self._web is None:
            base, _, self._box = str(self._account.options.get("relay", "")).rpartition("/in/")
            self._token = self._account.secrets().get("relay_token", "")
            if not self._token:
                raise SecretError(account=self._account.name, reason="relay_token is missing")
            self._web = Web(self._account, base, (self._token, self._box))
        return self._web

    def _secret(self) -> str:
        secret = self._account.secrets().get("app_secret", "")
        if not secret:
            raise SecretError(account=self._account.name, reason="app_secret is missing")
        return secret


def _read_told(body: Mapping[str, Any]) -> _Told:
    """Raises KeyError, TypeError and ValueError for whatever is not an answer."""
    hooks = tuple(
        Hook(
            _whole(each["number"]),
            datetime.fromisoformat(each["at"]).astimezone(UTC),
            {str(name).lower(): str(value) for name, value in each["headers"]},
            base64.b64decode(each["body"], validate=True),
        )
        for each in body["hooks"]
    )
    if [each.number for each in hooks] != sorted({each.number for each in hooks}):
        raise ValueError("the numbers are out of order")
    generation, last, aside = (_whole(body[name]) for name in ("generation", "last", "aside"))
    return _Told(generation, last, aside, bool(body["more"]), str(body["trouble"]), hooks)


def _whole(value: object) -> int:
    """A number that the store takes, also times `_PARTS`."""
    if not isinstance(value, int) or not 0 <= value < _MOST:
        raise ValueError("a number is none")
    return value
