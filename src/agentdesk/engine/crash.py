"""The report of what nobody foresaw: enough to find our mistake, and no word that anybody wrote.

Promises: kinds of errors, places in programs, versions and ids of acts alone; never an error's text, a value or a line of a
message; the newest `KEPT` reports, 0600, beside the log. Refuses: failing; where nothing can be written there is no report.
"""

import os
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

from agentdesk import __version__
from agentdesk.config import Home, write_file
from agentdesk.errors import DeskError
from agentdesk.values import dataclass

KEPT = 10
FRAMES = 60
"""Places of one error that are told: the last ones."""
ERRORS = 8
"""Errors of one chain that are told."""
_OWN_NAMES = re.compile(r"^(view|quick)\..*")
_ODD = re.compile(r"[^\w.+ ()-]")
_HEAD = """agentdesk ended by a mistake of its own. This report holds no text of a customer, no name and no address:
kinds of errors, places in the program, versions, and which acts came before."""


@dataclass(frozen=True, slots=True)
class Around:
    """What was there: the size of the terminal, ids of the last acts (oldest first), and in which thread it happened."""

    size: tuple[int, int] = (0, 0)
    acts: tuple[str, ...] = ()
    thread: str = "main"


def report(home: Home, error: BaseException, at: datetime, around: Around) -> Path | None:
    """Writes the report and gives its path; None where it cannot be written."""
    path = home.log / f"crash-{at:%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
    try:
        write_file(path, text(error, at, around).encode("ascii", "replace"))
    except DeskError:
        return None
    with suppress(OSError):
        for old in sorted(home.log.glob("crash-*.txt"))[:-KEPT]:
            old.unlink()
    return path


def text(error: BaseException, at: datetime, around: Around) -> str:
    """The report as it is written."""
    from importlib.metadata import version

    term = _ODD.sub("?", os.environ.get("TERM", ""))[:32]
    between = [name for name in ("TMUX", "STY", "SSH_CONNECTION") if os.environ.get(name)]
    lines = [
        _HEAD,
        "",
        f"at        {at:%Y-%m-%dT%H:%M:%SZ}",
        f"version   agentdesk {__version__}, Python {platform.python_version()}, Textual {version('textual')}",
        f"system    {platform.system()} {platform.release()} {platform.machine()}",
        f"terminal  {around.size[0]}x{around.size[1]}, {' '.join([term, *between])}",
        f"thread    {_ODD.sub('?', around.thread)[:40]}",
        f"acts      {', '.join(map(_act, around.acts)) or '-'}",
    ]
    for each in _chain(error):
        lines += ["", f"{type(each).__module__}.{type(each).__qualname__}", *_places(each.__traceback__)]
    return "\n".join(lines) + "\n"


def _act(name: str) -> str:
    """An act's id, without a name that the shop gave."""
    return _OWN_NAMES.sub(r"\1.*", name)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it, the one that was caught last first."""
    seen: list[BaseException] = []
    todo = [error]
    while todo and len(seen) < ERRORS:
        each = todo.pop(0)
        if any(each is known for known in seen):
            continue
        seen.append(each)
        inner = getattr(each, "error", None)  # how Textual wraps what failed beside the keys
        behind: Iterable[object] = (*getattr(each, "exceptions", ()), inner, each.__cause__, each.__context__)
        todo += [one for one in behind if isinstance(one, BaseException)]
        yield each


def _places(trace: TracebackType | None) -> list[str]:
    """File, line and function of each step, files by their names within a package."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {_within(code.co_filename)}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return places[-FRAMES:]


def _within(file: str) -> str:
    """A file's path without where it is installed, which may hold somebody's name."""
    parts = Path(file).parts
    for top in (
        "site-packages",
        "dist-packages",
        "src",
        f"python{platform.python_version().rpartition('.')[0]}",
    ):
        if top in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(top) :])
    return Path(file).name
