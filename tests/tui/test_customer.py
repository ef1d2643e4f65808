"""Who is writing, and what was before."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from rich.cells import cell_len

from agentdesk.core.card import CustomerCard, CustomerTicket, LookupView
from agentdesk.core.instant import stamp
from agentdesk.core.lookup import Fact
from agentdesk.widgets.customer import Customer
from desks import MONDAY
from tui.glass import HOSTILE, listening, raw_free, shown


def card(**values):
    given = {
        "id": "c1",
        "name": "Maria Puig",
        "identities": (("email", "maria@x.test"), ("whatsapp", "+34 600 123 456")),
        "language": "ca",
        "preference": "prefers WhatsApp",
        "first_at": stamp(MONDAY - timedelta(days=700)),
        "last_at": stamp(MONDAY),
        "tickets": (
            CustomerTicket(1040, "Canvi de talla", "open", stamp(MONDAY - timedelta(days=1))),
            CustomerTicket(991, "Paquet", "resolved", stamp(MONDAY - timedelta(days=30)), "sent again"),
            CustomerTicket(870, "Factura", "closed", stamp(MONDAY - timedelta(days=400)), history=True),
        ),
        "notes": ((stamp(MONDAY - timedelta(days=3)), "Joan", "Wants the invoice."),),
    }
    return CustomerCard(**{**given, **values})


def on_stage(act, size=(40, 30)):
    async def run():
        pane = Customer()
        app = listening(Customer.TicketChosen)(pane)
        async with app.run_test(size=size) as pilot:
            pane.focus()
            await act(pilot, pane)

    asyncio.run(run())


def said(pilot):
    return "\n".join(line.rstrip() for line in shown(pilot.app))


@pytest.mark.parametrize("width", [24, 40, 60, 120])
def test_a_card_says_what_is_known(width):
    async def act(pilot, pane):
        pane.show(card(), MONDAY, UTC)
        await pilot.pause()
        assert {cell_len(line) for line in shown(pilot.app)} == {width}
        for words in (
            "Maria Puig",
            "@  maria@x.test",
            "WA +34 600",
            "prefers WhatsApp",
            "Joan",
            "#991  ✓",
            "#870  ✗",
        ):
            assert words in said(pilot), words
        if width >= 40:
            assert "open · Canvi de talla" in said(pilot)
            assert "sent again" in said(pilot)
            assert "2025-10-19" in said(pilot)
            assert "24 Oct" in said(pilot)

    on_stage(act, (width, 40))


def test_earlier_tickets_are_chosen_by_key_and_by_mouse():
    async def act(pilot, pane):
        pane.show(card(), MONDAY, UTC)
        await pilot.pause()
        pane.move(1)
        pane.choose()
        pane.move(9)
        pane.choose()
        pane.show(card(name="M. Puig"), MONDAY, UTC)
        pane.choose()
        await pilot.pause()
        assert [each.number for each in pilot.app.said] == [991, 870, 870]
        y = next(n for n, line in enumerate(shown(pilot.app)) if "#1040" in line)
        await pilot.click(pane, offset=(5, y))
        assert pilot.app.said[-1].number == 1040

    on_stage(act)


def test_what_is_not_known_is_said_in_words():
    async def act(pilot, pane):
        pane.show(None, MONDAY, UTC)
        await pilot.pause()
        assert "Nobody is selected." in said(pilot)
        pane.choose()
        pane.move(1)
        pane.show(CustomerCard("c2", ""), MONDAY, UTC)
        await pilot.pause()
        assert "(no name)" in said(pilot)
        assert "None: it is the first time." in said(pilot)
        pane.show(card(erased=True), MONDAY, UTC)
        await pilot.pause()
        assert said(pilot).strip() == "(erased)"
        assert not pilot.app.said

    on_stage(act)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_neither_raises_nor_reaches_the_terminal(text):
    ticket = CustomerTicket(1, text, "open", stamp(MONDAY), text)
    one = card(
        name=text,
        identities=(("email", text),),
        preference=text,
        language=text,
        tickets=(ticket,),
        notes=((stamp(MONDAY), text, text),),
    )

    async def act(pilot, pane):
        pane.show(one, MONDAY, UTC)
        await pilot.pause()
        assert raw_free(shown(pilot.app))
        assert {cell_len(line) for line in shown(pilot.app)} == {40}

    on_stage(act)


ORDER = Fact(
    "VM-48190",
    "shipped",
    stamp(MONDAY - timedelta(days=3)),
    "34,50 EUR",
    "Correos",
    "https://track.example/48190",
    ("Basket",),
    "pau@x.test",
    more=(("gift", "wrapped"),),
)


@pytest.mark.parametrize("size", [(38, 40), (80, 24)])
def test_what_the_shop_says_stands_beside_the_customer_with_its_age(size):
    view = LookupView("orders", (ORDER,), stamp(MONDAY))
    late = replace(
        view,
        failed_at=stamp(MONDAY + timedelta(hours=1)),
        failure="unreachable",
        reason="no answer within 2 s",
    )

    async def act(pilot, pane):
        pane.show(card(lookups=(view,)), MONDAY, UTC)
        await pilot.pause()
        for words in (
            "Orders",
            "as of 09:00",
            "VM-48190 shipped 20 Nov",
            "ordered by pau@x.test",
            "Basket",
            "Correos",
        ):
            assert words in said(pilot), words
        assert "track.example:" in said(pilot)
        assert "gift: wrapped" in said(pilot)
        pane.show(card(lookups=(late, LookupView("stock", (), stamp(MONDAY)))), MONDAY, UTC)
        await pilot.pause()
        for words in (
            "shop not reachable, as of 09:00",
            "no answer within 2 s",
            "VM-48190",
            "stock",
            "Nothing is known",
        ):
            assert words in said(pilot), words

    on_stage(act, size)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_shop_neither_raises_nor_reaches_the_terminal(text):
    fact = Fact(text, text, text, text, text, "", (text,), text, more=((text, text),))
    view = LookupView(text, (fact,), stamp(MONDAY), stamp(MONDAY), "unreadable", text)

    async def act(pilot, pane):
        pane.show(card(lookups=(view,)), MONDAY, UTC)
        await pilot.pause()
        assert raw_free(shown(pilot.app))
        assert {cell_len(line) for line in shown(pilot.app)} == {40}

    on_stage(act)
