"""Voice notes: put into words once by a command of the shop's, searchable, and played without a shell."""

import ast
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agentdesk import present
from agentdesk.channels import Arrival, Batch, chat
from agentdesk.config import Home
from agentdesk.core.model import Attachment, Place
from agentdesk.core.seal import digest
from agentdesk.engine import voice
from agentdesk.engine.program import MissingProgramError
from agentdesk.engine.window import Window
from engine.chats import Chats
from servers import until

OGG = b"OggS voice bytes"


class Voices(Chats):
    """A chat whose raw form holds a voice, as a connector's does."""

    def says(self, number=1):
        raw = chat.received("whatsapp", {"n": number}, [chat.File("voice.ogg", "audio/ogg", OGG, 7)])
        one = self.text(
            "",
            number,
            attachments=(Attachment("voice.ogg", "audio/ogg", len(OGG), digest(OGG), "1", seconds=7),),
        )
        self.said.append(replace(one, text=""))
        place = len(self.said) - 1
        self.bench.intake.read = lambda _: self.said[place]
        arrival = Arrival(Place("shop", "v", 0, number), self.bench.clock.at, raw, len(raw))
        self.bench.intake.take(Batch(f"voice {number}", (arrival,)))


@pytest.fixture
def shop(tmp_path):
    made = Voices(tmp_path)
    made.home = Home.under(tmp_path / "home")
    made.home.make()
    made.says()
    yield made
    made.bench.close()


def machine(script):
    """A command that gets the path of the sound as its last argument."""
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(script)}"


HEARS = machine("import sys; print('on és la carbassa', len(open(sys.argv[1], 'rb').read()))")


def test_a_voice_shows_how_long_it_plays(shop):
    (message,) = shop.bench.messages(1)
    assert [(a.seconds, a.media_type) for a in message.attachments] == [(7, "audio/ogg")]


def test_a_voice_is_put_into_words_once_and_found_by_them(shop):
    assert voice.transcribe_next(shop.bench.desk, shop.home, HEARS)
    (message,) = shop.bench.messages(1)
    assert message.transcript == f"on és la carbassa {len(OGG)}"
    assert message.text == ""
    with Window(shop.bench.desk) as window:
        assert [hit.ticket for hit in window.search("carbassa").messages()] == [1]
    assert not voice.transcribe_next(shop.bench.desk, shop.home, HEARS)


@pytest.mark.parametrize(
    "command", [machine("raise SystemExit(3)"), "/nowhere/whisper", "'", machine("pass")]
)
def test_a_voice_that_nobody_understands_is_tried_once(shop, command):
    assert voice.transcribe_next(shop.bench.desk, shop.home, command)
    assert shop.bench.messages(1)[0].transcript is None
    assert not voice.transcribe_next(shop.bench.desk, shop.home, HEARS)


def test_what_a_machine_hears_is_safe_for_a_terminal(shop):
    voice.transcribe_next(shop.bench.desk, shop.home, machine("print('a\\x1b[2Jb')"))
    assert "\x1b" not in shop.bench.messages(1)[0].transcript


def test_a_player_gets_a_path_and_nothing_else(shop, tmp_path):
    message = shop.bench.messages(1)[0].id
    told, players = tmp_path / "told", tmp_path / "bin"
    players.mkdir()
    player = players / "mpv"
    player.write_text(f"#!{sys.executable}\nimport sys\nopen({str(told)!r}, 'w').write(repr(sys.argv[1:]))\n")
    player.chmod(0o755)
    before = os.environ["PATH"]
    os.environ["PATH"] = str(players)
    try:
        voice.play(shop.bench.desk, shop.home, message, "1", "--script=evil.lua\n.ogg")
    finally:
        os.environ["PATH"] = before
    until(lambda: told.exists() and told.read_text())
    *flags, path = ast.literal_eval(told.read_text())
    assert all(flag.startswith("--") for flag in flags)
    assert path.startswith("/")
    assert Path(path).read_bytes() == OGG


def test_without_a_player_it_says_what_to_install(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgramError) as said:
        voice.play(shop.bench.desk, shop.home, shop.bench.messages(1)[0].id, "1", "a.ogg")
    assert present.problem(said.value).detail.startswith("mpv is not installed here: install it, or ")
