"""A connection to a mail server that is gone says so, whatever it is asked."""

import asyncio

import pytest

from agentdesk.channels.dial import Plug
from agentdesk.channels.submission import Patience, opened
from agentdesk.channels.wire import Login
from agentdesk.core.model import Endpoint
from agentdesk.errors import ChannelError, UnreachableError
from servers.smtp import Session, Smtp

USER = "soporte@shop.test"
SHORT = Patience(connect=5, answer=5, block=5, final=5, goodbye=1)


@pytest.fixture
def server():
    made = Smtp()
    yield made
    made.stop()


def reset(session: Session, argument: str) -> None:
    session.reset()


def test_what_was_announced_is_not_taken_for_refused_once_the_line_is_lost(server):
    """It was: a line cut between hello and login had the server "take passwords in no way known here", for good."""

    async def asked() -> None:
        login = Login("mail", Endpoint("localhost", server.port, "plain", USER), lambda: "secreto")
        session = await opened(login, Plug(), SHORT)
        assert session.offers("SIZE")
        assert session.extensions["SIZE"] == "1000000"
        assert not session.offers("SMTPUTF8")
        with pytest.raises(ChannelError):
            await session.noop()
        assert not session.alive
        for question in (lambda: session.extensions, lambda: session.offers("SIZE")):
            with pytest.raises(UnreachableError):
                question()
        with pytest.raises(UnreachableError):
            await session.log_in("secreto")
        session.leave()

    server.on("NOOP", reset)
    asyncio.run(asked())
