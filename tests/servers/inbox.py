"""Letters, accounts and receivers for tests of the mail connector."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agentdesk.channels import Account, Arrival, Batch, Opening
from agentdesk.channels.email import Email
from agentdesk.channels.watch import Pace
from agentdesk.core.model import Endpoint
from servers import until


def now() -> datetime:
    """The present, as the real servers know it."""
    return datetime.now(UTC)  # noqa: TID251 - the servers' clock is the machine's


def letter(
    number: object = 1,
    *,
    sender: str = "Ana <ana@cliente.test>",
    to: str = "soporte@shop.test",
    subject: str = "Mi pedido",
    answers: object = None,
    extra: str = "",
    body: str = "Hola,\r\n¿dónde está mi pedido?\r\n",
) -> bytes:
    """A raw mail whose Message-ID is <number@cliente.test>."""
    reference = f"References: <{answers}@cliente.test>\r\n" if answers is not None else ""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{number}@cliente.test>\r\n"
        f"{reference}{extra}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    ).encode()


def account(
    spool: Path,
    port: int,
    user: str = "soporte@shop.test",
    *,
    security: str = "plain",
    secret: Callable[[], str] = lambda: "secreto",
    host: str = "localhost",
    **options: object,
) -> Account:
    """An account of a server on loopback."""
    endpoint = Endpoint(host, port, security, user)  # type: ignore[arg-type]
    return Account(
        "mail", "Mail", user, secret, spool, options={"imap": endpoint, "folders": ("INBOX",), **options}
    )


def collected(email: Email, cursor: str | None, opening: Opening) -> list[Batch]:
    """Everything one pass gives, but for the batch that only says that it is over."""

    async def collect() -> list[Batch]:
        found = [batch async for batch in email.receive(cursor, opening, once=True)]
        return [b for b in found if b.arrivals or b.flagged or b.gone or b.gaps or b.pass_began_at is None]

    return asyncio.run(collect())


def arrived(batches: list[Batch]) -> list[Arrival]:
    return [arrival for batch in batches for arrival in batch.arrivals]


def whole(arrival: Arrival) -> bytes:
    """The bytes of an arrival, wherever they are."""
    return arrival.raw if isinstance(arrival.raw, bytes) else arrival.raw.read_bytes()


class Receiver:
    """A `receive` that goes on, in a loop of its own, from construction to `stop`."""

    def __init__(self, email: Email, opening: Opening, cursor: str | None = None) -> None:
        self.email = email
        self.cursor = cursor
        self.batches: list[Batch] = []
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(opening)), daemon=True)
        self._thread.start()
        until(lambda: self._loop)

    async def _run(self, opening: Opening) -> None:
        self._loop = asyncio.get_running_loop()
        self._released = asyncio.Event()
        try:
            async for batch in self.email.receive(self.cursor, opening, once=False):
                self.batches.append(batch)
                self.cursor = batch.cursor
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.error = error
        finally:
            self.ended.set()
        await self._released.wait()

    @property
    def arrivals(self) -> list[Arrival]:
        return arrived(self.batches)

    def until_live(self) -> None:
        """Waits for the end of the first pass."""
        until(lambda: self.email.passed_at or self.error)
        assert self.error is None, self.error

    def close(self, within: float = 2.0) -> None:
        """Closes the channel from the loop, which has to end the `receive` too."""
        asyncio.run_coroutine_threadsafe(self.email.close(), self._loop).result(within)
        assert self.ended.wait(within)
        self._loop.call_soon_threadsafe(self._released.set)
        self._thread.join(within)


def mailbox(who: Account, **pace: float) -> Email:
    return Email(who, clock=now, pace=Pace(**pace))
