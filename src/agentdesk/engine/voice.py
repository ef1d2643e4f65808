"""Voice notes: played by the system's player, and put into words by a command of the shop's own where it wants that.

Promises: the player gets a fixed program and a path of ours, no shell and no words of a customer; a transcript is marked as the
machine's and can be searched; a note that cannot be put into words is tried once. Refuses: sending a voice anywhere by itself.
"""

import asyncio
import logging
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from agentdesk.config import Home
from agentdesk.core.commands import AddTranscript
from agentdesk.core.text import safe
from agentdesk.engine.desk import Desk
from agentdesk.engine.files import kept, show
from agentdesk.engine.program import MissingProgramError
from agentdesk.engine.stir import Stir
from agentdesk.errors import DeskError, NotFoundError
from agentdesk.store import pack, sound

LOOK_EVERY = 5.0
"""Seconds between looks for voices without words."""
AT_MOST = 300.0
"""Seconds that putting one into words may take."""
_PLAYERS = (
    ("mpv", "--no-video", "--really-quiet", "--no-config"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("pw-play",),
    ("paplay",),
    ("afplay",),
)


def play(
    desk: Desk,
    home: Home,
    message: str,
    part: str,
    name: str,
    which: Callable[[str], str | None] = shutil.which,
) -> None:
    """Plays one sound beside the console; raises DiskError, NotFoundError. Without a player it is opened as any file, and where that
    is not to be raises MissingProgramError with the name of a player."""
    player = next((each for each in _PLAYERS if which(each[0])), None)
    if player is None:
        try:
            show(desk, home, message, part, name)
        except MissingProgramError as error:
            raise MissingProgramError(**{**error.values, "program": _PLAYERS[0][0]}) from None
        return
    path = kept(desk, home, message, part, name)
    subprocess.Popen(  # noqa: S603 - a fixed program, and a path of ours that no shell reads
        [*player, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


async def listen(desk: Desk, home: Home, command: str) -> None:
    """Puts voices into words, one after the other, until cancelled."""
    with closing(Stir(desk)) as stir:
        while True:
            while stir.moved() and await asyncio.to_thread(transcribe_next, desk, home, command):
                continue
            await asyncio.sleep(LOOK_EVERY)


def transcribe_next(desk: Desk, home: Home, command: str) -> bool:
    """Puts the newest voice without words into words; False where there is none."""
    with closing(desk.reader()) as connection:
        one = sound.unheard(connection)
    if one is None:
        return False
    words = ""
    try:
        path = kept(desk, home, one.message, one.part, one.name)
        words = safe(_heard(command, path)).strip()
    except (DeskError, OSError, subprocess.SubprocessError, ValueError) as error:
        logging.getLogger(__name__).warning("a voice was not put into words: %s", type(error).__name__)
    blob = pack(words.encode("utf-8", "replace")) if words else None
    with desk.transaction() as writer:
        if blob is not None:
            writer.blobs.put(writer.connection, (blob,))
        desk.decided(writer, AddTranscript(one.message, blob.hash if blob else None), actor="agentdesk")
    return True


def _heard(command: str, path: Path) -> str:
    words = shlex.split(command)
    if not words:
        raise NotFoundError(what="command", name=command)
    done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
        [*words, str(path)], stdin=subprocess.DEVNULL, capture_output=True, timeout=AT_MOST, check=True
    )
    return done.stdout.decode("utf-8", "replace")


def is_sound(media_type: str) -> bool:
    """Whether a file is something to listen to."""
    return media_type.startswith("audio/")
