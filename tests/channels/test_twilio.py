"""Twilio: the list asked for again and again, nothing missed and nothing twice; STOP is heard."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.channels import Accepted, Account, Doubtful, Opening, Refused, TryLater, chat
from agentdesk.channels.twilio import Twilio as Sms
from agentdesk.channels.twilio import WhatsAppByTwilio
from agentdesk.core.model import Address, Incoming, Outgoing, Receipt
from agentdesk.errors import DeskError, LoginError
from channels.contract import asked, envelope
from servers.twilio import OURS, SID, TOKEN, Twilio
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

MARIA = "+34600111222"


@pytest.fixture(params=[False, True], ids=["sms", "whatsapp"])
def server(request):
    made = Twilio(wa=request.param)
    yield made
    made.stop()


@pytest.fixture
def channel(server, tmp_path):
    options = {"base_url": server.base, "account_sid": SID, "number": OURS}
    account = Account("tw", "vimet", OURS, lambda: TOKEN, tmp_path, options=options)
    kind = WhatsAppByTwilio if server.wa else Sms
    return kind(account, clock=lambda: server.now, between=0.0)


def look(channel, server, cursor=None, opened=None):
    async def taken():
        opening = Opening(opened or server.now - timedelta(hours=1), 14)
        return [batch async for batch in channel.receive(cursor, opening, once=True)]

    batches = asked(channel, taken)
    return replace(batches[-1], arrivals=tuple(a for batch in batches for a in batch.arrivals))


def said(channel, batch):
    return [channel.read(each.raw) for each in batch.arrivals]


def sends(channel, text="Bon dia", to="34600111222"):
    out = Outgoing("<a1@shop.test>", Address("Núria", ""), (Address("", to),), "", text, channel._clock())

    return asked(channel, lambda: channel.send(channel.compose(out), envelope(out), lambda: None))


def test_a_message_comes_once_with_its_pictures(server, channel):
    server.writes(MARIA, "Mireu", b"jpeg one", b"jpeg two")
    batch = look(channel, server)
    (message,) = said(channel, batch)
    assert (message.text, message.sender.email, message.channel) == ("Mireu", "34600111222", channel.kind)
    assert [a.size for a in message.attachments] == [8, 8]
    assert b"".join(chat.file_bytes(batch.arrivals[0].raw, "2")) == b"jpeg two"
    assert look(channel, server, batch.cursor).arrivals == ()


def test_many_pages_lose_nothing_and_come_in_their_order(server, channel):
    for number in range(97):
        server.now += timedelta(seconds=1)
        server.writes(f"+346001112{number % 7:02}", f"n {number}")
    batch = look(channel, server)
    assert [each.text for each in said(channel, batch)] == [f"n {number}" for number in range(97)]
    server.now += timedelta(seconds=1)
    server.writes(MARIA, "una més")
    assert [each.text for each in said(channel, look(channel, server, batch.cursor))] == ["una més"]


def test_what_comes_within_one_second_keeps_its_order(server, channel):
    """A STOP that is taken for the first of three would be undone by the others."""
    server.page = 2
    for text in ("primero", "segundo", "STOP"):
        server.writes(MARIA, text)
    assert [each.text for each in said(channel, look(channel, server))] == ["primero", "segundo", "STOP"]


def test_a_message_that_is_listed_late_is_not_missed(server, channel):
    server.writes(MARIA, "primera")
    cursor = look(channel, server).cursor
    server.now += timedelta(minutes=50)
    server.writes(MARIA, "tercera")
    cursor = look(channel, server, cursor).cursor
    late = server.writes(MARIA, "segona")
    late["date_sent"] = f"{server.now - timedelta(minutes=30):%a, %d %b %Y %H:%M:%S +0000}"
    assert [each.text for each in said(channel, look(channel, server, cursor))] == ["segona"]


def test_a_page_that_is_not_twilios_is_no_end_of_the_list(server, channel):
    """Whoever took it for one would go on behind what was never listed."""
    for number in range(30):
        server.writes(MARIA, f"n {number}")
    server.on("Messages.json", server.handle, Answer(b"<html>Sign in to this network</html>"))
    with pytest.raises(DeskError):
        look(channel, server)
    assert len(look(channel, server).arrivals) == 30


def test_a_long_pause_is_caught_up(server, channel):
    server.writes(MARIA, "abans")
    cursor = look(channel, server).cursor
    server.now += timedelta(days=9)
    server.writes(MARIA, "després de les vacances")
    assert [each.text for each in said(channel, look(channel, server, cursor))] == ["després de les vacances"]


def test_what_was_there_before_the_account_waits_since_before(server, channel):
    server.writes(MARIA, "vella")
    server.now += timedelta(days=2)
    (arrival,) = look(channel, server, opened=server.now).arrivals
    assert (arrival.before, arrival.waits) == (True, True)


def test_what_becomes_of_ours_is_told_once_each(server, channel):
    result = sends(channel)
    assert isinstance(result, Accepted)
    (ours,) = server.taken
    assert result.names == (f"{channel.kind}:34600111222/{ours['sid']}",)
    cursor, told = look(channel, server).cursor, []
    for status in ("sent", "delivered", "delivered", "read"):
        server.becomes(ours, status)
        batch = look(channel, server, cursor)
        cursor = batch.cursor
        told += [(each.of, each.state) for each in said(channel, batch) if isinstance(each, Receipt)]
    assert told == [(result.names[0], state) for state in ("sent", "delivered", "read")]


def test_why_ours_failed_is_told(server, channel):
    sends(channel)
    (ours,) = server.taken
    server.becomes(ours, "undelivered", error_code=30003, error_message="Unreachable destination handset")
    receipt = next(each for each in said(channel, look(channel, server)) if isinstance(each, Receipt))
    assert (receipt.state, receipt.code, receipt.words) == (
        "failed",
        "undeliverable",
        "Unreachable destination handset",
    )


def test_what_somebody_else_sends_by_our_number_comes_in_as_ours(server, channel):
    server.console(MARIA, "Des de la consola")
    batch = look(channel, server)
    message = next(each for each in said(channel, batch) if isinstance(each, Incoming))
    assert (message.text, [a.email for a in message.to]) == ("Des de la consola", ["34600111222"])
    assert {each.role for each in batch.arrivals} == {"sent"}


@pytest.mark.parametrize("text", ["STOP", " baja. ", "Stop!", "PARAR"])
def test_whoever_says_stop_is_heard(server, channel, text):
    server.writes(MARIA, text)
    (message,) = said(channel, look(channel, server))
    assert message.warnings == (() if server.wa else ("opted_out",))
    assert message.class_reason == ("" if server.wa else "opted_out")


def test_whoever_said_stop_gets_nothing(server, channel):
    server.stopped.add(server._as(MARIA))
    assert sends(channel) == Refused("opted_out", "Attempt to send to unsubscribed recipient")


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (Answer({"code": 20429, "message": "Too many requests"}, 429), TryLater),
        (Answer({"code": 21211, "message": "Invalid 'To' number"}, 400), Refused),
        (Answer({"code": 63016, "message": "outside the allowed window"}, 400), Refused),
        (Answer(b"bad gateway", 502), Doubtful),
        (Answer(b"<html>Sign in to this network</html>"), Doubtful),
        (CUT_BEFORE, Doubtful),
        (CUT_AFTER, Doubtful),
    ],
)
def test_what_becomes_of_a_send(server, channel, fault, wanted):
    server.on("Messages.json", fault)
    assert isinstance(sends(channel), wanted)
    assert len(server.taken) == (fault == CUT_AFTER)


def test_a_wrong_login_is_said_and_the_secret_is_not(server, channel):
    server.on(".json", Answer({"message": f"bad {TOKEN}"}, 401), Answer({"message": f"bad {TOKEN}"}, 401))
    told = []
    for ask in (channel.check, lambda: anext(channel.receive(None, Opening(server.now, 14), once=True))):
        with pytest.raises(LoginError) as caught:
            asked(channel, ask)
        told += [str(caught.value), repr(caught.value.values)]
    assert not [text for text in told if TOKEN in text]


def test_garbage_is_refused_with_a_reason(channel):
    for raw in (
        b"",
        b"{",
        b"[1]",
        b'{"event": {}, "files": []}',
        b'{"event": {"kind": "message", "message": 7}, "files": []}',
    ):
        with pytest.raises(ValueError):
            channel.read(raw)


def test_nobody_answers(server, channel):
    server.stop()
    assert isinstance(sends(channel), TryLater)
    with pytest.raises(DeskError):
        look(channel, server)
