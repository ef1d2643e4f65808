"""An automatic mail has no envelope sender, where the server takes such a mail from somebody who has logged in."""

import pytest

from agentdesk.channels import Accepted, Envelope, Refused
from channels.test_smtp import USER, Sending
from servers.smtp import Smtp

AUTOMATIC = Envelope("", ("ana@cliente.test",), USER)
NO = "553 5.7.1 sender must be who logged in"


@pytest.fixture
def server():
    made = Smtp()
    yield made
    made.stop()


def test_nobody_is_the_sender(server):
    assert isinstance(Sending(server, envelope=AUTOMATIC).result, Accepted)
    assert [each.sender for each in server.taken] == [""]


def test_a_server_that_takes_no_null_sender_is_told_the_account_s_address(server):
    server.on("MAIL", NO)
    assert isinstance(Sending(server, envelope=AUTOMATIC).result, Accepted)
    assert [each.sender for each in server.taken] == [USER]


def test_one_that_takes_neither_is_heard(server):
    server.on("MAIL", NO, "553 5.7.1 and not you")
    refused = Sending(server, envelope=AUTOMATIC).result
    assert isinstance(refused, Refused)
    assert (refused.code, refused.reason) == ("sender", "553 5.7.1 and not you")
