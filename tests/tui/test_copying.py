"""What is copied out of the console, and by which words to the terminal."""

import base64
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from agentdesk.config import Ui
from agentdesk.engine.clipboard import through_tmux
from agentdesk.screens.copying import MOST
from agentdesk.screens.terminal import copied, guarded
from hostile import PAYLOADS
from hostile_shop import careless, keep
from servers import lacking
from tui.driver import plays

COMMAND = "\x1b]52;c;" + base64.b64encode(b"Bon dia " * 40).decode() + "\x07"
ENVIRONMENTS = (
    {"TERM": "xterm-256color"},
    {"TERM": "screen-256color", "TMUX": "/tmp/x,1,0"},
    {"TERM": "tmux-256color"},
    {"TERM": "screen", "STY": "1.pts"},
)


@plays
async def test_a_key_copies_what_the_message_says_and_says_what_that_was(shop):
    number = shop.write(
        "Eva Mas",
        "Factura",
        "Necesito la factura.\n\nEl lun, 2 nov 2026, La Botiga escribió:\n> Hola\n> Adiós",
    )
    async with shop.console() as at:
        await at.goes_to(number)
        await at.do("copy.text")
        await at.sees("Copied 20 characters: Necesito la factura.")
        assert at.app.clipboard == "Necesito la factura."
        await at.press("Y")
        await at.sees("whole message", "ticket number", "address")
        await at.press("m")
        await at.until(lambda: at.app.clipboard.endswith("> Adiós"))
        await at.do("copy.number")
        await at.until(lambda: at.app.clipboard == f"#{number}")
        await at.do("copy.address")
        await at.until(lambda: at.app.clipboard == "eva@x.test")
        await at.do("copy.order")
        await at.sees("not clear which order")


@plays
async def test_what_an_older_store_holds_is_copied_as_it_is_shown_and_no_terminal_obeys_it(shop):
    keep(shop.bench.desk, [replace(careless(n), text=f"{each.raw}\nok") for n, each in enumerate(PAYLOADS)])
    async with shop.console() as at:
        await at.do("go.all")
        for number, each in enumerate(PAYLOADS, 3):
            await at.goes_to(number)
            for act in ("copy.text", "copy.whole"):
                at.app.copy_to_clipboard("")
                await at.do(act)
                await at.until(lambda: at.app.clipboard)
                assert at.app.clipboard.splitlines() == [*each.shown.splitlines(), "ok"], (each.name, act)


@plays
async def test_what_terminals_would_cut_is_refused_and_copying_can_be_switched_off(shop):
    number = shop.write("Eva Mas", "Largo", "a" * (MOST * 3 // 4 + 1))
    async with shop.console() as at:
        await at.goes_to(number)
        await at.do("copy.text")
        await at.sees("Too long for a terminal's clipboard", "Nothing was copied")
        assert at.app.clipboard == ""
    shop.with_settings(ui=Ui(clipboard=False))
    async with shop.console() as at:
        await at.do("copy.number")
        await at.sees("Copying is switched off")
        assert at.app.clipboard == ""


@pytest.mark.parametrize("environ", ENVIRONMENTS, ids=lambda environ: environ["TERM"])
def test_every_way_to_the_clipboard_passes_the_last_door_whole_and_nothing_like_it_within_a_frame(environ):
    sent = copied(COMMAND, environ)
    assert COMMAND in sent
    for each in sent:
        assert guarded(each) == each
        assert guarded(f"a{each}") != f"a{each}"


def test_tmux_and_screen_hand_on_the_very_same_words():
    _, tmux = copied(COMMAND, ENVIRONMENTS[1])
    assert tmux.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") == COMMAND
    _, screen = copied(COMMAND, ENVIRONMENTS[3])
    parts = re.findall(r"\x1bP(.*?)\x1b\\", screen, re.DOTALL)
    assert "".join(parts) == COMMAND
    assert max(map(len, parts)) <= 76


def test_in_a_real_tmux_the_text_is_in_its_buffer_though_it_lets_no_program_set_one(tmp_path, monkeypatch):
    if not shutil.which("tmux"):
        lacking("not installed: tmux")
    socket = tmp_path / "s"
    tmux = ("tmux", "-S", str(socket), "-f", "/dev/null")
    subprocess.run([*tmux, "new-session", "-d", "cat"], check=True)
    try:
        monkeypatch.setenv("TMUX", f"{socket},1,0")
        assert through_tmux("Necesito la factura; $(x)\n", {"TMUX": str(socket)})
        shown = subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True).stdout
        assert shown == b"Necesito la factura; $(x)\n"
        assert not through_tmux("x", {})
    finally:
        subprocess.run([*tmux, "kill-server"], check=True)
