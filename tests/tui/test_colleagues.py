"""Two at work in one shop: what one does is said to the other, by name."""

from tui.driver import WIDE, plays


@plays
async def test_whoever_sends_after_a_colleague_hears_who_answered_and_when(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        shop.bench.desk.agent = "Núria"
        async with shop.console(WIDE) as other:
            await other.goes_to(1)
            await other.do("ticket.reply")
            other.app.home.panes.composer.rewrite("Ja és de camí")
            await other.do("compose.send")
            await other.sees("undo answer to Maria")
        shop.bench.desk.agent = "Joan"
        await at.do("compose.send")
        await at.sees("Somebody has answered already (Núria, 10:02): read it and send again.")
        await at.sees("Ja és de camí")
        assert at.where == "writing"
        await at.do("compose.send")
        await at.loses("Somebody has answered already")
        assert len([m for m in shop.bench.messages(1) if m.direction == "out"]) == 2


@plays
async def test_a_customer_who_wrote_before_a_colleague_s_note_is_still_news(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("El paquet surt avui")
        shop.bench.mail(
            "Ja no cal", sender="Maria Puig <maria@x.test>", subject="Re: Comanda", reply_to="<m1@x.test>"
        )
        await at.sees("Ja no cal")
        await at.do("compose.send")
        await at.sees("A message came in while you were writing")
