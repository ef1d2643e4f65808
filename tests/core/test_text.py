"""Customer text: harmless in a terminal, and never hidden by folding."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.core.quotes import folds
from agentdesk.core.text import (
    _ORDINARY,
    clean,
    is_safe,
    safe,
    safe_line,
    unsendable,
    visible,
)
from hostile import PAYLOADS, undrawable


def is_drawn(text):
    return not undrawable(text.replace("\n", " ").replace("\t", " "))


@pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])
def test_of_a_hostile_text_nothing_is_obeyed_its_place_is_seen_and_the_rest_stays(payload):
    assert safe(f"uno {payload.raw} dos") == f"uno {payload.shown} dos"
    assert clean(f"uno {payload.raw} dos") == f"uno {payload.sent} dos"
    assert is_safe(payload.shown)
    assert is_safe(payload.raw) is (payload.raw == payload.shown)


@pytest.mark.parametrize("char", ["\ud800", "\uffff", "\ufdd0", "\U0010ffff", "\ue000", "\u0600", "\u180e"])
def test_what_is_no_character_or_has_no_shape_shows_as_a_mark(char):
    assert safe(f"a{char}b") == "a\ufffdb"


@pytest.mark.parametrize(
    "mark",
    ["\u0301", "\u0483", "\u20dd", "\u0903", "\u0e31", "\u0e47", "\u1161", "\u11a8", "\ud7b0", "\u0f71"],
)
def test_marks_pile_up_to_four_upon_a_letter(mark):
    assert safe("e" + mark * 60) == "e" + mark * 4
    assert safe(f"e{mark * 3}\u00ad{mark * 3}") == "e" + mark * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x\ufe0f", "x\ufffd"), ("1\ufe0f", "1\ufffd"), ("❤\ufe0f\ufe0f", "❤\ufe0f\ufffd"), ("🏻", "\ufffd"), ("👍🏻🏻", "👍🏻\ufffd"),
        ("a\ufe0f\u200d🔥", "a\ufffd\ufffd🔥"), ("🚗\u200d" * 5 + "🚗", "🚗\u200d🚗\u200d🚗\u200d🚗\ufffd🚗\u200d🚗"), ("a\u200c\u200cb", "a\ufffd\ufffdb"),
        ("ن\u200c\u200cو", "ن\ufffd\ufffdو"), ("🚗\u200d", "🚗\ufffd"), ("क्\u200d🚗", "क्\ufffd🚗"),
    ],
)  # fmt: skip
def test_what_dresses_or_joins_stays_only_where_it_does(text, shown):
    assert safe(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Ñandú çà l·l ¿qué? 19 €", "👩‍👩‍👧‍👦 ❤️‍🔥", "👩🏽‍❤️‍💋‍👨🏿 🧑🏻‍🤝‍🧑🏿 👍🏽", "🏳️‍🌈 🏴‍☠️ 👁️‍🗨️ ⛹🏽‍♂️", "1️⃣ #️⃣ ☺︎ ™️ ‼️ ㊗️", "نمی‌خواهم",
        "क्‍ष श्री", "അവന്‍ ക്‍", "한국어", "\u1112\u1161\u11ab", "ไม่ได้ ปั้น", "བརྒྱུད་", "שָׁלוֹם", "ｆ① ½", "uno\n\tdos", "🩷 🫩",
    ],
)  # fmt: skip
def test_what_people_write_stays_as_it_is(text):
    assert safe(text) == text


def test_what_is_let_through_unseen_draws_itself_and_nothing_else():
    for char in filter(_ORDINARY.fullmatch, map(chr, range(0x110000))):
        assert char in "\n\t" or char.isprintable()
        assert unicodedata.category(char) not in {"Mn", "Me", "Cf"}, ascii(char)


def test_line_ends_and_odd_spaces():
    assert safe("a\r\nb\rc\u00a0d") == "a\nb\nc d"
    assert safe_line(" a\r\n\tb\x1b ") == "a b\ufffd"
    assert safe("co\u00adche") == "coche"
    assert safe("\ufeffhola") == "hola"
    assert safe("a\u200db") == "a\ufffdb"


@pytest.mark.parametrize(
    ("char", "seen"), [("\U00016fe4", "\ufffd"), ("\u3164", "\ufffd"), ("\U00011c44", "\U00011c44")]
)
def test_a_filler_is_drawn_or_marked(char, seen):
    assert safe(f"a{char}b") == f"a{seen}b"


@given(st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=300, deadline=None)
def test_safe_is_drawable_and_changes_nothing_twice(text):
    made = safe(text)
    assert is_drawn(made)
    assert safe(made) == made
    assert "\n" not in safe_line(text)


ANYTHING = st.text(
    st.one_of(
        st.characters(exclude_categories=()), st.sampled_from("\u200d\u200c\ufe0f🏽👩☺1क्نa\u0301\u200b\r\n")
    )
)


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_what_we_write_bears_no_mark_that_nobody_typed(text):
    made = clean(text)
    assert made.count("\ufffd") == text.count("\ufffd")
    assert (is_drawn(made), safe(made), clean(made)) == (True, made, made)
    assert unsendable(made) is None


@pytest.mark.parametrize(
    ("pasted", "sent"),
    [
        ("https://x.example/\u200bseg \u202a+34600\u202c", "https://x.example/seg +34600"),
        ("\ufeffuno\u2028dos\u2029tres\x0bcuatro\r\ncinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("co\u00adche\u200e \u200fsí\ufeff\u2060", "coche sí"), ("ya\u200cb☺\ufe0f x\ufe0f", "yab☺\ufe0f x"),
        ("👩‍👩‍👧‍👦 نمی‌خواهم क्‍ष", "👩‍👩‍👧‍👦 نمی‌خواهم क्‍ष"), ("un \ufffd de veras", "un \ufffd de veras"), ("\x1b[1mrojo\x00", "[1mrojo"),
    ],
)  # fmt: skip
def test_marks_that_other_programs_hide_in_a_text_do_not_go_out(pasted, sent):
    assert clean(pasted) == sent


@pytest.mark.parametrize(
    ("text", "place"),
    [("con\0nulo", 3), ("ca\udcf1\udcf3n", 2), ("a\x1b[1m", 1), ("\ue000", 0), ("\u200b\u202ea\u2028\r\n\x0c\t👩‍💻", None), ("hola", None)],
)  # fmt: skip
def test_what_is_lost_of_a_text_of_ours_is_named_by_its_place(text, place):
    assert unsendable(text) == place


PIECES = st.sampled_from([
    "Hola", "> cita", ">> más", "", "-- ", "--", "Pepe", "El 5/2/24 a las 10:23, T <a@b.es> escribió:",
    "On Mon, 5 Feb 2024 at 10:23, T <a@b.es>", "wrote:", "De: T <a@b>", "Enviado: 5 feb 2024", "Para: x", "Asunto: y",
    "-----Original Message-----", "Enviado desde mi iPhone", "¿y la talla?", "________________",
    "---------- Forwarded message ---------",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=30))
@settings(max_examples=300, deadline=None)
def test_folds_lie_in_order_inside_the_text_and_never_take_all_of_it(lines):
    text = safe("\n".join(lines))
    spans = folds(text)
    at = 0
    for fold in spans:
        assert at <= fold.start < fold.end <= len(text)
        at = fold.end
    shown = visible(text, spans)
    rest = iter(text)
    assert all(c in rest for c in shown)
    assert bool(shown) == bool(text.strip())


ORIGINAL = "> Hola\n> ¿qué talla quiere?\n"
HEADERS = {
    "gmail es": "El lun, 5 feb 2024 a las 10:23, Tienda (<info@tienda.es>)\nescribió:\n\n",
    "gmail ca": "El dia dl., 5 de febr. 2024, a les 10:23, Botiga <info@botiga.cat> va escriure:\n\n",
    "gmail ca, old": "Missatge de Botiga <info@botiga.cat> del dia dt., 12 de maig 2020 a les 12:34:\n\n",
    "gmail en": "On Mon, Feb 5, 2024 at 10:23 AM Shop <info@shop.example> wrote:\n\n",
    "gmail en, wrapped": "On Mon, Feb 5, 2024 at 10:23 AM The Very Long Shop\n<info@shop.example>\nwrote:\n\n",
    "gmail fr": "Le lun. 5 févr. 2024 à 10:23, Boutique <info@b.fr> a écrit :\n\n",
    "gmail de": "Am Mo., 5. Feb. 2024 um 10:23 Uhr schrieb Laden <\ninfo@laden.de>:\n\n",
    "gmail pt": "Em seg., 5 de fev. de 2024 às 10:23, Loja <info@loja.pt> escreveu:\n\n",
    "thunderbird es": "El 5/2/24 a las 10:23, Tienda escribió:\n",
    "thunderbird ca": "El 5/2/24 a les 10:23, Botiga ha escrit:\n",
    "thunderbird de": "Am 05.02.24 um 10:23 schrieb Laden:\n",
    "apple es": "> El 5 feb 2024, a las 10:23, Tienda <info@tienda.es> escribió:\n> \n",
    "apple ca": "> El 5 febr 2024, a les 10:23, Botiga <info@botiga.cat> va escriure:\n> \n",
    "yahoo es": "En lunes, 5 de febrero de 2024, 10:23:11 CET, Tienda <info@tienda.es> escribió:  \n\n",
}
BLOCKS = {
    "outlook es": "De: Tienda <i@t.es>\nEnviado el: lunes, 5 de febrero de 2024 10:23\nPara: Pepe <p@q.es>\nAsunto: RE: Pedido\n",
    "outlook ca": "De: Botiga <i@t.cat>\nEnviat: dilluns, 5 de febrer de 2024 10:23\nPer a: Pep <p@q.cat>\nTema: RE: Comanda\n",
    "outlook en": "________________________________\nFrom: Shop <i@t.es>\nSent: Monday, February 5, 2024 10:23 AM\n"
    "To: Joe <p@q.es>\nSubject: Re: Order\n",
    "outlook de": "Von: Laden <i@t.de>\nGesendet: Montag, 5. Februar 2024 10:23\nAn: Max <p@q.de>\nBetreff: AW: Bestellung\n",
    "outlook pt": "De: Loja <i@t.pt>\nEnviada: 5 de fevereiro de 2024 10:23\nData: 5 de fevereiro de 2024\nPara: Ana <p@q.pt>\n"
    "Assunto: RE: Pedido\n",
    "bold": "*De:* Tienda <i@t.es>\n*Enviado:* lunes, 5 de febrero de 2024\n*Para:* Pepe\n*Asunto:* RE: Pedido\n",
    "marker": "-----Mensaje original-----\nDe: Tienda\nEnviado: 5 feb 2024\nPara: Pepe\nAsunto: x\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_marked_original_folds_with_its_announcement(header):
    new = "La M, gracias.\nUn saludo"
    text = f"{new}\n\n{header}{ORIGINAL}"
    assert visible(text, folds(text)) == new
    assert [f.kind for f in folds(text)] == ["quote"]


@pytest.mark.parametrize("header", [*BLOCKS.values(), *(h for n, h in HEADERS.items() if "apple" not in n)])
def test_an_unmarked_original_folds_to_the_end(header):
    text = f"Moltes gràcies!\n\n{header}\nHola\nQuina talla voleu?\n"
    assert visible(text, folds(text)) == "Moltes gràcies!"


@pytest.mark.parametrize(
    "line",
    ["Enviado desde mi iPhone", "Enviat des del meu iPhone", "Sent from my iPhone", "Sent from Mail for Windows",
     "Obtener Outlook para iOS", "Get Outlook for Android <https://aka.ms/x>", "Von meinem iPhone gesendet",
     "Envoyé de mon iPhone", "Enviado do meu iPhone", "Sent from my Verizon Wireless BlackBerry",
     "-- \nPepe Pérez\nTienda", "--\nPepe"],
)  # fmt: skip
def test_signatures_fold(line):
    text = f"Perfecto.\n\n{line}\n"
    assert visible(text, folds(text)) == "Perfecto."
    quoted = f"Perfecto.\n\n{line}\n\n{HEADERS['thunderbird es']}{ORIGINAL}"
    assert visible(quoted, folds(quoted)) == "Perfecto."


NEW_TEXT = {
    "a story": "El 5 de marzo a las 10:23 vuestro compañero me escribió:\n\nNo hay stock.\n\nPero no es verdad.",
    "answers between": "El 5/2/24 a las 10:23, T escribió:\n> ¿Talla?\n\nLa M\n\n> ¿Color?\n\nRojo\n",
    "answers in colour": "Respondo abajo en rojo:\n\nEl 5/2/24 a las 10:23, T <a@b.es> escribió:\n¿Talla?\nLa M\n",
    "a forward": "---------- Forwarded message ---------\nDe: x <a@b>\nDate: 3 mar 2020\nSubject: y\nTo: z\n\nHola",
    "a forward with a word": "Mirad:\n\n-------- Mensaje reenviado --------\nAsunto: y\nFecha: 3 mar 2020\nDe: x\nPara: z\n\nHola",
    "only an original": "De: T <i@t.es>\nEnviado: 5 feb 2024\nPara: P\nAsunto: x\n\nTexto",
    "a list of wishes": "Quiero cambiarlo:\n\n-Talla XL\n-Color Rojo",
    "dashes as a rule": "Pedido 1 roto\n--\n¿Y el pedido 2, cuándo llega?",
    "sent from a place": "¿De dónde salió?\n\nEnviado desde Madrid ayer",
    "a desk": "Here it is\n\nSent from my desk, is much easier then my mobile phone.",
    "a form": "De: Madrid\nPara: Barcelona\nAsunto: mudanza\n\nQuiero presupuesto",
    "one marked line": "Mi pedido:\n\n> camiseta roja",
}


@pytest.mark.parametrize("text", NEW_TEXT.values(), ids=NEW_TEXT)
def test_new_text_is_never_hidden(text):
    assert visible(text, folds(text)) == text.strip()


def test_an_answer_below_its_only_quote_hides_the_quote_alone():
    text = f"{HEADERS['gmail es']}{ORIGINAL}\nLa M, gracias.\n"
    assert visible(text, folds(text)) == "La M, gracias."


def test_two_signatures_fold_once():
    text = "texto\n--\nfirma\nmás texto\n-- \nPepe\nTienda"
    assert visible(text, folds(text)) == "texto\n--\nfirma\nmás texto"


@pytest.mark.parametrize(
    "text",
    ["> " * 100_000, "On 1 2 3 wrote\n" * 50_000, "a:\n" * 100_000, "From: x\nDate: 3\n" * 30_000, "-- \n" * 100_000,
     "<a@" * 100_000, "_" * 300_000, "sent from my " * 20_000],
    ids=["quotes", "wrote", "colons", "fields", "dashes", "angles", "rule", "sent"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_made_up_input_costs_little(text):
    folds(safe(text))
