"""Decodes a stranger's picture, in a process of its own that knows nothing of the desk.

Promises: no more points, memory and time than are set here, no file written; a size and colours on standard output, or nothing
and a status that is not 0. Refuses: formats that are programs or lead elsewhere; being imported for anything else.
"""

import io
import sys
from typing import BinaryIO

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
POINTS = 50_000_000
"""A large telephone's photograph has as many."""
MEMORY = 1 << 30
SECONDS = 10


def main(width: int, height: int) -> None:
    """In the process of its own: a picture on standard input, size and colours on standard output."""
    _limit()
    _draw(sys.stdin.buffer.read(), width, height, sys.stdout.buffer)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the time limit holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _draw(data: bytes, width: int, height: int, out: BinaryIO) -> None:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > POINTS:
            raise ValueError("too many points")
        opened.draft("RGB", (2 * width, 2 * height))  # a JPEG need not be decoded whole
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((width, height))
    ground = Image.new("RGBA", upright.size, "white")
    ground.alpha_composite(upright)
    out.write(b"%d %d\n" % ground.size + ground.convert("RGB").tobytes())
    out.flush()
