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
    assert out.startswith("Good ")
    assert "late now" in out
    assert out.isascii()


def test_an_evening_has_every_figure_also_where_the_desk_never_closes(run):
    status, out, err = run("closing", "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert (document["closes_at"], document["opens_at"]) == (None, None)
    assert document["windows"] == {"before_opening": [], "next_day": []}
    assert document["outbox"] == {"waiting": 0, "failed": 0, "unknown": 0}
    assert document["until"] > document["at"]
    assert document["hears"] == []
    assert "There is nothing: you can close." in run("closing")[1]
    assert "never closes" in run("closing")[1]
    assert run("queue", "--filter", "window:12h due:2026-11-28T10:00", "--json")[:2] == (0, "[]\n")
