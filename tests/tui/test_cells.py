"""Widths are counted in cells, not in characters."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from agentdesk.core.text import safe, safe_line
from agentdesk.widgets.cells import cut, fit, middle, wrapped
from tui.glass import HOSTILE

ODD = st.text(
    st.sampled_from("ab ·漢字한👍👨\u200d👩e\u0301\u0915\u094d\u200d\u0937🏳\ufe0f🇪🇸")
) | st.sampled_from(HOSTILE)


@given(ODD.map(safe_line), st.integers(0, 30))
@example("\u094d\u200d", 1)
def test_what_is_cut_fits(text, width):
    assert cell_len(cut(text, width)) <= width
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, right=True)) == width
    assert cut(text, 10_000) == text.rstrip("\u200d"), (
        "but for a joiner, which would reach for what comes next"
    )


@given(ODD.map(safe), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text, width):
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines), (text, lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_wide_letter_is_never_halved():
    assert cut("漢字漢字", 5) == "漢字…"
    assert cut("漢字漢字", 6) == "漢字…"
    assert fit("漢字漢字", 6) == "漢字… "
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("abcd", 0) == ""


def test_lines_break_between_words_and_keep_their_beginning():
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("    indented line that goes on", 14) == ["    indented", "line that goes", "on"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrapped("", 10) == [""]
    assert wrapped("a\n\nb", 10) == ["a", "", "b"]
    assert wrapped("a\tb", 10) == ["a   b"]


@pytest.mark.parametrize("name", ["factura-" + "x" * 90 + ".pdf.scr", "日本" * 40 + ".pdf.scr"])
def test_of_a_name_both_ends_are_kept(name):
    short = middle(name, 40)
    assert cell_len(short) <= 40
    assert short.startswith(name[:6])
    assert short.endswith(".pdf.scr")
    assert middle("foto.jpg", 40) == "foto.jpg"
