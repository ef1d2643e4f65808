"""What agentdesk says by itself, and why it sometimes does not, in words.

Promises: every reason says what is so. Refuses: deciding it, which is the law's (`core.automatic`, `core.restraint`).
"""

from collections.abc import Mapping

from agentdesk.errors import N_
from agentdesk.i18n import tr

REFUSALS: Mapping[str, str] = {
    "no_such_kind": N_("There is no automatic text of the kind {kind}."),
    "is_muted": N_("The customer is muted: nothing is said to them automatically."),
    "no_person": N_("No person reads it there: nothing is said automatically."),
    "one_person": N_("An automatic text goes to the customer alone."),
    "address_fails": N_("Mail to {address} has come back: nothing is said there automatically."),
    "said_already": N_("It was said already."),
    "too_old": N_("The message is older than a quarter of an hour: an answer is better than a receipt."),
    "too_late": N_("It is more than a quarter of an hour late: what it speaks of is over."),
    "only_rated": N_("The customer's last message is a rating: nobody waits to hear how far it is."),
    "shop_is_closed": N_("The shop is closed: nothing is promised for now."),
    "shop_is_open": N_("The shop is open: nobody is told that it is closed."),
    "said_today": N_("The customer got an automatic text on this channel within a day."),
    "by_list": N_("It came through a mailing list: nothing is said there automatically."),
    "looks_like_a_program": N_(
        "What comes back on automatic texts looks like a program's: nothing more is said automatically."
    ),
    "too_many": N_("So many automatic texts went to this customer already that it looks like a loop."),
    "provider_spoke": N_("The provider's own text went to the customer within a day (agentdesk away)."),
    "is_answered": N_("It is answered already."),
    "in_junk": N_("It lies in Junk: nothing is said automatically."),
    "never_closed": N_("The desk has no opening hours: write a calendar into [desk] of config.toml first."),
    "text_incomplete": N_(
        "The automatic text {name} is not whole: {blank}. agentdesk quick check says more."
    ),
}

_AUTOMATIC: Mapping[str, str] = {
    "ack": N_("acknowledged automatically"),
    "away": N_("told automatically that the shop is closed"),
    "thanks": N_("thanked automatically"),
    "progress": N_("told automatically that it is being worked on"),
    "follow_up": N_("asked automatically whether it is solved"),
    "survey": N_("asked automatically how it was"),
}


def automatic(kind: str) -> str:
    """What agentdesk said by itself."""
    return tr(_AUTOMATIC.get(kind, N_("sent automatically")))
