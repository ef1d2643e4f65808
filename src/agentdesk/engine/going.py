"""Whether an answer may go: what the channel's window says, now and at the time that was chosen, and whom a mail asks for.

Promises: better refused here, with the reason, than by the service later. Refuses: knowing what a channel takes (`reply.fits`).
"""

from datetime import datetime, tzinfo

from agentdesk.core import letter
from agentdesk.core.letter import Wish
from agentdesk.core.window import Standing, standing
from agentdesk.errors import RefusedError
from agentdesk.store.ways import ToAnswer


def may_go(asked: ToAnswer, wish: Wish, now: datetime, zone: tzinfo) -> None:
    """Raises RefusedError where the channel would not take it any more, be it by the time that was chosen."""
    closes = asked.window_until
    _open(standing(asked.channel, closes, now), wish)
    then = standing(asked.channel, closes, wish.at or now)
    ends = then is Standing.CLOSED or (then is Standing.TEMPLATE_ONLY and wish.template is None)
    if ends and closes is not None:
        raise RefusedError(reason="closed_by_then", time=f"{closes.astimezone(zone):%d/%m %H:%M}")
    if asked.opted_out:
        raise RefusedError(reason="opted_out")


def _open(standing: Standing, wish: Wish) -> None:
    if standing is Standing.TEMPLATE_ONLY and wish.template is None:
        raise RefusedError(reason="window_closed")
    if standing is Standing.CLOSED:
        raise RefusedError(reason="window_over")


def named(asked: ToAnswer, wish: Wish) -> None:
    """Raises RefusedError where somebody new wrote last, who is not the customer, and nobody said who gets the answer."""
    if asked.newcomer and not wish.to:
        raise RefusedError(reason="reply_newcomer", sender=asked.original.address)


def agreed(original: letter.Original, wish: Wish, own: frozenset[str]) -> None:
    """Raises RefusedError where the mail asks for the answer to go to somebody else and nobody said that it may."""
    to = letter.recipients(original, own)
    if original.elsewhere and to and not wish.to:
        asked = ", ".join(each.email for each in to)
        raise RefusedError(reason="reply_elsewhere", sender=original.address, to=asked)
