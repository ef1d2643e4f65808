"""`today`: the morning without a screen."""

import json


def test_an_empty_desk_has_an_empty_day(run):
    status, out, err = run("today", "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert document["since"] is None
    assert (document["arrived"], document["due"], document["late"]) == ({}, [], 0)
    assert document["pace"] == {"today": 0, "a_day": None, "an_hour": None, "seconds": None}
    status, out, _ = run("today")
    assert status == 0
    assert "late now" in out
    assert out.isascii()
