"""The three checks of a first answer, by what people write: r(eceived), w(hen), n(ext)."""

import pytest

from agentdesk.core.firstreply import checks

SPANISH = [
    ("Hola, hemos recibido tu mensaje. Lo revisamos y te escribimos mañana antes de las 12:00.", "rwn"),
    ("Gracias por escribirnos. Te avisamos en 2 horas.", "rwn"),
    ("Hemos recibido la devolución; en 3 días verás el abono y te enviaremos el justificante.", "rwn"),
    ("Nos ha llegado tu foto. Vamos a pedir el recambio, llega el jueves.", "rwn"),
    ("Ya está solucionado, no tienes que esperar.", "w"),
    ("Recibido.", "r"),
    ("Te llamamos.", "n"),
    ("El paquete sale hoy.", "w"),
    ("Necesitamos el número de pedido.", "n"),
    ("Gracias por tu paciencia. Estamos mirando qué ha pasado con el transportista.", "rn"),
    ("Entendemos la molestia.", "r"),
    ("Buenos días, sí, tenemos la talla 42.", ""),
    ("¿Puedes enviarnos una foto de la etiqueta?", "n"),
    ("Lo siento mucho, un saludo.", ""),
    ("Recibimos tu consulta; te diremos algo pronto.", "rn"),
    ("Recibido, lo compruebo con el transportista y te aviso antes de las 14.", "rwn"),
    ("Tomo nota. Lo consulto y te doy respuesta esta misma tarde.", "rwn"),
    ("Ya lo tenemos; le escribiremos el lunes.", "rwn"),
    ("Me ha llegado tu mensaje. Le paso el tema a mi compañera y te llamará.", "rn"),
    ("En cinco minutos te mando el enlace.", "wn"),
    ("Os mando otra taza sin coste.", "n"),
    ("Sí, queremos que quede perfecto en los dos extremos.", ""),
    ("La caja viene con tres tazas de café.", ""),
]
CATALAN = [
    ("Hola, hem rebut el teu missatge. Ho mirem i t'escrivim demà abans de les 12:00.", "rwn"),
    ("Gràcies per escriure'ns. T'avisem d'aquí a 2 hores.", "rwn"),
    ("Ens ha arribat la foto. Demanarem el recanvi, arriba dijous.", "rwn"),
    ("Ja està solucionat, no cal esperar.", "w"),
    ("Rebut.", "r"),
    ("Et truquem.", "n"),
    ("El paquet surt avui.", "w"),
    ("Necessitem el número de comanda.", "n"),
    ("Gràcies per la paciència. Estem mirant què ha passat.", "rn"),
    ("Entenem la molèstia.", "r"),
    ("Bon dia, sí, tenim la talla 42.", ""),
    ("Ens pots enviar una foto? Pots enviar-nos-la aquí mateix.", "n"),
    ("Em sap greu, una salutació.", ""),
    ("Hola! M'ho miro i et dic alguna cosa abans de les 17.", "wn"),
    ("Prenc nota i et respondrem demà al migdia.", "rwn"),
    ("Gràcies pel missatge. T'ho confirmo avui.", "rwn"),
    ("D'aquí a mitja hora et trucarà en Joan.", "wn"),
    ("Et torno els diners en dos dies.", "wn"),
    ("El carrer és el mateix, també en blau.", ""),
    ("Hem vist l'error i us enviarem una altra aquesta tarda.", "rwn"),
]
ENGLISH = [
    ("Hello, we have received your message. We'll check and write to you tomorrow before 12:00.", "rwn"),
    ("Thanks for writing. We will get back to you within 2 hours.", "rwn"),
    ("We got your photo. I'll order the part, it arrives on Thursday.", "rwn"),
    ("It is fixed already, no need to wait.", "w"),
    ("Received.", "r"),
    ("We'll call you.", "n"),
    ("Your parcel leaves today.", "w"),
    ("We need your order number.", "n"),
    ("Thank you for your patience. We are looking into it with the courier.", "rn"),
    ("I understand how annoying this is.", "r"),
    ("Good morning, yes, we have size 42.", ""),
    ("Could you send a photo of the label?", "n"),
    ("So sorry, best regards.", ""),
    ("Got it, checking now: you'll hear from us in half an hour.", "rwn"),
    ("Our colleague will phone you by 5.", "wn"),
    ("This theorem is printed on the mug, it ships from Girona.", ""),
    ("I've read your mail; your refund takes 3 business days, and you will see it on your card.", "rwn"),
]


@pytest.mark.parametrize(("text", "said"), SPANISH + CATALAN + ENGLISH)
def test_what_a_first_answer_says_is_told_by_its_words(text, said):
    found = checks(text)
    assert (
        "".join(
            sign
            for sign, there in zip("rwn", (found.received, found.by_when, found.comes_next), strict=True)
            if there
        )
        == said
    )


def test_an_apostrophe_is_one_however_it_is_typed():
    assert checks("T\u2019ho confirmo avui.") == checks("T'ho confirmo avui.") != checks("")


def test_a_long_text_of_one_letter_is_no_riddle():
    assert checks("a" * 200_000) == checks("")
