"""Cells as a spreadsheet may open them."""

import csv
import io

import pytest

from agentdesk.core import sheet


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+34600", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
def test_what_a_spreadsheet_would_calculate_has_an_apostrophe(text):
    assert sheet.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Hola", "a=1", " =1", "'=1", "3-1", "maria@x.test"])
def test_any_other_text_stays_as_it_is(text):
    assert sheet.cell(text) == text


def test_values_are_said_plainly():
    assert [sheet.cell(each) for each in (None, True, False, -1, 1042)] == ["", "yes", "", "-1", "1042"]


def test_a_row_is_read_back_as_it_was():
    values = ["a,b", 'he said "no"', "two\nlines", "è;é", ""]
    (read,) = csv.reader(io.StringIO(sheet.row(values), newline=""))
    assert read == values


def test_no_cell_is_longer_than_a_cell_may_be():
    cut = sheet.cell("=" + "x" * 40_000)
    assert (len(cut), cut[:2], cut.endswith("x [...]")) == (32_767, "'=", True)
    assert sheet.cell("x" * 32_767) == "x" * 32_767
