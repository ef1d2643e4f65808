"""Contact forms as the shops' programs send them: the person who filled one in is the customer, and gets the answer."""

from datetime import UTC

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.core.form import name_in
from agentdesk.core.letter import Original, Sender, Wish, answer, recipients
from agentdesk.core.model import Address, Outgoing, Place
from agentdesk.core.state import Staff
from agentdesk.store import ways
from desks import SHOP, Bench, holds

MARIA = "Maria Puig <maria@x.test>"
# Each as its program writes it: From, Subject, further headers. The shop's own mailbox is soporte@shop.test.
FORMS = {
    "WooCommerce": (f"La Botiga <{SHOP}>", "[La Botiga]: New order #1042", "X-Mailer: WooCommerce 9.3\r\n"),
    "Shopify": (
        "La Botiga (Shopify) <mailer@shopify.com>", "New customer message on November 22, 2026 at 10:00 am",
        "Sender: mailer@shopify.com\r\nX-Shopify-Shop: botiga\r\n",
    ),
    "PrestaShop": (f"La Botiga <{SHOP}>", "Message from contact form", "X-Mailer: PrestaShop\r\n"),
    "Contact Form 7": (
        "La Botiga <wordpress@shop.test>", 'La Botiga "On és?"', "X-WPCF7-Content-Type: text/plain\r\nX-Mailer: PHPMailer 6.9\r\n",
    ),
    "WPForms": ("La Botiga <noreply@shop.test>", "New Entry: Contact", "X-Mailer: WPForms/Lite 1.9\r\n"),
    "Elementor": ("La Botiga <email@shop.test>", "New message from La Botiga", "X-Mailer: PHPMailer 6.9\r\nAuto-Submitted: auto-generated\r\n"),
    "Wix": ("La Botiga <no-reply@crm.wix.com>", "Contact Form got a new submission", "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n"),
    "Google Forms": ("Google Forms <forms-receipts-noreply@google.com>", "Contacte - nova resposta", "Auto-Submitted: auto-generated\r\n"),
    "Jotform": ("Jotform <noreply@jotform.com>", "Re: Formulari - Maria Puig", "X-Report-Abuse-To: abuse@jotform.com\r\n"),
    "own script": ("www-data <www-data@shop.test>", "Formulari web", "X-PHP-Originating-Script: 33:contacte.php\r\n"),
}  # fmt: skip


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


LABELLED = "Nom: Maria Puig\nMissatge: on és?"


def submitted(
    bench: Bench, form: str, number: int = 1, reply_to: str = MARIA, text: str = LABELLED, subject: str = ""
) -> None:
    """One submission of that form comes in."""
    sender, usual, more = FORMS[form]
    answers = f"Reply-To: {reply_to}\r\n" if reply_to else ""
    raw = (
        f"Return-Path: <bounce@host.test>\r\nFrom: {sender}\r\nTo: {SHOP}\r\nSubject: {subject or usual}\r\n{answers}{more}"
        f"Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{form.replace(' ', '')}.{number}@host.test>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text} ({number})\r\n"
    ).encode()
    bench.uid += 1
    place = Place("mailbox", "INBOX", 1, bench.uid)
    bench.intake.take(Batch(f"cursor {bench.uid}", (Arrival(place, bench.clock.at, raw, len(raw)),)))


def letter_to(original: Original, bench: Bench, wish: Wish) -> Outgoing:
    """The answer to one ticket's submission."""
    return answer(
        original, Sender("Joan", SHOP, (SHOP,)), wish, ticket=bench.id(1), unique="x", seal=bench.desk.seal,
        language="ca", zone=UTC, at=bench.clock.at,
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_person_who_filled_it_in_is_the_customer(bench, form):
    submitted(bench, form)
    (row,) = bench.queue()
    assert row.identity == "email:maria@x.test"
    assert row.customer_name == "Maria Puig"
    assert row.channel == "form"
    assert row.waiting_since
    (message,) = bench.messages(row.number)
    assert message.mail_class == "human"
    assert "by_form" in message.warnings


@pytest.mark.parametrize("form", FORMS)
def test_the_answer_goes_to_that_person(bench, form):
    submitted(bench, form)
    (row,) = bench.queue()
    with bench.reading() as connection:
        found = ways.to_answer(connection, bench.store.blobs, row.id)
    assert found is not None
    assert found.original.by_form
    assert [each.email for each in found.original.reply_to] == ["maria@x.test"]


SAYS_WHO = {
    "De: Laura Gómez <laura@x.test>\nAsunto: Taza\n\nCuerpo del mensaje:\n¿Hola?": "Laura Gómez",
    "From: Laura Gómez <laura@x.test>\nSubject: Cup\n\nMessage Body:\nHello": "Laura Gómez",
    "Nombre: Laura Gómez\nCorreo: laura@x.test\nMensaje: hola": "Laura Gómez",
    "*Nombre y apellidos*\nLaura Gómez\n\n*Email*\nlaura@x.test": "Laura Gómez",
    "El teu nom: Laura Gómez\nEl teu correu: laura@x.test": "Laura Gómez",
    "Your name = Laura Gómez\nlaura@x.test": "Laura Gómez",
    "Laura Gómez <laura@x.test> ha escrit:\nHola": "Laura Gómez",
    "Hola, em dic Laura i el meu nom és bonic": "",
    "Nombre: laura@x.test": "",
    "De: Otra <otra@x.test>\nHola": "",
}


@pytest.mark.parametrize("text", SAYS_WHO)
def test_what_the_person_is_called_stands_in_the_form(text):
    assert name_in(text, "laura@x.test") == SAYS_WHO[text]


def test_a_form_whose_reply_address_has_no_name_still_names_the_person(bench):
    submitted(bench, "Contact Form 7", reply_to="maria@x.test")
    (row,) = bench.queue()
    assert row.customer_name == "Maria Puig"
    with bench.reading() as connection:
        found = ways.to_answer(connection, bench.store.blobs, row.id)
    text = letter_to(found.original, bench, Wish("Avui mateix.")).text
    assert "Maria Puig va escriure:" in text


@pytest.mark.parametrize("form", FORMS)
def test_each_submission_is_a_ticket_of_its_own(bench, form):
    submitted(bench, form)
    submitted(bench, form, 2)
    submitted(bench, form, 3, reply_to="Pau <pau@x.test>")
    assert sorted(row.identity for row in bench.queue()) == ["email:maria@x.test"] * 2 + ["email:pau@x.test"]


# What each writes of a submission, when nobody told it to set a Reply-To.
TEXTS = {
    "WooCommerce": "Nom: Maria Puig\nCorreu: maria@x.test\nMissatge: on és?",
    "Shopify": (
        "You received a new message from your online store's contact form.\n\nCountry Code:\nES\n\nName:\nMaria Puig\n\n"
        "E-mail:\nmaria@x.test\n\nPhone:\n\nBody:\nOn és la meva comanda: la 1042?"
    ),
    "PrestaShop": (
        "Mensaje de un cliente en La Botiga\n\nDirección de correo electrónico del cliente: maria@x.test\n\n"
        "Pedido nº: 1042\n\nMensaje del cliente:\n\n¿Dónde está?"
    ),
    "Contact Form 7": (
        "From: Maria Puig <maria@x.test>\nSubject: On és?\n\nMessage Body:\nOn és?\n\n-- \n"
        "This e-mail was sent from a contact form on La Botiga (https://shop.test)"
    ),
    "WPForms": "--- Name ---\n\nMaria Puig\n\n--- Email ---\n\nmaria@x.test\n\n--- Comment or Message ---\n\nOn és?",
    "Elementor": (
        "Nombre: Maria Puig\nCorreo electrónico: Maria@X.test\nMensaje: ¿Dónde está?\n\n---\n\nFecha: 22/11/2026\n"
        "Página: https://shop.test/contacto\nIP remota: 192.0.2.1\nDesarrollado por: Elementor"
    ),
    "Wix": "Maria Puig just submitted your form: Contacto\n\nNombre: Maria Puig\nEmail: maria@x.test\nMensaje: ¿Dónde está?",
    "Google Forms": "Adreça de correu electrònic\nmaria@x.test\n\nEl teu nom\nMaria Puig\n\nEn què et podem ajudar?\nOn és?",
    "Jotform": "Name  Maria Puig\nE-mail  maria@x.test\nYour message  On és?",
    "own script": "Nom i cognoms = Maria Puig\nE-mail = maria@x.test\nRepeteix e-mail = maria@x.test\nConsulta = On és?",
}


def answered(bench: Bench, number: int):
    """What an answer to a ticket answers."""
    with bench.reading() as connection:
        found = ways.to_answer(connection, bench.store.blobs, bench.id(number))
    assert found is not None
    return found.original


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("alike", [False, True], ids=["its own text", "a plain text"])
def test_without_a_reply_to_the_address_in_its_text_is_the_customers(bench, form, alike):
    text = "Nom: Maria Puig\nCorreu: maria@x.test\nMissatge: on és?" if alike else TEXTS[form]
    for number in (1, 2):
        submitted(bench, form, number, reply_to="", text=text, subject="La Botiga" if alike else "")
    rows = bench.queue()
    assert [row.identity for row in rows] == ["email:maria@x.test"] * 2
    assert {row.channel for row in rows} == {"form"}
    for row in rows:
        (message,) = bench.messages(row.number)
        assert message.mail_class == "human"
        assert message.verified == "none"
        assert {"by_form", "form_address_in_text"} <= set(message.warnings)
        original = answered(bench, row.number)
        assert [each.email for each in recipients(original, frozenset({SHOP}))] == ["maria@x.test"]
    if form != "PrestaShop" or alike:
        assert rows[0].customer_name == "Maria Puig"
    holds(bench.desk)


NAMES_NOBODY = {
    "none": LABELLED,
    "several": "Nom: Maria\nCorreu: maria@x.test\nE-mail: joan@y.test\nMissatge: on és?",
    "one that is none": "Nom: Maria\nCorreu: maria at x\nMissatge: on és?",
    "one in the words of the message": "Nom: Maria\nTelèfon: 600111222\nMissatge: escriviu a maria@x.test",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("why", NAMES_NOBODY)
def test_a_form_that_names_nobody_to_answer_is_work_and_its_machine_gets_no_answer(bench, form, why):
    submitted(bench, form, 1, reply_to="", text=NAMES_NOBODY[why])
    submitted(bench, form, 2, reply_to="", text=NAMES_NOBODY[why])
    assert bench.queue("machine") == []
    rows = bench.queue()
    assert len({row.customer for row in rows}) == 2, "who is not named is nobody known"
    for row in rows:
        (message,) = bench.messages(row.number)
        assert message.mail_class == "human"
        assert "form_without_address" in message.warnings
        assert "by_form" not in message.warnings
        original = answered(bench, row.number)
        assert recipients(original, frozenset({SHOP})) == ()
        with pytest.raises(ValueError, match="form_without_address"):
            letter_to(original, bench, Wish("Avui."))
        chosen = letter_to(original, bench, Wish("Avui.", to=(Address("", "maria@x.test"),)))
        assert [each.email for each in chosen.to] == ["maria@x.test"]
        assert "Maria" in chosen.text
    holds(bench.desk)


def test_a_form_under_another_address_of_our_house_is_no_mail_of_its_program(bench):
    bench.mail(TEXTS["WooCommerce"], sender="La Botiga <web@shop.test>")
    (row,) = bench.queue()
    assert (row.identity, row.channel) == ("email:maria@x.test", "form")


def test_a_shop_at_a_big_provider_gets_its_own_forms_and_nobody_elses(tmp_path):
    made = Bench(tmp_path, own="botiga@gmail.com")
    made.mail(TEXTS["WooCommerce"], sender="botiga@gmail.com", to="botiga@gmail.com")
    made.mail(TEXTS["WooCommerce"], sender="joan@gmail.com", to="botiga@gmail.com")
    assert [(row.identity, row.channel) for row in made.queue()] == [
        ("email:maria@x.test", "form"),
        ("email:joan@gmail.com", "email"),
    ]
    made.close()


def test_what_a_colleague_writes_is_no_form(tmp_path):
    made = Bench(tmp_path, staff=lambda: Staff(addresses=frozenset({"joan@shop.test"})))
    made.mail(TEXTS["WooCommerce"], sender="joan@shop.test")
    (row,) = made.queue()
    assert row.channel == "email"
    made.close()


# What the same programs write besides: (form whose sender and headers it bears, subject, text).
NO_FORMS = {
    "an order by WooCommerce": ("WooCommerce", "[La Botiga]: New order #1042", "You’ve received the following order from Maria Puig:\n\nProduct  Quantity  Price\nTassa  1  12 €\nSubtotal: 12 €\nPayment method: Bizum\nTotal: 12 €\nNote: truqueu abans\n\nBilling address\nMaria Puig\nEmail: maria@x.test\nPhone: 600111222"),
    "an order by PrestaShop": ("PrestaShop", "[La Botiga] Nuevo pedido : #1042 - ABCDE", "Cliente: Maria Puig (maria@x.test)\nCorreo: maria@x.test\nPago: Transferencia\nTotal pagado: 12 €\nMensaje del cliente: llamad antes"),
    "an order by Shopify": ("Shopify", "[La Botiga] Order #1042 placed by Maria Puig", "Maria Puig placed order #1042.\n\nEmail: maria@x.test\nTotal: 12,00 €"),
    "an order by Wix": ("Wix", "You just got an order (#1042)", "Buyer: Maria Puig\nName: Maria Puig\nEmail: maria@x.test\nShipping: 3 €\nMessage: truqueu abans\nTotal: 15 €"),
    "what is out of stock": ("WooCommerce", "[La Botiga] Product low in stock", "Tassa blava (SKU: T-1) is low in stock. There are 2 left."),
    "stock of a plugin": ("PrestaShop", "Stock: Tassa blava", "Nombre: Tassa blava\nReferencia: T-1\nStock: 0"),
    "a weekly summary": ("WPForms", "Your Weekly WPForms Summary for La Botiga", "Hi there,\n\nForm  Entries\nContact  12\n\nTo get the most out of it, read on."),
    "an update": ("Contact Form 7", "[La Botiga] Some plugins were automatically updated", "Howdy! Some plugins have automatically updated: Contact Form 7 (from version 5.9 to 6.0)."),
    "a new user": ("Contact Form 7", "[La Botiga] New User Registration", "New user registration on your site La Botiga:\n\nUsername: maria\n\nEmail: maria@x.test"),
    "a comment": ("Contact Form 7", '[La Botiga] Please moderate: "Tasses"', "A new comment is waiting for your approval\n\nAuthor: Maria (IP address: 192.0.2.1, 192.0.2.1)\nEmail: maria@x.test\nURL:\nComment:\nQuè bonic!"),
    "a quota": ("Jotform", "You are about to reach your form limit", "Hi La Botiga,\n\nYou have used 90 of 100 submissions."),
    "a notice of answers": ("Google Forms", "New responses", "Your form Contacte has new responses. View summary"),
    "a template of questions": ("PrestaShop", "Garantia", "Ompliu si us plau:\nNom:\nCorreu:\nMissatge:"),
    "our own form elsewhere": ("WPForms", "Hem rebut el teu missatge", f"Nom: La Botiga\nCorreu: {SHOP}\nMissatge: quan arriba el camió?"),
    "a mail to ourselves": ("PrestaShop", "prova meva", "Em compro una tassa"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_FORMS)
def test_what_else_such_a_program_writes_is_no_form(bench, name):
    form, subject, text = NO_FORMS[name]
    submitted(bench, form, reply_to="", text=text, subject=subject)
    (row,) = bench.queue("all")
    assert row.channel == "email"
    (message,) = bench.messages(row.number)
    assert not any("form" in each for each in message.warnings)
    if form not in {"Shopify", "Contact Form 7"}:  # under their names people may write
        assert bench.queue() == []


OF_OURS = {
    "an answer": "In-Reply-To: <a@x.test>\r\nReferences: <a@x.test>\r\n",
    "a copy of a mail to a customer": "Cc: maria@x.test\r\n",
    "of this desk's loop": "X-Agentdesk-Loop: 1\r\n",
}


@pytest.mark.parametrize("name", OF_OURS)
def test_our_own_mail_that_comes_back_is_no_form_whatever_it_holds(bench, name):
    bench.mail(TEXTS["WooCommerce"], sender=SHOP, extra=OF_OURS[name])
    (row,) = bench.queue("machine")
    assert bench.messages(row.number)[0].mail_class == "own_loop"


def test_our_own_first_mail_that_comes_back_is_no_form(bench):
    bench.mail("Hola")
    name = bench.desk.seal.own_message_id(bench.id(1), "7", "shop.test")
    bench.mail(TEXTS["WooCommerce"], sender=SHOP, message_id=name)
    (row,) = bench.queue("machine")
    assert bench.messages(row.number)[0].mail_class == "own_loop"


def test_what_a_form_quotes_is_not_what_it_says(bench):
    bench.mail(
        "Mireu:\n\n" + "\n".join(f"> {line}" for line in TEXTS["WooCommerce"].split("\n")), sender=SHOP
    )
    (row,) = bench.queue("machine")
    assert bench.messages(row.number)[0].mail_class == "own_loop"


def test_a_newsletter_with_another_reply_address_is_no_form(bench):
    bench.mail(
        sender="noreply@news.test",
        extra="Reply-To: hola@marketing.test\r\nList-Unsubscribe: <https://x.test>\r\nPrecedence: bulk\r\n",
    )
    assert bench.queue() == []
    assert len(bench.queue("machine")) == 1
