"""Lengths of time in figures: to the nearest, in two units while the larger is small, never in days on the shop's clock."""

from random import Random

import pytest

from agentdesk import duration

H, D = 3600, 86_400


@pytest.mark.parametrize(
    ("seconds", "said", "open_said"),
    [
        (0, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (59.6, "1 m", "1 m"),
        (95, "1 m 35 s", "1 m 35 s"),
        (150, "2 m 30 s", "2 m 30 s"),
        (599.6, "10 m", "10 m"),
        (59 * 60 + 40, "1 h", "1 h"),
        (3 * H - 60, "2 h 59 m", "2 h 59 m"),
        (3 * H - 20, "3 h", "3 h"),
        (12 * H + 600, "12 h", "12 h"),
        (28 * H, "1 d 4 h", "28 h"),
        (2 * D - 600, "2 d", "48 h"),
        (71 * H, "2 d 23 h", "71 h"),
        (70.8 * H, "2 d 23 h", "71 h"),
        (13.4 * D, "13 d", "322 h"),
        (-(2 * H + 59 * 60), "-2 h 59 m", "-2 h 59 m"),
    ],
)
def test_a_figure_is_rounded_to_the_nearest_and_tells_two_units_while_the_larger_is_small(
    seconds, said, open_said
):
    assert (duration.span(seconds), duration.open_span(seconds)) == (said, open_said)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(30, "30 s"), (900, "15 m"), (H, "1 h"), (17 * H, "17 h"), (5400, "1 h 30 m"), (24 * H, "24 h")],
)
def test_what_is_promised_is_told_whole(seconds, said):
    assert duration.whole(seconds) == said


def minutes(said):
    sign = -1 if said.startswith("-") else 1
    words = said.removeprefix("-").split()
    return sign * sum(
        int(n) * {"h": 60, "m": 1}[unit] for n, unit in zip(words[::2], words[1::2], strict=True)
    )


def test_parts_that_are_read_add_up_to_the_whole_that_is_read():
    assert duration.parts([2 * H + 39 * 60, 0, 20 * H + 41 * 60, 40 * 60]) == [
        "2 h 39 m",
        "0 m",
        "20 h 41 m",
        "40 m",
    ]
    assert duration.parts([20.4, 9.6]) == ["20 s", "10 s"]
    chance = Random(1)
    for _ in range(200):
        amounts = [chance.uniform(0, 9 * H) for _ in range(chance.randint(1, 9))] + [-30.0, 700.0]
        assert sum(map(minutes, duration.parts(amounts))) == minutes(duration.whole(sum(amounts)))
