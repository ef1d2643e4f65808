"""What a text in config.toml has to be: each gives the text as it is kept, or raises ValueError with a reason for people."""

import zoneinfo

from agentdesk.config.words import hint
from agentdesk.core.model import CHANNELS
from agentdesk.core.quiet import quiet_of
from agentdesk.core.text import is_safe
from agentdesk.i18n import tr


def line(text: str) -> str:
    """One line of text that names something."""
    if not text.strip() or "\n" in text or "\t" in text or not is_safe(text):
        raise ValueError(tr("it must be one line of text"))
    return text.strip()


def handle(text: str) -> str:
    """A name that can be typed after an option."""
    name = line(text)
    if name.startswith("-"):
        raise ValueError(tr("a name cannot begin with a dash"))
    return name


def called(text: str) -> str:
    """How somebody is called: single spaces, which nobody hears."""
    return " ".join(handle(text).split())


def address(text: str) -> str:
    """How an account is reached: a mail address, or what its service calls it (@shop, +34600111222)."""
    return line(text)


def channel(text: str) -> str:
    """A kind of medium: one of ours, or one that an installed package brings."""
    if text in CHANNELS or text == "demo":
        return text
    from importlib.metadata import entry_points

    others = sorted({each.name.partition(".")[0] for each in entry_points(group="agentdesk.channels")})
    if text not in others:
        known = (*CHANNELS, *others)
        raise ValueError(tr("{value} is not known{hint}").format(value=text, hint=hint(text, known)))
    return text


def mail_address(text: str) -> str:
    """An address, its domain in lower case."""
    local, at, domain = text.strip().rpartition("@")
    wrong = not at or not local or not domain or "@" in local or domain.startswith(".")
    if wrong or not is_safe(text.strip()) or any(letter.isspace() for letter in text.strip()):
        raise ValueError(tr("it must be an address such as shop@example.com"))
    return f"{local}@{domain.lower()}"


def zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        known = sorted(zoneinfo.available_timezones())
        raise ValueError(
            tr("there is no time zone {zone}{hint}").format(zone=text, hint=hint(text, known))
        ) from None
    return text


def quiet_hours(text: str) -> str:
    """Hours of the day such as 21:00-09:00, or nothing."""
    try:
        quiet_of(text)
    except ValueError:
        raise ValueError(tr("it must be hours such as 21:00-09:00, and not the whole day")) from None
    return text.strip()
