"""A flood: one sender who opens ticket after ticket, by mistake, in anger or by a program that looks like a person.

Promises: from the twentieth mail within an hour on, what would open one more ticket joins the newest that nobody has touched, and the
others that nobody has touched are merged into it: one row, however many come. Every message is there, bears a warning, and can be split
off. Refuses: mixing people (one address alone counts), and moving what an agent has begun to work on.
"""

from datetime import datetime, timedelta

from agentdesk.core.act import together
from agentdesk.core.draft import Draft
from agentdesk.core.instant import stamp
from agentdesk.core.sla import Policy
from agentdesk.core.state import TicketState

MOST = 20
WITHIN = timedelta(hours=1)
WARNING = "flood"


def swept(draft: Draft, policy: Policy, identity: str, at: datetime) -> TicketState | None:
    """The ticket that a mail of `identity` joins instead of opening one, arrived `at`; None where there is no flood."""
    state, since = draft.state, stamp(at - WITHIN)
    if state.customer_of(identity) is None or not state.people.writes_much(identity, since, MOST - 1):
        return None
    newest, *others = state.people.untouched(identity, since, MOST) or (None,)
    if newest is None:
        return None
    for other in others:
        together(draft, policy, draft.ticket(other), draft.ticket(newest))
    return draft.ticket(newest)
