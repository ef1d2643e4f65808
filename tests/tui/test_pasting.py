"""What is pasted is text: in the parser cut at every place, and in a real terminal."""

from textual.events import Key, Paste

from agentdesk.screens.pasting import LASTS, MOST, QUIET, Typed

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
