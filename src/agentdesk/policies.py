"""The shop's own files on time, `sla.toml` and `calendars/*.toml`, as the values of `core.sla` and `core.timetable`.

Promises: whatever is wrong is one `ConfigError` with file, dotted key, reason and the nearest right word; the
first folder that has a file wins over the others, and what is shipped comes last; the whole of a file that is
used is checked. Refuses: reading config.toml, keeping anything, a country's holidays where no country is named
(the library that knows them takes a twentieth of a second to load).
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from pathlib import Path
from typing import Any, NoReturn, cast, get_args
from zoneinfo import ZoneInfo, available_timezones

from agentdesk import shipped
from agentdesk.core.model import CHANNELS, Status
from agentdesk.core.segment import Segment
from agentdesk.core.sla import DEFAULT_EFFECTS, NEVER_PAUSED, Effect, Metric, Policy, Source, Target, Tier
from agentdesk.core.timetable import Calendar, Holiday, Hours, Special, Yearly, always_open, check_hours
from agentdesk.errors import N_, ConfigError
from agentdesk.i18n import tr

ALWAYS = "none"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 10_000 * 3600
_REASONS = {
    "hours_outside_day": N_("a day goes from 00:00 to 24:00"),
    "hours_backwards": N_(
        "it closes before it opens; write a night shift on both days, up to 24:00 and from 00:00"
    ),
    "hours_overlap": N_("two of these times overlap"),
    "never_opens": N_("with these hours and holidays the shop never opens"),
    "never_opens_again": N_("after its special dates the shop never opens again; write hours under [week]"),
}


def load_policy(
    data_dirs: Sequence[Path],
    preset: str,
    calendar_name: str | None,
    zone: tzinfo,
    *,
    language: str | None = None,
    segments: Sequence[Segment] = (),
) -> Policy:
    """The policy `preset` of sla.toml over the calendar of that name (None: always open), from the first of
    `data_dirs` that has the file, else as shipped. Only of these `segments` it may speak. `zone` counts where the calendar names none. Raises ConfigError."""
    source = _read(data_dirs, "sla.toml")
    table = source.raw.get(preset)
    if not isinstance(table, dict):
        source.unknown(preset, source.raw, tr("there is no such preset{hint}"))
    calendar = load_calendar(data_dirs, calendar_name, zone, language=language)
    return _Preset(source, preset, segments).policy(table, calendar)


def load_calendar(
    data_dirs: Sequence[Path], name: str | None, zone: tzinfo, *, language: str | None = None
) -> Calendar:
    """The calendar `name`, found as `load_policy` does; None or "none" is always open. `language` (es, ca, en) is that
    of the public holidays' names, where the country has it. Raises ConfigError."""
    if name is None or name == ALWAYS:
        return always_open(zone)
    if re.fullmatch(r"[\w-]+", name) is None:
        _fail(Path("calendars"), name, tr("a calendar's name is made of letters, digits and -"))
    source = _read(data_dirs, f"calendars/{name}.toml")
    source.known(source.raw, ("zone", "country", "region", "week", "holidays", "special"), "")
    week = source.table("week")
    source.known(week, WEEK, "week")
    holidays = _public(source, language) | _own(source)
    try:
        return Calendar(
            name,
            _zone(source, zone),
            tuple(_hours(source, week.get(day, []), f"week.{day}") for day in WEEK),
            tuple(Holiday(on, called) for on, called in holidays.items()),
            _special(source),
        )
    except ValueError as error:
        source.fail("week", tr(_REASONS[str(error)]))


def _fail(file: Path, key: str, reason: str, nearest: str | None = None) -> NoReturn:
    raise ConfigError(file=file, key=key, reason=reason, nearest=nearest) from None


class _File:
    """A TOML file and the ways in which it can be wrong."""

    def __init__(self, path: Path, raw: dict[str, Any]) -> None:
        self.path = path
        self.raw = raw

    def fail(self, key: str, reason: str, nearest: str | None = None) -> NoReturn:
        _fail(self.path, key, reason, nearest)

    def unknown(self, word: str, choices: Iterable[str], reason: str, key: str | None = None) -> NoReturn:
        """`reason` has a {hint} for the nearest choice."""
        names = sorted(choices)
        nearest = next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.5)), None)
        hint = ""
        if nearest is not None:
            hint = tr("; did you mean {word}?").format(word=nearest)
        elif 0 < len(names) <= 12:
            hint = tr("; it can be {words}").format(words=", ".join(names))
        self.fail(key or word, reason.format(hint=hint), nearest)

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

    def seconds(self, value: object, key: str) -> int:
        """A duration such as "1h 30min", or a number of seconds."""
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


def _read(data_dirs: Sequence[Path], name: str) -> _File:
    folders = (*data_dirs, shipped())
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        there = {each.stem for folder in folders for each in (folder / name).parent.glob("*.toml")}
        _File(folders[0] / name, {}).unknown(Path(name).stem, there, tr("there is no such file{hint}"))
    try:
        return _File(path, tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except UnicodeDecodeError:
        _fail(path, path.name, tr("it must be written in UTF-8"))
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at ")
        _fail(path, place.rstrip(")") or "TOML", said)
    except OSError as error:
        _fail(path, path.name, error.strerror or str(error))


class _Preset:
    """One preset of sla.toml."""

    def __init__(self, source: _File, name: str, segments: Sequence[Segment]) -> None:
        self.source = source
        self.name = name
        self.configured = {each.name: each for each in segments}

    def policy(self, table: dict[str, Any], calendar: Calendar) -> Policy:
        source, name = self.source, self.name
        source.known(
            table,
            ("channel", "segment", "fallback", "pause", "due_soon_share", "due_soon_least", "recovery"),
            name,
        )
        channels = source.table("channel", table, name)
        source.known(channels, CHANNELS, f"{name}.channel")
        rows = {kind: source.table(kind, channels, f"{name}.channel") for kind in channels}
        targets = {kind: self.targets(kind, row) for kind, row in rows.items() if "like" not in row}
        if not targets:
            source.fail(f"{name}.channel", tr("no channel has a target"))
        like = {kind: self.like(kind, row, targets) for kind, row in rows.items() if "like" in row}
        first = "email" if "email" in targets else next(iter(targets))
        return Policy(
            preset=name,
            calendar=calendar,
            targets=targets,
            like=like,
            fallback=source.choice(table.get("fallback", first), targets, f"{name}.fallback"),
            effects=self.effects(table),
            soon_share=source.number(table.get("due_soon_share", 0.25), f"{name}.due_soon_share", 1),
            soon_least=source.seconds(table.get("due_soon_least", 60), f"{name}.due_soon_least"),
            recovery=source.number(table.get("recovery", 5), f"{name}.recovery", 100),
            segments=tuple(self.segments(table)),
        )

    def segments(self, table: dict[str, Any]) -> Iterator[tuple[Segment, dict[str, tuple[Target, ...]]]]:
        """What is promised to some customers, by channel: `[guide.segment.vip.email]`."""
        source, path = self.source, f"{self.name}.segment"
        for name in (wanted := source.table("segment", table, self.name)):
            if name not in self.configured:
                reason = tr("config.toml has no such segment{hint}")
                source.unknown(name, self.configured, reason, f"{path}.{name}")
            channels = source.table(name, wanted, path)
            source.known(channels, CHANNELS, f"{path}.{name}")
            rows = {kind: source.table(kind, channels, f"{path}.{name}") for kind in channels}
            yield (
                self.configured[name],
                {kind: self.targets(kind, row, f"segment.{name}") for kind, row in rows.items()},
            )

    def like(self, kind: str, row: dict[str, Any], targets: Iterable[str]) -> str:
        key = f"{self.name}.channel.{kind}"
        self.source.known(row, ("like",), key)
        return self.source.choice(row["like"], targets, f"{key}.like")

    def targets(self, kind: str, row: dict[str, Any], of: str = "channel") -> tuple[Target, ...]:
        key = f"{self.name}.{of}.{kind}"
        self.source.known(row, (*Metric, "source", "like"), key)
        usual = self.origin(row, f"{key}.source", "shop")
        found = [
            target
            for metric in Metric
            if metric in row
            for target in self.tiers(metric, row[metric], f"{key}.{metric}", usual)
        ]
        if not found:
            self.source.fail(key, tr("it has neither a target nor like = another channel"))
        return tuple(found)

    def tiers(self, metric: Metric, value: object, key: str, usual: Source) -> list[Target]:
        if not isinstance(value, dict):
            return [Target(metric, Tier.STANDARD, self.source.seconds(value, key), usual)]
        self.source.known(value, (*Tier, "source"), key)
        origin = self.origin(value, f"{key}.source", usual)
        within = {tier: self.source.seconds(value[tier], f"{key}.{tier}") for tier in Tier if tier in value}
        if within.get(Tier.WORLD_CLASS, 0) > within.get(Tier.STANDARD, LONGEST):
            self.source.fail(f"{key}.world_class", tr("it must not be longer than the standard"))
        return [Target(metric, tier, seconds, origin) for tier, seconds in within.items()]

    def origin(self, table: dict[str, Any], key: str, usual: Source) -> Source:
        return cast("Source", self.source.choice(table.get("source", usual), get_args(Source), key))

    def effects(self, table: dict[str, Any]) -> Mapping[Status, Mapping[Metric, Effect]]:
        if "pause" not in table:
            return DEFAULT_EFFECTS
        pauses = self.source.table("pause", table, self.name)
        statuses = [each for each in Status if each not in {Status.RESOLVED, Status.CLOSED}]
        self.source.known(pauses, statuses, f"{self.name}.pause")
        found = {status: DEFAULT_EFFECTS[status] for status in (Status.RESOLVED, Status.CLOSED)}
        metrics = [metric for metric in Metric if metric not in NEVER_PAUSED]
        for name, words in pauses.items():
            key = f"{self.name}.pause.{name}"
            names = [self.source.choice(word, metrics, key) for word in self.source.texts(words, key)]
            found[Status(name)] = {Metric(each): "pause" for each in names}
        return found


def _zone(source: _File, usual: tzinfo) -> tzinfo:
    name = source.text("zone")
    if name is None:
        return usual
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        source.unknown(name, available_timezones(), tr("this time zone is not known{hint}"), "zone")


def _hours(source: _File, value: object, key: str) -> tuple[Hours, ...]:
    found = []
    for text in source.texts(value, key):
        clock = re.fullmatch(r"\s*(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)\s*", text)
        if clock is None or int(clock[2]) > 59 or int(clock[4]) > 59:
            source.fail(key, tr('{text} is not a time such as "10:00-14:00"').format(text=text))
        opens, opens_min, closes, closes_min = map(int, clock.groups())
        found.append(Hours(opens * 3600 + opens_min * 60, closes * 3600 + closes_min * 60))
    try:
        check_hours(tuple(found))
    except ValueError as error:
        source.fail(key, tr(_REASONS[str(error)]))
    return tuple(sorted(found))


def _special(source: _File) -> tuple[Special, ...]:
    found: dict[date | Yearly, Special] = {}
    table = source.table("special")
    for text in table:
        key = f'special."{text}"'
        on = _on(source, text, key)
        value = source.table(text, table, "special")
        source.known(value, ("open", "name"), key)
        if "open" not in value:
            source.fail(key, tr('it needs open = ["10:00-14:00"], or open = [] for a closed day'))
        found[on] = Special(on, _hours(source, value["open"], f"{key}.open"), str(value.get("name", "")))
    return tuple(found.values())


def _own(source: _File) -> dict[date | Yearly, str]:
    """The shop's own days off; a single day's name wins over that of a stretch it lies in."""
    stretches: dict[date | Yearly, str] = {}
    single: dict[date | Yearly, str] = {}
    for text, name in source.table("holidays").items():
        key = f'holidays."{text}"'
        if not isinstance(name, str):
            source.fail(key, tr("it must be a text in quotes"))
        first, _, last = text.partition("..")
        begin = _on(source, first, key)
        if not last:
            single[begin] = name
            continue
        stretches |= dict.fromkeys(_through(source, begin, _on(source, last, key), key), name)
    return stretches | single


def _through(source: _File, begin: date | Yearly, end: date | Yearly, key: str) -> list[date | Yearly]:
    """Every day of a stretch; a yearly one may go over New Year's Eve."""
    if isinstance(begin, Yearly) and isinstance(end, Yearly):
        first, last = date(2000, *begin), date(2000 if begin <= end else 2001, *end)
        wrap: Callable[[date], date | Yearly] = lambda on: Yearly(on.month, on.day)  # noqa: E731 - two shapes of one step
    elif isinstance(begin, date) and isinstance(end, date) and begin <= end:
        first, last, wrap = begin, end, lambda on: on
    else:
        source.fail(key, tr("a stretch goes from one day to a later one of the same kind"))
    if (last - first).days > 366:
        source.fail(key, tr("a stretch is at most a year long"))
    return [wrap(first + timedelta(days=day)) for day in range((last - first).days + 1)]


def _on(source: _File, text: str, key: str) -> date | Yearly:
    yearly = re.fullmatch(r"\d\d-\d\d", text) is not None
    if not yearly and re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
        source.fail(key, tr("it must be a date such as 2026-12-24, or 12-24 for every year"))
    try:
        on = date.fromisoformat(f"2000-{text}" if yearly else text)
    except ValueError:
        source.fail(key, tr("there is no such day"))
    return Yearly(on.month, on.day) if yearly else on


def _public(source: _File, language: str | None) -> dict[date | Yearly, str]:
    """The public holidays of the file's country and region, as far as they are known."""
    country, region = source.text("country"), source.text("region")
    country = country and country.upper()
    if country is None:
        if region is not None:
            source.fail("region", tr("a region needs its country"))
        return {}
    import holidays

    regions = holidays.list_supported_countries(include_aliases=True)
    if country not in regions:
        source.unknown(country, regions, tr("no holidays are known for this country{hint}"), "country")
    if region is not None and region not in regions[country]:
        source.unknown(region, regions[country], tr("this region is not known{hint}"), "region")
    asked = "en_US" if language == "en" else language
    known = holidays.country_holidays(country, subdiv=region)
    years = range(max(FIRST_YEAR, known.start_year), min(LAST_YEAR, known.end_year) + 1)
    found = holidays.country_holidays(country, subdiv=region, years=years, language=asked)
    return dict(sorted(found.items()))
