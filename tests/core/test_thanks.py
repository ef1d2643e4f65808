"""Mere thanks are told from everything that wants something: never the other way round."""

from pathlib import Path

import pytest

from agentdesk.core.thanks import is_mere_thanks
from core.thanks_said import ANSWERS, NOT_THANKS, THANKS


def test_the_labelled_texts_are_enough_to_say_something():
    assert len(set(THANKS)) >= 60
    assert len(set(NOT_THANKS)) >= 120


@pytest.mark.parametrize("asked", [False, True])
def test_nothing_that_wants_something_is_taken_for_thanks(asked):
    assert [text for text in NOT_THANKS if is_mere_thanks(text, after_question=asked)] == []


def test_nine_in_ten_thanks_are_known():
    missed = [text for text in THANKS if not is_mere_thanks(text, after_question=False)]
    assert len(missed) <= len(THANKS) // 10, missed


def test_an_ok_after_a_question_of_ours_is_its_answer():
    assert [text for text in ANSWERS if is_mere_thanks(text, after_question=True)] == []
    assert is_mere_thanks("Moltes gràcies per tot!", after_question=True)


def test_a_long_text_is_more_than_thanks():
    assert not is_mere_thanks("muchas gracias " * 7, after_question=False)


CORPORA = Path(__file__).parents[3] / "shared/corpora"
LOOKED_AT = {
    "Great! ;)", "Merci.", "Thank you", "Thank you again!", "Thank you,", "Thanks Justin", "Thanks Paul,", "Thanks a lot,",
    "guys, thanks Matthias.",
}  # fmt: skip
"""Every line of the public mails that was taken for thanks, read by eye: all of them are."""


@pytest.mark.corpora
def test_no_line_of_the_public_mails_is_taken_for_thanks_that_is_none():
    if not CORPORA.is_dir():
        pytest.skip("the public mails lie in ../shared/corpora, which is not here")
    paths = (path for name in ("reply-*", "mime-*", "threads-*") for path in CORPORA.glob(f"{name}/**/*"))
    files = [path for path in paths if path.is_file() and path.stat().st_size < 200_000]
    lines = {line.strip() for path in files for line in path.read_text("utf-8", "replace").splitlines()}
    assert len(lines) > 30_000
    assert {
        each for each in lines if len(each) < 200 and is_mere_thanks(each, after_question=False)
    } <= LOOKED_AT
