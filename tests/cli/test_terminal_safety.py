"""No byte of a customer's text is obeyed by the terminal: every command that prints any, looked at byte by byte.

The desk is filled with every payload in every field (`hostile_shop`), by mails that the real reader reads and by a connector
that makes nothing safe. All commands run one after another in one program at a real terminal, stdout and stderr alike.
"""

import json
import logging
import re
import sys
from bisect import bisect

import pytest

from agentdesk.cli import log
from agentdesk.cli.output import Output, Progress, table
from agentdesk.cli.stream import Stream
from agentdesk.cli.verbs import VERBS
from agentdesk.config import Home
from cli.every_other import EVERY_OTHER, NOWHERE, TYPED
from hostile import PAYLOADS, found_in, undrawable
from hostile_shop import fill, home_in, seen_in, text_in
from servers.terminal import Terminal

ONE_AFTER_ANOTHER = """
import json, pathlib, sys
from agentdesk.cli import main
for number, words in enumerate(json.loads(pathlib.Path(sys.argv[1]).read_text())):
    sys.__stdout__.write(f"\\n== {number} ==\\n")
    sys.__stdout__.flush()
    main(words)
"""
BEGINS = re.compile(r"== (\d+) ==")
LEFT_OUT = {
    "": "the console, through which `tui.test_terminal_safety` walks",
    "sla board": "never ends; a test of its own runs it",
    "notify test": "a bell and a notice are what it is for; it says a number that no ticket has",
}
"""Commands that are not run with the others, and why."""
NOTHING, LINE, PAGE = re.compile("(?!)"), re.compile(r"\x1b\[K"), re.compile(r"\x1b\[[HJ]")
"""What a command may write beside text: nothing, a progress bar, a board."""

OF_EACH = (
    ["show", "{number}", "--headers"], ["show", "{number}", "--raw", "1"], ["customer", "export", "c{index}@x.test"],
    ["quick", "show", "zz{index:02}"],
)  # fmt: skip
OF_ALL = (
    ["queue", "--view", "all"], ["queue", "--limit", "3"], ["search", "bod"], ["show", "1"], ["customer", "show", "c1@x.test"],
    ["sla", "why", "1"], ["outbox", "list"], ["quarantine", "list"], ["quick", "list"], ["quick", "check"], ["agent", "list"],
    ["account", "list"], ["account", "check", "Vimet"], ["doctor"], ["config", "show"], ["config", "validate"], ["sla", "check"],
    ["keys"], ["lookup", "1"], ["lookup", "check"], ["--debug", "sync"], ["template", "list", "Vimet"],
)  # fmt: skip
TYPED_IN = (
    [TYPED], ["--home", NOWHERE, "queue"], ["queue", f"--{TYPED}"], ["queue", "--filter", TYPED], ["search", TYPED],
    ["show", "1", "--raw", TYPED], ["customer", "show", TYPED], ["quick", "show", TYPED], ["agent", "add", TYPED],
    ["agent", "switch", TYPED], ["account", "check", TYPED], ["sync", "--account", TYPED],
    ["import", "mbox", NOWHERE, "--account", "Vimet"], ["import", "export", NOWHERE], ["export", NOWHERE],
    ["restore", NOWHERE, "--yes"], ["reply", "1", "--file", NOWHERE], ["reply", "1", "--quick", TYPED],
    ["quarantine", "show", TYPED], ["quarantine", "retry"], ["outbox", "retry", TYPED], ["split", "1", TYPED],
    ["snooze", "1", TYPED], ["tag", "1", f"+{TYPED}"], ["note", "1", "--text", TYPED], ["assign", "1", TYPED],
    ["call", TYPED, "--text", TYPED], ["call", "--ticket", "1", "--text", TYPED], ["call", "600111222", "--name", TYPED, "--text", TYPED],
    ["template", "list", TYPED], ["sender", "machine", "2"], ["sender", "person", "2"], ["rescue", "2"],
    ["reply", "1", "--text", TYPED], ["outbox", "list"], ["customer", "merge", "c1@x.test", "c2@x.test"], ["--as", TYPED, "queue"],
    ["show", "1"], ["queue"], ["agent", "switch", "Núria"], ["undo"],
)  # fmt: skip


def commands(*, typing: bool) -> list[list[str]]:
    """Every command line; `typing`: also what somebody types."""
    found = [
        [word.format(number=index + 1, index=index) for word in words]
        for index in range(len(PAYLOADS))
        for words in OF_EACH
    ]
    others = [*OF_ALL, *TYPED_IN, *EVERY_OTHER] if typing else [*OF_ALL, *EVERY_OTHER]
    return [*found, *(words for each in others for words in (each, ["--json", *each]))]


def test_every_command_is_run_or_left_out_for_a_reason():
    lines = [" ".join(word for word in words if word != "--debug") for words in commands(typing=True)]
    names = {verb.name for verb in VERBS}
    unrun = {name for name in names if not any(f"{line} ".startswith(f"{name} ") for line in lines)}
    assert unrun == LEFT_OUT.keys()


@pytest.fixture(params=[True, False], ids=["read as mail", "of an older store"])
def careful(request) -> bool:
    return request.param


@pytest.fixture
def home(careful, tmp_path) -> Home:
    made = home_in(tmp_path / "home")
    fill(made, carefully=careful)
    return made


def faults(drawn: str, ran: list[list[str]], allowed: re.Pattern[str]) -> list[str]:
    """Command, field and payload of everything that a terminal would have obeyed."""
    steps = [(found.start(), int(found[1])) for found in BEGINS.finditer(drawn)]
    said = []
    for at, what in found_in(drawn, allowed):
        words = ran[steps[bisect(steps, (at, 1 << 30)) - 1][1]] if steps else []
        near = re.findall(r"[a-z]{3}\d\d(?=\()", drawn[max(0, at - 300) : at])
        said.append(f"{[word[:20] for word in words]}, {near[-1] if near else 'no field'}: {what}")
    return said


def test_no_command_writes_anything_but_text_to_a_terminal(home, careful, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write a file where they are
    ran = commands(typing=careful)
    (tmp_path / "commands").write_text(json.dumps(ran))
    program = [sys.executable, "-c", ONE_AFTER_ANOTHER, str(tmp_path / "commands")]
    at = Terminal(program, {"AGENTDESK_HOME": str(home.config), "LC_ALL": "C.UTF-8", "EDITOR": "true"})
    assert at.ended(0) == 0
    assert "Traceback" not in at.drawn
    assert "made a mistake" not in at.drawn
    found = faults(at.drawn, ran, LINE)
    assert not found, "\n".join(found[:40])
    missing = [
        f"{field} ({each.name})"
        for number, each in enumerate(PAYLOADS)
        for field in ("sub", "nam", "bod", "not", "qui")
        if seen_in(field, number, each) not in at.drawn
    ]
    assert not missing


@pytest.mark.parametrize("careful", [False], ids=["of an older store"], indirect=True)
def test_the_board_writes_text_on_an_empty_page(home):
    at = Terminal(
        [sys.executable, "-m", "agentdesk", "sla", "board"],
        {"AGENTDESK_HOME": str(home.config), "LC_ALL": "C.UTF-8"},
    )
    try:
        at.until(text_in("sub", 19, PAYLOADS[19].shown))
        at.type("\x03")
        assert at.ended(0) == 130
    except BaseException:
        at.close()
        raise
    assert not found_in(at.drawn.replace("^C", ""), PAGE)


def strings(value) -> list[str]:
    """Every text in a JSON document."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("careful", [True], ids=["read as mail"], indirect=True)
def test_texts_in_json_are_as_safe_as_on_the_screen(home, run):
    asked = [["queue", "--view", "all"], ["search", "bod"], ["quick", "list"]]
    asked += [["show", str(number)] for number in range(1, len(PAYLOADS) + 1)]
    for words in asked:
        document = json.loads(run("--home", str(home.config), "--json", *words)[1])
        wrong = [text for text in strings(document) if undrawable(text.replace("\n", " "))]
        assert not wrong, (words, wrong)


@pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])
def test_each_way_to_a_stream_makes_text_safe(payload, tmp_path, caplog):
    """Without the one at `Stream.write` most of these fail, whatever stands before it."""
    raw = f"a {payload.raw} b"
    with (tmp_path / "out").open("w+", encoding="utf-8", errors="surrogatepass") as file:
        told = Output(Stream(file), Stream(file), json_wanted=False)
        told.say(raw)
        told.out(None, raw)
        told.out({raw: raw})
        told.out([{"k": raw}])
        told.out(None, table([raw], [[raw]]))
        told.line(None, raw)
        told.flush()
        told.page(raw)
        ticks = iter((0.0, 10.0, 20.0))
        progress = Progress(Stream(file), raw, lambda: next(ticks))
        progress.at(1, 2)
        file.seek(0)
        written = file.read().removesuffix("\n")
    assert not found_in(written, PAGE)
    assert written.count(f"a {payload.shown} b") >= 9


@pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])
def test_a_line_of_the_log_is_text_and_passes_for_no_other(payload, tmp_path):
    home = Home.under(tmp_path)
    log.start(home, debug=True)
    forged = f"{payload.raw}\n2026-01-01T00:00:00.000Z 1 ERROR agentdesk: forged"
    logging.getLogger("agentdesk.test").warning("a server said %s", forged)
    try:
        raise ValueError(forged)
    except ValueError as error:
        log.trouble(error)
    written = home.log_file.read_text("utf-8")
    assert not found_in(written, NOTHING, "\n")
    assert not re.search("^2026-01-01", written, re.MULTILINE)
    assert f"a server said {payload.shown}" in written
