"""SIGKILL at random moments of a scripted day: nothing lost, nothing sent twice, nothing corrupt."""

import random
import subprocess
import sys
import threading
from collections import Counter
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


def day(folder: Path, looks_up: str) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("day.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), looks_up],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def lived_through(folder: Path, looks_up: str, seed: int, kills: int) -> int:
    """Runs the day, killing it after random times; how many kills it took before it got through."""
    pick, killed = random.Random(seed), 0
    while not (folder / "done").exists():
        process = day(folder, looks_up)
        if killed < kills:
            assert process.stdout is not None
            process.stdout.readline()  # it works now
            threading.Event().wait(pick.uniform(0.0, 0.12))  # the moment of death is what is random here
            process.kill()
            killed += 1
            process.communicate()
        else:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors.decode()
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
