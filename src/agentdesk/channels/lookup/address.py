"""An address of the shop's own: the question is posted as JSON, and so comes the answer.

Promises: the secret travels in one header, to that address alone. Refuses: redirects, which would take it elsewhere.
"""

import asyncio
from abc import abstractmethod
from pathlib import Path
from typing import Any

from agentdesk.channels import Account
from agentdesk.channels.lookup import Source
from agentdesk.channels.web import Reply, TooLongError, Web
from agentdesk.core import lookup
from agentdesk.core.lookup import Fact, Question
from agentdesk.errors import ChannelError
from agentdesk.i18n import tr


class Service(Source):
    """One that speaks HTTP; `secret` proves who asks, "" where nobody need."""

    def __init__(self, name: str, seconds: float, base: str, secret: str) -> None:
        super().__init__(name, seconds)
        self.base = base
        self.secret = secret
        self.web = Web(Account(name, name, "", lambda: secret, Path()), base, (secret,))

    def find(self, question: Question) -> tuple[Fact, ...]:
        try:
            return asyncio.run(self._within(question))
        except TooLongError:
            raise ValueError(tr("the answer is too long")) from None
        except ChannelError as error:
            raise self.unreachable(error.values["reason"]) from None
        except TimeoutError:
            reason = tr("no answer within {seconds} s").format(seconds=f"{self.seconds:g}")
            raise self.unreachable(reason) from None

    async def _within(self, question: Question) -> tuple[Fact, ...]:
        try:
            async with asyncio.timeout(self.seconds):
                return await self.found(question)
        finally:
            await self.web.close()

    @abstractmethod
    async def found(self, question: Question) -> tuple[Fact, ...]:
        """The answer; raises ChannelError, ValueError."""

    async def ask(self, method: str, path: str, **rest: Any) -> Reply:
        """One request; raises LookupFailedError for what is no answer."""
        reply = await self.web.ask(method, path, read=self.seconds, most=lookup.BYTES, **rest)
        if reply.status in {401, 403}:
            raise self.unreachable(tr("it refuses the secret ({status})").format(status=reply.status))
        if 300 <= reply.status < 400:
            reason = tr("it points to another address ({status}), which is not followed")
            raise self.unreachable(reason.format(status=reply.status))
        if reply.status != 200:
            raise self.unreachable(tr("it answers with status {status}").format(status=reply.status))
        return reply


class Address(Service):
    """The shop's own; `header` is the one that holds the secret."""

    def __init__(self, name: str, seconds: float, base: str, header: str, secret: str) -> None:
        super().__init__(name, seconds, base, secret)
        self._header = header

    async def found(self, question: Question) -> tuple[Fact, ...]:
        headers = {self._header: self.secret} if self.secret else {}
        return lookup.read(
            (await self.ask("POST", self.base, json=question.document(), headers=headers)).data
        )
