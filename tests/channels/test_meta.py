"""Messenger and Instagram: polled back to where the last look ended, at two requests a second, and tagged as a person's after 24 h."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels import Accepted, Account, Doubtful, Opening, Refused, TryLater, chat
from agentdesk.channels.meta import Instagram, Page, said
from agentdesk.core.model import Address, OutFile, Outgoing, Reaction, Receipt, Withdrawal
from agentdesk.errors import LoginError
from channels.contract import asked, envelope
from servers.meta import PAGE, TOKEN, Meta, error
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

MARIA = "7654321000"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def server():
    made = Meta()
    yield made
    made.stop()


@pytest.fixture(params=[Page, Instagram], ids=["messenger", "instagram"])
def channel(server, tmp_path, request):
    options = {"base_url": server.base, "page_id": PAGE}
    account = Account("fb", "vimet", "@vimet", lambda: TOKEN, tmp_path, options=options)
    paused = []

    async def pause(seconds):
        paused.append(seconds)

    made = request.param(account, clock=lambda: server.now, between=0.0, pause=pause)
    made.paused = paused
    return made


def look(channel, server, cursor=None, opened=None):
    async def taken():
        opening = Opening(opened or server.now - timedelta(hours=1), 14)
        return [batch async for batch in channel.receive(cursor, opening, once=True)]

    batches = asked(channel, taken)
    return replace(batches[-1], arrivals=tuple(a for batch in batches for a in batch.arrivals))


def read(channel, batch):
    return [channel.read(each.raw) for each in batch.arrivals]


def texts(channel, batch):
    return [each.text for each in read(channel, batch)]


def out(server, text="Bon dia", *files, **more):
    until = more.setdefault("free_until", server.now + timedelta(hours=1))
    server.wrote(MARIA, until - timedelta(days=1))
    return Outgoing(
        "<ad.x.y.1@shop.test>",
        Address("Núria", ""),
        (Address("", MARIA),),
        "",
        text,
        server.now,
        files=files,
        **more,
    )


def sends(channel, message):
    return asked(channel, lambda: channel.send(channel.compose(message), envelope(message), lambda: None))


def test_what_was_said_comes_once_in_its_order(server, channel):
    for number in range(90):
        server.now += timedelta(seconds=1)
        server.talks_to(f"70000{number % 30:02}", f"n {number}")
    batch = look(channel, server)
    assert texts(channel, batch) == [f"n {number}" for number in range(90)]
    server.now += timedelta(seconds=5)
    server.talks_to(MARIA, "nova")
    after = look(channel, server, batch.cursor)
    assert texts(channel, after) == ["nova"]
    assert look(channel, server, after.cursor).arrivals == ()


def test_a_message_without_a_shape_is_kept_once_and_stops_nothing(server, channel):
    for odd in ({}, None, 7, {"id": None}):
        server.talks_to(MARIA, "Perduda", **{"from": odd})
    server.talks_to(MARIA, "Bon dia")
    batch = look(channel, server)
    *odd, good = batch.arrivals
    for each in odd:
        with pytest.raises(ValueError, match="it is kept"):
            channel.read(each.raw)
        assert b"Perduda" in each.raw
    assert (len(odd), channel.read(good.raw).text) == (4, "Bon dia")
    assert look(channel, server, batch.cursor).arrivals == ()


def test_an_instagram_account_is_known_by_its_own_id_beside_the_pages(server, channel):
    options = {**channel._account.options, "instagram_id": "17841"}
    account = replace(channel._account, options=options)
    channel = type(channel)(account, clock=lambda: server.now, pause=lambda _: asyncio.sleep(0))
    us, them = {"id": "17841"}, {"id": MARIA, "username": "maria"}
    server.talks_to(MARIA, "Fet", **{"from": us, "to": {"data": [them]}})
    (arrival,) = look(channel, server).arrivals
    assert (arrival.role, [each.email for each in channel.read(arrival.raw).to]) == ("sent", [MARIA])


def test_a_long_conversation_is_read_back_whole(server, channel):
    for number in range(120):
        server.now += timedelta(seconds=1)
        server.talks_to(MARIA, f"n {number}")
    assert len(texts(channel, look(channel, server))) == 120


def test_two_requests_a_second_at_most(server, channel):
    for number in range(60):
        server.talks_to(f"7{number:05}", "hola")
    look(channel, server)
    assert len(channel.paused) == server.calls
    assert set(channel.paused) == {0.5}


def test_an_answer_from_the_app_comes_in_as_ours(server, channel):
    server.talks_to(MARIA, "Hola")
    server.talks_to(MARIA, "Des del telèfon", by_us=True)
    batch = look(channel, server)
    assert [each.role for each in batch.arrivals] == ["inbox", "sent"]
    assert [a.email for a in read(channel, batch)[1].to] == [MARIA]


def test_a_picture_comes_with_its_bytes_and_without_our_token(server, channel):
    server.media["p1"] = b"jpeg"
    attachment = {
        "data": [
            {
                "id": "1",
                "mime_type": "image/jpeg",
                "name": "foto.jpg",
                "image_data": {"url": f"{server.base}/cdn/p1"},
            }
        ]
    }
    server.talks_to(MARIA, "", attachments=attachment)
    batch = look(channel, server)
    (message,) = read(channel, batch)
    assert [(a.name, a.size) for a in message.attachments] == [("foto.jpg", 4)]
    assert b"".join(chat.file_bytes(batch.arrivals[0].raw, "1")) == b"jpeg"
    assert all("authorization" not in each.headers for each in server.said("/cdn/"))


def test_history_and_what_waits_since_before(server, channel):
    server.talks_to(MARIA, "abans")
    server.talks_to(MARIA, "resposta", by_us=True)
    server.now += timedelta(days=1)
    batch = look(channel, server, opened=server.now)
    assert [(each.before, each.waits) for each in batch.arrivals] == [(True, True), (True, False)]


def test_inside_the_window_an_answer_is_a_response(server, channel):
    result = sends(channel, out(server, free_until=server.now + timedelta(hours=1)))
    assert isinstance(result, Accepted)
    (taken,) = server.taken
    assert (taken["messaging_type"], taken["message"]["text"], taken["message"]["metadata"]) == (
        "RESPONSE", "Bon dia", "<ad.x.y.1@shop.test>",
    )  # fmt: skip
    assert result.names == (f"{channel.kind}:{MARIA}/{taken['_id']}",)


def test_after_24_hours_a_person_may_answer_for_a_week_and_a_machine_may_not(server, channel):
    closed = server.now - timedelta(days=3)
    assert isinstance(sends(channel, out(server, free_until=closed)), Accepted)
    assert (server.taken[0]["messaging_type"], server.taken[0]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert isinstance(sends(channel, out(server, free_until=closed, automatic=True)), Refused)
    over = server.now - timedelta(days=6, hours=1)
    assert isinstance(sends(channel, out(server, free_until=over)), Refused)
    assert len(server.taken) == 1


def test_files_go_each_on_their_own(server, channel):
    files = (OutFile("a.pdf", "application/pdf", b"%PDF"), OutFile("b.png", "image/png", b"PNG"))
    result = sends(channel, out(server, "Aquí", *files))
    assert [each["_file"] for each in server.taken] == [None, b"%PDF", b"PNG"]
    assert [each["message"].get("attachment", {}).get("type") for each in server.taken] == [
        None,
        "file",
        "image",
    ]
    assert len(result.names) == 3


@pytest.mark.parametrize(
    ("fault", "wanted", "code"),
    [
        (error(613, "Calls to this api have exceeded the rate limit."), TryLater, None),
        (error(190, "Error validating access token", 401), Refused, "login"),
        (error(10, "outside of allowed window", error_subcode=2018278), Refused, "window_closed"),
        (error(551, "This person isn't available right now."), Refused, "blocked"),
        (error(100, "Invalid parameter"), Refused, "refused"),
        (Answer(b"bad gateway", 502), Doubtful, None),
        (CUT_BEFORE, Doubtful, None),
        (CUT_AFTER, Doubtful, None),
    ],
)
def test_what_becomes_of_a_send(server, channel, fault, wanted, code):
    server.on("messages", fault)
    result = sends(channel, out(server))
    assert isinstance(result, wanted)
    assert getattr(result, "code", None) == code
    assert len(server.taken) == (fault == CUT_AFTER)


def test_a_wrong_token_is_said_and_not_repeated(server, channel):
    server.on(PAGE, error(190, f"Malformed access token {TOKEN}", 401))
    with pytest.raises(LoginError) as caught:
        asked(channel, channel.check)
    assert TOKEN not in str(caught.value.values)


def hooked(channel, document):
    found = said.taken_apart(document, frozenset({PAGE}), NOW)
    return [said.read(chat.received(channel.kind, each.event)) for each in found]


def test_a_webhook_names_a_message_as_the_list_does(server, channel):
    listed = server.talks_to(MARIA, "Hola")
    (told,) = hooked(channel, server.messaging(MARIA, message={"mid": listed["id"], "text": "Hola"}))
    (polled,) = read(channel, look(channel, server))
    assert told.message_id == polled.message_id


def test_what_a_webhook_says_of_messages(server, channel):
    at = int(server.now.timestamp() * 1000)
    (read_,) = hooked(channel, server.messaging(MARIA, read={"watermark": at}))
    assert isinstance(read_, Receipt)
    assert (read_.state, read_.reader, read_.upto) == ("read", MARIA, server.now)
    (sign,) = hooked(
        channel, server.messaging(MARIA, reaction={"mid": "m_1", "action": "react", "emoji": "❤️"})
    )
    assert isinstance(sign, Reaction)
    assert (sign.of, sign.sign) == (f"{channel.kind}:{MARIA}/m_1", "❤️")
    (gone,) = hooked(channel, server.messaging(MARIA, message={"mid": "m_1", "is_deleted": True}))
    assert isinstance(gone, Withdrawal)
    (edit,) = hooked(
        channel, server.messaging(MARIA, message_edit={"mid": "m_1", "text": "talla L", "num_edit": 1})
    )
    assert (edit.edits, edit.text) == (f"{channel.kind}:{MARIA}/m_1", "talla L")


def test_an_echo_of_what_we_sent_is_told_by_our_own_name(server, channel):
    content = {"mid": "m_9", "text": "Bon dia", "is_echo": True, "metadata": "<ad.x.y.1@shop.test>"}
    (echo,) = hooked(channel, server.messaging(MARIA, by_us=True, message=content))
    assert (echo.of, echo.state) == ("<ad.x.y.1@shop.test>", "sent")
    (phone,) = hooked(
        channel, server.messaging(MARIA, by_us=True, message={"mid": "m_10", "text": "A mà", "is_echo": True})
    )
    assert [a.email for a in phone.to] == [MARIA]


def test_a_place_and_what_is_shared_are_told_in_words_and_not_fetched(server, channel):
    place = {"type": "location", "title": "Casa de la Maria", "url": "https://l.facebook.com/l",
             "payload": {"coordinates": {"lat": 41.38, "long": 2.17}}}  # fmt: skip
    shared = [
        {"type": "share", "payload": {"url": "https://fb.me/1", "title": "Sabates"}},
        {"type": "ig_reel", "payload": {"url": "https://instagram.com/reel/2", "title": "Botes"}},
        {"type": "ig_post", "payload": {"url": "https://instagram.com/p/3"}},
    ]
    message = {"mid": "m_1", "attachments": [place]}
    assert (
        hooked(channel, server.messaging(MARIA, message=message))[0].text
        == "Casa de la Maria\ngeo:41.38,2.17"
    )
    told = server.messaging(MARIA, message={"mid": "m_2", "text": "Aquestes?", "attachments": shared})
    (message,) = hooked(channel, told)
    assert message.text == (
        "Aquestes?\nSabates\nhttps://fb.me/1\nBotes\nhttps://instagram.com/reel/2\nhttps://instagram.com/p/3"
    )
    assert message.warnings == ()
    (taken,) = said.taken_apart(told, frozenset({PAGE}), NOW)
    assert taken.files == []


def test_what_a_look_finds_shared_is_told_in_words(server, channel):
    server.talks_to(MARIA, "", shares={"data": [{"link": "https://instagram.com/p/3", "name": "Botes"}]})
    server.talks_to(MARIA, "Aquestes", shares={"data": [{"link": "https://instagram.com/p/4"}]})
    one, other = read(channel, look(channel, server))
    assert (one.text, one.warnings) == ("Botes\nhttps://instagram.com/p/3", ())
    assert other.text == "Aquestes\nhttps://instagram.com/p/4"


def test_the_ad_the_link_and_the_product_that_led_to_a_message_stand_above_its_words(server, channel):
    ad = {
        "source": "ADS",
        "type": "OPEN_THREAD",
        "ad_id": "77",
        "ads_context_data": {"ad_title": "Sabates d'hivern"},
    }
    message = {"mid": "m_1", "text": "Encara hi ha la talla 38?", "referral": ad}
    (led,) = hooked(channel, server.messaging(MARIA, message=message))
    assert led.text == "Sabates d'hivern\n\nEncara hi ha la talla 38?"
    assert (led.subject, led.warnings) == ("Encara hi ha la talla 38?", ("from_ad",))
    message = {"mid": "m_2", "text": "En teniu?", "referral": {"product": {"id": "SKU-9"}}}
    (about,) = hooked(channel, server.messaging(MARIA, message=message))
    assert (about.text, about.warnings) == ("SKU-9\n\nEn teniu?", ("about_product",))
    pressed = {
        "mid": "m_3",
        "title": "Comença",
        "payload": "x",
        "referral": {"source": "SHORTLINK", "ref": "nadal"},
    }
    (start,) = hooked(channel, server.messaging(MARIA, postback=pressed))
    assert (start.text, start.warnings) == ("nadal\n\nComença", ("from_ad",))
    (came,) = hooked(channel, server.messaging(MARIA, referral=ad))
    assert (came.text, came.mail_class, came.class_reason) == ("Sabates d'hivern", "auto_reply", "by_service")
    assert came.warnings == ("from_ad", "by_service")


def test_what_is_not_known_is_kept_and_marked(server, channel):
    (unknown,) = hooked(channel, server.messaging(MARIA, take_thread_control={"x": 1}))
    assert unknown.warnings == ("unsupported",)


def test_garbage_is_refused_with_a_reason(channel):
    for raw in (
        b"",
        b"{",
        b"[1]",
        b'{"event": {}}',
        json.dumps({"channel": "x", "event": {"kind": "read", "at": "no", "person": 1}}).encode(),
    ):
        with pytest.raises(ValueError):
            channel.read(raw)


def test_a_token_that_was_refused_is_asked_for_anew(server, channel):
    known = ["an old one"]
    page = type(channel)(
        replace(channel._account, secret=lambda: known[-1]), clock=lambda: server.now, between=0.0
    )
    assert sends(page, out(server)).code == "login"
    known.append(TOKEN)
    assert isinstance(sends(page, out(server)), Accepted)
