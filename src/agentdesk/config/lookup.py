"""`[lookup.NAME]`: where the shop's own facts come from, checked.

Promises: exactly one way to ask, one place for its secret, and a pattern that is safe to lay over a stranger's text; one that is
not is named with file and line. Refuses: a secret in an address, and a shell.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from agentdesk.config.checks import handle
from agentdesk.config.model import Lookup, SecretKind, SecretPlace
from agentdesk.config.options import web_address
from agentdesk.config.schema import LOOKUP_SECRETS, WAYS
from agentdesk.config.words import hint
from agentdesk.core.lookup import NAMES
from agentdesk.core.pattern import checked
from agentdesk.errors import ConfigError
from agentdesk.i18n import tr

COLUMNS = (*NAMES, "email", "phone", "open")
_KINDS: Mapping[str, SecretKind] = {
    "secret": "keyring",
    "secret_command": "command",
    "secret_env": "env",
    "secret_file": "file",
}


def lookup_of(name: str, values: dict[str, Any], file: Path, beside: Callable[[str], Path]) -> Lookup:
    """The table `[lookup.name]`; `beside` gives a relative path its place. Raises ConfigError."""

    def fail(key: str, reason: str) -> NoReturn:
        raise ConfigError(file=file, key=f"lookup.{name}{key and '.'}{key}", reason=reason) from None

    def made(key: str, make: Callable[[str], Any]) -> Any:
        try:
            return make(values[key])
        except ValueError as error:
            fail(key, str(error))

    try:
        handle(name)
    except ValueError as error:
        fail("", str(error))
    ways = [way for way in WAYS if values[way]]
    if len(ways) != 1:
        fail(ways[1] if ways else "", tr("it needs exactly one of {names}").format(names=", ".join(WAYS)))
    way = ways[0]
    secrets = [key for key in LOOKUP_SECRETS if values[key] is not None]
    if len(secrets) > 1:
        fail(secrets[1], tr("only one of {names} can be given").format(names=", ".join(secrets)))
    if way == "woocommerce" and not secrets:
        fail("secret", tr("this key is missing"))
    for column in values["columns"]:
        if column not in COLUMNS or not isinstance(values["columns"][column], str):
            fail(f"columns.{column}", tr("this key is not known{hint}").format(hint=hint(column, COLUMNS)))
    place = ""
    if way == "csv":
        place = str(beside(values["csv"]))
    elif way != "command":
        place = made(way, web_address)
    return Lookup(
        name=name,
        way=way,
        place=place,
        command=values["command"] or (),
        columns=values["columns"],
        header=values["header"],
        secret=_place(secrets, values, beside),
        pattern=made("pattern", _pattern) if values["pattern"] else None,
        timeout=values["timeout"],
        minutes=values["minutes"],
        done=values["done"],
    )


def _place(
    secrets: list[str], values: Mapping[str, Any], beside: Callable[[str], Path]
) -> SecretPlace | None:
    if not secrets:
        return None
    kind, value = _KINDS[secrets[0]], values[secrets[0]]
    return SecretPlace(kind, "" if kind == "keyring" else str(beside(value)) if kind == "file" else value)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return checked(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(tr("it is no regular expression: {reason}").format(reason=error)) from None
    except ValueError as error:
        raise ValueError(tr(str(error))) from None
