"""Telegram: pictures that it takes for no photos, and groups that have another number now."""

import struct
from datetime import UTC, datetime

import pytest

from agentdesk.channels import Accepted, Account
from agentdesk.channels.telegram import Telegram as Channel
from agentdesk.core.model import Address, OutFile, Outgoing
from channels.contract import asked, envelope
from servers.telegram import ME, TOKEN, Telegram, moved

MARIA = 7001
AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def server():
    made = Telegram()
    yield made
    made.stop()


@pytest.fixture
def channel(server, tmp_path):
    account = Account(
        "bot", "vimet", "@vimet_bot", lambda: TOKEN, tmp_path, options={"base_url": server.base}
    )
    return Channel(account, clock=lambda: AT, long=1)


def sends(channel, text, *files, to=MARIA):
    person = (Address("", str(to)),)
    message = Outgoing("<a1@shop.test>", Address("Núria", ""), person, "", text, AT, files=files)
    return asked(channel, lambda: channel.send(channel.compose(message), envelope(message), lambda: None))


def a_png(width, height, size=64):
    return (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)).ljust(size, b"\0")


@pytest.mark.parametrize(
    ("file", "methods"),
    [
        (OutFile("a.png", "image/png", a_png(1280, 960)), ["sendPhoto"]),
        (OutFile("a.png", "image/png", a_png(1280, 960, 15 << 20)), ["sendDocument"]),
        (OutFile("a.svg", "image/svg+xml", b"<svg/>"), ["sendDocument"]),
        (OutFile("a.tiff", "image/tiff", b"II*\0"), ["sendDocument"]),
        (OutFile("a.png", "image/png", a_png(9000, 2000)), ["sendPhoto", "sendDocument"]),
        (OutFile("a.png", "image/png", a_png(2100, 100)), ["sendPhoto", "sendDocument"]),
        (OutFile("a.jpg", "image/jpeg", b"<svg/>"), ["sendPhoto", "sendDocument"]),
    ],
)
def test_a_picture_that_is_no_photo_for_telegram_goes_as_a_document(server, channel, file, methods):
    result = sends(channel, "Mira", file)
    assert [each.path.rpartition("/")[2] for each in server.requests] == methods
    assert isinstance(result, Accepted)
    assert [(each.method, each.text, each.data) for each in server.sent] == [(methods[-1], "Mira", file.data)]


def test_a_group_that_has_become_another_is_followed(server, channel):
    server.on("sendMessage", moved(-1001234567))
    result = sends(channel, "Bon dia", to=-42)
    assert [(each.chat, each.text) for each in server.sent] == [(-1001234567, "Bon dia")]
    assert result.names == (f"telegram:-1001234567/{server.sent[0].number}@{ME['id']}",)
