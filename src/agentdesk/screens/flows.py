"""One function for every act of several steps: ask, do, tell. Errors raised on purpose end here, as a message on the screen.

A flow gets the home screen for its dialogs and its selection, and the desk for what it does; it draws nothing itself.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from agentdesk import present
from agentdesk import quick as replies
from agentdesk.actions import WRITING, Action
from agentdesk.actions.called import ALSO, Called
from agentdesk.core import commands
from agentdesk.core.events import Event
from agentdesk.core.folding import folded
from agentdesk.core.text import safe_line
from agentdesk.core.views import QueueRow
from agentdesk.engine import editor, handover
from agentdesk.engine.sync import ask_for_pass
from agentdesk.errors import DeskError
from agentdesk.hit import told
from agentdesk.i18n import tr, tr_n
from agentdesk.keymap import QUICK, quick
from agentdesk.screens.acts import act
from agentdesk.screens.destination import ways_of
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Find, Pick, Read, matching
from agentdesk.screens.front import Front
from agentdesk.widgets.glyphs import UNICODE

PREVIEW = 300
"""Characters of a message that are shown before it is split off."""


async def merge(home: Front) -> None:
    """Into one of the tickets that are offered, or into the one whose number is typed."""
    row = home.row
    if row is None:
        return
    offered = _mergeable(home, row)

    async def find(words: str) -> list[Choice]:
        word = words.strip().lstrip("#")
        known = home.sight.ticket_id(int(word)) if word.isascii() and word.isdigit() else None
        meant = [_ticket(home, int(word))] if known else []
        return [*meant, *(each for each in matching(offered)(words) if each.value != word)]

    def wrong(words: str) -> str:
        return tr("There is no ticket {name}.").format(name=safe_line(words.strip()))

    question = tr("Merge #{number} into which ticket?").format(number=row.number)
    hint = tr("a number, or choose")
    word = await home.doing.ask(Find(question, find, home.doing.hold, hint=hint, wrong=wrong))
    into = home.sight.ticket_id(int(word)) if word else None
    if word is None or into is None or not await home.doing.ask(_both(home, row, int(word))):
        return
    if await act(
        home,
        commands.Merge(row.id, into),
        tr("#{number} was merged into #{into}.").format(number=row.number, into=word),
    ):
        home.paths.open(int(word))


def _mergeable(home: Front, row: QueueRow) -> list[Choice]:
    """The tickets that are linked with it, then the others of its customer."""
    card = home.sight.feed.card(row.customer)
    theirs = (each.number for each in card.tickets) if card else ()
    numbers = dict.fromkeys((*home.sight.linked, *theirs))
    return [_ticket(home, number) for number in numbers if number != row.number]


def _ticket(home: Front, number: int) -> Choice:
    row = home.sight.window.ticket(number).row
    said = home.panes.queue.glyphs.joined(safe_line(row.subject) or "-", present.status(row.status))
    return Choice(str(number), f"#{number}", said)


def _both(home: Front, row: QueueRow, into: int) -> Confirm:
    """What would become one, side by side; that it is two people's is said."""
    other = home.sight.window.ticket(into).row
    lines = [
        f"#{each.number} {safe_line(each.customer_name or each.identity)}: {safe_line(each.subject)}"
        for each in (row, other)
    ]
    people = {card.id for each in (row, other) if (card := home.sight.feed.card(each.customer))}
    if len(people) > 1:
        lines.append(tr("! These are two customers; they stay two."))
    question = tr("Make #{number} part of #{into}?").format(number=row.number, into=other.number)
    return Confirm(question, "\n".join(lines))


async def split(home: Front) -> None:
    """The selected message leaves its ticket, after a look at what it says."""
    message, row = home.panes.conversation.selected(), home.row
    if message is None or row is None:
        return
    question = tr("Take this message out of #{number}, into a ticket of its own?").format(number=row.number)
    if not await home.doing.ask(Confirm(question, message.text.strip()[:PREVIEW])):
        return
    done: list[Event] = []
    if await home.doing.did(lambda: done.append(home.desk.do(commands.Split(message.id)))):
        new = done[0].ticket or row.id
        said = tr("It has a ticket of its own, #{number}; both are linked.")
        home.tell(said.format(number=home.sight.window.number(new)), undo=True)
        home.panes.queue.select(new)


async def search(home: Front) -> None:
    """What is typed is looked up as it is typed; what is chosen is opened."""
    titles: dict[str, int] = {}
    more = home.panes.queue.glyphs.more

    async def find(words: str) -> list[Choice]:
        found = await home.sight.search(words)
        titles.update({hit.message: hit.ticket for hit in found})
        return [
            Choice(hit.message, f"#{hit.ticket}", told(hit), _snippet(hit.snippet, more)) for hit in found
        ]

    def wrong(words: str) -> str:
        return _unfit(lambda: home.sight.window.search(words, home.sight.names(), prefix_last=True))

    hint = tr('words, "a phrase", from: tag: is:unread after: ...')
    chosen = await home.doing.ask(Find(tr("Search"), find, home.doing.hold, hint=hint, wrong=wrong))
    home.sight.stop_search()
    if chosen:
        home.paths.open(titles[chosen], deeper=True)


def _snippet(text: str, more: str) -> str:
    """A hit's line; the signs for what was left out at its ends are ours."""
    for ours in {UNICODE.more} - {more}:
        text = re.sub(f"^{ours}|{ours}$", more, text)
    return text


def _unfit(read: Callable[[], object]) -> str:
    """Why words cannot be understood; empty where they can."""
    try:
        read()
    except DeskError as error:
        return present.problem(error).detail
    return ""


async def narrow_queue(home: Front) -> None:
    hint = tr("channel:whatsapp is:overdue lang:ca ...; empty shows all")

    def wrong(text: str) -> str:
        return _unfit(lambda: home.sight.narrowed(text.strip()))

    typed = await home.doing.ask(Ask(tr("Show only"), home.sight.filter, hint, wrong=wrong))
    if typed is None:
        return
    n = len(home.marking.marks)
    home.paths.go_to(home.sight.view, typed.strip())
    if n:
        said = tr_n(
            "{n} mark was taken away: another view is shown.",
            "{n} marks were taken away: another view is shown.",
            n,
        )
        home.tell(said.format(n=n))


async def show_raw(home: Front) -> None:
    message = home.panes.conversation.selected()
    if message is not None:
        await home.doing.ask(Read(message.id, home.sight.raw(message.id)))


async def show_drafts(home: Front) -> None:
    """What is typed and not sent, whoever typed it; Enter goes on with its ticket."""
    from agentdesk.handover import kind

    found = await asyncio.to_thread(handover.open_drafts, home.desk)
    choices = [
        Choice(str(at), f"#{each.number} {each.agent}", kind(each.kind)) for at, each in enumerate(found)
    ]
    chosen = await home.doing.ask(Pick(tr("Drafts: Enter opens the ticket"), matching(choices)))
    if chosen:
        home.paths.open(found[int(chosen)].number)


async def switch(home: Front) -> None:
    """Answers by another channel of the customer's; where there is none, no answer is begun."""
    if not home.writing.active:
        if home.row is None or not ways_of(home, home.row):
            return
        home.paths.write("reply")
    await home.writing.switch()


def in_editor(home: Front) -> None:
    """Goes on writing in $EDITOR; what was written comes back into the composer."""
    before = home.panes.composer.text
    try:
        with home.app.suspend():
            text = editor.rewritten(before)
    except OSError as error:
        home.tell(f"{error.filename}: {error.strerror or error}", bad=True)
        return
    if before.strip() and not text.strip():  # an editor that finds no room leaves an empty file
        home.tell(tr("The editor left nothing: the text is as it was."), bad=True)
        return
    home.panes.composer.rewrite(text)
    home.writing.put_by()


async def receive_now(home: Front) -> None:
    asked = await home.doing.did(lambda: ask_for_pass(home.desk, home.settings.accounts))
    if asked:
        home.tell(tr("Looking for new messages."))


async def show_help(home: Front) -> None:
    """Every key, those of this pane alone first; what is chosen is done."""
    await _choose_action(home, tr("Keys: Enter does it"), here=home.panes.where)


async def show_palette(home: Front) -> None:
    await _choose_action(home, tr("What do you want to do?"))


async def _choose_action(home: Front, title: str, *, here: str = "") -> None:
    keys, actions = home.keyboard.keymap.keys, await every_action(home)
    why_not = {each.id: home.doing.why_not(each) for each in actions}
    printed = {each.id: ", ".join(map(home.panes.footer.called, keys.get(each.id, ()))) for each in actions}
    called = Called(
        (tr(each.title), tr(ALSO.get(each.id, "")), tr(each.help), f"{each.id} {printed[each.id]}")
        for each in actions
    )

    def choice(each: Action) -> Choice:
        below = f"{each.id}   ! {why_not[each.id]}" if why_not[each.id] else each.id
        return Choice(each.id, f"{printed[each.id]:<14} {tr(each.title)}", tr(each.help), below)

    def narrow(words: str) -> list[Choice]:
        """What cannot be done now last, unless it is called just so; before any word what is done only in the pane `here` first."""
        found, whole = [actions[place] for place in called.meant(words)], folded(words).strip()

        def later(each: Action) -> tuple[bool, bool]:
            cannot = each.where == WRITING and not home.writing.active and folded(tr(each.title)) != whole
            return cannot, bool(here) and not whole and each.where != here

        return [choice(each) for each in sorted(found, key=later)]

    chosen = await home.doing.ask(Pick(title, narrow))
    if chosen:
        home.doing.run(next(each for each in actions if each.id == chosen))


async def every_action(home: Front) -> list[Action]:
    """All that can be done: the table, views of one's own, then the quick replies and macros by their titles."""
    loaded = await asyncio.to_thread(replies.load, (home.place.config,))
    titles = {each.name: each.title(home.settings.desk.language) for each in loaded.replies}
    table = [each for each in home.keyboard.keymap.actions if not each.id.startswith(QUICK)]
    return table + [quick(name, title) for name, title in titles.items()]


async def type_command(home: Front) -> None:
    """An action or a quick reply by its id, or a ticket by its number."""
    typed = await home.doing.ask(
        Ask(tr("Command"), hint=tr("a ticket's number, or an action such as ticket.resolve"))
    )
    word = (typed or "").strip().lstrip("#:")
    if word.isascii() and word.isdigit():
        home.paths.open(int(word))
        return
    actions = {each.id: each for each in await every_action(home)}
    if word in actions:
        home.doing.run(actions[word])
    elif word:
        await _offer(home, word, actions)


async def _offer(home: Front, word: str, actions: Mapping[str, Action]) -> None:
    """What `word` may mean, for Enter to do it."""
    none = tr("There is no action {name}.").format(name=safe_line(word))
    meant = actions.get(_near(word, actions))
    if meant is None:
        home.tell(none, bad=True)
        return
    wanted = tr("Do this instead: {title} ({action})?").format(title=tr(meant.title), action=meant.id)
    if await home.doing.ask(Confirm(none, f"{wanted}\n{tr(meant.help)}")):
        home.doing.run(meant)


def _near(word: str, actions: Mapping[str, Action]) -> str:
    """The action that a word may mean: what the list of all acts shows first for it, else the id that is written most alike."""
    known = list(actions.values())
    called = Called((tr(each.title), tr(ALSO.get(each.id, "")), tr(each.help), each.id) for each in known)
    if meant := called.meant(word):
        return known[meant[0]].id
    alike = get_close_matches(word, actions, 1, 0.4)
    return alike[0] if alike else ""


def ask_shop(home: Front) -> None:
    """Asks the shop now; what comes stands beside the ticket, or where the customer is shown."""
    home.sight.shop.look(home.settings, home.row, now=True)
    key = home.panes.footer.key_of("customer.show")
    home.tell(tr("The shop is being asked; {key} shows what it says.").format(key=key))
