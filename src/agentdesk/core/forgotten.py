"""Whether an answer speaks of a file that goes along with it, in Spanish, Catalan or English.

Promises: linear in the text; what asks the customer for a file ("adjunta una foto", "please attach") says nothing of ours.
Refuses: being sure; whoever asks for this asks the agent and stops nothing.
"""

import re

_WITH_IT = re.compile(
    r"\b(?:adjunto|adjuntos|adjuntamos|adjuntem|adjuntat|(?:va|van|est[áa]n?|és|són) adjunt\w*|(?:factura|etiqueta|foto|imagen|imatge"
    r"|document[oa]?|arxiu|archivo|pdf) adjunt[ao]?|attached|attaching|enclosed|(?:see|find|in) the attachment)\b",
    re.IGNORECASE,
)


def speaks_of_file(text: str) -> str:
    """The words that say so; empty where none do."""
    found = _WITH_IT.search(text)
    return found[0] if found else ""
