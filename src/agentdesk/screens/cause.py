"""Causes: tickets put under one, and what is done with all that is under it.

Promises: what a ticket looks like stands first and is one key away; whatever is done to many says how many before. Refuses:
putting anything under a cause by itself.
"""

import asyncio

from agentdesk import present
from agentdesk.core import cause as law
from agentdesk.core.commands import CloseCause, OpenCause, PutUnder, RunMacro
from agentdesk.core.model import Acts, Status
from agentdesk.core.views import CauseRow
from agentdesk.engine import cause
from agentdesk.i18n import tr, tr_n
from agentdesk.screens import quick
from agentdesk.screens.acts import act, on_all
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.screens.many import counted

NEW, NONE = "+", "-"


async def put(home: Front) -> None:
    """The ticket at hand, or all that are marked, under a cause that is open or begins with it."""
    tickets, row = await home.marking.chosen(), home.row
    if row is None:
        return
    known = await asyncio.to_thread(cause.causes, home.desk)
    name = await home.doing.ask(_choice(home, known, len(tickets)))
    if not name:
        return
    if name.startswith(NEW):
        name = await _opened(home, name.removeprefix(NEW))
        if not name:
            return
    under = None if name == NONE else name
    done = tr("#{number} is under {cause}.") if under else tr("#{number} is under no cause.")

    def said(n: int) -> str:
        words = tr_n("{n} ticket is under {cause}", "{n} tickets are under {cause}", n)
        return words.format(n=n, cause=under or tr("no cause"))

    await on_all(
        home, tickets, row, lambda ticket: PutUnder(ticket, under), done.replace("{cause}", under or ""), said
    )


def _choice(home: Front, known: list[CauseRow], n: int) -> Pick:
    """What it looks like first; what is typed and is none becomes a new one."""
    opened, row = home.sight.opened, home.row
    offered = opened.ticket.offered if opened and row and opened.ticket.row.id == row.id and not n else ""
    known = sorted(known, key=lambda each: each.name != offered)

    def narrow(words: str) -> list[Choice]:
        choices = [Choice(each.name, each.name, _open(each), each.words) for each in known]
        if n or (row and row.cause):
            choices.append(Choice(NONE, tr("no cause")))
        found = matching(choices)(words)
        name = law.named(words)
        if name and name not in {each.name for each in known}:
            found.append(Choice(NEW + name, tr("new: {name}").format(name=name)))
        return found

    title = tr_n("Which cause is behind {n} ticket?", "Which cause is behind {n} tickets?", n).format(n=n)
    if not n and row:
        title = tr("Which cause is behind #{number}?").format(number=row.number)
    return Pick(title, narrow, hint=tr("Type a name to begin a new one."), keeps=True)


async def _opened(home: Front, name: str) -> str:
    """A new cause, with the words by which arrivals are offered; empty where somebody left."""
    question = tr("What do they say? Words that tell {name}").format(name=name)
    words = await home.doing.ask(
        Ask(question, hint=tr("huelga, vaga, strike ...; a comma between; may be empty"))
    )
    if words is None or not await home.doing.did(lambda: home.desk.do(OpenCause(name, words))):
        return ""
    return name


def _open(each: CauseRow) -> str:
    return tr_n("{n} ticket open", "{n} tickets open", each.open).format(n=each.open)


async def deal(home: Front) -> None:
    """What is done with all that is under a cause; which one is asked where there are several."""
    known = await asyncio.to_thread(cause.causes, home.desk)
    if not known:
        home.tell(
            tr("No cause is open; {key} puts a ticket under one.").format(
                key=home.panes.footer.key_of("ticket.cause")
            ),
            bad=True,
        )
        return
    choices = [Choice(each.name, each.name, _open(each), each.words) for each in known]
    name = known[0].name
    if len(known) > 1:
        name = await home.doing.ask(Pick(tr("Which cause?"), matching(choices)))
    if not name:
        return
    tickets = tuple(ticket for ticket, _ in await asyncio.to_thread(cause.open_tickets, home.desk, name))
    n = len(tickets)
    waits = present.status(Status.WAITING_THIRD_PARTY)
    title = tr_n("{cause}: {n} ticket is open", "{cause}: {n} tickets are open", n).format(cause=name, n=n)
    todo = [
        Choice("show", tr("show them")),
        Choice("answer", tr("answer all of them")),
        Choice("wait", tr("all of them: {status}").format(status=waits)),
        Choice("close", tr("close it")),
    ]
    what = await home.doing.ask(Pick(title, matching(todo if n else [todo[0], todo[3]])))
    if what == "show":
        _show(home, name)
    elif what == "answer":
        await _answer(home, name, tickets)
    elif what == "wait":
        await _wait(home, tickets)
    elif what == "close":
        await _close(home, name, tickets)


def _show(home: Front, name: str) -> None:
    home.paths.go_to("all", f"cause:{name} -status:resolved -status:closed", title=name)


async def _answer(home: Front, name: str, tickets: tuple[str, ...]) -> None:
    """All that is open under it is shown and marked, and a quick reply chosen for it."""
    _show(home, name)
    home.marking.marks.add(tickets)
    home.marking.draw()
    await quick.choose(home)


async def _wait(home: Front, tickets: tuple[str, ...]) -> None:
    acts = Acts(status=Status.WAITING_THIRD_PARTY)
    waits = present.status(Status.WAITING_THIRD_PARTY)
    n = len(tickets)
    question = tr_n("{n} ticket: {status}?", "{n} tickets: {status}?", n).format(n=n, status=waits)
    if await home.doing.ask(Confirm(question)):
        await home.many.do(
            tickets,
            lambda ticket: RunMacro(ticket, acts),
            counted(waits),
        )


async def _close(home: Front, name: str, tickets: tuple[str, ...]) -> None:
    """It is over; whoever is still open under it may get a last answer."""
    if not await act(home, CloseCause(name), tr("{cause} is closed.").format(cause=name)) or not tickets:
        return
    n = len(tickets)
    question = tr_n(
        "{n} ticket is still open: a last answer?", "{n} tickets are still open: a last answer?", n
    )
    if await home.doing.ask(Confirm(question.format(n=n))):
        await _answer(home, name, tickets)
