"""What is pasted is text: in the parser cut at every place, and in a real terminal."""

import pytest
from textual.events import Key, Paste

from agentdesk.actions import QUEUE, WRITING
from agentdesk.screens.pasting import FEW, GOES_ON, LASTS, MOST, QUIET, Typed
from tui.driver import plays

BEGIN, END = "\x1b[200~", "\x1b[201~"
TEXT = "Hola,\n\x1b[1mgràcies\x1b[0m.\nA\x1bA\x1b[201\x1b[200~ \x1b]0;x\x07 \x1b\x1b[2 Adéu"
"""What a program wrote in bold, half an end, and a beginning."""


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def given(parser, *reads):
    """Keys by their names and pastes in brackets, in the order in which they come."""
    return [each for read in reads for each in (*told(parser.feed(read)), *told(parser.tick()))]


def told(found):
    return [
        f"<{each.text}>" if isinstance(each, Paste) else each.key
        for each in found
        if isinstance(each, Key | Paste)
    ]


def test_whatever_is_pasted_and_wherever_the_reads_end_it_is_one_text():
    whole = f"j{BEGIN}{TEXT}{END}k"
    wanted = ["j", f"<{TEXT}>", "k"]
    for at in range(1, len(whole)):
        assert given(Typed(), whole[:at], whole[at:]) == wanted, at
        for other in range(at + 1, len(whole), 3):
            assert given(Typed(), whole[:at], whole[at:other], whole[other:]) == wanted, (at, other)
    assert given(Typed(), *whole) == wanted
    assert given(Typed(), whole * 3) == wanted * 3


def test_keys_are_what_they_were():
    for keys in ("j", "\x1b[A", "\x1b[2~", "\x1b[20~", "\x1b[97;5u", "\x1b[<0;3;4M", "\x1b[200;1u", "é"):
        for at in range(1, len(keys)):
            assert given(Typed(), keys[:at], keys[at:]) == given(Typed(), keys)
        assert given(Typed(), f"{keys}{BEGIN}a{END}{keys}") == [
            *given(Typed(), keys),
            "<a>",
            *given(Typed(), keys),
        ]
    assert given(Typed(), f"\x1b{BEGIN}a{END}") == ["escape", "<a>"]
    assert given(Typed(), BEGIN + END) == ["<>"]


def test_an_end_within_what_was_pasted_ends_nothing_as_far_as_the_same_read_shows_it():
    assert given(Typed(), f"{BEGIN}a{END}jA{END}k") == [f"<a{END}jA>", "k"]
    assert given(Typed(), f"{BEGIN}a{END}k{BEGIN}b{END}") == ["<a>", "k", "<b>"]


def test_a_paste_whose_end_never_comes_is_given_up_as_text_and_keys_are_keys_again():
    hand = Hand()
    parser = Typed(ticks=hand)
    assert given(parser, f"{BEGIN}Ho", "la\x1b[20") == []
    hand.at += QUIET - 0.1
    assert given(parser, " j") == []
    hand.at += QUIET
    assert told(parser.tick()) == ["<Hola\x1b[20 j>"]
    assert given(parser, "k", END, "j") == ["k", "j"]


def test_nobody_s_typing_is_taken_for_a_paste_for_long():
    hand = Hand()
    parser = Typed(ticks=hand)
    assert given(parser, f"{BEGIN}Hola") == []
    found = []
    while not found:
        hand.at += 0.2
        found = given(parser, "a")
        assert hand.at < 100 + LASTS + 1
    assert found[0].startswith("<Holaaa")
    assert given(parser, "k") == ["k"]


def test_a_beginning_that_stands_still_for_a_moment_is_no_key_until_it_is_clear_that_nothing_follows():
    hand = Hand()
    parser = Typed(ticks=hand)
    assert given(parser, "\x1b[20") == []
    parser._timeout_time = 0.0  # the toolkit's own clock says that nothing more will come
    assert told(parser.tick()) == []
    assert given(parser, f"0~Hola{END}") == ["<Hola>"]
    assert given(parser, "\x1b[20") == []
    parser._timeout_time = 0.0
    hand.at += QUIET
    assert told(parser.tick()) != []


def test_more_than_anybody_pastes_comes_piece_by_piece_and_none_of_it_is_a_key():
    parser, piece = Typed(), "A\x1b[1mj\n" * 512
    found = given(parser, BEGIN, *[piece] * (2 * MOST // len(piece) + 10), END)
    assert len(found) == 3
    assert all(each.startswith("<") for each in found)
    assert "".join(each[1:-1] for each in found) == piece * (2 * MOST // len(piece) + 10)


ROW = "Comanda\t12 peces\rResoldre: e, e, e\tenviar\nAdéu"
"""What a customer has written into a table, as GNU screen gives it when it is pasted: no marks."""


def test_what_one_read_holds_around_tab_or_enter_is_one_text_without_any_marks():
    assert given(Typed(), ROW) == [f"<{ROW}>"]
    assert given(Typed(), "j", ROW, "\x1b[A") == ["j", f"<{ROW}>", "up"]


def test_keys_that_are_typed_ahead_are_keys():
    for keys in ("j\r", "jj\rr", "\rHola", "rHola\n", ":12\r", "Hola Maria, avui ho mirem", "\t\r\n", "a\tb"):
        assert len(given(Typed(), keys)) == len(keys), keys
    assert given(Typed(), "Hola\x1b[A\tAra") != ["<Hola\x1b[A\tAra>"]


def test_a_paste_without_marks_goes_on_in_the_reads_that_follow_at_once():
    hand = Hand()
    parser = Typed(ticks=hand)
    assert given(parser, ROW, "i més", "\n") == [f"<{ROW}>", "<i més>", "<\n>"]
    hand.at += 2 * GOES_ON
    assert given(parser, "\n", "j") == ["ctrl+j", "j"]
    assert given(parser, "jj\rrr", "j") == ["<jj\rrr>", "j"], "perhaps typed ahead"


async def reads(at, *texts):
    """What the terminal gives at once, as the driver hands it on."""
    parser = Typed()
    for text in texts:
        found = list(parser.feed(text))
        parser._timeout_time = (
            parser._timeout_time and 0.0
        )  # the toolkit's own clock says that nothing more will come
        for event in (*found, *parser.tick()):
            event.set_sender(at.app)
            at.app.post_message(event)
    await at.pilot.pause()


@plays
async def test_a_paste_without_marks_stays_in_the_answer_that_is_being_written(shop):
    async with shop.console() as at:
        before = [row.status for row in shop.bench.queue("all")]
        await reads(at, "r", ROW)
        await at.until(lambda: at.app.home.panes.composer.text == ROW.replace("\r", "\n"))
        assert at.where == WRITING
        assert [row.status for row in shop.bench.queue("all")] == before
        assert shop.outbox() == []


@pytest.mark.parametrize("marked", [True, False])
@plays
async def test_a_paste_where_nothing_is_written_runs_no_key_and_is_said(shop, marked):
    async with shop.console() as at:
        ticket = at.ticket
        await reads(at, f"{BEGIN}{ROW}{END}" if marked else ROW)
        await at.sees("Pasted text does nothing here; r answers first.")
        assert (at.ticket, at.where) == (ticket, QUEUE)
        assert at.app.screen is at.app.home


@plays
async def test_a_few_keys_in_one_read_do_what_they_mean_in_their_order(shop):
    async with shop.console() as at:
        await reads(at, "j\rrHola")
        await at.until(lambda: at.app.home.panes.composer.text == "Hola")
        assert len("jrHola") > FEW


@plays
async def test_a_line_takes_an_answer_that_was_typed_ahead_and_a_paste_as_one_line(shop):
    async with shop.console() as at:
        await at.do("find.search")
        await at.sees("a phrase")
        await reads(at, ROW)
        await at.until(lambda: "Comanda 12 peces Resoldre" in at.text)
        await at.press("ctrl+u")
        await reads(at, "paquet setmana\rrHola")
        await at.until(lambda: (at.ticket, at.app.home.panes.composer.text) == (1, "Hola"))


@plays
async def test_escape_that_the_terminal_holds_back_is_escape_and_then_the_key_after_it(shop):
    async with shop.console() as at:
        await at.do("ticket.reply")
        await reads(at, "Hola", "\x1b/")
        await at.sees("a phrase")
        await reads(at, "\x1br")
        await at.until(lambda: at.where == WRITING)
        assert at.app.home.panes.composer.text == "Hola"
        await reads(at, "\x1bj")
        await at.until(lambda: len(shop.outbox()) == 1)
