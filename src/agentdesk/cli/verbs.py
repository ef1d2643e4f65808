"""The table of every command: its words, its one line, its arguments and what runs it.

Promises: the parser, the help, the completion and the tests read this table and nothing else, and it imports
nothing that a verb needs. Refuses: behaviour. A verb is one `Verb` here and one function
`(ctx: Context, args: Namespace) -> int | None` in `cli/<module>.py`; an empty `run` is not built yet.
"""

from agentdesk.cli.parse import Verb, argument, count, decimal, pair, ticket_number
from agentdesk.config.options import keys_of, ways
from agentdesk.core.model import CHANNELS, INCIDENTS, KINDS, Priority
from agentdesk.errors import N_
from agentdesk.i18n import LANGUAGES

TICKETS = N_("Tickets")
MAIL = N_("Sending and receiving")
PEOPLE = N_("Customers")
TEXTS = N_("Texts, rules and knowledge")
FIGURES = N_("Clocks and figures")
ACCOUNTS = N_("Accounts and agents")
STORE = N_("What is stored")
PROGRAM = N_("The program")

VIEWS = ("inbox", "mine", "unassigned", "overdue", "waiting", "snoozed", "machine", "resolved", "all")
SORTS = ("order", "waiting", "newest")

TICKET = argument("ticket", metavar="N", type=ticket_number, help=N_("the ticket's number"))
NAME = argument("name", metavar="NAME", help=N_("its name"))
NAMED_LATER = argument("name", metavar="NAME", nargs="?", help=N_("its name"))
LIMIT = argument(
    "--limit", metavar="N", type=count, help=N_("at most so many; stderr says how many are left out")
)
TEXT = argument("--text", metavar="T", help=N_("the text"))
FILE = argument("--file", metavar="F", help=N_("the file that holds the text"))
STDIN = argument("stdin", metavar="-", nargs="?", help=N_("read the text from standard input"))
ATTACH = argument("--attach", metavar="F", action="append", default=[], help=N_("attach this file"))
HOLD = argument("--hold", metavar="SECONDS", type=count, default=0, help=N_("how long it can be taken back"))
ACCOUNT = argument("--account", metavar="NAME", required=True, help=N_("the account it belongs to"))

_TICKETS = (
    Verb("queue", TICKETS, N_("what waits, in the order in which it is best answered"), "queue:queue", (
        argument("--view", choices=VIEWS, default="inbox", help=N_("which part of it")),
        argument("--filter", metavar="Q", help=N_("only what a search for Q would find")),
        argument("--sort", choices=SORTS, help=N_("in which order: to answer, waiting longest or newest first")),
        LIMIT,
    )),
    Verb("show", TICKETS, N_("one ticket with its messages"), "ticket:show", (
        TICKET,
        argument("--raw", metavar="MESSAGE", help=N_("the exact bytes of this message")),
        argument("--headers", action="store_true", help=N_("the headers too")),
    )),
    Verb("search", TICKETS, N_("full text and operators"), "queue:search", (
        argument("query", metavar="QUERY", nargs="+", help=N_('words, "a phrase", from:, is:unread, ...')),
        LIMIT,
    ), dashes=True),
    Verb("reply", TICKETS, N_("answer a customer"), "ticket:reply", (
        TICKET, STDIN, TEXT, FILE,
        argument("--quick", metavar="NAME", help=N_("begin with this quick reply")),
        argument("--var", metavar="K=V", action="append", type=pair, default=[], help=N_("a value for its placeholder")),
        argument("--to", metavar="ADDRESS", action="append", default=[], help=N_("who gets it, instead of whom the mail names")),
        argument("--channel", metavar="CHANNEL", help=N_("by another channel of the customer's, or by an identity; a note says so")),
        ATTACH,
        argument("--template", metavar="NAME", help=N_("an approved template, where the window has closed")),
        argument("--value", metavar="V", action="append", default=[], help=N_("what its places are filled with, in order; or PLACE=V")),
        argument("--party", metavar="MESSAGE", help=N_("to the third party of this message; the customer does not see it")),
        argument("--resolve", action="store_true", help=N_("resolve the ticket with it")),
        argument("--snooze", metavar="WHEN", default="", help=N_("put the ticket away until then, with it")),
        argument("--again", action="store_true", help=N_("also where the customer has had this very text")),
        HOLD,
    )),
    Verb("new", TICKETS, N_("write first"), "new:new", (
        argument("--to", metavar="IDENTITY", required=True, help=N_("who gets it")),
        ACCOUNT,
        argument("--subject", metavar="S", help=N_("the subject")),
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
        argument("--name", metavar="NAME", default="", help=N_("the caller's name, where it is new")),
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
        TICKET, argument("agent", metavar="AGENT", nargs="?", help=N_("the agent's name")),
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
    Verb("snooze", TICKETS, N_("put it away until a time"), "ticket:snooze", (
        TICKET, argument("when", metavar="WHEN", nargs="+", help=N_('2h, "tomorrow 9:00", ...')),
    )),
    Verb("resolve", TICKETS, N_("it is done"), "ticket:resolve", (TICKET,)),
    Verb("reopen", TICKETS, N_("it is not done"), "ticket:reopen", (TICKET,)),
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
    Verb("undo", TICKETS, N_("take back your last change or held message"), "ticket:undo"),
)  # fmt: skip

ID = argument("id", metavar="ID", help=N_("its id"))

_MAIL = (
    Verb("sync", MAIL, N_("receive what is new and send the outbox"), "sync:sync", (
        argument("--once", action="store_true", help=N_("one pass, then end (the default)")),
        argument("--daemon", action="store_true", help=N_("go on until stopped; prints JSON Lines")),
        argument("--account", metavar="NAME", action="append", default=[], help=N_("only this account")),
    )),
    Verb("outbox list", MAIL, N_("what has not been accepted yet"), "outbox:list_outbox", alone=True),
    Verb("outbox retry", MAIL, N_("send it again"), "outbox:retry", (ID,)),
    Verb("outbox cancel", MAIL, N_("do not send it"), "outbox:cancel", (ID,)),
    Verb("outbox settle", MAIL, N_("say what became of one whose fate is unknown"), "outbox:settle", (
        ID, argument("answer", choices=("sent", "resend"), help=N_("it was sent, or send it again")),
    )),
    Verb("quarantine list", MAIL, N_("mails that could not be read"), "sync:quarantine_list"),
    Verb("quarantine show", MAIL, N_("one of them, with the reason"), "sync:quarantine_show", (ID,)),
    Verb("quarantine retry", MAIL, N_("read them again"), "sync:quarantine_retry", (
        argument("id", metavar="ID", nargs="?", help=N_("its id")),
    )),
)  # fmt: skip

CUSTOMER = argument("customer", metavar="C", help=N_("an id or an identity such as maria@example.com"))
OTHER = argument("other", metavar="B", help=N_("the other customer"))
QUERY = argument("query", metavar="Q", nargs="+", help=N_("what to look for"))

_PEOPLE = (
    Verb("customer show", PEOPLE, N_("who it is and what was before"), "customer:show", (CUSTOMER,)),
    Verb("customer merge", PEOPLE, N_("two customers are one"), "customer:merge", (CUSTOMER, OTHER)),
    Verb("customer unmerge", PEOPLE, N_("they are two after all"), "customer:unmerge", (CUSTOMER, OTHER)),
    Verb("customer export", PEOPLE, N_("everything about a customer"), "customer:export", (CUSTOMER,)),
    Verb("customer erase", PEOPLE, N_("forget a customer"), "customer:erase", (
        CUSTOMER, argument("--yes", action="store_true", help=N_("really; it cannot be undone")),
    )),
    Verb("lookup show", PEOPLE, N_("ask the shop about a ticket's customer: orders and what else it knows"), "lookup:show", (TICKET,), alone=True),
    Verb("lookup check", PEOPLE, N_("ask each lookup for nobody and say what is wrong"), "lookup:check"),
    Verb("lookup secret", PEOPLE, N_("keep the secret of a lookup, read from standard input"), "lookup:keep_secret", (NAME,)),
    Verb("customer import", PEOPLE, N_("read customers from a table"), "", (
        argument("file", metavar="FILE.csv", help=N_("the file")),
    )),
)  # fmt: skip

_TEXTS = (
    Verb("quick list", TEXTS, N_("the quick replies"), "quick:list_replies"),
    Verb("quick show", TEXTS, N_("one of them"), "quick:show", (
        NAME,
        argument("--language", choices=("es", "ca", "en"), help=N_("for a customer of this language")),
        argument("--form", choices=("tu", "usted", "vostè", "voste"), help=N_("how customers are addressed")),
    )),
    Verb("quick send", TEXTS, N_("answer many tickets with one, each in its language on its channel"), "circular:send", (
        NAME,
        argument("--filter", metavar="Q", required=True, help=N_("whom: what a search for Q finds of what is not resolved")),
        argument("--view", choices=VIEWS, help=N_("only of this view")),
        argument("--var", metavar="K=V", action="append", type=pair, default=[], help=N_("a value for its placeholder; K.ca=V for one language")),
        argument("--dry-run", action="store_true", help=N_("say who gets what and who does not, and write nothing")),
        HOLD,
    )),
    Verb("quick run", TEXTS, N_("do what a macro without a text says"), "quick:run", (TICKET, NAME)),
    Verb("quick edit", TEXTS, N_("change one in your editor, or make a new one"), "quick:edit", (NAME,)),
    Verb("quick check", TEXTS, N_("find mistakes in them"), "quick:check"),
    Verb("rules check", TEXTS, N_("find mistakes in the rules")),
    Verb("rules dry-run", TEXTS, N_("what the rules would have done"), "", (
        argument("--since", metavar="D", required=True, help=N_("from this day")),
    )),
    Verb("playbook list", TEXTS, N_("the playbooks"), "playbook:list_playbooks"),
    Verb("playbook show", TEXTS, N_("the steps of one"), "playbook:show", (NAME,)),
    Verb("playbook check", TEXTS, N_("find mistakes in them"), "playbook:check"),
    Verb("playbook choose", TEXTS, N_("have a ticket follow one; none ends it"), "playbook:choose", (TICKET, NAME)),
    Verb("playbook step", TEXTS, N_("take the next step on a ticket, or the one named"), "playbook:step", (
        TICKET,
        argument("step", metavar="STEP", nargs="?", help=N_("which step, or what is chosen at the next one")),
        argument("choice", metavar="CHOICE", nargs="?", help=N_("what is chosen")),
    )),
    Verb("kb search", TEXTS, N_("look into the knowledge base"), "", (QUERY,)),
    Verb("kb check", TEXTS, N_("find mistakes in it")),
    Verb("kb build", TEXTS, N_("write it as pages"), "", (
        argument("directory", metavar="DIR", help=N_("the directory")),
    )),
)  # fmt: skip

_FIGURES = (
    Verb("sla check", FIGURES, N_("find mistakes in targets and calendars"), "sla:check"),
    Verb("sla why", FIGURES, N_("why a clock says what it says"), "sla:why", (TICKET,)),
    Verb("sla board", FIGURES, N_("what is due, as it changes"), "sla:board"),
    Verb("report", FIGURES, N_("figures, each with its tickets"), "", (
        argument(
            "kind", choices=("sla", "fcr", "volume", "unanswered", "csat", "topics", "staffing"),
            help=N_("which figures"),
        ),
        argument("--from", metavar="D", dest="since", help=N_("from this day")),
        argument("--to", metavar="D", dest="until", help=N_("to this day")),
        argument("--by", metavar="WHAT", help=N_("by channel, agent, ...")),
        argument("--csv", action="store_true", help=N_("as a table for a spreadsheet")),
        argument("--tickets", action="store_true", help=N_("the tickets behind each figure")),
    )),
)  # fmt: skip

SECRET = (
    argument("--secret-stdin", action="store_true", help=N_("read the password from standard input")),
    argument(
        "--secret-command", metavar="CMD", help=N_("a command whose first line of output is the password")
    ),
    argument("--secret-env", metavar="VAR", help=N_("the variable that holds the password")),
    argument("--secret-file", action="store_true", help=N_("keep the password in an encrypted file")),
)
WAITING = argument(
    "--waiting-days",
    metavar="N",
    type=count,
    help=N_("how old a still unanswered mail may be to become work"),
)


def _add(channel: str) -> Verb:
    """`account add` for a chat, its options from config's own table; one that is not built says so."""
    keys = keys_of(channel)
    if not keys:
        return Verb(f"account add {channel}", ACCOUNTS, N_("add an account of this channel"), "", (NAME,))
    options = (
        argument(
            f"--{key.name.replace('_', '-')}",
            metavar=key.name.upper(),
            required=key.required,
            choices=key.choices,
            help=key.help,
        )
        for key in keys
    )
    run = f"chat:{channel}"
    return Verb(
        f"account add {channel}",
        ACCOUNTS,
        N_("add an account of this channel"),
        run,
        (NAMED_LATER if ways(channel) else NAME, *options, *SECRET, WAITING),
    )


_ACCOUNTS = (
    Verb("account add email", ACCOUNTS, N_("add a mailbox"), "account:add_email", (
        NAME,
        argument("--address", metavar="A", required=True, help=N_("the mailbox's address")),
        argument("--imap", metavar="URL", help=N_("where mail is read: imaps://user@host:port")),
        argument("--smtp", metavar="URL", help=N_("where mail is sent: smtps://user@host:port")),
        argument("--alias", metavar="A", action="append", default=[], help=N_("another address of this mailbox")),
        *SECRET,
        argument("--ca-file", metavar="F", help=N_("the certificates of a private authority")),
        argument("--auth", choices=("password", "xoauth2"), default="password", help=N_("how to log in")),
        WAITING,
    )),
    *(_add(channel) for channel in CHANNELS if channel != "email"),
    Verb("account add other", ACCOUNTS, N_("add an account of a channel that another package brings"), "chat:other", (
        NAME,
        argument("--channel", metavar="CHANNEL", required=True, help=N_("what the package calls it")),
        argument("--option", metavar="K=V", action="append", type=pair, default=[], help=N_("what only this kind of channel knows")),
        *SECRET, WAITING,
    )),
    Verb("account list", ACCOUNTS, N_("the accounts and how they are"), "account:list_accounts"),
    Verb("account check", ACCOUNTS, N_("log in and say what the server says"), "account:check", (NAME,)),
    Verb("template list", ACCOUNTS, N_("the approved templates of an account"), "template:list_templates", (NAME,)),
    Verb("account remove", ACCOUNTS, N_("forget an account; its tickets stay"), "account:remove", (NAME,)),
    Verb("agent add", ACCOUNTS, N_("add somebody who works here"), "agent:add", (
        NAME, argument("--address", metavar="A", default="", help=N_("the agent's own address")),
    )),
    Verb("agent list", ACCOUNTS, N_("who works here"), "agent:list_agents"),
    Verb("agent switch", ACCOUNTS, N_("say who is at the keyboard"), "agent:switch", (NAME,)),
    Verb("view list", ACCOUNTS, N_("parts of the queue with a name of yours"), "view:list_views"),
    Verb("view add", ACCOUNTS, N_("give a filter of the queue a name and a key"), "view:add", (
        NAME,
        argument("--view", choices=VIEWS, default="inbox", help=N_("which part of the queue it narrows")),
        argument("--filter", metavar="Q", default="", help=N_("only what a search for Q would find")),
        argument("--sort", choices=SORTS, help=N_("in which order: to answer, waiting longest or newest first")),
        argument("--key", metavar="KEY", default="", help=N_("its key, 1 to 9 or another free one; empty: the next free of g 1 to g 9")),
    )),
    Verb("view remove", ACCOUNTS, N_("take the name away; the tickets stay"), "view:remove", (NAME,)),
)  # fmt: skip

PATH = argument("path", metavar="PATH", help=N_("where it lies"))

_STORE = (
    Verb("import", STORE, N_("read old mail, or an export; again adds nothing"), "transfer:bring", (
        argument("kind", choices=("mbox", "maildir", "eml", "export"), help=N_("what it is")), PATH,
        argument("--account", metavar="NAME", help=N_("the account that the mail belongs to")),
    )),
    Verb("export", STORE, N_("write everything to files that any program reads"), "transfer:export", (
        argument("directory", metavar="DIR", help=N_("the directory, new or empty")),
    )),
    Verb("backup", STORE, N_("copy everything into one file"), "store:backup", (
        argument("file", metavar="FILE", help=N_("the file")),
    )),
    Verb("restore", STORE, N_("put a backup in place of what is here"), "store:restore", (
        argument("file", metavar="FILE", help=N_("the file")),
        argument("--yes", action="store_true", help=N_("also where a desk is already; it is kept beside")),
    )),
    Verb("rebuild", STORE, N_("draw up the tickets anew from the log"), "store:rebuild"),
    Verb("doctor", STORE, N_("find what is wrong and say what helps"), "store:doctor", (
        argument("--repair", action="store_true", help=N_("put the last good backup in place of a damaged store")),
        argument("--yes", action="store_true", help=N_("without asking; what is damaged is kept beside")),
    )),
)  # fmt: skip

_RELAY = (
    Verb("relay serve", PROGRAM, N_("keep webhooks on a small server until they are fetched"), "relay:serve", (
        argument("--listen", metavar="HOST:PORT", help=N_("where; by default on this machine only")),
        argument("--body", metavar="MB", type=decimal, help=N_("how large one may be")),
        argument("--total", metavar="MB", type=decimal, help=N_("how much may lie there")),
        argument("--keep-free", metavar="MB", type=decimal, help=N_("how much of the disk stays free")),
        argument("--days", metavar="N", type=decimal, help=N_("how long they are kept")),
        argument("--box-rate", metavar="N", type=decimal, help=N_("calls a second for one box")),
        argument("--address-rate", metavar="N", type=decimal, help=N_("calls a second from one address")),
    ), alone=True),
    Verb("relay box add", PROGRAM, N_("make a box for one account's webhooks"), "relay:add", (
        NAME, argument("--server", metavar="URL", help=N_("the relay's address in the network")),
    )),
    Verb("relay box list", PROGRAM, N_("the boxes and what lies in them"), "relay:list_boxes", alone=True),
    Verb("relay box remove", PROGRAM, N_("forget a box and what lies in it"), "relay:remove", (
        NAME, argument("--yes", action="store_true", help=N_("also where something waits in it")),
    )),
)  # fmt: skip

_PROGRAM = (
    Verb("", PROGRAM, N_("open the console"), "console:console"),
    Verb("demo", PROGRAM, N_("a simulated day of a shop; no account needed"), "console:demo", (
        argument("--speed", metavar="X", type=decimal, default=1.0, help=N_("how fast the day goes")),
        argument("--headless", action="store_true", help=N_("without a screen")),
        argument("--seconds", metavar="N", type=decimal, help=N_("end after so long")),
    )),
    Verb("config show", PROGRAM, N_("every value and where it comes from"), "config:show"),
    Verb("config validate", PROGRAM, N_("find mistakes in the configuration"), "config:validate"),
    Verb("config schema", PROGRAM, N_("its JSON Schema, for editors"), "config:schema"),
    Verb("config path", PROGRAM, N_("where the file is"), "config:path"),
    Verb("keys", PROGRAM, N_("the keys of the console"), "keys:keys"),
    Verb("completion", PROGRAM, N_("what makes a shell complete commands"), "completion:completion", (
        argument("shell", choices=("bash", "zsh", "fish"), help=N_("the shell")),
    )),
    *_RELAY,
    Verb("gateway", PROGRAM, N_("the web chat's other end")),
    Verb("team init", PROGRAM, N_("begin to share a desk")),
    Verb("team join", PROGRAM, N_("join a shared desk")),
    Verb("team status", PROGRAM, N_("who shares it")),
    Verb("team digest", PROGRAM, N_("whether all see the same")),
)  # fmt: skip

VERBS: tuple[Verb, ...] = (
    *_TICKETS, *_MAIL, *_PEOPLE, *_TEXTS, *_FIGURES, *_ACCOUNTS, *_STORE, *_PROGRAM,
)  # fmt: skip
