"""Calendar invitations as a few readable lines.

Promises: what, when, where, who invites and who is invited, for the first 20 events of a calendar; never raises.
Refuses: answering an invitation, recurrences and time zone tables: times are shown as the sender wrote them.
"""

import re

_FOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'^([A-Za-z-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$')
_TIME = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d*(Z?))?")
_ZONE = re.compile(r';TZID="?([^";:]+)', re.IGNORECASE)
_NAME = re.compile(r';CN="?([^";:]+)', re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\;,nN])")
EVENTS_AT_MOST = 20
ATTENDEES_AT_MOST = 30


def invitation_text(calendar: str) -> str:
    """The events of a text/calendar part, one block each; empty if it has none."""
    blocks: list[str] = []
    event: dict[str, list[str]] | None = None
    for line in _FOLDED.sub("", calendar[:500_000]).splitlines():
        if line.upper().startswith("BEGIN:VEVENT"):
            event = {}
        elif line.upper().startswith("END:VEVENT"):
            if event:
                blocks.append(_block(event))
            event = None
            if len(blocks) >= EVENTS_AT_MOST:
                break
        elif event is not None and (found := _LINE.match(line)):
            event.setdefault(found[1].upper(), []).append(_value(found[1].upper(), found[2], found[3]))
    return "\n\n".join(blocks)


def _block(event: dict[str, list[str]]) -> str:
    when = " - ".join(event[key][0] for key in ("DTSTART", "DTEND") if key in event)
    guests = event.get("ATTENDEE", [])
    more = len(guests) - ATTENDEES_AT_MOST
    shown = [*guests[:ATTENDEES_AT_MOST], *([f"+{more}"] if more > 0 else [])]
    rows = (
        ("Event", event.get("SUMMARY", [""])[0]),
        ("When", when),
        ("Where", event.get("LOCATION", [""])[0]),
        ("Organiser", event.get("ORGANIZER", [""])[0]),
        ("Attendees", ", ".join(shown)),
    )
    return "\n".join(f"{name}: {value}" for name, value in rows if value)


def _value(name: str, given: str, value: str) -> str:
    if name in {"DTSTART", "DTEND"}:
        found = _TIME.match(value)
        if found is None:
            return value.strip()
        text = f"{found[1]}-{found[2]}-{found[3]}"
        if found[4]:
            zone = _ZONE.search(given)
            text += f" {found[4]}:{found[5]}" + (" UTC" if found[6] else f" {zone[1]}" if zone else "")
        return text
    if name in {"ORGANIZER", "ATTENDEE"}:
        mail = re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE)
        person = _NAME.search(given)
        return f"{person[1]} <{mail}>" if person and person[1] != mail else mail
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
