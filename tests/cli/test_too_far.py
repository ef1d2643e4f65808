"""A number that no calendar holds means no time, wherever one may be given; it is never a mistake of ours."""

import json

import pytest

FAR = "99999999d"


def refused(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, out) == (2, ""), err
    return json.loads(err)["detail"]


@pytest.mark.parametrize(
    "words",
    [
        ("snooze", "1", FAR),
        ("snooze", "1", "999999w"),
        ("reply", "1", "--text", "x", "--at", FAR),
        ("reply", "1", "--text", "x", "--snooze", FAR),
        ("reply", "1", "--text", "x", "--promise", FAR),
        ("note", "1", "--text", "x", "--until", FAR),
        ("call", "+34600111222", "--text", "x", "--until", FAR),
        ("promise", "add", "1", FAR, "--text", "x"),
        ("promise", "list", "--before", FAR),
    ],
    ids=" ".join,
)
def test_a_time_that_is_too_far_away_is_none(shop, run, words):
    assert "is no time" in refused(run, *words)


def test_a_count_of_seconds_or_days_has_an_end(shop, run):
    assert refused(run, "reply", "1", "--text", "x", "--hold", "99999999999999") == (
        "--hold: it can be 31622400 at most"
    )
    assert refused(run, "report", "fcr", "--days", "99999999999") == "--days: it can be 3650 at most"
    assert refused(run, "queue", "--limit", "-3") == "--limit: -3: it cannot be less than 0"
    assert refused(run, "report", "fcr", "--days", "x") == "--days: x is not a whole number"


def test_hours_and_minutes_are_a_span(shop, run):
    status, out, err = run("promise", "add", "1", "1h30m", "--text", "llamar", "--json")
    assert status == 0, err
    (one,) = json.loads(out)["promises"]
    assert 5399 <= one["left_seconds"] <= 5400
