"""What a chat's ticket is about, and what comes before the message that it belongs to."""

import pytest

from agentdesk.channels import chat
from agentdesk.core.model import Reaction
from agentdesk.store.digest import digest
from engine.chats import chats_in


@pytest.fixture(params=["whatsapp", "telegram"])
def shop(tmp_path, request):
    yield from chats_in(tmp_path, request.param)


def replayed(shop) -> bool:
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    return digest(shop.bench.store.connection) == before


def test_signs_that_overtake_their_message_wait_for_it_the_last_of_each(shop):
    shop.reacts("👍", 1)
    shop.go(seconds=1)
    shop.reacts("❤️", 1)
    shop.comes(Reaction(shop.kind, shop.name(1), None, "👀", shop.bench.clock.at))
    shop.reacts("👎", 2)
    shop.go(seconds=1)
    shop.reacts("", 2)
    shop.writes("Hola", 1)
    shop.writes("Hola?", 2)
    first, second = shop.bench.messages(1)
    assert (set(first.reactions), second.reactions) == ({("", "👀"), ("Maria", "❤️")}, ())
    assert replayed(shop)


def test_a_title_follows_what_the_first_message_says_by_now(shop):
    shop.writes("Vull la talla M", 1)
    shop.writes("I les sabates?", 2)
    shop.go(minutes=1)
    shop.edits("Vull la talla L", 1)
    shop.edits("I els mitjons?", 2)
    assert shop.bench.ticket(1).row.subject == "Vull la talla L"
    shop.edits("", 1)
    assert shop.bench.ticket(1).row.subject == "Vull la talla L"
    assert replayed(shop)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hola", "Hola"),
        ("https://shop.test/" + "a" * 80, "https://shop.test/" + "a" * 41 + "…"),
        ("x" * 4096, "x" * 59 + "…"),
        ("Mira https://shop.test/" + "a" * 80, "Mira https://shop.test/" + "a" * 36 + "…"),
        ("paraula " * 20, "paraula " * 6 + "paraula…"),
    ],
)
def test_a_long_beginning_makes_a_title_with_words_in_it(text, title):
    assert chat.title(text) == title


def test_a_chat_that_begins_with_a_picture_is_about_its_first_words(shop):
    shop.writes("", 1)
    assert shop.bench.ticket(1).row.subject == ""
    shop.answer("Què és això?")
    shop.flush()
    shop.phone("Hola?", 900)
    shop.writes("La meva comanda", 2)
    shop.writes("Va bé?", 3)
    assert shop.bench.ticket(1).row.subject == "La meva comanda"
    assert replayed(shop)
