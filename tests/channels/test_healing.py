"""All is well again soon after the network is, with the patience that is shipped: 30 seconds for mail that comes in, and nothing that
goes out keeps what comes after it for a minute."""

from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

from agentdesk.channels import Opening
from agentdesk.channels.submission import Patience
from agentdesk.channels.watch import Pace
from servers import until
from servers.faults import BlackHole, Fate, Proxy
from servers.inbox import Receiver, account, letter, mailbox
from servers.misbehaving import Imap

WITHIN, AT_MOST = 30.0, 60.0
OPENING = Opening(datetime(2026, 11, 1, tzinfo=UTC), 14)
DEAD = Fate(up=(BlackHole(0, "dead"),), down=(BlackHole(0, "dead"),))


def test_no_step_of_mail_takes_longer_to_notice_that_nobody_is_there():
    """Between the network's coming back and the first attempt that succeeds lies one patience and one pause."""
    pace, first_pause = Pace(), 1.0
    assert pace.idle + pace.answer + first_pause < WITHIN
    assert pace.poll + pace.answer + first_pause < WITHIN
    assert pace.read + first_pause < WITHIN
    assert max(pace.connect, pace.answer) + pace.unreached < WITHIN
    assert max(astuple(Patience())) < AT_MOST


def test_a_line_that_is_dead_without_a_word_and_a_greeting_that_never_comes_are_noticed(tmp_path: Path):
    """The line that was listened on swallows all, and so does the next one while the storm lasts; both stay dead after it."""
    server = Imap()
    proxy = Proxy(server.port, lambda number: DEAD if number < 2 else Fate())
    receiver = Receiver(mailbox(account(tmp_path, proxy.port)), OPENING)
    receiver.until_live()
    until(lambda: any(session.idling for session in server.sessions))
    proxy.rage()
    server.add(letter("swallowed"))
    until(lambda: proxy.connections == 2, WITHIN)
    proxy.heal()
    until(lambda: receiver.arrivals, WITHIN)
    assert receiver.error is None
    receiver.close()
    proxy.stop()
    server.stop()
