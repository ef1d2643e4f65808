"""OpenSMTPD, which passes mail for shop.test and cliente.test on to an LMTP server. Needs root: its spool and its socket are
the system's. Each has these two to itself where the kernel lets us hide them; elsewhere only one may run at a time."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from servers import free_port, until

OWN_SPOOL = (
    "unshare",
    "--mount",
    "sh",
    "-c",
    'mount -t tmpfs -o mode=711 none /var/spool/smtpd && mount -t tmpfs -o mode=755 none /run && exec "$0" "$@"',
)
SMTPD = "/usr/sbin/smtpd"


def missing() -> str:
    """Why it cannot run here, "" when it can."""
    if os.geteuid() != 0:
        return "OpenSMTPD needs root"
    return "" if shutil.which("smtpd", path="/usr/sbin:/usr/bin") else "smtpd is not installed"


@cache
def hides() -> bool:
    """A spool of its own can be had here."""
    with suppress(OSError):
        return subprocess.run([*OWN_SPOOL, "true"], check=False, capture_output=True).returncode == 0
    return False


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
        self._command = [*(OWN_SPOOL if hides() else ()), SMTPD, "-d", "-f", str(conf)]
        # There can be one for each spool at a time: another test run may have it now.
        self._turn = (Path(tempfile.gettempdir()) / "opensmtpd.turn").open("w")
        until(self._is_my_turn, 400)
        until(self._started, 20)

    def _is_my_turn(self) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._turn, (fcntl.LOCK_SH if hides() else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
        return False

    def _started(self) -> bool:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, start_new_session=True)
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
