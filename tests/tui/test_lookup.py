"""Where is my order: answered from what the shop says, without leaving the screen."""

import sys

from agentdesk.config import Lookup
from agentdesk.core.pattern import checked
from servers.shop import WAITS
from tui.driver import HUGE, SMALL, plays

HEAD = "number,status,carrier,tracking_url,email\n"
ROW = "VM-1000{n},shipped,Rayo,https://track.example/{n},maria@x.test\n"


def sells(shop, tmp_path, orders: int) -> None:
    """The shop has so many orders of Maria's on their way."""
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + "".join(ROW.format(n=n) for n in range(orders)), "utf-8")
    one = Lookup("orders", "csv", str(path), pattern=checked(r"(VM-\d{5})"))
    shop.with_settings(lookups=(one,))


@plays
async def test_the_only_open_order_fills_the_answer_and_stands_on_the_customers_page(shop, tmp_path):
    sells(shop, tmp_path, 1)
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("customer.show")
        await at.sees("Orders", "as of", "VM-10000 shipped", "track.example: https://track.example/0")
        (tmp_path / "orders.csv").write_text(HEAD + ROW.format(n=0).replace("shipped", "enviada"), "utf-8")
        await at.do("customer.lookup")
        await at.sees("VM-10000 enviada")
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("donde")
        await at.sees("la teva comanda VM-10000", "seguiment diu: enviada.")
        await at.press("enter")
        await at.sees("cuándo salió")
        await at.press("escape")
        await at.until(lambda: "https://track.example/0" in at.app.home.panes.composer.text)


@plays
async def test_of_several_orders_one_is_chosen(shop, tmp_path):
    sells(shop, tmp_path, 2)
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.sees("VM-10000 shipped", "VM-10001 shipped")
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("donde")
        await at.press("enter")
        await at.sees("Which order is it?")
        await at.press("down", "enter")
        await at.sees("cuándo salió")
        await at.press("escape")
        await at.until(lambda: "comanda VM-10001" in at.app.home.panes.composer.text)


@plays
async def test_keys_go_on_while_the_shop_hangs(shop, tmp_path):
    program, called, go = (tmp_path / name for name in ("waits.py", "called", "go"))
    program.write_text(WAITS, "utf-8")
    command = (sys.executable, "-I", "-S", *map(str, (program, called, go)))
    shop.with_settings(lookups=(Lookup("slow", "command", command=command, timeout=10),))
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.until(called.exists)
        await at.do("ticket.reply")
        await at.type("Bon dia")
        await at.sees("Bon dia")
        go.touch()
        await at.sees("VM-1 shipped")


@plays
async def test_without_a_lookup_the_key_says_where_to_read_how(shop):
    async with shop.console(SMALL) as at:
        await at.do("customer.lookup")
        await at.sees("docs/lookups.md")
