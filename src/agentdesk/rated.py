"""Surveys and ratings in words: conversation, sidebar and command line say them alike.

Promises: pure. Refuses: figures (`reporting`).
"""

from collections.abc import Mapping

from agentdesk.core.card import CustomerCard
from agentdesk.errors import N_
from agentdesk.i18n import tr

REFUSALS: Mapping[str, str] = {
    "survey_not_over": N_("Only a customer with a resolved ticket is asked how it was."),
    "survey_nobody_wrote": N_("The customer has not written in this ticket; there is nothing to ask about."),
    "survey_asked": N_(
        "The customer was asked already how this was; once for each time that it is resolved."
    ),
    "survey_cooldown": N_("The customer was asked on {day}, and nobody is asked twice in {days} days."),
    "no_surveys": N_("The customer wants to be asked no more; agentdesk customer surveys C on asks again."),
    "text_open": N_("The quick reply {name} cannot go by itself: it asks an agent for {blank}."),
}


def score(value: int) -> str:
    return tr("rated {score} of 5").format(score=value)


def told(card: CustomerCard) -> list[str]:
    """A line or two on a customer: what they rated lately, and whether they are asked."""
    lines = []
    if card.ratings:
        last = ", ".join(f"{score} (#{number})" for number, score, _ in card.ratings)
        lines.append(tr("rated us: {ratings}").format(ratings=last))
    if card.no_surveys_at:
        lines.append(tr("is asked no more how it was"))
    return lines
