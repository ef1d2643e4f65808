"""SIGKILL while rules run, at one statement after another: each acts once, whole, and what was cut off is said."""

import os
import shutil
import signal
import uuid

from engine.ruled import RuledShop
from servers import PROOF

STEP = 1 if PROOF else 9
"""Statements between two deaths: fewer than a text and the deeds that go with it have between them."""


def _rules(program) -> dict[str, str]:
    return {
        "greet": 'on = "ticket_opened"\n[do]\ntag = ["greeted"]\npriority = "high"\nquick = "acknowledge"\nkind = "ack"',
        "take": 'on = "tagged"\nwhere = "tag:greeted"\n[do]\nassign = "Joan"',
        "count": f'on = "assigned"\n[do]\nuntag = ["none"]\ncommand = ["{program}"]',
    }


def _open(folder, program) -> RuledShop:
    it = RuledShop(folder, **_rules(program))
    it.bench.desk.ids = iter(lambda: str(uuid.uuid4()), None)
    return it


def _killed_at(folder, program, statement: int) -> bool:
    """Whether a process died at that statement of its writing connection; false where it came to its end before."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        it = _open(folder, program)
        left = iter(range(statement, -1, -1))
        it.bench.store.connection.set_trace_callback(
            lambda _: next(left) or os.kill(os.getpid(), signal.SIGKILL)
        )
        it.run()
    finally:
        os._exit(0)


def _planted(folder, program) -> int:
    """Two mails came in and the rules have not looked yet; gives how many statements it takes them."""
    it = _open(folder, program)
    it.bench.mail()
    it.bench.mail(sender="pep@y.test")
    it.bench.close()
    shutil.copytree(folder, tried := folder.with_name("tried"))
    it, statements = _open(tried, program), []
    it.bench.store.connection.set_trace_callback(statements.append)
    it.run()
    it.bench.close()
    return len(statements)


def _whole(it: RuledShop, said: str) -> None:
    """Everything was done once; of the commands at most the one that was cut off was not, and that is said."""
    fired = sorted((each.rule, each.number) for each in it.fired())
    assert fired == [(rule, number) for rule in ("count", "greet", "take") for number in (1, 2)]
    for number in (1, 2):
        view = it.ticket(number)
        assert (view.tags, view.row.priority, view.row.assignee) == (("greeted",), "high", "Joan")
        assert sum(each.direction == "auto" for each in it.bench.messages(number)) == 1
    doubtful = [each for each in it.failures() if each.did.startswith("command")]
    assert len(doubtful) <= 1
    assert it.failures() == doubtful
    assert 2 - len(doubtful) <= len(said) <= 2


def test_whoever_is_killed_when_each_rule_acts_once_and_whole(tmp_path):
    program, said = tmp_path / "program", tmp_path / "program.said"
    program.write_text('#!/bin/sh\nprintf x >> "$0.said"\n')
    program.chmod(0o700)
    statements = _planted(tmp_path / "before", program)
    for statement in range(1, statements - 1, STEP):
        said.write_text("")
        home = tmp_path / str(statement)
        shutil.copytree(tmp_path / "before", home)
        assert _killed_at(home, program, statement)
        it = _open(home, program)
        it.run()
        _whole(it, said.read_text())
        it.bench.close()
