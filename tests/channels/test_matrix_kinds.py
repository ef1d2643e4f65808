"""Polls and stickers of Matrix, as both specifications write them: told in words, and work like any message."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels import Opening, chat
from agentdesk.channels.matrix import event, rooms
from servers.matrix import ANA, ROOM, US

AT = 1_795_000_000_000
STABLE = {
    "m.poll": {
        "question": {"m.text": [{"body": "<b>Quin dia?</b>", "mimetype": "text/html"}, {"body": "Quin dia?"}]},
        "answers": [{"m.id": "1", "m.text": [{"body": "Dilluns"}]}, {"m.id": "2", "m.text": [{"body": "Dimarts"}]}],
    }
}  # fmt: skip
UNSTABLE = {
    "org.matrix.msc3381.poll.start": {
        "question": {"org.matrix.msc1767.text": "Quin dia?", "body": "Quin dia?", "msgtype": "m.text"},
        "answers": [{"id": "1", "org.matrix.msc1767.text": "Dilluns"}, {"id": "2", "body": "Dimarts"}],
    }
}
DRAFT = {
    "m.poll.start": {
        "question": {"m.text": "Quin dia?"},
        "answers": [{"m.text": "Dilluns"}, {"m.text": "Dimarts"}],
    }
}


def said(kind, content):
    return {"type": kind, "event_id": "$1", "sender": ANA, "origin_server_ts": AT, "content": content}


def read(kind, content):
    names = {ANA: "Anna"}
    document = {"event": said(kind, content), "room": ROOM, "us": US, "names": names, "customer": ANA}
    return event.read(chat.received("matrix", document))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("m.poll.start", STABLE),
        ("org.matrix.msc3381.poll.start", UNSTABLE),
        ("m.poll.start", DRAFT),
    ],
)
def test_a_poll_is_told_in_words(kind, content):
    found = read(kind, content)
    assert (found.text, found.warnings) == ("Quin dia?\n- Dilluns\n- Dimarts", ())


@pytest.mark.parametrize(
    "poll", [7, {}, {"question": 7, "answers": [7]}, {"question": {"m.text": [7]}, "answers": 7}]
)
def test_a_poll_without_words_is_kept_and_said(poll):
    found = read("m.poll.start", {"m.poll": poll})
    assert (found.text, found.warnings) == ("", ("unsupported",))


def test_a_sticker_is_called_by_its_name():
    found = read("m.sticker", {"body": "gat content", "info": {}})
    assert (found.text, found.warnings) == ("gat content", ())


def test_a_poll_of_before_waits_for_its_answer_as_any_message_does():
    at = datetime.fromtimestamp(AT / 1000, UTC)
    opening = Opening(at + timedelta(minutes=1), 14)
    room = rooms.Room(ROOM, [said("m.poll.start", STABLE)])
    (item,) = rooms.items([room], {}, opening, US, at + timedelta(minutes=2), first=True)
    assert (item.before, item.waits) == (True, True)
