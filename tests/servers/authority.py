"""An authorization server on loopback that keeps its own truth: who asked with which challenge, which codes are spent, which
refresh token is the newest. `token` makes the access tokens; `pending` is how often a device is told to wait, `too_fast` how often
that it asks too often, `ends` with what it is refused then."""

import base64
import hashlib
import threading
from collections.abc import Callable
from urllib.parse import urlencode

import httpx

from agentdesk.channels.oauth import Provider
from servers.web import Answer, Request, Service

CLIENT, SECRET = "shop-client", "shop-secret-0123456789"


def browses(url: str) -> None:
    """Somebody logs in, in a browser beside."""
    threading.Thread(target=lambda: httpx.get(url, follow_redirects=True), daemon=True).start()


class Authority(Service):
    def __init__(self, token: Callable[[], str] = lambda: "token") -> None:
        super().__init__()
        self.token = token
        self.challenges: dict[str, tuple[str, str]] = {}
        self.refresh = ""
        self.given = 0
        self.pending = self.too_fast = 0
        self.ends = ""

    def provider(self, name: str = "google") -> Provider:
        if name == "google":
            return Provider(name, f"{self.base}/token", "mail", authorize=f"{self.base}/authorize")
        return Provider(name, f"{self.base}/token", "mail", device=f"{self.base}/device")

    def handle(self, request: Request) -> Answer:
        said = {**request.query, **request.fields()} if request.method == "POST" else request.query
        ways = {"/authorize": self.authorize, "/device": self.device, "/token": self.exchange}
        return ways[request.path](said)

    def authorize(self, said: dict[str, str]) -> Answer:
        """Somebody logs in and says yes."""
        if said["client_id"] != CLIENT or said["code_challenge_method"] != "S256":
            return Answer({"error": "invalid_request"}, 400)
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = (said["code_challenge"], said["redirect_uri"])
        back = urlencode({"code": code, "state": said["state"]})
        return Answer(b"", 302, {"Location": f"{said['redirect_uri']}?{back}"})

    def device(self, said: dict[str, str]) -> Answer:
        if said["client_id"] != CLIENT:
            return Answer({"error": "invalid_client", "error_description": "no such client"}, 400)
        told = {
            "device_code": "device",
            "user_code": "ABCD-1234",
            "verification_uri": "https://x.test/device",
        }
        return Answer({**told, "interval": 5, "expires_in": 30})

    def refused(self, said: dict[str, str]) -> str:
        """Why there is no token for this; empty where there is."""
        kind = said["grant_type"]
        if kind == "refresh_token":
            return "" if said["refresh_token"] == self.refresh else "invalid_grant"
        if kind == "authorization_code":
            challenge, where = self.challenges.pop(said["code"], ("", ""))
            digest = hashlib.sha256(said["code_verifier"].encode()).digest()
            proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
            return (
                ""
                if proven and where == said["redirect_uri"] and said["client_secret"] == SECRET
                else "invalid_grant"
            )
        if self.pending:
            self.pending -= 1
            return "authorization_pending"
        if self.too_fast:
            self.too_fast -= 1
            return "slow_down"
        return self.ends

    def exchange(self, said: dict[str, str]) -> Answer:
        if why := self.refused(said):
            return Answer(
                {"error": why, "error_description": f"{why}: see {said.get('client_secret', '')}"}, 400
            )
        self.given += 1
        self.refresh = f"refresh-{self.given}"
        return Answer({"access_token": self.token(), "expires_in": 3600, "refresh_token": self.refresh})
