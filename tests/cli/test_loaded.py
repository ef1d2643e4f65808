"""The tests' own short way to a command line: a fork of a program that is loaded is what a program that is started is."""

import subprocess

import pytest

from servers.program import Done, Program, _loaded

COMMANDS = [
    ("--version",),
    ("keys",),
    ("--json", "show", "3"),
    ("--json", "nonsense"),
    ("account", "list", "--json"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_fork_says_and_ends_as_a_start_does(tmp_path, words):
    program = Program(tmp_path / "home")
    started = Done(words, *program._start(words, 60))
    assert started.out + started.err
    assert Done(words, *_loaded().run([*words], program.environment, 60)) == started


def test_a_fork_sees_its_own_home_and_nothing_of_a_command_before(tmp_path):
    one, other = Program(tmp_path / "one"), Program(tmp_path / "other")
    one.says("agent", "add", "Núria")
    said = [each.says("agent", "list") for each in (one, one, other, one)]
    assert ["Núria" in str(agents) for agents in said] == [True, True, False, True]


def test_a_fork_that_takes_too_long_is_ended(tmp_path):
    program = Program(tmp_path / "home")
    with pytest.raises(subprocess.TimeoutExpired):
        _loaded().run(["sync", "--daemon"], program.environment, 1.0)
    assert program.says("queue") == [], "the next one is answered"


def test_what_an_interpreter_reads_when_it_starts_starts_one(tmp_path):
    program = Program(tmp_path / "home")
    assert _loaded().fits(program.environment)
    program.environment["PYTHONUTF8"] = "0"
    assert not _loaded().fits(program.environment)
