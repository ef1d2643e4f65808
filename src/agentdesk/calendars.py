"""The shop's own `calendars/*.toml` as the values of `core.timetable`.

Promises: the whole of a file that is used is checked, and a calendar that stands opens again and again (`core.timetable`); whatever
is wrong is said as `timefile` says it. Refuses: a country's holidays where no country is named (the library that knows them takes
a twentieth of a second to load); keeping anything.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from agentdesk.core.timetable import Calendar, Holiday, Hours, Special, Yearly, always_open, check_hours
from agentdesk.errors import N_, ConfigError
from agentdesk.i18n import tr
from agentdesk.timefile import TimeFile, read

ALWAYS = "none"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_YEAR, LAST_YEAR = 2000, 2100
_REASONS = {
    "hours_outside_day": N_("a day goes from 00:00 to 24:00"),
    "hours_backwards": N_(
        "it closes before it opens; write a night shift on both days, up to 24:00 and from 00:00"
    ),
    "hours_overlap": N_("two of these times overlap"),
    "never_opens": N_("with these hours and holidays the shop never opens"),
    "never_opens_again": N_("after its special dates the shop never opens again; write hours under [week]"),
}


def load_calendar(
    data_dirs: Sequence[Path], name: str | None, zone: tzinfo, *, language: str | None = None
) -> Calendar:
    """The calendar `name`, found as `load_policy` does; None or "none" is always open. `language` (es, ca, en) is that
    of the public holidays' names, where the country has it. Raises ConfigError."""
    if name is None or name == ALWAYS:
        return always_open(zone)
    if re.fullmatch(r"[\w-]+", name) is None:
        reason = tr("a calendar's name is made of letters, digits and -")
        raise ConfigError(file=Path("calendars"), key=name, reason=reason, nearest=None)
    source = read(data_dirs, f"calendars/{name}.toml")
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


def _zone(source: TimeFile, usual: tzinfo) -> tzinfo:
    name = source.text("zone")
    if name is None:
        return usual
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        source.unknown(name, available_timezones(), tr("this time zone is not known{hint}"), "zone")


def _hours(source: TimeFile, value: object, key: str) -> tuple[Hours, ...]:
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


def _special(source: TimeFile) -> tuple[Special, ...]:
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


def _own(source: TimeFile) -> dict[date | Yearly, str]:
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


def _through(source: TimeFile, begin: date | Yearly, end: date | Yearly, key: str) -> list[date | Yearly]:
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


def _on(source: TimeFile, text: str, key: str) -> date | Yearly:
    yearly = re.fullmatch(r"\d\d-\d\d", text) is not None
    if not yearly and re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
        source.fail(key, tr("it must be a date such as 2026-12-24, or 12-24 for every year"))
    try:
        on = date.fromisoformat(f"2000-{text}" if yearly else text)
    except ValueError:
        source.fail(key, tr("there is no such day"))
    return Yearly(on.month, on.day) if yearly else on


def _public(source: TimeFile, language: str | None) -> dict[date | Yearly, str]:
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
