"""What the shop wrote down of a customer, in words: pane, dialogs and command line say it alike.

Promises: pure; what mails call somebody is said where the shop calls them otherwise. Refuses: deciding what may be written
(`core.profile`).
"""

from collections.abc import Mapping

from agentdesk.core.card import CustomerCard
from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import language_name, tr

REFUSALS: Mapping[str, str] = {
    "odd_field": N_("{field} cannot be a field's name: one word of at most {most} letters, and not note."),
    "odd_choice": N_("{field} cannot be {value}; there is: {known}"),
    "too_much": N_("Too long: {is_now} characters, at most {most}."),
    "too_many": N_("There are {most} already, which is the most."),
    "one_is_muted": N_("One of the two is muted and the other is not: say the same of both first."),
    "nobody": N_("There is no address that they are reached at."),
    "no_such_address": N_("{address} is no address of {channel}: one looks like {example}."),
    "no_country": N_(
        "{address} is without its country: write it with + and the country first, such as {example}."
    ),
    "two_customers": N_("Its addresses are two customers': merge them first (agentdesk customer merge)."),
    "named_twice": N_("The same address is in line {line} already."),
    "no_note": N_("There is no such note about this customer."),
}
_TITLES: Mapping[str, str] = {
    "name": N_("name"),
    "phone": N_("phone"),
    "company": N_("company"),
    "language": N_("language"),
    "form": N_("form of address"),
}


def title(field: str) -> str:
    """What a field is called; one of the shop's own as the shop wrote it."""
    return tr(_TITLES[field]) if field in _TITLES else safe_line(field)


def about() -> str:
    return tr("about the customer")


def choices(card: CustomerCard) -> dict[str, str]:
    """What is written in each field that has a meaning of its own or something in it."""
    said = {"language": card.speaks or "", "form": card.form or ""}
    return dict.fromkeys(_TITLES, "") | dict(card.fields) | said


def told(card: CustomerCard) -> list[str]:
    """A line for each field that says something, the name aside, which stands above all."""
    lines = [tr("MUTED: kept apart, no clock runs and nothing rings")] if card.muted_at else []
    if "name" in dict(card.fields):
        others = [safe_line(each) for each in card.called if each != card.name]
        lines += [tr("writes as {names}").format(names=", ".join(others))] if others else []
    for field, value in choices(card).items():
        if value and field != "name":
            shown = language_name(value) if field == "language" else safe_line(value)
            lines.append(f"{title(field)}: {shown}")
    if card.segments:
        lines.append(tr("segments: {names}").format(names=", ".join(card.segments)))
    return lines
