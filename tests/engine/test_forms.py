"""Contact forms as the shops' programs send them: the person who filled one in is the customer, and gets the answer."""

from datetime import UTC

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.core.form import name_in
from agentdesk.core.letter import Sender, Wish, answer
from agentdesk.core.model import Place
from agentdesk.store import ways
from desks import SHOP, Bench

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


def submitted(bench: Bench, form: str, number: int = 1, reply_to: str = MARIA) -> None:
    """One submission of that form comes in."""
    sender, subject, more = FORMS[form]
    answers = f"Reply-To: {reply_to}\r\n" if reply_to else ""
    raw = (
        f"Return-Path: <bounce@host.test>\r\nFrom: {sender}\r\nTo: {SHOP}\r\nSubject: {subject}\r\n{answers}{more}"
        f"Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{form.replace(' ', '')}.{number}@host.test>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNom: Maria Puig\r\nMissatge: on és? ({number})\r\n"
    ).encode()
    bench.uid += 1
    place = Place("mailbox", "INBOX", 1, bench.uid)
    bench.intake.take(Batch(f"cursor {bench.uid}", (Arrival(place, bench.clock.at, raw, len(raw)),)))


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
    desk = Sender("Joan", SHOP, (SHOP,))
    text = answer(
        found.original, desk, Wish("Avui mateix."), ticket=row.id, unique="x", seal=bench.desk.seal,
        language="ca", zone=UTC, at=bench.clock.at,
    ).text  # fmt: skip
    assert "Maria Puig va escriure:" in text


@pytest.mark.parametrize("form", FORMS)
def test_each_submission_is_a_ticket_of_its_own(bench, form):
    submitted(bench, form)
    submitted(bench, form, 2)
    submitted(bench, form, 3, reply_to="Pau <pau@x.test>")
    assert sorted(row.identity for row in bench.queue()) == ["email:maria@x.test"] * 2 + ["email:pau@x.test"]


@pytest.mark.parametrize("form", FORMS)
def test_without_an_address_to_answer_it_is_kept_and_says_so(bench, form):
    submitted(bench, form, reply_to="")
    rows = bench.queue("inbox") + bench.queue("machine")
    assert len(rows) == 1


def test_a_newsletter_with_another_reply_address_is_no_form(bench):
    bench.mail(
        sender="noreply@news.test",
        extra="Reply-To: hola@marketing.test\r\nList-Unsubscribe: <https://x.test>\r\nPrecedence: bulk\r\n",
    )
    assert bench.queue() == []
    assert len(bench.queue("machine")) == 1
