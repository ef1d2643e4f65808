"""How a matter ends at the keys: resolved, no answer needed and why, put away and back again, and what was written after the end.

Promises: who resolves what has no answer is asked once why none is needed (`screens.excusing`); Esc then leaves everything as it
was, and that something was mere thanks is said of each ticket anew. Refuses: deciding who waits (`core.unanswered`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from agentdesk import excused
from agentdesk.core import commands
from agentdesk.core.daywords import MORNING
from agentdesk.core.instant import moment
from agentdesk.core.settling import Excuse, MarkSeen, NoAnswerNeeded, RefuteThanks
from agentdesk.core.unanswered import THANKS
from agentdesk.core.views import QueueRow
from agentdesk.engine import ending
from agentdesk.i18n import tr, tr_n
from agentdesk.screens import acts, excusing
from agentdesk.screens.front import Front

Flow = Callable[[Front], Awaitable[None]]
WHAT_FOR = "#"
"""Stands between the time of a snooze and what it is for."""


async def resolve(home: Front) -> None:
    tickets = await home.marking.chosen()
    if await acts.sure(home, tickets, lambda n: tr_n("Resolve {n} ticket?", "Resolve {n} tickets?", n)):
        await _resolved(home, tickets, home.row)


async def send_and_resolve(home: Front) -> None:
    """What is written goes, and its ticket is resolved; beside a note that is an act of its own."""
    row = home.writing.row
    if row is None or home.writing.to is not None:
        await home.writing.send(resolve=True)
        return
    await home.writing.send()
    if home.writing.row is not row:  # else the note was not kept
        await _resolved(home, (), row)


async def _resolved(home: Front, tickets: tuple[str, ...], row: QueueRow | None) -> None:
    """Resolves `tickets`, or that of `row`; of what has no answer it is asked why none is needed."""
    excuse = None
    if await asyncio.to_thread(ending.owed, home.desk, tickets or ((row.id,) if row else ())):
        excuse = await excusing.why(home, tickets, row)
        if excuse is None:
            return
    await acts.on_all(
        home, tickets, row, lambda ticket: commands.Resolve(ticket, excuse), _with(tr("#{number} is resolved."), excuse),
        lambda n: tr_n("{n} ticket is resolved", "{n} tickets are resolved", n), last=True,
    )  # fmt: skip
    _again(home, excuse, resolve)


async def no_answer(home: Front) -> None:
    tickets, row = await home.marking.chosen(), home.row
    excuse = await excusing.why(home, tickets, row)
    if excuse is None:
        return
    chosen = excuse
    await acts.on_all(
        home, tickets, row, lambda ticket: NoAnswerNeeded(ticket, chosen), _with(tr("#{number} needs no answer."), excuse),
        lambda n: tr_n("{n} ticket needs no answer", "{n} tickets need no answer", n), last=True,
    )  # fmt: skip
    _again(home, excuse, no_answer)


def _with(done: str, excuse: Excuse | None) -> str:
    """What was done, and what was said of the answer that nobody gives."""
    return f"{done} {excused.needless(excuse.reason).capitalize()}." if excuse else done


def _again(home: Front, excuse: Excuse | None, flow: Flow) -> None:
    """Repeating does not carry "only thanks" over to what somebody else wrote."""
    if excuse is not None and excuse.reason == THANKS:
        home.doing.again = partial(flow, home)


async def not_thanks(home: Front) -> None:
    row = home.row
    if row is not None:
        await acts.act(
            home, RefuteThanks(row.id), tr("#{number} is open again, and waits.").format(number=row.number)
        )


async def seen(home: Front) -> None:
    tickets, row = await home.marking.chosen(), home.row
    await acts.on_all(
        home, tickets, row, MarkSeen, tr("#{number}: seen."),
        lambda n: tr_n("{n} ticket is seen", "{n} tickets are seen", n),
    )  # fmt: skip


def snooze_for(time_of: Callable[[datetime], datetime]) -> Flow:
    """A flow that snoozes until a time worked out from the agent's local one."""

    async def flow(home: Front) -> None:
        tickets, row = await home.marking.chosen(), home.row
        at = time_of(home.desk.now().astimezone(home.settings.desk.tzinfo))

        def question(n: int) -> str:
            asked = tr_n("Let {n} ticket sleep until {time}?", "Let {n} tickets sleep until {time}?", n)
            return asked.format(n=n, time=f"{at:%d/%m %H:%M}")

        if await acts.sure(home, tickets, question):
            await snooze(home, tickets, row, at)

    return flow


def tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)


def monday(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=7 - now.weekday()), MORNING, now.tzinfo)


async def again(home: Front) -> None:
    """Back to the time that an early wake cut short; where there is none, until one that is typed."""
    row = home.row
    cut = moment(row.snooze_cut) if row and row.snooze_cut else None
    if row is None or len(home.marking.marks) or cut is None or cut <= home.desk.now():
        await until(home)
        return
    local = f"{cut.astimezone(home.settings.desk.tzinfo):%d/%m %H:%M}"
    done = tr("#{number} sleeps until {time}.").replace("{time}", local)
    await acts.on_all(home, (), row, commands.SnoozeAgain, done, lambda _: "", last=True)


async def until(home: Front) -> None:
    await _put_away(home, quiet=False)


async def quietly(home: Front) -> None:
    """It sleeps on when the customer writes."""
    await _put_away(home, quiet=True)


async def _put_away(home: Front, *, quiet: bool) -> None:
    tickets, row = await home.marking.chosen(), home.row
    question = acts.title(
        tickets, row, tr("Until when does #{number} sleep?"),
        lambda n: tr_n("Until when does {n} ticket sleep?", "Until when do {n} tickets sleep?", n),
    )  # fmt: skip
    hint = tr("2h, tomorrow 9:00, mañana 9, dilluns ...  # what for")
    from agentdesk.screens import timing

    if typed := await timing.ask(home, question, hint, ends=WHAT_FOR):
        await snooze(home, tickets, row, typed.at, quiet=quiet, reason=typed.words)


async def snooze(
    home: Front,
    tickets: tuple[str, ...],
    row: QueueRow | None,
    at: datetime,
    *,
    quiet: bool = False,
    reason: str = "",
) -> None:
    local = f"{at.astimezone(home.settings.desk.tzinfo):%d/%m %H:%M}"

    def said(n: int) -> str:
        slept = tr_n("{n} ticket sleeps until {time}", "{n} tickets sleep until {time}", n)
        return slept.replace("{time}", local)

    done = tr("#{number} sleeps until {time}.").replace("{time}", local)
    await acts.on_all(
        home, tickets, row, lambda ticket: commands.Snooze(ticket, at, quiet, reason), done, said, last=True
    )
