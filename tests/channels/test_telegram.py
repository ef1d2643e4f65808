"""Telegram: the queue's rules kept, files both ways, and the token in no word that anybody sees."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import trust
from agentdesk.channels import Accepted, Account, Doubtful, Opening, Refused, TryLater, chat
from agentdesk.channels.telegram import Telegram as Channel
from agentdesk.core.model import Address, OutFile, Outgoing
from agentdesk.errors import ChannelError, DeskError, LoginError
from channels.contract import asked, envelope
from servers import until
from servers.telegram import ME, TOKEN, Telegram, too_many
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

MARIA = 7001


@pytest.fixture
def server():
    made = Telegram()
    yield made
    made.stop()


def account(server, folder, token=TOKEN):
    options = {"base_url": server.base}
    return Account("bot", "vimet", "@vimet_bot", lambda: token, folder, options=options)


@pytest.fixture
def channel(server, tmp_path):
    return Channel(account(server, tmp_path), clock=lambda: now(server), long=1)


def now(server):
    return datetime.fromtimestamp(server.now, UTC)


def looks(channel, server, cursor=None, *, most=None):
    async def taken():
        found = []
        async for batch in channel.receive(cursor, Opening(now(server), 14), once=True):
            found.append(batch)
            if len(found) == most:
                break
        return found

    return asked(channel, taken)


def read(channel, batch):
    return [channel.read(each.raw) for each in batch.arrivals]


def out(text="Bon dia", *files, to=MARIA):
    return Outgoing(
        "<a1@shop.test>",
        Address("Núria", ""),
        (Address("", str(to)),),
        "",
        text,
        datetime(2026, 11, 23, tzinfo=UTC),
        files=files,
    )


def sends(channel, message):
    return asked(channel, lambda: channel.send(channel.compose(message), envelope(message), lambda: None))


def test_an_update_is_confirmed_by_the_look_after_its_commit(server, channel):
    server.writes(MARIA, "Hola")
    (first,) = looks(channel, server)
    (again,) = looks(channel, server)  # the commit never came about
    assert [each.place for each in first.arrivals] == [each.place for each in again.arrivals]
    (after,) = looks(channel, server, first.cursor)
    assert after.arrivals == ()
    assert looks(channel, server)[0].arrivals == ()  # now Telegram has forgotten it


def test_numbers_that_begin_anew_lose_nothing(server, channel):
    server.writes(MARIA, "Abans")
    (first,) = looks(channel, server)
    server.begins_anew()
    server.writes(MARIA, "Després")
    (second,) = looks(channel, server, first.cursor)
    texts = [each.text for each in read(channel, second)]
    assert texts[-1] == "Després"
    places = {each.place for each in (*first.arrivals, *second.arrivals)}
    assert len(places) == 2


def test_a_day_without_a_look_is_said(server, channel):
    server.writes(MARIA, "Es perdrà")
    (first,) = looks(channel, server)
    server.now += timedelta(hours=25).total_seconds()
    server.writes(MARIA, "Ja hi som")
    (second,) = looks(channel, server, first.cursor)
    assert [gap.reason for gap in second.gaps] == ["too_old"]
    (third,) = looks(channel, server, second.cursor)
    assert third.gaps == ()


def test_a_quiet_bot_is_no_gap(server, channel):
    """The time of the last look is kept each hour, although nothing came."""
    cursor = looks(channel, server)[-1].cursor
    for _ in range(30):
        server.now += timedelta(hours=1, minutes=1).total_seconds()
        (batch,) = looks(channel, server, cursor)
        assert batch.gaps == ()
        cursor = batch.cursor


def test_a_second_poller_is_told_from_a_wrong_token(server, channel, tmp_path):
    async def both():
        other = Channel(account(server, tmp_path), clock=lambda: now(server), long=20)
        waiting = other.receive(None, Opening(now(server), 14), once=False)
        first = asyncio.ensure_future(anext(waiting))
        await first
        held = asyncio.ensure_future(anext(waiting))
        await asyncio.to_thread(until, lambda: len(server.said("getUpdates")) == 2)
        async for _ in channel.receive(None, Opening(now(server), 14), once=True):
            pass
        await asyncio.to_thread(until, lambda: other.trouble)
        trouble = other.trouble
        await other.close()
        held.cancel()
        await asyncio.wait({held})
        await channel.close()
        return trouble

    trouble = asyncio.run(both())
    assert not isinstance(trouble, LoginError)
    assert "other getUpdates" in trouble.values["reason"]


def test_a_wrong_token_ends_the_look_for_good(server, tmp_path):
    wrong = Channel(account(server, tmp_path, "1:wrong"), clock=lambda: now(server))
    with pytest.raises(LoginError):
        looks(wrong, server)
    with pytest.raises(LoginError):
        asked(wrong, wrong.check)


def test_a_webhook_of_another_program_is_said_and_left_alone(server, channel):
    server.hook = "https://other.example/hook"
    with pytest.raises(ChannelError, match="webhook"):
        asked(channel, channel.check)
    assert server.hook


def test_who_the_bot_is(channel):
    assert asked(channel, channel.check).address == "@vimet_bot"


def test_a_photo_a_voice_and_a_paper_come_with_their_bytes(server, channel):
    small, large = server.a_file(b"small", width=90), server.a_file(b"large picture", width=1280)
    server.writes(MARIA, photo=[small, large], caption="Mira")
    server.writes(MARIA, voice=server.a_file(b"ogg", duration=7, mime_type="audio/ogg"))
    server.writes(
        MARIA, document=server.a_file(b"%PDF", file_name="factura.pdf", mime_type="application/pdf")
    )
    (batch,) = looks(channel, server)
    photo, voice, paper = read(channel, batch)
    assert (photo.text, [a.size for a in photo.attachments]) == ("Mira", [len(b"large picture")])
    assert [(a.seconds, a.media_type) for a in voice.attachments] == [(7, "audio/ogg")]
    assert [(a.name, a.part) for a in paper.attachments] == [("factura.pdf", "1")]
    raw = batch.arrivals[2].raw
    assert b"".join(chat.file_bytes(raw, "1")) == b"%PDF"


def test_an_album_is_one_message(server, channel):
    for number in range(3):
        server.writes(
            MARIA,
            photo=[server.a_file(b"p%d" % number)],
            media_group_id="g1",
            caption="Tres" if not number else "",
        )
    server.writes(MARIA, "i un text")
    (batch,) = looks(channel, server)
    album, text = read(channel, batch)
    assert (album.text, len(album.attachments), text.text) == ("Tres", 3, "i un text")


def test_a_file_that_cannot_be_fetched_is_said_and_stops_nothing(server, channel):
    server.writes(MARIA, document={"file_id": "gone", "file_name": "fora.pdf", "file_size": 10})
    (batch,) = looks(channel, server)
    (message,) = read(channel, batch)
    assert (message.attachments, message.warnings) == ((), ("file_missing",))


def test_a_file_that_no_bot_is_given_says_which_and_what_to_ask_for(server, channel):
    film = server.a_file(b"x", file_name="video.mov", file_size=30 << 20)
    server.writes(MARIA, document=film, caption="mi video")
    (batch,) = looks(channel, server)
    (message,) = read(channel, batch)
    assert (message.text, message.attachments) == ("mi video\nvideo.mov", ())
    assert message.warnings == (f"file_too_large:{30 << 20}:{20 << 20}",)
    assert trust.warning(*message.warnings) == (
        "A file of 30 MB did not come along: this channel hands out 20 MB at most. "
        "Ask for a link to it, or to have it by mail."
    )


def test_an_edit_names_what_it_edits(server, channel):
    message = server.writes(MARIA, "talla M")
    server.now += 60
    server.edits(message, "talla L")
    (batch,) = looks(channel, server)
    first, edit = read(channel, batch)
    assert (edit.edits, edit.text) == (first.message_id, "talla L")
    assert edit.message_id != first.message_id


def test_what_has_no_text_is_told_in_words(server, channel):
    server.writes(MARIA, location={"latitude": 41.38, "longitude": 2.17})
    server.writes(MARIA, contact={"first_name": "Pep", "phone_number": "+34600111222"})
    server.writes(MARIA, dice={"emoji": "🎲", "value": 6})
    server.writes(MARIA, game={"title": "x"})
    (batch,) = looks(channel, server)
    place, contact, dice, game = read(channel, batch)
    assert (place.text, contact.text, dice.text) == ("geo:41.38,2.17", "Pep +34600111222", "🎲")
    assert (game.text, game.warnings) == ("", ("unsupported",))


def test_what_is_done_in_a_chat_is_nobody_s_message(server, channel):
    said = server.writes(MARIA, "Hola")
    server.writes(MARIA, pinned_message=said)
    server.writes(MARIA, new_chat_members=[{"id": 99, "is_bot": True, "first_name": "Bot"}])
    server.writes(MARIA, left_chat_member={"id": 7, "first_name": "Pau"})
    (batch,) = looks(channel, server)
    hello, pin, came, left = read(channel, batch)
    assert (hello.mail_class, hello.warnings) == ("human", ())
    for each, warning in ((pin, "pinned"), (came, "chat_changed"), (left, "chat_changed")):
        assert (each.mail_class, each.class_reason, *each.warnings) == ("auto_reply", "by_service", warning)


def test_a_reply_names_what_it_replies_to(server, channel):
    first = server.writes(MARIA, "Hola")
    server.writes(MARIA, "Això", reply_to_message=first)
    (batch,) = looks(channel, server)
    said, reply = read(channel, batch)
    assert reply.in_reply_to == (said.message_id,)


def test_two_bots_of_a_shop_may_give_messages_of_the_same_person_the_same_number(server, channel, tmp_path):
    """Each bot counts for itself; what is taken for the same message would be lost."""
    other = Telegram(token="4839574813:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK")
    names = []
    for service, token in ((server, TOKEN), (other, other.token)):
        service.writes(MARIA, "Hola")
        bot = Channel(account(service, tmp_path, token), clock=lambda: now(server), long=1)
        names += [each.message_id for batch in looks(bot, service) for each in read(bot, batch)]
    other.stop()
    assert len(set(names)) == 2


def test_a_text_and_its_files_arrive_in_order_and_are_named(server, channel):
    paper, picture = OutFile("a.pdf", "application/pdf", b"%PDF"), OutFile("b.png", "image/png", b"PNG")
    result = sends(channel, out("Aquí ho tens", paper, picture))
    assert isinstance(result, Accepted)
    assert [(s.method, s.text, s.data) for s in server.sent] == [
        ("sendDocument", "Aquí ho tens", b"%PDF"),
        ("sendPhoto", "", b"PNG"),
    ]
    assert result.names == tuple(f"telegram:{MARIA}/{each.number}@{ME['id']}" for each in server.sent)


def test_a_long_text_goes_before_its_file(server, channel):
    sends(channel, out("x" * 2000, OutFile("a.pdf", "application/pdf", b"%PDF")))
    assert [(s.method, len(s.text)) for s in server.sent] == [("sendMessage", 2000), ("sendDocument", 0)]


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (too_many(7), TryLater),
        (Answer({"ok": False, "description": "Forbidden: bot was blocked by the user"}, 403), Refused),
        (Answer({"ok": False, "description": "Bad Request: chat not found"}, 400), Refused),
        (Answer({"ok": False, "description": "Internal"}, 500), TryLater),
        (Answer(b"<html>bad gateway</html>", 502), Doubtful),
        (Answer(b"<html>Sign in to this network</html>"), Doubtful),
        (CUT_BEFORE, Doubtful),
        (CUT_AFTER, Doubtful),
    ],
    ids=lambda each: (
        each if isinstance(each, str) else str(getattr(each, "status", getattr(each, "__name__", "")))
    ),
)
def test_what_becomes_of_a_send(server, channel, fault, wanted):
    server.on("sendMessage", fault)
    result = sends(channel, out())
    assert isinstance(result, wanted)
    if fault == too_many(7):
        assert result.after == 7
    assert len(server.sent) == (fault == CUT_AFTER)


def test_a_file_that_is_refused_after_the_text_went_is_named_and_nothing_goes_twice(server, channel):
    server.on("sendDocument", Answer({"ok": False, "description": "Bad Request: file is too big"}, 400))
    result = sends(channel, out("x" * 2000, OutFile("gros.pdf", "application/pdf", b"%PDF")))
    assert isinstance(result, Accepted)
    assert result.refused == (("gros.pdf", "Bad Request: file is too big"),)
    assert len(server.sent) == 1


def test_nobody_listens(server, tmp_path):
    server.stop()
    gone = Channel(account(server, tmp_path), clock=lambda: now(server))
    result = sends(gone, out())
    assert isinstance(result, TryLater)  # no connection came about: it has surely not gone


def test_somebody_is_shown_that_we_write(server, channel):
    asked(channel, lambda: channel.attend(f"telegram:{MARIA}/100"))
    assert server.typing == [MARIA]


def test_the_token_is_in_no_word(server, channel, tmp_path, caplog):
    """httpx's own lines and exceptions hold whole addresses, the token in them."""
    caplog.set_level(logging.DEBUG)
    said = [repr(channel), repr(account(server, tmp_path))]
    server.on(
        "getUpdates",
        CUT_BEFORE,
        Answer({"ok": False, "description": f"bad token {TOKEN}"}, 401),
        Answer(b"{", 200),
    )
    server.on("sendMessage", CUT_AFTER, Answer({"ok": False, "description": f"no {TOKEN}"}, 400))
    for _ in range(3):
        try:
            looks(channel, server)
        except DeskError as error:
            said += [
                str(error),
                repr(error),
                repr(error.values),
                repr(error.__cause__),
                repr(error.__context__),
            ]
    for _ in range(2):
        said.append(repr(sends(channel, out())))
    said += [record.getMessage() for record in caplog.records]
    secret = TOKEN.partition(":")[2]
    assert not [text for text in said if secret in text]


def test_how_long_telegram_wants_to_be_left_alone_is_heard(server, channel):
    server.on("getUpdates", too_many(7))
    with pytest.raises(ChannelError) as caught:
        looks(channel, server)
    assert caught.value.values["after"] == 7


def test_half_a_token_is_in_no_word_either(server, channel):
    """A service's words are cut, perhaps in the middle of one."""
    for before in range(240, 300, 6):
        server.on("sendMessage", Answer({"ok": False, "description": "x" * before + TOKEN}, 400))
        result = sends(channel, out())
        assert TOKEN[:6] not in result.reason
    server.on("sendMessage", Answer({"ok": False, "description": f"no {TOKEN.replace(':', '%3A')}"}, 400))
    assert TOKEN.partition(":")[2] not in sends(channel, out()).reason


def test_a_document_of_garbage_is_refused_with_a_reason(channel):
    deep = json.dumps({"event": {"updates": [{"message": {}}]}, "files": []}).encode()
    for raw in (
        b"",
        b"{",
        b"[" * 100_000,
        deep,
        b'{"event": {"updates": [{"message": {"chat": 7}}]}, "files": []}',
    ):
        with pytest.raises(ValueError) as caught:
            channel.read(raw)
        assert str(caught.value)


def test_what_is_written_in_a_group_says_so_and_a_bot_speaks_to_whom_its_answer_is_for(server, channel):
    group = {"id": -1001, "type": "supergroup", "title": "Vecinos"}
    server.writes(MARIA, "hola vecinos", chat=group)
    server.writes(MARIA, "mi pedido 99")
    (batch,) = looks(channel, server)
    said, alone = read(channel, batch)
    assert (said.room, alone.room) == (chat.room("Vecinos", -1001), None)
    assert (said.sender.email, said.message_id.split("/")[0]) == (str(MARIA), "telegram:-1001")
    answers = {"in_reply_to": said.message_id, "references": (said.message_id,)}
    sends(channel, replace(out("A todos"), to=(said.room,), **answers))
    sends(channel, replace(out("Enviado a Reforma 1"), **answers))  # whatever was said last, and where
    assert [(each.chat, each.text) for each in server.sent] == [
        (-1001, "A todos"),
        (MARIA, "Enviado a Reforma 1"),
    ]
