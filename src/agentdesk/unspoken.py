"""Why a text that agentdesk would send by itself is not sent now.

Promises: every reason says what is so. Refuses: deciding it, which is the law's (`core.restraint`).
"""

from collections.abc import Mapping

from agentdesk.errors import N_

REFUSALS: Mapping[str, str] = {
    "too_old": N_("The message is older than a quarter of an hour: an answer is better than a receipt."),
    "shop_is_closed": N_("The shop is closed: nothing is promised for now."),
    "shop_is_open": N_("The shop is open: nobody is told that it is closed."),
    "said_today": N_("The customer got an automatic text on this channel within a day."),
    "too_many": N_("So many automatic texts went to this customer already that it looks like a loop."),
    "provider_spoke": N_("The provider's own text went to the customer within a day (agentdesk away)."),
    "is_answered": N_("It is answered already."),
    "in_junk": N_("It lies in Junk: nothing is said automatically."),
    "never_closed": N_("The desk has no opening hours: write a calendar into [desk] of config.toml first."),
    "text_incomplete": N_(
        "The automatic text {name} is not whole: {blank}. agentdesk quick check says more."
    ),
}
