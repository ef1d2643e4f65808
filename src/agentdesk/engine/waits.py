"""How long is waited before a service is asked again: longer each time, and not long where none answered at all."""

from datetime import datetime, timedelta

from agentdesk.channels import Refused, SendResult, TryLater

FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
UNREACHED_WAIT = 20.0
"""Seconds between attempts while no server answers at all: nobody is bothered, and it goes soon after the network is back."""
LOCKED_OUT_WAIT = 60.0
"""Seconds between attempts while the service refuses our login: only a person can cure that, and may have."""
GIVE_UP = timedelta(hours=48)
"""From a server's first answer on: what nobody has heard of, because a lid was closed or a line was down, is never given up."""


def locked_out(result: SendResult) -> TryLater | None:
    """What it means for a message that the service refuses our login: that is the account's fault, so that the message waits
    with all the others. None for any other result."""
    if isinstance(result, Refused) and result.code == "login":
        return TryLater(result.reason, LOCKED_OUT_WAIT, too_fast=True)
    return None


def first_answer(known: datetime | None, result: SendResult, now: datetime) -> datetime | None:
    """When a server answered for the first time, after this `result`; None where none has. A time later than now was a wrong clock's."""
    if isinstance(result, TryLater) and not result.reached:
        return known
    return known if known is not None and known <= now else now


def is_given_up(answered_at: datetime | None, result: SendResult, now: datetime) -> bool:
    """Whether a server has now said for long enough that it does not take it."""
    answers = not isinstance(result, TryLater) or result.reached
    return answers and answered_at is not None and now - answered_at > GIVE_UP


def next_try(later: TryLater, attempts: int, now: datetime) -> datetime:
    """When it is tried again after `attempts` before this one; the service's own wish goes first."""
    wait = UNREACHED_WAIT
    if later.reached:
        wait = min(FIRST_WAIT * 2.0 ** min(attempts, 10), LONGEST_WAIT)
    return now + timedelta(seconds=wait if later.after is None else later.after)
