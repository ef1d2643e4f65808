"""Pigeonhole's own Sieve interpreter (Debian: dovecot-sieve), on a script and a mail at a time."""

import grp
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import lacking

_SAYS = re.compile(r"START MESSAGE\n(.*?)\nEND MESSAGE", re.DOTALL)
_CONF = """
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
ssl = no
mail_home = {d}
mail_location = maildir:{d}/Maildir
log_path = /dev/stderr
"""


class Sieve:
    def __init__(self, folder: Path, script: str) -> None:
        self.folder = folder
        as_root = os.geteuid() == 0
        user = "mail" if as_root else pwd.getpwuid(os.geteuid()).pw_name
        group = "mail" if as_root else grp.getgrgid(os.getegid()).gr_name
        (folder / "dovecot.conf").write_text(_CONF.format(user=user, group=group, d=folder))
        (folder / "away.sieve").write_text(script)
        if as_root:
            shutil.chown(folder, user, group)

    def says(self, mail: str) -> str | None:
        """What goes back to the sender of `mail` (its head), None where nothing does. The mail itself is always kept."""
        (self.folder / "mail.eml").write_text(f"{mail}\nHola\n")
        done = subprocess.run(
            [
                "sieve-test",
                "-c",
                "dovecot.conf",
                "-f",
                "maria@x.test",
                "-a",
                "soporte@shop.test",
                "away.sieve",
                "mail.eml",
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "final result: success" in done.stderr, done.stderr
        assert "store message in folder: INBOX" in done.stdout, done.stdout
        found = _SAYS.findall(done.stdout)
        return found[0].strip() if found else None


@contextmanager
def interpreter(script: str) -> Iterator[Sieve]:
    """One for a script, gone afterwards."""
    if not shutil.which("sieve-test"):
        lacking("sieve-test is not installed (Debian: dovecot-sieve)")
    with tempfile.TemporaryDirectory(prefix="sieve-") as folder:
        yield Sieve(Path(folder), script)
