"""A playbook at the console: chosen on `T`, taken step by step, and said beside the customer."""

from agentdesk.core.progress import Describe
from tui.driver import HUGE, plays


@plays
async def test_what_the_customer_wrote_says_which_playbook_and_incident_come_first(shop):
    number = shop.write("Anna Vila", "Comanda", "No puc pagar, la targeta surt rebutjada.")
    async with shop.console(HUGE) as at:
        await at.goes_to(number)
        await at.do("ticket.playbook")
        await at.sees(f"Which playbook does #{number} follow?")
        assert at.app.screen.choices[0].value == "payment"
        await at.press("escape")
        await at.do("ticket.describe")
        await at.sees("What kind of matter")
        await at.press("enter")
        await at.sees("What went wrong?")
        assert at.app.screen.choices[0].value == "payment"


@plays
async def test_a_return_is_served_by_its_playbook(shop):
    shop.bench.desk.do(Describe(shop.bench.id(1), incident="returns"))
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.do("ticket.playbook")
        await at.sees("Which playbook does #1 follow?")
        assert at.app.screen.choices[0].value == "returns", "the one for its incident comes first"
        await at.press("enter")
        await at.sees("Devolución o cambio 0/3", "ask: al cliente", "quick reply: ¿Qué pedido es?")
        await at.sees("returns 0/3, next: Identifica el")
        await at.press("enter")
        await at.sees("Devolución o cambio 1/3", "✓ Joan 10:02 · Identifica el pedido")
        await at.press("enter")
        await at.sees("Fuera de plazo")
        await at.type("defect")
        await at.press("enter")
        await at.sees(
            "✓ Joan 10:02 · Está defectuoso · ¿Por qué", "▸ until 12:0", "· Pide una foto del defecto"
        )
        await at.press("semicolon")
        await at.sees("Ha llegado roto")
        await at.press("escape")
        await at.until(lambda: at.where == "writing")
        assert "{{" in at.app.home.panes.composer.text
        await at.do("compose.close")
        await at.sees("returns 2/5, next: Pide una foto", "until 12:0")
        await at.do("ticket.resolve")
        await at.sees("why is none needed?")
        await at.press("2")
        await at.sees("The playbook returns is not finished")
        await at.do("act.undo")
        await at.sees("returns 1/3")


@plays
async def test_another_playbook_or_none_is_one_key_away_and_a_matter_says_what_it_is(shop):
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.do("ticket.describe")
        await at.answer("complaint")
        await at.answer("payment")
        await at.until(lambda: shop.bench.ticket(1).incident == "payment")
        assert shop.bench.ticket(1).row.kind == "complaint"
        await at.do("ticket.playbook")
        await at.until(lambda: at.app.screen is not at.app.home)
        assert [each.value for each in at.app.screen.choices[:2]] == ["payment", "complaint"]
        await at.press("enter")
        await at.sees("Problema con un pago 0/3")
        await at.press("ctrl+o")
        await at.sees("Which playbook does #1 follow?")
        await at.answer("none")
        await at.sees("#1 follows no playbook.")
        assert shop.bench.ticket(1).progress is None
