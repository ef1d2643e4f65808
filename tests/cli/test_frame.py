"""The command line's frame: what stands on which stream, which status it ends with, and what it never does."""

import inspect
import json
import stat
import subprocess
import sys
from argparse import Namespace
from importlib import import_module
from importlib.util import find_spec

import pytest

from agentdesk.cli import config as config_verbs
from agentdesk.cli.parse import arguments_of, globals_of, verb_of
from agentdesk.cli.verbs import VERBS
from agentdesk.errors import UsageError


def read(line):
    """The verb and arguments that `line` means."""
    _, rest = globals_of(line.split())
    found, rest = verb_of(rest, VERBS)
    return found.name, arguments_of(found, rest)


def test_every_command_of_the_contract_is_in_the_table_once():
    names = [verb.name for verb in VERBS]
    assert len(names) == len(set(names))
    for name in names:
        assert not any(other.startswith(f"{name} ") for other in names if name), name
    wanted = """queue show search reply new forward call note assign tag priority snooze resolve reopen merge split
        undo sync outbox quarantine customer quick rules playbook kb sla report import export backup restore rebuild
        doctor config keys completion relay gateway team demo account agent"""
    assert set(wanted.split()) <= {name.split()[0] for name in names if name}


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.run], ids=lambda verb: verb.name)
def test_every_entry_that_is_built_takes_context_and_arguments(verb):
    module, _, name = verb.run.partition(":")
    if find_spec(f"agentdesk.cli.{module}") is None:
        return
    function = getattr(import_module(f"agentdesk.cli.{module}"), name, None)
    if function is not None:
        assert len(inspect.signature(function).parameters) == 2


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help(verb, run):
    status, out, err = run(*verb.name.split(), "--help")
    assert (status, err) == (0, "")
    assert verb.summary in out or not verb.name
    for each in verb.arguments:
        assert each.flags[0] in out or each.shown in out


def test_help_and_version_as_data(run):
    assert json.loads(run("--help", "--json")[1])["help"].startswith("agentdesk")
    assert set(json.loads(run("--json", "--version")[1])) == {"version"}
    assert "account add email" in run("account", "--help")[1]
    assert run("acount", "--help")[0] == 2


@pytest.mark.parametrize(
    "words", [["team", "init"], ["gateway"], ["account", "add", "slack", "x", "--token", "y"]]
)
def test_what_is_not_built_says_so(words, run):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert "not available yet" in err


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("quue", "queue"),
        ("account lst", "list"),
        ("account", "remove"),
        ("account add emial x", "email"),
        ("config shwo", "show"),
        ("--jsn queue", "--json"),
        ("queue --lmit 3", "--limit"),
        ("queue --view inbx", "inbox"),
        ("queue --limit x", "x"),
        ("queue --limit", "--limit needs a value"),
        ("queue --limit=-3", "-3"),
        ("show abc", "abc"),
        ("show", "N"),
        ("show 1 2", "2"),
        ("resolve 1 --json=yes", "--json"),
        ("priority 1 hihg", "high"),
        ("reply 1 --var x", "NAME=VALUE"),
        ("reply 1 --resolve=yes", "--resolve"),
        ("tag 5", "TAG"),
        ("--home", "--home needs a value"),
        ("--home --json queue", "--home needs a value"),
        ("completion csh", "zsh"),
        ("config show more", "more"),
        ("config show --bogus", "--bogus"),
    ],
)
def test_wrong_words_end_2_and_name_the_right_one(words, right, run):
    status, out, err = run(*words.split())
    assert (status, out) == (2, "")
    assert right in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words", ["quue --json", "--json queue --lmit 3", "config --json", "agent switch nobody --json"]
)
def test_with_json_an_error_is_one_object_and_stdout_is_empty(words, run):
    status, out, err = run(*words.split())
    assert status in {2, 3}
    assert out == ""
    assert set(json.loads(err)) == {"code", "title", "detail", "remedy"}
    assert err.isascii()


@pytest.mark.parametrize(
    "words", ["--json config path --home {}", "config --home={} path --json", "--home {} --json config path"]
)
def test_global_options_stand_anywhere(words, run, tmp_path):
    status, out, _ = run(*words.format(tmp_path / "elsewhere").split())
    assert status == 0
    assert json.loads(out)["path"] == str(tmp_path / "elsewhere" / "config.toml")


def test_values_that_begin_with_a_dash():
    assert read("tag 5 +a -b -h c")[1].tags == ["+a", "-b", "-h", "c"]
    assert read("search maria -factura --limit 3")[1] == Namespace(query=["maria", "-factura"], limit=3)
    assert read("search -- --json")[1].query == ["--json"]
    assert read("reply #5 --text -hello --resolve")[1].text == "-hello"
    assert read("reply 5 -")[1].stdin == "-"
    assert read("queue --filter -tag:x")[1].filter == "-tag:x"
    assert read("reply 5 --var a=b --var c=d=e")[1].var == [("a", "b"), ("c", "d=e")]
    assert read("snooze 5 tomorrow 9:00")[1].when == ["tomorrow", "9:00"]


def test_a_word_that_cannot_stand_there_is_said_with_all_that_can(run):
    status, _, err = run("report", "ventas")
    said = (
        "ventas cannot stand here (it can be sla, fcr, volume, unanswered, csat, promises, topics, staffing)"
    )
    assert (status, said in err, "kind:" in err) == (2, True, False)
    _, _, err = run("report", "volume", "--by", "xx")
    assert "--by: xx cannot stand here (it can be channel, agent, account, " in err


def test_a_noun_alone_can_mean_its_list():
    assert read("outbox")[0] == "outbox list"
    assert read("")[0] == ""
    with pytest.raises(UsageError):
        read("quarantine")


def test_the_configurations_verbs(run, tmp_path):
    status, out, _ = run("config", "validate", "--json")
    assert (status, json.loads(out)["valid"]) == (0, True)
    file = tmp_path / "home" / "config.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("config", "path")[1].strip() == str(file)
    rows = {row["key"]: row for row in json.loads(run("config", "show", "--json")[1])}
    assert rows["desk.preset"] == {"key": "desk.preset", "value": "guide", "source": str(file)}
    assert json.loads(run("config", "schema")[1]) == json.loads(run("--json", "config", "schema")[1])
    file.write_text("[desk]\npreste = 'guide'\n")
    status, out, err = run("config", "validate", "--json")
    assert (status, out) == (2, "")
    assert "preset" in json.loads(err)["detail"]
    status, _, err = run("queue")
    assert status == 2


def explodes(ctx, args):
    raise ZeroDivisionError("password=hunter2")


def test_a_mistake_of_ours_is_an_object_without_a_traceback(run, monkeypatch, tmp_path):
    monkeypatch.setattr(config_verbs, "path", explodes)
    status, out, err = run("config", "path", "--json")
    assert (status, out) == (1, "")
    assert json.loads(err)["code"] == "bug"
    assert "ZeroDivisionError" in err
    assert not (tmp_path / "home").exists()
    assert run("config", "path", "--debug")[0] == 1
    logged = (tmp_path / "home" / "log" / "agentdesk.log").read_text()
    assert "Traceback" in logged
    assert "hunter2" not in logged


def test_a_result_is_held_back_when_the_command_fails_after_it(run, monkeypatch):
    def late(ctx, args):
        ctx.out({"done": True}, "done")
        raise UsageError(reason="after all")

    monkeypatch.setattr(config_verbs, "path", late)
    assert run("config", "path", "--json")[:2] == (2, "")
    assert run("config", "path")[:2] == (2, "")


def test_an_own_status_keeps_the_result(run, monkeypatch):
    def partly(ctx, args):
        ctx.out([])
        return 4

    monkeypatch.setattr(config_verbs, "path", partly)
    assert run("config", "path", "--json") == (4, "[]\n", "")


def test_ctrl_c_ends_130_with_nothing_on_stdout(run, monkeypatch):
    def interrupted(ctx, args):
        raise KeyboardInterrupt

    monkeypatch.setattr(config_verbs, "path", interrupted)
    assert run("config", "path") == (130, "", "")


def test_a_full_disk_is_said_as_such(run, monkeypatch):
    def full(ctx, args):
        raise OSError(28, "No space left on device", "/x")

    monkeypatch.setattr(config_verbs, "path", full)
    status, _, err = run("config", "path", "--json")
    assert (status, json.loads(err)["code"]) == (1, "disk")


@pytest.mark.parametrize("target", ["| true", ">/dev/full", ">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_closed_and_full_streams_never_end_in_a_traceback(target):
    done = subprocess.run(
        ["bash", "-c", f'"$0" -m agentdesk config schema {target}', sys.executable],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.returncode == (1 if "full" in target else 0)


def test_the_version_knows_neither_network_nor_screen_nor_store():
    code = "import sys; from agentdesk.cli import main; main(['--version']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    heavy = {
        "httpx",
        "textual",
        "rich",
        "sqlite3",
        "pysqlite3",
        "sqlite_utils",
        "keyring",
        "tomlkit",
        "cryptography",
    }
    assert not loaded & heavy
    assert not any(
        name.startswith(("agentdesk.store", "agentdesk.channels", "agentdesk.engine"))
        for name in done.stdout.split()
    )


@pytest.mark.parametrize("words", [["config", "show"], ["queue", "--help"], ["agent", "list"]])
def test_no_small_verb_loads_the_screen_or_the_network(words):
    code = f"import sys; from agentdesk.cli import main; main({words!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert not {name.split(".")[0] for name in done.stdout.split()} & {"httpx", "textual", "rich", "keyring"}


def test_the_language_is_the_desks(run, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text('[desk]\nlanguage = "es"\n')
    assert "quue" in run("quue")[2]
    assert "See `agentdesk" not in run("quue")[2]
