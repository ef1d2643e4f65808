"""What a contact form says of who filled it in.

Promises: a name is taken from a line that says that it is one, or stands before the very address that the answer goes to.
Refuses: guessing from the words of the message.
"""

import re

from agentdesk.core.text import safe_line

NAME_AT_MOST = 80
_READ = 4_000  # characters of a form that are looked through
_LABEL = r"(?:(?:your|full|tu|su|el teu|el seu) )?(?:name|nombre|nom)(?: completo| complet)?(?: (?:y|i|and) (?:apellidos?|cognoms?|surname))?"
_SAID = re.compile(rf"(?im)^[ \t*_]*{_LABEL}[ \t*_]*(?:[:=][ \t*_]*|\n[ \t]*)([^\n]+?)[ \t*_]*$")


def name_in(text: str, email: str) -> str:
    """What whoever wrote under `email` is called by the form's text; "" where it does not say."""
    text = text[:_READ]
    before = re.search(rf"(?im)^(?:[^\n:<]{{0,30}}:)?[ \t]*([^\n<>:]+?)[ \t]*<{re.escape(email)}>", text)
    found = before or _SAID.search(text)
    name = safe_line(found[1]).strip("\"' ") if found else ""
    return "" if "@" in name or len(name) > NAME_AT_MOST or not any(map(str.isalpha, name)) else name
