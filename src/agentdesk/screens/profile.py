"""What the shop writes down of the customer at hand: a field, or a note; undo takes either back."""

from collections.abc import Callable

from agentdesk import dates, profile
from agentdesk.core.card import CustomerCard
from agentdesk.core.commands import Command
from agentdesk.core.instant import moment
from agentdesk.core.keeping import NoteCustomer, SetProfile
from agentdesk.core.model import FORMS
from agentdesk.core.profile import LONGEST, LONGEST_NOTE, USUAL, named
from agentdesk.core.text import safe_line
from agentdesk.i18n import LANGUAGES, language_name, tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.front import Front

OTHER = "+"
"""Choosing a field or a note that is not there yet."""


def _card(home: Front) -> CustomerCard | None:
    return home.sight.feed.card(home.row.customer) if home.row else None


async def edit(home: Front) -> None:
    """Asks which field, then what stands in it; nothing takes it away."""
    card = _card(home)
    if card is None:
        return
    known = profile.choices(card)
    fields = [Choice(field, profile.title(field), safe_line(value)) for field, value in known.items()]
    fields.append(Choice(OTHER, tr("another field ...")))
    question = tr("What do you know of {name}?").format(name=safe_line(card.name) or tr("(no name)"))
    field = await home.doing.ask(Pick(question, matching(fields)))
    if field == OTHER:
        field = named(await home.doing.ask(Ask(tr("What is the field called?"))) or "")
    if not field:
        return
    value = await _value(home, field, known.get(field, ""))
    if value is not None:
        text = f"{profile.title(field)}: {safe_line(value) or tr('nothing')}"
        await _done(home, SetProfile(card.id, ((field, value),)), text)


async def _value(home: Front, field: str, now: str) -> str | None:
    if field in USUAL[3:]:
        codes = LANGUAGES if field == "language" else FORMS
        choices = [Choice(code, language_name(code) if field == "language" else code) for code in codes]
        choices.append(Choice("", tr("nothing")))
        chosen: str | None = await home.doing.ask(Pick(profile.title(field), matching(choices)))
        return chosen
    typed: str | None = await home.doing.ask(
        Ask(profile.title(field), now, tr("empty takes it away"), wrong=_too_long(LONGEST))
    )
    return typed


async def note(home: Front) -> None:
    """A new note, or another text for one that is there."""
    card = _card(home)
    if card is None:
        return
    zone, today = home.settings.desk.tzinfo, home.desk.now().astimezone(home.settings.desk.tzinfo).date()
    instead: str | None = OTHER
    if card.about:
        choices = [Choice(OTHER, tr("a new note"))]
        for each in card.about:
            day = dates.short_day(moment(each.at).astimezone(zone).date(), today)
            choices.append(
                Choice(each.id, f"{day} {safe_line(each.author)}", safe_line(each.text), each.text)
            )
        instead = await home.doing.ask(Pick(profile.about(), matching(choices)))
    if instead is None:
        return
    before = next((each.text for each in card.about if each.id == instead), "")
    question = tr("What should be known about {name}?").format(name=safe_line(card.name) or tr("(no name)"))
    hint = tr("empty takes it away") if before else ""
    text = await home.doing.ask(Ask(question, safe_line(before), hint, wrong=_too_long(LONGEST_NOTE)))
    if text is None or (not before and not text.strip()):
        return
    command = NoteCustomer(card.id, text, None if instead == OTHER else instead)
    await _done(home, command, tr("The note is kept.") if text.strip() else tr("The note is gone."))


def _too_long(most: int) -> Callable[[str], str]:
    return lambda text: tr("Too long: at most {n} characters.").format(n=most) if len(text) > most else ""


async def _done(home: Front, command: Command, text: str) -> None:
    if await act(home, command, text):
        home.paths.refresh_ticket()
