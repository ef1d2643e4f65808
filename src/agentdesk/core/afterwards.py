"""What somebody writes when a matter is over, or was answered, and that opens nothing again.

Promises: mere thanks (`core.thanks`) are stored and flagged as such, start no clock, wake and open nothing, and take nothing from
whoever waits; whatever comes into an ended ticket without opening it is listed until somebody has looked; one key takes thanks
for a question after all, from when it came. Refuses: thanks of a form, with a file, in a new ticket, or of somebody muted.
"""

from collections.abc import Iterable

from agentdesk.core import mute, timekeeping, unanswered
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event, MessageSet
from agentdesk.core.instant import moment, stamp
from agentdesk.core.matching import Joined
from agentdesk.core.model import Direction, MailClass, Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.settling import MarkSeen, RefuteThanks
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State, TicketState
from agentdesk.core.text import visible
from agentdesk.core.thanks import is_mere_thanks
from agentdesk.core.who import Who

OVER = frozenset({Status.RESOLVED, Status.CLOSED})
_SILENT = frozenset({MailClass.BOUNCE, MailClass.OWN_LOOP})


def is_thanks(state: State, command: Receive, who: Who, joined: Joined) -> bool:
    """Whether a message only thanks, in a ticket that is there."""
    mail, ticket = command.incoming, joined.ticket
    if ticket is None or not who.speaks or who.by_form or mail.attachments or not mail.is_own:
        return False
    if mute.is_muted(state, state.customer_of(who.identity)):
        return False
    text = visible(mail.text, mail.folds)
    if not is_mere_thanks(text, after_question=False):
        return False
    return is_mere_thanks(text, after_question=was_asked(state, state.family(ticket.root)))


def was_asked(state: State, family: tuple[str, ...]) -> bool:
    """Whether our last message in these tickets may have asked something: an "ok" is then an answer."""
    last = state.last_message(family, Direction.OUT)
    return last is None or state.field("message", last, "asks") != 0


def thanked(draft: Draft, command: Receive, ticket: str) -> None:
    """The ticket stays as it is; where nobody waits in it, that somebody wrote is to be seen."""
    at, known = stamp(command.received_at), draft.ticket(ticket)
    draft.set(ticket, "last_customer_at", max(at, known.last_customer_at or at))
    draft.set(ticket, "unread", known.unread or not command.seen)
    if known.waiting_since is None:
        _wrote(draft, ticket, at)


def came(draft: Draft, command: Receive, who: Who, ticket: str) -> None:
    """A message was stored and has had its effects: into what is over still, it is to be seen."""
    known = draft.ticket(ticket)
    is_theirs = who.direction == Direction.IN and who.mail_class not in _SILENT
    if is_theirs and known.status in OVER and not known.history:
        _wrote(draft, ticket, stamp(command.received_at))


def _wrote(draft: Draft, ticket: str, at: str) -> None:
    known = draft.ticket(ticket)
    draft.set(ticket, "wrote_after", min(at, known.wrote_after or at))


def refute_thanks(state: State, command: RefuteThanks, policy: Policy, given: Given) -> Event:
    """It asks for an answer: open again, and promised one from when it came."""
    draft, ticket = on_ticket(state, given, command.ticket)
    messages = state.messages_in(state.family(ticket.id))
    last = state.last_answer_at(state.family(ticket.id)) or ""
    taken = [each for each in messages if each.settled == unanswered.THANKS and each.received_at > last]
    if not taken:
        raise Refusal("no_thanks")
    asks_after_all(draft, policy, ticket, taken, first=not last)
    return draft.event("ThanksRefuted", ticket.id)


def asks_after_all(
    draft: Draft, policy: Policy, ticket: TicketState, taken: Iterable[MessageState], *, first: bool
) -> None:
    """Messages in `ticket` that had been taken for such as ask for nothing do ask: it is open, and an answer is promised from when they
    came. `first`: nobody has answered in it before."""
    for each in taken:
        draft.add(MessageSet(each.id, "settled", each.settled, None))
        draft.touch(each.ticket)
    unanswered.recount(draft, ticket.id)
    draft.set(ticket.id, "unread", now=True)
    draft.set(ticket.id, "history", now=False)
    for field in ("wrote_after", "resolved_at", "snoozed_until"):
        draft.set(ticket.id, field, None)
    if ticket.status != Status.NEW:
        timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, draft.given.now)
    since = draft.ticket(ticket.id).waiting_since
    if since and ticket.waiting_since is None:
        timekeeping.begin(draft, policy, ticket.id, moment(since), first=first)


def mark_seen(state: State, command: MarkSeen, policy: Policy, given: Given) -> Event:
    draft, ticket = on_ticket(state, given, command.ticket)
    if ticket.wrote_after is None:
        raise Refusal("nothing_changes")
    draft.set(ticket.id, "wrote_after", None)
    draft.set(ticket.id, "unread", now=False)
    return draft.event("MarkedSeen", ticket.id)
