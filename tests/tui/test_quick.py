"""Quick replies at the console: chosen with the whole text in sight, and filled in blank by blank."""

from contextlib import nullcontext

import pytest

from tui.driver import HUGE, SMALL, WIDE, plays

EVERY_SIZE = pytest.mark.parametrize("size", [SMALL, WIDE, HUGE], ids=["80x24", "120x40", "200x60"])
BLANKS = ("{{order.number}}", "{{order.carrier}}", "{{?reason}}", "{{?day}}")

HINT = "Enter inserts, PgDn reads, ^e edits, ^t new; nothing is sent."


async def insert(at, words: str = "delay", key: str = "ticket.quick") -> None:
    """The quick reply that `words` find, into the composer."""
    await at.do(key)
    await at.sees("Quick reply")
    await at.type(words)
    await at.press("enter")
    await at.sees("leave the rest blank")
    await at.press("escape")
    await at.until(lambda: at.where == "writing" and "{{" in at.app.home.panes.composer.text)


def preview(at) -> list[str]:
    """The lines between the rule below the list and the hint."""
    top = next(n for n, line in enumerate(at.lines) if "╭" in line and "╮" in line)
    left, right = at.lines[top].index("╭") + 1, at.lines[top].index("╮")
    inside = [line[left:right].strip(" ▁▂▃▄▅▆▇█") for line in at.lines[top + 1 :]]
    rule = next(n for n, line in enumerate(inside) if line and not line.strip("─"))
    return inside[rule + 1 : inside.index(HINT)]


@plays
async def test_what_fits_what_the_customer_wrote_comes_first_until_it_is_answered(shop):
    number = shop.write("Anna Vila", "Comanda", "El gerro ha arribat trencat i falta la tapa.")
    async with shop.console() as at:
        await at.goes_to(number)
        await at.do("ticket.quick")
        await at.sees("fits what was written")
        fitting = [line for line in at.lines if "fits what was written" in line]
        assert len(fitting) == 2
        assert all("roto" in line or "falta" in line for line in fitting)
        await at.press("c", "i", "f")
        await at.until(lambda: not any("fits what was written" in line for line in at.lines))
        await at.press(*["backspace"] * 3)
        await at.sees("fits what was written")
        await at.press("enter")
        await at.sees("leave the rest blank")
        await at.press("escape")
        await at.until(lambda: at.where == "writing")
        await at.press("escape")
        shop.bench.mail("Hola, soc la Marta", sender="Marta <m@x.test>", subject="Hola")
        await at.goes_to(number + 1)
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        assert not any("what was written" in line for line in at.lines)


@EVERY_SIZE
@plays
async def test_while_all_quick_replies_are_listed_the_chosen_one_can_be_read_whole(shop, size):
    long = "\n\n".join(f"Line {n} of a long answer." for n in range(20))
    (shop.home.config / "replies").mkdir(parents=True)
    (shop.home.config / "replies" / "long.toml").write_text(
        f'[title]\nen = "A long one"\nes = "A long one"\n[text]\nen = """{long}"""\n', "utf-8"
    )
    number = shop.write("Anna Vila", "Hola", "Hola")
    async with shop.console(size) as at:
        await at.goes_to(number)
        await at.do("ticket.quick")
        await at.sees("Line 0 of")
        read = before = preview(at)
        assert len(read) >= 6
        await at.sees("A long one", "¿Algo más?", "Bizum o transferencia")
        while "Line 19 of a long answer." not in read:
            await at.press("pagedown")
            await at.until(lambda before=before: preview(at) != before)
            before = preview(at)
            read = [*read, *before]
        assert set(read) >= set(long.split("\n"))
        await at.press("pageup")
        await at.until(lambda before=before: preview(at) != before)
        await at.press("down", "up")
        await at.sees("Line 0 of")


@EVERY_SIZE
@plays
async def test_a_quick_reply_is_filled_in_by_typing_and_tab_alone(shop, size):
    async with shop.console(size) as at:
        await insert(at)
        composer = at.app.home.panes.composer
        for said, blank in zip(("A7", "Rayo", "obres", "dijous"), BLANKS, strict=True):
            await at.sees(blank)
            await at.type(said)
            assert blank not in composer.text
            await at.sees(said)
            await at.do("compose.blank")
        assert "La teva comanda A7 va amb retard" in composer.text
        assert "La porta Rayo, que ens diu això: obres." in composer.text
        assert "Nova data prevista: dijous." in composer.text
        assert "{{" not in composer.text
        assert at.where != "writing", "with every blank filled in, the same key goes to the next pane"


@EVERY_SIZE
@plays
async def test_the_blank_that_keeps_an_answer_from_being_sent_is_selected(shop, size):
    async with shop.console(size) as at:
        await insert(at)
        await at.press(*["down"] * 20)
        await at.type("Gracies")
        await at.do("compose.send")
        await at.sees("{{order.number}} is still to be filled in")
        await at.until(lambda: any("{{order.number}}" in line for line in at.lines[:-1]))
        await at.type("A7")
        assert "comanda A7 va" in at.app.home.panes.composer.text
        assert shop.outbox() == []


@EVERY_SIZE
@plays
async def test_a_second_quick_reply_follows_the_first_and_begins_at_its_own_first_blank(shop, size):
    async with shop.console(size) as at:
        await insert(at)
        composer = at.app.home.panes.composer
        first = composer.text
        await insert(at, key="compose.quick")
        assert composer.text == f"{first}\n\n{first}"
        await at.type("A7")
        assert composer.text == f"{first}\n\n{first.replace('{{order.number}}', 'A7')}"
        await at.do(*["compose.blank"] * 4)
        await at.type("B8")
        both = [first.replace("{{order.number}}", order) for order in ("B8", "A7")]
        assert composer.text == "\n\n".join(both)


@plays
async def test_a_quick_reply_is_a_paragraph_of_its_own_below_what_was_begun(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("ticket.reply")
        await at.type("Bon dia.")
        await insert(at, key="compose.quick")
        composer = at.app.home.panes.composer
        assert composer.text.startswith("Bon dia.\n\nHola")
        assert "\n\n\n" not in composer.text


@plays
async def test_the_blank_at_hand_stays_in_sight_when_the_terminal_gets_small(shop):
    async with shop.console(HUGE) as at:
        await insert(at)
        await at.do("compose.blank", "compose.blank", "compose.blank")
        await at.resize(SMALL)
        await at.sees("{{?day}}")
        await at.type("dijous")
        assert "prevista: dijous." in at.app.home.panes.composer.text


@plays
async def test_what_a_quick_reply_asks_is_asked_once_on_a_ticket(shop):
    async with shop.console(SMALL) as at:
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("delay")
        await at.press("enter")
        await at.sees("número de pedido", "transportista", "nueva fecha")
        await at.send(*"A7\nRayo\nobres\ndijous\n")
        composer = at.app.home.panes.composer
        await at.until(lambda: "Nova data prevista: dijous." in composer.text)
        assert "La teva comanda A7 va amb retard" in composer.text
        first = composer.text
        await at.do("compose.quick")
        await at.sees("Quick reply")
        await at.type("delay")
        await at.sees("La porta Rayo")
        await at.press("enter")
        await at.until(lambda: composer.text == f"{first}\n\n{first}")


MACRO = """
[title]
es = "Proveedor"
[text]
es.tu = "Lo hemos preguntado."
[do]
tag = ["supplier"]
status = "waiting_third_party"
"""


@plays
async def test_a_macro_says_what_it_will_do_does_it_with_the_answer_and_is_taken_back_with_it(shop):
    (shop.home.config / "replies").mkdir(parents=True)
    (shop.home.config / "replies" / "supplier.toml").write_text(MACRO, "utf-8")
    async with shop.console(SMALL) as at:
        number = at.ticket
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("supplier")
        await at.sees("on sending: +supplier")
        await at.press("enter")
        await at.until(lambda: at.app.home.panes.composer.text == "Lo hemos preguntado.")
        await at.do("compose.close", "ticket.reply")
        await at.sees("on sending: +supplier")
        await at.do("compose.send")
        await at.until(lambda: shop.bench.ticket(number).tags == ("supplier",))
        assert shop.bench.ticket(number).row.status == "waiting_third_party"
        await at.do("act.undo")
        await at.until(lambda: shop.bench.ticket(number).tags == ())
        await at.sees("on sending: +supplier")


@plays
async def test_the_same_text_to_the_same_person_is_asked_about_before_it_goes(shop):
    said = "Lo hemos preguntado al proveedor y le diremos algo el jueves."
    async with shop.console(SMALL) as at:
        number = at.ticket
        for turn in range(2):
            await at.do("queue.open")
            at.app.home.paths.open(number)
            await at.do("ticket.reply")
            await at.type(said)
            await at.until(lambda: at.app.home.panes.composer.text == said)
            await at.do("compose.send")
            if turn:
                await at.sees("Send the same text again?", f"in #{number}")
                await at.press("escape")
                assert at.app.home.panes.composer.text == said
                await at.do("compose.send")
                await at.sees("Send the same text again?")
                await at.press("enter")
            await at.until(lambda turn=turn: len(shop.outbox()) == turn + 1)


@plays
async def test_one_is_edited_from_the_list_and_what_is_wrong_leads_back_to_the_editor(shop, monkeypatch):
    monkeypatch.setenv("VISUAL", "sed -i '0,/es.tu/s//es.tou/'")
    path = shop.home.config / "replies" / "praise.toml"
    async with shop.console(SMALL) as at:
        at.app.suspend = nullcontext
        await at.do("ticket.quick")
        await at.sees("Quick reply")
        await at.type("praise")
        await at.press("ctrl+e")
        await at.sees("Back to the editor?", "praise.toml:", "text.es.tou")
        monkeypatch.setenv("VISUAL", "sed -i s/es.tou/es.tu/")
        await at.press("enter")
        await at.sees("Quick reply", "praise")
        assert at.app.screen.typed == "praise", "the list is as it was"
        assert path.exists()


DONE = """[title]
en = "It is the courier's"
es = "Es del mensajero"

[do]
tag = ["courier"]
priority = "high"
"""


@plays
async def test_a_macro_has_a_key_of_its_own_and_stands_in_the_help_that_runs_it(shop):
    (shop.home.config / "replies").mkdir(parents=True, exist_ok=True)
    (shop.home.config / "replies" / "courier.toml").write_text(DONE, "utf-8")
    shop.keys = {"quick.courier": "t z", "quick.nobody": "t n"}

    def tagged():
        return [n for n in (1, 2) if shop.bench.ticket(n).tags == ("courier",)]

    async with shop.console(SMALL) as at:
        await at.press("t", "n")
        await at.sees("There is no quick reply nobody")
        await at.press("t")
        await at.sees("tag", "courier")
        await at.press("z")
        await at.until(lambda: tagged() == [at.ticket])
        first = tagged()
        await at.do("queue.down", "queue.up")
        await at.do("help.keys")
        await at.type("mensaj")
        await at.sees("Es del mensajero", "t z")
        await at.press("escape")
        await at.do("act.undo")
        await at.until(lambda: not tagged())
        await at.do("help.command")
        await at.answer("quick.courier")
        await at.until(lambda: tagged() == first)
        await at.do("queue.down", "act.repeat")
        await at.until(lambda: tagged() == [1, 2])


@plays
async def test_the_keys_of_the_list_can_be_given_to_others_and_a_new_one_begins_from_anywhere(shop):
    shop.keys = {"replies.new": "f5"}
    async with shop.console(SMALL) as at:
        await at.goes_to(1)
        await at.do("ticket.quick")
        await at.sees("^e edits, f5 new")
        await at.press("f5")
        await at.sees("What is the new quick reply called?")
        await at.press("escape")
        await at.sees("Enter inserts")
        await at.press("escape")
        await at.do("help.command")
        await at.answer("replies.new")
        await at.sees("What is the new quick reply called?")
