"""Eight chats at once, and every service unwell: nothing lost, nothing doubled, nothing hangs, and no secret in any word.

`make soak MINUTES=30` lives through as many half minutes, each with a seed of its own; AGENTDESK_SEEDS="17" looks at one again.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import soak

MINUTES = float(os.environ.get("AGENTDESK_SOAK", "0"))
SPEED = 10.0
"""How much faster the services' time goes: half a minute here is five minutes there."""
EVENTS = 240
RUN = 0.5
"""Minutes that a run takes, about."""
WITHIN = 300.0


def seeds():
    chosen = os.environ.get("AGENTDESK_SEEDS")
    return (
        [int(each) for each in chosen.split()] if chosen else list(range(1, 1 + max(1, round(MINUTES / RUN))))
    )


def command_lines(of):
    """Of a process and of those that it started, as anybody on the machine may read them."""
    found = b""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, line = (folder / "status").read_text("utf-8"), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if folder.name == str(of) or f"\nPPid:\t{of}\n" in status:
            found += line
    return found


def lived_through(folder, seed):
    """What became of a run, and every byte that it wrote or was started with."""
    folder.mkdir()
    program = [sys.executable, soak.__file__, str(folder), str(seed), str(EVENTS), str(SPEED)]
    with (folder / "err").open("wb") as err:
        process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=err)
        timer = threading.Timer(WITHIN, process.kill)
        timer.start()
        secrets = json.loads(process.stdout.readline())["secrets"]
        lines = command_lines(process.pid)
        told = process.stdout.read()
        process.wait()
        timer.cancel()
    return json.loads(told or "{}"), secrets, lines + told, (folder / "err").read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(max(600, 180 * MINUTES))
@pytest.mark.parametrize("seed", seeds())
def test_eight_unwell_services_lose_nothing_double_nothing_and_learn_no_secret(tmp_path, capsys, seed):
    told, secrets, said, log = lived_through(tmp_path / "soak", seed)
    assert told.get("wrong") == [], (told, log[-3000:].decode("utf-8", "replace"))
    assert b"Traceback" not in log
    assert not [each for each in secrets if each.encode() in said + log]
    with capsys.disabled():
        print(f"\nseed {seed}: {told}")
