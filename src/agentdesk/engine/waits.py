"""How long is waited before a service is asked again: longer each time, and not long where none answered at all."""

from datetime import datetime, timedelta

from agentdesk.channels import TryLater

FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
UNREACHED_WAIT = 20.0
"""Seconds between attempts while no server answers at all: nobody is bothered, and it goes soon after the network is back."""
GIVE_UP = timedelta(hours=48)


def next_try(later: TryLater, attempts: int, now: datetime) -> datetime:
    """When it is tried again after `attempts` before this one; the service's own wish goes first."""
    wait = UNREACHED_WAIT
    if later.reached:
        wait = min(FIRST_WAIT * 2.0 ** min(attempts, 10), LONGEST_WAIT)
    return now + timedelta(seconds=wait if later.after is None else later.after)
