"""What was promised to a customer, in words: the composer, the customer's pane and the command line say it alike.

Promises: pure. Refuses: the clocks' words (`present`): those promise for the shop to everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from agentdesk import dates
from agentdesk.core.instant import moment, stamp
from agentdesk.core.pledging import Outcome, Pledge, PledgeView
from agentdesk.errors import N_
from agentdesk.i18n import tr

_OUTCOMES: Mapping[str, str] = {
    Outcome.OPEN: N_("promised"),
    Outcome.KEPT: N_("kept"),
    Outcome.LATE: N_("kept too late"),
    Outcome.BROKEN: N_("broken"),
    Outcome.RENEWED: N_("promised anew, in time"),
    Outcome.DROPPED: N_("withdrawn"),
}
_PLACES: Mapping[str, str] = {
    "phone": N_("the phone"),
    "email": N_("another mail address"),
    "shop": N_("the shop"),
    "chat": N_("a chat"),
    "form": N_("a form"),
    "elsewhere": N_("elsewhere"),
}


def outcome(value: str) -> str:
    return tr(_OUTCOMES[value])


def place(derived_to: str) -> str:
    """Where a customer is sent who has to go on elsewhere."""
    return tr(_PLACES.get(derived_to, derived_to))


def by_when(due_at: datetime, now: datetime, zone: tzinfo) -> str:
    """`13:00` today, else with the day."""
    return dates.coming(due_at.astimezone(zone), now.astimezone(zone))


def for_when(due_at: datetime, now: datetime, zone: tzinfo) -> str:
    """The same within a sentence: `for 13:00`, `for Tuesday 13:00`."""
    return dates.by(due_at.astimezone(zone), now.astimezone(zone))


def times(given: Sequence[Pledge | PledgeView], now: datetime, zone: tzinfo) -> str:
    """For when a text promises something, or something was promised."""
    due = (each.due_at if isinstance(each.due_at, datetime) else moment(each.due_at) for each in given)
    return ", ".join(for_when(each, now, zone) for each in due)


def standing(one: PledgeView, now: datetime, zone: tzinfo) -> str:
    """What became of it: "promised for Friday 20:30, 2 d", "broken, -3 h"; what is over bears no time left."""
    from agentdesk import duration  # the first paint says of none how long it has

    state = one.outcome(stamp(now))
    left = duration.span((moment(one.due_at) - now).total_seconds())
    if state == Outcome.OPEN:
        time = for_when(moment(one.due_at), now, zone)
        return tr("promised {time}, {left}").format(time=time, left=left)
    if state == Outcome.BROKEN:
        return tr("broken, then promised anew") if one.renewed_at else f"{outcome(state)}, {left}"
    return outcome(state)
