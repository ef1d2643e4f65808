"""Tells the world outside the terminal: a command of the shop's own, and the desktop by the program that it has for that.

Promises: no shell reads a word; a command gets what happened as JSON on its standard input and in variables, and is ended with
whatever it started when its time is over; what went wrong is given back in words. Refuses: waiting on the caller's thread.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from agentdesk.config import Notify
from agentdesk.engine.program import end
from agentdesk.i18n import tr

SECONDS = 5.0
TMUX_SECONDS = 2.0
_DESKTOP = {
    "darwin": (
        "osascript", "-e", "on run words", "-e", 'display notification (item 1 of words) with title "agentdesk"', "-e", "end run",
    ),
}  # fmt: skip
_ELSE = ("notify-send", "--app-name=agentdesk", "--", "agentdesk")


def desktop(text: str) -> tuple[str, ...]:
    """The command that shows `text` on the desktop of this system."""
    return (*_DESKTOP.get(sys.platform, _ELSE), text)


def has_desktop() -> bool:
    """Whether the program for that is there."""
    return shutil.which(desktop("")[0]) is not None


def outside(
    settings: Notify, text: str, document: Mapping[str, object], *, hidden: Collection[str] = ()
) -> list[str]:
    """Tells by the command and the desktop, as far as each is wanted; gives what went wrong. The variables `hidden` are not handed
    on."""
    every = [settings.command] if settings.command else []
    if settings.desktop:
        every.append(desktop(text))
    return [wrong for command in every if (wrong := run(command, document, hidden=hidden))]


def run(
    words: tuple[str, ...],
    document: Mapping[str, object],
    seconds: float = SECONDS,
    *,
    hidden: Collection[str] = (),
) -> str:
    """Runs a command to its end; gives why it failed, or "". `document` has texts, numbers and None. The variables `hidden` are not
    handed on."""
    program = Path(words[0]).name
    named = {
        f"AGENTDESK_{key.upper()}": "" if value is None else str(value) for key, value in document.items()
    }
    try:
        process = subprocess.Popen(  # noqa: S603 - the shop's own command, run without a shell
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**{key: value for key, value in os.environ.items() if key not in hidden}, **named},
            start_new_session=True,
        )
    except OSError as error:
        return tr("{program} cannot be run: {reason}").format(program=program, reason=error.strerror)
    try:
        process.communicate(json.dumps(document).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        end(process)
        return tr("{program} took longer than {seconds} s").format(program=program, seconds=f"{seconds:g}")
    if process.returncode:
        text = tr("{program} ended with status {status}; run the command by hand to see why")
        return text.format(program=program, status=process.returncode)
    return ""


def passes_tmux() -> bool | None:
    """Whether tmux lets notices through to the terminal around it; None where it cannot be asked."""
    tmux = shutil.which("tmux")
    if tmux is None:
        return None
    asked = (tmux, "show-options", "-gwv", "allow-passthrough")
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=TMUX_SECONDS, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.strip() in {"on", "all"}
