"""What the customer of the ticket at hand was promised: kept after the answer went, written down, renewed, marked kept, withdrawn."""

from dataclasses import replace
from datetime import datetime, tzinfo

from agentdesk import pledges
from agentdesk.core.derivation import Derive, derivation
from agentdesk.core.instant import moment
from agentdesk.core.pledging import DropPledge, GivePledge, KeepPledge, Pledge, PledgeView
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView
from agentdesk.engine import pledge
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.screens.saying import by_when
from agentdesk.widgets.cells import cut

SHOWN = 34
"""Cells of a promise's words in the list, in a terminal of eighty columns."""
OTHER, ANEW, INSTEAD, ALL = "+", "anew", "instead", "all"
"""Choosing a promise that is written down by hand, a new time for the one that is due first, one from the last answer in place of
the former, and every one from it."""


async def promise(home: Front) -> None:
    row = home.row
    if row is None:
        return
    now, zone = home.desk.now(), home.settings.desk.tzinfo
    standing = pledge.open_on(home.desk, row.id)
    last = _last_answer(home)
    offered = _offered(home, row.id, last)
    former = pledge.instead(home.desk, row.id, last.id if offered and last else None)
    choices = _offers(offered, former, now, zone)
    for each in standing:
        time = pledges.standing(each, now, zone)
        choices.append(
            Choice(f"kept {each.id}", tr("is done: {text}").format(text=_short(each)), time, each.text)
        )
        choices.append(
            Choice(f"drop {each.id}", tr("withdraw: {text}").format(text=_short(each)), time, each.text)
        )
    chosen = OTHER
    if choices:
        if standing:
            choices.append(Choice(ANEW, tr("promise anew: another time takes its place ...")))
        choices.append(Choice(OTHER, tr("another promise ...")))
        question = tr("What was promised in #{number}?").format(number=row.number)
        chosen = await home.doing.ask(Pick(question, matching(choices))) or ""
    what, _, which = chosen.partition(" ")
    if what == "kept":
        is_late = any(each.id == which and moment(each.due_at) < home.desk.now() for each in standing)
        said = tr("The promise is kept, but too late.") if is_late else tr("The promise is kept.")
        await _done(home, KeepPledge(which), said)
    elif what == "drop":
        await _done(home, DropPledge(which), tr("The promise is withdrawn."))
    elif what in {"offer", INSTEAD}:
        for one in offered if which == ALL else (offered[int(which)],):
            told = replace(one, renews=what == INSTEAD)
            await _give(home, GivePledge(row.id, told, last.id if last else None))
    elif what == ANEW and (due_at := await by_when(home)):
        await _give(home, GivePledge(row.id, Pledge(standing[0].text, due_at, renews=True)))
    elif what == OTHER and (asked := await _asked(home)):
        await _give(home, GivePledge(row.id, asked))


def _offers(offered: list[Pledge], former: list[PledgeView], now: datetime, zone: tzinfo) -> list[Choice]:
    """Each promise of the last answer, in place of what was promised before or beside it, and all of them."""
    choices = []
    for at, one in enumerate(offered):
        due = pledges.by_when(one.due_at, now, zone)
        if former:
            said = tr("keep in place of what was {former}: {text}").format(
                former=pledges.times(former, now, zone), text=_short(one)
            )
            choices.append(Choice(f"{INSTEAD} {at}", said, due, one.text))
        choices.append(Choice(f"offer {at}", tr("keep: {text}").format(text=_short(one)), due, one.text))
    if len(offered) > 1:
        text = tr("keep both") if len(offered) == 2 else tr("keep all {n}").format(n=len(offered))
        choices.append(Choice(f"offer {ALL}", text, pledges.times(offered, now, zone)))
    return choices


def _short(one: Pledge | PledgeView) -> str:
    """Its words as far as a line has room for them beside what became of it; the whole stands below the list."""
    return cut(one.text, SHOWN, "...")


async def derive(home: Front) -> None:
    opened, row = home.sight.opened, home.row
    if opened is None or row is None:
        return
    if opened.ticket.derived_at:
        await _done(home, Derive(row.id, None), tr("Not sent elsewhere."))
        return
    last = _last_answer(home)
    to = (derivation(last.visible, row.channel) if last else None) or "elsewhere"
    await _done(home, Derive(row.id, to), tr("sent elsewhere: {place}").format(place=pledges.place(to)))


def _last_answer(home: Front) -> MessageView | None:
    messages = home.sight.opened.messages if home.sight.opened else ()
    return next((each for each in reversed(messages) if each.direction == "out"), None)


def _offered(home: Front, ticket: str, last: MessageView | None) -> list[Pledge]:
    """What our last answer promises, as far as nobody has dealt with that yet."""
    if last is None:
        return []
    return pledge.left(home.desk, ticket, last.id, last.visible, moment(last.received_at))


async def _give(home: Front, command: GivePledge) -> None:
    time = pledges.for_when(command.pledge.due_at, home.desk.now(), home.settings.desk.tzinfo)
    await _done(home, command, tr("promised {time}").format(time=time))


async def _asked(home: Front) -> Pledge | None:
    """What was promised, and by when; None where somebody thinks better of it."""
    text = safe_line(
        await home.doing.ask(
            Ask(
                tr("What was promised?"),
                hint=tr("In a few words, as the customer was told; you are asked next by when."),
            )
        )
        or ""
    )
    due_at = await by_when(home) if text else None
    return Pledge(text, due_at) if due_at else None


async def _done(home: Front, command: GivePledge | KeepPledge | DropPledge | Derive, text: str) -> None:
    if await act(home, command, text):
        home.paths.refresh_ticket()
