"""Synapse, the reference homeserver of Matrix, on SQLite in a temporary folder, and people who write on it.

It is AGPL and therefore nobody's dependency: it lives in an environment of its own, `.cache/synapse` (`make synapse`, which
`.ci/run` does), runs as a process of its own and is spoken to over HTTP alone.
"""

import hmac
import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from servers import free_port, listens, until

HOME = Path(__file__).parents[2] / ".cache" / "synapse"
PASSWORD = "k3yt0the-shop"
NAME = "shop.test"
_SHARED = "a shared secret for the registration"
_FREE = "{per_second: 100000, burst_count: 100000}"

_CONF = """
server_name: {name}
pid_file: {folder}/pid
signing_key_path: {folder}/signing.key
media_store_path: {folder}/media
database: {{name: sqlite3, args: {{database: {folder}/homeserver.db}}}}
listeners:
  - {{port: {port}, type: http, bind_addresses: [127.0.0.1], resources: [{{names: [client]}}]}}
registration_shared_secret: {shared}
macaroon_secret_key: another secret
form_secret: a third one
trusted_key_servers: []
report_stats: false
presence: {{enabled: false}}
bcrypt_rounds: 4
max_upload_size: 2M
rc_message: {free}
rc_room_creation: {free}
rc_login: {{address: {free}, account: {free}, failed_attempts: {free}}}
rc_joins: {{local: {free}, remote: {free}}}
rc_joins_per_room: {free}
rc_invites: {{per_room: {free}, per_user: {free}, per_issuer: {free}}}
"""


def missing() -> str:
    """Why it cannot run here, "" when it can."""
    return "" if (HOME / "ready").exists() else "Synapse is not installed (make synapse)"


class Synapse:
    """Runs from construction to `remove`; each test has people of its own (`person`)."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="synapse-"))
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._numbers = itertools.count(1)
        (self.folder / "signing.key").write_text(
            "ed25519 a_test YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1\n"
        )
        conf = self.folder / "homeserver.yaml"
        conf.write_text(
            _CONF.format(name=NAME, folder=self.folder, port=self.port, shared=_SHARED, free=_FREE)
        )
        words = [str(HOME / "bin" / "python"), "-m", "synapse.app.homeserver", "--config-path", str(conf)]
        self._log = self.folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        until(lambda: self._process.poll() is not None or listens(self.port), 60)
        if self._process.poll() is not None:
            raise RuntimeError(self._log.read_text())

    def person(self, name: str = "", shown: str = "") -> "Person":
        """A new user, logged in with a client of their own."""
        name = name or f"user{next(self._numbers)}"
        where = f"{self.base}/_synapse/admin/v1/register"
        nonce = httpx.get(where, timeout=60).json()["nonce"]
        signed = f"{nonce}\0{name}\0{PASSWORD}\0notadmin".encode()
        said = {"nonce": nonce, "username": name, "password": PASSWORD, "displayname": shown or name}
        mac = hmac.digest(_SHARED.encode(), signed, "sha1").hex()
        answer = httpx.post(where, json={**said, "admin": False, "mac": mac}, timeout=60)
        answer.raise_for_status()
        return Person(self.base, answer.json()["user_id"], answer.json()["access_token"])

    def remove(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Person:
    """Somebody with a client: what people do in rooms, each act one request."""

    def __init__(self, base: str, user: str, token: str) -> None:
        self.user = user
        self.token = token
        self._base = base
        self._numbers = itertools.count(1)
        self._client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)

    def ask(self, method: str, *parts: str, **rest: Any) -> Any:
        """One request of the client API; raises where it is refused."""
        where = "/".join((self._base, "_matrix/client/v3", *(quote(part, safe="") for part in parts)))
        answer = self._client.request(method, where, **rest)
        answer.raise_for_status()
        return answer.json()

    def room(self, *guests: str, **more: Any) -> str:
        """A new room, to which these are invited."""
        said = {"preset": "private_chat", "invite": guests, "is_direct": True, **more}
        return self.ask("POST", "createRoom", json=said)["room_id"]

    def joins(self, room: str) -> None:
        self.ask("POST", "rooms", room, "join", json={})

    def puts(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Any event; gives its id."""
        number = f"t{next(self._numbers)}"
        return self.ask("PUT", "rooms", room, "send", kind, number, json=content)["event_id"]

    def says(self, room: str, text: str, **more: Any) -> str:
        return self.puts(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def edits(self, room: str, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self.says(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    def answers(self, room: str, event: str, text: str) -> str:
        return self.says(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}})

    def reacts(self, room: str, event: str, sign: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": sign}
        return self.puts(room, "m.reaction", {"m.relates_to": relation})

    def takes_back(self, room: str, event: str) -> None:
        self.ask("PUT", "rooms", room, "redact", event, f"t{next(self._numbers)}", json={})

    def reads(self, room: str, event: str) -> None:
        self.ask("POST", "rooms", room, "receipt", "m.read", event, json={})

    def uploads(self, data: bytes, media_type: str) -> str:
        """The address of a file that lies on the homeserver now."""
        where = f"{self._base}/_matrix/media/v3/upload"
        answer = self._client.post(where, content=data, headers={"Content-Type": media_type})
        answer.raise_for_status()
        return answer.json()["content_uri"]

    def fetches(self, address: str) -> bytes:
        where = f"{self._base}/_matrix/client/v1/media/download/{address.removeprefix('mxc://')}"
        answer = self._client.get(where)
        answer.raise_for_status()
        return answer.content

    def sees(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room, oldest first."""
        found = self.ask("GET", "rooms", room, "messages", params={"dir": "b", "limit": 200})["chunk"]
        return [each for each in reversed(found) if each["type"] == "m.room.message"]

    def glances(self, room: str) -> dict[str, list[dict[str, Any]]]:
        """What a client is told of a room beside its messages: by kind, who types and who has read."""
        said = self.ask("GET", "sync")["rooms"]["join"][room]
        return {each["type"]: each["content"] for each in said["ephemeral"]["events"]}
