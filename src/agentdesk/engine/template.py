"""Texts that a provider approved, for when a channel's window has closed.

Promises: the list is the provider's, kept beside the state so that it can be read without a network; a template is filled whole
or not at all. Refuses: inventing one.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from agentdesk.channels import PLACE, Approved
from agentdesk.config import Account, Home, write_file
from agentdesk.core.letter import Wish
from agentdesk.core.model import Template
from agentdesk.engine.start import connector
from agentdesk.errors import N_, ChannelError, NotFoundError, UsageError
from agentdesk.i18n import tr
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """`trouble` says why the list is an earlier one, None where it is the provider's of now."""

    templates: tuple[Approved, ...]
    trouble: ChannelError | None = None


class NoTemplatesError(NotFoundError):
    """The account's channel has no texts that a provider approves. Values: name."""

    detail = N_("{name} is on a channel without approved templates: whatever you write there goes as it is.")


def listed(home: Home, account: Account) -> Listed:
    """The approved texts of an account; raises ChannelError where none are known, NotFoundError where it can have none."""
    try:
        found = asyncio.run(_asked(home, account))
    except ChannelError as error:
        kept = _kept(home, account)
        if kept is None:
            raise
        return Listed(kept, error)
    write_file(_file(home, account), json.dumps([asdict(each) for each in found]).encode())
    return Listed(found)


async def _asked(home: Home, account: Account) -> tuple[Approved, ...]:
    channel = connector(home, account)
    try:
        if not hasattr(channel, "templates"):
            raise NoTemplatesError(name=account.name)
        found: tuple[Approved, ...] = await channel.templates()
        return found
    finally:
        await channel.close()


def _file(home: Home, account: Account) -> Path:
    return home.state / f"templates-{account.id}.json"


def _kept(home: Home, account: Account) -> tuple[Approved, ...] | None:
    try:
        found = json.loads(_file(home, account).read_bytes())
        return tuple(Approved(**{**each, "places": tuple(each["places"])}) for each in found)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def named(templates: tuple[Approved, ...], word: str, language: str | None) -> Approved:
    """The template that `word` means: `name:language` that one alone, `name` in the customer's `language` where it is there.
    Raises NotFoundError."""
    name, _, wanted = word.partition(":")
    found = [each for each in templates if each.name == name]
    speaks = (wanted or language or "").casefold()
    exact_first = sorted(found, key=lambda each: each.language.casefold() != speaks)
    for each in exact_first if speaks else ():
        if each.language.casefold().startswith(speaks):
            return each
    if not found or wanted:
        raise NotFoundError(what="template", name=word)
    return found[0]


def filled(template: Approved, values: tuple[str, ...]) -> Wish:
    """What goes out; raises UsageError where a value is missing or too many are there."""
    if len(values) != template.values or not all(each.strip() for each in values):
        text = tr("{name} needs {n} values; the text is: {body}")
        raise UsageError(reason=text.format(name=template.name, n=template.values, body=template.body))
    places = () if "1" in template.places else template.places
    return Wish(
        spelled(template, values), template=Template(template.name, template.language, values, places)
    )


def spelled(template: Approved, values: Sequence[str]) -> str:
    """The text with as many places filled as there are values; what stands in a value is never a place."""
    filling = dict(zip(template.places, values, strict=False))
    return PLACE.sub(lambda place: filling.get(place[1].strip(), place[0]), template.body)


def in_order(template: Approved, given: Sequence[str]) -> tuple[str, ...]:
    """Values as somebody gave them, in the order of the places: `place=value` says which it is for, the others follow each other."""
    named, rest = {}, []
    for each in given:
        place, sign, value = each.partition("=")
        if sign and place in template.places:
            named[place] = value
        else:
            rest.append(each)
    unnamed = iter(rest)
    return (*(named[each] if each in named else next(unnamed, "") for each in template.places), *unnamed)
