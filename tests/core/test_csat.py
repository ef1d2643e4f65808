"""How content customers are, in figures that cannot be misread."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agentdesk.core.csat import Survey, csat
from agentdesk.core.figures import wilson

ONE = Survey(1, "Joan", "email", datetime(2026, 11, 23, 9, tzinfo=UTC), delivered=True, score=5)


def test_csat_is_fours_and_fives_among_ratings_and_says_among_how_many_and_how_sure_it_is():
    scores = (5, 4, 3, 1, None, None)
    asked = [replace(ONE, ticket=n, score=score) for n, score in enumerate(scores, 1)]
    asked += [replace(ONE, ticket=7, score=None, delivered=False)]
    (found,) = csat(asked)
    assert (found.asked, found.delivered, found.n) == (7, 6, 4)
    assert (found.share, found.response_rate, found.mean) == (0.5, 4 / 6, 3.25)
    assert (found.content, found.discontent) == ((1, 2), (3, 4))
    assert found.interval == pytest.approx((0.1500, 0.8500), abs=1e-4)


def test_nobody_answered_is_no_figure_and_not_nought():
    (found,) = csat([replace(ONE, score=None)])
    assert (found.n, found.share, found.interval, found.response_rate) == (0, None, None, 0.0)
    assert csat([])[0].response_rate is None


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_wilsons_as_the_literature_gives_it(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=1e-4)


def test_a_survey_counts_for_whom_it_was_sent_and_for_its_channel():
    asked = [ONE, replace(ONE, agent="Marta", channel="whatsapp", score=2), replace(ONE, agent=None, score=4)]
    assert [(each.of, each.n, each.share) for each in csat(asked, "agent")] == [
        ("", 1, 1.0),
        ("Joan", 1, 1.0),
        ("Marta", 1, 0.0),
    ]
    assert [(each.of, each.n) for each in csat(asked, "channel")] == [("email", 2), ("whatsapp", 1)]
