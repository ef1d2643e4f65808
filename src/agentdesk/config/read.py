"""config.toml to settings.

Promises: whatever is wrong is one `ConfigError` with file, dotted key, reason and the nearest right word, and `looked_over` has
all of them; a missing file means the defaults, with zone and language from the system. Refuses: writing, and reading secrets.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from agentdesk.config.checks import mail_address
from agentdesk.config.endpoint import endpoint
from agentdesk.config.home import Home
from agentdesk.config.lookup import lookup_of
from agentdesk.config.model import (
    Account,
    Agent,
    Automatic,
    Backup,
    Desk,
    Notify,
    OwnView,
    SecretPlace,
    Send,
    Settings,
    Shown,
    Ui,
    Voice,
)
from agentdesk.config.options import keys_of, ways
from agentdesk.config.schema import LOOKUP_SECRETS, ROOT, SECRETS, WAYS, Key, value_of
from agentdesk.config.segment import segment_of
from agentdesk.config.words import hint
from agentdesk.core.folding import folded
from agentdesk.core.model import CHANNELS, Endpoint
from agentdesk.core.segment import MOST, Segment
from agentdesk.core.views import VIEWS, sorts
from agentdesk.errors import ConfigError, ConfigLineError, DiskError, UnreadableError
from agentdesk.i18n import LANGUAGES, from_environment, tr

T = TypeVar("T")

DEFAULT = "default"
UNSAID = frozenset((*SECRETS, *LOOKUP_SECRETS, *WAYS, "pattern"))
"""What is not shown where nobody has said it."""


def load(home: Home) -> Settings:
    """The settings of `home`; raises ConfigError, or DiskError where the file is there and cannot be read."""
    return settings_of(text_of(home), home.config_file)


def text_of(home: Home) -> str:
    """What config.toml says, "" where there is none; raises ConfigError and UnreadableError."""
    try:
        return home.config_file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        _fail(home.config_file, "config.toml", tr("it must be written in UTF-8"))
    except OSError as error:
        raise UnreadableError(path=home.config_file, reason=error.strerror or error) from error


def looked_over(home: Home) -> tuple[Settings, tuple[ConfigLineError, ...]]:
    """Everything that is wrong in config.toml, in its order, and settings with the defaults in its place, to look further with;
    raises ConfigError where it is no TOML, and DiskError."""
    text = text_of(home)
    reader = _Reader(home.config_file)
    settings = reader.settings(_toml(text, home.config_file))
    found = [_with_line(text, each) for each in reader.mistakes]
    return settings, tuple(sorted(found, key=lambda each: int(each.values["line"])))


def settings_of(text: str, file: Path) -> Settings:
    """`text` as settings; `file` is named in errors and gives relative paths their place. Raises ConfigError for what is wrong
    first."""
    reader = _Reader(file)
    settings = reader.settings(_toml(text, file))
    for mistake in reader.mistakes:
        raise _with_line(text, mistake)
    return settings


def _with_line(text: str, mistake: ConfigError) -> ConfigLineError:
    from agentdesk.config.place import line_of

    return ConfigLineError(**mistake.values, line=line_of(text, str(mistake.values["key"])))


def _toml(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from agentdesk.shopfile import no_toml

        line, reason = no_toml(text, error)
        raise ConfigLineError(file=file, line=line, key="TOML", reason=reason) from None
    except (ValueError, RecursionError):  # numbers and tables that nobody writes
        _fail(file, "TOML", tr("a number in it is too long, or its lists lie too deep in each other"))


def language_of(home: Home, environ: Mapping[str, str]) -> str:
    """The language to speak before, or without, settings that can be used; never fails."""
    try:
        wanted = tomllib.loads(text_of(home))["desk"]["language"]
    except (ConfigError, DiskError, ValueError, RecursionError, KeyError, TypeError):
        wanted = None
    return wanted if wanted in LANGUAGES else from_environment(environ)


def system_zone() -> str:
    """The system's time zone, UTC where it does not say."""
    said = os.environ.get("TZ", "").lstrip(":")
    if not said:
        _, _, said = os.path.realpath("/etc/localtime").partition("zoneinfo/")
    try:
        return value_of(ROOT[0].keys[0], said) if said else "UTC"
    except ValueError:
        return "UTC"


def system_agent() -> Agent:
    """Whoever is logged in."""
    import getpass

    try:
        return Agent(getpass.getuser())
    except (OSError, KeyError):
        return Agent("agent")


def _fail(file: Path, key: str, reason: str) -> NoReturn:
    raise ConfigError(file=file, key=key, reason=reason) from None


class _Reader:
    """One pass over one file. What is wrong is noted, and read on with its default; a table that lacks what it cannot be without
    is looked into no further."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.shown: list[Shown] = []
        self.mistakes: list[ConfigError] = []

    def wrong(self, key: str, reason: str) -> None:
        self.note(ConfigError(file=self.file, key=key, reason=reason))

    def note(self, mistake: ConfigError) -> None:
        """Of two about one thing the first says it: what is no table lacks no keys."""
        key = mistake.values["key"]
        known = [each.values["key"] for each in self.mistakes]
        if not any(_is_in(key, each) or _is_in(each, key) for each in known):
            self.mistakes.append(mistake)

    def settings(self, raw: dict[str, Any]) -> Settings:
        values = self.table(ROOT, raw, "")
        hold = values["send"].pop("hold")
        desk = values["desk"]
        desk["calendar"] = None if desk["calendar"] == "none" else desk["calendar"]
        self.unique("agents", "name", values["agents"], folded)
        self.unique("accounts", "name", values["accounts"])
        self.unique("views", "name", values["views"])
        self.unique("accounts", "id", values["accounts"])
        return Settings(
            desk=Desk(**desk),
            agents=tuple(Agent(**each) for each in values["agents"]),
            accounts=tuple(self.account(each) for each in values["accounts"]),
            send=Send(hold["email"], hold["chat"], **values["send"]),
            ui=Ui(**values["ui"]),
            notify=Notify(**values["notify"]),
            backup=self.backup(values["backup"]),
            voice=Voice(**values["voice"]),
            away=values["away"],
            automatic=Automatic(**values["automatic"]),
            lookups=self.made(
                values["lookup"], lambda name, each: lookup_of(name, each, self.file, self.beside)
            ),
            segments=self.segments(values["segments"]),
            keys=values["keys"],
            views=tuple(self.view(each) for each in values["views"]),
            rules=tuple(dict.fromkeys(values["rules"]["on"])),
            shown=tuple(self.shown),
        )

    def table(self, keys: tuple[Key, ...], raw: object, path: str) -> dict[str, Any]:
        if not isinstance(raw, dict):
            self.wrong(path, tr("it must be a table"))
            raw = {}
        names = [key.name for key in keys]
        for name in raw:
            if name not in names:
                reason = tr("this key is not known{hint}").format(hint=hint(name, names))
                self.wrong(_dotted(path, name), reason)
        return {key.name: self.value(key, raw, _dotted(path, key.name)) for key in keys}

    def value(self, key: Key, raw: dict[str, Any], path: str) -> Any:
        given = raw.get(key.name)
        if key.kind == "table":
            return self.table(key.keys, {} if given is None else given, path)
        if key.kind == "tables":
            return self.tables(key, [] if given is None else given, path)
        if key.kind == "named":
            return self.named(key, {} if given is None else given, path)
        if key.kind == "any":
            return self.opaque({} if given is None else given, path)
        default = _system(path) if key.default is None else key.default
        if given is None:
            if key.required:
                self.wrong(path, tr("this key is missing"))
            if key.name not in UNSAID:
                self.shown.append(Shown(path, default, DEFAULT))
            return default
        try:
            value = value_of(key, given)
        except ValueError as error:
            self.wrong(path, str(error))
            return default
        self.shown.append(Shown(path, _public(key, value), str(self.file)))
        return value

    def tables(self, key: Key, raw: object, path: str) -> list[dict[str, Any]]:
        if not isinstance(raw, list):
            self.wrong(path, tr("it must be written [[{name}]]").format(name=key.name))
            return []
        found = []
        for place, each in enumerate(raw):
            name = each.get("name") if isinstance(each, dict) else None
            label = _dotted(path, name) if isinstance(name, str) and name else f"{path}[{place}]"
            values = self.table(key.keys, each, label)
            if all(values[part.name] is not None for part in key.keys if part.required):
                found.append(values)
        return found

    def named(self, key: Key, raw: object, path: str) -> dict[str, dict[str, Any]]:
        """Tables by their names: `[lookup.orders]`."""
        if not isinstance(raw, dict):
            self.wrong(path, tr("it must be a table"))
            return {}
        return {name: self.table(key.keys, each, _dotted(path, name)) for name, each in raw.items()}

    def opaque(self, raw: object, path: str) -> dict[str, object]:
        """`"ticket.resolve" = "e"` and `ticket.resolve = "e"` say the same."""
        if not isinstance(raw, dict):
            self.wrong(path, tr("it must be a table"))
            return {}
        found: dict[str, object] = {}
        for name, value in raw.items():
            if isinstance(value, dict):
                found |= {f"{name}.{inner}": each for inner, each in self.opaque(value, "").items()}
            else:
                found[name] = value
        if path:
            self.shown.extend(
                Shown(_dotted(path, name), value, str(self.file)) for name, value in found.items()
            )
        return found

    def unique(
        self, table: str, key: str, rows: list[dict[str, Any]], told: Callable[[str], str] = str
    ) -> None:
        """No two are the same in `told`, by which they are told apart."""
        seen: dict[str, str] = {}
        for row in rows:
            first = seen.setdefault(told(row[key]), row["name"])
            if first is not row["name"]:
                reason = tr("{value} is there twice").format(value=row[key])
                self.wrong(f"{table}.{row['name']}.{key}", reason)

    def view(self, values: dict[str, Any]) -> OwnView:
        if values["name"].casefold() in VIEWS:
            reason = tr("{name} is a view of every desk; choose another name").format(name=values["name"])
            self.wrong(f"views.{values['name']}.name", reason)
        known = sorts(values["view"])
        if values["sort"] and values["sort"] not in known:
            reason = tr("the view {view} can be in this order: {known}")
            words = reason.format(view=values["view"], known=", ".join(known))
            self.wrong(f"views.{values['name']}.sort", words)
        return OwnView(**values)

    def account(self, values: dict[str, Any]) -> Account:
        path = f"accounts.{values['name']}"
        places = [(kind, values.pop(kind)) for kind in SECRETS]
        given = [(kind, value) for kind, value in places if value is not None]
        if len(given) > 1:
            reason = tr("only one of {names} can be given").format(names=", ".join(kind for kind, _ in given))
            self.wrong(f"{path}.{given[1][0]}", reason)
        if values["channel"] == "email":
            values["address"] = self.mailbox(values["address"], f"{path}.address")
        values["options"] = self.options(values["channel"], values["options"], f"{path}.options")
        ca_file = values.pop("ca_file")
        imap, smtp = (self.server(values, each, path) for each in ("imap", "smtp"))
        return Account(
            **values,
            imap=imap,
            smtp=smtp,
            secret=self.place(given[0] if given else ("secret", "keyring")),
            ca_file=self.beside(ca_file) if ca_file else None,
        )

    def mailbox(self, text: str, path: str) -> str:
        try:
            if text:
                return mail_address(text)
            self.wrong(path, tr("this key is missing"))
        except ValueError as error:
            self.wrong(path, str(error))
        return ""

    def options(self, channel: str, given: dict[str, object], path: str) -> dict[str, Any]:
        """Those of a channel that we know, checked; of another, as they are."""
        if channel not in CHANNELS:
            return given
        keys, known = keys_of(channel, given.get("way")), ways(channel)
        if known and given.get("way") not in known:
            self.wrong(_dotted(path, "way"), tr("it must be one of {names}").format(names=", ".join(known)))
        found = self.table(keys, given, path)
        return {name: value for name, value in found.items() if value is not None}

    def backup(self, values: dict[str, Any]) -> Backup:
        folder = values.pop("folder")
        return Backup(**values, folder=self.beside(folder) if folder else None)

    def server(self, values: dict[str, Any], protocol: str, path: str) -> Endpoint | None:
        url = values.pop(protocol)
        if url is None:
            return None
        try:
            return endpoint(url, protocol, values["address"])
        except ValueError as error:
            self.wrong(f"{path}.{protocol}", str(error))
            return None

    def made(self, values: Mapping[str, Any], make: Callable[[str, Any], T]) -> tuple[T, ...]:
        """What `make` makes of each name; its ConfigErrors are noted."""
        found = []
        for name, each in values.items():
            try:
                found.append(make(name, each))
            except ConfigError as mistake:
                self.note(mistake)
        return tuple(found)

    def segments(self, values: Mapping[str, object]) -> tuple[Segment, ...]:
        found = self.made(values, lambda name, text: segment_of(name, text, self.file))
        for each in found[MOST:]:
            self.wrong(f"segments.{each.name}", tr("there are at most {most} segments").format(most=MOST))
        return found

    def place(self, given: tuple[str, str]) -> SecretPlace:
        kind, value = given
        if kind == "command":
            return SecretPlace("command", value)
        if kind == "env":
            return SecretPlace("env", value)
        if kind == "file":
            return SecretPlace("file", str(self.beside(value)))
        return SecretPlace()

    def beside(self, path: str) -> Path:
        """A relative path is taken from the configuration's own directory."""
        try:
            return self.file.parent / Path(path).expanduser()
        except RuntimeError:  # of somebody who is not here: whoever reads it says that it is not there
            return self.file.parent / path


def _is_in(key: str, path: str) -> bool:
    return f"{key}.".startswith(f"{path}.")


def _dotted(path: str, name: str) -> str:
    """`name` under `path`; quoted where TOML would ask for quotes."""
    plain = re.fullmatch(r"[\w-]+", name) is not None
    word = name if plain else f'"{name}"'
    return f"{path}.{word}" if path else word


def _system(path: str) -> str | None:
    if path == "desk.zone":
        return system_zone()
    if path == "desk.language":
        return from_environment(os.environ)
    return None


def _public(key: Key, value: Any) -> object:
    """What may be shown: of a command only the program, of a server never a password (it would be refused), of another address
    not what it is asked."""
    if key.name in {"command", "secret_command"}:
        words = value if isinstance(value, tuple) else str(value).split(maxsplit=1)
        return f"{words[0]} ..." if words else ""
    if key.name in WAYS and key.kind == "text":
        return str(value).partition("?")[0]
    return list(value) if isinstance(value, tuple) else value
