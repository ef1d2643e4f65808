"""Other words in a message that was answered already.

Promises: whoever puts other words in where we have answered the former ones is treated as if they had written them just now: the
ticket is unread and open, and an answer is promised from the edit on. However often it is edited again before that answer, it is one
message in one ticket that waits. Refuses: what changes only blanks, capitals, accents or punctuation; mere thanks; what was edited
before the answer, or before anybody answered, where only the text changes; and whatever asks for nothing for another reason.
"""

import unicodedata

from agentdesk.core import afterwards, effect, unanswered
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import MessageSet
from agentdesk.core.folding import folded
from agentdesk.core.instant import moment
from agentdesk.core.model import Direction, MailClass
from agentdesk.core.sla import Policy
from agentdesk.core.state import MessageState
from agentdesk.core.surveyed import ASKS_NOTHING
from agentdesk.core.text import visible
from agentdesk.core.thanks import is_mere_thanks

_KEPT = frozenset({*ASKS_NOTHING, unanswered.MUTED, unanswered.TAKEN_BACK})
"""Reasons for which a message asks nothing whatever it says."""


def says_otherwise(was: str, now: str) -> bool:
    """Whether two texts differ in more than blanks, capitals, accents and punctuation."""
    return _words(was) != _words(now)


def _words(text: str) -> str:
    """Letters, digits and signs; a mark between two digits belongs to their number."""
    known = folded(text)
    return "".join(
        char
        for at, char in enumerate(known)
        if unicodedata.category(char)[0] in "LNS"
        or (known[at - 1 : at].isdigit() and known[at + 1 : at + 2].isdigit())
    )


def asks_anew(draft: Draft, policy: Policy, known: MessageState, command: Receive, at: str) -> None:
    """`known` was edited `at` a time and says something else now."""
    root = draft.ticket(draft.ticket(known.ticket).root)
    if root.muted or not _is_question(known) or not _was_answered(draft, known, root.id, at):
        return
    text, family = visible(command.incoming.text, command.incoming.folds), draft.state.family(root.id)
    if is_mere_thanks(text, after_question=afterwards.was_asked(draft.state, family)):
        return
    draft.add(MessageSet(known.id, "asks_since", known.asks_since, at))
    if known.settled is not None:
        draft.add(MessageSet(known.id, "settled", known.settled, None))
    effect.wrote(draft, policy, command, root.id, moment(at), root.channel)


def _is_question(message: MessageState) -> bool:
    is_theirs = message.direction == Direction.IN and message.mail_class == MailClass.HUMAN
    return is_theirs and not message.history and not message.hidden and message.settled not in _KEPT


def _was_answered(draft: Draft, message: MessageState, root: str, at: str) -> bool:
    """Whether somebody had answered it by then, or had said that it needs no answer."""
    answer = draft.state.last_answer_at(draft.state.family(root)) or ""
    return answer < at and (message.settled is not None or unanswered.asked_at(message) <= answer)
