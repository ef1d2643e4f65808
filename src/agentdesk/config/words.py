"""The nearest right word to a wrong one, for whoever mistyped.

Promises: a suggestion only where it is likely to help. Refuses: deciding what is right.
"""

import difflib
from collections.abc import Iterable

from agentdesk.i18n import tr


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None where nothing is like it."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)), None)


def hint(word: str, known: Iterable[str]) -> str:
    """What to add to a message about `word`: the nearest known one, else the known ones if they are few."""
    choices = list(known)
    guess = nearest(word, choices)
    if guess is not None:
        return tr(" (did you mean {word}?)").format(word=guess)
    if 0 < len(choices) <= 12:
        return tr(" (it can be {words})").format(words=", ".join(choices))
    return ""
