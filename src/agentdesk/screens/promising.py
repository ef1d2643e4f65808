"""What the customer of the ticket at hand was promised: kept after the answer went, written down, marked kept, withdrawn."""

from agentdesk import pledges
from agentdesk.core.derivation import Derive, derivation
from agentdesk.core.instant import moment
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, Pledge
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView
from agentdesk.engine import pledge
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.screens.saying import by_when

OTHER = "+"
"""Choosing a promise that is written down by hand."""


async def promise(home: Front) -> None:
    row = home.row
    if row is None:
        return
    now, zone = home.desk.now(), home.settings.desk.tzinfo
    standing = pledge.open_on(home.desk, row.id)
    last = _last_answer(home)
    offered = _offered(home, row.id, last)
    choices = [
        Choice(
            f"offer {at}", tr("keep: {text}").format(text=each.text), pledges.by_when(each.due_at, now, zone)
        )
        for at, each in enumerate(offered)
    ]
    for each in standing:
        time = pledges.standing(each, now, zone)
        choices.append(Choice(f"kept {each.id}", tr("is done: {text}").format(text=each.text), time))
        choices.append(Choice(f"drop {each.id}", tr("withdraw: {text}").format(text=each.text), time))
    chosen = OTHER
    if choices:
        choices.append(Choice(OTHER, tr("another promise ...")))
        question = tr("What was promised in #{number}?").format(number=row.number)
        chosen = await home.doing.ask(Pick(question, matching(choices))) or ""
    what, _, which = chosen.partition(" ")
    if what == "kept":
        await _done(home, KeepPledge(which), tr("The promise is kept."))
    elif what == "drop":
        await _done(home, DropPledge(which), tr("The promise is withdrawn."))
    elif what == "offer":
        await _give(home, GivePledge(row.id, offered[int(which)], last.id if last else None))
    elif what == OTHER and (told := await _asked(home)):
        await _give(home, GivePledge(row.id, told))


async def derive(home: Front) -> None:
    opened, row = home.sight.opened, home.row
    if opened is None or row is None:
        return
    if opened.ticket.derived_at:
        await _done(home, Derive(row.id, None), tr("No derivation."))
        return
    last = _last_answer(home)
    to = (derivation(last.visible, row.channel) if last else None) or "elsewhere"
    await _done(home, Derive(row.id, to), tr("derivation: {place}").format(place=pledges.place(to)))


def _last_answer(home: Front) -> MessageView | None:
    messages = home.sight.opened.messages if home.sight.opened else ()
    return next((each for each in reversed(messages) if each.direction == "out"), None)


def _offered(home: Front, ticket: str, last: MessageView | None) -> list[Pledge]:
    """What our last answer promises, if nobody has dealt with that yet."""
    if last is None or any(each.message == last.id for each in pledge.of_ticket(home.desk, ticket)):
        return []
    found = pledge.found(home.desk, last.visible, moment(last.received_at))
    return [each for each in found if each.due_at > home.desk.now()]


async def _give(home: Front, command: GivePledge) -> None:
    time = pledges.by_when(command.pledge.due_at, home.desk.now(), home.settings.desk.tzinfo)
    await _done(home, command, tr("promised for {time}").format(time=time))


async def _asked(home: Front) -> Pledge | None:
    """What was promised, and by when; None where somebody thinks better of it."""
    text = safe_line(await home.doing.ask(Ask(tr("What was promised?"))) or "")
    due_at = await by_when(home) if text else None
    return Pledge(text, due_at) if due_at else None


async def _done(home: Front, command: GivePledge | KeepPledge | DropPledge | Derive, text: str) -> None:
    if await act(home, command, text):
        home.paths.refresh_ticket()
