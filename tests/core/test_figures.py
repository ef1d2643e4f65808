"""The sums beneath every report, by hand: percentiles that are times which occurred, and intervals that contain their share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core.figures import Share, quantile, wilson
from agentdesk.core.ledger import Ledger


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 100), 0.5, 50),  # ceil(0.5 * 10) = the 5th
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 100), 0.9, 90),  # the 9th
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 100), 0.95, 100),  # ceil(9.5) = the 10th
        ((7,), 0.5, 7),
        ((1, 2, 3), 0.5, 2),  # ceil(1.5) = the 2nd
        ((), 0.5, None),
    ],
)
def test_a_percentile_is_the_nearest_rank(values, share, expected):
    assert quantile(values, share) == expected


def test_the_interval_of_a_share_is_wilsons():
    # 25 of 40, z = 1.96: centre (0.625 + 0.04802) / 1.09604 = 0.61405, half 1.96 * sqrt(0.00586 + 0.0006) / 1.096 = 0.1437
    assert wilson(25, 40) == pytest.approx((0.4703, 0.7578), abs=0.0005)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=0.0005)  # 3.8416 / (10 + 3.8416)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_the_interval_within_0_and_1(counted):
    hits, among = counted
    low, high = wilson(hits, among)
    assert 0 <= low <= hits / among + 1e-12
    assert hits / among - 1e-12 <= high <= 1


@given(st.lists(st.integers(0, 9), max_size=30), st.data())
def test_every_quantile_is_one_of_the_values_and_grows_with_its_share(values, data):
    values.sort()
    first, second = sorted(data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
    low, high = quantile(values, first), quantile(values, second)
    if not values:
        assert low is high is None
    else:
        assert low in values
        assert low <= high


def test_a_ticket_that_counts_twice_can_be_hit_once_and_missed_once():
    ledger = Ledger(("kept",))
    ledger.add("email", 5, shares={"kept": True})
    ledger.add("email", 5, shares={"kept": False})
    ledger.add("email", 6, shares={"kept": False})
    found = ledger.lines[0].figures["kept"]
    assert isinstance(found, Share)
    assert (found.hits, found.misses, found.share) == ((5,), (5, 6), 1 / 3)
