"""What the servers should do for us, done when there is a line: flags, moves, and the mails of people who were forgotten deleted.

Promises: a line that breaks costs no wish and is tried again after a while; what a server would not do with a deletion is tried
again, however often. Refuses: believing in a move that was not made: the mail is then said to lie where it lies.
"""

from contextlib import closing, suppress
from typing import Any

from agentdesk.channels import Channel
from agentdesk.core.commands import ReportLies
from agentdesk.core.model import Place
from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.errors import ChannelError, DeskError, RefusedError
from agentdesk.store import wish
from agentdesk.store.writer import Writer

SENDER = "agentdesk"
NO_LINE = 30.0
"""Seconds that wishes wait after the server could not be reached."""
NO_DELETING = 600.0
"""Seconds that deletions wait which the server would not do."""


class Wishes:
    """Those of one account, and the channel that grants them."""

    def __init__(self, desk: Desk, account: str, channel: Channel) -> None:
        self._desk = desk
        self._account = account
        self._channel = channel
        self._no_line_until = self._no_deleting_until = float("-inf")

    async def grant(self) -> None:
        """What the server should do for us. Where there is no line, nothing was tried, and the next attempt waits a while."""
        if clock.ticks() < self._no_line_until:
            return
        with closing(self._desk.reader()) as connection:
            wishes = wish.all_of(connection, self._account)
        try:
            await self._delete(wishes.pop(wish.DELETE, ()))
            for flag, places in wishes.items():
                try:
                    moved = await self._granted(flag, places)
                except ChannelError as error:
                    if not error.is_no:
                        raise
                    moved = {}
                with self._desk.transaction() as writer:
                    given_up = wish.tried(writer.connection, flag, places, moved)
                    for place, now in moved.items():
                        if now != place:
                            writer.intake.moved(place, now)
                    for place in given_up if flag in wish.MOVES else ():
                        self._stays(writer, place, is_junk=flag == wish.TO_INBOX)
        except DeskError:
            self._no_line_until = clock.ticks() + NO_LINE

    async def _delete(self, places: tuple[Place, ...]) -> None:
        """Mails of people who were forgotten; what the server would not do is tried again after a while."""
        channel: Any = self._channel
        if not places or clock.ticks() < self._no_deleting_until:
            return
        try:
            done: tuple[Place, ...] = await channel.delete(places) if hasattr(channel, "delete") else ()
        except ChannelError as error:
            if not error.is_no:
                raise
            done = ()
        with self._desk.transaction() as writer:
            wish.deleted(writer.connection, places, done)
        if len(done) < len(places):
            self._no_deleting_until = clock.ticks() + NO_DELETING

    def _stays(self, writer: Writer, place: Place, *, is_junk: bool) -> None:
        """The server did not move a mail, and nobody is to believe that it did."""
        if message := writer.intake.message_at(place):
            with suppress(RefusedError):
                self._desk.decided(writer, ReportLies(message, is_junk), actor=SENDER)

    async def _granted(self, flag: str, places: tuple[Place, ...]) -> dict[Place, Place | None]:
        """Where each mail lies now of which the wish was done; a channel that knows no such thing has done all."""
        channel: Any = self._channel
        verb = "move" if flag in wish.MOVES else "flag"
        if not hasattr(channel, verb):
            return {place: place for place in places}
        if flag in wish.MOVES:
            moved: dict[Place, Place | None] = await channel.move(places, wish.MOVES[flag])
            return moved
        return {place: place for place in await channel.flag(places, frozenset({flag}))}
