"""A message of ours that is changed, or taken back, after it was sent.

Promises: only what was sent from here, and what it said before is kept beside it; where the service does not make the change,
that change is marked as not made, and the ticket comes back to whoever has to know. Refuses: knowing what a channel can do and
for how long; the engine asks that before, and the service itself has the last word.
"""

from agentdesk.core import gone, timekeeping
from agentdesk.core.aftermath import EDIT_REFUSED, EDITED, WITHDRAWAL_REFUSED, WITHDRAWN
from agentdesk.core.draft import Draft
from agentdesk.core.events import Event, MessageVersion, VersionSet
from agentdesk.core.instant import stamp
from agentdesk.core.later import Amend, ReportUnchanged
from agentdesk.core.model import Direction, Status
from agentdesk.core.refusal import Refusal
from agentdesk.core.sending import DELIVERED, READ, SENT
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State

GONE = frozenset({SENT, DELIVERED, READ})
"""In which states a message of ours lies with the customer."""
_REFUSED = {EDITED: EDIT_REFUSED, WITHDRAWN: WITHDRAWAL_REFUSED}


def amend(state: State, command: Amend, policy: Policy, given: Given) -> Event:
    """The new text, or that it was taken back, beside what was sent. Other words answer as the former did; what is taken back
    answers nothing any more (`core.gone`)."""
    known = state.message(command.message)
    if known is None:
        raise Refusal("no_message")
    last = state.chats.versions(known.id)
    if any(kind == WITHDRAWN for kind, _, _ in last):
        raise Refusal("taken_back")
    if known.direction != Direction.OUT or known.state not in GONE:
        raise Refusal("not_sent_here")
    says = next((text for kind, _, text in reversed(last) if kind == EDITED), None)
    if command.text == (says or state.field("message", known.id, "text")):
        raise Refusal("nothing_changes")
    draft = Draft(state, given)
    draft.touch(known.ticket)
    kind = WITHDRAWN if command.text is None else EDITED
    draft.add(MessageVersion(known.id, len(last) + 1, kind, stamp(given.now), command.text))
    if kind == WITHDRAWN:
        gone.taken_back(draft, policy, known, given.now)
    return draft.event("Amended", draft.ticket(known.ticket).root)


def report_unchanged(state: State, command: ReportUnchanged, policy: Policy, given: Given) -> Event:
    """The customer sees what they saw before: the ticket is unread, and open where it waited for the customer or was done."""
    known = state.message(command.message)
    if known is None:
        raise Refusal("no_message")
    draft = Draft(state, given)
    draft.touch(known.ticket)
    for number, (kind, _, _) in enumerate(state.chats.versions(known.id), 1):
        if command.first <= number <= command.last and kind in _REFUSED:
            draft.add(VersionSet(known.id, number, _REFUSED[kind]))
    if not draft.changes:
        raise Refusal("nothing_changes")
    if (event := state.event(command.event)) is not None and known.state == gone.TAKEN_BACK:
        gone.is_there_still(draft, policy, event, known)
    draft.personal["reason"] = command.reason
    root = draft.ticket(draft.ticket(known.ticket).root)
    draft.set(root.id, "unread", now=True)
    if root.status in {Status.WAITING_CUSTOMER, Status.RESOLVED}:
        draft.set(root.id, "resolved_at", None)
        timekeeping.set_status(draft, policy, root.id, Status.OPEN, given.now)
    return draft.event("AmendRefused", root.id)
