"""A mail that is known is met in another folder: only what that says of Junk is news.

Promises: out of Junk, whoever took it out, it is junk no more; put there by somebody, it says so. Refuses: believing that a
rescue was done because it was wished: where the server did not move a mail, it is in Junk again.
"""

from agentdesk.core.commands import Receive, ReportLies, Rescue
from agentdesk.core.draft import Draft, on_ticket
from agentdesk.core.events import Event, MessageSet
from agentdesk.core.model import THEIRS
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State


def met_again(state: State, command: Receive, given: Given, message: str) -> Event | Known:
    """A message that is stored already lies in the folder of this command."""
    if command.imported or command.role not in {"inbox", "junk"}:
        return Known(message)
    return _lies(state, given, message, is_junk=command.role == "junk") or Known(message)


def report_lies(state: State, command: ReportLies, policy: Policy, given: Given) -> Event:
    event = _lies(state, given, command.message, is_junk=command.junk)
    if event is None:
        raise Refusal("nothing_changes")
    return event


def _lies(state: State, given: Given, message: str, *, is_junk: bool) -> Event | None:
    found = state.message(message)
    if found is None or found.direction not in THEIRS or found.junk == is_junk:
        return None
    draft = Draft(state, given)
    draft.add(MessageSet(message, "junk", found.junk, is_junk))
    draft.touch(found.ticket)
    return draft.event("Moved", draft.ticket(found.ticket).root)


def rescue(state: State, command: Rescue, policy: Policy, given: Given) -> Event:
    """The ticket's mails are no junk; that they are moved on the server is a wish of this laptop."""
    draft, ticket = on_ticket(state, given, command.ticket)
    for each in state.messages_in(state.family(ticket.id)):
        if each.junk:
            draft.add(MessageSet(each.id, "junk", was=True, now=False))
            draft.touch(each.ticket)
    if not draft.changes:
        raise Refusal("not_in_junk")
    return draft.event("Rescued", ticket.id)
