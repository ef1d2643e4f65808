"""Handing something to the system's own program: a file, or an address that somebody asked to open; and how one of the shop's is ended.

Promises: the program gets one word that no shell reads. Refuses: waiting for it, and addresses of any kind but web and mail.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from agentdesk.errors import N_, DeskError, UsageError
from agentdesk.i18n import tr

LETTER = frozenset({"to", "subject", "body"})
KINDS = ("http://", "https://", "mailto:")


class MissingProgramError(DeskError):
    """A program of the system's that would be needed is not there. Values: program, instead (what can be done without it)."""

    code = "no_program"
    title = N_("A program is missing")
    detail = N_("{program} is not installed here: install it, or {instead}.")
    remedy = N_("Install it with your system's packages.")


def open_file(path: Path) -> None:
    """A file of ours; raises MissingProgramError."""
    _handed(str(path), tr("save the file and open it elsewhere"))


def open_address(address: str) -> None:
    """An address in the browser; raises UsageError for one that is no web or mail address, MissingProgramError."""
    if not address.lower().startswith(KINDS) or not address.isprintable() or " " in address:
        raise UsageError(reason=tr("only web and mail addresses are opened"))
    if address.lower().startswith("mailto:"):
        address = _letter(address)
    _handed(address, tr("copy the address and open it elsewhere"))


def _letter(address: str) -> str:
    """To whom, about what and with which words; a mail program would take files and other things from the rest."""
    to, _, asked = address.partition("?")
    kept = [each for each in asked.split("&") if each.partition("=")[0].lower() in LETTER]
    return "?".join(filter(None, (to, "&".join(kept))))


def _handed(word: str, instead: str) -> None:
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
        raise MissingProgramError(program=program, instead=instead) from error


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that began a session of its own, with whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
