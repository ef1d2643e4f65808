"""Why a mail could not be read, in the agent's language: for the command line, the console and the list.

Promises: what the readers say is translated where it is a sentence of ours; the rest, a parser's own words, stays as it is.
"""

import re

from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr

KNOWN = frozenset(
    {
        N_("the mail is empty"),
        N_("the mail has no header line"),
        N_("the program ended each time it read this"),
        N_("it is no JSON document"),
        N_("it is no JSON object"),
        N_("it holds too many parts"),
        N_("it has not the shape of a chat message"),
        N_("it has not the shape of a Twilio message"),
        N_("it has not the shape of a Telegram update"),
        N_("the message is too long for a chat"),
        N_("it is of no chat"),
        N_("a text is missing"),
        N_("its time cannot be read"),
        N_("its place cannot be read"),
    }
)
"""What readers say as it is."""
_FORMS = (
    (re.compile(r"(?P<name>\w+) is missing"), N_("{name} is missing")),
    (re.compile(r"the reader failed \((?P<kind>\w+)\)"), N_("the reader failed ({kind})")),
)


def reason(said: str) -> str:
    """`said` is what the log keeps, in English; one line, safe for a terminal."""
    if said in KNOWN:
        return tr(said)
    for form, text in _FORMS:
        if match := form.fullmatch(said):
            return tr(text).format(**match.groupdict())
    return safe_line(said)
