"""Voice notes: played by the system's player, and put into words by a command of the shop's own where it wants that.

Promises: the player gets a fixed program and a path of ours, no shell and no words of a customer; a transcript is marked as the
machine's and can be searched; a note that cannot be put into words is tried once; whoever leaves waits for no command, which is ended
with all that it started, and the note is heard by whoever starts next. Refuses: sending a voice anywhere by itself.
"""

import logging
import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from agentdesk.config import Home, Settings
from agentdesk.core.commands import AddTranscript
from agentdesk.core.text import safe
from agentdesk.engine import clock
from agentdesk.engine.chore import Chore
from agentdesk.engine.desk import Desk
from agentdesk.engine.files import kept, show
from agentdesk.engine.program import MissingProgramError, end
from agentdesk.engine.stir import Stir
from agentdesk.errors import N_, DeskError, NotFoundError, StoreError
from agentdesk.store import pack, sound
from agentdesk.store.sound import Sound
from agentdesk.values import dataclass

LOOK_EVERY = 5.0
"""Seconds between looks for voices without words."""
AT_MOST = 300.0
"""Seconds that putting one into words may take."""
ENDS_WITHIN = 0.1
"""Seconds after which a command notices that it is to end."""
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


@dataclass(frozen=True, slots=True)
class Hearing:
    """The command that puts a voice into words, and the variables that it is handed."""

    command: str
    environment: Mapping[str, str]


def hearing(settings: Settings) -> Hearing | None:
    """What the shop has for it; None where voices stay voices."""
    command = settings.voice.transcribe_command
    return Hearing(command, settings.environment(os.environ)) if command else None


def chore(desk: Desk, home: Home, by: Hearing) -> Chore:
    """Puts voices into words, one after the other."""

    @contextmanager
    def begun(over: threading.Event) -> Iterator[Callable[[], None]]:
        with closing(Listener(desk, home, by, over)) as listener:
            yield listener.look

    return Chore(N_("voices"), begun, LOOK_EVERY)


class Listener:
    """Looks for voices without words, until `over` is set."""

    def __init__(self, desk: Desk, home: Home, by: Hearing, over: threading.Event | None = None) -> None:
        self._desk, self._home, self._by = desk, home, by
        self._over = over or threading.Event()
        self._stir = Stir(desk)
        self._is_behind = True
        self._heard: dict[str, str] = {}
        """By message, words that the store could not take yet: a disk that is full for hours has no voice heard again and again."""

    def look(self) -> None:
        """All of them, where anything was committed, or it did not come to an end the last time."""
        self._is_behind = self._stir.moved() or self._is_behind
        while self._is_behind:
            self._is_behind = self.hear()

    def hear(self) -> bool:
        """Puts the newest one into words; False where there is none, or it is over. Raises StoreError, BusyError."""
        with closing(self._desk.reader()) as connection:
            one = sound.unheard(connection)
        if one is None or self._over.is_set():
            return False
        words = self._heard.get(one.message)
        if words is None:
            words = self._words(one)
        if self._over.is_set():
            return False
        self._heard[one.message] = words
        blob = pack(words.encode("utf-8", "replace")) if words else None
        with self._desk.transaction() as writer:
            if blob is not None:
                writer.blobs.put(writer.connection, (blob,))
            heard = AddTranscript(one.message, blob.hash if blob else None)
            self._desk.decided(writer, heard, actor="agentdesk")
        del self._heard[one.message]
        return True

    def _words(self, one: Sound) -> str:
        """What the command says of it; nothing where that fails. Raises StoreError: a full disk says nothing of a voice."""
        try:
            path = kept(self._desk, self._home, one.message, one.part, one.name)
            return safe(_heard(self._by, path, self._over)).strip()
        except StoreError:
            raise
        except (DeskError, OSError, subprocess.SubprocessError, ValueError) as error:
            logging.getLogger(__name__).warning("a voice was not put into words: %s", type(error).__name__)
            return ""

    def close(self) -> None:
        self._stir.close()


def _heard(by: Hearing, path: Path, over: threading.Event) -> str:
    """What a command says of a sound, whatever that is once `over` is set. Raises NotFoundError, OSError, SubprocessError."""
    words = shlex.split(by.command)
    if not words:
        raise NotFoundError(what="command", name=by.command)
    process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
        [*words, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=by.environment,
    )
    until = clock.ticks() + AT_MOST
    with process:
        while not over.is_set() and clock.ticks() < until:
            with suppress(subprocess.TimeoutExpired):
                said, _ = process.communicate(timeout=ENDS_WITHIN)
                if process.returncode:
                    raise subprocess.CalledProcessError(process.returncode, words[0])
                return said.decode("utf-8", "replace")
        end(process)
    if not over.is_set():
        raise subprocess.TimeoutExpired(words[0], AT_MOST)
    return ""


def is_sound(media_type: str) -> bool:
    """Whether a file is something to listen to."""
    return media_type.startswith("audio/")
