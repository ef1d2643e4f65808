"""Whether whoever answers is a program that says nothing of itself: a vacation responder, a bot, a desk behind a gateway.

Promises: only what follows upon automatic texts of ours is evidence, and it takes three of three, so that nobody is taken for a
machine for one quick answer; who was, is told so in the conversation, gets no automatic text, and is a person again as soon as an
agent says so. Refuses: judging what bears a file or was typed into a form; taking speed for proof in a chat, where people write in
short lines: there it only keeps us silent.

All of it is worked out from messages; nothing is counted beside them (product-semantics 2.4).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agentdesk.core.commands import Receive
from agentdesk.core.folding import tokens
from agentdesk.core.instant import stamp
from agentdesk.core.model import AT_ONCE, REPEATS, SAME, MailClass, is_chat
from agentdesk.core.state import Exchange, State, TicketState
from agentdesk.core.text import visible
from agentdesk.core.verdict import PERSON, SAID
from agentdesk.core.who import Who

SAYS_SO = "says_automatic"
"""The warning on a message whose text says that nobody wrote it. No proof: people quote such texts when they complain."""
BY_LIST = "by_list"
"""The warning on a person's message that came through a mailing list: what answers it by itself would answer the list."""
QUICK = timedelta(minutes=2)
QUICK_IN_CHAT = timedelta(seconds=10)
SOON = timedelta(hours=1)
"""Who says the same each time is a program where it comes within so long."""
TIMES = 3
MEMORY = timedelta(days=30)
SENTENCE = 5
"""Words of a text from which on it is no chance that it comes again."""
MANY, WITHIN = 10, timedelta(hours=1)
"""So many identical messages in a row in a chat are no conversation."""


_NOBODY_WROTE = re.compile(
    r"\b(?:esta (?:respuesta|es una respuesta)|este (?:mensaje|correo|es un (?:mensaje|correo))|"
    r"aquesta (?:resposta|és una resposta)|aquest (?:missatge|correu|és un (?:missatge|correu))|"
    r"this (?:reply|response|message|e?-?mail)|this is an) "
    r"(?:es |és |is |an? |ha sido |s'ha |has been |was |generad[oa] |enviad[oa] |generat |enviat |generated |sent )*"
    r"(?:autom[aáà]ti|automated)",
    re.IGNORECASE,
)
_SAID = "autom"
"""What all of these say; in most texts it is not, and the search for the rest takes ten times as long."""
_READ = 5000
"""Characters of a text that are looked at."""


def says_so(text: str) -> bool:
    """Whether a text says of itself that it is automatic."""
    beginning = text[:_READ]
    return _SAID in beginning.lower() and _NOBODY_WROTE.search(beginning) is not None


def channel_of(channel: str) -> str:
    """Where somebody hears us: forms come and are answered by mail."""
    return "email" if channel == "form" else channel


def lately(state: State, identity: str, channel: str, now: datetime) -> tuple[Exchange, ...]:
    """The newest automatic texts to the customer behind `identity` on a channel, newest first, each with what came back."""
    customer = state.customer_of(identity)
    if customer is None:
        return ()
    told = state.people.told(customer, stamp(now - MEMORY))
    here = sorted((each.at for each in told if channel_of(each.channel) == channel_of(channel)), reverse=True)
    return tuple(state.people.exchange(identity, at) for at in here[:TIMES])


def is_likely(exchanges: Sequence[Exchange], channel: str) -> bool:
    """Whether the last answer looks like a program's: too little to judge anybody, and enough to say one thing a day and no more."""
    answered = [each for each in exchanges if each.answered_at is not None]
    return _all_quick(answered[:1], channel) or (len(answered) > 1 and _all_same(answered[:2]))


def certainly(exchanges: Sequence[Exchange], channel: str) -> str | None:
    """Why whoever answered each of the last texts is a program; None where nobody can say so."""
    if len(exchanges) < TIMES:
        return None
    if _all_quick(exchanges, channel):
        return AT_ONCE
    return SAME if _all_same(exchanges) else None


def is_silenced(state: State, identity: str, exchanges: Sequence[Exchange], channel: str) -> bool:
    """Whether nothing more is said by itself to somebody, whatever an agent said of others."""
    said = state.field("identity", identity, "verdict")
    return said != PERSON and certainly(exchanges, channel) is not None


def marked(state: State, command: Receive, who: Who, ticket: TicketState | None) -> Who:
    """Who wrote, known for a program where it is one. `ticket` is where the message goes."""
    reason = _seen_through(state, command, who, ticket)
    return who if reason is None else replace(who, mail_class=MailClass.AUTO_REPLY, reason=reason)


def _seen_through(state: State, command: Receive, who: Who, ticket: TicketState | None) -> str | None:
    mail = command.incoming
    if not who.speaks or who.by_form or mail.attachments or who.reason == SAID:
        return None
    if state.field("identity", who.identity, "verdict") == PERSON:
        return None
    newest, *others = lately(state, who.identity, mail.channel, command.fetched_at) or (None,)
    reason = None
    if newest and newest.answered_at is None and command.fetched_at > newest.at:
        now = replace(newest, answered_at=command.received_at, text=command.text)
        reason = certainly((now, *filter(None, others)), mail.channel)
    if not is_chat(mail.channel):
        return reason
    if reason == SAME and len(tokens(visible(mail.text, mail.folds))) >= SENTENCE:
        return SAME
    waits = ticket is not None and ticket.waiting_since is not None
    return REPEATS if waits and _repeats(state, command, who.identity) else None


def _repeats(state: State, command: Receive, identity: str) -> bool:
    """Whether somebody who waits already says what they said many times in a row."""
    return state.people.repeats(identity, command.text, stamp(command.received_at - WITHIN)) >= MANY - 1


def _all_quick(exchanges: Sequence[Exchange], channel: str) -> bool:
    most = QUICK_IN_CHAT if is_chat(channel) else QUICK
    return bool(exchanges) and all(_came_within(each, most) for each in exchanges)


def _all_same(exchanges: Sequence[Exchange]) -> bool:
    return len({each.text for each in exchanges}) == 1 and all(_came_within(each, SOON) for each in exchanges)


def _came_within(each: Exchange, most: timedelta) -> bool:
    return each.answered_at is not None and each.answered_at - each.at <= most
