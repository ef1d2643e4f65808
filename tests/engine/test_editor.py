"""A text that goes through the user's editor and comes back."""

import sys

import pytest

from agentdesk.engine import editor


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_no_letter_is_lost_whatever_the_editor_writes(tmp_path, monkeypatch, charset):
    program = tmp_path / "editor"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        f"at = pathlib.Path(sys.argv[1])\nat.write_bytes((at.read_text('utf-8') + ' y mañana').encode({charset!r}))\n",
        encoding="utf-8",
    )
    program.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(program))
    assert editor.rewritten("El camión llega hoy") == "El camión llega hoy y mañana"
