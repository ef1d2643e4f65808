"""Composing: an answer that goes later, taken back from anywhere, with copies and files."""

import pytest

from tui.driver import HUGE, SMALL, WIDE, plays


@plays
async def test_an_answer_waits_for_its_time_says_so_and_is_taken_back_from_the_outbox(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.sees("○ received   ○ by when   ○ what comes next")
        await at.type("Li arriba avui.")
        await at.sees("○ received   ✓ by when   ○ what comes next")
        await at.do("compose.later")
        await at.sees("When does it go?")
        await at.answer("yesterday evening")
        await at.sees("is no time")
        await at.press("escape")
        await at.do("compose.later")
        await at.sees("2h, tomorrow 9:00")
        await at.type("tomorrow aft")
        await at.sees("2h, tomorrow 9:00")
        await at.type("ernoon")
        await at.sees("= Tuesday, 24 November, 16:00")
        await at.press("escape")
        await at.do("compose.later")
        await at.answer("tomorrow 9:00")
        await at.sees("#1: the answer to Maria Puig goes: Tuesday 9:00")
        await at.goes_to(1)
        await at.sees("goes: Tuesday 9:00", "Li arriba avui.")
        await at.do("outbox.show")
        await at.sees("#1 goes: Tuesday 9:00")
        await at.press("enter")
        await at.sees("take it back", "send it now")
        await at.press("down", "enter")
        await at.sees("#1: taken back, nothing was sent; the text is its draft.")
    assert shop.outbox() == []
    assert shop.draft(1) == "Li arriba avui."


@plays
async def test_undo_takes_the_answer_back_that_the_footer_offers_whatever_is_shown_and_says_which(shop):
    async with shop.console() as at:
        for number, text in ((1, "Surt avui."), (2, "On its way.")):
            await at.goes_to(number)
            await at.do("ticket.reply")
            await at.type(text)
            await at.do("compose.send")
            await at.sees("undo answer")
        await at.do("go.resolved", "act.undo")
        await at.sees("#2: taken back, nothing was sent.", "On its way.")
        await at.do("compose.close", "go.inbox")
        await at.sees("✎ draft · Refund please")
        await at.do("go.overdue")
        shop.bench.clock.go(seconds=9)
        await at.sees("undo answer to Maria Puig, #1")
        await at.do("act.undo")
        await at.sees("#1: taken back, nothing was sent.", "Surt avui.")
    assert shop.outbox() == []


@plays
async def test_what_was_done_since_does_not_come_before_the_answer_that_is_offered(shop):
    async with shop.console() as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Surt avui.")
        await at.do("compose.send")
        await at.goes_to(2)
        await at.do("ticket.take")
        await at.sees("#2 is yours.")
        shop.bench.clock.go(seconds=8.5)
        await at.sees("undo answer to Maria Puig, #1")
        await at.do("act.undo")
        await at.sees("#1: taken back, nothing was sent.")
    assert shop.bench.ticket(2).row.assignee == "Joan"


@plays
async def test_who_gets_the_mail_is_chosen_shown_remembered_and_the_blind_ones_are_in_no_header(shop):
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Surt avui.")
        await at.do("compose.people")
        await at.sees("Who gets this mail?", "maria@x.test")
        await at.type("jefe@x.test, nobody")
        await at.press("enter")
        await at.type("gestor@y.test")
        await at.press("enter")
        await at.sees("! nobody is no address")
        await at.press("shift+tab", "end", *["backspace"] * 6, "ctrl+j")
        await at.sees("to maria@x.test", "copy to jefe@x.test", "blind copy to gestor@y.test")
        await at.do("compose.close")
        await at.do("ticket.reply")
        await at.sees("blind copy to gestor@y.test", "Surt avui.")
        await at.do("compose.send")
        await at.sees("undo answer")
        await at.do("act.undo")
        await at.sees("blind copy to gestor@y.test")
        await at.do("compose.send", "compose.send")
        await at.sees("on its way")
        await shop.flush()
        await at.goes_to(1)
        await at.sees("copy to jefe@x.test", "copy that nobody sees: gestor@y.test")
        await at.do("ticket.reply")
        await at.sees("to maria@x.test")
        assert "blind copy to" not in at.text
    (raw,) = shop.provider.accepted
    assert b"Cc: jefe@x.test\r\n" in raw
    assert b"gestor" not in raw


@plays
async def test_files_are_found_in_a_list_several_at_once_and_a_hostile_name_is_harmless(shop, tmp_path):
    files = tmp_path / "files"
    (files / "Fotos").mkdir(parents=True)
    shop.home.state.mkdir(parents=True)
    for name in ("a.png", "b\x1b]0;t\x07.png", "c.txt"):
        (files / "Fotos" / name).write_bytes(b"x" * 2048)
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.reply", "compose.attach")
        await at.sees("Which file goes along?")
        await at.type(f"{files}/")
        await at.sees("Fotos/", "../")
        await at.press("enter")
        await at.sees("a.png", "c.txt", "2.0 kB")
        assert "\x1b" not in at.text
        await at.press("ctrl+t")
        await at.sees("* a.png")
        await at.type("nothing")
        await at.sees("Nothing here is called so.")
        await at.press(*["backspace"] * 7)
        await at.type("c.t")
        await at.sees("c.txt")
        await at.press("enter")
        await at.sees("▪ a.png 2.0 kB", "c.txt 2.0 kB")
        await at.do("compose.attach")
        await at.sees("../")
        (files / "Fotos" / "c.txt").unlink()
        await at.press("down", "down", "enter")
        await at.sees("No such file")


@pytest.mark.parametrize("size", [SMALL, WIDE, HUGE], ids=["80x24", "120x40", "200x60"])
@plays
async def test_an_answer_of_eight_lines_is_seen_whole_below_what_it_answers(shop, size):
    written = [f"Línia {n}." for n in range(1, 9)]
    async with shop.console(size) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.sees("encara no m'ha arribat el paquet")
        at.app.home.panes.composer.insert("\n".join(written))
        await at.sees(*written, "encara no m'ha arribat el paquet", "^j send")
        at.app.home.panes.composer.rewrite("Curt.")
        await at.sees("Curt.", "encara no m'ha arribat el paquet")
        await at.until(lambda: at.app.home.panes.composer.pad.size.height == (3 if size == SMALL else 6))


@plays
async def test_what_is_pasted_is_clean_and_what_is_lost_of_it_is_said(shop):
    async with shop.console() as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.paste("Truca al \u202a+34600\u202c:\u2028https://x.example/\u200bseg")
        await at.sees("https://x.example/seg")
        await at.paste(" \x1b[1mGràcies")
        await at.sees("Control characters were left out of what was pasted.")
    assert shop.draft(1) == "Truca al +34600:\nhttps://x.example/seg [1mGràcies"


@plays
async def test_what_is_being_written_is_wrapped_anew_when_the_terminal_is_made_narrower(shop):
    words = [f"paraula{n}" for n in range(12)]  # two lines, before and after
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type(" ".join(words))
        await at.sees(words[-1])
        await at.resize(WIDE)
        await at.until(lambda: all(word in at.text for word in words))
        await at.resize(SMALL)
        await at.until(lambda: all(word in at.text for word in words))


@plays
async def test_corrections_that_come_at_one_go_happen_in_the_order_in_which_they_were_typed(shop):
    """A slow line brings several keys together, and a busy console reads them late."""
    async with shop.console(WIDE) as at:
        await at.do("ticket.reply")
        await at.send(
            *"Bon dua", "backspace", "backspace", *"ia", "left", "left", "left", "delete", *"D", "end", "!"
        )
        await at.until(lambda: at.app.home.panes.composer.text.endswith("!"))
        assert at.app.home.panes.composer.text == "Bon Dia!"
