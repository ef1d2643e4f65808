"""Mere thanks are told from everything that wants something: never the other way round."""

from pathlib import Path

import pytest

from agentdesk.core.thanks import asks, is_mere_thanks
from core.thanks_said import ANSWERS, NOT_THANKS, SHORT, SHORT_OTHERS, THANKS


def test_the_labelled_texts_are_enough_to_say_something():
    assert len(set(THANKS)) >= 60
    assert len(set(NOT_THANKS)) >= 120


@pytest.mark.parametrize("asked", [False, True])
def test_nothing_that_wants_something_is_taken_for_thanks(asked):
    assert [text for text in NOT_THANKS if is_mere_thanks(text, after_question=asked)] == []


def test_nine_in_ten_thanks_are_known():
    missed = [text for text in THANKS if not is_mere_thanks(text, after_question=False)]
    assert len(missed) <= len(THANKS) // 10, missed


def test_of_one_or_two_words_in_a_chat_nine_in_ten_thanks_are_known_and_nothing_else_is_taken_for_them():
    missed = [text for text in SHORT if not is_mere_thanks(text, after_question=False)]
    assert len(missed) <= len(SHORT) // 10, missed
    assert [text for text in SHORT_OTHERS if is_mere_thanks(text, after_question=False)] == []


@pytest.mark.parametrize(
    ("ours", "does"),
    [
        ("¿Le va bien el viernes?", True),
        ("Dime si te va bien el viernes.", True),
        ("Digue’ns quina talla vols.", True),
        ("Let us know whether Friday suits you.", True),
        ("Confírmanos cuándo podemos pasar.", True),
        ("Ya va en camino.", False),
        ("Dinos si necesitas algo más.", False),
        ("Digue'ns si tens cap dubte.", False),
        ("Let us know if you need anything else.", False),
    ],
)
def test_we_ask_also_without_a_question_mark(ours, does):
    assert asks(ours) is does


def test_an_ok_after_a_question_of_ours_is_its_answer():
    assert [text for text in ANSWERS if is_mere_thanks(text, after_question=True)] == []
    assert is_mere_thanks("Moltes gràcies per tot!", after_question=True)


def test_a_long_text_is_more_than_thanks():
    assert not is_mere_thanks("muchas gracias " * 7, after_question=False)


CORPORA = Path(__file__).parents[3] / "shared/corpora"
LOOKED_AT = {
    "Cheers", "Cheers,", "cheers", "cheers,", "Great! ;)", "Merci.", "Thank you", "Thank you again!", "Thank you,", "Thanks Justin", "Thanks Paul,", "Thanks a lot,",
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
