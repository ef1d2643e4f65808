"""A message that only a file brought is met on its server: that decides whether it is work, as if the server had brought it first.

Promises: who wrote before an import and waits by what the server says does wait afterwards, with the promises of their own arrival, in
the ticket in which the import put them; once, and until the answer that the file brought too. Refuses: what the server itself brought
and took for history; what was answered here by somebody who could read it; and another time than the one that the file gave.
"""

from dataclasses import replace

from agentdesk.core import afterwards, effect, responder, returned, unanswered
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import Event, MessageAdded, MessageSet
from agentdesk.core.instant import moment
from agentdesk.core.matching import Joined
from agentdesk.core.model import THEIRS, Direction, JoinedBy, MailClass, Status
from agentdesk.core.names import Names
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State
from agentdesk.core.who import Who, behind

_TOLD = THEIRS | {Direction.OUT}
"""What is told as work: what somebody wrote, and what answers it."""


def sighted(
    state: State, command: Receive, policy: Policy, given: Given, names: Names, message: str
) -> Event | None:
    """The event by which `message`, which is known, is no history; None where it is, or was none before."""
    if command.imported or (command.before and not command.waits):
        return None
    known = state.message(message)
    if known is None or not known.history or not _is_of_a_file(state, names, message):
        return None
    answer = _answer(state, known)
    if known.direction not in _TOLD or (answer and not answer.history):
        return None
    command = replace(command, received_at=moment(known.received_at))
    draft = Draft(state, given)
    draft.touch(known.ticket)
    draft.add(MessageSet(known.id, "history", was=True, now=False))
    if known.direction in THEIRS:
        _work(draft, policy, command, known, answer)
    root = draft.ticket(known.ticket).root
    return draft.event("Sighted", root, event_id=given.seal.shared_id("sighted", message))


def _is_of_a_file(state: State, names: Names, message: str) -> bool:
    """Whether an import brought it here: the log says so, whatever lies on the server by now."""
    event = state.event(names.event)
    added = (each for each in (event.changes if event else ()) if isinstance(each, MessageAdded))
    return any(each.message == message and each.imported for each in added)


def _answer(state: State, known: MessageState) -> MessageState | None:
    """The last answer of ours, where whoever wrote it may have read the message."""
    last = state.last_message(_family(state, known), Direction.OUT) if known.direction in THEIRS else None
    answer = state.message(last) if last else None
    if answer is None or not unanswered.answers(answer) or answer.received_at <= known.received_at:
        return None
    is_unread = answer.received_at < state.field("message", known.id, "fetched_at")
    return None if answer.written_here and is_unread else answer


def _family(state: State, known: MessageState) -> tuple[str, ...]:
    ticket = state.ticket(known.ticket)
    return state.family(ticket.root) if ticket else (known.ticket,)


def _work(
    draft: Draft, policy: Policy, command: Receive, known: MessageState, answer: MessageState | None
) -> None:
    """What it does to its ticket, in which `answer` came after it."""
    state, given = draft.state, draft.given
    if command.role == "junk":
        draft.add(MessageSet(known.id, "junk", known.junk, now=True))
    root = draft.ticket(draft.ticket(known.ticket).root)
    if back := returned.original(state, given, command.incoming):
        returned.came_back(draft, policy, command, back)
        return
    before = [
        each for each in state.messages_in(state.family(root.id)) if each.received_at < known.received_at
    ]
    who = responder.marked(state, command, _who(state, command, given, known), root if before else None)
    _classed(draft, command, known, who)
    joined = Joined(root if before else None, JoinedBy.REFERENCES)
    thanks = afterwards.is_thanks(state, command, who, joined)
    settled = effect.settled_by(draft, who, root, thanks=thanks, counts=True)
    if settled:
        draft.add(MessageSet(known.id, "settled", known.settled, settled))
    asks = who.speaks and settled is None
    if root.history and (not before or (asks and not any(map(unanswered.answers, before)))):
        draft.set(root.id, "history", now=False)
        draft.set(root.id, "status", Status.NEW.value)
        draft.set(root.id, "since_before", command.before and command.waits)
    effect.of_message(
        draft, policy, command, who, draft.ticket(root.id), known.id, settled, unseen=answer is not None
    )
    if asks and answer:
        effect.answered(draft, policy, replace(command, received_at=moment(answer.received_at)), root.id)


def _who(state: State, command: Receive, given: Given, known: MessageState) -> Who:
    """Who is behind it, as it was stored."""
    return replace(
        behind(state, given, command),
        direction=Direction(known.direction),
        mail_class=MailClass(known.mail_class),
        reason=state.field("message", known.id, "class_reason"),
    )


def _classed(draft: Draft, command: Receive, known: MessageState, who: Who) -> None:
    """Where what it answers shows only now that a program wrote it, the message says so."""
    if who.mail_class == known.mail_class:
        return
    reason = draft.state.field("message", known.id, "class_reason")
    draft.add(MessageSet(known.id, "class", known.mail_class, who.mail_class.value))
    draft.add(MessageSet(known.id, "class_reason", reason, who.reason))
    draft.set(draft.ticket(known.ticket).root, "machine", now=True)
