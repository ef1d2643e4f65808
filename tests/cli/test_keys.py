"""`keys`: what the console's keys do, without the console."""

import json
import os
import subprocess
import sys

from agentdesk.actions import ACTIONS


def config(tmp_path, text):
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text, "utf-8")


def test_every_act_is_there_with_its_keys_and_words(run):
    status, out, err = run("keys", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert [each["id"] for each in found] == [action.id for action in ACTIONS]
    assert all(set(each) == {"id", "keys", "title", "help", "where"} for each in found)
    resolve = next(each for each in found if each["id"] == "ticket.resolve")
    assert (resolve["keys"], resolve["help"]) == (
        ["e"],
        "It is done. Where somebody waits, a digit says why no answer is needed.",
    )


def test_the_users_own_keys_count(run, tmp_path):
    config(tmp_path, '[keys]\n"ticket.resolve" = "Z"\n')
    found = {each["id"]: each["keys"] for each in json.loads(run("keys", "--json")[1])}
    assert found["ticket.resolve"] == ["Z"]
    line = next(line for line in run("keys")[1].splitlines() if line.endswith("ticket.resolve"))
    assert line.split()[0] == "Z"


def test_a_wrong_entry_is_named(run, tmp_path):
    config(tmp_path, '[keys]\n"ticket.resolv" = "D"\n')
    status, out, err = run("keys", "--json")
    assert (status, out, json.loads(err)["code"]) == (2, "", "config")
    assert "ticket.resolve" in json.loads(err)["detail"]


def test_the_words_are_the_agents(run, tmp_path):
    for language in ("es", "ca"):
        config(tmp_path, f'[desk]\nlanguage = "{language}"\n')
        found = {each["id"]: each["help"] for each in json.loads(run("keys", "--json")[1])}
        assert (
            found["ticket.resolve"]
            != "It is done. Where somebody waits, a digit says why no answer is needed."
        )


def test_nothing_that_draws_is_loaded(tmp_path):
    code = (
        "import sys\nfrom agentdesk.cli import main\nassert main(['keys']) == 0\n"
        "assert not {'textual', 'rich', 'sqlite3', 'pysqlite3'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "AGENTDESK_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
