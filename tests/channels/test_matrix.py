"""Matrix on a real homeserver: invited, written to, edited, taken back, read, and a line that breaks anywhere."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.channels import Opening, chat
from agentdesk.core.model import Address, Incoming, Reaction, Receipt, Withdrawal
from agentdesk.errors import ChannelError
from channels.contract import Taker
from channels.rooms import PNG, Shop
from servers import inbox, until
from servers.web import CUT_AFTER, CUT_BEFORE, Between

pytestmark = pytest.mark.servers


@pytest.fixture
def shop(synapse, tmp_path):
    return Shop(synapse, tmp_path)


def test_an_invitation_is_accepted_and_what_was_written_until_then_is_new(shop):
    shop.news()
    room = shop.ana.room(shop.us.user)
    event = shop.ana.says(room, "Hola, teniu la talla M?")
    (said,) = shop.news()
    assert (said.text, said.sender) == ("Hola, teniu la talla M?", Address("Ana Puig", shop.ana.user))
    assert said.message_id == f"matrix:{room}/{event}"
    (arrival,) = shop.arrivals
    assert (arrival.before, arrival.role, arrival.place.folder) == (False, "inbox", room)
    assert [each["content"]["body"] for each in shop.us.sees(room)] == ["Hola, teniu la talla M?"]


def test_the_customer_of_a_room_is_whoever_invited_us(shop):
    room = shop.together()
    helper = shop.server.person()
    shop.ana.ask("POST", "rooms", room, "invite", json={"user_id": helper.user})
    helper.joins(room)
    helper.ask("POST", "rooms", room, "leave", json={})
    shop.us.says(room, "Ja ho miro")
    (ours,) = shop.news()
    assert (ours.to, ours.room) == ((Address("Ana Puig", shop.ana.user),), None)
    assert shop.arrivals[0].role == "sent"


def test_a_room_that_somebody_else_was_invited_to_is_a_room_of_several(shop):
    room = shop.together()
    leo = shop.server.person(shown="Leo")
    shop.ana.says(room, "Carrer Major 7")
    (alone,) = shop.news()
    assert alone.room is None
    shop.ana.ask("POST", "rooms", room, "invite", json={"user_id": leo.user})
    shop.ana.says(room, "Ve en Leo")
    (invited,) = shop.news()  # he may read what is written now
    assert set(invited.room.name.split(", ")) == {"Ana Puig", "Leo"}, "by their ids, which are new each time"
    leo.joins(room)
    shop.ana.ask("PUT", "rooms", room, "state", "m.room.name", "", json={"name": "Veïns"})
    leo.says(room, "Hola a tots")
    (said,) = shop.news()
    assert (said.room, said.sender.name) == (chat.room("Veïns", room), "Leo")
    refused = shop.sends(shop.letter(room, "Carrer Major 7"))
    assert refused.code == "overheard"
    shop.sends(replace(shop.letter(room, "Hola"), to=(said.room,)))
    assert [each["content"].get("body") for each in leo.sees(room)][-1] == "Hola"


def test_a_room_in_which_we_are_alone_is_nobodys(shop):
    room = shop.us.room()
    shop.us.says(room, "Nota per a mi")
    assert shop.news() == []


def test_an_invitation_that_was_withdrawn_stops_nothing(shop):
    shop.news()
    room = shop.ana.room(shop.us.user)
    shop.ana.ask("POST", "rooms", room, "kick", json={"user_id": shop.us.user})
    other = shop.ana.room(shop.us.user)
    shop.ana.says(other, "Aquí sí")
    assert [each.text for each in shop.news()] == ["Aquí sí"]


def test_what_was_there_before_is_history_unless_somebody_waits(shop):
    shop.opening = Opening(inbox.now() + timedelta(minutes=5), 14)
    answered, waiting = shop.ana.room(shop.us.user), shop.ana.room(shop.us.user)
    for room in (answered, waiting):
        shop.us.joins(room)
        shop.ana.says(room, "Hola")
        shop.us.says(room, "Bon dia")
    shop.ana.says(waiting, "I el meu paquet?")
    for number in range(9):
        shop.ana.puts(answered, "m.room.message", {"msgtype": "m.notice", "body": f"notícia {number}"})
    texts = [each.text for each in shop.news(history=5)]
    assert {each.before for each in shop.arrivals} == {True}
    (waits,) = [each for each in shop.arrivals if each.waits]
    assert shop.make().read(waits.raw).text == "I el meu paquet?"
    assert [each for each in texts if "not" in each] == [f"notícia {number}" for number in range(4, 9)]
    assert shop.gaps == []


def test_what_was_said_in_a_room_before_we_were_invited_is_history_unless_it_waits(shop):
    shop.news()
    asked, told = shop.ana.room(), shop.ana.room()
    shop.ana.says(asked, "On és?")
    shop.ana.says(told, "Ja vindré", msgtype="m.notice")
    for room in (asked, told):
        shop.ana.ask("POST", "rooms", room, "invite", json={"user_id": shop.us.user})
        shop.ana.says(room, "Hola?")
    texts = [each.text for each in shop.news()]
    standing = dict(zip(texts, ((each.before, each.waits) for each in shop.arrivals), strict=True))
    assert standing == {"On és?": (True, True), "Ja vindré": (True, False), "Hola?": (False, False)}


def test_kinds_of_messages_are_told_in_words(shop):
    room = shop.together()
    shop.ana.says(room, "balla", msgtype="m.emote")
    shop.ana.says(room, "Soc un robot", msgtype="m.notice")
    shop.ana.says(room, "Barcelona", msgtype="m.location", geo_uri="geo:41.38,2.17")
    shop.ana.puts(room, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
    shop.ana.puts(room, "org.example.dance", {"steps": 3})
    shop.ana.ask("PUT", "rooms", room, "state", "m.room.topic", "", json={"topic": "Sabates"})
    emote, notice, place, encrypted, unknown = shop.news(at_once=50)
    assert emote.text == "* balla"
    assert (notice.mail_class, notice.class_reason) == ("auto_reply", "m.notice")
    assert place.text == "Barcelona\ngeo:41.38,2.17"
    assert (encrypted.text, encrypted.warnings) == ("", ("encrypted",))
    assert (unknown.text, unknown.warnings) == ("", ("unsupported",))


def test_a_poll_is_told_in_words_as_both_specifications_have_it(shop):
    room = shop.together()
    words = [{"body": "Quin dia?"}, {"body": "<b>Quin dia?</b>", "mimetype": "text/html"}]
    answers = [{"m.id": "1", "m.text": [{"body": "Dilluns"}]}, {"m.id": "2", "m.text": [{"body": "Dimarts"}]}]
    shop.ana.puts(room, "m.poll.start", {"m.poll": {"question": {"m.text": words}, "answers": answers}})
    answers = [{"id": "1", "org.matrix.msc1767.text": "Dilluns"}, {"id": "2", "body": "Dimarts"}]
    asked = {"question": {"org.matrix.msc1767.text": "Quin dia?"}, "answers": answers}
    shop.ana.puts(room, "org.matrix.msc3381.poll.start", {"org.matrix.msc3381.poll.start": asked})
    shop.ana.puts(room, "m.poll.start", {"m.poll": {"question": 7, "answers": [7]}})
    *polls, odd = shop.news(at_once=50)
    assert [(each.text, each.warnings) for each in polls] == [("Quin dia?\n- Dilluns\n- Dimarts", ())] * 2
    assert (odd.text, odd.warnings) == ("", ("unsupported",))


def test_an_answer_names_what_it_answers_without_the_quotation(shop):
    room = shop.together()
    first = shop.us.says(room, "Quina talla?")
    quoted = f"> <{shop.us.user}> Quina talla?\n> gràcies\n\nLa M\n> i això és meu"
    shop.ana.answers(room, first, quoted)
    asked, answer = shop.news()
    assert answer.in_reply_to == (asked.message_id,)
    assert answer.text == "La M\n> i això és meu"


def test_an_edit_counts_from_its_writer_alone(shop):
    room = shop.together()
    other = shop.server.person(shown="Un altre")
    shop.ana.ask("POST", "rooms", room, "invite", json={"user_id": other.user})
    other.joins(room)
    event = shop.ana.says(room, "Talla M")
    shop.ana.edits(room, event, "Talla L")
    other.edits(room, event, "No vull res")
    first, edit, forged = shop.news()
    assert (edit.edits, edit.text) == (first.message_id, "Talla L")
    assert (forged.edits, forged.text, forged.sender.email) == (None, "* No vull res", other.user)


def test_a_message_taken_back_is_said_by_its_writer_alone(shop):
    room = shop.together()
    mine, ours = shop.ana.says(room, "La meva clau és 1234"), shop.us.says(room, "Bon dia")
    shop.news()
    shop.ana.takes_back(room, mine)
    shop.ana.takes_back(room, ours)  # whoever made the room may, and has not written it
    (said,) = shop.news()
    assert (type(said), said.of) == (Withdrawal, f"matrix:{room}/{mine}")


def test_what_was_taken_back_before_it_came_here_is_nothing(shop):
    room = shop.together()
    event = shop.ana.says(room, "Error")
    shop.ana.takes_back(room, event)
    assert [type(each) for each in shop.news()] == [Withdrawal]


def test_a_sign_is_put_and_taken_away(shop):
    room = shop.together()
    event = shop.us.says(room, "Surt demà")
    first = shop.ana.reacts(room, event, "👍")
    _, put = shop.news()
    on = f"matrix:{room}/{event}"
    assert (type(put), put.of, put.sign, put.by.email) == (Reaction, on, "👍", shop.ana.user)
    shop.ana.reacts(room, event, "❤️")
    shop.ana.takes_back(room, first)  # the newer one stays
    assert [each.sign for each in shop.news()] == ["❤️"]
    third = shop.ana.reacts(room, event, "🎉")
    shop.news()
    other = shop.us.reacts(room, event, "✔")
    shop.news()
    shop.ana.takes_back(room, other)  # it is not hers
    shop.ana.takes_back(room, third)
    assert [(each.of, each.sign) for each in shop.news()] == [(on, "")]


def test_files_come_with_their_bytes(shop):
    room = shop.together()
    picture, voice = shop.ana.uploads(PNG, "image/png"), shop.ana.uploads(b"OggS" + PNG, "audio/ogg")
    more = {"filename": "caixa.png", "info": {"mimetype": "image/png", "size": len(PNG)}}
    shop.ana.says(room, "Ve trencada", msgtype="m.image", url=picture, **more)
    info = {"mimetype": "audio/ogg", "duration": 7400}
    shop.ana.says(room, "nota.ogg", msgtype="m.audio", url=voice, info=info)
    shop.ana.says(room, "fora.pdf", msgtype="m.file", url="mxc://shop.test/gone")
    shop.ana.puts(room, "m.sticker", {"body": "gat", "url": picture, "info": {"mimetype": "image/png"}})
    image, sound, missing, sticker = shop.news()
    assert (image.text, [a.name for a in image.attachments]) == ("Ve trencada", ["caixa.png"])
    assert [(a.seconds, a.media_type, a.name) for a in sound.attachments] == [(7, "audio/ogg", "nota.ogg")]
    assert (sound.text, missing.attachments, missing.warnings) == ("", (), ("file_missing",))
    assert (sticker.text, [a.size for a in sticker.attachments]) == ("gat", [len(PNG)])
    raw = shop.arrivals[0].raw
    assert b"".join(chat.file_bytes(raw, "1")) == PNG


def test_whatever_ana_has_read_is_read(shop):
    room = shop.together()
    first = shop.us.says(room, "Un")
    second = shop.us.says(room, "Dos")
    shop.us.says(room, "Tres")
    shop.news()
    shop.ana.reads(room, second)
    found = shop.news()
    assert {type(each) for each in found} == {Receipt}
    assert {each.of for each in found} == {f"matrix:{room}/{event}" for event in (first, second)}
    assert {each.state for each in found} == {"read"}
    assert shop.news() == []


def test_a_busy_room_is_fetched_back_to_what_is_known(shop):
    room = shop.together()
    shop.ana.says(room, "Abans")
    shop.news()
    for number in range(20):
        shop.ana.says(room, f"{number}")
    assert [each.text for each in shop.news(history=4)] == [f"{number}" for number in range(20)]
    assert shop.gaps == []


def test_what_cannot_be_fetched_back_is_said(shop):
    room = shop.together()
    for number in range(20):
        shop.ana.says(room, f"{number}")
    texts = [each.text for each in shop.news(history=4, back=8)]
    assert texts == [f"{number}" for number in range(8, 20)]
    assert shop.gaps == ["limited"]
    assert shop.news() == []


def test_a_stream_that_the_homeserver_does_not_know_begins_anew_and_says_so(shop):
    room = shop.together()
    shop.ana.says(room, "Hola")
    known = json.loads(shop.cursor)
    shop.cursor = json.dumps({**known, "since": "s0_bogus"})
    assert [each.text for each in shop.news()] == ["Hola"]
    assert shop.gaps == ["cursor"]


def test_a_line_that_breaks_at_any_request_loses_nothing_and_doubles_nothing(synapse, tmp_path):
    """Before each request of a pass, and after each was heard: the next pass brings what is missing."""
    between = Between(synapse.base)
    shop = Shop(synapse, tmp_path / "x", between.base)
    shop.folder.mkdir()
    shop.account = replace(shop.account, spool=shop.folder)
    room = shop.ana.room(shop.us.user)
    event = shop.ana.says(room, "Hola")
    shop.ana.edits(room, event, "Hola!")
    shop.ana.says(room, "f.png", msgtype="m.image", url=shop.ana.uploads(PNG, "image/png"))
    straight = Taker(tmp_path / "straight", shop)
    asyncio.run(straight.take())
    wanted = straight.rows()
    assert [len(messages) for _, _, messages in wanted] == [2]
    straight.close()
    requests = len(between.requests)
    assert requests > 6
    for fault in (CUT_BEFORE, CUT_AFTER):
        for number in range(requests):
            taker = Taker(tmp_path / f"{fault} {number}", shop)
            between.on("/", *[between.handle] * number, fault)
            try:
                asyncio.run(taker.take())
            except ChannelError:
                between.behave()
                asyncio.run(taker.take())
            between.behave()
            assert taker.rows() == wanted, (fault, number)
            taker.close()
    between.stop()


def test_a_message_that_comes_is_there_at_once(shop):
    """By the homeserver's push: the look that waits is given a minute."""
    room = shop.together()

    async def waited():
        channel = shop.make(long=60)
        stream = channel.receive(shop.cursor, shop.opening, once=False)
        await anext(stream)
        coming = asyncio.ensure_future(anext(stream))
        await asyncio.to_thread(shop.ana.says, room, "Ara")
        await asyncio.wait({coming}, timeout=20)
        found = [channel.read(each.raw) for each in coming.result().arrivals]
        await stream.aclose()
        await channel.close()
        return found

    (said,) = asyncio.run(waited())
    assert isinstance(said, Incoming)
    assert said.text == "Ara"


def test_a_quiet_day_writes_nothing(shop):
    """A look without news keeps the cursor, so that nothing is committed for it."""
    shop.together()

    async def looked():
        channel = shop.make(long=0)
        stream = channel.receive(shop.cursor, shop.opening, once=False)
        found = [await anext(stream)]
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.to_thread(until, lambda: channel._sync._open.mark.at > first_at)
        waiting.cancel()
        await asyncio.wait({waiting})
        await channel.close()
        return found

    first_at = inbox.now()
    (only,) = asyncio.run(looked())
    assert (only.arrivals, only.cursor) == ((), shop.cursor)
