"""Configuration: TOML in, frozen settings out.

Promises: an error names file, key, reason and the nearest right word; a person's file is changed in place and
never rewritten; a secret is only ever referred to. Refuses: knowing stores, channels and actions: `[keys]`
passes through unread, and whoever owns the actions checks it.
"""

from typing import TYPE_CHECKING, Any

from agentdesk.config.endpoint import endpoint, url_of, with_scheme
from agentdesk.config.home import Home, make_directory, passing_name, write_file
from agentdesk.config.model import (
    Account,
    Agent,
    Backup,
    Desk,
    Lookup,
    Notify,
    OwnView,
    SecretKind,
    SecretPlace,
    Send,
    Settings,
    Shown,
    Ui,
)
from agentdesk.config.read import language_of, load, looked_over, settings_of, system_agent
from agentdesk.config.schema import json_schema
from agentdesk.config.themes import OURS, THEMES, about
from agentdesk.config.words import hint, nearest

if TYPE_CHECKING:
    from agentdesk.config.former import former_id
    from agentdesk.config.switches import SWITCHES, is_on, switch
    from agentdesk.config.write import (
        add_account,
        add_agent,
        add_lookup,
        add_view,
        change_account,
        change_value,
        check_account,
        choose_language,
        known_account,
        new_id,
        remove_account,
        remove_view,
        rename_account,
        take_over,
    )

__all__ = [
    "OURS",
    "SWITCHES",
    "THEMES",
    "Account",
    "Agent",
    "Backup",
    "Desk",
    "Home",
    "Lookup",
    "Notify",
    "OwnView",
    "SecretKind",
    "SecretPlace",
    "Send",
    "Settings",
    "Shown",
    "Ui",
    "about",
    "add_account",
    "add_agent",
    "add_lookup",
    "add_view",
    "change_account",
    "change_value",
    "check_account",
    "choose_language",
    "endpoint",
    "ensure",
    "former_id",
    "hint",
    "is_on",
    "json_schema",
    "known_account",
    "language_of",
    "load",
    "looked_over",
    "make_directory",
    "move_secret",
    "nearest",
    "new_id",
    "passing_name",
    "remove_account",
    "remove_view",
    "rename_account",
    "settings_of",
    "switch",
    "system_agent",
    "take_over",
    "url_of",
    "with_scheme",
    "write_file",
]


def ensure(home: Home) -> Settings:
    """The settings of `home`, its file written first where there is none; raises ConfigError, DiskError."""
    if home.config_file.exists():
        return load(home)
    from agentdesk.config import write

    return write.ensure(home)


def __getattr__(name: str) -> Any:
    """What changes the file is loaded when it is asked for: most commands only read."""
    if name not in __all__:
        raise AttributeError(name)
    from agentdesk.config import former, switches, write

    if name == "former_id":
        return former.former_id
    return getattr(switches if name in {"SWITCHES", "is_on", "switch"} else write, name)
