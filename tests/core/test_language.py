"""The language somebody writes in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.core.language import _WORD, _words_of, language
from core.written import CHATS, ELSEWHERE, sentences


@given(st.text(st.characters(codec="cp1252") | st.sampled_from("ŀαж中²½_·’\u200b\x1c\x85"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_words_are_the_same_the_quick_way(text):
    assert _words_of(text) == [word.encode("cp1252", "replace") for word in _WORD.findall(text.lower())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hola, ¿cuándo llega mi pedido? Gracias", "es"),
        ("Hice el pedido la semana pasada y todavía no he recibido nada.", "es"),
        ("Bon dia, vaig fer la comanda la setmana passada i encara no he rebut res.", "ca"),
        ("L'article va arribar amb la caixa trencada", "ca"),
        ("Where is my order? It has not arrived yet", "en"),
        ("Bonjour, je n'ai pas encore reçu ma commande", "fr"),
        ("Guten Tag, wann kommt meine Bestellung an?", "de"),
        ("Olá, ainda não recebi o meu pedido", "pt"),
        ("Buongiorno, non ho ancora ricevuto il mio ordine", "it"),
        ("OK", None),
        ("", None),
        ("1234 5678", None),
    ],
)
def test_language(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize(("text", "expected"), [*sentences(CHATS), *sentences(ELSEWHERE)])
def test_short_texts_without_accents_are_the_shops_own_languages_unless_they_clearly_are_not(text, expected):
    assert language(text) == expected
