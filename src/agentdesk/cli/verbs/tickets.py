"""Commands about one ticket or the queue, and about what is behind many tickets."""

from agentdesk.cli.parse import Verb, argument, pair_written, ticket_number, written
from agentdesk.cli.verbs.words import (
    ACCOUNT,
    ATTACH,
    FILE,
    HOLD,
    LIMIT,
    NAME,
    STDIN,
    TEXT,
    TICKET,
    TICKETS,
)
from agentdesk.core.model import DERIVED, INCIDENTS, KINDS, Priority
from agentdesk.core.views import SORTS
from agentdesk.errors import N_
from agentdesk.i18n import LANGUAGES

PROMISE_ID = argument("--id", metavar="ID", help=N_("this one; by default the one that is due first"))

TICKETS_VERBS: tuple[Verb, ...] = (
    Verb("queue", TICKETS, N_("what waits, in the order in which it is best answered"), "queue:queue", (
        argument("--view", metavar="VIEW", default="inbox", help=N_("which part of it: one of the console's views, or one of your own")),
        argument("--filter", metavar="Q", help=N_("only what a search for Q would find")),
        argument("--sort", choices=SORTS, help=N_("in which order: to answer, waiting longest or newest first")),
        LIMIT,
    )),
    Verb("unanswered", TICKETS, N_("who has neither an answer nor a reason why none is needed"), "unanswered:unanswered", (
        argument("--prove", action="store_true", help=N_("count them afresh from the log, and compare")),
    )),
    Verb("today", TICKETS, N_("how the day stands: what came, what is due and late, how fast it goes"), "today:today"),
    Verb("closing", TICKETS, N_("how the day ends: what must not wait until you open again"), "today:closing"),
    Verb("show", TICKETS, N_("one ticket with its messages"), "ticket:show", (
        TICKET,
        argument("--raw", metavar="MESSAGE", help=N_("the exact bytes of this message")),
        argument("--headers", action="store_true", help=N_("the headers too")),
    )),
    Verb("life", TICKETS, N_("each change of a ticket's status: when, by whom and why"), "life:show", (TICKET,)),
    Verb("links", TICKETS, N_("the links of a ticket's messages, and where each really leads"), "links:links", (
        TICKET,
        argument("--message", metavar="ID", help=N_("of this message only")),
    )),
    Verb("save", TICKETS, N_("save the files that came with a ticket"), "save:save", (
        TICKET,
        argument("--message", metavar="ID", help=N_("of this message only")),
        argument("--to", metavar="DIR", default=".", help=N_("into this folder; by default the one you are in")),
    )),
    Verb("search", TICKETS, N_("full text and operators"), "queue:search", (
        argument("query", metavar="QUERY", nargs="+", help=N_('words, "a phrase", from:, is:unread, ...')),
        LIMIT,
    ), dashes=True),
    Verb("reply", TICKETS, N_("answer a customer"), "reply:reply", (
        TICKET, STDIN, TEXT, FILE,
        argument("--quick", metavar="NAME", help=N_("begin with this quick reply")),
        argument("--var", metavar="K=V", action="append", type=pair_written, default=[], help=N_("a value for its placeholder")),
        argument("--to", metavar="ADDRESS", action="append", default=[], help=N_("who gets it, instead of whom the mail names")),
        argument("--cc", metavar="ADDRESS", action="append", default=[], help=N_("who gets a copy, for all to see; mail only")),
        argument("--bcc", metavar="ADDRESS", action="append", default=[], help=N_("who gets a copy that nobody sees; mail only")),
        argument("--channel", metavar="CHANNEL", help=N_("by another channel of the customer's, or by an identity; a note says so")),
        argument("--account", metavar="NAME", help=N_("from this account of ours, where they wrote to more than one")),
        ATTACH,
        argument("--template", metavar="NAME", help=N_("an approved template, where the window has closed")),
        argument("--value", metavar="V", action="append", type=written, default=[], help=N_("what its places are filled with, in order; or PLACE=V")),
        argument("--party", metavar="MESSAGE", help=N_("to the third party of this message; the customer does not see it")),
        argument("--resolve", action="store_true", help=N_("resolve the ticket with it")),
        argument("--snooze", metavar="WHEN", default="", help=N_("put the ticket away until then, with it")),
        argument("--at", metavar="WHEN", default="", help=N_("send it then, unless the customer writes first")),
        argument("--promise", metavar="WHEN", nargs="?", const="", help=N_("keep what it promises as a promise, by this time or by what it says")),
        argument("--instead", action="store_true", help=N_("it takes the place of what was promised before")),
        argument("--again", action="store_true", help=N_("also where the customer has had this very text")),
        argument("--seen", metavar="MESSAGE", help=N_("the newest message that you have read: refused where more was said since")),
        HOLD,
    )),
    Verb("new", TICKETS, N_("write first"), "new:new", (
        argument("--to", metavar="IDENTITY", required=True, help=N_("who gets it")),
        ACCOUNT,
        argument("--subject", metavar="S", type=written, help=N_("the subject")),
        TEXT, FILE, STDIN, ATTACH, HOLD,
    )),
    Verb("forward", TICKETS, N_("pass messages and their files on to a third party"), "forward:forward", (
        TICKET,
        argument("--to", metavar="ADDRESS", required=True, action="append", help=N_("who gets it; may be said again")),
        argument("--message", metavar="ID", action="append", default=[], help=N_("what is passed on; by default the customer's last message")),
        argument("--no-files", action="store_true", help=N_("without the files of those messages")),
        TEXT, FILE, STDIN, ATTACH, HOLD,
    )),
    Verb("call", TICKETS, N_("note a phone call"), "call:call", (
        argument("who", metavar="WHO", nargs="?", help=N_("the telephone number; or --ticket")),
        argument("--ticket", metavar="N", type=ticket_number, help=N_("the ticket it is about")),
        argument("--name", metavar="NAME", type=written, default="", help=N_("the caller's name, where it is new")),
        argument("--out", action="store_true", help=N_("we called; by default the customer did")),
        argument("--length", metavar="M:SS", default="", help=N_("how long it took")),
        TEXT, FILE, STDIN,
        argument("--then", choices=("done", "open", "waits"), default="done", help=N_("done, open: we owe an answer, waits: for the customer")),
        argument("--until", metavar="WHEN", default="", help=N_("put it away until then")),
    )),
    Verb("note", TICKETS, N_("write an internal note"), "ticket:note", (
        TICKET, STDIN, TEXT, FILE,
        argument("--until", metavar="WHEN", help=N_("and tell the customer that we need until then")),
        HOLD,
    )),
    Verb("assign", TICKETS, N_("give it to an agent, by default to yourself"), "ticket:assign", (
        TICKET, argument("agent", metavar="AGENT", nargs="?", help=N_("the agent's name; nobody takes it from whoever has it")),
    )),
    Verb("tag", TICKETS, N_("add and remove tags: +a -b"), "ticket:tag", (
        TICKET, argument("tags", metavar="+TAG|-TAG", nargs="+", help=N_("+ adds, - removes")),
    ), dashes=True),
    Verb("priority", TICKETS, N_("set the priority"), "ticket:priority", (
        TICKET, argument("priority", choices=[each.value for each in Priority], help=N_("how urgent it is")),
    )),
    Verb("language", TICKETS, N_("set in which language the customer is answered"), "ticket:language", (
        TICKET, argument("language", choices=LANGUAGES, help=N_("es, ca or en")),
    )),
    Verb("kind", TICKETS, N_("say what kind of matter it is"), "playbook:kind", (
        TICKET, argument("kind", choices=(*KINDS, "none"), help=N_("question, complaint, claim or suggestion")),
    )),
    Verb("incident", TICKETS, N_("say what went wrong"), "playbook:incident", (
        TICKET, argument("incident", choices=(*INCIDENTS, "none"), help=N_("which type of incident")),
    )),
    Verb("snooze", TICKETS, N_("put it away until a time"), "ending:snooze", (
        TICKET, argument("when", metavar="WHEN", nargs="*", help=N_('2h, "tomorrow 9:00", lunes, ...')),
        argument("--reason", metavar="T", type=written, help=N_("what it is put away for")),
        argument("--quiet-on-reply", action="store_true", help=N_("it sleeps on when the customer writes")),
        argument("--again", action="store_true", help=N_("back to the time that an early wake cut short")),
    )),
    Verb("resolve", TICKETS, N_("it is done"), "ending:resolve", (
        TICKET, argument("--no-answer-needed", metavar="REASON", type=written, help=N_("why whoever waits in it needs no answer")),
    )),
    Verb("no-answer", TICKETS, N_("nobody has to answer what waits there"), "ending:no_answer", (
        TICKET,
        argument("--reason", metavar="R", type=written, required=True, help=N_("thanks, phone, spam, duplicate, or your own words")),
    )),
    Verb("not-thanks", TICKETS, N_("what was taken for thanks wants an answer"), "ending:not_thanks", (TICKET,)),
    Verb("seen", TICKETS, N_("what was written after the end was looked at"), "ending:seen", (TICKET,)),
    Verb("reopen", TICKETS, N_("open it again: it is not done"), "ticket:reopen", (TICKET,)),
    Verb("merge", TICKETS, N_("make two tickets one"), "ticket:merge", (
        TICKET, argument("into", metavar="INTO", type=ticket_number, help=N_("the ticket that stays")),
    )),
    Verb("amend", TICKETS, N_("change what was sent, or take it back, where the channel can"), "ticket:amend", (
        TICKET, argument("message", metavar="MESSAGE", help=N_("the message's id")), STDIN, TEXT, FILE,
        argument("--delete", action="store_true", help=N_("take it back: the customer does not see it any more")),
    )),
    Verb("split", TICKETS, N_("give a message a ticket of its own"), "ticket:split", (
        TICKET, argument("message", metavar="MESSAGE", help=N_("the message's id")),
    )),
    Verb("move", TICKETS, N_("give a ticket to another customer; an answer then goes to that one"), "move:move", (
        TICKET,
        argument("--to", metavar="CUSTOMER", required=True, help=N_('an id, an identity such as maria@example.com, or "#1042" for who wrote a ticket')),
        argument("--dry-run", action="store_true", help=N_("show both sides and change nothing")),
    )),
    Verb("sender machine", TICKETS, N_("not a customer: the sender's mail is machine mail from now on"), "sender:machine", (TICKET,)),
    Verb("sender person", TICKETS, N_("a person: this ticket and the sender's later mail are work"), "sender:person", (TICKET,)),
    Verb("sender forget", TICKETS, N_("each mail of the sender is judged by itself again"), "sender:forget", (TICKET,)),
    Verb("rescue", TICKETS, N_("what lies in the mailbox's Junk folder comes into the inbox"), "sender:rescue", (TICKET,)),
    Verb("cause list", TICKETS, N_("what is behind many tickets at once, and how many are open"), "cause:list_causes", (
        argument("--closed", action="store_true", help=N_("those too that are over")),
    ), alone=True),
    Verb("cause open", TICKETS, N_("one event behind many tickets: a strike, a faulty batch"), "cause:open_cause", (
        NAME,
        argument("--words", metavar="W", action="append", default=[], help=N_("what arrivals under it say, with commas between")),
    )),
    Verb("cause put", TICKETS, N_("a ticket is under it"), "cause:put", (
        TICKET, argument("name", metavar="NAME", help=N_("its name; - takes the ticket out")),
    )),
    Verb("cause wait", TICKETS, N_("all that is open under it waits for somebody else"), "cause:wait", (NAME,)),
    Verb("cause close", TICKETS, N_("it is over; says what is still open"), "cause:close", (NAME,)),
    Verb("promise list", TICKETS, N_("what customers were promised in words and is still open, the soonest due first"), "promise:list_promises", (
        argument("ticket", metavar="N", type=ticket_number, nargs="?", help=N_("everything promised on this ticket")),
        argument("--before", metavar="WHEN", default="", help=N_("only what is due before then")),
    ), alone=True),
    Verb("promise add", TICKETS, N_("something was promised on a ticket, by a time"), "promise:add", (
        TICKET, argument("when", metavar="WHEN", nargs="+", help=N_('by when: 2h, "tomorrow 9:00", ...')), TEXT,
        argument("--instead", action="store_true", help=N_("it takes the place of what was promised before")),
    )),
    Verb("promise kept", TICKETS, N_("what was promised is done"), "promise:keep", (TICKET, PROMISE_ID)),
    Verb("promise drop", TICKETS, N_("it was no promise, or counts no more"), "promise:drop", (TICKET, PROMISE_ID)),
    Verb("derivation", TICKETS, N_("the customer was sent to another channel"), "promise:derive", (
        TICKET,
        argument("--to", choices=DERIVED, help=N_("where to")),
        argument("--clear", action="store_true", help=N_("was not, after all")),
    )),
    Verb("undo", TICKETS, N_("take back your last change or held message"), "ticket:undo", (
        argument("--event", metavar="ID", help=N_("what a rule did, by the id that `rules fired` gives")),
    )),
)  # fmt: skip
