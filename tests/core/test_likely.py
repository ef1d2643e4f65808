"""Which quick replies fit what customers write: labelled messages that the words in the files were not made for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Stemmer import Stemmer

from agentdesk import quick
from agentdesk.core.likely import MOST, likely
from agentdesk.core.replies import QuickReply
from agentdesk.engine.phrase import STEMMED

SHIPPED = quick.load(()).replies
STEMS = {language: Stemmer(name, 0).stemWord for language, name in STEMMED.items()}
MESSAGES = {
    "es": """
        damaged | El espejo venía con el cristal roto, adjunto foto.
        damaged | La mesa ha llegado rayada por un lado
        missing-item | En la caja faltan dos servilletas de las seis
        wrong-item | Me habéis mandado otra cosa, yo no pedí esto
        not-received | Pone entregado pero yo no he recibido nada
        where-is-it | Buenas, me podéis pasar el número de seguimiento? no sé por dónde va
        delivery-delay | El paquete lleva dos semanas parado en tránsito
        return | Quisiera devolver el cojín, al final no me gusta
        exchange | ¿Se puede cambiar por otra talla? Me queda pequeño
        refund-delay | Hace 15 días que devolví la lámpara y todavía no me han devuelto el dinero
        charged-twice | Veo dos cargos iguales en el banco, me habéis cobrado dos veces
        payment-failed | No me deja pagar, la tarjeta sale rechazada todo el rato
        bank-transfer | ¿Puedo pagar por transferencia?
        code-fails | El cupón BIENVENIDA no lo acepta la web
        cancel | Necesito anular el pedido de esta mañana
        address-change | Me equivoqué de calle, la dirección correcta es Mayor 12
        invoice | Me hace falta la factura del pedido VM-1
        invoice-details | Factura a nombre de mi empresa, os paso el CIF
        shipping | Hola, ¿hacéis envíos a Portugal y cuánto cuesta el envío?
        customs | Vivo en Tenerife, ¿tengo que pagar aduana?
        sizes | ¿Qué medidas tiene la alfombra pequeña?
        stock | ¿Cuándo volveréis a tener la cesta grande? Sale agotada
        gift | Es un regalo, ¿lo podéis envolver?
        hours | ¿Abrís los sábados por la tarde?
        warranty | La lámpara dejó de funcionar a los dos meses, ¿tiene garantía?
        quote | Somos un hotel y querríamos un presupuesto de 40 unidades
        allergens | ¿La vela lleva frutos secos o algún alérgeno?
        data-erasure | Quiero que borren mis datos personales
        false-message | Me ha llegado un SMS raro con un enlace, ¿es una estafa?
        praise | Me encanta la manta, es preciosa, mil gracias
        complaint-form | Quiero la hoja de reclamaciones
        discount | ¿Hay algún descuento si compro tres?
        pickup-point | ¿Lo puedo recoger en un punto de recogida?""",
    "ca": """
        damaged | El gerro ha arribat esquerdat i el plat trencat
        missing-item | Només ha arribat una de les dues coixineres, en falta una
        wrong-item | M'heu enviat una altra cosa, no és el que vaig demanar
        not-received | Consta lliurat però no ha arribat res
        where-is-it | Em podeu dir quan arribarà? no tinc número de seguiment
        return | Vull tornar la catifa, no és el que esperava
        exchange | Em va petit, el voldria canviar per una altra talla
        refund-delay | Encara no m'heu tornat els diners de la devolució
        charged-twice | M'heu cobrat dues vegades la mateixa comanda
        payment-failed | No puc pagar, em rebutja la targeta
        code-fails | El codi promocional no funciona
        cancel | Voldria anul·lar la comanda d'ahir
        address-change | He posat malament el carrer i el pis
        invoice | Necessito la factura amb l'IVA desglossat
        shipping | Feu enviaments a Andorra?
        sizes | Quines mides té la panera?
        stock | Quan tornareu a tenir l'estora? Està esgotada
        gift | És un regal, el podeu embolicar?
        hours | Quin horari teniu dissabte?
        praise | M'encanta, quina meravella!""",
    "en": """
        damaged | The vase was smashed when I opened the box
        missing-item | Two of the six glasses are missing from my order
        wrong-item | You sent me the wrong colour, this is not what I ordered
        not-received | It says delivered but I never got anything
        where-is-it | Could you send me the tracking number please
        delivery-delay | Ten days and no movement, it is stuck somewhere
        return | How do I send it back? It is not what I expected
        exchange | Too small, can I swap it for a different size?
        refund-delay | When do I get my money back?
        charged-twice | I paid twice, there is a double charge on my statement
        payment-failed | My card gets declined at checkout
        code-fails | The voucher says invalid
        cancel | Please cancel my order, I ordered by mistake
        address-change | I put the wrong address, we have moved house
        invoice | Can I have an invoice with VAT?
        shipping | Do you ship to Ireland?
        stock | When will the lamp be back in stock?
        gift | It is a present, can you wrap it without the price?
        hours | What are your opening hours on Sunday?
        warranty | It stopped working, is it under warranty?""",
}
SMALL_TALK = {
    "es": ["Hola", "Vale, gracias", "Buenos días, ¿sigues ahí?", "👍"],
    "ca": ["Bon dia!", "D'acord, gràcies", "Hola? Encara hi sou?"],
    "en": ["Hi", "Ok thanks", "Are you still there?"],
}


@pytest.mark.parametrize("language", MESSAGES)
def test_the_reply_that_is_meant_is_among_the_first(language):
    labelled = [line.strip().split(" | ") for line in MESSAGES[language].strip().splitlines()]
    found = {text: likely(SHIPPED, text, language, STEMS) for _, text in labelled}
    missed = [(name, text, found[text]) for name, text in labelled if name not in found[text]]
    second = [(name, text, found[text]) for name, text in labelled if [name] != found[text][:1]]
    assert len(missed) <= len(labelled) // 10, missed
    assert len(second) <= len(labelled) // 4, second


EVERYDAY = {
    "es": """para por pero como cuando donde este esta esto ese aquí ahora ya todavía muy más menos mucho todo nada algo sobre entre
        desde hasta sin durante hola buenos días tardes gracias favor puedo pueden podéis quiero quería necesito tengo tiene tienen hay
        estoy están soy son era hacer hace decir ver saber va voy ir dar otro otra mismo bien mal hoy mañana ayer semana semanas mes
        pedido pedidos tienda correo mensaje consulta pregunta duda teléfono nombre número comprar pedí llega recibir recibo enviar
        enviado mandar queda luego después antes también siempre niños casa madre azul rojo
        hora sale parte""",
    "ca": """per però com quan on aquest aquesta això aquí ara ja encara molt més menys tot res algun sobre entre des fins sense hola bon
        dia tarda gràcies plau puc podeu vull voldria necessito tinc teniu estic som era fer fa dir veure saber va ve venir donar altre
        mateix bé avui demà ahir setmana setmanes mes comanda botiga correu missatge consulta pregunta dubte telèfon nom número comprar
        arriba rebre rebut enviar enviat després abans també sempre casa tornar torna""",
    "en": """for but how when where who this that here there now still yet very more all nothing something about until without hello good
        morning thanks please can could would like need have do are was make say see look know go come give my your other same well
        today tomorrow week weeks month order orders ordered shop mail message question phone name number bought arrive received sent
        before after also never home just only get got put take new""",
}


@pytest.mark.parametrize("language", EVERYDAY)
def test_no_everyday_word_alone_says_what_it_is_about(language):
    """An ending is taken off: "parado" and "para" are one word then."""
    wrong = {word: likely(SHIPPED, word, language, STEMS) for word in EVERYDAY[language].split()}
    assert {word: found for word, found in wrong.items() if found} == {}


def test_a_word_is_not_known_by_so_short_a_stem_that_others_begin_with_it_too():
    """The Catalan supplier and who has tried something have four letters in common."""
    assert likely(SHIPPED, "ho he provat i no va", "ca", STEMS) == []
    assert likely(SHIPPED, "Som proveïdors de cistells", "ca", STEMS)[:1] == ["supplier"]


@pytest.mark.parametrize("language", SMALL_TALK)
def test_small_talk_fits_nothing(language):
    for text in SMALL_TALK[language]:
        assert likely(SHIPPED, text, language, STEMS) == [], text


def test_a_message_in_another_language_than_the_ticket_is_understood_too():
    assert likely(SHIPPED, "El mirall ha arribat esquerdat", "es", STEMS)[:1] == ["damaged"]
    assert likely(SHIPPED, "Please cancel my order", None, STEMS)[:1] == ["cancel"]


def test_several_words_count_where_all_are_there_and_what_many_share_says_little():
    def reply(name: str, *says: str) -> QuickReply:
        return QuickReply(name, {}, {}, says={"en": says})

    known = [reply("one", "blue door", "open"), reply("two", "open"), reply("three", "door")]
    assert likely(known, "the blue doors", "en", STEMS) == ["one", "three"]
    assert likely(known, "It opens", "en", STEMS) == ["one", "two"]
    assert likely(known, "blue", "en", STEMS) == []


def test_a_shops_own_reply_without_such_words_fits_by_all_the_words_of_its_title():
    own = QuickReply("dia", {"es": "El horario de Navidad"}, {}, source="dia.toml")
    shipped = QuickReply("hours", {"es": "Horarios"}, {})
    assert likely([own, shipped], "¿Qué horarios hacéis por Navidad?", "es", STEMS) == ["dia"]
    assert likely([own, shipped], "¿Qué horario hacéis?", "es", STEMS) == []
    assert likely([own], "Quin horari feu per Nadal?", "ca", STEMS) == []


@given(st.text())
def test_whatever_is_written_gives_at_most_so_many_names_of_replies(text):
    found = likely(SHIPPED, text, None, STEMS)
    assert len(set(found)) == len(found) <= MOST
    assert set(found) <= {each.name for each in SHIPPED}
