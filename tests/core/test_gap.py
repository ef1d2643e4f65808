"""What happened to time between two looks: sleep, a clock that was set, or nothing; each with the clocks as arguments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.core.gap import Gap, Kind, Look, between

TWO = datetime(2026, 11, 23, 14, tzinfo=UTC)
BEFORE = Look(TWO, 1000.0, 5000.0)


def later(said: float, awake: float, elapsed: float | None) -> Look:
    """The clocks after so many seconds of each."""
    return Look(TWO + timedelta(seconds=said), 1000 + awake, None if elapsed is None else 5000 + elapsed)


LID = 2.5 * 3600


@pytest.mark.parametrize(
    ("now", "kind", "began", "ended"),
    [
        (later(0.25, 0.25, 0.25), None, 0, 0),
        (later(LID, 0.25, LID), Kind.SLEPT, 0, LID),
        (later(LID, LID, LID), Kind.SLEPT, 0, LID),  # stopped, and not asleep
        (later(90, 0.25, 90), None, 0, 0),  # a nap
        (later(-3600, 0.25, 0.25), Kind.BACK, 0.25, -3600),
        (later(3600, 0.25, 0.25), Kind.FORWARD, 0.25, 3600),
        (later(3, 0.25, 0.25), None, 0, 0),  # set by a time server
        (later(LID - 3600, 0.25, LID), Kind.BACK, LID, LID - 3600),  # asleep, and set back on waking
        (later(LID + 3600, 0.25, LID), Kind.SLEPT, 0, LID + 3600),
    ],
)
def test_two_clocks_that_nobody_sets_tell_sleep_from_a_clock_that_was_set(now, kind, began, ended):
    wanted = kind and Gap(kind, TWO + timedelta(seconds=began), TWO + timedelta(seconds=ended))
    assert between(BEFORE, now) == wanted


def test_where_there_is_one_such_clock_time_that_jumps_ahead_was_sleep():
    before = replace(BEFORE, elapsed=None)
    assert between(before, later(LID, 0.25, None)) == Gap(Kind.SLEPT, TWO, TWO + timedelta(seconds=LID))
    back = between(before, later(-60, 0.25, None))
    assert back is not None
    assert back.kind is Kind.BACK
    assert between(before, later(1, 1, None)) is None


def test_the_night_in_which_clocks_change_is_no_gap():
    ended = datetime(2026, 10, 25, 1, 0, 0, 250_000, tzinfo=UTC)
    assert between(Look(ended - timedelta(seconds=0.25), 1, 1), Look(ended, 1.25, 1.25)) is None
