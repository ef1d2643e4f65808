"""A group in the real console: its name wherever its ticket is, and above what is written who reads it."""

from agentdesk.channels import Ability, Arrival, Batch, chat
from agentdesk.core.commands import Merge
from agentdesk.core.model import Address, Incoming, Place
from agentdesk.engine.intake import Intake
from tui.chats import ACCOUNT, MARIA, connected
from tui.driver import plays


def says(shop, text, number, person=MARIA, name="Maria Puig", room=None):
    conversation = "-1001" if room else person
    said = Incoming(
        "telegram", Address(name, person), text, text, room=room, message_id=f"telegram:{conversation}/{number}"
    )  # fmt: skip
    raw = chat.received("telegram", {"number": number})
    arrival = Arrival(Place(ACCOUNT.id, "x", 0, number), shop.bench.clock.at, raw, len(raw))
    Intake(shop.bench.desk, ACCOUNT.id, lambda _: said).take(Batch(str(number), (arrival,)))


@plays
async def test_a_group_is_named_and_the_composer_warns_who_reads_it(shop):
    service = connected(shop, Ability(text_max=1000))
    group = chat.room("Vecinos", "-1001")
    says(shop, "Hola vecinos", 1, room=group)
    says(shop, "Yo también", 2, person="40", name="Leo", room=group)
    says(shop, "Mi pedido 99", 3)
    async with shop.console(size=(120, 40)) as glass:
        await glass.goes_to(3)
        await glass.sees("group «Vecinos»", "Maria Puig", "Leo")
        await glass.do("ticket.reply")
        await glass.sees("Answer to «Vecinos» · Telegram", "to «Vecinos»: everybody in the group reads it")
        line = glass.app.home.panes.composer._who.line
        assert ("to «Vecinos»: everybody in the group reads it  ", "warn") in line
        await glass.type("Abrimos a las nueve")
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        await glass.goes_to(4)
        await glass.do("ticket.reply")
        await glass.sees("Answer to Maria Puig · Telegram", f"to {MARIA}")
        assert "everybody" not in glass.text
    assert [each.to[0].email for each in service.taken] == ["room:-1001"]


@plays
async def test_the_composer_names_who_gets_it_and_not_whose_the_ticket_is(shop):
    connected(shop, Ability(text_max=1000))
    says(shop, "dato privado", 1, person="90", name="Berta")
    shop.bench.desk.do(Merge(shop.bench.id(3), shop.bench.id(1)))
    async with shop.console(size=(120, 40)) as glass:
        await glass.goes_to(1)
        await glass.do("ticket.reply")
        await glass.sees("Answer to Berta · Telegram", "to 90")
        assert "Answer to Maria" not in glass.text
