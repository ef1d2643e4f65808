"""Where the mail of an address may lie: what was found, by whom it was said, and which of it is offered first.

Promises: the order depends on what was found and on nothing else; what was reached and can be logged in to comes first, then
whose word it is: the domain's own file, Mozilla's list, the domain's SRV records, its MX, a file that came without encryption,
a guess. A sending server is never made up. Refuses: asking anybody (`channels.discovery` does), and anything unencrypted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Literal

from agentdesk.core.model import Endpoint
from agentdesk.values import dataclass

Protocol = Literal["imap", "smtp"]
PROTOCOLS: tuple[Protocol, ...] = ("imap", "smtp")


class Source(StrEnum):
    """Whose word it is; the most trusted first."""

    AUTOCONFIG = "autoconfig"
    ISPDB = "ispdb"
    SRV = "srv"
    MX = "mx"
    PLAIN = "plain"
    GUESS = "guess"


_ORDER = tuple(Source)
PROVEN = frozenset({Source.AUTOCONFIG, Source.ISPDB})
"""What came over a connection that nobody in between could change."""


@dataclass(frozen=True, slots=True)
class Found:
    """A server that somebody named. `ways` are those of logging in that we know and it offers ("password", "xoauth2"), None
    where it was not reached; `problem` then says why, in the words of whoever said it. `proven` as for `PROVEN`."""

    source: Source
    protocol: Protocol
    place: Endpoint
    proven: bool = False
    ways: frozenset[str] | None = None
    problem: str = ""

    @property
    def reached(self) -> bool:
        return self.ways is not None


@dataclass(frozen=True, slots=True)
class Setup:
    """Both servers of a mailbox. `source` is that of the receiving one."""

    imap: Found
    smtp: Found

    @property
    def source(self) -> Source:
        return self.imap.source

    @property
    def works(self) -> bool:
        """Both were reached, and offer a way in."""
        return bool(self.imap.ways and self.smtp.ways)

    @property
    def provider(self) -> str:
        """Whose login needs an explanation: google, microsoft, or empty."""
        return provider(self.imap.place.host)

    @property
    def ways(self) -> frozenset[str]:
        """How one can log in to both. Microsoft's servers announce passwords and take none."""
        both = (self.imap.ways or frozenset()) & (self.smtp.ways or frozenset())
        return both - {"password"} if self.provider == "microsoft" else both

    def vouched(self, domain: str) -> bool:
        """Whether each server was named by somebody whom no one in between could imitate, or lies in the domain itself: a
        password may go there without asking."""
        return all(each.proven or within(each.place.host, domain) for each in (self.imap, self.smtp))

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Server and reason of each that was not reached or lets nobody in."""
        return tuple(
            (f"{each.place.host}:{each.place.port}", each.problem)
            for each in (self.imap, self.smtp)
            if not each.ways
        )


@dataclass(frozen=True, slots=True)
class Discovery:
    """`setups` the best first; `asked` what became of each source: found, nothing, or silent where it gave no answer in time."""

    setups: tuple[Setup, ...]
    asked: Mapping[Source, str]


_PROVIDERS = (
    ("google", ("gmail.com", "googlemail.com", "google.com")),
    ("microsoft", ("outlook.com", "office365.com", "hotmail.com", "mx.microsoft")),
)
_KNOWN = {
    "google": (
        Endpoint("imap.gmail.com", 993, "tls", ""),
        Endpoint("smtp.gmail.com", 465, "tls", ""),
    ),
    "microsoft": (
        Endpoint("outlook.office365.com", 993, "tls", ""),
        Endpoint("smtp.office365.com", 587, "starttls", ""),
    ),
}


def provider(host: str) -> str:
    """Whose server this is, a mail exchanger too: google, microsoft, or empty."""
    return next((name for name, domains in _PROVIDERS if any(within(host, each) for each in domains)), "")


def typed(word: str, host: str) -> str:
    """A password as the server wants it: Google shows its app passwords in groups of four letters."""
    letters = "".join(word.split())
    shown = provider(host) == "google" and len(letters) == 16 and letters.isalpha() and letters.isascii()
    return letters if shown else word


def within(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or lies in it."""
    return f".{host.lower().rstrip('.')}".endswith(f".{domain.lower().rstrip('.')}")


def domain_of(address: str) -> str:
    """The domain of an address in the form that the network knows; "" where it is none."""
    local, at, domain = address.strip().rpartition("@")
    try:
        known = domain.encode("idna").decode("ascii").lower() if domain.isprintable() else ""
    except UnicodeError:
        return ""
    plain = all(each.isalnum() or each == "-" for label in known.split(".") for each in label)
    whole = local and at and plain and "." in known and all(known.split("."))
    return known if whole and not any(each.isspace() for each in local) else ""


def known(exchanger: str, user: str) -> tuple[tuple[Protocol, Endpoint], ...]:
    """The servers of the provider whose mail exchanger this is; none where it is nobody's whom we know."""
    places = _KNOWN.get(provider(exchanger), ())
    return tuple(
        (protocol, replace(place, user=user)) for protocol, place in zip(PROTOCOLS, places, strict=False)
    )


def parents(exchanger: str, domain: str) -> tuple[str, ...]:
    """The domains under which the hoster behind a mail exchanger may be known: without its first label, and the last two
    labels; not the domain itself."""
    labels = exchanger.lower().rstrip(".").split(".")
    named = (".".join(labels[1:]), ".".join(labels[-2:])) if len(labels) > 2 else ()
    return tuple(each for each in dict.fromkeys(named) if each != domain)


def guesses(domain: str, user: str, exchanger: str = "") -> tuple[tuple[Protocol, Endpoint], ...]:
    """Where mail servers usually are: in the domain, and, where its mail goes elsewhere, at that hoster's. TLS first."""
    bases = (domain, *(parents(exchanger, domain)[-1:] if exchanger else ()))
    own = (exchanger,) if exchanger else ()
    made: list[tuple[Protocol, Endpoint]] = []
    for protocol, first, tls, starttls in (("imap", "imap", 993, 143), ("smtp", "smtp", 465, 587)):
        hosts = dict.fromkeys((*(f"{name}.{base}" for base in bases for name in (first, "mail")), *own))
        for host in hosts:
            made.append((protocol, Endpoint(host, tls, "tls", user)))  # type: ignore[arg-type]  # of PROTOCOLS
            made.append((protocol, Endpoint(host, starttls, "starttls", user)))  # type: ignore[arg-type]
    return tuple(made)


def ranked(found: Sequence[Found]) -> tuple[Setup, ...]:
    """The setups that what was found makes, the best first: one for each source that named a receiving server. Where it named
    no sending server that was reached, that of the next best source stands in."""
    made = []
    for source in _ORDER:
        imap = _best([each for each in found if each.protocol == "imap" and each.source == source])
        senders = [each for each in found if each.protocol == "smtp"]
        smtp = _best([each for each in senders if each.source == source])
        if smtp is None or not smtp.reached:
            others = [each for each in senders if each.reached]
            smtp = min(others, key=lambda each: _ORDER.index(each.source), default=smtp)
        if imap and smtp:
            made.append(Setup(imap, smtp))
    return tuple(sorted(made, key=lambda each: (not each.works, _ORDER.index(each.source))))


def settled(found: Sequence[Found], running: Collection[Source]) -> bool:
    """Whether nothing that is still asked could be offered before what there is already."""
    best = next(iter(ranked(found)), None)
    if best is None or not best.works:
        return not running
    return all(_ORDER.index(each) > _ORDER.index(best.source) for each in running)


def _best(named: list[Found]) -> Found | None:
    """Of what one source named in its order of preference: the first that lets in, else that was reached, else the first.
    TLS from the first byte goes before STARTTLS."""
    return min(
        named,
        key=lambda each: (not each.ways, not each.reached, each.place.security != "tls"),
        default=None,
    )
