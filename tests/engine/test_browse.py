"""Files are found by what is typed, and what cannot be read is said."""

import os

import pytest

from agentdesk.config import Home
from agentdesk.engine import browse


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("Factura.pdf", "foto.JPG", ".secret", "evil\x1b[31m.png"):
        (tmp_path / name).write_bytes(b"x" * 10)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "Fotos").mkdir()
    (tmp_path / "Fotos" / "sea.png").write_bytes(b"png")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    return tmp_path


def names(typed):
    return [each.name for each in browse.listed(typed).entries]


def test_what_is_typed_narrows_folders_first_and_what_begins_so_before_the_rest(folder):
    assert names("~/") == ["Fotos", "evil\x1b[31m.png", "Factura.pdf", "foto.JPG"]
    assert names("~/f") == ["Fotos", "Factura.pdf", "foto.JPG"]
    assert names("~/JPG") == ["foto.JPG"]
    assert names("~/Fotos/") == ["sea.png"]
    assert names("~/.") == [".secret"] + [n for n in names("~/.") if n != ".secret"]
    assert "pipe" not in names("~/")


@pytest.mark.parametrize(
    "pasted", ["{0}", "~/{0}", "~/Downloads/'{0}'", '"{0}"', "file://{0}", "~/file://{0}", "  {0} "]
)
def test_a_path_that_is_pasted_is_found_whatever_stands_before_it(folder, pasted):
    wanted = folder / "Fotos" / "sea.png"
    assert [each.path for each in browse.listed(pasted.format(wanted)).entries] == [str(wanted)]


def test_what_cannot_be_listed_says_why(folder):
    assert browse.listed("~/nowhere/").trouble == os.strerror(2)
    assert browse.listed("~/foto.JPG/").trouble == os.strerror(20)
    assert browse.listed("~nobody-here/").trouble
    assert browse.listed("~/\0/").trouble


def test_a_folder_of_any_size_is_looked_through_only_so_far(folder):
    assert browse.listed("~/", 3).is_cut
    assert len(browse.listed("~/", 3).entries) <= 3
    assert not browse.listed("~/Fotos/", 3).is_cut


def test_only_plain_files_of_a_sendable_size_are_read(folder):
    file = browse.read(folder / "foto.JPG")
    assert (file.name, file.media_type, file.data) == ("foto.JPG", "image/jpeg", b"x" * 10)
    assert "\x1b" not in browse.read(folder / "evil\x1b[31m.png").name
    huge = folder / "huge.mp4"
    with huge.open("wb") as out:
        out.truncate(browse.LARGEST + 1)
    for path in (folder / "gone", folder / "Fotos", folder / "pipe", huge):
        with pytest.raises(OSError) as error:
            browse.read(path)
        assert error.value.strerror


def test_the_folder_of_the_last_file_is_where_the_next_search_begins(folder, tmp_path):
    home = Home.under(tmp_path / "desk")
    assert browse.last_folder(home) == "~/"
    home.state.mkdir(parents=True)
    browse.remember(home, folder / "Fotos")
    assert browse.last_folder(home) == "~/Fotos/"
    assert browse.shown(folder.parent) == f"{folder.parent}/"
