"""The table of every command: its words, its one line, its arguments and what runs it.

Promises: the parser, the help, the completion and the tests read this table and nothing else, and it imports
nothing that a verb needs. Refuses: behaviour. A verb is one `Verb` here and one function
`(ctx: Context, args: Namespace) -> int | None` in `cli/<module>.py`; an empty `run` is not built yet.
"""

from agentdesk.cli.parse import Verb
from agentdesk.cli.verbs.accounts import ACCOUNTS_VERBS
from agentdesk.cli.verbs.away import AWAY_VERBS
from agentdesk.cli.verbs.mail import MAIL_VERBS
from agentdesk.cli.verbs.people import PEOPLE_VERBS
from agentdesk.cli.verbs.program import PROGRAM_VERBS, STORE_VERBS
from agentdesk.cli.verbs.texts import FIGURES_VERBS, TEXTS_VERBS
from agentdesk.cli.verbs.tickets import TICKETS_VERBS

VERBS: tuple[Verb, ...] = (
    *TICKETS_VERBS, *MAIL_VERBS, *PEOPLE_VERBS, *TEXTS_VERBS, *AWAY_VERBS, *FIGURES_VERBS, *ACCOUNTS_VERBS, *STORE_VERBS, *PROGRAM_VERBS,
)  # fmt: skip
