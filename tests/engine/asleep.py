"""A process that is stopped while its laptop sleeps: its kernel's clocks do what they do in a suspend.

Run as a program over the desk in FOLDER. It says "ready", is stopped, goes on by SIGCONT, and prints what it then told and showed. The
clock that counts in sleep goes on three hours meanwhile and the one that does not stands still, by a time namespace of its own (Linux
5.6, root); the time of day is turned by hand. Where that cannot be had it says why.
"""

import ctypes
import json
import os
import signal
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agentdesk.config import Home
from agentdesk.engine import clock
from desks import Bench
from engine.onlooker import Console

HOURS = 3
STEP = 4
"""Seconds of hand-turned time; from five on it would be a clock that somebody has set."""
_NEWTIME = 0x80


def suspend() -> None:
    """The laptop sleeps for `HOURS`; raises OSError where a process cannot have clocks of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWTIME):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/timens_offsets").write_text(f"boottime {HOURS * 3600} 0\n")
    space = os.open("/proc/self/ns/time_for_children", os.O_RDONLY)
    if libc.setns(space, _NEWTIME):
        raise OSError(ctypes.get_errno(), "setns")


def main(folder: Path) -> dict[str, object]:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCONT})  # one that comes early is kept
    with closing(Bench(folder)) as bench, closing(Console(bench, Home.under(folder), clock.look)) as eye:
        eye.look()
        print("ready", flush=True)
        signal.sigwait({signal.SIGCONT})
        try:
            suspend()
        except OSError as error:
            return {"cannot": str(error)}
        bench.clock.go(hours=HOURS)
        for _ in range(50):
            eye.look()
            bench.clock.go(seconds=STEP)
        return {"line": eye.line, "notices": eye.notices}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
