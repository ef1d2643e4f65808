"""What a channel's service would refuse is refused before it is written, with the limit and what to do instead."""

import pytest

from agentdesk import present
from agentdesk.channels import MAIL
from agentdesk.channels.telegram import Telegram
from agentdesk.channels.twilio import Twilio
from agentdesk.channels.whatsapp import WhatsApp
from agentdesk.core.model import OutFile
from agentdesk.engine.fit import fits
from agentdesk.errors import RefusedError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def refused(ability, text="Hola", *files):
    with pytest.raises(RefusedError) as caught:
        fits(text, files, ability)
    said = present.problem(caught.value)
    assert "ticket" not in said.remedy, "looking at the ticket again does not help"
    return said.detail, said.remedy


def a_file(name, media_type, size):
    return OutFile(name, media_type, bytes(size))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (a_file("foto.jpg", "image/jpeg", 6 << 20), "foto.jpg is too large for this channel: 6 MB, at most 5 MB."),
        (a_file("f.jpg", "image/jpeg", (5 << 20) + 1), "f.jpg is too large for this channel: 6 MB, at most 5 MB."),
        (a_file("f.mp4", "video/mp4", 17 << 20), "f.mp4 is too large for this channel: 17 MB, at most 16 MB."),
        (a_file("todo.zip", "application/zip", 10), "This channel takes no files of this kind: todo.zip (application/zip)."),
    ],
)  # fmt: skip
def test_whatsapp_takes_less_of_some_kinds_and_nothing_of_others(file, why):
    assert refused(WhatsApp.ability, "Hola", file) == (
        why,
        "Send it smaller or in another form, as a link, or by another channel.",
    )


@pytest.mark.parametrize(
    ("name", "media_type", "size"),
    [
        ("a.jpg", "image/jpeg", 5 << 20),
        ("a.pdf", "application/pdf", 90 << 20),
        ("a.docx", DOCX, 10),
        ("a.ogg", "audio/ogg; codecs=opus", 10),
    ],
)
def test_what_whatsapp_takes_goes(name, media_type, size):
    fits("Hola", (a_file(name, media_type, size),), WhatsApp.ability)


def test_the_limits_of_others_are_said_too():
    assert refused(Telegram.ability, "x" * 5000) == (
        "It is too long for this channel: 5000 characters, at most 4096.",
        "Shorten it, send it in parts, or choose another channel.",
    )
    assert (
        refused(Twilio.ability, "Hola", a_file("a.jpg", "image/jpeg", 1))[0] == "This channel takes no files."
    )
    many = [a_file("a.jpg", "image/jpeg", 1)] * 11
    assert refused(Telegram.ability, "Hola", *many)[0] == "This channel takes at most 10 files."
    fits("Hola", (a_file("todo.zip", "application/zip", 10),), MAIL)
