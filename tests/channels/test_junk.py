"""The Junk folder on a server that knows no more than it must: heads are looked at, bodies only where somebody is known."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk.channels import Opening
from servers import until
from servers.inbox import Receiver, account, arrived, collected, letter, mailbox, now
from servers.misbehaving import Imap


class Desk:
    """Knows some people, and everything that it was given is committed unless `slow`."""

    def __init__(self, *people: str) -> None:
        self.people = set(people)
        self.asked = self.looked = 0
        self.slow = threading.Event()

    def expected(self, facts):
        self.asked += 1
        return frozenset(fact.key for fact in facts if fact.sender in self.people)

    def has(self, cursor: str) -> bool:
        self.looked += 1
        return not self.slow.is_set()


def lately(server: Imap, raw: bytes) -> int:
    """A mail that came into Spam an hour ago; its UID."""
    return server.add(raw, folder="Spam", date=f"{now() - timedelta(hours=1):%d-%b-%Y %H:%M:%S} +0000")


def whole(server: Imap) -> set[int]:
    """The UIDs of which the server was asked for more than the head."""
    lines = re.findall(rb"UID FETCH ([\d:,]+) \([^\r]*BODY\.PEEK\[\]", server.bytes_in)
    return {int(uid) for line in lines for uid in re.findall(rb"\d+", line)}


@pytest.fixture
def server():
    made = Imap()
    made.mails["Spam"] = []
    yield made
    made.stop()


@pytest.fixture
def email(server: Imap, tmp_path: Path):
    return mailbox(account(tmp_path, server.port), idle=1.0, sweep=0.2)


def test_only_the_bodies_of_known_people_are_asked_for(server, email):
    for number in range(5):
        lately(server, letter(number, sender=f"s{number}@spam.test"))
    known = lately(server, letter("ana"))
    desk = Desk("ana@cliente.test")
    batches = collected(email, None, Opening(now(), 14, desk))
    (arrival,) = arrived(batches)
    assert (arrival.place.folder, arrival.place.uid, arrival.role) == ("Spam", known, "junk")
    assert (arrival.before, arrival.waits) == (True, True)
    assert whole(server) == {known}
    assert arrived(collected(email, batches[-1].cursor, Opening(now(), 14, desk))) == []


def test_without_a_desk_to_ask_junk_is_not_even_looked_at(server, email):
    lately(server, letter("ana"))
    assert arrived(collected(email, None, Opening(now(), 14))) == []
    assert "Spam" not in server.bytes_in.decode()


def test_what_is_older_than_the_days_that_count_is_history(server, email):
    lately(server, letter("ana"))
    (arrival,) = arrived(collected(email, None, Opening(now(), 0, Desk("ana@cliente.test"))))
    assert (arrival.before, arrival.waits) == (True, False)


def test_the_desk_is_asked_again_with_every_pass_and_heads_are_read_once(server, email):
    uid = lately(server, letter("ana"))
    desk = Desk()
    receiver = Receiver(email, replace(Opening(now(), 14), known=desk))
    receiver.until_live()
    until(lambda: desk.asked > 2)
    assert receiver.arrivals == []
    heads = server.bytes_in.count(b"HEADER.FIELDS")
    desk.people.add("ana@cliente.test")
    until(lambda: receiver.arrivals)
    assert receiver.arrivals[0].place.uid == uid
    assert server.bytes_in.count(b"HEADER.FIELDS") == heads
    receiver.close()


def test_nobody_is_asked_before_what_was_handed_over_is_committed(server, email):
    lately(server, letter("ana"))
    server.add(letter("first"))
    desk = Desk("ana@cliente.test")
    desk.slow.set()
    receiver = Receiver(email, replace(Opening(now(), 14), known=desk))
    until(lambda: desk.looked > 5)
    assert [each.role for each in receiver.arrivals] == ["inbox"]
    assert desk.asked == 0
    desk.slow.clear()
    until(lambda: len(receiver.arrivals) == 2)
    receiver.close()


def test_a_junk_folder_that_cannot_be_opened_stops_nothing(server, email):
    server.add(letter("first"))
    lately(server, letter("ana"))

    def closed(session, tag, arguments):
        if "Spam" not in arguments:
            return False
        session.say(f"{tag} NO [NOPERM] not for you")
        return True

    server.on("EXAMINE", closed, times=50)
    batches = collected(email, None, Opening(now(), 14, Desk("ana@cliente.test")))
    assert [each.role for each in arrived(batches)] == ["inbox"]
