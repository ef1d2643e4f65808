"""Big stores for benchmarks: the rows that the real door makes, without servers and without parsing.

Each ticket is one `Receive` through decide, log and fold, a thousand to a transaction: nothing is written past the fold.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agentdesk import config
from agentdesk.config import Home
from agentdesk.core.commands import OpenAccount, Receive
from agentdesk.core.model import Address, Incoming, Place
from agentdesk.engine import reckoning
from agentdesk.engine.start import open_desk
from agentdesk.store import pack

AT_ONCE = 1000
FIRST = "Client0"
"""The name on the row that the queue shows first: it waits longest of those that can still be answered in time."""


def build(folder: Path, tickets: int) -> Home:
    """A home with so many open tickets of as many people and no account, so that nothing is fetched."""
    home = Home.under(folder)
    desk = open_desk(home, config.ensure(home), "Joan")
    now = datetime.now(UTC)  # noqa: TID251 - the console reads the machine's clock
    reckoning.once(
        desk
    )  # as a first start or sync does, else the console would count the clocks of all of them anew
    desk.do(OpenAccount("bench", "email", now - timedelta(days=30), 14))
    try:
        for start in range(0, tickets, AT_ONCE):
            with desk.transaction() as writer:
                for number in range(start, min(start + AT_ONCE, tickets)):
                    receive = letter(
                        number, now - timedelta(seconds=3 * (tickets - number) / tickets), tickets
                    )
                    text = pack(receive[1].encode())
                    writer.blobs.put(writer.connection, (text,))
                    desk.decided(writer, receive[0], actor="agentdesk")
    finally:
        desk.close()
    return home


def letter(number: int, at: datetime, tickets: int) -> tuple[Receive, str]:
    """A mail of somebody's own, as the connector reads it, and its text."""
    text = f"Hola,\n\n¿dónde está mi pedido {number}? Lo espero desde el lunes.\n\nGracias, Client{number}\n"
    incoming = Incoming(
        channel="email",
        sender=Address(f"Client{number}", f"c{number}@x.test"),
        subject=f"Pedido {number} de {tickets}",
        text=text,
        message_id=f"<{number}@x.test>",
        to=(Address("", "soporte@shop.test"),),
        sent_at=at,
        language="es",
    )
    raw = pack(f"raw {number}".encode()).hash
    place = Place("bench", "INBOX", 1, number + 1)
    return Receive("bench", incoming, raw, pack(text.encode()).hash, len(text), at, at, place), text
