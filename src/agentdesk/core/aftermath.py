"""What becomes of a message after it was there: edited, taken back, given a sign, delivered, read.

Promises: the first text stays, beside what took its place; a receipt never goes backwards, and one that comes before the
provider's own answer counts as that answer; what speaks of a message that nobody knows is refused (`no_message`), so that
whoever asked can keep it until the message is there. An answer that is taken back answers nothing any more (`core.gone`), and a
question that is taken back asks nothing. An edit makes a ticket unread and starts no clock, unless it makes a question of what only
rated, or puts other words into what was answered (`core.rewording`).
"""

from agentdesk.core import afterwards, gone, opening, rewording, sending, survey, unanswered
from agentdesk.core.commands import AddTranscript, Learn, Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import Event, MessageSet, MessageUnnamed, MessageVersion, Reacted
from agentdesk.core.forgetting import is_gone
from agentdesk.core.instant import maybe_moment, moment, stamp
from agentdesk.core.later import FIRST_SEEN_EDITED
from agentdesk.core.model import Direction, Reaction, Receipt, Withdrawal, is_chat
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State
from agentdesk.core.surveyed import ASKS_NOTHING
from agentdesk.core.text import visible

EDITED, ORIGINAL, WITHDRAWN, TRANSCRIPT = "edited", "original", "withdrawn", "transcript"
PART_WITHDRAWN = "part_withdrawn"
EDIT_REFUSED, WITHDRAWAL_REFUSED = "edit_refused", "withdrawal_refused"
"""Changes of a message of ours that its service did not make."""
_RANK = {"written": 0, "unknown": 0, "failed": 0, "sent": 1, "delivered": 2, "read": 3, gone.TAKEN_BACK: 4}


def learn(state: State, command: Learn, policy: Policy, given: Given) -> Event | Known:
    """One event for one notice; Known where it says nothing new."""
    notice = command.notice
    if isinstance(notice, Receipt):
        return _receipt(state, command, notice, policy, given)
    known = _named(state, given, command)
    if is_gone(state, known.id):
        return Known(known.id)
    if isinstance(notice, Withdrawal):
        return _withdrawn(state, known, command, notice, policy, given)
    return _reaction(state, known, command, notice, policy, given)


def add_transcript(state: State, command: AddTranscript, policy: Policy, given: Given) -> Event | Known:
    """Once for a message; it is marked as the machine's by its kind."""
    known = state.message(command.message)
    if known is None:
        raise Refusal("no_message")
    last = state.chats.versions(known.id)
    if any(kind == TRANSCRIPT for kind, _, _ in last):
        return Known(known.id)
    draft = _later(state, known, given)
    draft.add(MessageVersion(known.id, len(last) + 1, TRANSCRIPT, stamp(given.now), command.text))
    return draft.event("Transcribed", known.ticket)


def of_known(state: State, command: Receive, policy: Policy, given: Given) -> Event | Known | None:
    """What a received chat is where the message it names is there already: an edit, the text before an edit, or nothing
    new (the service's own copy, a repetition). None for everything else."""
    mail = command.incoming
    name = mail.edits or mail.message_id
    found = state.messages_by_mail_id(given.seal.mail_id(name)) if is_chat(mail.channel) and name else ()
    if not found:
        return None
    if is_gone(state, found[0].id):
        return Known(found[0].id)
    if mail.edits:
        return _edited(state, found[0], command, policy, given)
    return _original(state, found[0], command, given) or Known(found[0].id)


def _edited(
    state: State, known: MessageState, command: Receive, policy: Policy, given: Given
) -> Event | Known:
    last = state.chats.versions(known.id)
    at = stamp(command.incoming.sent_at or command.received_at)
    if any(text == command.text and was == at for _, was, text in last) or _is_own(state, known, command):
        return Known(known.id)
    draft = _later(state, known, given)
    draft.add(MessageVersion(known.id, len(last) + 1, EDITED, at, command.text))
    if known.direction == Direction.IN and not command.seen:
        draft.set(_root(draft, known), "unread", now=True)
    if known.ticket == opening.opened_by(given, known.id):
        draft.title(known.ticket, command.incoming.subject)
    root = draft.ticket(_root(draft, known))
    asks = survey.reworded(draft, known, visible(command.incoming.text, command.incoming.folds), moment(at))
    if asks and known.settled in ASKS_NOTHING and not root.muted:
        answered = state.last_answer_at(state.family(root.id))
        afterwards.asks_after_all(draft, policy, root, (known,), first=answered is None)
    elif command.rewords and not any(was > at for kind, was, _ in last if kind == EDITED):
        rewording.asks_anew(draft, policy, known, command, at)
    return draft.event("Edited", known.ticket)


def _is_own(state: State, known: MessageState, command: Receive) -> bool:
    """Whether an edit is the service's copy of one that was made here, be it that the text is the same or that it says so."""
    if known.direction != Direction.OUT:
        return False
    made = state.event(command.incoming.copy_of) if command.incoming.copy_of else None
    edited = [text for kind, _, text in state.chats.versions(known.id) if kind == EDITED]
    return made is not None or edited[-1:] == [command.text]


def _original(state: State, known: MessageState, command: Receive, given: Given) -> Event | None:
    """The first text of a message of which an edit came before it; None where it is no news."""
    last = state.chats.versions(known.id)
    is_news = FIRST_SEEN_EDITED in str(state.field("message", known.id, "warnings")) and not any(
        kind == ORIGINAL for kind, _, _ in last
    )
    if not is_news:
        return None
    draft = _later(state, known, given)
    at = stamp(command.incoming.sent_at or command.received_at)
    draft.add(MessageVersion(known.id, len(last) + 1, ORIGINAL, at, command.text))
    return draft.event("Edited", known.ticket)


def _named(state: State, given: Given, command: Learn) -> MessageState:
    found = state.messages_by_mail_id(command.mail_id or given.seal.mail_id(command.notice.of))
    if not found:
        raise Refusal("no_message")
    return found[0]


def _later(state: State, known: MessageState, given: Given) -> Draft:
    draft = Draft(state, given)
    draft.touch(known.ticket)
    return draft


def _root(draft: Draft, known: MessageState) -> str:
    return draft.ticket(known.ticket).root


def _withdrawn(
    state: State, known: MessageState, command: Learn, notice: Withdrawal, policy: Policy, given: Given
) -> Event | Known:
    last = state.chats.versions(known.id)
    if any(kind == WITHDRAWN for kind, _, _ in last):
        return Known(known.id)
    draft = _later(state, known, given)
    name, names = command.mail_id or given.seal.mail_id(notice.of), state.chats.names(known.id)
    is_part = name in names and len(names) > 1
    kind = PART_WITHDRAWN if is_part else WITHDRAWN
    draft.add(MessageVersion(known.id, len(last) + 1, kind, stamp(notice.at)))
    if is_part:  # what is left still answers
        draft.add(MessageUnnamed(known.id, name))
    elif known.direction == Direction.OUT and known.state in unanswered.ACCEPTED:
        gone.taken_back(draft, policy, known, notice.at)
    else:
        unanswered.taken_back(draft, policy, known)
    return draft.event("WithdrawnByAuthor", known.ticket)


def _reaction(
    state: State, known: MessageState, command: Learn, notice: Reaction, policy: Policy, given: Given
) -> Event | Known:
    by = given.seal.identity(notice.channel, notice.by.email) if notice.by else command.by
    if state.chats.reaction(known.id, by) == (notice.sign or None):
        return Known(known.id)
    draft = _later(state, known, given)
    draft.add(Reacted(known.id, by, taken_away=not notice.sign))
    if notice.sign:
        draft.personal["sign"] = notice.sign
        if by is not None:
            survey.signed(draft, policy, known, notice)
    return draft.event("Reacted", known.ticket)


def _receipt(state: State, command: Learn, notice: Receipt, policy: Policy, given: Given) -> Event | Known:
    if notice.upto is not None:
        return _everything_until(state, notice, given)
    known = _named(state, given, command)
    was = known.state or "sent"
    if notice.state == "failed":
        if was not in {"written", "sent", "unknown"}:
            return Known(known.id)
        return sending.came_back(state, known, policy, given, notice.code, notice.words)
    if _RANK[notice.state] <= _RANK[was] or (was == "failed" and known.hidden):
        return Known(known.id)
    draft = _later(state, known, given)
    if _RANK[was] == 0:
        sending.accepted(draft, policy, known, notice.at)
    if notice.state != "sent":
        before = "sent" if _RANK[was] == 0 else was
        draft.add(MessageSet(known.id, "state", before if known.state else None, notice.state))
    return draft.event("Delivered", known.ticket)


def _everything_until(state: State, notice: Receipt, given: Given) -> Event | Known:
    """All that we wrote to somebody until then, as far as it was sent."""
    upto = notice.upto or notice.at
    reader = given.seal.identity(notice.channel, notice.reader)
    found = [
        each
        for each in filter(None, map(state.message, state.chats.unread_by(reader)))
        if each.state in {"sent", "delivered"}
        and _RANK[each.state] < _RANK[notice.state]
        and (maybe_moment(each.received_at) or upto) <= upto
    ]
    if not found:
        return Known("")
    draft = _later(state, found[0], given)
    for each in found:
        draft.touch(each.ticket)
        draft.add(MessageSet(each.id, "state", each.state, notice.state))
    return draft.event("Delivered", found[0].ticket)
