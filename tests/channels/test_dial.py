"""A line that was given up says nothing later."""

import socket
from contextlib import closing

import pytest

from agentdesk.channels.dial import Plug, dial, forget_unsent, give_up
from agentdesk.core.model import Endpoint


def filled(line: socket.socket) -> int:
    """Writes until neither end takes more; how many bytes the system has taken over."""
    line.setblocking(False)
    taken = 0
    while True:
        try:
            taken += line.send(bytes(1 << 16))
        except BlockingIOError:
            return taken


def heard(line: socket.socket) -> int:
    """Everything that comes until the end; raises what ends it otherwise."""
    came = 0
    while piece := line.recv(1 << 16):
        came += len(piece)
    return came


@pytest.fixture
def ends():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        endpoint = Endpoint("127.0.0.1", server.getsockname()[1], "plain", "")
        line = dial(endpoint, Plug(), None, connect=5, read=5)
        there, _ = server.accept()
        there.settimeout(20)
        with closing(there), closing(line):
            yield line, there


def test_what_was_given_up_is_not_delivered_later(ends):
    line, there = ends
    filled(line)
    give_up(line)
    with pytest.raises(ConnectionResetError):
        heard(there)


def test_what_was_not_given_up_is_delivered_after_the_end(ends):
    """As the system does it, so that the test above could fail."""
    line, there = ends
    taken = filled(line)
    line.close()
    assert heard(there) == taken


def test_a_line_that_is_closed_or_was_never_open_is_no_mistake(ends):
    line, _ = ends
    line.close()
    give_up(line)
    give_up(line)
    forget_unsent(None)
