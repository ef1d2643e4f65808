"""Passing a mail on to a courier and going on with it, in the real console."""

from email import message_from_bytes, policy

from tui.driver import SMALL, plays

COURIER = "rutas@courier.test"


def newest(shop):
    return message_from_bytes(shop.provider.accepted[-1], policy=policy.default)


@plays
async def test_a_mail_goes_on_to_a_courier_whose_answer_is_answered_apart(shop):
    async with shop.console(SMALL) as glass:
        await glass.goes_to(1)
        await glass.do("ticket.forward")
        await glass.sees("To whom is it passed on?")
        await glass.answer(COURIER)
        await glass.sees("Third party: the customer does not see it", f"to {COURIER}")
        await glass.type("On és?")
        await glass.press("escape")
        assert shop.draft(1, f"party {COURIER}") == "On és?"
        await glass.do("ticket.reply")
        await glass.sees("Answer to Maria Puig")
        assert glass.app.home.panes.composer.text == "", "that draft is for nobody else"
        await glass.press("escape")
        await glass.do("ticket.forward")
        await glass.answer(COURIER)
        await glass.do("compose.resolve")
        await glass.sees("is not done yet")
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        await glass.do("act.undo")
        await glass.sees("Third party: the customer does not see it")
        assert glass.app.home.panes.composer.text == "On és?"
        await glass.do("compose.send")
        await glass.sees(f"undo message to {COURIER}")
        await glass.do("compose.send")
        await glass.sees(f"The message to {COURIER} is on its way.")
        shop.bench.clock.go(seconds=60)
        await shop.flush()
        passed = newest(shop)
        assert passed["To"] == COURIER
        shop.bench.mail("A Lleida", sender=f"Rutas <{COURIER}>", reply_to=passed["Message-ID"])
        await glass.goes_to(1)
        await glass.sees("Joan to third party rutas@courier.test", "third party Rutas wrote", "A Lleida")
        await glass.do("ticket.reply")
        await glass.sees("Third party: the customer does not see it")
        await glass.type("Quan surt?")
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        shop.bench.clock.go(seconds=60)
        await shop.flush()
        assert (newest(shop)["To"], newest(shop)["In-Reply-To"]) == (COURIER, "<m3@x.test>")
        await glass.goes_to(1)
        glass.app.home.panes.conversation.page(-1)
        while glass.app.home.panes.conversation.selected().direction != "in":
            await glass.do("reading.up")
        await glass.do("ticket.reply")
        await glass.sees("Answer to Maria Puig")
        assert "Lleida" not in glass.app.home.panes.composer.text


@plays
async def test_a_colleague_is_asked_and_the_customer_told_by_when_in_one_act(shop):
    async with shop.console(SMALL) as glass:
        await glass.goes_to(1)
        await glass.do("ticket.note")
        await glass.type("@Nuria li cobrem el port?")
        await glass.do("compose.until")
        await glass.sees("Until when do we need?")
        await glass.answer("2h")
        await glass.sees("Tell the customer this", "com a molt tard, avui a les 12:0")
        await glass.press("enter")
        await glass.sees(
            "Internal note: no customer sees it", "with the note: Maria Puig is told: we need until 23/11 12:"
        )
        await glass.do("compose.resolve")
        await glass.sees("The customer is told by when we answer")
        assert glass.where == "writing"
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        await glass.do("act.undo")
        await glass.sees("Internal note: no customer sees it", "Maria Puig is told")
        assert glass.app.home.panes.composer.text == "@Nuria li cobrem el port?"
        await glass.do("compose.send")
        await glass.until(lambda: not glass.app.home.writing.active)
        shop.bench.clock.go(seconds=60)
        await shop.flush()
    assert (newest(shop)["To"], "Nuria" in newest(shop).as_string()) == ("Maria Puig <maria@x.test>", False)
