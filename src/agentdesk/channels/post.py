"""Mail out for one account: composing, handing over, looking it up, filing the copy, setting flags.

Promises: every connection is opened for one act and ends with it; `close` cuts all of them at once. Refuses: trying
again, and sending from an address that nobody reads: a customer's answer would be lost.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar, cast

from agentdesk.channels import Account, Envelope, Identity, Refused, SendResult
from agentdesk.channels.compose import compose
from agentdesk.channels.deleting import Deleting
from agentdesk.channels.dial import Plug
from agentdesk.channels.handover import Ended, Handover
from agentdesk.channels.moving import Moving
from agentdesk.channels.sent import Sent, SentCopy, files_itself
from agentdesk.channels.smtp import send
from agentdesk.channels.submission import Patience, opened
from agentdesk.channels.watch import Pace
from agentdesk.channels.wire import Login, Wire
from agentdesk.core import unsent
from agentdesk.core.model import Endpoint, Outgoing, Place
from agentdesk.errors import ChannelError, NoReplyError

T = TypeVar("T")

_ENDS_WITHIN = 1.5
_NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no|not|do[-_.]?not|dont)[-_.]?"
    r"(?:reply|responder|responda|respondan|contestar|conteste|respongueu|respondre|contesteu)(?:[-_.+\d]|$)",
    re.IGNORECASE,
)


def no_reply(address: str) -> bool:
    """Whether an address says of itself that nobody reads it."""
    return bool(_NO_REPLY.search(address.partition("@")[0]))


class Post:
    """The outgoing side of a mailbox. `clock` gives the present (aware, UTC). Options: smtp and imap (Endpoint),
    ca_file, auth ("password" or "xoauth2"), sent_copy ("auto", "always" or "never")."""

    def __init__(
        self,
        account: Account,
        *,
        clock: Callable[[], datetime],
        patience: Patience | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._account = account
        self._clock = clock
        self._patience = patience or Patience()
        self._pace = pace or Pace()
        self._plugs: set[Plug] = set()

    async def check(self) -> Identity:
        """Logs in to the sending server and asks for nothing; raises ChannelError with the server's own words, NoReplyError
        for an address that nobody reads, and SecretError."""
        login = self._login("smtp")
        if no_reply(self._account.address):
            server = f"{login.endpoint.host}:{login.endpoint.port}"
            raise NoReplyError(account=self._account.id, server=server, address=self._account.address)
        plug = self._plugged()
        try:
            session = await opened(login, plug, self._patience)
            try:
                await session.noop()
                return Identity(self._account.address, tuple(sorted(session.extensions)))
            finally:
                session.leave()
        finally:
            self._plugs.discard(plug)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours (see `compose.compose`)."""
        return compose(out)

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Hands one message over (see `smtp.send`); code no_server where the account has none for sending."""
        try:
            login = self._login("smtp")
        except ChannelError as error:
            return Refused("no_server", str(error.values["reason"]))
        plug = self._plugged()
        try:
            return await send(
                login,
                raw,
                envelope,
                before_data,
                clock=self._clock,
                plug=plug,
                patience=self._patience,
            )
        finally:
            self._plugs.discard(plug)

    async def find_sent(self, message_id: str) -> bool | None:
        """Whether the mailbox knows that this was sent (see `Sent.find`)."""
        return await self._asked(lambda wire: self._sent(wire).find(message_id))

    async def file_sent(self, raw: bytes, message_id: str) -> bool:
        """Files the copy that the account's settings want; whether one lies in Sent then. Safe to do again."""
        copy = cast("SentCopy", self._account.options.get("sent_copy") or "auto")
        if copy == "never" or (copy == "auto" and self._filed_for_us()):
            return False
        return await self._asked(lambda wire: self._sent(wire).file(raw, message_id, copy))

    async def flag(self, places: tuple[Place, ...], flags: frozenset[str]) -> tuple[Place, ...]:
        """Adds \\Seen or \\Answered on the server; the places where that was done (see `Sent.flag`)."""
        ours = [place for place in places if place.account == self._account.id]
        return await self._asked(lambda wire: self._sent(wire).flag(ours, flags)) if ours else ()

    async def move(
        self, places: tuple[Place, ...], role: Literal["inbox", "junk"]
    ) -> dict[Place, Place | None]:
        """Moves mails between the inbox and Junk (see `Moving.move`)."""
        ours = [place for place in places if place.account == self._account.id]
        return await self._asked(lambda wire: Moving(wire).move(ours, role)) if ours else {}

    async def delete(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Deletes mails for good; those that lie there no more (see `Deleting.delete`)."""
        ours = [place for place in places if place.account == self._account.id]
        return await self._asked(lambda wire: Deleting(wire).delete(ours)) if ours else ()

    async def close(self) -> None:
        """Cuts every connection; what waits for one ends with what is true by then. Twice is as good as once."""
        for plug in tuple(self._plugs):
            plug.pull()

    async def _asked(self, question: Callable[[Wire], T]) -> T:
        """Asks over an IMAP connection of its own, in a thread of its own."""
        login = self._login("imap")
        plug = self._plugged()
        handover: Handover[T] = Handover(1)

        def work() -> None:
            wire = Wire(
                login, plug, connect=self._pace.connect, answer=self._pace.answer, read=self._pace.read
            )
            try:
                handover.put(question(wire))
            finally:
                wire.close()

        try:
            handover.start(f"mail-{self._account.id}-post", work)
            return await handover.get()
        except Ended:
            server = f"{login.endpoint.host}:{login.endpoint.port}"
            raise ChannelError(account=self._account.id, server=server, reason="closed") from None
        except asyncio.CancelledError:
            plug.pull()
            raise
        finally:
            self._plugs.discard(plug)
            await handover.end(_ENDS_WITHIN)

    def _sent(self, wire: Wire) -> Sent:
        return Sent(wire, filed_for_us=self._filed_for_us())

    def _plugged(self) -> Plug:
        plug = Plug()
        self._plugs.add(plug)
        return plug

    def _filed_for_us(self) -> bool:
        servers = [self._account.options.get(name) for name in ("smtp", "imap")]
        return files_itself(*(server.host for server in servers if isinstance(server, Endpoint)))

    def _login(self, protocol: str) -> Login:
        options = self._account.options
        endpoint, ca_file = options.get(protocol), options.get("ca_file")
        if not isinstance(endpoint, Endpoint):
            raise ChannelError(account=self._account.id, server=protocol, reason=unsent.NO_SERVER)
        return Login(
            self._account.id,
            endpoint,
            self._account.secret,
            way=str(options.get("auth") or "password"),
            ca_file=str(ca_file) if ca_file else None,
        )
