"""Who we are to a homeserver: the login, and asking with it.

Promises: one login serves all processes and all days: the token that it gave lies in the account's folder, sealed under
the password, since homeservers allow few logins; a token that is no longer known is replaced once; neither token nor
password is in any word. Refuses: the meaning of an answer. A homeserver that asks for patience is given it, within limits.
"""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agentdesk.channels import Account
from agentdesk.channels.web import Reply, Web
from agentdesk.errors import ChannelError

CLIENT = "_matrix/client/v3"
PATIENCE = 60.0
"""Seconds that are waited at most because a homeserver asks for it, at a time."""
_ASKED_AT_MOST = 3


def path(*parts: str) -> str:
    """A path of the client API from its parts, each written so that nothing in it is taken for another."""
    return "/".join((CLIENT, *(quote(part, safe="") for part in parts)))


class Session:
    """One account's login. Its secret is the password, or a JSON object with a `token` that was made elsewhere."""

    def __init__(self, account: Account, pause: Callable[[float], Awaitable[Any]] = asyncio.sleep) -> None:
        self._account = account
        self._pause = pause
        self._web = Web(account, str(account.options["homeserver"]))
        self._name = str(account.options["user"])
        self._secrets: dict[str, str] = {}
        self._key = b""
        self._token = ""
        self.user = ""

    async def open(self) -> None:
        """Sees to it that there is a token, and knows whose it is; raises ChannelError and SecretError."""
        if not self._token:
            self._secrets = await asyncio.to_thread(self._account.secrets, "password")
            self._web.hide(*self._secrets.values())
            if token := self._secrets.get("token"):
                self._token = token
            elif not await self._resumed():
                await self._log_in()
        if not self.user:
            self.user = str((await self.result("GET", path("account", "whoami"))).get("user_id") or "")

    async def ask(
        self, method: str, where: str, *, patient: bool = True, is_file: bool = False, **rest: Any
    ) -> Reply:
        """One request in our name; `rest` as `Web.ask` has it. Raises ChannelError where nothing came back, or a yes that is not
        the homeserver's (somebody between us answers with a page of their own), LoginError where it knows us no more."""
        if not self._token:
            await self.open()
        reply = await self._asked(method, where, patient, rest)
        for _ in range(2):  # the one that another process has got meanwhile may be old by now, too
            if not _is_stranger(reply):
                break
            await self._renew(reply)
            reply = await self._asked(method, where, patient, rest)
        if _is_stranger(reply):
            raise self.error(reply, login=True)
        if reply.status == 200 and not reply.is_object and not is_file:
            raise self.fault("the answer is none of a homeserver's")
        return reply

    async def result(self, method: str, where: str, **rest: Any) -> dict[str, Any]:
        """What the homeserver answers; raises ChannelError with its words where that is no success."""
        reply = await self.ask(method, where, **rest)
        if reply.status == 200:
            return reply.body
        raise self.error(reply)

    def error(self, reply: Reply, *, login: bool = False) -> ChannelError:
        """What a homeserver said, as an error."""
        return self._web.error(self.words(reply), login=login)

    def fault(self, words: str) -> ChannelError:
        """What is wrong with a homeserver, as an error."""
        return self._web.error(words)

    def words(self, reply: Reply) -> str:
        """What a homeserver says of why it does not."""
        return self._web.said(reply.body.get("error") or f"HTTP {reply.status}")

    async def close(self) -> None:
        await self._web.close()

    async def _asked(self, method: str, where: str, patient: bool, rest: dict[str, Any]) -> Reply:
        headers = {**rest.get("headers", {}), "Authorization": f"Bearer {self._token}"}
        for _ in range(_ASKED_AT_MOST if patient else 1):
            reply = await self._web.ask(method, where, **{**rest, "headers": headers})
            wait = retry_after(reply)
            if reply.status != 429 or not patient or wait > PATIENCE:
                break
            await self._pause(wait)
        return reply

    async def _renew(self, reply: Reply) -> None:
        """Another token: the one that another process got, else a new login."""
        if "password" not in self._secrets:
            raise self.error(reply, login=True)
        if not await self._resumed():
            await self._log_in()

    async def _log_in(self) -> None:
        said = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._name},
            "password": self._secrets.get("password", ""),
            "device_id": _device(self._account.id),
            "initial_device_display_name": "agentdesk",
        }
        reply = await self._web.ask("POST", path("login"), json=said)
        token, user = reply.body.get("access_token"), reply.body.get("user_id")
        if reply.status != 200 or not isinstance(token, str) or not isinstance(user, str):
            raise self.error(reply, login=reply.status in {401, 403})
        self._web.hide(token)
        self._token, self.user = token, user
        await asyncio.to_thread(self._keep)

    # The token between processes.

    @property
    def _file(self) -> Path:
        return self._account.spool / "session"

    async def _resumed(self) -> bool:
        """Takes the kept token; False where there is none but the one that is in use."""
        token, user = await asyncio.to_thread(self._kept)
        if not token or token == self._token:
            return False
        self._web.hide(token)
        self._token, self.user = token, user
        return True

    def _kept(self) -> tuple[str, str]:
        from cryptography.exceptions import InvalidTag

        with suppress(OSError, ValueError, KeyError, TypeError, InvalidTag):
            sealed = base64.b64decode(json.loads(self._file.read_bytes())["sealed"])
            opened = json.loads(self._box().decrypt(sealed[:12], sealed[12:], self._about))
            return str(opened["token"]), str(opened["user"])
        return "", ""

    def _keep(self) -> None:
        """Without a file each process logs in for itself: no reason to fail."""
        nonce = os.urandom(12)
        told = json.dumps({"token": self._token, "user": self.user}).encode()
        sealed = base64.b64encode(nonce + self._box().encrypt(nonce, told, self._about)).decode()
        beside = self._file.with_name(f"session.{os.getpid()}")
        with suppress(OSError):
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump({"agentdesk_session": 1, "sealed": sealed}, file)
            beside.replace(self._file)

    @property
    def _about(self) -> bytes:
        """What a kept token is for: it opens nothing else."""
        return f"{self._account.id} {self._account.options['homeserver']} {self._name}".encode()

    def _box(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self._key:
            password = self._secrets["password"].encode()
            self._key = hashlib.scrypt(password, salt=self._about, n=1 << 14, r=8, p=1, dklen=32)
        return AESGCM(self._key)


def _is_stranger(reply: Reply) -> bool:
    """Whether the homeserver does not know the token. The status counts too: a customer's file may say anything."""
    return reply.status == 401 and reply.body.get("errcode") == "M_UNKNOWN_TOKEN"


def retry_after(reply: Reply) -> float:
    """Seconds that a homeserver asks to wait, one where it does not say."""
    said = reply.body.get("retry_after_ms")
    if isinstance(said, int | float):
        return max(0.0, said / 1000)
    return reply.retry_after or 1.0


def _device(account: str) -> str:
    """The same device at each login: transaction ids are told from those of others by it."""
    return "AGENTDESK" + hashlib.blake2b(account.encode(), digest_size=5).hexdigest().upper()
