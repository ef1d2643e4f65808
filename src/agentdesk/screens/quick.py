"""A quick reply: chosen from the list, asked for what nobody knows, and put into the answer where the cursor is; where tickets
are marked it is for all of them (`circular`).

Promises: what was said once on a ticket is not asked there again; whoever leaves the form gets the text with its blanks, to
fill them in there. Refuses: sending.
"""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from agentdesk import deeds, facts, quick
from agentdesk.actions import BY_ID
from agentdesk.core import replies
from agentdesk.core.model import Status
from agentdesk.core.replies import Does, QuickReply
from agentdesk.core.views import QueueRow
from agentdesk.engine import editor
from agentdesk.engine.phrase import Phrases, acts, fits, phrases, run, took
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.screens import circular
from agentdesk.screens.blanks import asked
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front


class Replies(Pick):
    """The list of quick replies; `wanted` is the name of one that is to be edited instead of taken; `new`
    asks for a name first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "edit", show=False, priority=True, id="replies.edit"),
        Binding("ctrl+t", "make", show=False, priority=True, id="replies.new"),
        Binding("pagedown", "read(1)", show=False, priority=True, id="replies.read"),
        Binding("pageup", "read(-1)", show=False, priority=True, id="replies.read_back"),
    ]
    wanted = ""
    new = False

    def action_edit(self) -> None:
        if self.chosen:
            self.wanted = self.chosen
            self.dismiss(None)

    def action_make(self) -> None:
        self.new, self.wanted = True, "-".join(self.typed.split())
        self.dismiss(None)


async def choose(home: Front, words: str = "") -> None:
    """A quick reply in the customer's language, filled as far as the desk and the agent know, into the composer. The list
    begins with `words`, as it was before one of it was edited."""
    tickets, row = await home.marking.chosen(), home.row
    if row is None:
        return
    loaded = await asyncio.to_thread(quick.load, (home.place.config,))
    by_name = {each.name: each for each in loaded.replies}
    language = home.settings.desk.language
    known = await asyncio.to_thread(phrases, home.desk, home.settings, row)
    fitting = [] if tickets else await asyncio.to_thread(fits, home.desk, row, loaded.replies)

    def narrow(words: str) -> list[Choice]:
        found = replies.choices(loaded.replies, words, language, known.uses, fitting)
        width = max((len(r.shortcut or "") for r in found), default=0)
        return [
            Choice(r.name, r.title(language), _beside(r, fitting, width), _preview(home, known, r))
            for r in found
        ]

    key = home.panes.footer.key_of
    hint = tr("Enter inserts, {read} reads, {edit} edits, {new} new; nothing is sent.").format(
        read=key("replies.read"), edit=key("replies.edit"), new=key("replies.new")
    )
    n = len(tickets)
    title = (
        tr_n("Quick reply for {n} ticket", "Quick reply for {n} tickets", n).format(n=n)
        if tickets
        else tr("Quick reply")
    )
    dialog = Replies(title, narrow, hint=hint, reading=True, words=words)
    chosen = await home.doing.ask(dialog)
    if dialog.wanted or dialog.new:
        await (make(home, dialog.wanted) if dialog.new else _edit(home, dialog.wanted))
        await choose(home, dialog.typed)
        return
    if chosen is None:
        return
    reply = by_name[chosen]
    if tickets:
        await circular.answer(home, tickets, reply)
    else:
        await _use(home, row, known, reply)


def _beside(reply: QuickReply, fitting: Sequence[str], width: int) -> str:
    """Its shortcut, in a column of so many cells, and why it comes first where that is more than habit."""
    fits = tr("fits what was written") if reply.name in fitting else ""
    return f"{reply.shortcut or '':<{width}}  {fits}".rstrip()


async def make(home: Front, name: str = "") -> None:
    """A new one: what it is called, then its text in the agent's own editor."""
    name = await home.doing.ask(Ask(tr("What is the new quick reply called?"), name)) or ""
    if name.strip():
        await _edit(home, name.strip())


async def edit(home: Front) -> None:
    """One of those there are, chosen by its title."""
    loaded = await asyncio.to_thread(quick.load, (home.place.config,))
    language = home.settings.desk.language
    choices = [Choice(each.name, each.title(language), each.name) for each in loaded.replies]
    chosen = await home.doing.ask(Pick(tr("Which quick reply is edited?"), matching(choices)))
    if chosen:
        await _edit(home, chosen)


async def take(home: Front, name: str) -> None:
    """The quick reply of that name, as if it was chosen from the list."""
    tickets, row = await home.marking.chosen(), home.row
    if row is None:
        return
    loaded = await asyncio.to_thread(quick.load, (home.place.config,))
    reply = next((each for each in loaded.replies if each.name == name), None)
    if reply is None:
        said = tr("There is no quick reply {name}; {key} shows which there are.")
        home.tell(said.format(name=name, key=home.panes.footer.key_of("ticket.quick")), bad=True)
    elif tickets:
        await circular.answer(home, tickets, reply)
    elif reply.texts and (reason := home.sight.why_not(BY_ID["ticket.quick"])):
        home.tell(reason, bad=True)
    else:
        known = await asyncio.to_thread(phrases, home.desk, home.settings, row)
        await _use(home, row, known, reply)


async def _use(home: Front, row: QueueRow, known: Phrases, reply: QuickReply) -> None:
    """Into the composer, or, a macro without a text, done at once."""
    if not reply.texts and reply.does:
        await _run(home, row.id, reply, reply.does)
        return
    given = await _order(home, known, reply)
    given = {**given, **await asked(home, reply, replies.asking(known.filled(reply, given).text))}
    await home.doing.did(
        lambda: took(home.desk, row.id, reply, given)
    )  # a full disk is said, and stops no answer
    if not home.writing.active:
        home.paths.write("reply")
    home.panes.composer.insert(known.filled(reply, given).text, apart=True)
    if reply.does:
        home.writing.will(reply)
    home.panes.focus(home.panes.composer)


async def _edit(home: Front, name: str) -> None:
    """In the user's own editor, as often as something is wrong and somebody wants to go back; what was written stays."""
    agents = tuple(agent.name for agent in home.settings.agents)
    while True:
        try:
            with home.app.suspend():
                problems = editor.edit(home.place.config, name, agents)
        except DeskError as error:
            home.doing.fail(error)
            return
        if not problems:
            return
        said = "\n".join(f"{each.file.name}:{each.line}: {each.key}: {each.reason}" for each in problems[:8])
        if not await home.doing.ask(Confirm(tr("Something is wrong in it. Back to the editor?"), said)):
            return


def _preview(home: Front, known: Phrases, reply: QuickReply) -> str:
    """What it will do, and the text."""
    text = known.filled(reply).text
    if reply.does is None:
        return text
    doing = deeds.words(acts(reply.does, home.desk, home.settings), home.settings.desk.tzinfo)
    head = tr("on sending: {acts}") if reply.texts else tr("at once: {acts}")
    return f"{head.format(acts=doing)}\n\n{text}".rstrip()


async def _run(home: Front, ticket: str, reply: QuickReply, does: Does) -> None:
    """A macro without a text: done at once, as one act, and once more by the key that repeats."""

    async def again() -> None:
        if home.row is not None:
            await _run(home, home.row.id, reply, does)

    home.doing.again = again
    doing = acts(does, home.desk, home.settings)
    if await home.doing.did(lambda: run(home.desk, ticket, reply, doing)):
        home.tell(deeds.words(doing, home.settings.desk.tzinfo), undo=True)
        if doing.until or doing.status is Status.RESOLVED:
            home.paths.move_on(ticket)


async def _order(home: Front, known: Phrases, reply: QuickReply) -> dict[str, str]:
    """Which of several orders `reply` is about; nothing where that is clear, or where none of them is."""
    found = known.doubtful(reply)
    if not found:
        return {}
    now, zone = home.desk.now(), home.settings.desk.tzinfo
    card = home.sight.card()
    own = facts.mails(card.identities if card else ())
    choices = [
        Choice(
            each.number,
            facts.heading(each, now, zone),
            preview="\n".join(line for line, _ in facts.details(each, own)),
        )
        for each in found
    ]
    hint = tr("Esc: none of these.")
    chosen = await home.doing.ask(Pick(tr("Which order is it?"), matching(choices), hint=hint))
    return {"order.number": chosen} if chosen else {}
