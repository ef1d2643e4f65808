"""A survey is answered by a digit, a thumb or a word, and by nothing else."""

from agentdesk.core.rating import Rating, of_sign, rating, wants_no_surveys
from core.ratings import LABELLED, MIRRORED, OF_SOMETHING


def test_no_answer_of_the_labelled_ones_is_rated_otherwise_than_a_person_would():
    assert len(LABELLED) >= 120
    found = [(language, text, rating(text, language)) for language, text, _ in LABELLED]
    wrong = [
        (text, want, got and got.score)
        for (_, text, got), (_, _, want) in zip(found, LABELLED, strict=True)
        if (got and got.score) != want
    ]
    assert not wrong


def test_content_and_unhappy_customers_are_read_alike_and_what_is_of_something_else_is_not():
    said = [
        (language, text, want)
        for language, good, high, bad, low in MIRRORED
        for text, want in ((good, high), (bad, low))
    ]
    assert len(OF_SOMETHING) >= len(said) >= 120
    found = [(text, want, rating(text, language)) for language, text, want in said]
    assert not [(text, want, got) for text, want, got in found if (got and got.score) != want]
    assert not [text for language, text in OF_SOMETHING if rating(text, language)]


def test_a_low_rating_is_looked_at_however_short_and_kind_its_comment_is():
    assert rating("2. Tardaron mucho.") == Rating(2, asks=True)
    assert rating("5. Contestaron enseguida.") == Rating(5, asks=False)
    assert rating("5. Contestaron, pero falta la factura") is None  # of a thing: a person reads it


def test_a_comment_that_may_want_an_answer_is_not_filed_away_with_its_rating():
    assert rating("5, muy amables") == Rating(5, asks=False)
    assert rating("Muy bien, pero sigo sin el reembolso") == Rating(5, asks=True)
    assert rating("5, aún no me ha llegado la factura") == Rating(5, asks=True)
    assert rating("5\nlong " + "word " * 9) == Rating(5, asks=True)
    assert rating("2") == Rating(2, asks=True)


def test_of_the_signs_that_are_put_to_a_survey_only_thumbs_rate():
    assert of_sign("👍🏽") == Rating(5, asks=False)
    assert of_sign("👎") == Rating(1, asks=True)
    assert of_sign("❤️") is None


def test_no_more_surveys_is_understood_only_where_nothing_else_is_said():
    asked = (
        "BAJA",
        "baja.",
        "STOP",
        "No más encuestas",
        "no m'envieu més enquestes",
        "No more surveys!",
        "Prou enquestes",
        "unsubscribe",
    )
    assert all(map(wants_no_surveys, asked))
    assert not any(
        map(
            wants_no_surveys,
            ("baja el precio", "dad de baja mi pedido", "stop the order", "no más retrasos", "5"),
        )
    )
