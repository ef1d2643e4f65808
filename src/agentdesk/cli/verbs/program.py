"""Commands about what is stored, about the relay and the program itself."""

from agentdesk.cli.parse import Verb, argument, decimal
from agentdesk.cli.verbs.words import NAME, PROGRAM, STORE
from agentdesk.errors import N_

SWITCHES = (
    "new", "reply", "due_soon", "breached", "bell_new", "bell_reply", "bell_due_soon", "bell_breached",
    "mine_only", "osc", "desktop", "text",
)  # fmt: skip

PATH = argument("path", metavar="PATH", help=N_("where it lies"))

STORE_VERBS: tuple[Verb, ...] = (
    Verb("import", STORE, N_("read old mail, or an export; again adds nothing"), "transfer:bring", (
        argument("kind", choices=("mbox", "maildir", "eml", "export"), help=N_("what it is")), PATH,
        argument("--account", metavar="NAME", help=N_("the account that the mail belongs to")),
        argument("--yes", action="store_true", help=N_("also an export into a desk that has something, or much that may be ours")),
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

PROGRAM_VERBS: tuple[Verb, ...] = (
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
    Verb("theme list", PROGRAM, N_("the colours that the console can have"), "theme:list_themes"),
    Verb("theme use", PROGRAM, N_("give the console other colours"), "theme:use", (NAME,)),
    Verb("notify list", PROGRAM, N_("what is told while nobody looks"), "notify:list_switches"),
    Verb("notify switch", PROGRAM, N_("tell of it from now on, or not any more"), "notify:switch", (
        argument("switch", metavar="NAME", choices=SWITCHES, help=N_("which; notify list names them")),
        argument("to", choices=("on", "off"), help=N_("on or off")),
    )),
    Verb("notify test", PROGRAM, N_("give one notice every way that is on"), "notify:test"),
    Verb("keys", PROGRAM, N_("the keys of the console"), "keys:keys"),
    Verb("completion", PROGRAM, N_("what makes a shell complete commands"), "completion:completion", (
        argument("shell", choices=("bash", "zsh", "fish"), help=N_("the shell")),
    )),
    Verb("manual", PROGRAM, N_("the manual page, for man"), "manual:manual"),
    *_RELAY,
    Verb("gateway", PROGRAM, N_("the web chat's other end")),
    Verb("team init", PROGRAM, N_("begin to share a desk")),
    Verb("team join", PROGRAM, N_("join a shared desk")),
    Verb("team status", PROGRAM, N_("who shares it")),
    Verb("team digest", PROGRAM, N_("whether all see the same")),
)  # fmt: skip
