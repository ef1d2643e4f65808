"""Calendar invitations as a few readable lines.

Promises: what, when, where, who invites and who is invited, for the first 20 events of a calendar, in the language that is
asked for; never raises. Refuses: answering an invitation, recurrences and time zone tables: times are those of the sender, with
the zone that they are in.
"""

import re
from datetime import date, timedelta

from agentdesk.values import dataclass

_FOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'^([A-Za-z-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$')
_TIME = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d*(Z?))?")
_ZONE = re.compile(r';TZID="?([^";:]+)', re.IGNORECASE)
_NAME = re.compile(r';CN="?([^";:]+)', re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\;,nN])")
EVENTS_AT_MOST = 20
ATTENDEES_AT_MOST = 30
_LABELS = {
    "en": ("Event", "When", "Where", "Organiser", "Attendees"),
    "es": ("Evento", "Cuándo", "Dónde", "Organiza", "Asistentes"),
    "ca": ("Esdeveniment", "Quan", "On", "Organitza", "Assistents"),
}


@dataclass(frozen=True, slots=True)
class _Time:
    """A day, and where it is not the whole day an hour ("10:00") with the zone that it is in, as far as one is named."""

    day: date
    hour: str = ""
    zone: str = ""


def invitation_text(calendar: str, language: str | None = None) -> str:
    """The events of a text/calendar part, one block each, in `language` where it is one of ours; empty if it has none."""
    speaks = language if language in _LABELS else "en"
    blocks: list[str] = []
    event: dict[str, list[str]] | None = None
    for line in _FOLDED.sub("", calendar[:500_000]).splitlines():
        if line.upper().startswith("BEGIN:VEVENT"):
            event = {}
        elif line.upper().startswith("END:VEVENT"):
            if event:
                blocks.append(_block(event, speaks))
            event = None
            if len(blocks) >= EVENTS_AT_MOST:
                break
        elif event is not None and (found := _LINE.match(line)):
            name = found[1].upper()
            event.setdefault(name, []).append(_value(name, found[2], found[3]))
            if zone := _ZONE.search(found[2]):
                event.setdefault(f"{name} zone", []).append(zone[1])
    return "\n\n".join(blocks)


def _block(event: dict[str, list[str]], language: str) -> str:
    guests = event.get("ATTENDEE", [])
    more = len(guests) - ATTENDEES_AT_MOST
    shown = [*guests[:ATTENDEES_AT_MOST], *([f"+{more}"] if more > 0 else [])]
    values = (
        event.get("SUMMARY", [""])[0],
        _when(event, language),
        event.get("LOCATION", [""])[0],
        event.get("ORGANIZER", [""])[0],
        ", ".join(shown),
    )
    rows = zip(_LABELS[language], values, strict=True)
    return "\n".join(f"{name}: {value}" for name, value in rows if value)


def _when(event: dict[str, list[str]], language: str) -> str:
    """From when to when; what is no time stays as it was written."""
    began, ended = (_time(event, each) for each in ("DTSTART", "DTEND"))
    if isinstance(began, _Time) and isinstance(ended, _Time):
        if not ended.hour and began.day < ended.day:
            ended = _Time(ended.day - timedelta(days=1))  # of whole days the end is the day after the last
        if (began.day, began.zone) == (ended.day, ended.zone):
            hours = "-".join(dict.fromkeys(filter(None, (began.hour, ended.hour))))
            return _said(_Time(began.day, hours, began.zone), language)
    return " - ".join(filter(None, (_said(each, language) for each in (began, ended))))


def _said(time: _Time | str, language: str) -> str:
    if isinstance(time, str):
        return time
    day = time.day
    written = f"{day:%Y-%m-%d}" if language == "en" else f"{day.day}/{day.month}/{day.year}"
    return " ".join(filter(None, (written, time.hour, time.zone)))


def _time(event: dict[str, list[str]], name: str) -> _Time | str:
    """The first time of that name, as it was written where it is none."""
    text = event.get(name, [""])[0]
    found = _TIME.match(text)
    if found is None:
        return text
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return text
    if not found[4]:
        return _Time(day)
    return _Time(day, f"{found[4]}:{found[5]}", "UTC" if found[6] else event.get(f"{name} zone", [""])[0])


def _value(name: str, given: str, value: str) -> str:
    if name in {"ORGANIZER", "ATTENDEE"}:
        mail = re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE)
        person = _NAME.search(given)
        return f"{person[1]} <{mail}>" if person and person[1] != mail else mail
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
