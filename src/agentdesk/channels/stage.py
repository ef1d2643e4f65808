"""Where the demo's play is given: the server's own truth in one small file, and the time of the simulated day.

Promises: what has come stays in the box for ever, in its order and with its time, whatever process looks and however
often one is killed; a reply is taken once. Times: the day is at `opens_at` when the desk is opened; from then on it
goes `speed` times as fast as the clock it is given. What lies before has its time before the opening.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agentdesk.channels import scene
from agentdesk.channels.play import Line, Play, pick
from agentdesk.values import dataclass

VERSION = 1
FILE = "play.json"
LATER, REFUSED, DOUBTFUL, LOST = "later", "refused", "doubtful", "lost"
TROUBLES = (LATER, REFUSED, DOUBTFUL, LOST)


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the box: the line's key, when it came, and for an answer the Message-ID of our reply."""

    key: str
    at: str
    to: str = ""


@dataclass(slots=True)
class _State:
    """What the file holds. `pace` is (when, at which second of the day, how fast from then on); `due` are answers that
    nobody has written yet; `trouble` says of how many sends in a hundred which kind goes wrong."""

    opened_at: str = ""
    pace: tuple[str, float, float] = ("", 0.0, 1.0)
    folder: str = ""
    box: list[Entry] = field(default_factory=list)
    due: list[tuple[float, str, str]] = field(default_factory=list)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    trouble: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        document = {name: getattr(self, name) for name in self.__slots__}
        document["box"] = [[e.key, e.at, e.to] for e in self.box]
        return json.dumps({"version": VERSION, **document}, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "_State":
        document = json.loads(text)
        if document.pop("version") != VERSION:
            raise ValueError("another version")
        document["box"] = [Entry(*each) for each in document["box"]]
        document["pace"] = tuple(document["pace"])
        document["due"] = [tuple(each) for each in document["due"]]
        return cls(**document)


class Stage:
    """One play that is given in `folder`; `clock` gives the present (aware, UTC). Every method looks into the file
    anew, and those that change it take turns by a lock that dies with its process."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def play(self) -> Play:
        """The script: the one that `begin` chose, else the one that comes with the program; raises ValueError."""
        return _play(self._read())

    def begin(self, speed: float, folder: Path | None = None) -> None:
        """Says how fast the day goes from now on, and which script is played; raises ValueError, and changes nothing
        then."""
        with self._turn() as state:
            state.folder = str(folder) if folder else state.folder
            _play(state)
            if state.opened_at:
                now = self._clock()
                _advance(state, now)
                state.pace = (now.isoformat(), _day(state, now), speed)
            else:
                state.pace = ("", 0.0, speed)

    def make_trouble(self, **percent: int) -> None:
        """From now on so many sends in a hundred go wrong: later, refused, doubtful (it went), lost (it did not)."""
        assert set(percent) <= set(TROUBLES), percent
        with self._turn() as state:
            state.trouble = percent

    def opened(self, at: datetime) -> None:
        """The desk was opened `at`; only the first time counts."""
        with self._turn() as state:
            _open(state, at)

    def box(self) -> tuple[Entry, ...]:
        """Everything that has come until now, in the order in which it came."""
        with self._turn() as state:
            _open(state, self._clock())
            _advance(state, self._clock())
            return tuple(state.box)

    def number(self) -> int:
        """What tells this day from another one: for the places of its messages."""
        return int(datetime.fromisoformat(self._read().opened_at).timestamp())

    def wait(self) -> float | None:
        """Seconds until the next message comes; None where nothing more will."""
        state, now = self._read(), self._clock()
        if not state.opened_at:
            return None
        known = {entry.key for entry in state.box}
        lines = (line.after for line in _play(state).lines.values() if line.key not in known)
        after = min((*lines, *(due for due, _, _ in state.due)), default=None)
        return None if after is None else max(0.0, (_when(state, after) - now).total_seconds())

    def mark(self) -> tuple[int, int]:
        """What changes whenever anybody changes the file."""
        try:
            found = (self._folder / FILE).stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_ino

    def luck(self, message_id: str) -> str:
        """What goes wrong with this attempt to send, "" where nothing does."""
        with self._turn() as state:
            state.attempts[message_id] = attempt = state.attempts.get(message_id, 0) + 1
            drawn = pick(f"{message_id}:{attempt}", 100)
            for kind in TROUBLES:
                drawn -= state.trouble.get(kind, 0)
                if drawn < 0:
                    return kind
            return ""

    def take(self, message_id: str, previous: tuple[str, ...], text: str) -> datetime:
        """Our reply, taken once; whoever is in that scene answers in their time. Gives when it was taken."""
        with self._turn() as state:
            now = self._clock()
            if known := state.sent.get(message_id):
                return datetime.fromisoformat(known["at"])
            _open(state, now)
            _advance(state, now)
            play = _play(state)
            name = _speaker(play, _scene_of(play, state, previous))
            said = sum(each["scene"] == name for each in state.sent.values())
            at = now.isoformat()
            state.sent[message_id] = {"scene": name, "at": at, "text": text, "previous": list(previous)}
            if name and (answer := play.answers.get((name, said))):
                state.due.append((_day(state, now) + answer.after, answer.key, message_id))
            return now

    def change(self, message_id: str, text: str | None) -> None:
        """What we sent says `text` from now on, or with None is gone."""
        with self._turn() as state:
            if known := state.sent.get(message_id):
                known["text"] = text

    def reply(self, message_id: str) -> dict[str, Any] | None:
        """What we sent under that Message-ID: scene, at, text, previous."""
        return self._read().sent.get(message_id)

    def _read(self) -> _State:
        try:
            return _State.read((self._folder / FILE).read_text("utf-8"))
        except FileNotFoundError:
            return _State()
        except (ValueError, TypeError, KeyError, AttributeError):
            return _State()  # a file that somebody broke: the day begins anew, which the cursor notices

    @contextmanager
    def _turn(self) -> Iterator[_State]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._folder / "play.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self._read()
            before = state.text()
            yield state
            if (after := state.text()) != before:
                self._write(after)
        finally:
            os.close(lock)

    def _write(self, text: str) -> None:
        passing = self._folder / f".{FILE}"
        passing.write_text(text, "utf-8")
        passing.chmod(0o600)
        passing.replace(self._folder / FILE)


def _play(state: _State) -> Play:
    return scene.load(Path(state.folder) if state.folder else scene.shipped())


def _open(state: _State, at: datetime) -> None:
    if not state.opened_at:
        state.opened_at = at.isoformat()
        state.pace = (state.opened_at, _play(state).shop.opens_at, state.pace[2])


def _day(state: _State, now: datetime) -> float:
    """The second of the day that it is at `now`."""
    at, day, speed = state.pace
    return day + speed * (now - datetime.fromisoformat(at)).total_seconds()


def _when(state: _State, day: float) -> datetime:
    """When that second of the day is, or was."""
    opens_at = _play(state).shop.opens_at
    if day <= opens_at:
        return datetime.fromisoformat(state.opened_at) - timedelta(seconds=opens_at - day)
    at, began, speed = state.pace
    return datetime.fromisoformat(at) + timedelta(seconds=(day - began) / speed)


def _advance(state: _State, now: datetime) -> None:
    """Puts into the box what has come by `now`."""
    day, known = _day(state, now), {entry.key for entry in state.box}
    script = _play(state).lines.values()
    new = [(line.after, line.key, "") for line in script if line.after <= day and line.key not in known]
    new += [each for each in state.due if each[0] <= day]
    state.due = [each for each in state.due if each[0] > day]
    state.box += [Entry(key, _when(state, after).isoformat(), to) for after, key, to in sorted(new)]


def _scene_of(play: Play, state: _State, previous: tuple[str, ...]) -> str:
    """Which scene a reply belongs to, "" for none: by what it answers, else by the reply it goes on from."""
    names = {message_id(play, line): name for name, line in _spoken(play, state)}
    for wanted in reversed(previous):
        if found := names.get(wanted) or state.sent.get(wanted, {}).get("scene"):
            return str(found)
    return ""


def _speaker(play: Play, name: str) -> str:
    """The scene whose customer answers: one that only went on with another leaves that to it."""
    first = play.lines.get(f"{name}/0")
    while first and first.follows and (name, 0) not in play.answers:
        name = first.follows.rpartition("/")[0]
        first = play.lines.get(f"{name}/0")
    return name


def _spoken(play: Play, state: _State) -> Iterator[tuple[str, Line]]:
    for entry in state.box:
        line = play.line(entry.key)
        if line and not line.past:
            yield entry.key.replace(">", "/").rpartition("/")[0], line


def message_id(play: Play, line: Line) -> str:
    """The id under which a line goes round the world: a mail's Message-ID, a chat's with its channel in front."""
    name = hashlib.sha256(f"{play.shop.seed}:{line.key}".encode()).hexdigest()[:24]
    if line.channel != "email":
        return f"{line.channel}:{name}"
    address = play.shop.address if line.own else line.person.addresses["email"]
    return f"<{name}@{address.rpartition('@')[2]}>"
