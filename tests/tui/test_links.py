"""Links in the console: shown with where they lead, opened only when somebody asks twice."""

import os

import pytest
from textual.app import App

from agentdesk import trust
from agentdesk.engine import program
from agentdesk.screens.dialogs import Confirm
from servers import until
from tui.driver import SMALL, WIDE, plays

HTML = (
    '<p>Entre en <a href="https://evil.example/login?a=1&amp;b=2">yourbank.es</a> o mire '
    '<a href="https://www.shop.es/pedido/12">su pedido</a>.</p><img src="https://evil.example/pixel.gif">'
)


def opener(folder, monkeypatch):
    """A browser that writes down what it was given."""
    folder.mkdir()
    program, told = folder / "xdg-open", folder / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" >> "{told}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return told


@plays
async def test_a_link_shows_its_real_host_and_is_opened_only_after_its_whole_address_was_seen(
    shop, tmp_path, monkeypatch
):
    told = opener(tmp_path / "bin", monkeypatch)
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    number = shop.write("Eva Mas", "Aviso", HTML, extra="Content-Type: text/html; charset=utf-8\r\n")
    async with shop.console(WIDE) as at:
        await at.goes_to(number)
        await at.sees("evil.example/login?a=1", "A link says yourbank.es but leads to evil.example.")
        await at.do("reading.links")
        await at.sees("! evil.example", "www.shop.es", "Entre en yourbank.es")
        await at.press("enter")
        await at.sees("This link leads to evil.example", "https://evil.example/login?a=1&b=2")
        await at.press("escape")
        assert not told.exists()
        await at.do("reading.links")
        await at.type("shop.es/")
        await at.loses("! evil.example")
        await at.press("backspace", "enter")
        await at.sees("This link leads to www.shop.es")
        await at.press("enter")
        await at.sees("Handed to the system's browser: www.shop.es")
        until(told.exists)
        assert told.read_text() == "1|https://www.shop.es/pedido/12|"


@plays
async def test_over_a_remote_line_the_address_is_copied_instead(shop, tmp_path, monkeypatch):
    told = opener(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    number = shop.write("Eva Mas", "Aviso", "mire https://www.shop.es/pedido/12, por favor")
    async with shop.console(SMALL) as at:
        await at.goes_to(number)
        await at.do("reading.links")
        await at.sees("This is a remote session", "copy it", "https://www.shop.es/pedido/12")
        await at.press("enter")
        await at.until(lambda: at.app.clipboard == "https://www.shop.es/pedido/12")
        await at.do("go.back")
        at.app.home.tell("-")
        await at.goes_to(1)
        await at.do("reading.links")
        await at.sees("There is no link in this message.")
    assert not told.exists()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("factura.pdf .scr", "application/pdf"), ("run.sh", "application/octet-stream"), ("Factura.PDF.Exe", "application/pdf"),
        ("a.desktop", "text/plain"), ("a.html", "text/html"), ("foto.jpg", "text/html"), ("x.svg", "image/svg+xml"),
        ("carta.docm", "application/msword"), ("a.js.", "text/plain"), ("foto.jpg", "application/x-sh"),
    ],
)  # fmt: skip
def test_what_may_do_something_by_itself_is_said_before_it_is_opened(name, media_type):
    assert trust.opens(name, media_type)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("factura.pdf", "application/pdf"), ("foto.jpg", "image/jpeg"), ("foto.jpg", "application/octet-stream"), ("", "image/png"),
        ("dades.csv", "application/vnd.ms-excel"), ("nota.ogg", "audio/ogg"), ("informe v1.2.docx", "application/octet-stream"),
    ],
)  # fmt: skip
def test_what_is_what_it_says_opens_by_enter(name, media_type):
    assert trust.opens(name, media_type) == ""


@plays
async def test_no_is_the_default_before_a_program_is_opened():
    class Asking(App):
        async def on_mount(self):
            self.said = []
            self.push_screen(Confirm("Open it?", warning="It runs."), self.said.append)

    app = Asking()
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert app.said == [False]


def test_a_mail_address_carries_no_file_into_the_mail_program(tmp_path, monkeypatch):
    told = opener(tmp_path / "bin", monkeypatch)
    program.open_address(
        "mailto:a@x.test?subject=Hola&attach=/etc/passwd&BODY=Bon%20dia&cc=eve@evil.test&attachment=x"
    )
    until(lambda: told.exists() and told.read_text().endswith("|"))
    assert told.read_text() == "1|mailto:a@x.test?subject=Hola&BODY=Bon%20dia|"
