"""The page of keys says what the program does today."""

import importlib.util
from pathlib import Path

from agentdesk.actions import ACTIONS

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("keys_page", ROOT / "tools" / "keys.py")
page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(page)


def test_the_page_of_keys_is_fresh():
    assert page.FILE.read_text("utf-8") == page.text(), "the table of actions has changed: run `make keys`"


def test_every_act_stands_on_the_page_once():
    text = page.text()
    for action in ACTIONS:
        assert text.count(f"| `{action.id}` |") == 1, action.id


def test_keys_are_written_as_people_write_them():
    assert [page.key(name) for name in ("ctrl+d", "g i", "question_mark", "alt+j", "G")] == [
        "Ctrl-d",
        "g i",
        "?",
        "Alt-j",
        "G",
    ]
