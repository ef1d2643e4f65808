"""Mail: a mailbox read over IMAP.

Promises: what `Channel` asks. Nothing on the server changes by reading, not even \\Seen; a mail is found
whatever its flags and its age; from any committed cursor nothing is lost. Refuses: the store, the meaning
of a message, secrets in an error. All IMAP happens in a daemon thread; this is the side of the event loop.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from agentdesk.channels import Account, Batch, Envelope, Gap, Identity, Opening, Outlook, SendResult
from agentdesk.channels.cursor import Mark, decode
from agentdesk.channels.dial import Plug
from agentdesk.channels.download import clear
from agentdesk.channels.folder import Folder, chosen, not_there
from agentdesk.channels.handover import Ended, Handover
from agentdesk.channels.imap import Mailbox
from agentdesk.channels.plan import outlook
from agentdesk.channels.watch import Pace, Watch
from agentdesk.channels.wire import Login, Wire
from agentdesk.core.model import Endpoint, Incoming, Outgoing, Place
from agentdesk.errors import ChannelError

if TYPE_CHECKING:
    from agentdesk.channels.post import Post
    from agentdesk.channels.submission import Patience

T = TypeVar("T")

# Batches on their way: one being committed, these waiting, one being fetched.
_DEPTH = 2
_ENDS_WITHIN = 1.5
_OUTLOOK_WITHIN = 20.0


class Email:
    """One mailbox. `clock` gives the present (aware, UTC); `pause` waits on an event and says whether it
    was set. Options: imap (Endpoint), folders, ca_file, auth ("password" or "xoauth2")."""

    kind = "email"
    codec = "agentdesk.channels.mime:read_mail"

    def __init__(
        self,
        account: Account,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[threading.Event, float], bool] = threading.Event.wait,
        pace: Pace | None = None,
        patience: "Patience | None" = None,
    ) -> None:
        self._account = account
        self._clock = clock
        self._pause = pause
        self._pace = pace or Pace()
        self._patience = patience
        self._running: dict[Plug, Handover[object]] = {}
        self._watch: Watch | None = None
        self._out: Post | None = None
        self._cleared = False

    @property
    def trouble(self) -> ChannelError | None:
        """Why a `receive` that goes on by itself has no connection now, or which folder it cannot read; None while all is well."""
        return self._watch.trouble if self._watch else None

    @property
    def passed_at(self) -> datetime | None:
        """When the running `receive` last saw all folders through."""
        return self._watch.passed_at if self._watch else None

    async def check(self) -> Identity:
        """Logs in on both sides and looks for the folders; raises ChannelError with the server's own words."""

        def looked(box: Mailbox) -> Identity:
            for folder in self._folders(box):
                if folder.role != "junk":  # a mailbox whose Junk is closed to us works all the same
                    box.open(folder.name)
            return Identity(self._account.address, tuple(sorted(box.abilities)))

        seen = await self._asked(looked)
        if self._account.options.get("smtp"):
            await self._post().check()
        return seen

    def compose(self, out: Outgoing) -> bytes:
        """The raw form of a mail of ours: the same bytes for the same value."""
        from agentdesk.channels.compose import compose

        return compose(out)

    async def send(self, raw: bytes, envelope: Envelope, before_data: Callable[[], None]) -> SendResult:
        """Hands one mail to the sending server (see `Post.send`)."""
        return await self._post().send(raw, envelope, before_data)

    async def find_sent(self, message_id: str) -> bool | None:
        """Whether the mailbox knows that it sent this; None where that cannot be told."""
        return await self._post().find_sent(message_id)

    async def file_sent(self, raw: bytes, message_id: str) -> bool:
        """Files the copy in Sent where the provider does not."""
        return await self._post().file_sent(raw, message_id)

    async def flag(self, places: tuple[Place, ...], flags: frozenset[str]) -> tuple[Place, ...]:
        """Adds \\Seen or \\Answered on the server; gives the places where that was done."""
        return await self._post().flag(places, flags)

    async def move(
        self, places: tuple[Place, ...], role: Literal["inbox", "junk"]
    ) -> dict[Place, Place | None]:
        """Moves mails between the inbox and Junk; gives those that lie there now, with their places where known."""
        return await self._post().move(places, role)

    async def delete(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Deletes mails for good; gives those that lie there no more."""
        return await self._post().delete(places)

    def _post(self) -> "Post":
        """The sending side, loaded when it is first needed."""
        if self._out is None:
            from agentdesk.channels.post import Post

            self._out = Post(self._account, clock=self._clock, patience=self._patience, pace=self._pace)
        return self._out

    async def outlook(self, now: datetime) -> Outlook:
        """How much there is and how many people wait, from headers alone, within about 20 seconds."""
        until = time.monotonic() + _OUTLOOK_WITHIN
        own = frozenset(address.lower() for address in (self._account.address, *self._account.aliases))
        return await self._asked(
            lambda box: outlook(box, self._folders(box), now, own, lambda: time.monotonic() > until)
        )

    async def receive(self, cursor: str | None, opening: Opening, *, once: bool) -> AsyncIterator[Batch]:
        """Batches from `cursor` on (see `Channel`). A cursor that cannot be read begins anew, with a Gap."""
        marks, gaps = _marks(cursor, self._account.id, self._wanted())
        if not self._cleared:
            clear(self._account.spool)
            self._cleared = True
        plug = Plug(self._pause)
        handover: Handover[Batch] = Handover(_DEPTH)
        watch = self._watch = Watch(
            self._account,
            self._login(),
            self._wanted(),
            opening,
            marks,
            plug=plug,
            clock=self._clock,
            pace=self._pace,
            put=handover.put,
        )
        self._running[plug] = handover  # type: ignore[assignment]
        try:
            handover.start(f"mail-{self._account.id}", watch.once if once else watch.run)
            while True:
                batch = await handover.get()
                yield replace(batch, gaps=gaps + batch.gaps) if gaps else batch
                gaps = ()
        except Ended:
            return
        finally:
            self._running.pop(plug, None)
            plug.pull()
            await handover.end(_ENDS_WITHIN)

    def nudge(self) -> None:
        """Asks a running `receive` for a pass now; from any thread, without effect where none runs."""
        if self._watch:
            self._watch.nudge()

    def read(self, raw: bytes | Path) -> Incoming:
        """Reads a raw message; raises ValueError with a reason where it cannot be read."""
        from agentdesk.channels.mime import read_mail

        return read_mail(raw)

    async def close(self) -> None:
        """Ends every connection and thread within two seconds; may be called at any time, twice too."""
        running = dict(self._running)
        self._running.clear()
        for plug in running:
            plug.pull()
        if self._out is not None:
            await self._out.close()
        await asyncio.gather(*(handover.end(_ENDS_WITHIN) for handover in running.values()))

    async def _asked(self, question: Callable[[Mailbox], T]) -> T:
        """Asks over a connection of its own, in a thread of its own."""
        plug = Plug(self._pause)
        handover: Handover[T] = Handover(1)

        def work() -> None:
            box = Mailbox(
                Wire(
                    self._login(),
                    plug,
                    connect=self._pace.connect,
                    answer=self._pace.answer,
                    read=self._pace.read,
                ),
            )
            try:
                handover.put(question(box))
            finally:
                box.close()

        self._running[plug] = handover  # type: ignore[assignment]
        try:
            handover.start(f"mail-{self._account.id}-ask", work)
            return await handover.get()
        except Ended:
            raise ChannelError(**self._said(), reason="closed") from None
        finally:
            self._running.pop(plug, None)
            plug.pull()
            await handover.end(_ENDS_WITHIN)

    def _folders(self, box: Mailbox) -> tuple[Folder, ...]:
        folders, missing = chosen(box, self._wanted())
        if missing:
            raise not_there(box, **self._said(), missing=missing)
        return folders

    def _endpoint(self) -> Endpoint:
        endpoint = self._account.options["imap"]
        assert isinstance(endpoint, Endpoint)
        return endpoint

    def _wanted(self) -> tuple[str, ...]:
        folders = self._account.options.get("folders") or ("INBOX",)
        assert isinstance(folders, tuple | list)
        return tuple(str(folder) for folder in folders)

    def _login(self) -> Login:
        options = self._account.options
        ca_file = options.get("ca_file")
        return Login(
            self._account.id,
            self._endpoint(),
            self._account.secret,
            way=str(options.get("auth") or "password"),
            ca_file=str(ca_file) if ca_file else None,
        )

    def _said(self) -> dict[str, str]:
        endpoint = self._endpoint()
        return {"account": self._account.id, "server": f"{endpoint.host}:{endpoint.port}"}


def _marks(
    cursor: str | None, account: str, folders: tuple[str, ...]
) -> tuple[dict[str, Mark], tuple[Gap, ...]]:
    try:
        return decode(cursor), ()
    except ValueError:
        return {}, tuple(Gap(account, name, "cursor") for name in folders)
