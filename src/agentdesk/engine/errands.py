"""What is done for an account between its passes: other processes ask for one, somebody types, answers fall due.

Promises: while nothing is committed and nothing waits for a time the store is asked nothing; what failed is done again with the next
run. Refuses: receiving, and deciding when to run.
"""

from contextlib import closing

from agentdesk.channels import Channel
from agentdesk.config import Account, Home
from agentdesk.engine import clock
from agentdesk.engine.attention import Attention
from agentdesk.engine.desk import Desk
from agentdesk.engine.outbox import Postman, Sent
from agentdesk.engine.stir import Stir
from agentdesk.engine.trouble import Trouble
from agentdesk.store import queries

LOOK_AGAIN = 5.0
"""Seconds between passes that an answer waits for."""


class Errands:
    """Of one account, on one thread."""

    def __init__(self, desk: Desk, home: Home, account: Account, channel: Channel) -> None:
        self._desk, self._account = desk, account.id
        self._postman = Postman(desk, home, account.id, channel, account.mark_seen)
        self._attention = Attention(desk, account.id, channel)
        self._trouble = Trouble(desk, account.id, channel)
        self._stir = Stir(desk)
        self._asked: str | None = None
        self._heard: str | None = None
        self._is_ill = self._failed = False
        self._looks_again_at = 0.0

    async def aclose(self) -> None:
        """The channel can be closed then."""
        try:
            await self._attention.aclose()
        finally:
            self._stir.close()

    async def run(self) -> Sent:
        """Does what there is to do; raises whatever went wrong."""
        moved = self._stir.moved() or self._failed
        self._is_ill, self._failed = self._is_ill or self._failed, True
        if moved:
            with closing(self._desk.reader()) as connection:
                self._asked = queries.asked(connection, self._account)
        if moved or self._attention.is_wanted:
            self._attention.pay()
        self._is_ill = self._trouble.look(clock.ticks()) or self._is_ill
        sent = await self._postman.flush() if moved or self._postman.has_work else Sent()
        self._failed = False
        return sent

    def wants_a_pass(self) -> bool:
        """Whether somebody asked for one, an answer waits for it, or one that goes well would say that all is well again; said once."""
        looks = self._postman.wants_a_look and clock.ticks() > self._looks_again_at
        if not (self._is_ill or looks or (self._asked and self._asked != self._heard)):
            return False
        self._is_ill, self._heard = False, self._asked
        self._looks_again_at = clock.ticks() + LOOK_AGAIN
        return True
