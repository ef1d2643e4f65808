"""Files of an answer: they come back with its draft, however it was left, until the answer has gone with them."""

import pytest

from agentdesk.engine import reply
from agentdesk.engine.enclosed import enclosed, keeping
from tui.driver import SMALL, WIDE, plays

TARIFF = b"%PDF-1.4 tarifa" * 100


@pytest.fixture
def tariff(shop, tmp_path):
    path = tmp_path / "files" / "tarifa.pdf"
    path.parent.mkdir()
    shop.home.state.mkdir(parents=True)
    path.write_bytes(TARIFF)
    return path


async def attach(at, path):
    await at.do("compose.attach")
    await at.sees("Which file goes along?")
    await at.type(str(path))
    await at.until(lambda: any(path.name in line and "kB" in line for line in at.lines))
    await at.press("enter")
    await at.sees(f"▪ {path.name} ")


async def answer(at, path, text="Surt avui."):
    await at.goes_to(1)
    await at.do("ticket.reply")
    await at.type(text)
    await attach(at, path)


async def went(at, shop, *, times=1):
    """Sends what is written, and gives the mail."""
    await at.do("compose.send", "compose.send")
    await at.sees("on its way")
    await shop.flush()
    assert len(shop.provider.accepted) == times
    return shop.provider.accepted[-1]


async def comes_back_and_goes(shop):
    """Another console has the answer with its file, and sends both."""
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.sees("Surt avui.", "▪ tarifa.pdf 1.5 kB")
        assert b"tarifa.pdf" in await went(at, shop)


@plays
async def test_a_file_comes_back_with_an_answer_that_is_taken_back_even_when_it_is_gone_from_disk(
    shop, tariff
):
    async with shop.console(SMALL) as at:
        await answer(at, tariff)
        await at.do("compose.send")
        await at.sees("undo answer")
        tariff.unlink()
        await at.do("act.undo")
        await at.sees("nothing was sent", "Surt avui.", "▪ tarifa.pdf 1.5 kB")
        await at.do("compose.close", "ticket.reply")
        await at.sees("Surt avui.", "▪ tarifa.pdf 1.5 kB")
        raw = await went(at, shop)
        assert b'filename="tarifa.pdf"' in raw
        assert raw.count(b"filename=") == 1
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.sees("Answer to Maria Puig")
        assert "▪ tarifa.pdf" not in "\n".join(at.lines[-8:]), "it went"
        assert shop.draft(1, "files") == ""


@plays
async def test_a_file_is_there_again_after_esc_and_in_the_next_console_without_counting_as_a_text(
    shop, tariff
):
    async with shop.console(SMALL) as at:
        await answer(at, tariff)
        assert str(tariff) in shop.draft(1, "files"), "kept at once: the console may break"
        await at.do("compose.close", "ticket.reply")
        await at.sees("Surt avui.", "▪ tarifa.pdf 1.5 kB")
    assert shop.bench.ticket(1).drafts == 1
    await comes_back_and_goes(shop)


@plays
async def test_the_file_of_an_answer_taken_back_elsewhere_or_later_is_in_its_draft(shop, tariff):
    async with shop.console(SMALL) as at:
        await answer(at, tariff)
        await at.do("compose.send")
        await at.sees("undo answer")
    tariff.unlink()
    reply.undo(shop.bench.desk)  # as the command line does, or the next console
    await comes_back_and_goes(shop)


@plays
async def test_a_file_that_is_gone_is_named_and_the_answer_that_speaks_of_it_is_asked_about(shop, tariff):
    async with shop.console(WIDE) as at:
        await answer(at, tariff, "Li adjunto la tarifa.")
        await at.do("compose.close")
        tariff.unlink()
        await at.do("ticket.reply")
        await at.sees("tarifa.pdf can no longer be read: the text goes without it.")
        await at.loses("▪ tarifa.pdf")
        shop.bench.clock.go(seconds=3)
        await at.do("compose.send")
        await at.sees("Send without a file?")
        await at.press("escape")
    assert shop.outbox() == []


@plays
async def test_with_a_file_that_came_back_nothing_is_asked(shop, tariff):
    async with shop.console(WIDE) as at:
        await answer(at, tariff, "Li adjunto la tarifa.")
        await at.do("compose.close", "ticket.reply", "compose.send")
        await at.sees("undo answer")
    assert len(shop.outbox()) == 1


@plays
async def test_a_file_is_left_out_in_the_list_and_goes_with_a_text_that_is_emptied(shop, tariff):
    other = tariff.with_name("other.txt")
    other.write_bytes(b"x" * 2048)
    async with shop.console(SMALL) as at:
        await answer(at, tariff)
        await attach(at, other)
        await at.sees("▪ tarifa.pdf 1.5 kB  ▪ other.txt 2.0 kB")
        await at.do("compose.attach")
        await at.sees("goes along; Enter leaves it out")
        await at.press("end")
        await at.type("tarifa")
        await at.until(lambda: [each.value for each in at.app.screen.choices] == [str(tariff), "off 0", ".."])
        await at.press("down", "enter")
        await at.loses("▪ tarifa.pdf")
        await at.sees("▪ other.txt 2.0 kB")
        await at.do("compose.close", "ticket.reply")
        await at.sees("▪ other.txt 2.0 kB")
        assert "tarifa" not in at.text
        await at.press(*["backspace"] * 10)
        await at.do("compose.close", "ticket.reply")
        await at.sees("Answer to Maria Puig")
        assert "other.txt" not in at.text


@plays
async def test_a_file_of_a_mail_to_a_third_party_comes_back_with_it_and_what_was_passed_on_is_not_doubled(
    shop, tariff
):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.forward")
        await at.answer("taller@y.test")
        await at.sees("Third party")
        await at.type("Us ho passo.")
        await attach(at, tariff)
        await at.do("compose.send")
        await at.sees("undo message")
        tariff.unlink()
        await at.do("act.undo")
        await at.sees("Us ho passo.", "▪ tarifa.pdf 1.5 kB")
        raw = await went(at, shop)
    assert raw.count(b"filename=") == 1


def test_what_is_kept_of_files_bears_names_that_are_no_text_and_is_nothing_where_nothing_goes_along():
    from agentdesk.engine.enclosed import Enclosure

    odd = Enclosure("a.pdf", "application/pdf", 1, "/tmp/\udce9.pdf")
    plain = Enclosure("ñ.pdf", "application/pdf", 1, "/tmp/ñ.pdf")
    kept = keeping("", "reply", [odd])
    kept = keeping(kept, "party x@y.test", [plain])
    kept.encode()
    assert enclosed(kept, "reply") == (odd,)
    assert enclosed(kept, "party x@y.test") == (plain,)
    assert "ñ.pdf" in keeping(keeping(kept, "reply", []), "party x@y.test", [plain]), "an erase finds it"
    assert keeping(keeping(kept, "reply", []), "party x@y.test", []) == ""
    for broken in ("", "{", "[]", '{"reply": [1]}', '{"reply": 3}'):
        assert enclosed(broken, "reply") == ()
