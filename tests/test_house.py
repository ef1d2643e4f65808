"""The rules of the house that no linter knows. Every message says what to do.

The sizes are a ratchet: a limit is never raised, an exception is listed with its present figures, and a figure that
has shrunk is to be lowered here, so that it cannot grow again.
"""

import ast
import gc
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from agentdesk.cli import function_of
from agentdesk.cli.verbs import VERBS
from agentdesk.errors import NotAvailableError

ROOT = Path(__file__).parents[1]
SOURCE = tuple(sorted((ROOT / "src").rglob("*.py")))
CODE = (*SOURCE, *sorted(p for d in ("tests", "tools", "benchmarks") for p in (ROOT / d).rglob("*.py")))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

FILE_LINES = 400
FUNCTION_LINES = 50
FUNCTION_LINES_P95 = 35
CLASS_LINES = 250
METHODS = 20
FILES_OF_THEIR_OWN = {"src/agentdesk/app.py": 150, "src/agentdesk/screens/home.py": 300}

LARGE_FILES: dict[str, int] = {"tests/channels/test_smtp.py": 733}
LONG_FUNCTIONS: dict[str, int] = {}
LARGE_CLASSES: dict[str, int] = {}
MANY_METHODS: dict[str, int] = {
    "src/agentdesk/channels/email.py:Email": 23,
    "src/agentdesk/core/state.py:State": 28,
    "src/agentdesk/store/state.py:StoreState": 34,
}
"""Windows whose every method is one question; a second class would only hand the questions on."""
WORDLESS: frozenset[str] = frozenset()
"""Modules whose docstring is empty; may only get fewer."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def tree(path: Path) -> ast.Module:
    # What a collection in its midst ends may run code, and CPython 3.11 then loses count of how deep the tree is.
    gc.disable()
    try:
        return ast.parse(path.read_text("utf-8"))
    finally:
        gc.enable()


def nodes(paths: tuple[Path, ...], *kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """(`file:line`, node) of every node of these kinds."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield f"{named(path)}:{getattr(node, 'lineno', 0)}", node


def clean(found: object, advice: str) -> None:
    """Fails with one line for each thing found and what to do about it."""
    assert not found, "\n".join([advice, *(f"  {each}" for each in found)])


def ratchet(sizes: dict[str, int], limit: int, exceptions: dict[str, int], what: str) -> None:
    """Nothing is above `limit` but what is listed, and the list says how it is today."""
    clean(
        [f"{name}: {size}" for name, size in sizes.items() if size > limit and name not in exceptions],
        f"{what}: at most {limit}. Take something out into a place with a name of its own:",
    )
    for name, was in exceptions.items():
        now = sizes.get(name, 0)
        assert now <= was, f"{name} has grown from {was} to {now} ({what}): make it smaller again"
        if now < was:
            better = f"lower it to {now}" if now > limit else "delete its line"
            pytest.fail(f"{name} has shrunk from {was} to {now} ({what}): {better} in tests/test_house.py")


def lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def largest(measure, *kinds: type[ast.AST]) -> dict[str, int]:
    """`file:name` to the greatest measure of what is called so there."""
    sizes: dict[str, int] = {}
    for at, node in nodes(CODE, *kinds):
        name = f"{at.partition(':')[0]}:{node.name}"
        sizes[name] = max(measure(node), sizes.get(name, 0))
    return sizes


def test_files_are_small():
    sizes = {named(path): len(path.read_text("utf-8").splitlines()) for path in CODE}
    ratchet(sizes, FILE_LINES, LARGE_FILES, "lines of a file")
    for name, limit in FILES_OF_THEIR_OWN.items():
        assert sizes.get(name, 0) <= limit, f"{name}: at most {limit} lines; it wires, others do"


def test_functions_are_short():
    ratchet(largest(lines, *FUNCTIONS), FUNCTION_LINES, LONG_FUNCTIONS, "lines of a function")
    ours = sorted(lines(node) for _, node in nodes(SOURCE, *FUNCTIONS))
    p95 = ours[int(len(ours) * 0.95)]
    assert p95 <= FUNCTION_LINES_P95, f"one function in twenty is over {p95} lines: shorten the longest"


def test_classes_are_small():
    def methods(node):
        return sum(isinstance(each, FUNCTIONS) for each in node.body)

    ratchet(largest(lines, ast.ClassDef), CLASS_LINES, LARGE_CLASSES, "lines of a class")
    ratchet(largest(methods, ast.ClassDef), METHODS, MANY_METHODS, "methods of a class")


def test_no_group_of_a_pattern_is_possessive():
    """Python 3.11.0 to 3.11.4, which Debian 12 has, match such groups wrongly where something in them could step back: the
    terminal's last door let sequences through. A set of letters may be possessive (`[^"]*+`)."""
    wrong = re.compile(r"[)}](?:[*+?]|\{\d*,?\d*\})\+|\(\?>")
    texts = nodes(SOURCE, ast.Constant, ast.JoinedStr)
    found = {at for at, node in texts if wrong.search(ast.unparse(node))}
    clean(found, "let the group be greedy, and each of its branches begin differently:")


def test_values_are_made_by_our_own_dataclass():
    apart = ("src/agentdesk/values.py", "src/agentdesk/relay/")
    found = [
        at
        for at, node in nodes(SOURCE, ast.ImportFrom)
        if node.module == "dataclasses" and any(each.name == "dataclass" for each in node.names)
    ]
    clean(
        [at for at in found if not at.startswith(apart)],
        "take dataclass from agentdesk.values, which every start is faster by:",
    )


def test_no_module_imports_itself_by_a_detour():
    graph = grimp.build_graph("agentdesk", cache_dir=None)
    edges = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        pytest.fail(f"{' > '.join(error.args[1])}: move what both need a floor down")


def test_every_module_says_what_it_promises():
    silent = {named(path) for path in SOURCE if not (ast.get_docstring(tree(path)) or "").strip()}
    clean(
        sorted(silent - WORDLESS), "Begin the module with what it promises, what it refuses and why this way:"
    )
    clean(
        sorted(WORDLESS - silent), "Delete these from WORDLESS in tests/test_house.py, they have words now:"
    )


def test_nothing_is_mocked():
    found = []
    for at, node in nodes(CODE, ast.Import, ast.ImportFrom):
        names = [f"{getattr(node, 'module', None) or ''}.{alias.name}" for alias in node.names]
        if any(re.search(r"(^|\.)(unittest\.mock|mock|pytest_mock)(\.|$)", name) for name in names):
            found.append(at)
    clean(found, "Use a real server or an honest fake on loopback (tests/servers):")


def calls(paths: tuple[Path, ...], *names: str) -> list[str]:
    return [at for at, node in nodes(paths, ast.Call) if ast.unparse(node.func) in names]


def test_nothing_sleeps():
    clean(calls(CODE, "time.sleep", "sleep"), "Wait on a condition with a deadline (tests: servers.until):")


def test_nothing_prints_past_the_output():
    clean(calls(SOURCE, "print"), "Use ctx.out for data and ctx.say for narration (cli/output.py):")


def test_only_the_clock_reads_the_clock():
    asked = (
        "datetime.now",
        "datetime.datetime.now",
        "datetime.utcnow",
        "date.today",
        "datetime.date.today",
        "time.time",
    )
    found = [at for at in calls(SOURCE, *asked) if not at.startswith("src/agentdesk/engine/clock.py:")]
    clean(found, "Time is an argument: take `now` from the caller, in the end from engine/clock.py:")


def test_no_chore_is_left_in_a_comment():
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
    found = [
        f"{named(path)}:{number}"
        for path in CODE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    clean(found, "Do it now or open an issue; a comment is read by nobody:")


SQL = re.compile(
    r"\b(SELECT\s.+\sFROM\s|INSERT (OR \w+ )?INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|PRAGMA \w|"
    r"(CREATE|ALTER|DROP) (VIRTUAL )?(TABLE|INDEX|TRIGGER|VIEW)\b|BEGIN IMMEDIATE|ON CONFLICT DO)",
    re.DOTALL,
)


def test_only_the_store_speaks_sql():
    speakers = ("/store/", "/relay/shelf.py")  # the second for a file of its own, on a server without a desk
    above = tuple(path for path in SOURCE if not any(each in path.as_posix() for each in speakers))
    found = [
        at
        for at, node in nodes(above, ast.Constant)
        if isinstance(node.value, str) and SQL.search(node.value)
    ]
    clean(found, "Write a function in store/ that says the result, and ask it through engine/window.py:")


TEXTS = ("*.md", "Makefile", "pyproject.toml", ".ci/run", "docs/**/*.md", "data/**/*.toml", "data/**/*.md")


def test_no_path_of_somebodys_machine():
    private = re.compile(r"(?<![\w.~/])/(?:work|root|home/\w+|Users/\w+)/\w|[A-Z]:\\Users")
    paths = (*CODE, ROOT / "hatch_build.py", *(p for each in TEXTS for p in ROOT.glob(each)))
    found = [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if private.search(line)
    ]
    clean(found, "Name places by what they are (--home, the checkout), not by one machine's path:")


def test_the_readmes_two_commands_are_there():
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    promised = set(
        re.findall(r"(?:`|^ {4})make ([a-z]+)", read("README.md") + read("CONTRIBUTING.md"), re.MULTILINE)
    )
    assert {"demo", "test"} <= promised, "README names `make demo` and `make test`"
    clean(sorted(promised - targets), "README or CONTRIBUTING names targets that the Makefile lacks:")


def is_built(verb) -> bool:
    """Something runs it, and that does more than say that it is not available yet."""
    try:
        function = function_of(verb)
    except NotAvailableError:
        return False
    file = Path(sys.modules[function.__module__].__file__)
    body = next(n for n in tree(file).body if isinstance(n, FUNCTIONS) and n.name == function.__name__).body
    only = ast.unparse(body[-1]) if len(body) == 1 else ""
    return not only.startswith(f"raise {NotAvailableError.__name__}(")


def test_the_readme_names_every_command_that_works_and_no_other():
    section = re.search(r"^## What works today$(.+?)^## ", read("README.md"), re.MULTILINE | re.DOTALL)
    assert section, 'README.md has a section "What works today"'
    working, _, coming = section[1].partition("### Not yet")
    built = {verb.name: is_built(verb) for verb in VERBS if verb.name}
    said = set(re.findall(r"`([a-z][a-z -]*?)`", working)) & built.keys()
    works = {name for name, done in built.items() if done}
    clean(sorted(works - said), "Name these commands in README.md under What works today:")
    clean(sorted(said - works), "README.md says that these work, and they are not built:")
    late = set(re.findall(r"`([a-z][a-z -]*?)`", coming)) & works
    clean(sorted(late), "README.md says Not yet of these, and they work:")


def plain(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


DEPENDENCIES = (
    *PROJECT["project"]["dependencies"],
    *(each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra),
)


def test_every_dependency_is_named_in_a_decision():
    said = " ".join(path.read_text("utf-8") for path in (ROOT / "docs/adr").glob("*.md")).lower()
    missing = [each for each in DEPENDENCIES if f"| {plain(each)} |" not in said]
    clean(
        missing, "Add licence, last release, size and reason to the table of docs/adr/0006-dependencies.md:"
    )


def test_decisions_are_numbered_without_gaps_and_say_what_would_change_our_mind():
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        for heading in ("## Context", "## Decision", "## What would change our mind"):
            assert heading in text, f"{named(path)} lacks {heading}"
        assert len(text.splitlines()) <= 80, f"{named(path)}: one page"


def test_the_lock_has_a_hash_for_everything_and_no_address():
    entries = re.sub(r"\\\n", " ", read("requirements.lock")).splitlines()
    pinned = [line for line in entries if line.strip() and not line.startswith("#")]
    clean([line[:60] for line in pinned if "--hash=sha256:" not in line], "Run `make lock`; no hash:")
    clean([line[:60] for line in pinned if "==" not in line.split(" ")[0]], "Run `make lock`; not pinned:")
    clean([line[:60] for line in entries if re.search(r"://|--(extra-)?index|--find-links| @ ", line)],
          "The lock names versions and hashes; addresses are each machine's own business:")  # fmt: skip
    wanted = {plain(each) for each in (*DEPENDENCIES, *PROJECT["dependency-groups"]["dev"])}
    locked = {plain(line) for line in pinned}
    clean(sorted(wanted - locked), "Run `make lock`; these are missing:")


def test_the_licences_are_said():
    assert PROJECT["project"]["license"] == "MIT"
    assert read("LICENSE").startswith("MIT License")
    assert read("data/LICENSE").startswith("CC0 1.0 Universal")


def test_the_changelog_has_a_place_for_what_comes():
    assert re.search(r"^## \[[^]]+\] - Unreleased$|^## \[Unreleased\]", read("CHANGELOG.md"), re.MULTILINE), (
        'CHANGELOG.md needs "## [0.1.0] - Unreleased" or "## [Unreleased]", written for agents and shop owners'
    )


def test_make_proof_runs_whole_what_the_tests_sample():
    proof = (ROOT / "Makefile").read_text("utf-8").partition("\nproof:")[2].partition("\n\n")[0]
    sampled = [
        named(path)
        for path in (ROOT / "tests").rglob("test_*.py")
        if " if PROOF else " in path.read_text("utf-8")
    ]
    assert len(sampled) > 10
    clean(
        [name for name in sampled if name != "tests/test_house.py" and name not in proof],
        "name these in `make proof`:",
    )


def test_ci_runs_what_a_commit_must_pass():
    """`.ci/run` leaves out only the choice of tests: it runs all of them."""
    assert re.search(r"^check: static$", read("Makefile"), re.MULTILINE), (
        "`make check` begins with `make static`"
    )
    assert re.search(r"^make static$", read(".ci/run"), re.MULTILINE), "`.ci/run` runs `make static` too"


@pytest.mark.slow
def test_the_wheel_has_everything_that_it_needs(tmp_path):
    """Built from a copy, since the build writes the compiled catalogues beside their sources."""
    tree_, out = tmp_path / "tree", tmp_path / "out"
    tree_.mkdir()
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, tree_ / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree_ / name)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=tree_, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    data = {f"agentdesk/{named(p)}" for p in (ROOT / "data").rglob("*") if p.is_file()}
    speaks = {f"agentdesk/locale/{each}/LC_MESSAGES/agentdesk.mo" for each in ("es", "ca")}
    clean(sorted((data | speaks) - inside), "Not in the wheel; see [tool.hatch] in pyproject.toml:")
    assert not [name for name in inside if name.startswith(("tests", "tools", "benchmarks"))]


def test_every_command_but_the_console_is_kept_from_the_toolkit():
    """The import contract names files; a new one must be named too."""
    (contract,) = (
        each
        for each in tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
        if each["name"].startswith("no command but the one")
    )
    there = {f"agentdesk.cli.{path.stem}" for path in (ROOT / "src/agentdesk/cli").glob("*.py")}
    missing = there - {"agentdesk.cli.__init__", "agentdesk.cli.console"} - set(contract["source_modules"])
    clean(sorted(missing), "Name these in the import contract of pyproject.toml:")
