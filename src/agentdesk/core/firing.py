"""A rule acts on a ticket: one event for all that it does there, so that nothing is half done and one undo takes the whole back.

Promises: the event's id follows from the rule, the ticket and what set it off, so that a second try is known and does nothing;
whatever the law refuses of it refuses all of it. Refuses: judging whether the rule is meant (`engine.rules` does, with the store).
"""

from dataclasses import replace

from agentdesk.core import macro
from agentdesk.core.draft import on_ticket
from agentdesk.core.events import Event, RuleFired
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.ruled import FireRule
from agentdesk.core.seal import Seal
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, State

FIRED = "RuleFired"


def firing_id(seal: Seal, command: FireRule) -> str:
    """The id of its event."""
    return seal.shared_id("rule_fired", f"{command.rule}:{command.ticket}:{command.key or command.cause}")


def fire(state: State, command: FireRule, policy: Policy, given: Given) -> Event | Known:
    """Raises Refusal where nothing of the ticket would change and nothing else is done."""
    name = firing_id(given.seal, command)
    if state.event(name) is not None:
        return Known(name)
    draft, ticket = on_ticket(state, replace(given, parent=command.cause), command.ticket)
    macro.excuse(draft, ticket, command.acts, f"rule:{command.rule}")
    macro.apply(draft, policy, ticket.id, command.acts, given)
    if not draft.changes and not command.beside:
        raise Refusal("nothing_changes")
    draft.add(RuleFired(ticket.id, command.rule, command.on, command.did))
    return draft.event(FIRED, ticket.id, event_id=name)
