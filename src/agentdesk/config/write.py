"""Changing config.toml without spoiling what somebody wrote in it.

Promises: the file is written whole once, with comments; later only what changes is changed, comments and
order stay, and nothing is written that `load` would refuse. Two processes take turns by a lock. Refuses:
writing a secret.
"""

import fcntl
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agentdesk.config import former
from agentdesk.config.home import Home, make_directory, write_file
from agentdesk.config.model import Account, Agent, OwnView, Settings
from agentdesk.config.read import load, settings_of, system_zone, text_of
from agentdesk.config.schema import ROOT, SECRETS, Key
from agentdesk.config.words import hint
from agentdesk.core.folding import folded
from agentdesk.errors import DiskError, NotFoundError, UsageError
from agentdesk.i18n import LANGUAGES, from_environment, speaking, tr, use

_EXAMPLES = {"keys": '"ticket.resolve" = "e"', "segments": 'vip = "tag:vip"'}
"""A line for a table whose names are the shop's own."""


def ensure(home: Home) -> Settings:
    """The settings of `home`, its file written first where there is none; raises ConfigError, DiskError."""
    if not home.config_file.exists():
        with _turn(home):
            if not home.config_file.exists():
                write_file(home.config_file, first_text().encode())
    return load(home)


def choose_language(home: Home, language: str) -> Settings:
    """Sets the desk's language, and speaks it from now on. A file that nobody has touched yet is written anew, so that its
    comments are in that language too."""
    ensure(home)
    with _turn(home):
        first = _is_first_text(text_of(home), load(home).desk.language)
        use(language)
        if first:
            write_file(home.config_file, first_text(language).encode())
            return load(home)

        def put(document: MutableMapping[str, Any], _: Settings) -> None:
            document.setdefault("desk", {})["language"] = language

        return _changed(home, put)


def _is_first_text(text: str, language: str) -> bool:
    """Whether nobody has written anything in a file whose desk speaks `language`."""
    return any(text == _first_text_in(each, language) for each in LANGUAGES)


def _first_text_in(comments: str, language: str) -> str:
    with speaking(comments):
        return first_text(language)


def add_account(home: Home, fields: dict[str, object]) -> Account:
    """Appends an `[[accounts]]` table; `fields` are keys of that table, unset ones left out, the id made if missing. The first
    `shop` is the desk's: most have but one, whatever the number of their accounts.

    Raises UsageError where the name is taken and ConfigError where a value is wrong.
    """
    own = {"id": new_id(), **_given(fields)}

    def append(document: MutableMapping[str, Any], settings: Settings) -> None:
        check_account(settings, home, own)
        _append(document, "accounts", _under_its_name(document, settings, own))

    settings = _change(home, append)
    account = settings.account(str(own["id"]))
    assert account is not None
    return account


def _under_its_name(
    document: MutableMapping[str, Any], settings: Settings, own: dict[str, object]
) -> dict[str, object]:
    """What is written of the account: without its `shop` where that is the desk's, which it becomes where the desk has none."""
    import tomlkit

    shop = str(own.get("shop", ""))
    if shop and not settings.desk.shop:
        document.setdefault("desk", tomlkit.table())["shop"] = shop
    elif shop != settings.desk.shop:
        return own
    return {key: value for key, value in own.items() if key != "shop"}


def check_account(settings: Settings, home: Home, fields: dict[str, object]) -> Account:
    """The account that `add_account` would make of `fields`; raises UsageError and ConfigError."""
    name = str(fields["name"])
    if settings.account(name):
        raise UsageError(reason=tr("there is an account {name} already").format(name=name))
    row = "".join(f"{key} = {_toml(value)}\n" for key, value in _given(fields).items())
    return settings_of(f"[[accounts]]\n{row}", home.config_file).accounts[0]


def _given(fields: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value not in (None, (), [], {})}


def remove_account(home: Home, name: str) -> Account:
    """Takes the account's table out and returns what it was; raises NotFoundError."""
    before = ensure(home)
    account = known_account(before, name)

    def take_out(document: MutableMapping[str, Any], settings: Settings) -> None:
        known_account(settings, account.id, called=account.name)
        _remove(document, "accounts", "id", account.id)

    _change(home, take_out)
    former.remember(home, account)
    return account


def take_over(home: Home, name: str, former_id: str) -> Account:
    """The account goes by the id that it had before it was removed, and its tickets are its own again."""

    def put(document: MutableMapping[str, Any], settings: Settings) -> None:
        _row_of(document, settings, known_account(settings, name))["id"] = former_id

    return known_account(_change(home, put), former_id)


def rename_account(home: Home, name: str, new: str) -> Account:
    """Gives the account another name; its id stays."""
    return change_account(home, name, "name", new)


def change_account(home: Home, name: str, key: str, value: object) -> Account:
    """Sets one key of one account; raises NotFoundError, UsageError, ConfigError."""
    account = known_account(ensure(home), name)

    def put(document: MutableMapping[str, Any], settings: Settings) -> None:
        if key == "name" and value != account.name and settings.account(str(value)):
            raise UsageError(reason=tr("there is an account {name} already").format(name=value))
        _row_of(document, settings, account)[key] = value

    changed = _change(home, put).account(account.id)
    assert changed is not None
    return changed


def move_secret(home: Home, name: str, place: dict[str, object]) -> Account:
    """Says where an account's secret is from now on, with the one key of `place`; raises NotFoundError, ConfigError."""
    account = known_account(ensure(home), name)

    def put(document: MutableMapping[str, Any], settings: Settings) -> None:
        row = _row_of(document, settings, account)
        for key in SECRETS:
            if key in row and key not in place:
                del row[key]
        row.update(place)

    return known_account(_change(home, put), account.id)


def known_account(settings: Settings, name: str, *, called: str = "") -> Account:
    """The account of that name or id; raises NotFoundError with the nearest name, of an id by what it was `called`."""
    if account := settings.account(name):
        return account
    guess = hint(called or name, [each.name for each in settings.accounts])
    raise NotFoundError(what="account", name=f"{called or name}{guess}")


def _row_of(document: MutableMapping[str, Any], settings: Settings, account: Account) -> Any:
    """The table of an account; raises NotFoundError where another process took it out meanwhile."""
    known = known_account(settings, account.id, called=account.name)
    return next(row for row in document["accounts"] if row["id"] == known.id)


def add_agent(home: Home, name: str, address: str = "", *, first: str = "") -> Agent:
    """Appends an `[[agents]]` table; raises UsageError where the name is taken, be it in other letters or spaces: who says "joan"
    and "Joan" aloud means one person. `first` is who has worked here so far, and comes before whoever is the first to be added."""
    name = " ".join(name.split())

    def append(document: MutableMapping[str, Any], settings: Settings) -> None:
        known = [each.name for each in settings.agents]
        if first and not known and first != name:
            known = [first]
            _append(document, "agents", {"name": first})
        if taken := next((each for each in known if folded(each) == folded(name)), ""):
            raise UsageError(reason=tr("there is an agent {name} already").format(name=taken))
        _append(document, "agents", {"name": name, **({"address": address} if address else {})})

    return _change(home, append).agents[-1]


def add_view(home: Home, view: OwnView) -> OwnView:
    """Appends a `[[views]]` table; raises UsageError where the name is taken and ConfigError where a value is wrong."""

    def append(document: MutableMapping[str, Any], settings: Settings) -> None:
        same = (each.name for each in settings.views if each.name.casefold() == view.name.casefold())
        if taken := next(same, None):
            raise UsageError(reason=tr("there is a view {name} already").format(name=taken))
        _append(document, "views", {key: value for key, value in asdict(view).items() if value})

    return _change(home, append).views[-1]


def add_lookup(home: Home, name: str, fields: dict[str, object]) -> Settings:
    """Writes the table `[lookup.name]` where there is none of that name; raises ConfigError where a value is wrong."""
    import tomlkit

    def put(document: MutableMapping[str, Any], _: Settings) -> None:
        tables = document.setdefault("lookup", tomlkit.table(is_super_table=True))
        if name not in tables:
            tables[name] = tomlkit.item(fields)

    return _change(home, put)


def change_value(home: Home, table: str, key: str, value: object) -> Settings:
    """Sets one key of a table such as `[ui]`, its comment kept; raises ConfigError where the value is wrong."""
    import tomlkit

    def put(document: MutableMapping[str, Any], _: Settings) -> None:
        document.setdefault(table, tomlkit.table())[key] = value

    return _change(home, put)


def remove_view(home: Home, name: str) -> OwnView:
    """Takes the view's table out and returns what it was; raises NotFoundError with the nearest name."""
    views = {each.name: each for each in ensure(home).views}
    gone = views.get(name) or {each.casefold(): views[each] for each in views}.get(name.casefold())
    if gone is None:
        raise NotFoundError(what="view", name=f"{name}{hint(name, list(views))}")

    def take_out(document: MutableMapping[str, Any], settings: Settings) -> None:
        if gone.name not in {each.name for each in settings.views}:
            raise NotFoundError(what="view", name=gone.name)
        _remove(document, "views", "name", gone.name)

    _change(home, take_out)
    return gone


def new_id() -> str:
    """A UUID of version 7: its first 48 bits are milliseconds, so that ids sort by age."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")  # part of an id, never read as a time
    chance = bytearray(os.urandom(10))
    chance[0] = 0x70 | chance[0] & 0x0F
    chance[2] = 0x80 | chance[2] & 0x3F
    return str(uuid.UUID(bytes=stamp + bytes(chance)))


def first_text(language: str = "") -> str:
    """A new config.toml: every key with its default and one comment, in the language in use; the desk's is `language`, by
    default the system's."""
    lines = [
        tr("# agentdesk's configuration. Change it freely: agentdesk keeps what you write, comments too."),
        tr("# `agentdesk config validate` checks it and `agentdesk config show` says what counts."),
    ]
    for table in ROOT:
        lines += ["", *_first_table(table, language or from_environment(os.environ))]
    return "\n".join(lines) + "\n"


def _first_table(table: Key, language: str) -> Iterator[str]:
    if table.kind == "tables":
        command = {"agents": "agent add", "views": "view add"}.get(table.name, "account add")
        text = tr("# [[{table}]]: {help}; `agentdesk {command}` writes them below.")
        yield text.format(table=table.name, help=tr(table.help), command=command)
        return
    if table.kind == "named":
        yield tr("# [{table}.NAME]: {help}; see docs/lookups.md.").format(
            table=table.name, help=tr(table.help)
        )
        return
    yield f"[{table.name}]"
    if table.kind == "any":
        yield f"# {_EXAMPLES[table.name]}   # {tr(table.help)}"
    from_system = {"zone": system_zone(), "language": language}
    for key in table.keys:
        if key.kind == "table":
            value = "{ " + ", ".join(f"{each.name} = {_toml(each.default)}" for each in key.keys) + " }"
        else:
            value = _toml(from_system.get(key.name, key.default))
        choices = f" ({', '.join(key.choices)})" if key.choices else ""
        yield f"{key.name} = {value}".ljust(33) + f" # {tr(key.help)}{choices}"


def _toml(value: object) -> str:
    """JSON's texts, numbers and lists are TOML's too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _change(home: Home, change: Callable[[MutableMapping[str, Any], Settings], None]) -> Settings:
    """Applies `change` to the document under the lock; checks the outcome before it is written."""
    ensure(home)
    with _turn(home):
        return _changed(home, change)


def _changed(home: Home, change: Callable[[MutableMapping[str, Any], Settings], None]) -> Settings:
    """The same for whoever holds the lock."""
    import tomlkit

    text = text_of(home)
    document = tomlkit.parse(text)
    change(document, settings_of(text, home.config_file))
    changed = tomlkit.dumps(document)
    settings = settings_of(changed, home.config_file)
    write_file(home.config_file, changed.encode())
    return settings


def _append(document: Any, name: str, fields: dict[str, Any]) -> None:
    import tomlkit
    from tomlkit.items import AoT

    rows = document.get(name)
    by_hand = rows is not None and not isinstance(rows, AoT)  # somebody wrote accounts = [{...}]
    row: Any = tomlkit.inline_table() if by_hand else tomlkit.table()
    row.update(fields)
    if rows is None:
        document.add(tomlkit.nl())
        document[name] = rows = tomlkit.aot()
    elif not by_hand and len(rows):
        trailing = _trailing(rows[-1])
        del rows[-1].value.body[len(rows[-1].value.body) - len(trailing) :]
        rows[-1].add(tomlkit.nl())
        for item in trailing:
            row.add(item)
    rows.append(row)


def _remove(document: MutableMapping[str, Any], name: str, key: str, value: str) -> None:
    """Takes out the table of `name` whose `key` is `value`; comments behind it stay."""
    rows = document[name]
    place = next(at for at, row in enumerate(rows) if row[key] == value)
    _keep_comments(document, rows, place)
    del rows[place]
    if not rows:
        del document[name]


def _trailing(row: Any) -> list[Any]:
    """Comments after the last key of a table: to a reader they belong to what follows."""
    from tomlkit.items import Comment, Whitespace

    found: list[Any] = []
    for key, item in reversed(row.value.body):
        if key is not None or not isinstance(item, Comment | Whitespace):
            break
        found.insert(0, item)
    return found if any(isinstance(item, Comment) for item in found) else []


def _keep_comments(document: Any, rows: Any, place: int) -> None:
    """Gives the comments behind a table that goes to the table before it."""
    from tomlkit.items import AoT, Table

    if not isinstance(rows, AoT):
        return
    before = document
    for value in document.values():
        if value is rows:
            break
        before = value[-1] if isinstance(value, AoT) else value if isinstance(value, Table) else before
    for item in _trailing(rows[place]):
        (rows[place - 1] if place else before).add(item)


@contextmanager
def _turn(home: Home) -> Iterator[None]:
    """One writer at a time; the lock dies with its process."""
    path: Path = home.lock("config")
    make_directory(path.parent)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DiskError(path=path, reason=error.strerror or error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
