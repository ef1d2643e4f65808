"""A quick reply on one ticket: filled with what the conversation knows and what was answered before, and counted.

Promises: what a quick reply asked once on a ticket is known to every later one that asks the same; the count of uses
orders the list on this laptop. Refuses: reading files, and asking anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import field

from agentdesk.config import Settings
from agentdesk.core import macro, replies
from agentdesk.core.commands import RunMacro
from agentdesk.core.events import Event
from agentdesk.core.likely import likely
from agentdesk.core.lookup import PLACES, Fact
from agentdesk.core.model import Acts, Direction, Status
from agentdesk.core.replies import Does, Filled, QuickReply
from agentdesk.core.views import QueueRow
from agentdesk.engine.desk import Desk
from agentdesk.engine.lookup import Orders, orders
from agentdesk.store import people, quick, reading
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

STEMMED = {"es": "spanish", "ca": "catalan", "en": "english"}
"""By language: Snowball's name for its endings."""
LOOKED_AT, LETTERS = 20, 4000
"""Messages among which those without an answer are looked for, and how much of each is read."""
_NUMBER = "order.number"


@dataclass(frozen=True, slots=True)
class Phrases:
    """What fills quick replies on the ticket `row`. `values` by name, `answers` by what was asked, `uses` by quick reply, `orders` by
    what the shop said."""

    row: QueueRow
    form: str
    language: str
    values: Mapping[str, str]
    answers: Mapping[str, str]
    uses: Mapping[str, int]
    orders: Orders = field(default_factory=Orders)

    def filled(self, reply: QuickReply, given: Mapping[str, str] | None = None) -> Filled:
        """The text for this customer; what is `given` goes before what is known."""
        text, _ = replies.text_for(reply, self.row.language, self.form, self.language)
        given = given or {}
        known = {
            each.name: self.answers.get(reply.asked(each.name), "")
            for each in replies.placeholders(text)
            if replies.may_ask(each)
        }
        order = self.orders.meant(given.get(_NUMBER, ""), known.get(_NUMBER, ""))
        said = {name: value for name, value in order.values().items() if value} if order else {}
        return replies.fill(text, {**known, **self.values, **said, **given})

    def doubtful(self, reply: QuickReply) -> tuple[Fact, ...]:
        """The orders of which one has to be chosen before `reply` says anything of it; none where it is clear."""
        text, _ = replies.text_for(reply, self.row.language, self.form, self.language)
        asks = any(each.name in PLACES for each in replies.placeholders(text))
        if not asks or self.answers.get(reply.asked(_NUMBER)) or self.orders.meant():
            return ()
        return tuple(each for each in self.orders.facts if each.number)


def phrases(desk: Desk, settings: Settings, row: QueueRow, agent: str | None = None) -> Phrases:
    """What is known for `row` now."""
    with closing(desk.reader()) as connection:
        return phrases_in(connection, desk, settings, row, agent)


def phrases_in(
    connection: Connection, desk: Desk, settings: Settings, row: QueueRow, agent: str | None = None
) -> Phrases:
    """The same over a connection that is open already."""
    account = settings.account(row.account)
    values = replies.values_of(
        number=row.number,
        subject=row.subject,
        customer=row.customer_name,
        agent=agent or desk.agent,
        shop=settings.shop(account),
    )
    answers, uses = quick.answers(connection, row.id), quick.uses(connection)
    known = orders(desk, settings, row.id)
    form = people.spoken_to(connection, row.customer) or settings.desk.form
    return Phrases(row, form, settings.desk.language, values, answers, uses, known)


def fits(desk: Desk, row: QueueRow, known: Iterable[QuickReply]) -> list[str]:
    """The names of those that answer what the customer wrote since our last answer; none after one."""
    from Stemmer import Stemmer

    with closing(desk.reader()) as connection:
        last = reading.messages(connection, desk.store.blobs, row.id, limit=LOOKED_AT)
    waiting: list[str] = []
    for each in reversed(last):
        if each.direction == Direction.OUT:
            break
        waiting += [each.visible[:LETTERS]] if each.direction == Direction.IN else []
    if not waiting:
        return []
    stems = {language: Stemmer(name, 0).stemWord for language, name in STEMMED.items()}
    return likely(known, "\n".join((row.subject, *waiting)), row.language, stems)


def about(desk: Desk, row: QueueRow, known: Sequence[QuickReply]) -> str | None:
    """The incident of the likeliest reply that has one; None where none fits."""
    incidents = {each.name: each.about for each in known}
    return next((incidents[name] for name in fits(desk, row, known) if incidents[name]), None)


def acts(does: Does, desk: Desk, settings: Settings, agent: str | None = None) -> Acts:
    """What a macro does if it is run now."""
    who = {replies.ME: agent or desk.agent, replies.NOBODY: ""}
    here = desk.now().astimezone(settings.desk.tzinfo)
    return Acts(
        tag=does.tag,
        untag=does.untag,
        priority=does.priority or None,
        assign=who.get(does.assign, does.assign) if does.assign else None,
        until=macro.later(does.snooze, here) if does.snooze else None,
        status=Status(does.status) if does.status else None,
        derives="elsewhere" if does.derivation else None,
    )


def run(desk: Desk, ticket: str, reply: QuickReply, doing: Acts) -> Event:
    """A macro without a text, as one act; raises RefusedError where nothing would change."""
    event = desk.do(RunMacro(ticket, doing, reply.name))
    took(desk, ticket, reply, {})
    return event


def took(desk: Desk, ticket: str, reply: QuickReply, given: Mapping[str, str]) -> None:
    """Counts a use of `reply`, and remembers what was `given` for its blanks."""
    with desk.transaction() as writer:
        quick.count(writer.connection, reply.name)
        remember(writer.connection, ticket, reply, given)


def remember(connection: Connection, ticket: str, reply: QuickReply, given: Mapping[str, str]) -> None:
    """What was `given` for the blanks of `reply` on a ticket, in the open transaction."""
    said = {
        name: value.strip() for name, value in given.items() if value.strip() and name not in replies.KNOWN
    }
    quick.remember(connection, ticket, {reply.asked(name): value for name, value in said.items()})
