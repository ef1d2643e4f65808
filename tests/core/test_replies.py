"""Quick replies: what is filled, what stays open and keeps a text from being sent, whom a letter greets, what is found."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentdesk.core.forename import first_name
from agentdesk.core.replies import (
    KNOWN,
    QuickReply,
    between,
    blanks,
    choices,
    fill,
    find,
    placeholders,
    text_for,
    values_of,
)

MARIA = {"customer.first_name": "Maria", "ticket.number": "1042"}


def test_what_the_conversation_knows_is_filled() -> None:
    filled = fill("Hola {{customer.first_name}}, és la #{{ ticket.number }}.", MARIA)
    assert (filled.text, filled.missing, filled.spans) == ("Hola Maria, és la #1042.", (), ())


def test_what_nobody_knows_stays_and_is_named_with_its_place() -> None:
    filled = fill("{{customer.first_name}}: {{?order number}}, {{shop.name}}, {{?order number}}", MARIA)
    assert filled.text == "Maria: {{?order number}}, {{shop.name}}, {{?order number}}"
    assert filled.missing == ("order number", "shop.name")
    assert [filled.text[start:end] for start, end in filled.spans] == [
        "{{?order number}}",
        "{{shop.name}}",
        "{{?order number}}",
    ]
    assert blanks(filled.text) == ("{{?order number}}", "{{shop.name}}")
    again = fill(filled.text, {"order number": "VM-1", "shop.name": "Vimet"})
    assert again.text == "Maria: VM-1, Vimet, VM-1"


def test_a_blank_that_an_editor_broke_over_two_lines_is_still_one() -> None:
    assert blanks("su pedido {{?order\nnumber}}") == ("{{?order\nnumber}}",)
    assert fill("su pedido {{?order\nnumber}}", {"order number": "7"}).text == "su pedido 7"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi {{customer.first_name|there}},", "Hi there,"),
        ("Hola {{customer.first_name|}},", "Hola,"),
        ("Hola, {{customer.first_name|}}:", "Hola:"),
        ("Hola, {{customer.first_name|}},\nbon dia", "Hola,\nbon dia"),
        ("Gràcies, {{customer.first_name|}}", "Gràcies"),
        ("Gràcies, {{customer.first_name|}}\nJoan", "Gràcies\nJoan"),
        ("{{customer.first_name|}} hola", " hola"),
        ("a {{customer.first_name|}}b", "a b"),
        ("{{customer.first_name}}", "{{customer.first_name}}"),
        ("{{customer.first_name|  }}!", "!"),
    ],
)
def test_an_unknown_name_takes_its_fallback_and_leaves_no_gap(template: str, text: str) -> None:
    assert fill(template, {"customer.first_name": "  "}).text == text


def test_a_blank_for_the_agent_has_no_fallback() -> None:
    assert fill("{{?order|none}}", {}).text == "{{?order|none}}"


def test_a_sentence_keeps_one_full_stop() -> None:
    assert fill("Haz esto: {{?what}}. Gracias.", {"what": "Espera."}).text == "Haz esto: Espera. Gracias."
    assert fill("Haz esto: {{?what}}. Gracias.", {"what": "nada"}).text == "Haz esto: nada. Gracias."


def test_a_customer_cannot_be_called_like_a_placeholder() -> None:
    name = "{{agent.name}} {{?x}}"
    filled = fill("Hola {{customer.name}}", {"customer.name": name, "agent.name": "Joan"})
    assert filled.text == "Hola ((agent.name)) ((?x))"
    assert filled.missing == ()


WORDS = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=20)
MARKS = st.builds(
    lambda asks, name, fallback: "{{" + asks + name + fallback + "}}",
    st.sampled_from(["", "?"]),
    st.sampled_from([*KNOWN, "order", "order number", ""]),
    st.sampled_from(["", "|", "|there", "| Hola "]),
)
TEMPLATES = st.lists(st.one_of(WORDS, MARKS), max_size=8).map("".join)
VALUES = st.dictionaries(st.sampled_from([*KNOWN, "order", "order number"]), st.text(max_size=15))


@given(WORDS, VALUES)
def test_a_text_without_placeholders_is_unchanged(text: str, values: dict[str, str]) -> None:
    assert fill(text, values).text == text
    assert fill("{" + text, values).text == "{" + text


@given(TEMPLATES, VALUES)
@example("{{agent.name}}.", {"agent.name": "{{shop.name}}"})
def test_filling_twice_changes_nothing(template: str, values: dict[str, str]) -> None:
    once = fill(template, values)
    assert fill(once.text, values) == once


@given(st.text("{}|? ax\n.", max_size=40), VALUES)
def test_whatever_is_open_is_reported(template: str, values: dict[str, str]) -> None:
    filled = fill(template, values)
    assert bool(filled.missing) == bool(blanks(filled.text)) == bool(filled.spans)
    assert {filled.text[a:b] for a, b in filled.spans} == set(blanks(filled.text))
    assert [each.name for each in placeholders(filled.text) if each.name not in filled.missing] == []


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Maria Puig", "Maria"),
        ("Puig, Maria", "Maria"),
        ("PUIG SOLER, MARIA TERESA", "Maria"),
        ("MARIA PUIG", "Maria"),
        ("maria puig", "Maria"),
        ("Maria", "Maria"),
        ("MARIA", "Maria"),
        ('"Maria Puig"', "Maria"),
        ("Maria Puig (Vimet)", "Maria"),
        ("Maria Puig via Facebook", "Maria"),
        ("✨ Maria ✨", "Maria"),
        ("María del Carmen López", "María"),
        ("GAL·LA VIVES", "Gal·la"),
        ("JEAN-PAUL ROY", "Jean-Paul"),
        ("D'ANGELO RUSSO", "D'Angelo"),
        ("McKenzie Lee", "McKenzie"),
        ("John Smith, PhD", "John"),
        ("Josep Puig i Cadafalch", "Josep"),
        ("Dra. Àngels Mas Roca", "Àngels"),
        ("Don Julio Pérez", "Julio"),
        ("Мария Пуч", "Мария"),
        ("Maria Sa", "Maria"),
    ],
)
def test_a_person_is_greeted_by_the_first_name(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "-", "maria@x.test", "maria.puig", "mpuig", "Maria88", "https://x.test", "IKEA", "MiTienda",
        "Acme, S.L.", "Acme S.L.", "Vimet SL", "Smith & Sons", "Laia Co.", "Atención al Cliente", "Equip Vimet",
        "El Corte Inglés", "La Botiga", "Maria i Pere", "Juan y Ana Ruiz", "M. Puig", "J.M. Puig", "Puig, M.",
        "Sr. Puig", "Don Draper", "Don", "Mª José Ruiz", "王伟", "Puig, Maria, Barcelona", "Soporte", "+34 600 123 456",
    ],
)  # fmt: skip
def test_who_is_not_plainly_a_person_is_greeted_without_a_name(name: str) -> None:
    assert first_name(name) == ""


@given(st.text(max_size=60))
@example("¹AA¼¼")  # digits that are letters to a regular expression
@example("ǄA")  # a capital that is of two letters
@example("అAAAA")  # begins with a letter that has no capital
def test_any_name_at_all_gives_one_word_or_none(name: str) -> None:
    first = first_name(name)
    assert first == "" or (
        first.split() == [first] and first in {first.strip()} and (first[0].isupper() or first[0].istitle())
    )


def test_an_address_is_no_name() -> None:
    values = values_of(number=None, subject="Hola", customer="maria@x.test", agent="Joan", shop="Vimet")
    assert tuple(values) == KNOWN
    assert (values["customer.name"], values["customer.first_name"], values["ticket.number"]) == ("", "", "")
    known = values_of(number=7, subject="", customer="Puig, Maria", agent="Joan", shop="Vimet")
    assert (known["customer.name"], known["customer.first_name"]) == ("Puig, Maria", "Maria")


FULL = {"es.tu": "tú", "es.usted": "usted", "ca.tu": "tu", "ca.voste": "vostè", "en": "you"}


def reply(name: str = "x", texts: dict[str, str] | None = None, **more: object) -> QuickReply:
    return QuickReply(name, {}, FULL if texts is None else texts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "form", "desk", "text"),
    [
        ("es", "tu", "ca", ("tú", "es")),
        ("es-MX", "usted", "ca", ("usted", "es")),
        ("ca", "usted", "es", ("vostè", "ca")),
        ("ca", "vostè", None, ("vostè", "ca")),
        ("en", "usted", "ca", ("you", "en")),
        ("fr", "tu", "en", ("you", "en")),
        (None, "tu", "ca", ("tu", "ca")),
        (None, "tu", None, ("tú", "es")),
    ],
)
def test_the_customers_language_comes_first_then_the_desks(language, form, desk, text) -> None:
    assert text_for(reply(), language, form, desk) == text


def test_the_other_form_goes_before_another_language() -> None:
    assert text_for(reply(texts={"ca.tu": "tu", "es.usted": "usted"}), "ca", "usted", "es") == ("tu", "ca")
    assert text_for(reply(texts={"en": "you", "ca.tu": "tu"}), "es", "usted", "es") == ("tu", "ca")
    assert text_for(reply(texts={}), "es", "tu", "es") == ("", "")


def test_a_reply_says_its_languages_titles_and_questions() -> None:
    one = QuickReply("x", {"ca": "Devolució"}, {"en": "a", "ca.tu": "b"}, asks={"order": {"es": "número"}})
    assert one.languages == ("ca", "en")
    assert (one.title("en"), one.question("order", "ca"), one.question("item", "ca")) == (
        "Devolució",
        "número",
        "item",
    )
    assert reply("plain").title("es") == "plain"


RETURN = QuickReply(
    "return",
    {"es": "Devolución", "ca": "Devolució", "en": "Return"},
    {"es.tu": "Guarda el paquete"},
    shortcut="dev",
)
STOCK = QuickReply("stock", {"es": "Agotado", "ca": "Exhaurit", "en": "Out of stock"}, {"es.tu": "No queda"})
DELAY = QuickReply(
    "delivery-delay", {"es": "Retraso", "en": "Delayed"}, {"es.tu": "El paquete va con retraso"}
)
ALL = (RETURN, STOCK, DELAY)


def names(words: str, language: str = "es", usage: dict[str, int] | None = None) -> list[str]:
    return [each.name for each in choices(ALL, words, language, usage)]


def test_no_words_give_everything_the_most_used_first() -> None:
    assert names("") == ["stock", "return", "delivery-delay"]
    assert names("  ", usage={"delivery-delay": 3, "return": 1}) == ["delivery-delay", "return", "stock"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dev", ["return", "delivery-delay"]),
        ("DEVOLUCIO", ["return"]),
        ("de", ["return", "delivery-delay"]),
        ("delay", ["delivery-delay"]),
        ("delivery delay", ["delivery-delay"]),
        ("sto", ["stock"]),
        ("rtrn", ["return"]),
        ("exh", ["stock"]),
        ("paquete", ["return", "delivery-delay"]),
        ("paquete va", ["delivery-delay"]),
        ("zzz", []),
    ],
)
def test_words_find_what_they_may_mean(words: str, found: list[str]) -> None:
    assert names(words) == found


def test_a_prefix_goes_before_letters_in_between_however_often_these_are_used() -> None:
    assert names("re", usage={"stock": 9, "delivery-delay": 1})[:2] == ["delivery-delay", "return"]
    assert names("ret", "en", usage={"delivery-delay": 9})[0] == "return"


def test_equal_replies_keep_their_order() -> None:
    twins = [QuickReply(name, {"es": "Igual"}, {"es.tu": "x"}) for name in ("b", "a", "c")]
    assert [each.name for each in choices(twins, "igual", "es")] == ["b", "a", "c"]


@given(st.text(max_size=12), st.sampled_from(["es", "ca", "en", "fr"]))
def test_a_choice_is_always_one_of_the_replies(words: str, language: str) -> None:
    found = choices(ALL, words, language)
    assert len(set(map(id, found))) == len(found)
    assert set(map(id, found)) <= set(map(id, ALL))


def test_a_reply_is_found_by_name_then_by_shortcut() -> None:
    assert find(ALL, "dev") is RETURN
    assert find([*ALL, QuickReply("dev", {}, {})], "dev") is not RETURN
    assert find(ALL, "x") is None


@pytest.mark.parametrize(
    ("before", "text", "after", "put"),
    [
        ("", "Hi Henrik,\n\nIt left.", "", "Hi Henrik,\n\nIt left."),
        ("Bon dia.", "Hi Henrik,\n\nIt left.", "", "\n\nHi Henrik,\n\nIt left."),
        ("Bon dia.\n", "Hi\nit left.", "", "Hi\nit left."),
        ("Bon dia.\n\n", "Hi\nit left.", "Adéu", "Hi\nit left.\n\n"),
        ("Bon dia. ", "Hi\nit left.", "\nAdéu", "\n\nHi\nit left."),
        ("It leaves", "tomorrow", "", " tomorrow"),
        ("It leaves ", "tomorrow", ", sure", "tomorrow"),
        ("It leaves\n", "tomorrow", "morning", "tomorrow "),
        ("", "tomorrow", "", "tomorrow"),
    ],
)
def test_a_reply_is_not_glued_to_what_is_written(before: str, text: str, after: str, put: str) -> None:
    assert between(before, text, after) == put
