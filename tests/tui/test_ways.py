"""Going on by another channel of the customer's, in the real console."""

import pytest

from agentdesk.channels import Ability
from agentdesk.core.commands import MergeCustomers
from agentdesk.engine.call import Call, note_call
from agentdesk.engine.window import Window
from tui.chats import MARIA, another, chats, connected
from tui.driver import plays


@pytest.fixture
def phone(shop):
    """Maria wrote by WhatsApp too (#3), and is known to be the same; that service takes short texts and no files."""
    service = connected(shop, Ability(text_max=20))
    chats(shop, "Hola, us he escrit")
    desk = shop.bench.desk
    with Window(desk) as window:
        desk.do(MergeCustomers(window.customer(f"whatsapp:{MARIA}"), window.customer("maria@x.test")))
    return service


@plays
async def test_an_answer_is_switched_to_the_chat_on_purpose(shop, phone):
    async with shop.console() as glass:
        await glass.goes_to(1)
        await glass.do("ticket.switch")
        await glass.sees("By which channel is Maria Puig answered?", f"WhatsApp {MARIA}")
        await glass.type("whats")
        await glass.press("enter")
        await glass.sees("Answer to Maria Puig · WhatsApp · #3", "0/20")
        await glass.type("Va cap a tu, aquesta tarda")
        await glass.do("compose.send")
        await glass.sees("It is too long for this channel: 26 characters, at most 20.")
        await glass.do("compose.attach")
        await glass.answer(__file__)
        await glass.sees("This channel takes no files.")
        glass.app.home.panes.composer.rewrite("Aquesta tarda")
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        await glass.goes_to(3)
        await glass.sees("Joan answered", "Answered by WhatsApp instead of mail.", "Bon dia, encara no")
    assert phone.taken[-1].text == "Aquesta tarda"


@plays
async def test_of_two_numbers_of_ours_one_is_chosen_and_what_was_asked_there_stays_open(shop, phone):
    workshop = another(shop)
    chats(shop, "Repareu llums?", account="taller")
    async with shop.console() as glass:
        await glass.goes_to(1)
        await glass.do("ticket.switch")
        await glass.sees(f"WhatsApp vimet {MARIA}", f"WhatsApp taller {MARIA}")
        await glass.type("vimet")
        await glass.press("enter")
        await glass.sees("Answer to Maria Puig · WhatsApp · #3")
        await glass.type("Aquesta tarda")
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
    assert [[each.text for each in service.taken] for service in (phone, workshop)] == [["Aquesta tarda"], []]
    assert [row.number for row in shop.bench.queue() if row.waiting_since and row.number > 2] == [3, 4]


@plays
async def test_who_has_no_other_way_is_told_so(shop):
    note_call(shop.bench.desk, Call("Truca algú", number="+34600999888", then="open"))
    async with shop.console() as glass:
        await glass.goes_to(3)
        await glass.do("ticket.reply")
        await glass.sees("Nobody is written to by phone")
        await glass.goes_to(2)
        await glass.do("ticket.switch")
        await glass.sees("This customer has written by no other channel.")
        assert not glass.app.home.writing.active, "no answer is begun"
