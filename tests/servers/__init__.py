"""Real mail servers and misbehaving ones, all on loopback, each test run with its own in a temporary folder."""

import os
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SYS_ADMIN, DAC_OVERRIDE = 21, 1
REQUIRED = os.environ.get("AGENTDESK_REQUIRE_SERVERS") == "1"
PROOF = os.environ.get("AGENTDESK_PROOF") == "1"
"""Whether `make proof` runs: everything that CI samples is done whole."""


_FIRST, _EACH = 12000, 4000
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_next = random.SystemRandom().randrange(_EACH)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody has now.

    Below those that the system gives to callers, and each of the tests that run side by side has its own range, so that
    nobody else has got it by the time when a server listens there.
    """
    global _next
    for _ in range(_EACH):
        _next = (_next + 1) % _EACH
        port = _FIRST + _WORKER % 5 * _EACH + _next
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no TCP port is free")


def until(told: Callable[[], object], within: float = 10.0) -> object:
    """Waits for `told` to say something true and gives it; fails after `within` seconds.

    Whatever takes long to ask is asked half of the time at most, so that who is waited for gets the other half.
    """
    deadline = time.monotonic() + within
    while True:
        asked = time.monotonic()
        if answer := told():
            return answer
        now = time.monotonic()
        if now > deadline:
            raise AssertionError(f"not within {within} s: {told}")
        threading.Event().wait(max(0.01, now - asked))


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


def may(capability: int) -> bool:
    """Whether this process has one of root's powers (Linux)."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return any(int(line.split()[1], 16) >> capability & 1 for line in lines if line.startswith("CapEff:"))


def lacking(reason: str) -> None:
    """Skips, or fails where the real servers are required (AGENTDESK_REQUIRE_SERVERS=1)."""
    if REQUIRED:
        pytest.fail(f"required, but {reason}")
    pytest.skip(reason)
