"""Changes a message of ours that was sent, or takes it back, where the channel can: written at once, asked of the service until
it has said yes or no.

Promises: the event and what is to be asked are stored in one transaction, so that a program that ends at any moment goes on
where it was; asking again does no harm, which the connector sees to; where the service will not, the event says so in its
words, and nobody is left to believe otherwise. Refuses: what the channel does not do, or not any more. The time allowed counts
from when the message was written, which is never later than the service counts from.
"""

from contextlib import closing
from dataclasses import replace
from typing import Any

from agentdesk.channels import Accepted, Doubtful, Refused, SendResult, TryLater, ability_on
from agentdesk.core import unsent
from agentdesk.core.amending import GONE
from agentdesk.core.events import Event, MessageVersion
from agentdesk.core.later import Amend, ReportUnchanged
from agentdesk.core.model import Direction
from agentdesk.core.text import clean
from agentdesk.engine.desk import Desk
from agentdesk.engine.fit import fits
from agentdesk.engine.trouble import SENDING
from agentdesk.engine.waits import first_answer, is_given_up, locked_out, next_try
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import amendment, pack
from agentdesk.store.amendment import Amendment, Sent
from agentdesk.values import dataclass

ACTOR = "agentdesk"


def account_of(desk: Desk, message: str) -> str:
    """The id of the account that a message of ours went by; raises NotFoundError, and RefusedError for any other message."""
    return _sent(desk, message).account


def allowed(desk: Desk, channel: object, message: str, *, deletes: bool) -> None:
    """Raises RefusedError where the message cannot be changed, or with `deletes` taken back, and NotFoundError. `channel` is the
    connector of its account."""
    known = _sent(desk, message)
    ability = ability_on(channel, known.channel)
    within = (ability.deletes if deletes else ability.edits) if ability else 0
    if not within:
        raise RefusedError(reason="keeps_sent" if deletes else "no_edits")
    if (desk.now() - known.written_at).total_seconds() > within:
        raise RefusedError(reason="amends_no_more", hours=int(within // 3600))
    if not known.names:
        raise RefusedError(reason="no_name")


def amend(desk: Desk, channel: object, message: str, text: str | None) -> Event:
    """Has a message say `text` from now on, or with None takes it back; raises RefusedError, NotFoundError."""
    allowed(desk, channel, message, deletes=text is None)
    known = _sent(desk, message)
    said = None if text is None else clean(text).strip()
    if said == "":
        raise RefusedError(reason="emptied")
    blob = None
    if said is not None:
        fits(said, (), ability_on(channel, known.channel))
        blob = pack(said.encode("utf-8", "replace"))
    with desk.transaction() as writer:
        if blob:
            writer.blobs.put(writer.connection, (blob,))
        event = desk.decided(writer, Amend(message, blob.hash if blob else None)).event
        assert event is not None
        (number,) = (c.number for c in event.changes if isinstance(c, MessageVersion))
        asked = Amendment(message, event.id, blob.hash if blob else None, number, number, desk.now())
        amendment.add(writer.connection, known.account, asked)
    return event


def _sent(desk: Desk, message: str) -> Sent:
    with closing(desk.reader()) as connection:
        found = amendment.sent(connection, message)
    if found is None:
        raise NotFoundError(what="message", name=message)
    if found.is_withdrawn:
        raise RefusedError(reason="taken_back")
    if found.direction != Direction.OUT or found.state not in GONE:
        raise RefusedError(reason="not_sent_here")
    return found


@dataclass(frozen=True, slots=True)
class Amendments:
    """What an account's service has yet to change. For whoever sends: one process at a time."""

    desk: Desk
    account: str
    channel: Any

    async def ask(self) -> None:
        """Asks for everything that is due."""
        while (wanted := self._due()) is not None:
            self._answered(wanted, await self._asked(wanted))

    def _due(self) -> Amendment | None:
        with closing(self.desk.reader()) as connection:
            return amendment.due(connection, self.account, self.desk.now())

    async def _asked(self, wanted: Amendment) -> SendResult:
        with closing(self.desk.reader()) as connection:
            names = amendment.names_of(connection, wanted.message)
            blobs = self.desk.store.blobs
            text = None if wanted.text is None else blobs.text(connection, wanted.text)
        if not hasattr(self.channel, "amend"):
            return Refused("unsupported", unsent.NO_EDITS)
        result: SendResult = await self.channel.amend(names, text, wanted.event)
        return result

    def _answered(self, wanted: Amendment, result: SendResult) -> None:
        waits = locked_out(result)
        result = waits or result
        reached_at = first_answer(wanted.reached_at, result, self.desk.now())
        is_over = is_given_up(reached_at, result, self.desk.now())
        with self.desk.transaction() as writer:
            if waits:
                writer.intake.set_health(self.account, "needs_login", error=SENDING)
            if isinstance(result, Accepted):
                amendment.done(writer.connection, wanted)
            elif isinstance(result, Refused) or is_over:
                if amendment.done(writer.connection, wanted):
                    self.desk.decided(
                        writer,
                        ReportUnchanged(
                            wanted.message, wanted.first, wanted.last, result.reason, wanted.event
                        ),
                        actor=ACTOR,
                    )
            else:
                self._later(writer.connection, replace(wanted, reached_at=reached_at), result)

    def _later(self, connection: Any, wanted: Amendment, result: TryLater | Doubtful) -> None:
        later = TryLater(result.reason) if isinstance(result, Doubtful) else result
        next_at = next_try(later, wanted.attempts, self.desk.now())
        amendment.later(connection, wanted, next_at, wanted.reached_at, later.reason)
        if later.too_fast or not later.reached:  # the others would not get any further
            amendment.wait(connection, self.account, next_at)
