"""Server addresses as people write them: `imaps://user@host:port`.

Promises: a connection that is not encrypted is one only where the scheme says so: of a bare host, as a provider's help page has
it, the port tells which encryption it is; an error never repeats the address, which may hold a password somebody typed. Refuses:
passwords, paths and queries in the address, and a bare host with a port that tells nothing. The plain schemes say so in their
names, because nobody should send a password in the clear by leaving out one letter.
"""

from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from agentdesk.config.words import hint
from agentdesk.core.model import Endpoint
from agentdesk.i18n import tr

Security = Literal["tls", "starttls", "plain"]

SCHEMES: dict[str, tuple[int, Security]] = {
    "imaps": (993, "tls"),
    "imap": (143, "starttls"),
    "imap+insecure": (143, "plain"),
    "smtps": (465, "tls"),
    "smtp": (587, "starttls"),
    "smtp+insecure": (25, "plain"),
}

_BY_PORT = {
    protocol: {None: f"{protocol}s", **{SCHEMES[each][0]: each for each in (f"{protocol}s", protocol)}}
    for protocol in ("imap", "smtp")
}
"""Of a host without a scheme: what its port is for, and TLS where none is given."""


def with_scheme(address: str, protocol: str) -> str:
    """`address` with a scheme before it where it is a host, or a host and a port that tells the encryption; else as it is."""
    address = address.strip()
    if "://" in address:
        return address
    try:
        parts = urlsplit(f"//{address}")
        scheme = _BY_PORT[protocol].get(parts.port) if parts.hostname else None
    except ValueError:
        return address
    return f"{scheme}://{address}" if scheme else address


def endpoint(url: str, protocol: str, user: str) -> Endpoint:
    """Reads `url`; `protocol` is imap or smtp, `user` who logs in where the address names nobody.

    Raises ValueError with a reason for people.
    """
    known = [name for name in SCHEMES if name.startswith(protocol)]
    scheme, separator, rest = with_scheme(url, protocol).partition("://")
    scheme = scheme.lower()
    if not separator:
        raise ValueError(tr("an address begins with one of {known}").format(known=_listed(known)))
    if scheme not in known:
        guess = hint(scheme, known)
        raise ValueError(tr("{scheme}:// is not known here{hint}").format(scheme=scheme, hint=guess))
    if any(character.isspace() or not character.isprintable() for character in rest):
        raise ValueError(tr("an address has no spaces in it"))
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(tr("the host or the port is wrong")) from None
    if parts.password is not None:
        raise ValueError(tr("a password does not belong in an address; use one of the secret options"))
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(tr("nothing may follow the host and the port"))
    if not host or port == 0:
        raise ValueError(tr("the host or the port is wrong"))
    default, security = SCHEMES[scheme]
    return Endpoint(host, port or default, security, unquote(parts.username or "") or user)


def url_of(place: Endpoint, protocol: str) -> str:
    """The address that `endpoint` reads as `place`."""
    scheme = next(
        name
        for name, (_, security) in SCHEMES.items()
        if name.startswith(protocol) and security == place.security
    )
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{scheme}://{quote(place.user, safe='')}@{host}:{place.port}"


def _listed(schemes: list[str]) -> str:
    return ", ".join(f"{scheme}://" for scheme in schemes)
