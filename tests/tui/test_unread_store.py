"""A store that cannot be read for a while: said, and all goes on when it can."""

from contextlib import closing, contextmanager

from agentdesk.store import driver
from tui.driver import plays

CANNOT = "The store cannot be used"


@contextmanager
def unreadable(shop, table):
    """A table is away, which SQLite says of the query that asks for it as it says of a disk that gives nothing."""
    with closing(driver.connect(str(shop.bench.store.path))) as other:
        other.execute(f"ALTER TABLE {table} RENAME TO away")
        yield
        other.execute(f"ALTER TABLE away RENAME TO {table}")


@plays
async def test_what_changes_while_the_store_cannot_be_read_is_drawn_and_told_once_it_can(shop):
    shop.write("Ona Vila", "Un paquet", "Quan arriba?")
    async with shop.console() as at:
        told = []
        at.app.home.alert.arrived = told.append
        with unreadable(shop, "health"):
            await at.sees(CANNOT)
            ticket = shop.bench.id(shop.write("Pau Roca", "Una altra cosa", "Hola"))
            assert not told
        await at.sees("Una altra cosa")
        await at.until(lambda: any(ticket in touched for touched in told))


@plays
async def test_a_key_that_needs_what_cannot_be_read_says_so_and_the_next_one_goes_on(shop):
    async with shop.console() as at:
        with unreadable(shop, "tag"):
            await at.press("enter")
            await at.sees(CANNOT)
            await at.do("ticket.resolve")
            assert at.app.is_running
        await at.press("enter")
        await at.sees("first reply", "Bon dia, encara no")
