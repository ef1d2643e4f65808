"""One quick reply to all that is marked, from the console: looked at before, and taken back by one key."""

from agentdesk.core.model import Acts
from agentdesk.core.replies import QuickReply
from agentdesk.engine import circular
from tui.driver import SIZES, SMALL, plays

LATE = """
shortcut = "vaga"
[title]
en = "Strike"
es = "Huelga"
ca = "Vaga"
[text]
en = "The couriers are on strike. Your order comes {{?day}}, we are sorry."
es.tu = "Hay huelga de mensajeros. Tu pedido llega {{?day}}, lo sentimos."
es.usted = "Hay huelga de mensajeros. Su pedido llega {{?day}}, lo sentimos."
ca.tu = "Hi ha vaga de missatgers. La teva comanda arriba {{?day}}, ho sentim."
ca.voste = "Hi ha vaga de missatgers. La seva comanda arriba {{?day}}, ho sentim."
"""


def with_late(shop):
    (shop.home.config / "replies").mkdir(parents=True, exist_ok=True)
    (shop.home.config / "replies" / "vaga.toml").write_text(LATE, "utf-8")


def answers(shop):
    return {
        row.ticket: shop.bench.messages(row.ticket)[-1].visible.strip()
        for row in shop.outbox()
        if row.state == "held"
    }


@SIZES
@plays
async def test_marked_tickets_get_one_quick_reply_each_in_its_language_after_a_look_and_one_undo_takes_all_back(
    shop, size
):
    with_late(shop)
    async with shop.console(size) as at:
        await at.do("queue.mark", "queue.mark", "ticket.quick")
        await at.sees("Quick reply for 2 tickets")
        await at.answer("vaga")
        await at.sees("day (Catalan)", "day (English)")
        await at.type("dimarts")
        await at.press("enter")
        await at.answer("on Tuesday")
        await at.sees("2 tickets get this answer", "mail: 1 Catalan, 1 English", "Enter")
        assert answers(shop) == {}
        await at.press("enter")
        await at.sees("2 customers")
        assert answers(shop) == {
            1: "Hi ha vaga de missatgers. La teva comanda arriba dimarts, ho sentim.",
            2: "The couriers are on strike. Your order comes on Tuesday, we are sorry.",
        }
        await at.loses("2 marked")
        await at.do("act.undo")
        await at.sees("2 tickets are as they were")
        assert not shop.outbox()


@plays
async def test_what_is_typed_at_one_go_through_several_dialogs_arrives_where_it_is_meant(shop):
    with_late(shop)
    async with shop.console(SMALL) as at:
        await at.send("space", "space", ";", *"vaga", "\n", *"dimarts", "\n", *"on Tuesday", "\n")
        await at.sees("2 tickets get this answer")
        await at.send("enter", "u")
        await at.sees("2 tickets are as they were")


@plays
async def test_all_that_a_filter_leaves_is_marked_by_one_key(shop):
    shop.write("Lluc Pi", "Paquet", "Hola, on és la comanda?")
    async with shop.console(SMALL) as at:
        await at.do("find.filter")
        await at.answer("lang:ca")
        await at.loses("Refund")
        await at.do("queue.everything")
        await at.sees("2 marked")
        assert set(at.app.home.marking.marks.tickets) == {shop.bench.id(1), shop.bench.id(3)}


@plays
async def test_whoever_is_left_out_is_named_and_leaving_the_look_writes_nothing(shop):
    with_late(shop)
    shop.keys = {"quick.vaga": "t v"}
    shop.write("Maria Puig", "Una altra", "Hola, una altra cosa, gràcies")
    async with shop.console(SMALL) as at:
        await at.do("queue.mark", "queue.mark", "queue.mark")
        await at.press("t", "v")  # a key of its own is for all of them too
        await at.type("24/11")
        await at.press("enter")
        await at.press("enter")
        await at.sees("24/11, ho sentim", "1 is left out:", "the same customer")
        await at.press("escape")
        await at.loses("left out")
        await at.sees("3 marked")
        assert not shop.outbox()


@plays
async def test_what_an_earlier_console_could_not_end_is_written_by_the_next(shop):
    quick = QuickReply("x", {"en": "X"}, {"en": "The couriers are on strike, we are very sorry."})
    given = circular.Shop(shop.bench.desk, shop.settings, lambda _: shop.provider)
    found = circular.looked_at(given, quick, [row.id for row in shop.bench.queue()])
    circular.begin(given, quick, found, {}, acts=Acts())
    async with shop.console(SMALL) as at:
        await at.until(lambda: len(answers(shop)) == 2)
        await at.do("compose.send")
        await at.until(lambda: not answers(shop))
