"""What reaches a terminal, a pipe, a shell's completion and the log."""

import io
import logging
import os
import stat
import subprocess

import pytest

from agentdesk import secret
from agentdesk.cli import log, output
from agentdesk.cli.parse import GLOBAL
from agentdesk.config import Account, Home, SecretPlace


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_drawn_from_the_table(shell, run):
    script = run("completion", shell)[1]
    for word in ("queue", "quarantine", "--secret-command", "config"):
        assert word in script
    for each in GLOBAL:
        assert each.flags[0] in script


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("agentdesk acc", "account"),
        ("agentdesk --home x account a", "add"),
        ("agentdesk config s", "schema show"),
        ("agentdesk queue --l", "--limit"),
    ],
)
def test_bash_completes(typed, offered, run, tmp_path):
    script = tmp_path / "completion"
    script.write_text(run("completion", "bash")[1])
    ask = f'source {script}; COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _agentdesk; echo "${{COMPREPLY[*]}}"'
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True, timeout=10)
    assert sorted(done.stdout.split()) == offered.split()


def test_tables_survive_grep_and_hostile_words():
    drawn = output.table(["A", "B"], [["a\nb\x1b[2J", 1], ["日本", None]])
    assert drawn.split("\n") == ["A        B", "a b\ufffd[2J  1", "日本"]
    assert output.table(["A"], []) == ""


def test_a_long_cell_pushes_its_own_line_alone_and_is_whole():
    long = "x" * 5000
    drawn = output.table(
        ["#", "who", "subject"], [[1, "Ana", "Mesa"], [2, long, "Silla"], [3, "Bernat", long]]
    )
    assert drawn.splitlines() == [
        "#  who     subject",
        "1  Ana     Mesa",
        f"2  {long}  Silla",
        f"3  Bernat  {long}",
    ]


def test_json_is_ascii_and_rows_left_out_are_said():
    out, err = io.StringIO(), io.StringIO()
    told = output.Output(out, err, json_wanted=True)
    told.out({"name": "Núria \x1b"})
    told.left_out(2)
    told.left_out(0)
    told.flush()
    assert out.getvalue() == '{"name": "N\\u00faria \\u001b"}\n'
    assert err.getvalue() == "2 more rows are left out by --limit\n"


def test_endless_results_are_json_lines_and_nothing_else():
    out = io.StringIO()
    told = output.Output(out, io.StringIO(), json_wanted=True)
    told.line({"n": 1}, "one")
    told.line({"n": 2}, "two")
    told.flush()
    assert out.getvalue() == '{"n": 1}\n{"n": 2}\n'


def test_progress_is_silent_at_first_then_one_line_a_second():
    err, now = io.StringIO(), [0.0]
    shown = output.Progress(err, "Receiving", clock=lambda: now[0])
    for tenth in range(45):
        now[0] = tenth / 10
        shown.at(tenth, 45)
    shown.close()
    assert err.getvalue().split("\n") == ["Receiving 20/45", "Receiving 30/45", "Receiving 40/45", ""]


def test_the_log_holds_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP", "tr0ub4dor&3")
    place = SecretPlace("env", "SHOP")
    secret.read(Account("1", "x", "email", secret=place))
    said = """tr0ub4dor&3 tr0ub4dor%263 Authorization: Basic Zm9vOmJhcg==
        https://api.telegram.org/bot123456:AAF-xyz/getUpdates password=hunter2; {"access_token": "hunter2"}
        imaps://me:hunter2@mail LOGIN me "hunter2" AUTH PLAIN aHVudGVyMg== Bearer hunter2hunter2"""
    clean = log.redact(said)
    for word in ("tr0ub", "hunter2", "AAF-xyz", "Zm9vOmJhcg", "aHVudGVyMg"):
        assert word not in clean
    log.start(Home.under(tmp_path), debug=False)
    logging.getLogger("httpx").info("GET https://api.telegram.org/bot1:AAF/x")
    logging.getLogger("agentdesk").info("said %s", "tr0ub4dor&3")
    file = tmp_path / "log" / "agentdesk.log"
    assert "said [redacted]" in file.read_text()
    assert "telegram" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_log_is_turned_over_and_followed(tmp_path):
    home = Home.under(tmp_path)
    log.start(home, debug=False)
    desk = logging.getLogger("agentdesk")
    desk.info("one")
    os.replace(home.log_file, tmp_path / "moved")  # noqa: PTH105 - as another process does
    desk.info("two")
    assert "two" in home.log_file.read_text()
    for _ in range(60):
        desk.info("x" * 100_000)
    files = list(home.log.iterdir())
    assert len(files) == 5
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
