"""What is said of a mailbox's servers: who named them, what they are, and what to know before a password is typed.

Pure texts, shared by command line and console.
"""

from collections.abc import Mapping

from agentdesk.core.model import Endpoint
from agentdesk.core.setup import Discovery, Setup, Source
from agentdesk.errors import N_
from agentdesk.i18n import tr

APP_PASSWORDS = "https://myaccount.google.com/apppasswords"

_SOURCES: Mapping[Source, str] = {
    Source.AUTOCONFIG: N_("the domain's own file"),
    Source.ISPDB: N_("Mozilla's list of providers"),
    Source.SRV: N_("the domain's SRV records"),
    Source.MX: N_("who takes the domain's mail (MX)"),
    Source.PLAIN: N_("the domain's own file, not encrypted"),
    Source.GUESS: N_("the usual names, tried"),
}
_STATES: Mapping[str, str] = {
    "asking": N_("asking ..."),
    "found": N_("found"),
    "nothing": N_("nothing"),
    "silent": N_("no answer"),
}
_SECURITY: Mapping[str, str] = {"tls": "TLS", "starttls": "STARTTLS", "plain": N_("not encrypted")}


def source(named: Source) -> str:
    return tr(_SOURCES[named])


def state(of: str) -> str:
    """What became of a source that was asked."""
    return tr(_STATES[of])


def place(server: Endpoint) -> str:
    """A server for people: host, port and how it is encrypted."""
    return f"{server.host}:{server.port} ({tr(_SECURITY[server.security])})"


def ways(setup: Setup) -> str:
    """How one can log in."""
    words = {"password": tr("password"), "xoauth2": "OAuth2"}
    return ", ".join(words[each] for each in words if each in setup.ways) or "-"


def beforehand(provider: str) -> str:
    """What to know before a secret is typed, for a provider that wants something of its own; else empty."""
    if provider == "google":
        return tr(
            "Google takes no account password here, but an app password of 16 letters. Switch on 2-step verification, "
            "make one at {address} and type it here."
        ).format(address=APP_PASSWORDS)
    if provider == "microsoft":
        return tr("Microsoft takes no passwords from mail programs any more, only OAuth2.")
    return ""


def unvouched(setup: Setup) -> str:
    """Why somebody has to look before a password goes there."""
    text = tr("{servers} were named by {source}, whose answer can be tampered with on its way here.")
    return text.format(servers=servers(setup), source=source(setup.source))


def servers(setup: Setup) -> str:
    """Both hosts; one where it is the same."""
    return ", ".join(dict.fromkeys((setup.imap.place.host, setup.smtp.place.host)))


def nothing(found: Discovery) -> str:
    """Why no setup can be offered: what those that were named said, else who was asked in vain."""
    named = [f"{server}: {problem}" for setup in found.setups for server, problem in setup.problems]
    if named:
        return "; ".join(dict.fromkeys(named))
    if {state for source, state in found.asked.items() if source != Source.GUESS} == {"silent"}:
        return tr("nobody answered; is there a network?")
    return tr("nobody names any")
