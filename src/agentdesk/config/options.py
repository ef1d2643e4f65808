"""What an account of each chat channel may be told, beside what all accounts have.

Promises: one table, read by `config.toml`'s reader, the schema and `account add CHANNEL` alike. A channel of somebody else's
connector is not in it: its options are texts that only the connector knows. Refuses: secrets.
"""

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


_BASE = Key("base_url", "text", N_("where the service answers, if not at its own address"), check=web_address)

OPTIONS: dict[str, tuple[Key, ...]] = {
    "telegram": (_BASE,),
}
"""By channel; one that is here can be added with `account add`."""
