"""Voice notes: put into words once by a command of the shop's, searchable, and played without a shell."""

import ast
import asyncio
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agentdesk import present
from agentdesk.channels import Arrival, Batch, chat
from agentdesk.config import Home, SecretPlace
from agentdesk.config.model import Voice
from agentdesk.core.model import Attachment, Place
from agentdesk.core.seal import digest
from agentdesk.engine import chore, voice
from agentdesk.engine.program import MissingProgramError
from agentdesk.engine.sync import watch
from agentdesk.engine.voice import Listener
from agentdesk.engine.window import Window
from agentdesk.errors import FullDiskError
from engine.chats import Chats
from engine.test_watch import QUIET, Quiet
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


def heard(command):
    return voice.Hearing(command, os.environ)


HEARS = machine("import sys; print('on és la carbassa', len(open(sys.argv[1], 'rb').read()))")


def test_a_voice_shows_how_long_it_plays(shop):
    (message,) = shop.bench.messages(1)
    assert [(a.seconds, a.media_type) for a in message.attachments] == [(7, "audio/ogg")]


def test_a_voice_is_put_into_words_once_and_found_by_them(shop):
    assert Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()
    (message,) = shop.bench.messages(1)
    assert message.transcript == f"on és la carbassa {len(OGG)}"
    assert message.text == ""
    with Window(shop.bench.desk) as window:
        assert [hit.ticket for hit in window.search("carbassa").messages()] == [1]
    assert not Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()


@pytest.mark.parametrize(
    "command", [machine("raise SystemExit(3)"), "/nowhere/whisper", "'", machine("pass")]
)
def test_a_voice_that_nobody_understands_is_tried_once(shop, command):
    assert Listener(shop.bench.desk, shop.home, heard(command)).hear()
    assert shop.bench.messages(1)[0].transcript is None
    assert not Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()


def test_what_a_machine_hears_is_safe_for_a_terminal(shop):
    Listener(shop.bench.desk, shop.home, heard(machine("print('a\\x1b[2Jb')"))).hear()
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


MUCH = "import os, sys; open({heard!r}, 'a').write('once '); print(os.urandom(200_000).hex())"


def test_a_disk_that_is_full_while_a_voice_is_put_into_words_ends_nothing_and_it_is_done_when_there_is_room(
    shop, tmp_path, monkeypatch
):
    monkeypatch.setattr(chore, "AGAIN_AFTER", 0.01)
    (pages,) = shop.bench.store.connection.execute("PRAGMA page_count").fetchone()
    told, file = [], tmp_path / "heard"

    async def watched() -> None:
        shop.bench.store.connection.execute(f"PRAGMA max_page_count={pages}")
        task = asyncio.ensure_future(
            watch(
                shop.bench.desk, shop.home, (QUIET,), lambda _: None,
                transcribe=heard(machine(MUCH.format(heard=str(file)))), connect=lambda *_: Quiet(), on_ailing=lambda *each: told.append(each),
            )
        )  # fmt: skip
        await asyncio.to_thread(until, lambda: told)
        assert not task.done()
        with shop.bench.desk.transaction() as writer:
            writer.connection.execute("PRAGMA max_page_count=1000000")
        await asyncio.to_thread(until, lambda: shop.bench.messages(1)[0].transcript)
        await asyncio.to_thread(until, lambda: len(told) > 1)
        task.cancel()

    asyncio.run(watched())
    assert [(name, error and type(error)) for name, error in told] == [
        ("voices", FullDiskError),
        ("voices", None),
    ]


def test_a_command_that_takes_too_long_is_ended_and_the_voice_is_not_tried_again(shop, monkeypatch):
    monkeypatch.setattr(voice, "AT_MOST", 0.2)
    assert Listener(shop.bench.desk, shop.home, heard("sh -c 'sleep 60 & sleep 60'")).hear()
    assert not Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()


def test_a_full_disk_says_nothing_of_a_voice(shop, monkeypatch):
    def full(*_):
        raise FullDiskError(path="files", reason="no room")

    with monkeypatch.context() as patch:
        patch.setattr(voice, "kept", full)
        with pytest.raises(FullDiskError):
            Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()
    assert Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()
    assert shop.bench.messages(1)[0].transcript


def test_whoever_leaves_ends_the_command_with_all_that_it_started_and_the_voice_is_heard_by_who_starts_next(
    shop, tmp_path
):
    started = tmp_path / "started"
    script = "import os, subprocess, sys; p = subprocess.Popen(['sleep', '60']); "
    script += f"open({str(started)!r}, 'w').write(f'{{os.getpid()}} {{p.pid}} '); p.wait()"

    async def leaves() -> None:
        task = asyncio.ensure_future(
            chore.keep(
                shop.bench.desk, voice.chore(shop.bench.desk, shop.home, heard(machine(script))), print
            )
        )
        await asyncio.to_thread(until, lambda: started.exists() and started.read_text().endswith(" "))
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(leaves())
    until(lambda: not any(_is_alive(int(each)) for each in started.read_text().split()))
    assert Listener(shop.bench.desk, shop.home, heard(HEARS)).hear()
    assert shop.bench.messages(1)[0].transcript


def _is_alive(process: int) -> bool:
    """Whether it runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_puts_a_voice_into_words_gets_no_password(shop, monkeypatch):
    monkeypatch.setenv("SHOP_IMAP", "hunter22")
    monkeypatch.setenv("AGENTDESK_PASSPHRASE", "hunter22")
    monkeypatch.setenv("WHISPER_MODEL", "small")
    account = replace(shop.settings.accounts[0], secret=SecretPlace("env", "SHOP_IMAP"))
    command = machine(
        "import os; print(sorted(k for k in os.environ if k == 'WHISPER_MODEL' or os.environ[k] == 'hunter22'))"
    )
    by = voice.hearing(replace(shop.settings, accounts=(account,), voice=Voice(command)))
    Listener(shop.bench.desk, shop.home, by).hear()
    assert shop.bench.messages(1)[0].transcript == "['WHISPER_MODEL']"
