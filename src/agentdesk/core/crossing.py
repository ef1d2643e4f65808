"""A message that crossed an answer of ours: by its time it was there before the answer, and yet nobody had read it.

A mail that had not been fetched, the second that a service counts in, a laptop's clock that is ahead: all of them put a
question before an answer that was written without it. Promises: what comes in after an answer was written here waits, whatever time it
bears, and its time stays as it is. Refuses: what somebody had seen elsewhere, what lay there before the account was watched, and
answers from another program, where the question may have been read.
"""

from datetime import timedelta

from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import MessageSet
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction


def crossed(draft: Draft, command: Receive, ticket: str, message: str) -> bool:
    """Whether `message`, which comes into the matter of `ticket` just now, crossed an answer; it asks again after that one then."""
    if command.before or command.seen or command.answered:
        return False
    last = draft.state.last_message(draft.family(draft.ticket(ticket).root), Direction.OUT)
    answer = draft.state.message(last) if last else None
    if answer is None or not answer.written_here or answer.received_at < stamp(command.received_at):
        return False
    asks_since = stamp(moment(answer.received_at) + timedelta(milliseconds=1))
    draft.add(MessageSet(message, "asks_since", None, asks_since))
    return True
