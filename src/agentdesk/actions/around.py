"""Acts beside the tickets: to find, to begin, to receive, to get help, to leave."""

from agentdesk.actions.row import Action, act
from agentdesk.errors import N_

AROUND_ACTS: tuple[Action, ...] = (
    act("find.search", "slash", N_("search"), N_("Search everything."), footer=True),
    act("find.filter", "backslash", N_("filter"), N_("Narrow the queue.")),
    act("outbox.show", "g o", N_("outbox"), N_("What has not been accepted yet.")),
    act(
        "quarantine.show",
        "g U",
        N_("unreadable"),
        N_("Mails that could not be read, with the reason: try one again, or dismiss it."),
    ),
    act(
        "go.morning",
        "g h",
        N_("the day"),
        N_("How the day stands: what came, what is due and late, how fast it goes."),
    ),
    act(
        "go.closing",
        "g e",
        N_("end of day"),
        N_(
            "How the day ends: windows that close before you open again, what is due, unanswered, held or in doubt."
        ),
    ),
    act("go.came", "g j", N_("what came"), N_("What came while the laptop slept or agentdesk was closed.")),
    act(
        "go.figures",
        "g f",
        N_("figures"),
        N_(
            "Promises kept, first contact, volume and who waits, as bars; Enter lists the tickets behind one."
        ),
    ),
    act("ticket.new", "N", N_("write first"), N_("Start a ticket with a message of yours.")),
    act("call.note", "g c", N_("call"), N_("Write down a phone call.")),
    act("account.add", "g n", N_("add mailbox"), N_("Add a mailbox by its address; its servers are found.")),
    act("sync.now", "g s", N_("receive"), N_("Look for new messages now.")),
    act(
        "help.keys", "question_mark | f1", N_("help"), N_("Every key; what you choose is done."), footer=True
    ),
    act("help.palette", "ctrl+p", N_("palette"), N_("Every act by name.")),
    act("help.command", "colon", N_("command"), N_("Type a command.")),
    act("program.who", "g w", N_("who"), N_("Somebody else sits down: who is at the keyboard.")),
    act(
        "program.theme",
        "g y",
        N_("theme"),
        N_("Other colours, tried as you move; one set is for eyes that tell few apart."),
    ),
    act(
        "program.notices",
        "g B",
        N_("notices"),
        N_("What is told to you while you look elsewhere: each kind and way by itself."),
    ),
    act(
        "rules.show",
        "g R",
        N_("rules"),
        N_("What runs by itself: switch a rule on or off, see what it did and what it would have done."),
    ),
    act("program.blank", "ctrl+l", N_("blank screen"), N_("Hide everything until a key is pressed.")),
    act("program.quit", "q | ctrl+q", N_("quit"), N_("Leave; what is held goes out first.")),
)
