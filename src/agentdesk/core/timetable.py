"""The opening hours of a shop as a value: weekly hours, several a day, holidays, days with hours of their own.

Promises: a calendar that stands has been checked, and opens again and again for ever; equal calendars are
equal values, whoever made them. Refuses: a calendar that never opens, so that no search for the next opening
can run for ever or has to give up early; reading files; arithmetic, which is `core.hours`'s.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from agentdesk.values import dataclass

DAY = 86_400


class Reason(StrEnum):
    """Why a stretch of time counts or does not. The last three are given by `core.explain` only."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    SPECIAL = "special"
    PAUSED = "paused"
    UNLISTED = "unlisted"
    MONTHS = "months"


class Yearly(NamedTuple):
    """A day of every year; 29 February only in years that have it."""

    month: int
    day: int


class Hours(NamedTuple):
    """[opens, closes) in seconds of the wall clock since local midnight; closes may be 86400, 24:00."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day without hours, on a date or every year."""

    on: date | Yearly
    name: str = ""


@dataclass(frozen=True, slots=True)
class Special:
    """A day with hours of its own, possibly none; it outranks holidays."""

    on: date | Yearly
    hours: tuple[Hours, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts on one date."""

    hours: tuple[Hours, ...]
    reason: Reason
    name: str


@dataclass(frozen=True, eq=False)
class Calendar:
    """Opening hours. `zone` is any tzinfo that knows `fold` (PEP 495; zoneinfo does).

    `week` has seven entries, Monday first. What counts for a date, the first that is there: a special date,
    a yearly special day, a holiday by date, a yearly holiday, the week. `always` is 24x7 and has nothing else.
    Raises ValueError with one of these codes as its only argument: hours_outside_day, hours_backwards,
    hours_overlap, week_not_seven, no_such_day, day_twice, always_with_hours, never_opens,
    never_opens_again (nothing but single dates opens it).
    """

    name: str
    zone: tzinfo
    week: tuple[tuple[Hours, ...], ...] = ((),) * 7
    holidays: tuple[Holiday, ...] = ()
    special: tuple[Special, ...] = ()
    always: bool = False
    last_date: date = field(init=False, repr=False)
    never_closes: bool = field(init=False, repr=False)
    rules: Mapping[date | Yearly, Rule] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__
        keep(self, "_hash", hash((self.name, self.week, self.holidays, self.special, self.always)))
        keep(self, "rules", MappingProxyType(_rules(self.holidays, self.special)))
        dates = [on for on in self.rules if isinstance(on, date)]
        keep(self, "last_date", max(dates, default=date.min))
        keep(self, "never_closes", self._closes_no_more())

    def _closes_no_more(self) -> bool:
        """Whether it stays open after its last single date; ValueError where it stays closed after it."""
        if self.always:
            if self.rules or any(self.week):
                raise ValueError("always_with_hours")
            return True
        if len(self.week) != 7:
            raise ValueError("week_not_seven")
        for hours in (*self.week, *(each.hours for each in self.special)):
            check_hours(hours)
        # In 400 years every day of the year falls on every weekday, so a day that no yearly rule closes opens
        # as soon as the week lets it.
        days = [self.rules.get(Yearly(on.month, on.day)) for on in _leap_year()]
        opens = any(any(self.week) if rule is None else rule.hours for rule in days)
        if not opens:
            only_dates = any(rule.hours for rule in self.rules.values())
            raise ValueError("never_opens_again" if only_dates else "never_opens")
        full_week = all(_is_full(hours) for hours in self.week)
        return all(full_week if rule is None else _is_full(rule.hours) for rule in days)

    def rule(self, on: date) -> Rule:
        """What counts on a local date."""
        if self.always:
            return Rule((Hours(0, DAY),), Reason.OPEN, "")
        found = [rule for key in (on, Yearly(on.month, on.day)) if (rule := self.rules.get(key))]
        special = next((rule for rule in found if rule.reason is Reason.SPECIAL), None)
        if found:
            return special or found[0]
        return Rule(self.week[on.weekday()], Reason.OPEN, "")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Calendar) and (
            self.name,
            self.zone,
            self.week,
            self.holidays,
            self.special,
            self.always,
        ) == (other.name, other.zone, other.week, other.holidays, other.special, other.always)

    def __hash__(self) -> int:
        """Kept, because every look into the cache of days asks for it; without the zone, whose own hash not
        every tzinfo has."""
        return self._hash


def always_open(zone: tzinfo, name: str = "always") -> Calendar:
    """24 hours on 7 days: a desk without opening hours."""
    return Calendar(name, zone, always=True)


def _rules(holidays: Iterable[Holiday], special: Iterable[Special]) -> dict[date | Yearly, Rule]:
    """One rule for each date or day of the year; what is special stands over a holiday of the same key."""
    found: dict[date | Yearly, Rule] = {}
    for each in holidays:
        _put(found, each.on, Rule((), Reason.HOLIDAY, each.name))
    extra: dict[date | Yearly, Rule] = {}
    for each_special in special:
        _put(extra, each_special.on, Rule(each_special.hours, Reason.SPECIAL, each_special.name))
    return found | extra


def _put(rules: dict[date | Yearly, Rule], on: date | Yearly, rule: Rule) -> None:
    if isinstance(on, Yearly):
        try:
            date(2000, on.month, on.day)
        except ValueError:
            raise ValueError("no_such_day") from None
    if on in rules:
        raise ValueError("day_twice")
    rules[on] = rule


def check_hours(hours: tuple[Hours, ...]) -> None:
    """Raises ValueError: hours_outside_day, hours_backwards or hours_overlap. Hours may touch."""
    for opens, closes in hours:
        if not (0 <= opens <= DAY and 0 <= closes <= DAY):
            raise ValueError("hours_outside_day")
        if opens >= closes:
            raise ValueError("hours_backwards")
    row = sorted(hours)
    if any(later.opens < earlier.closes for earlier, later in pairwise(row)):
        raise ValueError("hours_overlap")


def _is_full(hours: tuple[Hours, ...]) -> bool:
    row = sorted(hours)
    if not row or row[0].opens or row[-1].closes != DAY:
        return False
    return all(earlier.closes == later.opens for earlier, later in pairwise(row))


def _leap_year() -> Iterator[date]:
    return (date(2000, 1, 1) + timedelta(days=day) for day in range(366))
