"""Our answers as letters."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.letter import Original, Sender, Wish, answer, chain, re_subject, written_to
from agentdesk.core.model import Address
from agentdesk.core.seal import Seal, tokens_in

SEAL = Seal(b"k" * 32)
TICKET = "20d7807f-758b-5a90-967a-3fafdf5ddf86"
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
US = Sender("Joan", "soporte@shop.test", ("soporte@shop.test", "pedidos@shop.test"), signature="Vímet SL")


def original(**more):
    values = {
        "message_id": "<a@x.test>",
        "references": (),
        "name": "María",
        "address": "maria@x.test",
        "reply_to": (),
        "to": (Address("", "soporte@shop.test"),),
        "cc": (),
        "delivered_to": (),
        "subject": "Pedido",
        "text": "Hola",
        "received_at": NOW,
    }
    return Original(**{**values, **more})


def letter(given=None, wish=None, *, language="es", sender=US):
    return answer(
        given or original(), sender, wish or Wish("Ya va."), ticket=TICKET, unique="1", seal=SEAL, language=language,
        zone=MADRID, at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Pedido", "Re: Pedido"),
        ("Re: Pedido", "Re: Pedido"),
        ("RE: Re: RV: Pedido", "Re: Pedido"),
        ("AW: Pedido", "Re: Pedido"),
        ("Re[2]: Pedido", "Re: Pedido"),
        ("Recambio", "Re: Recambio"),
        ("", "Re:"),
    ],
)
def test_one_re_whatever_stood_there(subject, answered):
    assert re_subject(subject) == answered


def test_it_goes_to_who_wrote_or_where_replies_are_wanted():
    assert letter().to == (Address("María", "maria@x.test"),)
    elsewhere = original(reply_to=(Address("", "otra@y.test"),))
    assert letter(elsewhere).to == (Address("", "otra@y.test"),)
    own = original(reply_to=(Address("", "soporte@shop.test"),))
    assert letter(own).to == (Address("María", "maria@x.test"),)


def test_everybody_is_a_choice_and_we_are_nobody():
    people = original(
        to=(Address("", "soporte@shop.test"), Address("Pep", "pep@x.test")), cc=(Address("", "ana@x.test"),)
    )
    assert letter(people).cc == ()
    assert [a.email for a in letter(people, Wish("x", everybody=True)).cc] == ["pep@x.test", "ana@x.test"]


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ({}, "soporte@shop.test"),
        ({"to": (Address("", "pedidos@shop.test"),)}, "pedidos@shop.test"),
        ({"delivered_to": ("pedidos@shop.test",)}, "pedidos@shop.test"),
        ({"to": (Address("", "pedidos+ad-x@shop.test"),)}, "pedidos@shop.test"),
        ({"to": (), "cc": (Address("", "pedidos@shop.test"),)}, "pedidos@shop.test"),
        ({"to": (Address("", "lista@otra.test"),)}, "soporte@shop.test"),
    ],
)
def test_it_comes_from_the_address_that_the_customer_wrote_to(more, address):
    assert written_to(original(**more), US) == address


def test_nobody_to_answer_is_said():
    with pytest.raises(ValueError, match="no_recipient"):
        letter(original(address="", to=()))


def test_the_message_id_carries_a_token_that_we_vouch_for():
    ((name, signature),) = tokens_in(letter().message_id)
    assert SEAL.token(TICKET) == (name, signature)
    assert SEAL.vouches(TICKET, signature)
    assert not SEAL.vouches("20d7807f-758b-5a90-967a-3fafdf5ddf87", signature)


def test_a_plus_address_where_the_provider_delivers_them():
    plus = Sender("Joan", "soporte@shop.test", ("soporte@shop.test",), plus=True)
    made = letter(sender=plus)
    assert made.reply_to is not None
    assert tokens_in(made.reply_to.email) == (SEAL.token(TICKET),)
    assert letter().reply_to is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "El 23/11/2026 a las 10:00, María escribió:"),
        ("ca", "El 23/11/2026 a les 10:00, María va escriure:"),
        ("en", "On 23 Nov 2026 at 10:00, María wrote:"),
        ("pt", "On 23 Nov 2026 at 10:00, María wrote:"),
        (None, "On 23 Nov 2026 at 10:00, María wrote:"),
    ],
)
def test_the_line_above_the_quote_speaks_the_customer_s_language_and_the_shop_s_time(language, line):
    assert letter(language=language).text == f"Ya va.\n\n-- \nVímet SL\n\n{line}\n> Hola\n"


def test_a_chat_gets_the_text_alone():
    chat = Sender("Joan", "soporte@shop.test", ("soporte@shop.test",), signature="Vímet", chat=True)
    assert letter(sender=chat).text == "Ya va."


def test_references_keep_the_first_and_the_newest():
    many = tuple(f"<{n}@x.test>" for n in range(60))
    kept = chain(original(references=many))
    assert (kept[0], kept[-1], len(kept)) == ("<0@x.test>", "<a@x.test>", 20)


def test_hostile_names_stay_on_their_line():
    made = letter(original(name="Eve\r\nBcc: all@x.test\x1b[2J"))
    assert "\r" not in made.text
    assert "\x1b" not in made.text
    assert "\nBcc" not in made.text
