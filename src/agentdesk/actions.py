"""Every act that a key can do, once: bindings, footer, palette, `?`, the command line of the console and the documentation
are all drawn from this table. An action whose needs are not met says which; a key never silently does nothing.

A key of two characters apart by a space is a chord; its first key shows what may follow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agentdesk.errors import N_

QUEUE, READING, CUSTOMER, WRITING, ANYWHERE = "queue", "reading", "customer", "writing", "anywhere"


@dataclass(frozen=True, slots=True)
class Action:
    """`keys` are Textual's names. `where`: queue, reading (the conversation), customer, writing (the composer), or anywhere
    but where one writes.

    `needs`: ticket, message, ours (it was sent from here), account, live (not resolved), over (resolved or closed), junk, lookup (the shop can be asked), template (the channel has
    any). An act on tickets is marked (done to all that are marked, each of which may refuse it) or alone (to one).
    """

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    where: str = ANYWHERE
    needs: frozenset[str] = frozenset()
    footer: bool = False


def _act(
    action: str,
    keys: str,
    title: str,
    help_: str,
    where: str = ANYWHERE,
    needs: str = "",
    *,
    footer: bool = False,
) -> Action:
    return Action(
        action,
        tuple(keys.split(" | ")) if keys else (),
        title,
        help_,
        where,
        frozenset(needs.split()),
        footer,
    )


ACTIONS: tuple[Action, ...] = (
    _act("queue.next_due", "n", N_("next"), N_("Go to the ticket that is due next."), footer=True),
    _act("queue.down", "j | down", N_("down"), N_("One ticket down."), QUEUE),
    _act("queue.up", "k | up", N_("up"), N_("One ticket up."), QUEUE),
    _act("queue.page_down", "ctrl+d | pagedown", N_("page down"), N_("A page down."), QUEUE),
    _act("queue.page_up", "ctrl+u | pageup", N_("page up"), N_("A page up."), QUEUE),
    _act("queue.top", "g g | home", N_("top"), N_("To the first ticket."), QUEUE),
    _act("queue.bottom", "G | end", N_("bottom"), N_("To the last ticket."), QUEUE),
    _act(
        "queue.mark",
        "space",
        N_("mark"),
        N_(
            "Mark this ticket, or not any more: what you do next is done to all that are marked. Esc takes the marks away."
        ),
        QUEUE,
        "ticket",
        footer=True,
    ),
    _act(
        "queue.range",
        "v",
        N_("range"),
        N_("Mark from here to the cursor, wherever it goes; the same key again ends it."),
        QUEUE,
        "ticket",
    ),
    _act(
        "queue.everything",
        "M",
        N_("mark all"),
        N_("Mark everything that is shown: a whole view, or what a filter leaves of it."),
        QUEUE,
        "ticket",
    ),
    _act("queue.sort", "S", N_("sort"), N_("In order, by who waits longest, or newest first."), QUEUE),
    _act(
        "queue.save_view",
        "V",
        N_("keep view"),
        N_("Keep this filter and order as a view of your own."),
        QUEUE,
    ),
    _act("queue.open", "enter", N_("open"), N_("Open the ticket."), QUEUE, "ticket", footer=True),
    _act("reading.down", "j | down", N_("down"), N_("Scroll down."), READING),
    _act("reading.up", "k | up", N_("up"), N_("Scroll up."), READING),
    _act("reading.page_down", "ctrl+d | pagedown | space", N_("page down"), N_("A page down."), READING),
    _act("reading.page_up", "ctrl+u | pageup", N_("page up"), N_("A page up."), READING),
    _act(
        "reading.quotes",
        "o",
        N_("quotes"),
        N_("Unfold or fold quotes and signatures."),
        READING,
        "ticket",
        footer=True,
    ),
    _act("reading.save", "s", N_("save file"), N_("Save an attachment."), READING, "ticket"),
    _act(
        "reading.file",
        "O",
        N_("open file"),
        N_("Open an attachment with the system's program."),
        READING,
        "message",
    ),
    _act(
        "reading.play",
        "P",
        N_("play"),
        N_("Play the voice note of this message, else the newest one."),
        READING,
        "message",
    ),
    _act("reading.look", "p", N_("picture"), N_("Look at the pictures here."), READING, "message"),
    _act("reading.raw", "v", N_("raw"), N_("Show the raw message."), READING, "message"),
    _act(
        "reading.edit",
        "M",
        N_("change sent"),
        N_("Change what was sent, where the channel can; the customer sees the new text."),
        READING,
        "ticket message ours alone",
    ),
    _act(
        "reading.delete",
        "D",
        N_("delete sent"),
        N_("Take back what was sent, where the channel can; the customer does not see it any more."),
        READING,
        "ticket message ours alone",
    ),
    _act(
        "reading.split",
        "B",
        N_("split"),
        N_("Make this message a ticket of its own; undo puts it back."),
        READING,
        "message",
    ),
    _act("customer.down", "j | down", N_("down"), N_("One earlier ticket down."), CUSTOMER),
    _act("customer.up", "k | up", N_("up"), N_("One earlier ticket up."), CUSTOMER),
    _act(
        "customer.open", "enter", N_("open"), N_("Read the earlier ticket."), CUSTOMER, "ticket", footer=True
    ),
    _act("go.back", "escape", N_("back"), N_("Back; nothing typed is lost."), footer=True),
    _act("go.pane", "tab | f6", N_("pane"), N_("To the next pane.")),
    _act("go.inbox", "g i | 1", N_("inbox"), N_("What needs a person.")),
    _act("go.mine", "g m | 2", N_("mine"), N_("What is assigned to me.")),
    _act("go.unassigned", "g u | 3", N_("unassigned"), N_("What nobody has taken.")),
    _act("go.overdue", "g d | 4", N_("overdue"), N_("What is late.")),
    _act("go.waiting", "g p | 5", N_("waiting"), N_("What waits for somebody else.")),
    _act("go.snoozed", "g z | 6", N_("snoozed"), N_("What sleeps until a time.")),
    _act("go.machine", "g a | 7", N_("machine"), N_("Mail from machines.")),
    _act("go.resolved", "g r | 8", N_("resolved"), N_("What is done.")),
    _act("go.all", "g l | 9", N_("all"), N_("Everything, history included.")),
    _act(
        "ticket.reply",
        "r",
        N_("reply"),
        N_("Answer the customer, or the third party whose message is selected."),
        needs="ticket account alone",
        footer=True,
    ),
    _act(
        "ticket.forward",
        "f",
        N_("pass on"),
        N_("Pass the selected message, else the customer's last, with its files to a third party."),
        needs="ticket alone",
    ),
    _act("ticket.note", "R", N_("note"), N_("Write an internal note."), needs="ticket alone", footer=True),
    _act(
        "ticket.quick",
        "semicolon",
        N_("quick"),
        N_(
            "Answer with a quick reply; where tickets are marked, all of them, each in its language on its channel."
        ),
        needs="ticket account marked",
        footer=True,
    ),
    _act(
        "ticket.template",
        "g t",
        N_("template"),
        N_("Answer with an approved template, where the window has closed."),
        needs="ticket account template alone",
    ),
    _act(
        "ticket.switch",
        "w",
        N_("by channel"),
        N_("Answer by another channel of the customer's; a note in the ticket says so."),
        needs="ticket alone",
    ),
    _act("ticket.resolve", "e", N_("resolve"), N_("It is done."), needs="ticket live marked", footer=True),
    _act("ticket.reopen", "E", N_("reopen"), N_("It is not done."), needs="ticket over marked"),
    _act("ticket.assign", "a", N_("assign"), N_("Give it to an agent."), needs="ticket marked"),
    _act("ticket.take", "A", N_("take"), N_("Take it yourself."), needs="ticket marked"),
    _act("ticket.tag", "t t", N_("tag"), N_("Add and remove tags."), needs="ticket marked"),
    _act(
        "ticket.priority",
        "exclamation_mark | t p",
        N_("priority"),
        N_("Set the priority."),
        needs="ticket marked",
    ),
    _act(
        "ticket.language",
        "t l",
        N_("language"),
        N_("In which language the customer is answered."),
        needs="ticket marked",
    ),
    _act(
        "ticket.describe",
        "t k",
        N_("kind"),
        N_("What kind of matter it is, and what went wrong."),
        needs="ticket marked",
    ),
    _act(
        "ticket.playbook",
        "T",
        N_("playbook"),
        N_("What to do next, whom to ask and by when: choose a playbook, then take its steps."),
        needs="ticket alone",
    ),
    _act("ticket.merge", "m", N_("merge"), N_("Make two tickets one."), needs="ticket alone"),
    _act(
        "ticket.cause",
        "K | t c",
        N_("cause"),
        N_("Put it under a cause, one event behind many tickets."),
        needs="ticket marked",
    ),
    _act(
        "cause.deal",
        "C",
        N_("all of a cause"),
        N_("All that is open under a cause: show, answer, let it wait, close."),
    ),
    _act("snooze.later", "z l", N_("in 3 hours"), N_("Sleep for three hours."), needs="ticket live marked"),
    _act(
        "snooze.tomorrow",
        "z t",
        N_("tomorrow"),
        N_("Sleep until tomorrow at nine."),
        needs="ticket live marked",
    ),
    _act("snooze.monday", "z m", N_("Monday"), N_("Sleep until Monday at nine."), needs="ticket live marked"),
    _act(
        "snooze.until",
        "z z",
        N_("until ..."),
        N_("Sleep until a time that you type."),
        needs="ticket live marked",
    ),
    _act(
        "sender.machine",
        "x",
        N_("no customer"),
        N_("Not a customer: the sender's mail is machine mail from now on."),
        needs="ticket alone",
    ),
    _act(
        "sender.person",
        "X",
        N_("a person"),
        N_("A person: this ticket and the sender's later mail are work."),
        needs="ticket alone",
    ),
    _act(
        "ticket.rescue",
        "i",
        N_("no junk"),
        N_("Not junk: its mail goes from the Junk folder into the inbox."),
        needs="ticket junk alone",
    ),
    _act("act.undo", "u | ctrl+z", N_("undo"), N_("Take back the last act or held answer."), footer=True),
    _act(
        "act.repeat",
        "full_stop",
        N_("repeat"),
        N_("Do the last act once more: to this ticket, or to all that are marked."),
        needs="ticket marked",
    ),
    _act("customer.show", "c", N_("customer"), N_("Show who is writing."), needs="ticket", footer=True),
    _act(
        "customer.link",
        "L",
        N_("same person"),
        N_("Make two customers one; undo makes them two again."),
        needs="ticket alone",
    ),
    _act(
        "customer.lookup",
        "l",
        N_("ask the shop"),
        N_("Ask the shop again about this customer: orders and what else it knows."),
        needs="ticket lookup alone",
    ),
    _act("find.search", "slash", N_("search"), N_("Search everything."), footer=True),
    _act("find.filter", "backslash", N_("filter"), N_("Narrow the queue.")),
    _act("outbox.show", "g o", N_("outbox"), N_("What has not been accepted yet.")),
    _act("ticket.new", "N", N_("write first"), N_("Start a ticket with a message of yours.")),
    _act("call.note", "g c", N_("call"), N_("Write down a phone call.")),
    _act("sync.now", "g s", N_("receive"), N_("Look for new messages now.")),
    _act(
        "help.keys", "question_mark | f1", N_("help"), N_("Every key; what you choose is done."), footer=True
    ),
    _act("help.palette", "ctrl+p", N_("palette"), N_("Every act by name.")),
    _act("help.command", "colon", N_("command"), N_("Type a command.")),
    _act("program.who", "g w", N_("who"), N_("Somebody else sits down: who is at the keyboard.")),
    _act("program.blank", "ctrl+l", N_("blank screen"), N_("Hide everything until a key is pressed.")),
    _act("program.quit", "q | ctrl+q", N_("quit"), N_("Leave; what is held goes out first.")),
    _act(
        "compose.send",
        "ctrl+j",
        N_("send"),
        N_("Send; the same key again sends at once."),
        WRITING,
        footer=True,
    ),
    _act(
        "compose.resolve",
        "alt+j | ctrl+r",
        N_("send and resolve"),
        N_("Send and resolve."),
        WRITING,
        footer=True,
    ),
    _act(
        "compose.snooze",
        "f9",
        N_("send and snooze"),
        N_("Send, and let the ticket sleep until a time that you type."),
        WRITING,
    ),
    _act("compose.editor", "ctrl+e", N_("editor"), N_("Go on in your own editor."), WRITING, footer=True),
    _act("compose.quick", "ctrl+o", N_("quick"), N_("Insert a quick reply."), WRITING, footer=True),
    _act(
        "compose.blank",
        "tab",
        N_("blank"),
        N_("To the next blank to fill in, or else to the next pane."),
        WRITING,
        footer=True,
    ),
    _act("compose.pane", "f6", N_("pane"), N_("To the next pane."), WRITING),
    _act("compose.attach", "ctrl+t", N_("attach"), N_("Attach a file."), WRITING),
    _act(
        "compose.switch",
        "f7",
        N_("by channel"),
        N_("By another channel of the customer's; a note in the ticket says so."),
        WRITING,
    ),
    _act(
        "compose.until",
        "f8",
        N_("until ..."),
        N_("With a note to a colleague (@name): tell the customer by when we answer, in the same act."),
        WRITING,
    ),
    _act("compose.everybody", "ctrl+a", N_("to all"), N_("Answer everybody, or only who wrote."), WRITING),
    _act("compose.close", "escape", N_("back"), N_("Close; the draft is kept."), WRITING, footer=True),
)
BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
PREFIXES: Mapping[str, str] = {"g": N_("go"), "t": N_("set"), "z": N_("snooze")}


def places(action: Action) -> Iterable[str]:
    """Where an action's keys count: `anywhere` is everywhere but where one types."""
    return (QUEUE, READING, CUSTOMER) if action.where == ANYWHERE else (action.where,)
