"""What a search found, in words: the same in the console and in `search`.

Promises: pure; words that a message has no more, and those of a third party, are said to be that before they are read. Refuses: finding.
"""

from agentdesk.core.views import Found
from agentdesk.i18n import tr


def told(hit: Found) -> str:
    """The snippet, with what has to be known of it before."""
    said = [
        tr("third party") if hit.audience == "party" else "",
        tr("former words") if hit.former else "",
    ]
    before = ", ".join(filter(None, said))
    return f"({before}) {hit.snippet}" if before else hit.snippet
