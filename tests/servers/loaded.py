"""The program, loaded once: each command line is a fork of it, a process of its own that has nothing left to import.

Promises what a start of its own has: no state of a command before it, its own words, environment, folder and files for what it
says, and the end that an interpreter comes to. Refuses an environment that an interpreter reads when it starts (`fits`). Imports
take longer than most commands do, and the tests run hundreds.
"""

import gc
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile

FLOORS = ("core", "config", "store", "channels", "engine", "cli")
"""What is loaded: all that a command may need, nothing that draws."""
LENGTH = struct.Struct("=I")


class Loaded:
    """Forks of a program that was started with `environment`, in which a command has `own` names."""

    def __init__(self, environment: dict[str, str], own: frozenset[str]) -> None:
        self._own = own
        self._as_all = self._common(environment)
        self._line, theirs = socket.socketpair()
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(theirs.fileno())], env=environment,
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            )  # fmt: skip

    def _common(self, environment: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in environment.items() if name not in self._own}

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether it is the same but for what is a command's own."""
        return self._common(environment) == self._as_all

    def run(self, words: list[str], environment: dict[str, str], within: float) -> tuple[int, str, str]:
        """The status of one command line and what it said; raises TimeoutExpired, as `subprocess.run` does."""
        asked = json.dumps([words, environment, str(Path.cwd())]).encode()
        with TemporaryFile() as out, TemporaryFile() as err:
            ours, theirs = socket.socketpair()
            with ours, ours.makefile() as told:
                ours.settimeout(within)
                with theirs, self._turn:
                    given = [out.fileno(), err.fileno(), theirs.fileno()]
                    socket.send_fds(self._line, [LENGTH.pack(len(asked))], given)
                    self._line.sendall(asked)
                process = int(told.readline())
                try:
                    status = int(told.readline())
                except TimeoutError:
                    os.kill(process, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(words, within) from None
            for file in (out, err):
                file.seek(0)
            return status, out.read().decode(), err.read().decode()

    def close(self) -> None:
        self._line.close()
        self._process.wait(10)


def main(line: socket.socket) -> None:
    """Loads the program and forks it for each command line that comes; over when nobody is left who could ask."""
    for floor in FLOORS:
        package = import_module(f"agentdesk.{floor}")
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    assert threading.active_count() == 1, "a fork has but the thread that forks"
    gc.freeze()
    while True:
        length, given, _, _ = socket.recv_fds(line, LENGTH.size, 3)
        if not length:
            break
        asked = json.loads(line.recv(LENGTH.unpack(length)[0], socket.MSG_WAITALL))
        if not os.fork():
            line.close()
            _attend(asked, *given)
            return
        for each in given:
            os.close(each)
        _reap(os.WNOHANG)
    _reap(0)


def _reap(how: int) -> None:
    """Takes leave of whoever has ended."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        pass


def _attend(asked: tuple[list[str], dict[str, str], str], out: int, err: int, told: int) -> None:
    """Tells the process of the command line and how it ended; in that process, is that command line."""
    words, environment, folder = asked
    if process := os.fork():
        os.write(told, f"{process}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.write(told, f"{status}\n".encode())
        os._exit(0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for each in (out, err, told):
        os.close(each)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words
    runpy.run_module("agentdesk", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
