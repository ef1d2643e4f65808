"""Surveys: who may be asked how it was, and what becomes of the answer.

Promises: one survey for each end of a ticket, none to somebody who was asked lately or wants none; whoever resolved it is recorded
when it is asked and stays so. A rating is an event; the message that holds it starts no clock and reopens nothing, unless it is low
or may want an answer: then it is work like any other, so that nothing that was said vanishes in a figure. Refuses to guess
(`core.rating`): what is no rating is a message. "BAJA" as an answer ends surveys for that customer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import CustomerSet, Event
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Direction, MailClass, Reaction, Status
from agentdesk.core.posting import WriteAutomatic
from agentdesk.core.refusal import Refusal
from agentdesk.core.returned import needs_a_person
from agentdesk.core.sla import Policy
from agentdesk.core.state import Given, MessageState, State, TicketState
from agentdesk.core.surveyed import NO_SURVEYS, RATING, Rated, SurveyAsked, SurveyState, WantSurveys
from agentdesk.core.text import visible
from agentdesk.core.who import Who
from agentdesk.values import dataclass

if TYPE_CHECKING:
    from agentdesk.core.rating import Rating

ANSWERED_WITHIN = timedelta(days=14)
"""How long a survey is listened for."""
SURVEY = "survey"
QUESTIONS = frozenset({SURVEY, "follow_up"})
"""The kinds of automatic messages that a customer can have enough of."""
_OVER = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message says to what agentdesk asked: a rating of `survey`, or (both None) that nothing more is to be asked."""

    survey: SurveyState | None = None
    rating: Rating | None = None

    @property
    def settles(self) -> bool:
        """Nobody has to do anything about the message."""
        return self.rating is None or not self.rating.asks


def refuse(state: State, command: WriteAutomatic, ticket: TicketState, now: datetime) -> None:
    """Raises Refusal, with the reason, where the customer of a ticket is not to be asked how it was, or whether it is solved."""
    if command.kind not in QUESTIONS:
        return
    customers = state.customer_members(state.customer_root(ticket.customer) or ticket.customer)
    if any(state.field("customer", each, "no_surveys_at") for each in customers):
        raise Refusal("no_surveys")
    if command.kind == SURVEY:
        _once(state, ticket)
        asked_at = state.surveys.last_to(customers)
        if asked_at is not None and now < moment(asked_at) + command.cooldown:
            raise Refusal("survey_cooldown", days=command.cooldown.days, day=asked_at[:10])


def _once(state: State, ticket: TicketState) -> None:
    """One survey for each end of a ticket in which the customer has written."""
    if ticket.status not in _OVER or ticket.resolved_at is None or ticket.history:
        raise Refusal("survey_not_over")
    if ticket.last_customer_at is None:
        raise Refusal("survey_nobody_wrote")
    last = state.surveys.latest(state.family(ticket.root))
    if last is not None and last.resolution == ticket.resolved_at:
        raise Refusal("survey_asked")


def asked(draft: Draft, command: WriteAutomatic, ticket: TicketState) -> None:
    """Where it asks how it was: the agent of now is recorded with it."""
    if command.kind != SURVEY:
        return
    resolution = ticket.resolved_at or ""
    draft.add(
        SurveyAsked(
            survey=command.message,
            ticket=ticket.id,
            customer=ticket.customer,
            channel=command.channel or ticket.channel,
            agent=ticket.assignee or draft.state.surveys.ended_by(ticket.id, resolution),
            resolution=resolution,
            asked_at=stamp(draft.given.now),
        )
    )


def heard(state: State, command: Receive, who: Who, ticket: TicketState | None) -> Answer | None:
    """What a message that came into `ticket` says to its survey; None for a message like any other.

    Only the customer's own next message in their own words rates, or one after a rating: who asked something since, or was asked, is in a conversation.
    """
    if ticket is None or not who.speaks or who.by_form or command.before or ticket.status == Status.NEW:
        return None
    mail = command.incoming
    if not mail.is_own:
        return None
    from agentdesk.core import rating  # slow to load, and a first connection does not need it

    text = visible(mail.text, mail.folds)
    said = rating.rating(text, ticket.language)
    if said is None and not rating.wants_no_surveys(text):
        return None
    if state.customer_of(who.identity) != state.customer_root(ticket.customer):
        return None
    family = state.family(ticket.root)
    if said is None:
        return Answer() if _listens(state.surveys.last_question(family), command.received_at) else None
    survey = state.surveys.latest(family)
    if (
        survey is None
        or not _listens(survey.asked_at, command.received_at)
        or _went_on(state, ticket, survey)
    ):
        return None
    return Answer(survey, replace(said, asks=True) if mail.attachments else said)


def _listens(asked: str | None, at: datetime) -> bool:
    """Whether what was asked then can be answered now."""
    return asked is not None and moment(asked) <= at <= moment(asked) + ANSWERED_WITHIN


def _went_on(state: State, ticket: TicketState, survey: SurveyState) -> bool:
    """Whether there is a conversation since the survey: an answer of ours, or something else of the customer's than a rating. What others
    write there is not the customer's."""
    family = state.family(ticket.root)
    if (state.last_answer_at(family) or "") > survey.asked_at:
        return True
    customer = state.customer_root(ticket.customer)
    return survey.score is None and any(
        each.received_at > survey.asked_at
        and each.direction == Direction.IN
        and each.mail_class == MailClass.HUMAN
        and each.settled is None
        and each.author is not None
        and state.customer_of(each.author) == customer
        for each in state.messages_in(family)
    )


def marked(who: Who, answer: Answer | None) -> Who:
    """Who wrote, with why the message asks for no answer."""
    if answer is None or not answer.settles:
        return who
    return replace(who, reason=NO_SURVEYS if answer.rating is None else RATING)


def took(draft: Draft, answer: Answer, ticket: TicketState, message: str, at: datetime) -> None:
    """Writes down what `message`, in `ticket`, said."""
    survey, said = answer.survey, answer.rating
    if survey is None or said is None:
        _want(draft, draft.state.customer_root(ticket.customer) or ticket.customer, wanted=False)
    else:
        draft.add(Rated(survey.id, survey.ticket, survey.score, said.score, stamp(at), answer=message))


def reworded(draft: Draft, known: MessageState, text: str, at: datetime) -> bool:
    """A message that rates says something else now, and counts as if it had said so at once; whether it asks for an answer by now."""
    ticket = draft.ticket(known.ticket)
    survey = draft.state.surveys.latest(draft.state.family(ticket.root))
    if survey is None or survey.answer != known.id or not _listens(survey.asked_at, at):
        return False
    from agentdesk.core import rating

    said = rating.rating(text, ticket.language)
    score = said.score if said else None
    if score != survey.score:
        draft.add(Rated(survey.id, survey.ticket, survey.score, score, stamp(at), answer=known.id))
    return said is None or said.asks


def signed(draft: Draft, policy: Policy, known: MessageState, notice: Reaction) -> None:
    """A sign was put to `known`: a thumb put to a survey rates, and a thumb down brings the ticket back."""
    from agentdesk.core import rating

    survey = draft.state.surveys.one(known.id)
    said = rating.of_sign(notice.sign)
    if (
        survey is None
        or said is None
        or not _listens(survey.asked_at, notice.at)
        or survey.score == said.score
    ):
        return
    draft.add(Rated(survey.id, survey.ticket, survey.score, said.score, stamp(notice.at)))
    root = draft.ticket(draft.ticket(known.ticket).root)
    if said.asks and root.status in _OVER and not root.muted:
        needs_a_person(draft, policy, root.id, notice.at, unread=True)


def want(state: State, command: WantSurveys, policy: Policy, given: Given) -> Event:
    """An agent says whether a customer is asked."""
    root = state.customer_root(command.customer)
    if root is None:
        raise Refusal("no_customer")
    if state.field("customer", root, "erased"):
        raise Refusal("erased")
    draft = Draft(state, given)
    _want(draft, root, wanted=command.wanted)
    if not draft.changes:
        raise Refusal("nothing_changes")
    return draft.event("SurveysWanted" if command.wanted else "SurveysEnded")


def _want(draft: Draft, root: str, *, wanted: bool) -> None:
    """With those that were merged into the customer, so that a merge can be taken apart."""
    for member in draft.state.customer_members(root):
        was = draft.state.field("customer", member, "no_surveys_at")
        if (was is None) != wanted:
            now = None if wanted else stamp(draft.given.now)
            draft.add(CustomerSet(member, "no_surveys_at", was, now))
