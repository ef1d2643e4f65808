"""OpenSMTPD, which passes mail for shop.test and cliente.test on to an LMTP server. Needs root (its spool is
the system's), so only one may run at a time."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from servers import free_port, until


def missing() -> str:
    """Why it cannot run here, "" when it can."""
    if os.geteuid() != 0:
        return "OpenSMTPD needs root"
    return "" if shutil.which("smtpd", path="/usr/sbin:/usr/bin") else "smtpd is not installed"


class OpenSmtpd:
    """Started from construction to `stop`, on `port`."""

    def __init__(self, folder: Path, lmtp_port: int, port: int = 0) -> None:
        self.port = port or free_port()
        conf = folder / "smtpd.conf"
        conf.write_text(
            f"listen on 127.0.0.1 port {self.port} hostname localhost\n"
            f'action "deliver" relay host "lmtp://127.0.0.1:{lmtp_port}"\n'
            'match from any for domain { "shop.test", "cliente.test" } action "deliver"\n'
            "match from any for any reject\n"
        )
        self._log = folder / "smtpd.log"
        self._conf = conf
        # There can be one in a system at a time: another test run may have it now.
        self._turn = (Path(tempfile.gettempdir()) / "opensmtpd.turn").open("w")
        until(self._is_my_turn, 400)
        until(self._started, 20)

    def _is_my_turn(self) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _started(self) -> bool:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["/usr/sbin/smtpd", "-d", "-f", str(self._conf)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: self._process.poll() is not None or self._greets())
        if self._process.poll() is None:
            return True
        if b"already listening" not in self._log.read_bytes():
            raise RuntimeError(self._log.read_text())
        return False

    def _greets(self) -> bool:
        """It listens a moment before it finds out that it may not stay; then it says nothing."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as line:
            return line.recv(4) == b"220 "
        return False

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._turn.close()
