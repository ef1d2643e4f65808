"""A reply that came back, as somebody at the console meets it: in the queue, beside the reply, and when writing anew."""

import pytest

from agentdesk import i18n
from agentdesk.core.commands import Resolve
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from reports import report
from tui.driver import HUGE, SIZES, plays
from tui.glass import HOSTILE, raw_free


async def answered(shop, status="5.1.1", words="550 5.1.1 no such user here") -> None:
    """Maria was answered, and the answer comes back; nobody else waits."""
    shop.bench.desk.do(Resolve(shop.bench.id(2)))
    reply.write(shop.bench.desk, shop.settings, shop.provider, shop.bench.id(1), Wish("Avui"), hold=0)
    await shop.flush()
    shop.bench.clock.go(minutes=5)
    (ours,) = [each for each in shop.bench.messages(1) if each.direction == "out"]
    shop.bench.mail(raw=report(ours.remote_id, ("maria@x.test", status, words)))


@SIZES
@plays
async def test_the_failed_reply_and_the_failing_address_are_seen(shop, size):
    await answered(shop)
    async with shop.console(size) as at:
        await at.sees("✗ failed", "No m'ha")
        await at.do("queue.open")
        await at.sees("✗ failed: there is no such address", "! the server said: 550 5.1.1 no such user here")
        await at.do("ticket.reply")
        await at.sees("✗ mail comes back: there is no such address", "to maria@x.test")
        await at.do("compose.close")
        if size[0] < 100:
            await at.do("customer.show")
            await at.sees("maria@x.test", "✗ mail comes back: there is no such address")


@plays
async def test_the_sidebar_says_so_beside_the_address(shop):
    await answered(shop, "5.2.2", "full")
    async with shop.console(HUGE) as at:
        await at.do("queue.open")
        await at.sees("✗ mail comes back: the mailbox is")


@plays
async def test_who_writes_again_is_written_to_without_a_warning(shop):
    await answered(shop)
    shop.write("Maria Puig", "Hola?", "Que hi sou?", reply_to="<m1@x.test>")
    async with shop.console((80, 24)) as at:
        await at.do("queue.open", "ticket.reply")
        await at.sees("to maria@x.test")
        assert "comes back" not in at.text


@plays
async def test_what_a_server_says_neither_moves_the_cursor_nor_fills_the_screen(shop):
    words = " ".join((*(each for each in HOSTILE if each.isascii() and "\n" not in each), "x" * 500))
    await answered(shop, "5.9.9", words.replace("\r", " "))
    async with shop.console((80, 24)) as at:
        await at.do("queue.open")
        await at.sees("✗ failed: the server said:", "Avui")
        assert raw_free(at.lines)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "esa dirección no existe"),
        ("ca", "aquesta adreça no existeix"),
        ("en", "there is no such address"),
    ],
)
def test_the_reason_is_said_in_the_agent_s_language(language, words):
    from agentdesk.undelivered import why

    i18n.use(language)
    try:
        assert why("bounced:5.1.1", "550 5.1.1 user unknown") == words
    finally:
        i18n.use("en")
