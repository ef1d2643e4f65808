"""Meta's Graph API, as WhatsApp, Messenger and Instagram share it: asking, and what its errors mean.

Promises: an error becomes one of the four things that can be said of a send, by its code and not by its words; what surely
did not go is told from what nobody knows. A file that Meta cannot give now is asked for again by the next look, as long as any
service's is waited for (`retrieval`), so that a short fault there loses no picture and a lasting one holds up nobody. Refuses:
knowing any of the three services; fetching from anybody but Meta, since an address may be a customer's. The codes are those of
Meta's own tables (channels.md 1.1).
"""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from agentdesk.channels import Account, Doubtful, Refused, TryLater
from agentdesk.channels.retrieval import Lasts
from agentdesk.channels.shape import inside
from agentdesk.channels.web import Reply, TooLongError, UnheardError, Web
from agentdesk.core import unsent
from agentdesk.errors import ChannelError

BASE = "https://graph.facebook.com/v23.0"
_METAS = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")
"""Where files lie that are given to whoever has their address."""
_OURS = (".lookaside.fbsbx.com",)
"""Where those lie that are given for our token, which nobody else must see."""
_EXPIRED = 190
_LATER: Mapping[int, float | None] = {
    1: None, 2: None, 4: 60.0, 17: 60.0, 32: 60.0, 341: 60.0, 613: 60.0, 80007: 60.0, 130429: 10.0, 131000: None, 131016: None,
    131048: 600.0, 131056: 6.0, 131057: None, 133004: None,
}  # fmt: skip
"""Codes after which the same may go another time, and in how many seconds where Meta gives no other."""
_TOO_FAST = frozenset({4, 17, 32, 613, 80007, 130429})
"""Those that mean the whole account, not one customer."""
_SAME_CUSTOMER = 131056
_REFUSED: Mapping[int, str] = {
    10: "permission", 190: "login", 368: "policy", 551: "blocked", 131026: "undeliverable", 131030: "undeliverable",
    131031: "policy", 131042: "payment", 131047: "window_closed", 131049: "policy", 131050: "opted_out",
    131051: "unsupported", 131052: "file", 131053: "file", 132000: "template", 132001: "template", 132005: "template",
    132007: "template", 132012: "template", 132015: "template", 132016: "template", 2018278: "window_closed",
    2534022: "window_closed",
}  # fmt: skip
"""Codes that say why it will never go as it is; for `present`."""


class Graph:
    """One app's access for one account. Its token is asked for once, and anew after it was refused: it may be another by then."""

    def __init__(self, account: Account, base: str = "") -> None:
        self._account = account
        self._base = base or BASE
        self._web: Web | None = None
        self._token = ""

    @property
    def web(self) -> Web:
        return self._web or self._opened()

    def _opened(self) -> Web:
        """Meta, with a token to ask it by."""
        if self._web is None or not self._token:
            secrets = self._account.secrets()
            self._web = self._web or Web(self._account, self._base)
            self._web.hide(*secrets.values())
            self._token = secrets.get("token", "")
        return self._web

    async def ask(self, method: str, path: str, **rest: Any) -> Reply:
        """One request in our name; raises UnreachableError."""
        web = self._opened()
        reply = await web.ask(method, path, headers={"Authorization": f"Bearer {self._token}"}, **rest)
        if reply.status == 401 or said(reply)[0] == _EXPIRED:
            self._token = ""
        return reply

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        """What Meta answers; raises ChannelError, LoginError."""
        reply = await self.ask("GET", path, params=params)
        if reply.status == 200 and reply.body:
            return reply.body
        code, words = said(reply)
        login = code in {10, _EXPIRED, 200} or reply.status == 401
        raise self.web.error(words, login=login, after=reply.retry_after or _LATER.get(code))

    async def send(
        self, path: str, document: Mapping[str, Any], mark: Callable[[], None] | None, files: Any = None
    ) -> Reply | TryLater | Refused | Doubtful:
        """Posts one message, as a form where it has `files`; `mark` is made before, once there is a token: None where the first
        part of it was marked."""
        form = {"json": document} if files is None else {"data": document, "files": files, "read": 120.0}
        web = self._opened()
        if mark:
            mark()
        try:
            reply = await self.ask("POST", path, **form)
        except UnheardError as error:
            return TryLater(error.values["reason"], reached=False)
        except ChannelError as error:
            return Doubtful(error.values["reason"])
        if reply.status != 200:
            return self.fate(reply)
        # A network that answers in Meta's place says 200 too.
        return reply if reply.body else Doubtful(web.said(unsent.NOT_THEIRS))

    async def file(self, url: str, most: int, lasts: Lasts, *, ours: bool = False) -> bytes | None:
        """What lies at an address of Meta's; None where it cannot be had any more. `lasts`: see `retrieval`; `ours`: it
        is given for our token only. Raises ChannelError where it is worth asking again, LoginError."""
        if not self._is_metas(url, _OURS if ours else _METAS):
            return None
        asking = self.ask if ours else self.web.ask
        try:
            got = await asking("GET", url, most=most, read=60.0)
        except TooLongError:
            return None
        if got.status == 200:
            return got.data
        self.lost(got, lasts, login=ours)
        return None

    def lost(self, reply: Reply, lasts: Lasts, *, login: bool = True) -> None:
        """Returns where a file will never be had; else raises ChannelError, LoginError (where `login` was asked). A yes that
        is not Meta's is as good as a fault."""
        code, words = said(reply)
        if login and (code == _EXPIRED or reply.status == 401):
            raise self.web.error(words, login=True)
        is_later = reply.status >= 500 or reply.status in {200, 429} or code in _LATER
        if is_later and lasts():
            raise self.web.error(words)

    def _is_metas(self, url: str, hosts: tuple[str, ...]) -> bool:
        if url.startswith(f"{self._base}/"):
            return True
        try:
            found = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        return found.scheme == "https" and f".{found.host}".endswith(hosts)

    def fate(self, reply: Reply) -> TryLater | Refused | Doubtful:
        """What becomes of a message that Meta did not take."""
        code, words = said(reply)
        words = self.web.said(words)
        if code in _LATER or reply.status == 429:
            too_fast = code in _TOO_FAST or (reply.status == 429 and code != _SAME_CUSTOMER)
            return TryLater(words, reply.retry_after or _LATER.get(code), too_fast=too_fast)
        if code or reply.status < 500:
            return Refused(_REFUSED.get(code, "login" if reply.status == 401 else "refused"), words)
        return Doubtful(words)

    async def close(self) -> None:
        if self._web is not None:
            await self._web.close()


def said(reply: Reply) -> tuple[int, str]:
    """(code, words) of an error; 0 where the answer is none of Meta's."""
    error = reply.body.get("error")
    if not isinstance(error, dict):
        return 0, f"HTTP {reply.status}"
    return code_of(error), _words(error)


def following(page: Mapping[str, Any]) -> str:
    """What to ask for after this page; empty where it is the last."""
    return str(inside(page, "paging", "cursors").get("after") or "")


def code_of(error: Mapping[str, Any]) -> int:
    """The most telling code of an error: the subcode where we know it, else the code."""
    for key in ("error_subcode", "code"):
        found = error.get(key)
        if isinstance(found, int) and (key == "code" or found in _REFUSED or found in _LATER):
            return found
    return 0


def meaning(error: Mapping[str, Any]) -> tuple[str, str]:
    """(our code, Meta's words) of an error that a status brings."""
    return _REFUSED.get(code_of(error), "refused"), _words(error)


def _words(error: Mapping[str, Any]) -> str:
    more = inside(error, "error_data").get("details")
    return str(more or error.get("message") or error.get("title") or "")
