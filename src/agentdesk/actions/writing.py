"""Acts of the composer. They have keys of their own, since a letter is text there."""

from agentdesk.actions.row import WRITING, Action, act
from agentdesk.errors import N_

WRITING_ACTS: tuple[Action, ...] = (
    act(
        "compose.send",
        "ctrl+j",
        N_("send"),
        N_("Send; the same key again sends at once."),
        WRITING,
        footer=True,
    ),
    act(
        "compose.resolve",
        "alt+j | ctrl+r",
        N_("send and resolve"),
        N_("Send and resolve."),
        WRITING,
        footer=True,
    ),
    act("compose.quick", "ctrl+o", N_("quick"), N_("Insert a quick reply."), WRITING, footer=True),
    act("compose.attach", "ctrl+t", N_("attach"), N_("Attach a file."), WRITING, footer=True),
    act(
        "compose.help",
        "ctrl+p | f1",
        N_("more ..."),
        N_("Every act of what is being written by its name; what you choose is done, Esc goes on writing."),
        WRITING,
        footer=True,
    ),
    act(
        "compose.snooze",
        "f9",
        N_("send and snooze"),
        N_("Send, and let the ticket sleep until a time that you type."),
        WRITING,
    ),
    act(
        "compose.later",
        "f4",
        N_("send later"),
        N_("Send at a time that you type, unless the customer writes first."),
        WRITING,
    ),
    act("compose.editor", "ctrl+e", N_("editor"), N_("Go on in your own editor."), WRITING, footer=True),
    act(
        "compose.blank",
        "tab",
        N_("blank"),
        N_("To the next blank to fill in, or else to the next pane."),
        WRITING,
        footer=True,
    ),
    act("compose.pane", "f6", N_("pane"), N_("To the next pane."), WRITING),
    act(
        "compose.switch",
        "f7",
        N_("by channel"),
        N_("By another channel of the customer's; a note in the ticket says so."),
        WRITING,
    ),
    act(
        "compose.until",
        "f8",
        N_("until ..."),
        N_("With a note to a colleague (@name): tell the customer by when we answer, in the same act."),
        WRITING,
    ),
    act(
        "compose.promise",
        "f5",
        N_("promise"),
        N_(
            "Keep what the answer promises as a promise, by the time that it says or one that you type; the same key: not. "
            "Where something is promised already it takes its place, then both count, then neither."
        ),
        WRITING,
    ),
    act(
        "compose.derive",
        "f3",
        N_("sent elsewhere"),
        N_("Mark that this answer sends the customer to another channel; the same key: not."),
        WRITING,
    ),
    act(
        "compose.people",
        "f2",
        N_("to, cc, bcc"),
        N_("Who gets the mail, who a copy, and who one that nobody sees."),
        WRITING,
    ),
    act("compose.everybody", "ctrl+a", N_("to all"), N_("Answer everybody, or only the sender."), WRITING),
    act("compose.close", "escape", N_("back"), N_("Close; the draft is kept."), WRITING, footer=True),
)
