"""Handing something to the system's own program: a file, or an address that somebody asked to open.

Promises: the program gets one word that no shell reads. Refuses: waiting for it, and addresses of any kind but web and mail.
"""

import subprocess
import sys
from pathlib import Path

from agentdesk.errors import DiskError, UsageError
from agentdesk.i18n import tr

KINDS = ("http://", "https://", "mailto:")


def open_file(path: Path) -> None:
    """A file of ours; raises DiskError where there is no program for it."""
    _handed(str(path))


def open_address(address: str) -> None:
    """An address in the browser; raises UsageError for one that is no web or mail address, DiskError as `open_file`."""
    if not address.lower().startswith(KINDS) or not address.isprintable() or " " in address:
        raise UsageError(reason=tr("only web and mail addresses are opened"))
    _handed(address)


def _handed(word: str) -> None:
    program = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        subprocess.Popen(  # noqa: S603 - a fixed program, and one word that no shell reads
            [program, word],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise DiskError(path=program, reason=error.strerror or str(error)) from error
