"""A file of the shop's own on time, as `calendars` and `policies` read it: TOML in which the first mistake ends it.

Promises: whatever is wrong is one `ConfigError` with file, dotted key, reason and the nearest right word, and with the line, wherever
there is one; the first folder that has a file wins over the others, and what is shipped comes last. Refuses: knowing what it is for.
`shopfile` goes on after a mistake instead, since a quick reply that is wrong need not stop the desk; hours that are wrong must.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from agentdesk import shipped
from agentdesk.errors import ConfigError, NoCalendarError, TimeFileError
from agentdesk.i18n import tr
from agentdesk.shopfile import Lines, hint, no_toml

LONGEST = 10_000 * 3600
MOST_MONTHS = 24


class TimeFile:
    """A TOML file and the ways in which it can be wrong. Each of them raises TimeFileError with the line of the key at fault."""

    def __init__(self, path: Path, raw: dict[str, Any], lines: Lines) -> None:
        self.path = path
        self.raw = raw
        self.lines = lines

    def fail(self, key: str, reason: str, nearest: str | None = None) -> NoReturn:
        line = self.lines.of(key)
        raise TimeFileError(file=self.path, line=line, key=key, reason=reason, nearest=nearest) from None

    def unknown(self, word: str, choices: Iterable[str], reason: str, key: str | None = None) -> NoReturn:
        """`reason` has a {hint} for the nearest choice."""
        near, nearest = hint(word, sorted(choices))
        self.fail(key or word, reason.format(hint=near), nearest)

    def known(self, table: Mapping[str, Any], names: Iterable[str], path: str) -> None:
        choices = tuple(names)
        for name in table:
            if name not in choices:
                self.unknown(name, choices, tr("this key is not known{hint}"), f"{path}.{name}".lstrip("."))

    def choice(self, value: object, choices: Iterable[str], key: str) -> str:
        names = tuple(choices)
        if not isinstance(value, str) or value not in names:
            self.unknown(str(value), names, tr("this word is not known{hint}"), key)
        return value

    def table(self, name: str, within: Mapping[str, Any] | None = None, path: str = "") -> dict[str, Any]:
        """A table of `within` (the file), empty where there is none."""
        found = (self.raw if within is None else within).get(name, {})
        if not isinstance(found, dict):
            self.fail(f"{path}.{name}".lstrip("."), tr("it must be a table"))
        return found

    def text(self, name: str) -> str | None:
        value = self.raw.get(name)
        if value is not None and not isinstance(value, str):
            self.fail(name, tr("it must be a text in quotes"))
        return value

    def texts(self, value: object, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fail(key, tr('it must be a list of texts: ["...", "..."]'))
        return value

    def span(self, value: object, key: str) -> tuple[int, int]:
        """Months of the calendar, or seconds: of ("1 month"), of a duration such as "1h 30min", or of a number."""
        months = re.fullmatch(r"\s*(\d+)\s*months?\s*", str(value))
        if months is None:
            return 0, self.seconds(value, key)
        if not 1 <= int(months[1]) <= MOST_MONTHS:
            self.fail(key, tr("it must be from 1 to {most} months").format(most=MOST_MONTHS))
        return int(months[1]), 0

    def seconds(self, value: object, key: str) -> int:
        """Those of a duration such as "1h 30min", or a number of seconds."""
        parts = re.fullmatch(r"\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?\s*", str(value))
        if isinstance(value, int) and not isinstance(value, bool):
            total = value
        elif isinstance(value, str) and parts and value.strip():
            hours, minutes, seconds = (int(part or 0) for part in parts.groups())
            total = hours * 3600 + minutes * 60 + seconds
        else:
            self.fail(
                key,
                tr('it must be a time such as "30s", "15min" or "1h 30min"; a day is written in open hours'),
            )
        if not 1 <= total <= LONGEST:
            self.fail(key, tr("it must be between 1 s and 10000 h"))
        return total

    def number(self, value: object, key: str, high: int) -> float:
        """A number from 0 to `high`."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
            self.fail(key, tr("it must be a number from {low} to {high}").format(low=0, high=high))
        return value


def read(data_dirs: Sequence[Path], name: str) -> TimeFile:
    folders = (*data_dirs, shipped())
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        there = {each.stem for folder in folders for each in (folder / name).parent.glob("*.toml")}
        near, nearest = hint(Path(name).stem, sorted(there))
        reason = tr("there is no such file{hint}").format(hint=near)
        raise NoCalendarError(file=folders[0] / name, key=Path(name).stem, reason=reason, nearest=nearest)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(file=path, key=path.name, reason=tr("it must be written in UTF-8")) from None
    except OSError as error:
        raise ConfigError(file=path, key=path.name, reason=error.strerror or str(error)) from None
    try:
        return TimeFile(path, tomllib.loads(text), Lines(text))
    except tomllib.TOMLDecodeError as error:
        line, reason = no_toml(text, error)
        raise TimeFileError(file=path, line=line, key="TOML", reason=reason) from None
