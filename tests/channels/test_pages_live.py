"""Messenger and Instagram over a real relay: what is said comes at once, and what may be sent is what Meta allows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.channels import Accepted, Refused, chat
from agentdesk.channels.meta import FILE_MAX
from agentdesk.errors import ChannelError, RefusedError
from channels.contract import a_letter, asked, envelope
from channels.hooked import BEGAN, shop_in
from servers.meta import error
from servers.web import CUT_AFTER, Answer


@pytest.fixture(params=["messenger", "instagram"])
def shop(tmp_path, relay, request):
    yield from shop_in(tmp_path, relay, request.param)


def millis(shop):
    return int(shop.server.now.timestamp() * 1000)


def picture(shop, number, name="p1"):
    shop.server.media[name] = b"jpeg"
    place = {"url": f"{shop.server.base}/cdn/{name}"}
    message = {"mid": number, "text": "Mireu", "attachments": [{"type": "image", "payload": place}]}
    return shop.server.messaging(shop.maria, message=message)


def test_a_message_comes_with_its_picture_which_is_fetched_without_our_token(shop):
    shop.comes(picture(shop, "m_1"))
    (message,) = shop.messages
    assert (message.text, [each.size for each in message.attachments]) == ("Mireu", [4])
    (arrival,) = [each for batch in shop.batches for each in batch.arrivals]
    assert b"".join(chat.file_bytes(arrival.raw, "1")) == b"jpeg"
    assert all("authorization" not in each.headers for each in shop.server.said("/cdn/"))


def test_whoever_writes_is_asked_for_by_name_once_and_no_message_waits_for_it(shop):
    shop.server.on(f"/{shop.maria}", error(100, "no permission", 400))
    shop.comes(shop.says(shop.maria, "Hola"), shop.says("7654321088", "Hola"), shop.says("7654321088", "Ei"))
    assert sorted(row.customer_name for row in shop.bench.queue()) == ["", "Maria 88"]
    assert len(shop.server.said("7654321088")) == 1


def test_a_picture_that_cannot_be_had_now_is_asked_for_again_by_a_desk_that_looks_once_for_a_day(shop):
    shop.server.on("/cdn/", Answer(b"", 503))
    shop.hook(picture(shop, "m_1"))
    with pytest.raises(ChannelError):
        shop.news()
    shop.news()
    assert [len(each.attachments) for each in shop.messages] == [1]
    shop.server.on("/cdn/", Answer(b"", 503), Answer(b"", 503))
    late = picture(shop, "m_2")
    shop.go(hours=23)
    shop.hook(late)
    with pytest.raises(ChannelError):
        shop.news()
    shop.go(hours=1)
    shop.news()
    assert shop.messages[-1].warnings == ("file_missing",)


def test_a_file_that_is_longer_than_a_file_may_be_stops_nothing(shop):
    long = picture(shop, "m_1")
    shop.server.media["p1"] = bytes(FILE_MAX + 1)
    shop.comes(long, shop.says(shop.maria, "Hola"))
    assert [(each.text, each.warnings) for each in shop.messages] == [
        ("Mireu", ("file_missing",)),
        ("Hola", ()),
    ]


def test_what_was_delivered_and_read_is_shown(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.flush()
    shop.news()
    shop.go(seconds=5)
    shop.comes(shop.server.messaging(shop.maria, delivery={"watermark": millis(shop), "mids": ["m_out0000"]}))
    assert shop.states() == [("Bon dia", "delivered")]
    shop.comes(shop.server.messaging(shop.maria, read={"watermark": millis(shop)}))
    assert shop.states() == [("Bon dia", "read")]


def test_signs_edits_and_what_was_taken_back_are_shown(shop):
    shop.writes("Vull la talla M")
    number = shop.messages[0].remote_id.partition("/")[2]
    shop.go(minutes=1)
    heart = {"mid": number, "action": "react", "emoji": "❤️"}
    shop.comes(
        shop.server.messaging(
            shop.maria, message_edit={"mid": number, "text": "Vull la talla L", "num_edit": 1}
        ),
        shop.server.messaging(shop.maria, reaction=heart),
        shop.server.messaging(shop.maria, by_us=True, reaction=heart),
        shop.server.messaging(shop.maria, message={"mid": number, "is_deleted": True}),
    )
    (message,) = shop.messages
    assert (message.text, message.first) == ("Vull la talla L", "Vull la talla M")
    assert sorted(sign for _, sign in message.reactions) == ["❤️", "❤️"]
    assert message.withdrawn_at is not None


def test_after_a_day_a_persons_words_go_with_the_tag_and_after_a_week_nothing_goes(shop):
    shop.writes("Hola")
    sent = []
    for hours in (23, 2, 100):
        shop.go(hours=hours)
        shop.answer(f"Al cap de {hours}")
        shop.flush()
        sent.append((shop.server.taken[-1]["messaging_type"], shop.server.taken[-1].get("tag")))
    tagged = ("MESSAGE_TAG", "HUMAN_AGENT")
    assert sent == [("RESPONSE", None), tagged, tagged]
    shop.go(hours=44)
    with pytest.raises(RefusedError) as caught:
        shop.answer("Massa tard")
    assert caught.value.values["reason"] == "window_over"
    assert [state for _, state in shop.states()] == ["sent"] * 3


def test_what_a_machine_wrote_never_bears_the_tag(shop):
    shop.writes("Hola")
    channel = shop.make()

    def sends(**more):
        out = replace(a_letter(1, shop.maria, "", shop.server.now), automatic=True, **more)
        return asked(channel, lambda: channel.send(channel.compose(out), envelope(out), lambda: None))

    until = BEGAN + timedelta(days=1)
    assert isinstance(sends(free_until=until), Accepted)
    shop.go(days=2)
    assert sends(free_until=until) == Refused("window_closed", "the window has closed")
    assert [each["messaging_type"] for each in shop.server.taken] == ["RESPONSE"]


def test_what_meta_refuses_although_we_thought_the_window_open_comes_back_with_the_reason(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.server.on("/messages", error(10, "outside of allowed window", error_subcode=2018278))
    shop.flush()
    assert (shop.states(), shop.messages[-1].error) == ([("Bon dia", "failed")], "window_closed")


def test_an_echo_settles_a_doubt_by_our_own_name_whatever_became_of_its_words(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.server.on("/messages", CUT_AFTER)
    shop.flush()
    assert shop.states() == [("Bon dia", "unknown")]
    shop.server.queue[-1]["entry"][0]["messaging"][0]["message"]["text"] = "Bon dia 🙂"
    shop.news()
    assert [(m.direction, m.text, m.state) for m in shop.messages] == [
        ("in", "Hola", None),
        ("out", "Bon dia", "sent"),
    ]
    assert shop.waiting() == []


def test_whoever_types_is_seen_to(shop):
    shop.writes("Hola")
    channel = shop.make()
    asked(channel, lambda: channel.attend(shop.messages[0].remote_id))
    assert [(each["recipient"], each["sender_action"]) for each in shop.server.attended] == [
        ({"id": shop.maria}, "mark_seen"),
        ({"id": shop.maria}, "typing_on"),
    ]
