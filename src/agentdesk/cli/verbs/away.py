"""Commands about what is said by itself: by the desk, and by the provider while the laptop is off."""

from agentdesk.cli.parse import Verb, argument
from agentdesk.cli.verbs.words import TEXTS
from agentdesk.core.model import SPOKEN
from agentdesk.errors import N_

_LANGUAGES = argument(
    "--language",
    action="append",
    choices=SPOKEN,
    default=[],
    help=N_("in which language; given twice, one below the other"),
)

AWAY_VERBS: tuple[Verb, ...] = (
    Verb("away show", TEXTS, N_("what a customer who writes now hears at once"), "away:show", (
        _LANGUAGES,
        argument("--chat", action="store_true", help=N_("as a chat says it")),
    )),
    Verb("away sieve", TEXTS, N_("a script for the mail server that answers while the laptop is off"), "away:sieve", (
        argument("--account", metavar="NAME", help=N_("for this mailbox")),
        _LANGUAGES,
    )),
    Verb("away whatsapp", TEXTS, N_("the away text and the hours for the WhatsApp Business app"), "away:whatsapp", (_LANGUAGES,)),
    Verb("away covered", TEXTS, N_("in which hours the provider answers, so that the desk is silent then"), "away:covered", (
        argument("hours", metavar="HOURS", nargs="?", choices=("none", "closed", "laptop"), help=N_("none, closed or laptop")),
        argument("--channel", choices=("email", "whatsapp"), default="email", help=N_("whose provider")),
    )),
)  # fmt: skip
