"""Commands about sending, receiving and what could not be read."""

from agentdesk.cli.parse import Verb, argument
from agentdesk.cli.verbs.words import MAIL
from agentdesk.errors import N_

ID = argument("id", metavar="ID", help=N_("its id"))

MAIL_VERBS: tuple[Verb, ...] = (
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
    Verb("quarantine list", MAIL, N_("mails that could not be read"), "quarantine:list_them", (
        argument("--dismissed", action="store_true", help=N_("also those that were dismissed")),
    )),
    Verb("quarantine show", MAIL, N_("one of them, with the reason"), "quarantine:show", (ID,)),
    Verb("quarantine retry", MAIL, N_("read them again"), "quarantine:retry", (
        argument("id", metavar="ID", nargs="?", help=N_("its id")),
    )),
    Verb("quarantine dismiss", MAIL, N_("nothing more is to be done about it; the mail stays"), "quarantine:dismiss", (ID,)),
)  # fmt: skip
