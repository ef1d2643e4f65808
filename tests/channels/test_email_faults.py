"""The mail connector against a server that misbehaves and a network that fails."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentdesk.channels import Opening
from agentdesk.channels.email import Email
from agentdesk.channels.watch import Pace
from agentdesk.errors import ChannelError, InsecureError, LoginError, UnreachableError
from servers import free_port, until
from servers.inbox import Receiver, account, arrived, collected, letter, mailbox, now, whole
from servers.misbehaving import Held, Imap, Proxy

OPENING = Opening(datetime(2026, 11, 1, tzinfo=UTC), 14)


@pytest.fixture
def server():
    server = Imap()
    yield server
    server.stop()


def receiving(server: Imap, spool: Path, **pace: float) -> Receiver:
    pace = {"unreached": 0.05, "longest": 0.05, "read": 2.0, **pace}
    return Receiver(mailbox(account(spool, server.port), **pace), OPENING)


def test_a_server_with_no_extension_at_all(tmp_path: Path):
    server = Imap("IMAP4rev1")
    server.mails["Enviados"] = []
    for number in range(150):
        server.add(letter(number))
    receiver = receiving(server, tmp_path, poll=0.1, sweep=0.5)
    until(lambda: len(receiver.arrivals) == 150)
    server.add(letter("new"))
    server.add(letter("sent"), folder="Enviados")
    until(lambda: len(receiver.arrivals) == 152)
    assert [arrival.role for arrival in receiver.arrivals[-2:]].count("sent") == 1
    server.mails["INBOX"][3].flags.add("\\Flagged")
    until(lambda: [f for b in receiver.batches for f in b.flagged if f.place.uid == 4])
    receiver.close()
    cursor = receiver.cursor
    server.mails["INBOX"][5].flags.add("\\Seen")
    server.remove(1)
    batches = collected(mailbox(account(tmp_path, server.port)), cursor, OPENING)
    assert arrived(batches) == []
    assert [gone.place.uid for batch in batches for gone in batch.gone] == [1]
    assert [(f.place.uid, f.flags) for b in batches for f in b.flagged] == [(6, {"\\Seen"})]
    assert collected(mailbox(account(tmp_path, server.port)), batches[-1].cursor, OPENING) == []
    server.stop()


def test_expunges_are_noticed_while_listening_without_extensions(server: Imap, tmp_path: Path):
    for number in range(3):
        server.add(letter(number))
    receiver = receiving(server, tmp_path)
    receiver.until_live()
    until(lambda: any(session.idling for session in server.sessions))
    server.remove(2)
    until(lambda: [g for b in receiver.batches for g in b.gone if g.place.uid == 2])
    receiver.close()


def test_a_listening_receiver_gets_what_was_said_along_with_the_plus(server: Imap, tmp_path: Path):
    def idling(session, tag, arguments):
        with server.lock:
            server.next_uid["INBOX"] += 1
            server.mails["INBOX"].append(Held(1, letter("at-once")))
        session.say("+ idling\r\n* 1 EXISTS")
        session.line.makefile("rb").readline()
        session.say(f"{tag} OK done")

    server.on("IDLE", idling)
    receiver = receiving(server, tmp_path)
    until(lambda: receiver.arrivals, 4)
    receiver.close()


def test_no_starttls_is_refused_and_no_byte_of_the_password_goes_out(server: Imap, tmp_path: Path):
    with pytest.raises(InsecureError, match="STARTTLS"):
        asyncio.run(mailbox(account(tmp_path, server.port, security="starttls")).check())
    assert "LOGIN" not in server.seen
    assert b"secreto" not in server.bytes_in


def test_preauth_before_encryption_is_refused(tmp_path: Path):
    server = Imap("IMAP4rev1 STARTTLS", greeting="* PREAUTH welcome back")
    with pytest.raises(InsecureError, match="PREAUTH"):
        asyncio.run(mailbox(account(tmp_path, server.port, security="starttls")).check())
    server.stop()


def test_a_server_that_takes_no_password_unencrypted(tmp_path: Path):
    server = Imap("IMAP4rev1 LOGINDISABLED")
    with pytest.raises(InsecureError, match="LOGINDISABLED"):
        asyncio.run(mailbox(account(tmp_path, server.port)).check())
    assert b"secreto" not in server.bytes_in
    server.stop()


def test_a_plain_server_behind_a_tls_port(server: Imap, tmp_path: Path):
    with pytest.raises(UnreachableError):
        asyncio.run(mailbox(account(tmp_path, server.port, security="tls"), read=2).check())
    assert b"secreto" not in server.bytes_in


def test_nobody_there(tmp_path: Path):
    with pytest.raises(UnreachableError, match="refused"):
        asyncio.run(mailbox(account(tmp_path, free_port())).check())


def test_a_goodbye_at_the_greeting(tmp_path: Path):
    server = Imap(greeting="* BYE too many connections")
    with pytest.raises(ChannelError, match="too many connections"):
        asyncio.run(mailbox(account(tmp_path, server.port)).check())
    server.stop()


def test_a_refused_login_ends_a_receive_and_hides_the_password(server: Imap, tmp_path: Path):
    server.on("LOGIN", lambda session, tag, _: session.say(f"{tag} NO [AUTHENTICATIONFAILED] not secreto"))
    receiver = receiving(server, tmp_path)
    assert receiver.ended.wait(5)
    assert isinstance(receiver.error, LoginError)
    assert receiver.error.values["reason"] == "[AUTHENTICATIONFAILED] not ***"
    assert server.seen.count("LOGIN") == 1, "the same password is not tried twice"
    receiver.close()


@pytest.mark.parametrize(
    "words", ["[UNAVAILABLE] later", "[ALERT] Too many simultaneous connections. (Failure)"]
)
def test_a_login_refused_for_now_is_tried_again(server: Imap, tmp_path: Path, words: str):
    server.on("LOGIN", lambda session, tag, _: session.say(f"{tag} NO {words}"), times=2)
    server.add(letter())
    receiver = receiving(server, tmp_path)
    until(lambda: receiver.arrivals)
    receiver.close()


def test_a_goodbye_instead_of_listening(server: Imap, tmp_path: Path):
    def goodbye(session, tag, arguments):
        session.say("* BYE come back later")
        session.end()

    server.on("IDLE", goodbye, times=3)
    receiver = receiving(server, tmp_path)
    receiver.until_live()
    until(lambda: server.seen.count("IDLE") == 4)
    server.add(letter())
    until(lambda: receiver.arrivals)
    receiver.close()


def test_silence_in_the_middle_of_a_message(server: Imap, tmp_path: Path):
    server.add(letter(1))
    server.add(letter(2))

    def silence(session, tag, arguments):
        if "BODY.PEEK[]" not in arguments:
            server.on("FETCH", silence)
            return False
        session.say("* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: half")
        return None

    server.on("FETCH", silence)
    receiver = receiving(server, tmp_path, read=0.5)
    until(lambda: len(receiver.arrivals) == 2)
    assert whole(receiver.arrivals[0]) == letter(1)
    receiver.close()


@pytest.mark.parametrize("lie", [-7, 9])
def test_a_wrong_literal_size_does_not_stop_the_others(server: Imap, tmp_path: Path, lie: int):
    for number in range(3):
        server.add(letter(number))

    def lying(session, tag, arguments):
        uids, _, items = arguments.partition(" ")
        for number, held in session._asked(uids):
            wrong = held.uid == 2 and "BODY.PEEK[]" in items
            session.fetched(number, held, items, len(held.raw) + lie if wrong else None)
        session.say(f"{tag} OK done")

    server.on("FETCH", lying, times=1000)
    receiver = receiving(server, tmp_path, read=0.3)
    until(lambda: {arrival.place.uid for arrival in receiver.arrivals} >= {1, 3}, 30)
    until(
        lambda: [gap for batch in receiver.batches for gap in batch.gaps if gap.reason == "unfetchable"], 30
    )
    assert {arrival.place.uid for arrival in receiver.arrivals} == {1, 3}
    receiver.close()


def test_a_refused_message_does_not_stop_the_others(server: Imap, tmp_path: Path):
    for number in range(3):
        server.add(letter(number))

    def refusing(session, tag, arguments):
        uids, _, items = arguments.partition(" ")
        if "BODY.PEEK[]" in items and any(held.uid == 2 for _, held in session._asked(uids)):
            session.say(f"{tag} NO [SERVERBUG] cannot read")
            return None
        return False

    server.on("FETCH", refusing, times=1000)
    batches = collected(mailbox(account(tmp_path, server.port)), None, OPENING)
    assert {arrival.place.uid for arrival in arrived(batches)} == {1, 3}


def test_a_throttled_fetch_is_tried_again_later(server: Imap, tmp_path: Path):
    server.add(letter())
    server.on("FETCH", lambda session, tag, _: session.say(f"{tag} NO [THROTTLED] slow down"), times=3)
    receiver = receiving(server, tmp_path)
    until(lambda: receiver.arrivals)
    receiver.close()


def test_a_message_expunged_while_it_is_fetched(server: Imap, tmp_path: Path):
    for number in range(3):
        server.add(letter(number))

    def vanishing(session, tag, arguments):
        if "BODY.PEEK[]" not in arguments:
            server.on("FETCH", vanishing)
            return False
        del server.mails["INBOX"][1]
        session.say("* 2 EXPUNGE")
        return False

    server.on("FETCH", vanishing)
    receiver = receiving(server, tmp_path)
    until(lambda: [arrival.place.uid for arrival in receiver.arrivals] == [1, 3])
    receiver.until_live()
    receiver.close()


def test_a_large_message_expunged_between_its_pieces_leaves_no_file(server: Imap, tmp_path: Path):
    server.add(letter(1, body="x" * (2 << 20)))
    server.add(letter(2))

    def vanishing(session, tag, arguments):
        if "<524288." not in arguments:
            server.on("FETCH", vanishing)
            return False
        del server.mails["INBOX"][0]
        return False

    server.on("FETCH", vanishing)
    batches = collected(mailbox(account(tmp_path / "spool", server.port)), None, OPENING)
    assert [arrival.place.uid for arrival in arrived(batches)] == [2]
    assert list((tmp_path / "spool").iterdir()) == []


def test_the_next_uid_going_back_is_a_new_numbering(server: Imap, tmp_path: Path):
    for number in range(3):
        server.add(letter(number))
    email = mailbox(account(tmp_path, server.port))
    cursor = collected(email, None, OPENING)[-1].cursor
    server.mails["INBOX"].clear()
    server.next_uid["INBOX"] = 1
    server.add(letter("restored"))
    batches = collected(email, cursor, OPENING)
    assert [gap.reason for batch in batches for gap in batch.gaps] == ["uidnext"]
    assert b"<restored@" in whole(arrived(batches)[0])


def test_a_cursor_that_nobody_can_read_begins_anew(server: Imap, tmp_path: Path):
    server.add(letter())
    batches = collected(mailbox(account(tmp_path, server.port)), "of another version", OPENING)
    assert batches[0].gaps[0].reason == "cursor"
    assert len(arrived(batches)) == 1


def test_mail_of_after_the_opening_is_new_and_of_before_is_history(server: Imap, tmp_path: Path):
    server.add(letter(1), date="20-Oct-2026 10:00:00 +0200")
    server.add(letter(2), date="02-Nov-2026 10:00:00 +0100")
    one, other = arrived(collected(mailbox(account(tmp_path, server.port)), None, OPENING))
    assert (one.before, one.waits) == (True, True)
    assert one.received_at == datetime(2026, 10, 20, 8, tzinfo=UTC)
    assert (other.before, other.waits) == (False, False)


@pytest.mark.parametrize(("answers", "at_most"), [(False, 15), (True, 300)])
def test_pauses_grow_and_differ_and_stay_short_while_nobody_answers(
    server: Imap, tmp_path: Path, answers: bool, at_most: int
):
    pauses: list[float] = []
    server.on("LOGIN", lambda session, tag, _: session.say(f"{tag} NO [UNAVAILABLE] later"), times=14)

    def pause(event: threading.Event, seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == 14

    port = server.port if answers else free_port()
    email = Email(account(tmp_path, port), clock=now, pause=pause, pace=Pace())
    receiver = Receiver(email, OPENING)
    assert receiver.ended.wait(5)
    assert receiver.error is None
    for attempt, seconds in enumerate(pauses):
        longest = min(at_most, 2**attempt)
        assert longest / 2 <= seconds <= longest
    assert isinstance(email.trouble, ChannelError if answers else UnreachableError)
    receiver.close()


def test_a_machine_that_slept_reconnects(server: Imap, tmp_path: Path):
    slept = timedelta()
    email = Email(account(tmp_path, server.port), clock=lambda: now() + slept, pace=Pace())
    receiver = Receiver(email, OPENING)
    receiver.until_live()
    until(lambda: any(session.idling for session in server.sessions))
    slept = timedelta(hours=8)
    until(lambda: server.seen.count("LOGIN") == 2, 12)
    assert receiver.error is None
    receiver.close()


@pytest.mark.parametrize("when", ["connecting", "greeting", "fetching", "pausing"])
def test_closing_takes_less_than_two_seconds_at_any_moment(server: Imap, tmp_path: Path, when: str):
    others = set(threading.enumerate())
    proxy = Proxy(server.port)
    port = proxy.port
    if when == "greeting":
        proxy.swallowing.set()
    if when == "fetching":
        server.add(letter())
        server.on("FETCH", lambda *_: None, times=9)
    if when == "pausing":
        port = free_port()
    who = account(tmp_path, port, host="10.255.255.1" if when == "connecting" else "localhost")
    receiver = Receiver(mailbox(who), OPENING)
    if when == "fetching":
        until(lambda: "FETCH" in server.seen)
    if when == "pausing":
        until(lambda: receiver.email.trouble)
    began = time.monotonic()
    receiver.close()
    assert time.monotonic() - began < 2
    until(lambda: not any(t.name.startswith("mail-") for t in {*threading.enumerate()} - others), 2)
    proxy.stop()


def test_a_thread_waits_for_who_commits(server: Imap, tmp_path: Path):
    for number in range(1000):
        server.add(letter(number))
    email = mailbox(account(tmp_path, server.port))

    async def first_two() -> int:
        stream = email.receive(None, OPENING, once=True)
        await anext(stream)
        await anext(stream)
        fetched = -1
        while fetched != len([name for name in server.seen if name == "FETCH"]):
            fetched = len([name for name in server.seen if name == "FETCH"])
            await asyncio.sleep(0.2)
        await stream.aclose()
        return fetched

    # Two taken, two waiting, one being fetched; the plan and the sizes take some.
    assert asyncio.run(first_two()) <= 10
