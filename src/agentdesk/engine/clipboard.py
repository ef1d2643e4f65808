"""The clipboard of whoever sits in tmux, which by default lets no program inside it set one.

Promises: a text goes to tmux itself, which hands it on to its terminal; no shell reads it. Refuses: waiting longer than `WITHIN`.
"""

import subprocess
from collections.abc import Mapping

WITHIN = 2.0


def through_tmux(text: str, environ: Mapping[str, str]) -> bool:
    """Whether there is a tmux here and it took `text`."""
    if not environ.get("TMUX"):
        return False
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],  # noqa: S607 - the one that this runs in, wherever it lies
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
