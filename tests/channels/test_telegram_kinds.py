"""What people send on Telegram beside words, files and places: told in words, or said to be somebody else's."""

import pytest

from agentdesk.channels import chat
from agentdesk.channels.telegram import update
from servers.telegram import Telegram, origin

MARIA = 7001


@pytest.fixture
def server():
    made = Telegram()
    yield made
    made.stop()


def read(*messages):
    """What was written to the bot, read."""
    raws = [chat.received("telegram", {"updates": [{"message": each}], "bot": "1"}) for each in messages]
    return [update.read(each) for each in raws]


def test_polls_lists_stories_and_named_places_are_told_in_words(server):
    options = [{"text": "Dilluns", "voter_count": 0}, {"text": "Dimarts", "voter_count": 0}]
    where = {"latitude": 41.38, "longitude": 2.17}
    tasks = [{"id": 1, "text": "Caixa"}, {"id": 2, "text": "Etiqueta"}]
    shop = {"location": where, "title": "Botiga", "address": "Carrer Nou 1"}
    poll, listed, venue, story, bare, odd = read(
        server.writes(MARIA, poll={"id": "1", "question": "Quin dia?", "options": options}),
        server.writes(MARIA, checklist={"title": "Devolució", "tasks": tasks}),
        server.writes(MARIA, venue=shop, location=where),
        server.writes(MARIA, story={"chat": {"id": -5, "title": "Vimet", "username": "vimet"}, "id": 3}),
        server.writes(MARIA, story={"chat": {"id": 9}, "id": 4}),
        server.writes(MARIA, poll={"question": 7, "options": "x"}),
    )
    assert poll.text == "Quin dia?\n- Dilluns\n- Dimarts"
    assert listed.text == "Devolució\n- Caixa\n- Etiqueta"
    assert venue.text == "Botiga\nCarrer Nou 1\ngeo:41.38,2.17"
    assert (story.text, story.warnings) == ("Vimet\nhttps://t.me/vimet/s/3", ("story",))
    assert (bare.text, bare.warnings) == ("", ("story",))
    assert {each.warnings for each in (poll, listed, venue)} == {()}
    assert (odd.text, odd.warnings) == ("", ("unsupported",))


def test_what_is_forwarded_says_from_whom_and_nothing_of_who_sends_it(server):
    text = "The order has been sent and you should receive it tomorrow"
    pep = {"id": 5, "first_name": "Pep\x1b", "last_name": "Sastre"}
    *forwarded, own = read(
        server.writes(MARIA, text, **origin("user", sender_user=pep)),
        server.writes(MARIA, text, **origin("hidden_user", sender_user_name="Proveïdor")),
        server.writes(MARIA, text, **origin("channel", chat={"id": -7, "title": "Ofertes"}, message_id=3)),
        server.writes(MARIA, text, **origin("hidden_user")),
        server.writes(MARIA, "Això és meu, i ja ho vaig dir", **origin("user", sender_user={"id": MARIA})),
    )
    assert [each.forwarded_from for each in forwarded] == ["Pep\ufffd Sastre", "Proveïdor", "Ofertes", ""]
    assert {(each.warnings, each.language, each.text) for each in forwarded} == {(("forwarded",), "ca", text)}
    assert (own.warnings, own.is_own) == ((), True)
