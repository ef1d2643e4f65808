"""What agentdesk itself may say to a customer, and to whom never.

Promises: whoever is no person, cannot be reached, is muted or is one of us gets nothing (product-semantics 2.4); of what bears the same mark only the first is ever written, whoever tries, since the log takes a guard once; what is said about a moment
does not go when that is over. Refuses: choosing words.
"""

from datetime import datetime, timedelta

from agentdesk.core.model import AUTOMATIC
from agentdesk.core.mute import is_muted
from agentdesk.core.posting import WriteAutomatic
from agentdesk.core.refusal import Refusal
from agentdesk.core.state import Given, State, TicketState
from agentdesk.core.waiting import is_no_reply

FRESH = timedelta(minutes=15)
"""What is said about a moment is not said after so long."""
OF_THE_MOMENT = frozenset({"ack", "away", "thanks", "progress"})


def is_stale(kind: str, due_at: datetime, now: datetime) -> bool:
    """Whether an automatic text of `kind` (empty: a person's) that was to go then has waited too long."""
    return kind in OF_THE_MOMENT and now - due_at > FRESH


def guard(kind: str, once: str) -> str:
    """What the log takes once, of all that is said of that `kind`."""
    return f"auto:{kind}:{once}"


def once_of(guard: str) -> str:
    """What a guard says that it was said for once; "" for the guard of something else."""
    return guard.split(":", 2)[2] if guard.startswith("auto:") else ""


def refuse_automatic(state: State, command: WriteAutomatic, ticket: TicketState, given: Given) -> None:
    """Raises Refusal where nothing automatic may go to whom it is meant for."""
    if command.kind not in AUTOMATIC:
        raise Refusal("no_such_kind", kind=command.kind)
    if ticket.muted or is_muted(state, state.customer_root(ticket.customer)):
        raise Refusal("is_muted")
    if ticket.machine or ticket.history:
        raise Refusal("no_person")
    letter, channel = command.letter, command.channel or ticket.channel
    if len(letter.to) != 1 or letter.cc or letter.bcc:
        raise Refusal("one_person")
    person = letter.to[0].email
    if person.lower() in given.own:
        raise Refusal("to_ourselves", address=person)
    if channel in {"email", "form"} and is_no_reply(person):
        raise Refusal("no_person")
    if state.field("identity", given.seal.identity(channel, person), "failing"):
        raise Refusal("address_fails", address=person)
