"""A picture that came with a message, made small enough for a screen of letters: two points to a cell, one above the other.

Promises: a stranger's bytes are decoded in a process of their own, by Pillow, with a limit on bytes, points, memory and time;
what comes back are a size and colours, checked again, so that nothing of the file can reach a terminal and a decoder that
crashes ends nobody but itself. Refuses: films, drawings that are programs (SVG), anything that is no plain picture; working
without Pillow, which is an extra.
"""

import subprocess
import sys
from importlib.util import find_spec

from agentdesk.core.picture import Picture
from agentdesk.engine import decoder
from agentdesk.engine.desk import Desk
from agentdesk.engine.files import content
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError

BYTES = 25 << 20
LARGEST = 1000
"""Columns, and points from top to bottom, of the widest screen."""
_START = f"import sys; from {decoder.__name__} import main; main(*map(int, sys.argv[1:]))"


def is_picture(media_type: str) -> bool:
    """Whether a file says that it is one of those that can be drawn."""
    return media_type.partition("/")[2].upper() in {*decoder.FORMATS, "JPG"} and media_type.startswith(
        "image/"
    )


def drawn(desk: Desk, message: str, part: str, columns: int, rows: int) -> Picture:
    """One picture within so many cells; takes a moment, so not between two keys. Raises RefusedError, NotFoundError."""
    if find_spec("PIL") is None:
        raise RefusedError(reason="no_pillow")
    with Window(desk) as window:
        raw = window.raw(message)
    try:
        data = b"".join(content(raw, part))
    except KeyError:
        raise NotFoundError(what="attachment", name=part) from None
    if len(data) > BYTES:
        raise RefusedError(reason="picture_unread")
    width, height = min(columns, LARGEST), min(2 * rows, LARGEST)
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _START, str(width), str(height)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=decoder.SECONDS,
            check=True,
        )
        return checked(done.stdout, width, height)
    except (OSError, subprocess.SubprocessError, ValueError):
        raise RefusedError(reason="picture_unread") from None


def checked(told: bytes, width: int, height: int) -> Picture:
    """What the decoder said, within these points; raises ValueError where that cannot be."""
    head, _, colours = told.partition(b"\n")
    found = [int(each) for each in head.split()]
    if len(found) != 2 or not (0 < found[0] <= width and 0 < found[1] <= height):
        raise ValueError("no size")
    if len(colours) != 3 * found[0] * found[1]:
        raise ValueError("not as many points as it says")
    return Picture(found[0], found[1], colours)
