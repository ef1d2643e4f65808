"""Every command that docs/promises.md shows does what it says there."""

import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "promises.md").read_text("utf-8")
EXAMPLES = [shlex.split(line, comments=True)[1:] for line in re.findall(r"^ {4}(agentdesk .*)$", PAGE, re.M)]


@pytest.mark.usefixtures("by_day")
@pytest.mark.parametrize("words", EXAMPLES, ids=" ".join)
def test_an_example_of_the_page_works(shop, run, words):
    said = ("Hoy mismo te llamo.", "--promise", "in 3h")
    assert run("reply", "1", "--text", *said)[0] == 0
    assert run("promise", "add", "1", "in", "5h", "--text", "llamar")[0] == 0
    status, _, err = run(*["1" if word == "12" else word for word in words])
    assert status == 0, err


def test_the_page_has_examples():
    assert len(EXAMPLES) == 7
