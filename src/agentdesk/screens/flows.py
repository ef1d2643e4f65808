"""One function for every act of several steps: ask, do, tell. Errors raised on purpose end here, as a message on the screen.

A flow gets the home screen for its dialogs and its selection, and the desk for what it does; it draws nothing itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from agentdesk import present
from agentdesk.core import commands
from agentdesk.core.model import Priority
from agentdesk.core.text import safe_line
from agentdesk.engine import reply
from agentdesk.engine.when import when
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Ask, Choice, Pick, Read

if TYPE_CHECKING:
    from agentdesk.screens.home import Home

MORNING = time(9, 0)
Flow = Callable[["Home"], Awaitable[None]]


async def act(home: Home, command: commands.Command, done: str) -> bool:
    """One command at the door, off the screen's thread; then what it touched is read again."""
    if not await home.did(lambda: home.desk.do(command)):
        return False
    home.tell(done)
    return True


async def resolve(home: Home) -> None:
    row = home.row
    if row and await act(home, commands.Resolve(row.id), tr("#{number} is resolved.").format(number=row.number)):
        home.move_on(row.id)


async def reopen(home: Home) -> None:
    if row := home.row:
        await act(home, commands.Reopen(row.id), tr("#{number} is open again.").format(number=row.number))


async def take(home: Home) -> None:
    if row := home.row:
        text = tr("#{number} is yours.").format(number=row.number)
        await act(home, commands.Assign(row.id, home.desk.agent), text)


async def assign(home: Home) -> None:
    row = home.row
    if row is None:
        return
    names = dict.fromkeys((home.desk.agent, *(a.name for a in home.settings.agents)))
    choices = [Choice(name, name) for name in names] + [Choice("", tr("nobody"))]
    chosen = await home.ask(Pick(tr("Who takes #{number}?").format(number=row.number), _narrowed(choices)))
    if chosen is not None:
        text = tr("#{number} goes to {name}.").format(number=row.number, name=chosen or tr("nobody"))
        await act(home, commands.Assign(row.id, chosen or None), text)


async def tag(home: Home) -> None:
    row = home.row
    if row is None:
        return
    known = " ".join(home.tags)
    hint = tr("+word adds, -word removes. Now: {tags}").format(tags=known or tr("none"))
    words = await home.ask(Ask(tr("Tags of #{number}").format(number=row.number), hint=hint))
    if words and words.strip():
        parts = [safe_line(word) for word in words.split()]
        remove = tuple(word[1:] for word in parts if word.startswith("-") and len(word) > 1)
        add = tuple(word.removeprefix("+") for word in parts if not word.startswith("-") and word.strip("+"))
        await act(home, commands.Tag(row.id, add, remove), tr("Tagged."))


async def priority(home: Home) -> None:
    row = home.row
    if row is None:
        return
    choices = [Choice(each.value, present.priority(each.value)) for each in reversed(Priority)]
    chosen = await home.ask(Pick(tr("How urgent is #{number}?").format(number=row.number), _narrowed(choices)))
    if chosen:
        await act(home, commands.Prioritise(row.id, Priority(chosen)), present.priority(chosen))


async def merge(home: Home) -> None:
    row = home.row
    if row is None:
        return
    linked = ", ".join(f"#{number}" for number in home.linked)
    hint = tr("Linked: {linked}").format(linked=linked) if linked else ""
    first = str(home.linked[0]) if home.linked else ""
    typed = await home.ask(Ask(tr("Merge #{number} into which ticket?").format(number=row.number), first, hint))
    word = (typed or "").strip().lstrip("#")
    if not word:
        return
    into = home.ticket_id(int(word)) if word.isdigit() else None
    if into is None:
        home.tell(tr("There is no ticket {name}.").format(name=word), bad=True)
    elif await act(home, commands.Merge(row.id, into), tr("#{number} went into #{into}.").format(number=row.number, into=word)):
        home.open_number(int(word))


async def undo(home: Home) -> None:
    if await home.did(lambda: reply.undo(home.desk)):
        home.tell(tr("Undone."))


def snooze_for(until: Callable[[datetime], datetime]) -> Flow:
    """A flow that snoozes until a time worked out from the agent's local one."""

    async def flow(home: Home) -> None:
        await _snooze(home, until(home.local_now()))

    return flow


def tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)


def monday(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=7 - now.weekday()), MORNING, now.tzinfo)


async def snooze_until(home: Home) -> None:
    row = home.row
    if row is None:
        return
    question = tr("Until when does #{number} sleep?").format(number=row.number)
    typed = await home.ask(Ask(question, hint=tr('2h, tomorrow 9:00, mañana 9, dilluns ...')))
    if not typed:
        return
    try:
        until = when(typed, home.desk.now(), home.settings.desk.tzinfo)
    except ValueError:
        home.tell(tr('"{text}" is no time; try 2h, "tomorrow 9:00" or "mañana 9"').format(text=typed), bad=True)
        return
    await _snooze(home, until)


async def _snooze(home: Home, until: datetime) -> None:
    row = home.row
    if row is None:
        return
    local = until.astimezone(home.settings.desk.tzinfo)
    text = tr("#{number} sleeps until {time}.").format(number=row.number, time=f"{local:%d/%m %H:%M}")
    if await act(home, commands.Snooze(row.id, until), text):
        home.move_on(row.id)


async def search(home: Home) -> None:
    """What is typed is looked up as it is typed; what is chosen is opened."""
    titles: dict[str, int] = {}

    def narrow(words: str) -> list[Choice]:
        found = home.search(words)
        titles.update({hit.message: hit.ticket for hit in found})
        return [Choice(hit.message, f"#{hit.ticket}", hit.snippet, hit.snippet) for hit in found]

    chosen = await home.ask(Pick(tr("Search"), narrow, hint=tr('words, "a phrase", from: tag: is:unread after: ...')))
    if chosen:
        home.open_number(titles[chosen])


async def narrow_queue(home: Home) -> None:
    typed = await home.ask(Ask(tr("Show only"), home.filter, tr("channel:whatsapp is:overdue lang:ca ...; empty shows all")))
    if typed is not None:
        home.filter_by(typed.strip())


async def show_raw(home: Home) -> None:
    message = home.selected_message
    if message is not None:
        await home.ask(Read(message.id, home.raw_text(message.id)))


async def show_outbox(home: Home) -> None:
    rows = home.outbox()
    choices = [
        Choice(row.message, f"#{row.ticket} {present.delivery(row.state)}", row.error or "", row.error or "") for row in rows
    ]
    title = tr("Outbox: Enter opens the ticket") if rows else tr("The outbox is empty: everything was accepted.")
    chosen = await home.ask(Pick(title, _narrowed(choices)))
    if chosen:
        home.open_number(next(row.ticket for row in rows if row.message == chosen))


def _narrowed(choices: list[Choice]) -> Callable[[str], list[Choice]]:
    def narrow(words: str) -> list[Choice]:
        return [c for c in choices if words.casefold() in f"{c.title} {c.extra}".casefold()]

    return narrow
