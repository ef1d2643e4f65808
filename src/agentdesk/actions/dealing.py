"""Acts on a ticket, on its customer and on who writes: what an agent does all day."""

from agentdesk.actions.row import Action, act
from agentdesk.errors import N_

DEALING_ACTS: tuple[Action, ...] = (
    act(
        "ticket.reply",
        "r",
        N_("reply"),
        N_("Answer the customer, or the third party whose message is selected."),
        needs="ticket account alone",
        footer=True,
    ),
    act(
        "ticket.forward",
        "f",
        N_("pass on"),
        N_("Pass the selected message, else the customer's last, with its files to a third party."),
        needs="ticket alone",
    ),
    act("ticket.note", "R", N_("note"), N_("Write an internal note."), needs="ticket alone", footer=True),
    act(
        "ticket.quick",
        "semicolon",
        N_("quick"),
        N_(
            "Answer with a quick reply; where tickets are marked, all of them, each in its language on its channel."
        ),
        needs="ticket account marked",
        footer=True,
    ),
    act(
        "ticket.template",
        "g t",
        N_("template"),
        N_("Answer with an approved template, where the window has closed."),
        needs="ticket account template alone",
    ),
    act(
        "ticket.switch",
        "w",
        N_("by channel"),
        N_("Answer by another channel of the customer's; a note in the ticket says so."),
        needs="ticket alone",
    ),
    act(
        "ticket.resolve",
        "e",
        N_("resolve"),
        N_("It is done. Where somebody waits, a digit says why no answer is needed."),
        needs="ticket live marked",
        footer=True,
    ),
    act(
        "ticket.no_answer",
        "d",
        N_("no answer"),
        N_(
            "Say with a digit why nobody has to answer what waits here: thanks, answered by phone, spam, or your own words."
        ),
        needs="ticket waits marked",
    ),
    act(
        "ticket.not_thanks",
        "W",
        N_("was no thanks"),
        N_("What was taken for thanks wants an answer: open again, and late from when it came."),
        needs="ticket alone",
    ),
    act(
        "ticket.seen",
        "h",
        N_("seen"),
        N_("What was written after the end was looked at: it leaves the view of those."),
        needs="ticket wrote marked",
    ),
    act("ticket.reopen", "E", N_("reopen"), N_("Open it again: it is not done."), needs="ticket over marked"),
    act(
        "ticket.life",
        "H",
        N_("its life"),
        N_("Each change of its status from the first message on: when, by whom and why."),
        needs="ticket alone",
    ),
    act("ticket.assign", "a", N_("assign"), N_("Give it to an agent."), needs="ticket marked"),
    act("ticket.take", "A", N_("take"), N_("Take it yourself."), needs="ticket marked"),
    act("ticket.tag", "t t", N_("tag"), N_("Add and remove tags."), needs="ticket marked"),
    act(
        "ticket.priority",
        "exclamation_mark | t p",
        N_("priority"),
        N_("Set the priority."),
        needs="ticket marked",
    ),
    act(
        "ticket.language",
        "t l",
        N_("language"),
        N_("In which language the customer is answered."),
        needs="ticket marked",
    ),
    act(
        "ticket.describe",
        "t k",
        N_("kind"),
        N_("What kind of matter it is, and what went wrong."),
        needs="ticket marked",
    ),
    act(
        "ticket.playbook",
        "T",
        N_("playbook"),
        N_("What to do next, whom to ask and by when: choose a playbook, then take its steps."),
        needs="ticket alone",
    ),
    act(
        "ticket.promise",
        "t y",
        N_("promises"),
        N_(
            "What the customer was promised: keep one from the last answer, write one down, mark it kept, withdraw it."
        ),
        needs="ticket alone",
    ),
    act(
        "ticket.derive",
        "t e",
        N_("sent elsewhere"),
        N_("Mark that the customer was sent to another channel; the same key takes the mark away."),
        needs="ticket alone",
    ),
    act("ticket.merge", "m", N_("merge"), N_("Make two tickets one."), needs="ticket alone"),
    act(
        "ticket.move",
        "t o",
        N_("other customer"),
        N_(
            "Give it to another customer, after a look at both; an answer then goes to that one. Undo brings it back."
        ),
        needs="ticket alone",
    ),
    act(
        "ticket.cause",
        "K | t c",
        N_("cause"),
        N_("Put it under a cause, one event behind many tickets."),
        needs="ticket marked",
    ),
    act(
        "cause.deal",
        "C",
        N_("all of a cause"),
        N_("All that is open under a cause: show, answer, let it wait, close."),
    ),
    act("snooze.later", "z l", N_("in 3 hours"), N_("Sleep for three hours."), needs="ticket live marked"),
    act(
        "snooze.tomorrow",
        "z t",
        N_("tomorrow"),
        N_("Sleep until tomorrow at nine."),
        needs="ticket live marked",
    ),
    act("snooze.monday", "z m", N_("Monday"), N_("Sleep until Monday at nine."), needs="ticket live marked"),
    act(
        "snooze.again",
        "z z",
        N_("again"),
        N_("Back to the time that an early wake cut short; else until a time that you type."),
        needs="ticket live marked",
    ),
    act(
        "snooze.until",
        "z u",
        N_("until ..."),
        N_("Sleep until a time that you type; after # what for."),
        needs="ticket live marked",
    ),
    act(
        "snooze.quiet",
        "z q",
        N_("quietly"),
        N_("Sleep until a time that you type, also when the customer writes."),
        needs="ticket live marked",
    ),
    act(
        "sender.machine",
        "x",
        N_("no customer"),
        N_("Not a customer: the sender's mail is machine mail from now on."),
        needs="ticket alone",
    ),
    act(
        "sender.person",
        "X",
        N_("a person"),
        N_("A person: this ticket and the sender's later mail are work."),
        needs="ticket alone",
    ),
    act(
        "sender.forget",
        "t x",
        N_("judge the sender anew"),
        N_("Neither is kept of the sender any more: each mail is judged by itself again."),
        needs="ticket alone",
    ),
    act(
        "ticket.rescue",
        "i",
        N_("no junk"),
        N_("Not junk: its mail goes from the Junk folder into the inbox."),
        needs="ticket junk alone",
    ),
    act("act.undo", "u | ctrl+z", N_("undo"), N_("Take back the last act or held answer."), footer=True),
    act(
        "act.repeat",
        "full_stop",
        N_("repeat"),
        N_("Do the last act once more: to this ticket, or to all that are marked."),
        needs="ticket marked",
    ),
    act("customer.show", "c", N_("customer"), N_("Show who is writing."), needs="ticket", footer=True),
    act(
        "customer.link",
        "L",
        N_("same person"),
        N_("Make two customers one; undo makes them two again."),
        needs="ticket alone",
    ),
    act(
        "customer.edit",
        "t w",
        N_("customer's fields"),
        N_(
            "Write down what you know of the customer: name, phone, company, language, form of address, or a field of yours."
        ),
        needs="ticket alone",
    ),
    act(
        "customer.note",
        "t i",
        N_("about the customer"),
        N_("A note about the customer, shown with every ticket of theirs; or change one that is there."),
        needs="ticket alone",
    ),
    act(
        "customer.mute",
        "t m",
        N_("mute"),
        N_(
            "Mute the customer: what they write is kept apart, no clock runs, nothing rings; the same key ends it."
        ),
        needs="ticket alone",
    ),
    act(
        "survey.ask",
        "t s",
        N_("ask how it was"),
        N_(
            "Send the survey to the customer of a resolved ticket now; a plain reply with 1 to 5, a thumb or a word answers it."
        ),
        needs="ticket account resolved alone",
    ),
    act(
        "customer.surveys",
        "t q",
        N_("ask no more"),
        N_("Do not ask this customer any more how it was, or ask again; the same key for both."),
        needs="ticket alone",
    ),
    act(
        "customer.lookup",
        "l",
        N_("ask the shop"),
        N_("Ask the shop again about this customer: orders and what else it knows."),
        needs="ticket lookup alone",
    ),
)
