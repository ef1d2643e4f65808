"""The acts of triage: on the ticket at hand, or on all that are marked.

Promises: the cursor stays on the ticket, so that the next key is about the same one, but for what ends the ticket's turn; of
what is marked the count is said before anything is done. Refuses: acts on one ticket alone (`flows`, `senders`, `same`).
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from agentdesk import matter, present
from agentdesk.core import commands
from agentdesk.core.model import INCIDENTS, KINDS, Priority
from agentdesk.core.progress import Describe
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow
from agentdesk.i18n import LANGUAGES, language_name, tr, tr_n
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.screens.many import counted

Make = Callable[[str], commands.Command]
Counted = Callable[[int], str]
_Picked = tuple[tuple[str, ...], QueueRow | None, str | None]


async def act(home: Front, command: commands.Command, done: str) -> bool:
    """One command at the door, off the screen's thread; then what it touched is read again."""
    if not await home.doing.did(lambda: home.desk.do(command)):
        return False
    home.tell(done, undo=True)
    return True


async def _one(home: Front, row: QueueRow | None, make: Make, done: str) -> None:
    """An act on one ticket, on which the cursor stays while the view has it. `done` may hold {number}."""
    if row is not None:
        await act(home, make(row.id), done.replace("{number}", str(row.number)))


async def _last(home: Front, row: QueueRow | None, make: Make, done: str) -> None:
    """An act that ends the turn of a ticket: the next one of the view follows."""
    if row is not None and await act(home, make(row.id), done.replace("{number}", str(row.number))):
        home.paths.move_on(row.id)


async def on_all(
    home: Front,
    tickets: tuple[str, ...],
    row: QueueRow | None,
    make: Make,
    done: str,
    said: Counted,
    *,
    last: bool = False,
) -> None:
    """To what is marked, `said` of how many; else to the one at hand, then `done`. `last`: it ends that ticket's turn."""
    home.doing.again = partial(_again, home, make, done, said, last=last)
    if tickets:
        await home.many.do(tickets, make, said)
    else:
        await (_last if last else _one)(home, row, make, done)


async def _again(home: Front, make: Make, done: str, said: Counted, *, last: bool) -> None:
    """The same once more, to what is marked or at hand now."""
    tickets, row = await home.marking.chosen(), home.row
    question = tr("Once more: {what}?")
    if await sure(home, tickets, lambda n: question.replace("{what}", said(n))):
        await on_all(home, tickets, row, make, done, said, last=last)


async def repeat(home: Front) -> None:
    """The last act once more, with what was chosen and typed for it then."""
    if home.doing.again is None:
        home.tell(tr("There is nothing to repeat yet."), bad=True)
    else:
        await home.doing.again()


async def sure(home: Front, tickets: tuple[str, ...], question: Counted) -> bool:
    """Whether the agent means all of them; the one at hand is not asked for."""
    n = len(tickets)
    return not tickets or bool(await home.doing.ask(Confirm(question(n).replace("{n}", str(n)))))


def title(tickets: tuple[str, ...], row: QueueRow | None, one: str, many: Counted) -> str:
    """What is asked about the one at hand, or about all that are marked."""
    n = len(tickets)
    return one.format(number=row.number) if row and not tickets else many(n).replace("{n}", str(n))


async def _picked(home: Front, choices: list[Choice], one: str, many: Counted) -> _Picked:
    """What is chosen for the one at hand, or for all that are marked; None where the agent leaves."""
    tickets, row = await home.marking.chosen(), home.row
    return tickets, row, await home.doing.ask(Pick(title(tickets, row, one, many), matching(choices)))


async def reopen(home: Front) -> None:
    tickets, row = await home.marking.chosen(), home.row
    if await sure(home, tickets, lambda n: tr_n("Reopen {n} ticket?", "Reopen {n} tickets?", n)):
        await on_all(
            home, tickets, row, commands.Reopen, tr("#{number} is open again."),
            lambda n: tr_n("{n} ticket is open again", "{n} tickets are open again", n),
        )  # fmt: skip


async def take(home: Front) -> None:
    tickets, row, agent = await home.marking.chosen(), home.row, home.desk.agent
    if await sure(home, tickets, lambda n: tr_n("Take {n} ticket?", "Take {n} tickets?", n)):
        await on_all(
            home, tickets, row, lambda ticket: commands.Assign(ticket, agent), tr("#{number} is yours."),
            lambda n: tr_n("{n} ticket is yours", "{n} tickets are yours", n),
        )  # fmt: skip


async def assign(home: Front) -> None:
    names = dict.fromkeys((home.desk.agent, *(a.name for a in home.settings.agents)))
    choices = [Choice(name, name) for name in names] + [Choice("", tr("nobody"))]
    tickets, row, chosen = await _picked(
        home, choices, tr("Who takes #{number}?"),
        lambda n: tr_n("Who takes {n} ticket?", "Who takes {n} tickets?", n),
    )  # fmt: skip
    if chosen is None:
        return
    name = safe_line(chosen) or tr("nobody")

    def said(n: int) -> str:
        return tr_n("{n} ticket goes to {name}", "{n} tickets go to {name}", n).replace("{name}", name)

    done = tr("#{number} goes to {name}.").replace("{name}", name)
    await on_all(home, tickets, row, lambda ticket: commands.Assign(ticket, chosen or None), done, said)


async def tag(home: Front) -> None:
    tickets, row = await home.marking.chosen(), home.row
    question = title(
        tickets, row, tr("Tags of #{number}"), lambda n: tr_n("Tags of {n} ticket", "Tags of {n} tickets", n)
    )
    hint = tr("+word adds, -word removes.")
    if not tickets:
        hint = tr("+word adds, -word removes. Now: {tags}").format(
            tags=" ".join(home.sight.tags) or tr("none")
        )
    words = await home.doing.ask(Ask(question, hint=hint))
    if not words or not words.strip():
        return
    parts = [safe_line(word) for word in words.split()]
    remove = tuple(word[1:] for word in parts if word.startswith("-") and len(word) > 1)
    add = tuple(word.removeprefix("+") for word in parts if not word.startswith("-") and word.strip("+"))
    await on_all(
        home, tickets, row, lambda ticket: commands.Tag(ticket, add, remove), tr("#{number} is tagged."),
        lambda n: tr_n("{n} ticket is tagged", "{n} tickets are tagged", n),
    )  # fmt: skip


async def priority(home: Front) -> None:
    choices = [Choice(each.value, present.priority(each.value)) for each in reversed(Priority)]
    tickets, row, chosen = await _picked(
        home, choices, tr("How urgent is #{number}?"),
        lambda n: tr_n("How urgent is {n} ticket?", "How urgent are {n} tickets?", n),
    )  # fmt: skip
    if chosen:
        word, urgent = present.priority(chosen), Priority(chosen)
        await on_all(
            home, tickets, row, lambda ticket: commands.Prioritise(ticket, urgent), _now(word), counted(word)
        )


async def language(home: Front) -> None:
    choices = [Choice(code, language_name(code)) for code in LANGUAGES]
    tickets, row, code = await _picked(
        home, choices, tr("In which language is #{number} answered?"),
        lambda n: tr_n("In which language is {n} ticket answered?", "In which language are {n} tickets answered?", n),
    )  # fmt: skip
    if code:
        word = language_name(code)
        await on_all(
            home, tickets, row, lambda ticket: commands.SetLanguage(ticket, code), _now(word), counted(word)
        )


async def describe(home: Front) -> None:
    """What kind of matter it is, and which incident; each may be nothing."""
    kinds = [Choice(each, matter.kind(each)) for each in KINDS] + [Choice("", tr("none"))]
    tickets, row, kind = await _picked(
        home, kinds, tr("What kind of matter is #{number}?"),
        lambda n: tr_n("What kind of matter is {n} ticket?", "What kind of matter are {n} tickets?", n),
    )  # fmt: skip
    if kind is None:
        return
    from agentdesk.screens import fitting

    first = await fitting.incident(home, row) if row and not tickets else None
    known = sorted(INCIDENTS, key=lambda each: each != first)
    incidents = [Choice(each, matter.incident(each)) for each in known] + [Choice("", tr("none"))]
    incident = await home.doing.ask(Pick(tr("What went wrong?"), matching(incidents)))
    if incident is None:
        return
    words = ", ".join(filter(None, (matter.kind(kind), matter.incident(incident)))) or tr("none")
    await on_all(
        home, tickets, row, lambda ticket: Describe(ticket, kind, incident), _now(words), counted(words)
    )


def _now(words: str) -> str:
    """What is said of the one ticket that an act was done to: `words` say what it is now."""
    return f"#{{number}}: {words}"


async def send_and_snooze(home: Front) -> None:
    """The answer goes, and the ticket comes back at a time, or when the customer writes."""
    if until := await _until(home, tr("Until when does it sleep once this is sent?")):
        await home.writing.send(until=until)


async def send_later(home: Front) -> None:
    """The answer waits in the outbox for a time, unless the customer writes first."""
    if at := await _until(home, tr("When does it go?")):
        await home.writing.send(at=at)


async def _until(home: Front, question: str) -> datetime | None:
    """A time as the agent types it; None where they leave."""
    from agentdesk.screens import timing

    typed = await timing.ask(home, question, tr("2h, tomorrow 9:00, mañana 9, dilluns ..."))
    return typed.at if typed else None
