"""`report`: the same figures as a table, for a spreadsheet and as JSON, each with its tickets."""

import csv
import io
import json

import pytest

from agentdesk import reportsheet
from agentdesk.cli import report as words
from agentdesk.core.figures import Count, Line, Ranked, Report, Share, Times

FIGURES = {
    "running": Count((4,)),
    "kept": Share((1, 2), (1, 2, 2, 3)),
    "time": Times((600.0, 1800.0, 7200.0), (600.0, 1200.0, 3600.0), (1, 2, 3)),
}
TOLD = Report(
    "sla",
    None,
    "channel",
    (),
    (Line("email", FIGURES, "first_response", 7200, (3600, None)),),
    (),
    (Ranked("email", 0.5, 2),),
)


def two_calls(run):
    """One that was answered at once, and one that waits; by an agent whose name a spreadsheet would take for a formula."""
    assert run("agent", "add", "=Joan", "--address", "joan@shop.test")[0] == 0
    assert run("call", "+34600111222", "--text", "On és?", "--as", "=Joan")[0] == 0
    assert run("call", "+34600111333", "--text", "I el meu?", "--then", "open", "--as", "=Joan")[0] == 0


def test_one_report_in_every_form(run):
    two_calls(run)
    status, out, err = run("report", "fcr", "--by", "agent", "--from", "today")
    assert status == 0
    assert out.splitlines()[0].split("  ")[0] == "agent"
    assert "0.0 % 0/2 (0-66)" in out  # nobody of two was sent elsewhere
    assert "Left out: history, machine mail and muted customers." in err

    status, out, err = run("report", "fcr", "--by", "agent", "--tickets", "--json")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert [line["agent"] for line in document["groups"]] == ["", "=Joan"]
    joan = document["groups"][1]
    assert joan["pending"] == {"n": 1, "tickets": [1]}
    assert joan["first_contact"] == {
        "hits": 0,
        "n": 0,
        "share": None,
        "low": 0.0,
        "high": 1.0,
        "tickets": [],
        "others": [],
    }
    assert joan["one_touch"] | {"low": 0, "high": 1} == {
        "hits": 1, "n": 1, "share": 1.0, "low": 0, "high": 1, "tickets": [1], "others": []
    }  # fmt: skip

    status, out, _ = run("report", "fcr", "--by", "agent", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["agent"], row["resolved"], row["one_touch_share"], row["derived_n"]) for row in rows] == [
        ("", "0", "", "1"), ("'=Joan", "1", "1.0", "1"), ("*", "1", "1.0", "2"),
    ]  # fmt: skip
    status, out, _ = run("report", "fcr", "--by", "agent", "--csv", "--tickets")
    assert "'=Joan,,one_touch,1,yes" in out.splitlines()


def test_promises_volume_and_who_waits(run):
    two_calls(run)
    _, out, _ = run("report", "sla", "--json")
    (line,) = (each for each in json.loads(out)["groups"] if each["metric"] == "first_response")
    assert (line["channel"], line["target_seconds"], line["running"]) == ("phone", 3600, {"n": 1})
    assert line["guide_seconds"] == {"standard": 3600, "world_class": 900}
    assert line["time"]["wall_seconds"] == {"median": None, "p90": None, "p95": None}
    _, out, _ = run("report", "volume", "--json", "--tickets")
    document = json.loads(out)
    assert (document["all"][0]["messages"]["n"], document["all"][0]["answers"]["tickets"]) == (2, [1])
    assert sum(hour["n"] for hour in document["hours"]) == 2
    _, out, _ = run("report", "volume")
    assert sum(line.startswith(("Monday", "Tuesday", "Sunday")) for line in out.splitlines()) == 3
    status, out, _ = run("report", "unanswered", "--tickets")
    assert status == 0
    assert "#2" in out
    assert out.isascii()


def test_an_empty_desk_has_nothing_to_report_and_says_so(run):
    status, out, err = run("report", "sla")
    assert (status, out) == (0, "")
    assert "Nothing in this period." in err
    status, out, _ = run("report", "sla", "--json")
    assert (json.loads(out)["groups"], json.loads(out)["all"]) == ([], [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sla", "--from", "soon"), '"soon" is no time; write for example 2026-11-01'),
        (("sla", "--from", "2026-02-02", "--to", "2026-01-01"), "the period ends before it begins"),
        (("sla", "--by", "chanel"), "channel"),
        (("sla", "--csv", "--json"), "cannot be used together"),
        (("fcr", "--days", "week"), "week is not a whole number"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_words(run, words, said):
    status, out, err = run("report", *words)
    assert (status, out) == (2, "")
    assert said in err


def test_the_document_of_a_report_is_this_one():
    line = {
        "channel": "email",
        "metric": "first_response",
        "target_seconds": 7200,
        "guide_seconds": {"standard": 3600, "world_class": None},
        "running": {"n": 1, "tickets": [4]},
        "kept": {"hits": 2, "n": 4, "share": 0.5, "tickets": [1, 2], "others": [2, 3]},
        "time": {
            "n": 3,
            "wall_seconds": {"median": 1800.0, "p90": 7200.0, "p95": 7200.0},
            "business_seconds": {"median": 1200.0, "p90": 3600.0, "p95": 3600.0},
            "tickets": [1, 2, 3],
        },
    }
    found = words._document(TOLD, tickets=True)
    (told,) = found["groups"]
    low, high = told["kept"].pop("low"), told["kept"].pop("high")
    assert (low, high) == pytest.approx((0.150, 0.850), abs=0.001)
    assert found == {
        "report": "sla", "since": None, "until": None, "by": "channel", "all": [], "groups": [line],
        "worst_first": [{"channel": "email", "share": 0.5, "n": 2}], "spread": None,
    }  # fmt: skip


def test_the_rows_for_a_spreadsheet_are_these():
    head, row = reportsheet.rows(TOLD, tickets=False)
    assert head == [
        "channel", "metric", "target_seconds", "running", "kept_hits", "kept_n", "kept_share", "kept_low", "kept_high", "time_n",
        "time_wall_median", "time_wall_p90", "time_wall_p95", "time_business_median", "time_business_p90", "time_business_p95",
    ]  # fmt: skip
    assert row[:7] == ["email", "first_response", 7200, 1, 2, 4, 0.5]
    assert row[9:] == [3, 1800.0, 7200.0, 7200.0, 1200.0, 3600.0, 3600.0]
    listed = list(reportsheet.rows(TOLD, tickets=True))
    assert listed[0] == ["channel", "metric", "figure", "ticket", "hit"]
    assert listed[1:6] == [
        ["email", "first_response", name, ticket, hit]
        for name, ticket, hit in (
            ("running", 4, True), ("kept", 1, True), ("kept", 2, True), ("kept", 2, False), ("kept", 3, False),
        )
    ]  # fmt: skip
