"""The import budget: what a command may load before it has said anything. A slow start is felt at every call.

Each test asks a fresh interpreter, since this one has loaded everything already.
"""

import json
import os
import subprocess
import sys

import pytest

LATE = frozenset(
    {"textual", "rich", "httpx", "aiosmtplib", "keyring", "cryptography", "tomlkit", "holidays", "Stemmer"}
)
"""Loaded when they are needed: after the first paint, for a network, a password, a change of the settings, a search."""
STORE = frozenset({"sqlite3", "pysqlite3", "sqlite_utils"})
BEFORE_THE_FIRST_PAINT = 200
"""Modules of ours; may only become less."""
ADVICE = "import it inside the function that needs it (see the import budget in ARCHITECTURE.md)"


def loaded(code, home):
    """The names of all modules that are loaded after `code`, in a fresh interpreter whose desk is `home`."""
    ending = "\nimport json, sys\nsys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + ending],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "AGENTDESK_HOME": str(home), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stderr.rpartition("\n")[2]))


def after(home, *words, status=0):
    """What one command line loads."""
    return loaded(f"from agentdesk.cli import main\nassert main({list(words)!r}) == {status}", home)


def tops(modules):
    return {name.partition(".")[0] for name in modules}


def within(modules, prefixes):
    return {name for name in modules if any(name == p or name.startswith(p + ".") for p in prefixes)}


@pytest.fixture
def home(tmp_path):
    """A desk whose store was made before: making one may load more."""
    after(tmp_path, "queue")
    return tmp_path


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["queue", "--help"], ["config", "path"]])
def test_what_asks_nothing_of_the_desk_loads_neither_store_nor_network(words, tmp_path):
    modules = after(tmp_path, *words)
    assert not tops(modules) & (LATE | STORE | {"imapclient", "selectolax", "asyncio"}), ADVICE
    assert not within(modules, ("agentdesk.store", "agentdesk.engine", "agentdesk.channels")), ADVICE
    assert not (tmp_path / "data").exists(), "it made a store that nobody asked for"


@pytest.mark.parametrize(
    ("words", "status"), [(["queue"], 0), (["queue", "--view", "all", "--json"], 0), (["show", "1"], 3)]
)
def test_the_queue_loads_neither_screen_nor_network_nor_what_migrates(words, status, home):
    modules = after(home, *words, status=status)
    assert not tops(modules) & (LATE | {"imapclient", "selectolax", "sqlite_utils", "asyncio"}), ADVICE


def test_a_store_that_is_there_is_opened_with_one_driver_only(home):
    """Two SQLite libraries on one file in one process drop each other's locks."""
    assert len(tops(after(home, "queue")) & {"sqlite3", "pysqlite3"}) == 1


def test_a_desk_without_accounts_syncs_without_a_network(home):
    assert not tops(after(home, "sync")) & {"textual", "httpx", "keyring", "imapclient", "aiosmtplib"}, ADVICE


def test_the_relays_boxes_load_neither_desk_nor_web_server(tmp_path):
    modules = after(tmp_path, "relay", "box", "list")
    assert not tops(modules) & (LATE | {"starlette", "uvicorn", "imapclient", "asyncio"}), ADVICE
    assert not within(modules, ("agentdesk.store", "agentdesk.channels", "agentdesk.engine.desk")), ADVICE


def test_the_console_loads_before_its_first_paint_only_what_that_paint_shows(tmp_path):
    """What the cold start consists of; it was a third more before anybody counted."""
    modules = loaded("import agentdesk.cli.console, agentdesk.app", tmp_path)
    late = (
        "agentdesk.briefing",
        "agentdesk.nightfall",
        "agentdesk.channels.mime",
        "textual.widgets._text_area",
    )
    assert not within(modules, late), ADVICE
    assert not tops(modules) & {"imapclient", "selectolax", "sqlite_utils", "httpx", "keyring"}, ADVICE
    ours = within(modules, ("agentdesk",))
    assert len(ours) <= BEFORE_THE_FIRST_PAINT, f"{len(ours)} modules of ours: {ADVICE}"


@pytest.mark.parametrize("module", ["agentdesk.present", "agentdesk.widgets"])
def test_what_draws_loads_only_what_it_draws(module, tmp_path):
    modules = loaded(f"import {module}", tmp_path)
    below = ("agentdesk.engine", "agentdesk.store", "agentdesk.channels", "agentdesk.config")
    assert not within(modules, below), "views come in as arguments; ask the screen for what is missing"
    assert not tops(modules) & (LATE - {"textual", "rich"} | STORE | {"imapclient"}), ADVICE


def test_the_law_loads_nothing_but_the_standard_library(tmp_path):
    code = "from importlib import import_module\nimport pkgutil, agentdesk.core\n"
    code += "for each in pkgutil.iter_modules(agentdesk.core.__path__, 'agentdesk.core.'): import_module(each.name)"
    foreign = {
        name for name in tops(loaded(code, tmp_path)) - tops(loaded("import pkgutil", tmp_path))
        if name not in sys.stdlib_module_names and name != "agentdesk"
    }  # fmt: skip
    assert foreign == set(), "core is values and pure functions; what needs a library belongs a floor higher"
