"""A stranger's picture becomes colours and nothing else, or is refused."""

import io
import sys

import pytest
from PIL import Image
from rich.color import ColorType

from agentdesk.channels import Arrival, Batch, chat
from agentdesk.core.model import Attachment, Place
from agentdesk.core.picture import Picture
from agentdesk.core.seal import digest
from agentdesk.engine.picture import checked, drawn, is_picture
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.widgets.picture import HALF, strips
from engine.chats import chats_in

RED, BLUE = (200, 0, 0), (0, 0, 200)


def saved(image, kind="PNG", **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def two_halves(width=40, height=40):
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image


@pytest.fixture
def shop(tmp_path):
    yield from chats_in(tmp_path)


def look(shop, data, columns=20, rows=10, part="1"):
    """What is drawn of a file that came with a message."""
    raw = chat.received("whatsapp", {"n": 1}, [chat.File("foto", "image/png", data)])
    shop.said.append(
        shop.text("Mira", 1, attachments=(Attachment("foto", "image/png", len(data), digest(data), "1"),))
    )
    shop.bench.intake.read = lambda _: shop.said[-1]
    shop.bench.intake.take(
        Batch("picture", (Arrival(Place("shop", "v", 0, 1), shop.bench.clock.at, raw, len(raw)),))
    )
    return drawn(shop.bench.desk, shop.bench.messages(1)[0].id, part, columns, rows)


def test_a_photograph_is_drawn_upright_as_large_as_there_is_room(shop):
    exif = Image.Exif()
    exif[0x0112] = 8  # taken with the telephone on its side
    sideways = two_halves(1200, 800).rotate(-90, expand=True)
    found = look(shop, saved(sideways, "JPEG", exif=exif, quality=95), 60, 10)
    assert (found.width, found.height) == (30, 20)
    for point, wanted in ((found.point(15, 2), RED), (found.point(15, 17), BLUE)):
        assert max(abs(a - b) for a, b in zip(point, wanted, strict=True)) < 12


def test_what_is_seen_through_is_white(shop):
    assert set(look(shop, saved(Image.new("RGBA", (4, 4), (9, 9, 9, 0)))).colours) == {255}


def huge():
    """A sound picture in a small file, with more points than anybody photographs."""
    return saved(Image.new("L", (8000, 8000)))


# Made when its test runs: the huge one takes half a second.
BAD = {
    "no picture": lambda: b"\x1b]0;title\x07\x1b[2J",
    "nothing": lambda: b"",
    "a drawing that is a program": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "too many points": huge,
    "cut off": lambda: saved(two_halves(300, 300))[:200],
    "another format": lambda: saved(two_halves(), "TIFF"),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_sound_picture_is_refused(shop, data):
    with pytest.raises(RefusedError) as refused:
        look(shop, data())
    assert refused.value.values["reason"] == "picture_unread"


def test_what_the_decoder_says_is_believed_only_as_far_as_it_adds_up():
    assert checked(b"1 1\nabc", 9, 9) == Picture(1, 1, b"abc")
    for lie in (
        b"",
        b"1 1\nab",
        b"1 1\nabcd",
        b"10 1\n" + bytes(30),
        b"0 0\n",
        b"-1 -1\nabc",
        b"x y\nabc",
        b"1\nabc",
    ):
        with pytest.raises(ValueError, match=r"."):
            checked(lie, 9, 9)


def test_a_file_that_is_not_there_is_said(shop):
    with pytest.raises(NotFoundError):
        look(shop, b"x", part="7")


def test_without_pillow_it_says_what_is_missing(shop, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RefusedError) as refused:
        look(shop, b"x")
    assert refused.value.values["reason"] == "no_pillow"


def test_only_our_sign_and_colours_reach_the_screen():
    lines = strips(Picture(2, 3, bytes((*RED, *RED, *BLUE, *BLUE, *RED, *RED))))
    assert [line.text for line in lines] == [HALF * 2] * 2
    (cell, _), (last, _) = (list(line) for line in lines)
    assert cell.style.color.type is cell.style.bgcolor.type is ColorType.TRUECOLOR
    assert (tuple(cell.style.color.triplet), tuple(cell.style.bgcolor.triplet)) == (RED, BLUE)
    assert last.style.bgcolor is None


@pytest.mark.parametrize(
    ("media_type", "is_one"),
    [
        ("image/jpeg", True),
        ("image/png", True),
        ("image/svg+xml", False),
        ("audio/ogg", False),
        ("x/png", False),
    ],
)
def test_what_can_be_drawn_is_known_by_its_type(media_type, is_one):
    assert is_picture(media_type) is is_one
