"""A flood: one sender who opens ticket after ticket, by mistake, in anger or by a program that looks like a person.

Promises: from the twentieth mail within an hour on, the sixtieth within a day or the two hundredth within a week, what would open one
more ticket joins the newest that nobody has touched, and the others that nobody has touched are merged into it: one row, however many
come and however slowly. Every message is there, bears a warning, and can be split off. Refuses: mixing people (one address alone counts:
the same words from five hundred addresses are five hundred people, who can be put under one cause), and moving what an agent has begun
to work on.
"""

from datetime import datetime, timedelta

from agentdesk.core.act import together
from agentdesk.core.draft import Draft
from agentdesk.core.instant import stamp
from agentdesk.core.sla import Policy
from agentdesk.core.state import TicketState

MOST = 20
"""Mails within an hour, and tickets that are merged at a time."""
LIMITS = ((timedelta(hours=1), MOST), (timedelta(days=1), 60), (timedelta(days=7), 200))
"""(time, mails in it that are a flood)."""
WARNING = "flood"


def swept(draft: Draft, policy: Policy, identity: str, at: datetime) -> TicketState | None:
    """The ticket that a mail of `identity` joins instead of opening one, arrived `at`; None where there is no flood."""
    state = draft.state
    if state.customer_of(identity) is None:
        return None
    over = (
        within for within, most in LIMITS if state.people.writes_much(identity, stamp(at - within), most - 1)
    )
    within = next(over, None)
    if within is None:
        return None
    newest, *others = state.people.untouched(identity, stamp(at - within), MOST) or (None,)
    if newest is None:
        return None
    for other in others:
        together(draft, policy, draft.ticket(other), draft.ticket(newest))
    return draft.ticket(newest)
