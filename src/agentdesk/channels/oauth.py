"""Logging in to a mailbox by OAuth2 instead of a password: asked for once in a browser, renewed by itself.

Promises: the code that the browser brings is worth nothing to whoever else sees it (PKCE, RFC 7636) and counts only with the
state that we gave; whoever renews gets a token that is valid for a while; what a provider says is said in its own words, without
a secret in them. Refuses: a client id of ours: the shop has its own, and is its own master; a proxy that the environment names, which would read along. Google by a browser on this laptop
(RFC 8252), Microsoft by a code that is typed anywhere (RFC 8628).
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from agentdesk.channels.dial import words
from agentdesk.errors import N_, LoginError, UnreachableError
from agentdesk.values import dataclass

ANSWERS_WITHIN = 20.0
LOGS_IN_WITHIN = 600.0
"""Seconds that somebody has for the browser."""
_SECRET = frozenset({"client_secret", "refresh_token", "code", "code_verifier", "device_code"})
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider's logins are. Without `authorize` it is the device's code that is typed."""

    name: str
    token: str
    scope: str
    authorize: str = ""
    device: str = ""


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
PROVIDERS: Mapping[str, Provider] = {
    "google": Provider(
        "google",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
    ),
    "microsoft": Provider(
        "microsoft",
        f"{_MICROSOFT}/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        device=f"{_MICROSOFT}/devicecode",
    ),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What is kept: whose client may renew whose login."""

    provider: str
    client_id: str
    client_secret: str
    refresh_token: str

    def sealed(self) -> str:
        """As one line, for where passwords are kept."""
        return json.dumps(asdict(self))


class Token(NamedTuple):
    """An access token, for how many seconds it is good, and the grant as it is after it was given."""

    text: str
    seconds: float
    grant: Grant


def read(kept: str) -> Grant | None:
    """The grant that `sealed` wrote; None for anything else, a token of somebody's own program for one."""
    try:
        told = json.loads(kept) if kept.startswith("{") else {}
        return Grant(**told) if told.get("provider") in PROVIDERS else None
    except (ValueError, TypeError, AttributeError):
        return None


def renewed(grant: Grant, provider: Provider | None = None) -> Token:
    """A new access token; raises LoginError where the provider takes the grant no more, UnreachableError without one."""
    at = provider or PROVIDERS[grant.provider]
    return _token(at, grant, {"grant_type": "refresh_token", "refresh_token": grant.refresh_token})


def by_browser(
    provider: Provider,
    client: Grant,
    address: str,
    show: Callable[[str], object],
    within: float = LOGS_IN_WITHIN,
) -> Token:
    """Waits for whoever logs in at the address that `show` gets, on this laptop; raises LoginError and UnreachableError."""
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    with _Return(("127.0.0.1", 0), _Answer) as back:
        back.state = state
        here = f"http://127.0.0.1:{back.server_port}/"
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": client.client_id,
            "redirect_uri": here,
            "response_type": "code",
            "scope": provider.scope,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
            "login_hint": address,
        }
        show(f"{provider.authorize}?{urlencode(asked)}")
        told = back.waited(within)
    if "code" not in told:
        raise LoginError(**_said(provider), reason=words(told.get("error") or N_("nobody logged in")))
    fields = {"grant_type": "authorization_code", "code": told["code"], "redirect_uri": here}
    return _token(provider, client, {**fields, "code_verifier": verifier})


def by_code(
    provider: Provider, client: Grant, show: Callable[[str, str], object], pause: Callable[[float], object]
) -> Token:
    """Waits for whoever types the code that `show` gets (address, code); raises LoginError and UnreachableError."""
    status, told = _asked(provider, provider.device, {"client_id": client.client_id, "scope": provider.scope})
    if status != 200:
        raise LoginError(**_said(provider), reason=_reason(told, {}))
    show(str(told.get("verification_uri", "")), str(told.get("user_code", "")))
    wait, left = float(told.get("interval") or 5), float(told.get("expires_in") or LOGS_IN_WITHIN)
    fields = {"grant_type": _DEVICE, "device_code": str(told.get("device_code", ""))}
    while left > 0:
        pause(wait)
        left -= wait
        try:
            return _token(provider, client, fields)
        except _PendingError as pending:
            wait += 5 if pending.slower else 0
    raise LoginError(**_said(provider), reason=N_("nobody logged in"))


class _PendingError(Exception):
    """The code has not been typed yet; `slower`: and we ask too often."""

    def __init__(self, *, slower: bool) -> None:
        super().__init__()
        self.slower = slower


def _token(provider: Provider, client: Grant, fields: dict[str, str]) -> Token:
    own = {"client_id": client.client_id, "client_secret": client.client_secret}
    said = {**{name: value for name, value in own.items() if value}, **fields}
    status, told = _asked(provider, provider.token, said)
    if (code := told.get("error")) in {"authorization_pending", "slow_down"}:
        raise _PendingError(slower=code == "slow_down")
    token, refresh = told.get("access_token"), told.get("refresh_token") or client.refresh_token
    if status != 200 or not token or not refresh:
        raise LoginError(**_said(provider), reason=_reason(told, said))
    grant = replace(client, provider=provider.name, refresh_token=str(refresh))
    return Token(str(token), float(told.get("expires_in") or 300), grant)


def _asked(provider: Provider, url: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
    import httpx

    try:
        answer = httpx.post(url, data=fields, timeout=ANSWERS_WITHIN, trust_env=False)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise UnreachableError(**_said(provider), reason=words(str(error))) from None
    return answer.status_code, told if isinstance(told, dict) else {}


def _reason(told: dict[str, Any], said: Mapping[str, str]) -> str:
    """What a provider says of a no, without what it was told in confidence."""
    text = str(told.get("error_description") or told.get("error") or N_("it gave no token"))
    for name in _SECRET & said.keys():
        text = text.replace(said[name], "***")
    return words(text)


def _said(provider: Provider) -> dict[str, str]:
    return {"account": "", "server": urlsplit(provider.token).netloc}


class _Return(ThreadingHTTPServer):
    """Where the browser comes back to; several connections, since browsers open some that they never use."""

    daemon_threads = True
    state = ""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.told: dict[str, str] = {}
        self.came = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def waited(self, within: float) -> dict[str, str]:
        """What the browser brought with our state, nothing where nobody came in time. Anything else does not count."""
        self.came.wait(within)
        self.shutdown()
        return self.told


class _Answer(BaseHTTPRequestHandler):
    server: _Return

    def do_GET(self) -> None:
        told = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        ours = secrets.compare_digest(told.get("state", "").encode(), self.server.state.encode())
        if ours:
            self.server.told = told
        body = b"agentdesk: OK" if ours else b"agentdesk: ?"
        self.send_response(200 if ours else 400)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if ours:
            self.server.came.set()

    def log_message(self, *_: object) -> None:
        """The address holds a code."""
