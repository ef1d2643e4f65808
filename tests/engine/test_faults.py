"""A network that fails in every way it can: nothing lost, nothing sent twice, nothing hangs, and all is well soon after."""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from servers import PROOF
from servers.dovecot import Dovecot
from servers.faults import Fates

SCHEDULES = 2000 if PROOF else 200
"""Each kind of fault leads in one of twelve, so that sixteen of each are lived through at the least."""
ONCE_WRONG = (472, 484, 938)
"""Schedules that went wrong once: a copy that was given up arrived after the one that took its place; a mail came late; a
line that was cut between hello and login was taken for a server without logins."""
TOGETHER = 20
"""Schedules that share a desk."""
WITHIN = 400.0
"""Seconds that such a desk is given, which its own deadlines keep far below."""


def seeds() -> list[int]:
    """All of them; AGENTDESK_SEEDS="17 23" names those that are to be looked at again."""
    chosen = os.environ.get("AGENTDESK_SEEDS")
    return [int(each) for each in chosen.split()] if chosen else sorted({*range(SCHEDULES), *ONCE_WRONG})


def lived_through(dovecot: Dovecot, folder: Path, some: list[int]) -> list[dict[str, Any]]:
    """What became of these schedules, in a process of their own."""
    servers = {
        "folder": str(dovecot.folder), "imap": dovecot.port, "imaps": dovecot.tls_port, "lmtp": dovecot.lmtp_port,
        "users": [dovecot.user() for _ in some],
    }  # fmt: skip
    script = Path(__file__).with_name("schedules.py")
    done = subprocess.run(
        [sys.executable, str(script), json.dumps(servers), str(folder / str(some[0])), *map(str, some)],
        capture_output=True, text=True, check=False, timeout=WITHIN,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["seed"] for each in told] == some, done.stderr[-3000:]
    return told


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(3600 if PROOF else 600)
def test_bad_weather_loses_nothing_sends_nothing_twice_and_is_over_soon(dovecot, tmp_path, capsys):
    with ThreadPoolExecutor(2) as pool:
        all_of_them = seeds()
        groups = [all_of_them[start : start + TOGETHER] for start in range(0, len(all_of_them), TOGETHER)]
        told = list(
            chain.from_iterable(pool.map(lambda some: lived_through(dovecot, tmp_path, some), groups))
        )
        # How soon all is well again is a matter of the machine as well, and others work on it: whoever was late lives
        # through the same weather once more, alone. What is lost or doubled is so at any speed.
        late = [each["seed"] for each in told if each["late"]]
        again = lived_through(dovecot, tmp_path / "again", late) if late else []
    wrong = [
        (each["seed"], Fates(each["seed"], "imap").kind, each["wrong"])
        for each in [*told, *again]
        if each["wrong"]
    ]
    wrong += [
        (each["seed"], Fates(each["seed"], "imap").kind, each["late"]) for each in again if each["late"]
    ]
    assert not wrong, "\n".join(map(str, wrong))
    assert len(late) <= len(told) / 4
    answers = sum((Counter(each["answers"]) for each in told), Counter())
    with capsys.disabled():
        print(
            f"\n{len(told)} schedules, {sum(each['connections'] for each in told)} connections, answers {dict(answers)}, "
            f"back after at most {max(each['back_after'] for each in told):.1f} s, "
            f"whole after {max(each['whole_after'] for each in told):.1f} s"
        )
