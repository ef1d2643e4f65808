"""Whether an answer sends its customer to another channel: labelled texts in three languages, written as shops write."""

import pytest

from agentdesk.core.derivation import derivation
from agentdesk.core.model import DERIVED

SENT_ELSEWHERE = (
    ("phone", "Para esto llama al 600 123 456, por favor."),
    ("phone", "Llámanos al 93 123 45 67 de 9 a 19 h."),
    ("phone", "Puedes llamar a atención al cliente y te lo cambian."),
    ("phone", "Tienes que llamar al transportista: 902 300 400."),
    ("phone", "Llame al +34 912 345 678 para confirmar los datos."),
    ("phone", "Lo mejor es que nos llames y lo miramos juntos."),
    ("phone", "Contáctanos por teléfono para anular el pedido."),
    ("phone", "Llama a la oficina de Correos, 915 197 197, con el número de envío."),
    ("phone", "Te recomiendo llamarnos mañana por la mañana."),
    ("phone", "Truca'ns al 972 20 30 40."),
    ("phone", "Truca al 600 123 456 i t'ho diran."),
    ("phone", "Per canviar l'adreça has de trucar a l'oficina."),
    ("phone", "Pots trucar-nos al 93 111 22 33 de dilluns a divendres."),
    ("phone", "Cal que truquis a la botiga per a això."),
    ("phone", "Millor que ens truquis i ho resolem."),
    ("phone", "Call us at 020 7946 0000 to cancel it."),
    ("phone", "Please call our helpline on 0800 123 4567."),
    ("phone", "You need to call the courier for that."),
    ("phone", "Give us a call and we sort it out."),
    ("phone", "You can contact us by phone from nine to five."),
    ("email", "Escríbenos a devoluciones@tienda.es con la foto."),
    ("email", "Para facturas escribe a facturacion@tienda.es."),
    ("email", "Envíanos un correo con el número de pedido y lo miramos."),
    ("email", "Manda un email a garantia@marca.com con el ticket."),
    ("email", "Escriu-nos a hola@botiga.cat i t'ho expliquem."),
    ("email", "Envia'ns un correu electrònic amb la factura."),
    ("email", "Please write to returns@shop.example."),
    ("email", "Send an email to claims@shop.example with a picture."),
    ("email", "You have to contact us by email for that."),
    ("chat", "Escríbenos por WhatsApp y te contestamos antes."),
    ("chat", "Contáctanos por Telegram, es más rápido."),
    ("chat", "Escriu-nos pel WhatsApp al 600 111 222."),
    ("chat", "Message us on Instagram with the reference."),
    ("chat", "Use the live chat on our website."),
    ("shop", "Pásate por la tienda y te lo cambiamos."),
    ("shop", "Puedes venir a la tienda de lunes a sábado."),
    ("shop", "Passa per la botiga amb el tiquet."),
    ("shop", "Come to the shop with the receipt."),
    ("shop", "You can visit our store in Girona."),
    ("form", "Rellena el formulario de devoluciones de la web."),
    ("form", "Omple el formulari i t'enviem l'etiqueta."),
    ("form", "Please fill in the form on our website."),
    ("form", "Abre una incidencia en la web del transportista."),
)
ANSWERED_HERE = (
    "Hola María, tu pedido salió ayer y llega mañana.",
    "Te llamamos mañana a las 10.",
    "Mañana te llamo y lo vemos.",
    "El transportista te llamará antes de la entrega.",
    "El repartidor te llama cuando esté abajo.",
    "No hace falta que nos llames: ya está cambiado.",
    "No es necesario llamar, lo hacemos desde aquí.",
    "Gracias por llamarnos ayer.",
    "El color se llama azul petróleo.",
    "Nos llama la atención que no lo tengas todavía.",
    "El mensajero llama al timbre dos veces.",
    "Cualquier duda nos dices.",
    "Si necesitas algo más, escríbenos.",
    "Para cualquier otra consulta llámanos al 600 123 456.",
    "Quedo a tu disposición para lo que necesites.",
    "Te escribimos en cuanto sepamos algo.",
    "Te hemos escrito un correo con la etiqueta.",
    "Te enviamos un correo con el enlace de seguimiento.",
    "Recibirás un email con la confirmación.",
    "En el correo de confirmación tienes el número de seguimiento.",
    "Responde a este mensaje con la talla y lo cambiamos.",
    "Envíanos una foto de la etiqueta, por favor.",
    "Mándanos el número de pedido y lo miramos.",
    "Dinos qué talla quieres.",
    "Puedes pasar a recogerlo por la tienda desde el lunes.",
    "Tu pedido te espera en la tienda, listo para recoger.",
    "La tienda abre de lunes a sábado.",
    "Hemos rellenado el formulario de aduanas por ti.",
    "El reembolso sale hoy, lo verás en tu cuenta en 3 días.",
    "La factura va adjunta.",
    "El teléfono que compraste tiene dos años de garantía.",
    "El móvil llega con cargador.",
    "Tu número de pedido es el 600123456.",
    "Hemos hablado por teléfono con el transportista.",
    "Ya he llamado al almacén: sale hoy.",
    "Vamos a llamar al transportista ahora mismo.",
    "Anotamos tu teléfono: 600 123 456.",
    "El pedido 1042 va a la dirección que nos diste.",
    "Puedes devolverlo gratis con la etiqueta adjunta.",
    "Lo sentimos mucho. Te mandamos otro hoy.",
    "Hola Pere, la teva comanda va sortir ahir.",
    "Et truquem demà a les 10.",
    "Demà et truco i ho mirem.",
    "El transportista et trucarà abans de lliurar-lo.",
    "No cal que truquis: ja està canviat.",
    "No has de trucar a ningú, ho fem nosaltres.",
    "Gràcies per trucar-nos ahir.",
    "El color es diu blau petroli.",
    "Qualsevol dubte ens dius.",
    "Si necessites res més, escriu-nos.",
    "Per a qualsevol altra consulta truca'ns al 600 123 456.",
    "T'escrivim quan sapiguem alguna cosa.",
    "T'hem enviat un correu amb l'etiqueta.",
    "Rebràs un correu amb la confirmació.",
    "Respon a aquest missatge amb la talla.",
    "Envia'ns una foto de l'etiqueta, si us plau.",
    "Digue'ns quina talla vols.",
    "Pots passar a recollir-lo a la botiga a partir de dilluns.",
    "La botiga obre de dilluns a dissabte.",
    "La factura va adjunta, en PDF.",
    "El telèfon que vas comprar té dos anys de garantia.",
    "Hem parlat per telèfon amb el magatzem.",
    "Ja he trucat al transportista: surt avui.",
    "El teu número de comanda és el 600123456.",
    "Ens sap greu. Te n'enviem un altre avui.",
    "Hello Mary, your order left yesterday.",
    "We will call you tomorrow at ten.",
    "I'll give you a ring on Monday.",
    "The courier calls you before the delivery.",
    "There is no need to call: it is changed already.",
    "You don't need to call anybody, we do it.",
    "Thank you for your call yesterday.",
    "The colour is called petrol blue.",
    "If you have any questions, just reply.",
    "For anything else call us at 020 7946 0000.",
    "We write as soon as we know more.",
    "We have sent you an email with the label.",
    "You will receive an email with the tracking number.",
    "Just reply to this message with your size.",
    "Please send us a picture of the label.",
    "Tell us which size you want.",
    "You can pick it up at the shop from Monday.",
    "The shop is open from Monday to Saturday.",
    "The invoice is attached.",
    "The phone you bought has a two year guarantee.",
    "We spoke on the phone with the warehouse.",
    "I have called the courier: it leaves today.",
    "Your order number is 600123456.",
    "We are sorry. Another one leaves today.",
    "> Call us at 020 7946 0000\nThat number was wrong, we see to it here.",
)


def test_an_answer_that_sends_its_customer_elsewhere_is_found():
    """Recall is at least nine in ten of these; where it sends them is right whenever it is found."""
    found = [
        (to, derivation(text, "email" if to != "email" else "whatsapp"), text) for to, text in SENT_ELSEWHERE
    ]
    assert len(SENT_ELSEWHERE) >= 40
    wrong = [each for each in found if each[1] not in {each[0], None}]
    missed = [each for each in found if each[1] is None]
    assert not wrong
    assert len(missed) <= len(found) // 10, missed


def test_at_most_one_in_fifty_answers_that_go_on_here_is_taken_for_one_that_sends_elsewhere():
    wrong = [(text, to) for text in ANSWERED_HERE if (to := derivation(text, "email"))]
    assert len(ANSWERED_HERE) >= 80
    assert len(wrong) <= len(ANSWERED_HERE) // 50, wrong


@pytest.mark.parametrize("channel", ["whatsapp", "email"])
def test_whoever_is_there_already_is_sent_nowhere(channel):
    by = {"whatsapp": "Escríbenos por WhatsApp cuando quieras.", "email": "Envíanos un correo con la foto."}
    assert derivation(by[channel], channel) is None
    assert derivation("Escríbenos a otra@tienda.es.", "email") == "email"
    assert {to for to, _ in SENT_ELSEWHERE} < set(DERIVED)
