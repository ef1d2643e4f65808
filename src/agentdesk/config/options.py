"""What an account of each chat channel may be told, beside what all accounts have.

Promises: one table, read by `config.toml`'s reader, the schema and `account add CHANNEL` alike. A channel of somebody else's
connector is not in it: its options are texts that only the connector knows. Refuses: secrets.
"""

import re
from dataclasses import replace

from agentdesk.config.checks import line
from agentdesk.config.schema import Key
from agentdesk.errors import N_
from agentdesk.i18n import tr


def web_address(text: str) -> str:
    """Where a service answers: https, or http on this machine."""
    scheme, found, rest = text.strip().partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].rpartition(":")[0] or rest.partition("/")[0]
    loopback = host in {"localhost", "127.0.0.1", "[::1]"}
    if not found or not host or "@" in rest or not (scheme == "https" or (scheme == "http" and loopback)):
        raise ValueError(tr("it must be an address such as https://chat.example.com"))
    return text.strip().rstrip("/")


def box_address(text: str) -> str:
    """Where a relay's box is: the callback URL that its making told."""
    address = web_address(text)
    _, found, key = address.rpartition("/in/")
    if not found or not key:
        raise ValueError(tr("it must be the callback URL that `agentdesk relay box add` told"))
    return address


def phone_number(text: str) -> str:
    """A number as the whole world dials it."""
    number = "".join(text.split())
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError(tr("it must be a number with its country, such as +34900111222"))
    return number


def graph_id(text: str) -> str:
    """What Meta calls a number, a page or an account: digits that its settings show."""
    if not re.fullmatch(r"[0-9]{1,32}", text.strip()):
        raise ValueError(tr("it must be the id that Meta shows beside it, digits alone: no number, no name"))
    return text.strip()


def twilio_account(text: str) -> str:
    """What Twilio calls an account."""
    if not re.fullmatch(r"AC[0-9a-f]{32}", text.strip()):
        raise ValueError(tr("it must be AC and 32 letters and digits, as Twilio's console shows it"))
    return text.strip()


_BASE = Key("base_url", "text", N_("where the service answers, if not at its own address"), check=web_address)

_RELAY = Key("relay", "text", N_("the address of the box that a relay keeps for it"), check=box_address)
_NUMBER = Key("number", "text", N_("the shop's number: +34900111222"), required=True, check=phone_number)
_SID = Key(
    "account_sid", "text", N_("Twilio's name for the account: AC..."), required=True, check=twilio_account
)
_PAGE = Key("page_id", "text", N_("Meta's id of the page or account"), required=True, check=graph_id)
_INSTAGRAM = Key(
    "instagram_id",
    "text",
    N_("Meta's id of the Instagram account, where it is reached through a page"),
    check=graph_id,
)
_WAY = Key("way", "text", N_("which way it is connected; without it, the ways are explained"), required=True)

OPTIONS: dict[str, tuple[Key, ...]] = {
    "telegram": (_BASE,),
    "whatsapp.cloud": (
        _WAY,
        replace(_RELAY, required=True),
        Key("phone_id", "text", N_("Meta's id of the number"), required=True, check=graph_id),
        Key(
            "business_id",
            "text",
            N_("Meta's id of the WhatsApp business account"),
            required=True,
            check=graph_id,
        ),
        _BASE,
    ),
    "whatsapp.twilio": (_WAY, _NUMBER, _SID, _BASE),
    "messenger.poll": (_WAY, _PAGE, _BASE),
    "messenger.relay": (_WAY, _PAGE, replace(_RELAY, required=True), _BASE),
    "instagram.poll": (_WAY, _PAGE, _INSTAGRAM, _BASE),
    "instagram.relay": (_WAY, _PAGE, _INSTAGRAM, replace(_RELAY, required=True), _BASE),
    "sms": (_NUMBER, _SID, _BASE),
    "matrix": (
        Key("homeserver", "text", N_("where the homeserver answers"), required=True, check=web_address),
        Key(
            "user", "text", N_("who we are there: @name:server, or the name alone"), required=True, check=line
        ),
    ),
}
"""By channel, or by channel and way where there are several; one that is here can be added with `account add`."""


def ways(channel: str) -> tuple[str, ...]:
    """The ways in which a channel can be connected; none where there is only one."""
    return tuple(name.partition(".")[2] for name in OPTIONS if name.startswith(f"{channel}."))


def keys_of(channel: str, way: object = None) -> tuple[Key, ...]:
    """What an account of this channel may be told; of all ways where none is named or a wrong one."""
    if channel in OPTIONS or not ways(channel):
        return OPTIONS.get(channel, ())
    if way in ways(channel):
        return OPTIONS[f"{channel}.{way}"]
    every = {
        key.name: replace(key, required=False)
        for each in ways(channel)
        for key in OPTIONS[f"{channel}.{each}"]
    }
    every["way"] = replace(_WAY, choices=ways(channel), required=False)
    return tuple(every.values())
