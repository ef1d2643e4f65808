"""WhatsApp by Meta's Cloud API: webhooks that a relay keeps for us, and answers over HTTPS.

Promises: what `Channel` asks. A webhook is believed only with Meta's signature; its files are fetched with it, since what leads to
them dies. An answer from the shop's own telephone comes in as ours. Refuses: a free answer outside the window.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from agentdesk.channels import (
    Ability,
    Account,
    Approved,
    Batch,
    Envelope,
    Identity,
    Opening,
    Refused,
    SendResult,
    chat,
)
from agentdesk.channels.relayed import AT_ONCE, Hook, Part, Relayed
from agentdesk.channels.whatsapp import webhook
from agentdesk.channels.whatsapp.cloud import FILE_MAX, TEXT_MAX, TYPE_MAX, TYPES, Cloud
from agentdesk.core.model import Incoming, Notice, Outgoing
from agentdesk.errors import ChannelError


class WhatsApp:
    """One business number. Options: relay, phone_id, business_id, base_url; secrets: token, app_secret, relay_token."""

    kind = "whatsapp"
    ability: ClassVar = Ability(
        text_max=TEXT_MAX,
        file_max=FILE_MAX,
        files_max=10,
        type_max=TYPE_MAX,
        types=TYPES,
        receipts=True,
        typing=True,
        marks_read=True,
        templates=True,
    )

    def __init__(self, account: Account, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> None:
        self._account = account
        self._cloud = Cloud(account, clock)
        self._relayed = Relayed(account, clock=clock, at_once=at_once)

    @property
    def trouble(self) -> ChannelError | None:
        """Why nothing comes in now, None while all is well."""
        return self._relayed.trouble

    async def check(self) -> Identity:
        """Asks Meta for the number and the relay for the box; raises ChannelError."""
        seen = await self._cloud.check()
        return Identity(seen.address, (*seen.abilities, *await self._relayed.check()))

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Batches from `cursor` on (see `Channel`)."""
        self._cloud.patience.once = once
        async for batch in self._relayed.batches(cursor, self._parts, once=once):
            yield batch

    async def _parts(self, hook: Hook) -> list[Part]:
        found = []
        phone = str(self._account.options["phone_id"])
        for said in webhook.taken_apart(hook.document(), phone):
            at = min(said.at or hook.at, hook.at)
            files = [await self._cloud.fetched(content, kind, at) for kind, content in said.files]
            raw = chat.received(self.kind, said.event, files)
            found.append(Part(raw, at, "sent" if said.by_us else "inbox"))
        return found

    def nudge(self) -> None:
        """Asks a running `receive` for a look now; from any thread."""
        self._relayed.nudge()

    def read(self, raw: bytes | Path) -> Incoming | Notice:
        """Reads what a webhook said, or a message of ours; raises ValueError with a reason."""
        return webhook.read(raw)

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a message of ours."""
        return chat.sent(out, self.kind)

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Hands one message to Meta."""
        try:
            out = chat.sending(raw)
        except ValueError as error:
            return Refused("unreadable", str(error))
        return await self._cloud.send(out, before_data)

    async def find_sent(self, message_id: str) -> bool | None:
        """Meta does not tell; a status that comes later does."""
        return None

    async def attend(self, answers: str) -> None:
        """Marks a message as read and shows that somebody is writing."""
        await self._cloud.attend(answers)

    async def templates(self) -> tuple[Approved, ...]:
        """The texts that Meta approved; raises ChannelError."""
        return await self._cloud.templates()

    async def close(self) -> None:
        """Ends everything within two seconds."""
        await self._relayed.close()
        await self._cloud.close()
