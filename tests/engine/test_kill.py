"""SIGKILL at random moments of a scripted day: nothing lost, nothing sent twice, nothing corrupt."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from agentdesk.store import queries
from desks import Bench
from servers import PROOF

MAILS, KILLS = (900, 100) if PROOF else (300, 30)


def mail(number: int) -> bytes:
    return (
        f"From: Client {number} <c{number}@x.test>\r\nTo: soporte@shop.test\r\nSubject: Pedido {number}\r\n"
        f"Message-ID: <{number}@x.test>\r\n\r\nHola {number}\r\n"
    ).encode()


@contextmanager
def days(folder: Path, looks_up: str) -> Iterator[subprocess.Popen[str]]:
    """The program, started once; every life is a fork of it."""
    script = Path(__file__).with_name("day.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder), looks_up],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.communicate(timeout=20)


def lived_through(folder: Path, looks_up: str, seed: int, kills: int) -> int:
    """Lives the day, killing it after random times; how many kills it took before it got through."""
    pick, killed = random.Random(seed), 0
    with days(folder, looks_up) as process:
        while not (folder / "done").exists():
            process.stdin.write("live\n")
            process.stdin.flush()
            life = int(process.stdout.readline())  # it works now
            dies = killed < kills
            if dies:
                threading.Event().wait(pick.uniform(0.0, 0.12))  # the moment of death is what is random here
                with suppress(ProcessLookupError):  # it got through before
                    os.kill(life, signal.SIGKILL)
                killed += 1
            ended = int(process.stdout.readline())
            assert ended == 0 or (dies and ended == -signal.SIGKILL), ended
    return killed


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("looks_up", "kills"), [("looks_up", KILLS // 2), ("blind", KILLS // 2)])
def test_a_killed_day_loses_nothing_and_sends_nothing_twice(tmp_path, looks_up, kills):
    inbound = tmp_path / "inbound"
    inbound.mkdir()
    for number in range(MAILS):
        (inbound / f"{number:04}").write_bytes(mail(number))
    killed = lived_through(tmp_path, looks_up, 7, kills)
    assert killed >= kills, "the day was over before it could be killed: make it longer"

    bench = Bench(tmp_path / "desk")
    check = bench.store.connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert check == "ok"
    with bench.reading() as connection:
        assert not list(queries.quarantine(connection)), "put aside for good"
    rows = bench.store.connection.execute(
        "SELECT subject, direction, state FROM message ORDER BY n"
    ).fetchall()
    came = Counter(subject for subject, direction, _ in rows if direction == "in")
    assert came == {f"Pedido {number}": 1 for number in range(MAILS)}, "lost or doubled"

    accepted = Counter((tmp_path / "accepted").read_text("utf-8").split())
    assert set(accepted.values()) == {1}, "sent twice"
    answers = bench.store.connection.execute(
        "SELECT json_extract(headers, '$.message_id'), state, ticket FROM message WHERE direction = 'out'"
    ).fetchall()
    assert len({ticket for _, _, ticket in answers}) == MAILS, "left unanswered"
    assert len(answers) == MAILS, "answered twice"
    for name, state, _ in answers:
        assert state in {"sent", "unknown"}
        if state == "sent":
            assert name in accepted
    if looks_up == "looks_up":
        assert all(name in accepted for name, state, _ in answers if state == "sent")
        assert sum(state == "unknown" for _, state, _ in answers) <= len(answers) - len(accepted)
    else:
        assert {name for name, _, _ in answers} >= set(accepted)
    bench.close()
