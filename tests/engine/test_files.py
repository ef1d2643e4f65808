"""Saving what customers send: their names for files decide nothing."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk import present
from agentdesk.config import Home
from agentdesk.engine.files import MissingFolderError, last_folder, put, safe_name, save, save_into, show
from agentdesk.engine.program import MissingProgramError
from agentdesk.errors import DiskError, NotFoundError
from desks import Bench
from servers import until

MAIL = (
    b"From: Ana <ana@x.test>\r\nTo: soporte@shop.test\r\nSubject: foto\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nmira\r\n--b\r\n"
    b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="../../.ssh/foto.png"\r\n\r\naG9sYQ==\r\n--b--\r\n'
)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "desk")
    made.mail(raw=MAIL)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto.png", "foto.png"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\x.exe", "C__Windows_x.exe"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("   ", "file"),
        ("factura\u202egpj.exe", "factura_gpj.exe"),
        ("a\x00b\x1b[2J.txt", "a_b_[2J.txt"),
        ("Ñandú està.pdf", "Ñandú està.pdf"),
    ],
)
def test_a_name_is_made_harmless(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_breaks_the_file_system(name):
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe not in {"", ".", ".."}
    assert not safe.startswith(".")
    assert safe.isprintable()
    assert len(safe.encode()) <= 200


def test_a_file_is_saved_beside_what_is_there_and_never_over_it(bench, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    message = bench.messages(1)[0]
    (attachment,) = message.attachments
    first = save(bench.desk, message.id, attachment.part, attachment.name, folder)
    second = save(bench.desk, message.id, attachment.part, attachment.name, folder)
    assert first != second
    assert first.parent == second.parent == folder
    assert first.read_bytes() == second.read_bytes() == b"hola"
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_link_that_lies_in_wait_is_not_followed(bench, tmp_path):
    folder, victim = tmp_path / "mine", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("mine", encoding="utf-8")
    message = bench.messages(1)[0]
    (attachment,) = message.attachments
    (folder / safe_name(attachment.name)).symlink_to(victim)
    save(bench.desk, message.id, attachment.part, attachment.name, folder)
    assert victim.read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_saved_says_why(bench, tmp_path):
    message = bench.messages(1)[0]
    with pytest.raises(MissingFolderError) as said:
        save(bench.desk, message.id, message.attachments[0].part, "x", tmp_path / "nowhere")
    told = present.problem(said.value)
    assert (told.title, told.detail) == ("The folder is not there", str(tmp_path / "nowhere"))
    with pytest.raises(NotFoundError):
        save(bench.desk, message.id, "9.9", "x", tmp_path)


def test_a_file_is_handed_to_the_system_s_program_as_a_path_of_ours(bench, tmp_path, monkeypatch):
    """The program here is a small one of our own that writes down what it was given."""
    told = tmp_path / "told"
    program = tmp_path / "bin" / ("open" if sys.platform == "darwin" else "xdg-open")
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    home = Home.under(tmp_path / "home")
    message = bench.messages(1)[0]
    (attachment,) = message.attachments
    show(bench.desk, home, message.id, attachment.part, attachment.name)
    until(lambda: told.exists() and told.read_text("utf-8"))
    path = Path(told.read_text("utf-8"))
    assert path.parent == home.state / "opened"
    assert path.read_bytes() == b"hola"


def test_without_such_a_program_it_says_so(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    message = bench.messages(1)[0]
    with pytest.raises(MissingProgramError) as said:
        show(bench.desk, Home.under(tmp_path / "home"), message.id, message.attachments[0].part, "x")
    told = present.problem(said.value)
    assert told.title == "A program is missing"
    assert told.detail.endswith("not installed here: install it, or save the file and open it elsewhere.")


def test_the_folder_that_was_chosen_last_is_offered_and_made_where_it_is_not_there(bench, tmp_path):
    home = Home.under(tmp_path / "home")
    message = bench.messages(1)[0]
    assert last_folder(home) == Path.home()
    chosen = tmp_path / "facturas" / "enero"
    path = save_into(bench.desk, home, message.id, message.attachments[0].part, "x.txt", chosen)
    assert (path, path.read_bytes()) == (chosen / "x.txt", b"hola")
    assert last_folder(home) == chosen
    path.unlink()
    chosen.rmdir()
    assert last_folder(home) == Path.home()
    with pytest.raises(DiskError):
        save_into(bench.desk, home, message.id, message.attachments[0].part, "x", Path("/dev/null/x"))


def torn(error):
    yield b"abc"
    raise error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyError("9")])
def test_what_does_not_become_whole_leaves_nothing(tmp_path, error):
    with pytest.raises((DiskError, KeyError)):
        put(tmp_path, "invoice.pdf", torn(error))
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_links_takes_nobody_s_place_either(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert [put(tmp_path, "a.pdf", [each]).name for each in (b"1", b"2")] == ["a.pdf", "a-2.pdf"]
    assert sorted((each.name, each.read_bytes()) for each in tmp_path.iterdir()) == [
        ("a-2.pdf", b"2"), ("a.pdf", b"1"),
    ]  # fmt: skip
