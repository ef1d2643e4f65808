"""Commands about accounts, agents and views of one's own."""

from agentdesk.cli.parse import Verb, argument, count, pair
from agentdesk.cli.verbs.words import ACCOUNTS, NAME, NAMED_LATER
from agentdesk.config.options import keys_of, ways
from agentdesk.core.model import CHANNELS
from agentdesk.core.views import SORTS, VIEWS
from agentdesk.errors import N_

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


CA_FILE = argument("--ca-file", metavar="F", help=N_("the certificates of a private authority"))

ACCOUNTS_VERBS: tuple[Verb, ...] = (
    Verb("account add email", ACCOUNTS, N_("add a mailbox"), "account:add_email", (
        NAME,
        argument("--address", metavar="A", required=True, help=N_("the mailbox's address")),
        argument("--imap", metavar="URL", help=N_("where mail is read: imaps://user@host:port; found by the address where it is left out")),
        argument("--smtp", metavar="URL", help=N_("where mail is sent: smtps://user@host:port; found too")),
        argument("--shop", metavar="SHOP", help=N_("what customers call the shop; kept for the whole desk where it has no name yet")),
        argument("--alias", metavar="A", action="append", default=[], help=N_("another address of this mailbox")),
        *SECRET,
        CA_FILE,
        argument("--unchecked", action="store_true", help=N_("keep it also where the servers that were found refuse the login now")),
        argument("--auth", choices=("password", "xoauth2"), default="password", help=N_("how to log in")),
        argument("--client-id", metavar="ID", help=N_("with --auth xoauth2: your own client at Google or Microsoft; a browser logs in")),
        WAITING,
    )),
    Verb("account discover", ACCOUNTS, N_("find the mail servers of an address, and change nothing"), "discover:discover", (
        argument("address", metavar="ADDRESS", help=N_("the mailbox's address")), CA_FILE,
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
    Verb("account secret", ACCOUNTS, N_("put a new password or token in the place of the former, and log in with it"), "secret:renew", (
        NAME,
        *SECRET,
        argument("--unchecked", action="store_true", help=N_("keep it also where the service refuses it now")),
    )),
    Verb("template list", ACCOUNTS, N_("the approved templates of an account"), "template:list_templates", (NAME,)),
    Verb("account remove", ACCOUNTS, N_("forget an account; its tickets stay"), "account:remove", (
        NAME, argument("--yes", action="store_true", help=N_("also where answers wait to be sent by it; they become drafts")),
    )),
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
