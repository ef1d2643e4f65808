"""A day of the past as people write it in a query: 2026-11-22, 22/11/2026, today, ayer, 7d.

Promises: a day is the desk's day and means its beginning, so that `after:` a day has the day in it and `before:` has not;
an age counts back from now to the second, or on from it. Refuses: guessing; 3/4 without a year and 2m (months or minutes?) mean nothing.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from agentdesk.core.folding import folded

_DAYS = {"today": 0, "hoy": 0, "avui": 0, "yesterday": 1, "ayer": 1, "ahir": 1}
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "y": 24 * 365}
_AGE = re.compile(r"(\d{1,5})([hdwy])", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


def beginning(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The instant (UTC) that `text` means at `now` in `zone`; None where it means none."""
    try:
        return _beginning(folded(text), now, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def ahead(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The same of what is still to come: an age counts on from now."""
    at = beginning(text, now, zone)
    return now + (now - at) if at is not None and _AGE.fullmatch(folded(text)) else at


def _beginning(text: str, now: datetime, zone: tzinfo) -> datetime:
    if found := _AGE.fullmatch(text):
        return now - timedelta(hours=int(found[1]) * _HOURS[found[2]])
    if text in _DAYS:
        return _midnight(now.astimezone(zone).date() - timedelta(days=_DAYS[text]), zone)
    if found := _WRITTEN.fullmatch(text):
        return _midnight(date(int(found[4]), int(found[3]), int(found[1])), zone)
    if _MONTH.fullmatch(text):
        return _midnight(date.fromisoformat(f"{text}-01"), zone)
    at = datetime.fromisoformat(text.upper())
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
