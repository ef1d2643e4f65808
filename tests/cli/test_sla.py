"""`sla`: what is promised, why a clock says what it says, and what is due next."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.commands import Merge, Reopen, Resolve, Undo
from agentdesk.core.model import Place
from agentdesk.core.sla import from_data
from agentdesk.engine import clock
from agentdesk.engine.intake import Intake
from agentdesk.engine.start import open_desk
from agentdesk.store import past
from desks import Bench

SHOP = """
zone = "Europe/Madrid"
[week]
monday = ["10:00-14:00", "17:00-20:00"]
tuesday = ["10:00-14:00", "17:00-20:00"]
[holidays]
"2026-11-24" = "Sant Eloi"
"""
CONFIG = '[desk]\nlanguage = "{language}"\nzone = "Europe/Madrid"\ncalendar = "{calendar}"\n'


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    configure(found)
    return found


def configure(home, language="en", calendar="shop"):
    home.config_file.write_text(CONFIG.format(language=language, calendar=calendar), "utf-8")
    (home.config / "calendars").mkdir(exist_ok=True)
    (home.config / "calendars" / "shop.toml").write_text(SHOP, "utf-8")


def mail(home, at, number=1):
    """A mail that reached the provider at `at`."""
    desk = open_desk(home, config.load(home), "Joan")
    raw = (
        f"From: Maria <maria@x.test>\r\nSubject: Comanda {number}\r\nMessage-ID: <{number}@x.test>\r\n\r\nOn és?\r\n"
    ).encode()
    arrival = Arrival(Place("box", "INBOX", 1, number), at, raw, len(raw), role="inbox")
    Intake(desk, "box", read_mail).take(Batch("cursor", (arrival,)))
    desk.close()


def told(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def standard(found, metric="first_response"):
    return next(c for c in found["clocks"] if (c["metric"], c["tier"]) == (metric, "standard"))


def long_ago(home):
    """Ten minutes before the shop closes at noon, on a Monday that is surely over."""
    at = datetime(2025, 11, 24, 12, 50, tzinfo=UTC)
    mail(home, at)
    return at


def test_every_interval_is_listed_with_its_reason_and_the_counted_ones_make_the_target(run, home):
    long_ago(home)
    found = told(run, "sla", "why", "1")
    assert found["order"]["band"] == "rest"
    one = standard(found)
    assert (one["state"], one["target_seconds"]) == ("breached", 3600)
    assert one["left_seconds"] < 0
    assert [(line["start"], line["end"], line["counted"], line["seconds"]) for line in one["lines"]] == [
        ("2025-11-24T12:50:00Z", "2025-11-24T13:00:00Z", True, 600),
        ("2025-11-24T13:00:00Z", "2025-11-24T16:00:00Z", False, 0),
        ("2025-11-24T16:00:00Z", "2025-11-24T16:50:00Z", True, 3000),
    ]
    assert [line["reason"] for line in one["lines"]] == ["open", "closed", "open"]
    for each in found["clocks"]:
        assert sum(line["seconds"] for line in each["lines"]) == each["target_seconds"]
        assert each["lines"][-1]["end"] == each["due_at"]


def minutes(said):
    words = said.split()
    return sum(int(n) * {"h": 60, "m": 1}[unit] for n, unit in zip(words[::2], words[1::2], strict=True))


def test_the_times_that_people_read_add_up_to_what_was_promised(run, home):
    """Begun 39 minutes before noon's closing, so that no stretch is of full hours."""
    (home.config / "sla.toml").write_text('[guide.channel.email]\nresolution = "24h"\n', "utf-8")
    mail(home, datetime(2025, 11, 24, 12, 21, tzinfo=UTC))
    out = run("sla", "why", "1")[1]
    below = out[out.index("solution, standard") :].splitlines()
    assert "promised within 24 h," in below[0]
    rows = [re.split(r"  +", line) for line in below if line.startswith("202")]
    assert next(row[3] for row in rows if row[2] == "counts") == "39 m"
    assert sum(minutes(row[3]) for row in rows) == 24 * 60


def test_a_holiday_is_named(run, home):
    mail(home, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))  # a Friday: this shop opens on Mondays and Tuesdays
    one = standard(told(run, "sla", "why", "1"), "resolution")
    assert {(line["reason"], line["name"]) for line in one["lines"]} >= {("holiday", "Sant Eloi")}


def test_people_read_local_hours_and_words(run, home):
    long_ago(home)
    status, out, err = run("sla", "why", "1")
    assert (status, err) == (0, "")
    assert "first reply, standard: late; promised within 1 h, due 2025-11-24 17:50," in out
    assert "last: the rest: its promise is broken" in out
    row = next(line for line in out.splitlines() if line.startswith("2025-11-24 14:00 "))
    assert row.split("  ")[-1].strip() == "closed"


@pytest.mark.parametrize(
    ("language", "words"), [("es", ("cerrado", "fuera de plazo")), ("ca", ("tancat", "fora de termini"))]
)
def test_the_reasons_are_in_the_agents_language(run, home, language, words):
    long_ago(home)
    configure(home, language)
    out = run("sla", "why", "1")[1]
    assert all(word in out for word in words)


def test_a_ticket_that_is_not_there(run, home):
    status, out, err = run("sla", "why", "7", "--json")
    assert (status, out, json.loads(err)["code"]) == (3, "", "not_found")


def test_a_ticket_without_a_promise_says_so(run, tmp_path):
    bench = Bench(tmp_path / "home")
    bench.mail("x", before=True)
    bench.close()
    assert told(run, "sla", "why", "1")["clocks"] == []
    out = run("sla", "why", "1")[1]
    assert "it is history, never work" in out
    assert "No promise was ever made on this ticket." in out


def resolution(bench):
    view = bench.ticket(1)
    return next(
        from_data(data)
        for data in view.clocks
        if (data["metric"], data["tier"]) == ("resolution", "standard")
    )


def spans(bench):
    with bench.reading() as connection:
        found = past.pauses(connection, bench.id(1), resolution(bench))
    return [(span.start, span.end) for span in found]


def test_pauses_are_read_from_the_log(tmp_path, run):
    """Waiting for the customer stands still from our answer to the next mail; it is shown as such."""
    bench = Bench(tmp_path / "home")
    bench.mail("Hola", message_id="<a@x.test>")
    answered = bench.clock.go(minutes=10)
    bench.mail(
        "Hola Maria", sender="soporte@shop.test", to="maria@x.test", role="sent", reply_to="<a@x.test>",
        message_id="<b@shop.test>",
    )  # fmt: skip
    back = bench.clock.go(hours=3)
    bench.mail("Gràcies, però no", reply_to="<b@shop.test>", message_id="<c@x.test>")
    assert spans(bench) == [(answered, back)]
    bench.close()
    one = standard(told(run, "sla", "why", "1"), "resolution")
    paused = [line for line in one["lines"] if line["reason"] == "paused"]
    assert [(line["counted"], line["seconds"]) for line in paused] == [(False, 0)]
    assert not [line for line in one["lines"] if line["reason"] == "unlisted"]
    assert sum(line["seconds"] for line in one["lines"]) == 86_400


def test_an_undone_pause_is_none(tmp_path):
    bench = Bench(tmp_path / "home")
    bench.mail("Hola", message_id="<a@x.test>")
    bench.clock.go(minutes=10)
    bench.desk.do(Resolve(bench.id(1)))
    bench.clock.go(hours=1)
    bench.desk.do(Undo())
    assert spans(bench) == []
    bench.desk.do(Resolve(bench.id(1)))
    bench.desk.do(Reopen(bench.id(1)))
    assert spans(bench) == []
    bench.close()


def test_a_pause_moves_into_the_ticket_that_stays(tmp_path, run):
    """The clock that a merge takes over brings its pauses with it."""
    bench = Bench(tmp_path / "home")
    bench.mail("Hola", message_id="<a@x.test>")
    bench.clock.go(minutes=10)
    bench.mail(
        "Hola Maria", sender="soporte@shop.test", to="maria@x.test", role="sent", reply_to="<a@x.test>",
        message_id="<b@shop.test>",
    )  # fmt: skip
    bench.clock.go(hours=3)
    bench.mail("Encara no", reply_to="<b@shop.test>")
    bench.clock.go(minutes=5)
    bench.mail("Un altre", sender="pere@y.test")
    bench.desk.do(Merge(bench.id(1), bench.id(2)))
    bench.close()
    found = told(run, "sla", "why", "1")
    assert found["ticket"] == 2
    for each in found["clocks"]:
        assert sum(line["seconds"] for line in each["lines"]) == each["target_seconds"]
        assert not [line for line in each["lines"] if line["reason"] == "unlisted"]


def test_check_prints_the_targets_and_whose_they_are(run, home):
    found = told(run, "sla", "check")
    assert (found["preset"], found["calendar"], found["problems"]) == ("guide", "shop", [])
    rows = {(t["channel"], t["metric"], t["tier"]): t for t in found["targets"]}
    mine = rows["email", "first_response", "standard"]
    assert (mine["seconds"], mine["source"], mine["like"]) == (3600, "guide", None)
    other = rows["telegram", "first_response", "standard"]
    assert (other["seconds"], other["source"], other["like"]) == (30, "agentdesk", "whatsapp")
    assert ("x", "first_response", "world_class") not in rows
    out = run("sla", "check")[1]
    assert "Nothing is wrong with it." in out
    line = next(line for line in out.splitlines() if line.startswith("mail ") and "first reply" in line)
    assert line.split() == ["mail", "first", "reply", "1", "h", "15", "m", "the", "guide"]


def test_check_says_how_promises_are_kept_by_the_figures_of_the_report(run, home):
    assert told(run, "sla", "check")["kept"] is None, "nobody was promised anything yet"
    configure(home, calendar="none")
    for minutes in (120, 50, 1):
        mail(home, clock.now() - timedelta(minutes=minutes), minutes)
    kept = told(run, "sla", "check")["kept"]
    first = next(each for each in kept["by_channel"] if each["metric"] == "first_response")
    assert first == {
        "channel": "email", "metric": "first_response", "promised_seconds": 3600,
        "met": 0, "missed": 1, "share": 0.0, "running": 3, "due_soon": 1,
    }  # fmt: skip
    report = told(run, "report", "sla")
    line = next(each for each in report["groups"] if each["metric"] == "first_response")
    assert (line["kept"]["n"], line["running"]["n"], line["due_soon"]["n"]) == (1, 3, 1)
    assert [each["missed"] for each in kept["all"]] == [each["kept"]["n"] for each in report["all"]]
    out = run("sla", "check")[1]
    assert "How it was kept. From " in out
    assert re.search(r"^mail +first reply +0\.0 % 0/1 \(0-79\) +1 +3 +1$", out, re.MULTILINE)
    assert "No promise began in this time." in run("sla", "check", "--from", "2020-01", "--to", "2020-02")[1]
    assert '"neverday" is no time' in run("sla", "check", "--from", "neverday")[2]
    (home.config / "sla.toml").write_text('[guide.channel.email]\nfirst_response = "soon"\n', "utf-8")
    assert json.loads(run("sla", "check", "--json")[1])["kept"] is None, (
        "what cannot be read promises nothing"
    )


def test_check_lists_what_is_promised_of_some_matters_only(run, home):
    rows = [t for t in told(run, "sla", "check")["targets"] if t["name"]]
    assert [(t["of"], t["name"], t["channel"], t["metric"], t["months"], t["source"]) for t in rows] == [
        ("kind", "complaint", "", "resolution", 1, "agentdesk"),
        ("kind", "claim", "", "resolution", 1, "agentdesk"),
    ]
    out = run("sla", "check")[1]
    assert "kind complaint" in out
    assert "1 month" in out


def test_a_change_of_targets_reaches_what_is_open_and_the_old_promise_is_still_named(run, home):
    mail(home, clock.now())
    assert told(run, "sla", "apply") == {"tickets": 0, "dry_run": False, "clocks": []}
    before = standard(told(run, "sla", "why", "1"))
    (home.config / "sla.toml").write_text(
        '[guide.channel.email]\nfirst_response = "2h"\n[guide.kind.complaint]\nfirst_response = "3h"\n',
        "utf-8",
    )
    seen = told(run, "sla", "apply", "--dry-run")
    assert (seen["tickets"], seen["dry_run"]) == (1, True)
    one = next(c for c in seen["clocks"] if (c["metric"], c["tier"]) == ("first_response", "standard"))
    assert (one["ticket"], one["was_due_at"]) == (1, before["due_at"])
    assert "1 ticket would be due at another time." in run("sla", "apply", "--dry-run")[1]
    assert standard(told(run, "sla", "why", "1"))["due_at"] == before["due_at"]
    assert run("sync", "--once")[0] == 0  # as every start of the desk
    run("kind", "1", "complaint")
    after = standard(told(run, "sla", "why", "1"))
    assert after["target_seconds"] == 3 * 3600
    assert [(was["target_seconds"], was["due_at"], was["event"]) for was in after["former"]] == [
        (3600, before["due_at"], "Reclocked"),
        (7200, one["due_at"], "Described"),
    ]
    out = run("sla", "why", "1")[1]
    assert "promised at first: 1 h, due" in out
    assert "the shop's targets or opening hours were changed" in out
    assert "then: 2 h, due" in out
    assert told(run, "sla", "apply")["tickets"] == 0


def test_a_mistake_in_what_is_in_force_is_status_two(run, home):
    (home.config / "calendars" / "shop.toml").write_text('[week]\nmonday = ["10:00-9:00"]\n', "utf-8")
    status, out, _ = run("sla", "check", "--json")
    assert status == 2
    (problem,) = json.loads(out)["problems"]
    assert (problem["key"], problem["line"], problem["in_force"]) == ("week.monday", 2, True)
    assert problem["file"].endswith("shop.toml")
    assert problem["reason"]
    status, out, _ = run("sla", "check")
    assert (status, "week.monday: it closes before it opens" in out) == (2, True)


def test_a_mistake_beside_is_status_one_and_every_place_is_said(run, home):
    (home.config / "calendars" / "summer.toml").write_text('[wek]\nmonday = ["10:00-19:00"]\n', "utf-8")
    (home.config / "sla.toml").write_text(
        '[guide.channel.email]\nfirst_response = "1h"\n[other.channel.email]\nfirst_response = "soon"\n',
        "utf-8",
    )
    status, out, _ = run("sla", "check", "--json")
    assert status == 1
    found = json.loads(out)
    assert [(each["key"], each["in_force"]) for each in found["problems"]] == [
        ("other.channel.email.first_response", False),
        ("wek", False),
    ]
    assert {(t["seconds"], t["source"]) for t in found["targets"]} == {(3600, "shop")}


def started(home, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "agentdesk", "sla", "board", *words], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={**os.environ, "AGENTDESK_HOME": str(home.config), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def test_the_board_tells_each_change_and_ends_with_status_130(home):
    configure(home, calendar="none")
    mail(home, clock.now())
    process = started(home, "--json")
    try:
        first = json.loads(process.stdout.readline())
        assert (first["event"], first["ticket"], first["state"]) == ("added", 1, "running")
        assert (first["metric"], first["left_seconds"] > 3000) == ("first_response", True)
        mail(home, clock.now() - timedelta(hours=2), number=2)
        second = json.loads(process.stdout.readline())
        assert (second["event"], second["ticket"], second["state"]) == ("added", 2, "breached")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (130, "", "")
    finally:
        process.kill()


def test_the_board_without_a_terminal_prints_tables_only_on_change(home):
    configure(home, calendar="none")
    mail(home, clock.now())
    process = started(home)
    try:
        head, row = process.stdout.readline(), process.stdout.readline()
        assert head.split()[:2] == ["LEFT", "#"]
        assert "Comanda 1" in row
        assert process.stdout.readline() == "\n"
        mail(home, clock.now() - timedelta(hours=2), number=2)
        rows = [process.stdout.readline() for _ in range(3)]
        assert "Comanda 2" in rows[2]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    finally:
        process.kill()
