"""What the shop itself writes down of a customer: fields such as name or company, and notes.

Promises: what mails say of a person stays beside it; a language or form of address that is set here goes before what is detected;
each entry is text of its own that an undo hides and an erase empties. Refuses: what is longer or more than somebody will
read, rather than cutting it. A field's name is the shop's own word, as a tag is; its value is personal.
"""

import re
from collections.abc import Iterable, Mapping

from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerSet, EntryAdded, EntrySet, Event
from agentdesk.core.folding import folded
from agentdesk.core.keeping import NoteCustomer, SetProfile
from agentdesk.core.model import FORMS, SPOKEN
from agentdesk.core.refusal import Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State
from agentdesk.core.text import clean, safe_line

NOTE = "note"
"""The field of a note; there may be many."""
USUAL = ("name", "phone", "company", "language", "form")
LONGEST_NAME, LONGEST, LONGEST_NOTE = 32, 200, 2000
"""Characters of a field's name, its value, and a note."""
FIELDS, NOTES = 30, 100
"""So many a customer has at most."""
_CHOICES = {"language": ("speaks", SPOKEN), "form": ("form", FORMS)}
_SAME = {
    "voste": "usted",
    **dict.fromkeys(("spa", "espanol", "castellano", "spanish", "espanyol", "castella"), "es"),
    **dict.fromkeys(("cat", "catala", "catalan", "valencia", "valenciano", "valencian"), "ca"),
    **dict.fromkeys(("eng", "ingles", "english", "angles"), "en"),
}
"""What else people call them, folded."""


def named(field: str) -> str:
    """A field's name as it is kept: one word in small letters, so that a segment can say it."""
    return re.sub(r"[^\w-]+", "-", safe_line(field).strip().lower()).strip("-_")


def chooses(field: str) -> bool:
    """Whether a field can say only a few things."""
    return field in _CHOICES


def meant(field: str, value: str) -> str | None:
    """Which of the few things that a field can say `value` is: `ca` for "Català" and "ca-ES"; None where it is none of them."""
    word = folded(value.strip())
    tag = re.split(r"[-_]", word)[0] if field == "language" else word
    return next((each for each in (_SAME.get(word, word), tag) if each in _CHOICES[field][1]), None)


def set_profile(state: State, command: SetProfile, policy: Policy, given: Given) -> Event:
    """All fields in one event."""
    draft, root, event = _begun(state, command.customer, given)
    fill(draft, root, event, command.fields)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("ProfileChanged", event_id=event)


def fill(draft: Draft, root: str, event: str, fields: Iterable[tuple[str, str]]) -> None:
    """Adds to `draft` what of (field, value) is not written down yet; raises Refusal."""
    for field, value in {named(field): safe_line(value).strip() for field, value in fields}.items():
        if not field or field == NOTE or len(field) > LONGEST_NAME:
            raise Refusal("odd_field", field=field or "-", most=LONGEST_NAME)
        if field in _CHOICES:
            _choose(draft, root, field, meant(field, value) or value.lower())
        else:
            _write(draft, root, event, field, value)


def remember(draft: Draft, root: str, event: str, note: str) -> None:
    """Adds to `draft` a note that is not there yet; raises Refusal."""
    text, known = _short(note), _notes(draft.state, root)
    if text and text not in known.values():
        _has_room(known)
        _add(draft, root, event, NOTE, text)


def note_customer(state: State, command: NoteCustomer, policy: Policy, given: Given) -> Event:
    """A new note, another text of one, or one less."""
    draft, root, event = _begun(state, command.customer, given)
    text, known = _short(command.text), _notes(state, root)
    if command.instead is not None:
        if command.instead not in known:
            raise Refusal("no_note")
        draft.add(EntrySet(command.instead, "hidden", was=False, now=True))
    elif not text:
        raise Refusal("no_text")
    else:
        _has_room(known)
    if text:
        _add(draft, root, event, NOTE, text)
    return draft.event("CustomerNoted" if text else "CustomerNoteRemoved", event_id=event)


def _short(note: str) -> str:
    text = clean(note).strip()
    if len(text) > LONGEST_NOTE:
        raise Refusal("too_much", most=LONGEST_NOTE, is_now=len(text))
    return text


def _notes(state: State, root: str) -> dict[str, str]:
    """The text of each note by its entry, those of who was merged in too."""
    return {
        entry: said
        for member in state.customer_members(root)
        for entry, field, said in state.people.entries(member)
        if field == NOTE
    }


def _has_room(known: Mapping[str, str]) -> None:
    if len(known) >= NOTES:
        raise Refusal("too_many", most=NOTES)


def _begun(state: State, customer: str, given: Given) -> tuple[Draft, str, str]:
    """A draft, the customer that others were merged into, and the id of the event to come, by which an erase finds it."""
    root = state.customer_root(customer)
    if root is None:
        raise Refusal("no_customer")
    if state.field("customer", root, "erased"):
        raise Refusal("erased")
    return Draft(state, given), root, next(given.ids)


def _write(draft: Draft, root: str, event: str, field: str, value: str) -> None:
    if len(value) > LONGEST:
        raise Refusal("too_much", most=LONGEST, is_now=len(value))
    mine = [(entry, said) for entry, name, said in draft.state.people.entries(root) if name == field]
    theirs = [
        entry
        for member in draft.state.customer_members(root)
        for entry, name, _ in draft.state.people.entries(member)
        if name == field
    ]
    if value and [said for _, said in mine] == [value]:
        return
    for entry in [each for each, _ in mine] if value else theirs:
        draft.add(EntrySet(entry, "hidden", was=False, now=True))
    if value:
        others = {name for _, name, _ in draft.state.people.entries(root) if name not in {NOTE, field}}
        if len(others) >= FIELDS:
            raise Refusal("too_many", most=FIELDS)
        _add(draft, root, event, field, value)


def _add(draft: Draft, root: str, event: str, field: str, text: str) -> None:
    entry = f"{event}/{field}"
    draft.add(EntryAdded(entry, root, field))
    draft.personal.setdefault("entries", {})[entry] = text


def _choose(draft: Draft, root: str, field: str, value: str) -> None:
    """Language or form of address: no free text, and what counts for quick replies."""
    column, choices = _CHOICES[field]
    if value and value not in choices:
        raise Refusal("odd_choice", field=field, value=value, known=", ".join(choices))
    state, now = draft.state, value or None
    was = state.field("customer", root, column)
    if was != now:
        draft.add(CustomerSet(root, column, was, now))
    if field == "language" and now:
        for member in state.customer_members(root):
            for identity in state.identities(member):
                for ticket in state.open_tickets(identity):
                    draft.set(ticket, "language", now)
