"""A text file that the shop edits: read as TOML, with whatever is wrong in it named by file and line.

Promises: the shop's file of a name takes the place of the shipped one, whole; one that cannot be read is a `Problem` and never an
exception; what is read is safe for a terminal. Refuses: knowing what a file is for. Quick replies (`quick`) and playbooks
(`playbooks`) are read with it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentdesk import shipped
from agentdesk.core.replies import CHAIN, SHIPPED
from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file. `line` counts from 1; `key` is dotted, "" for the whole file; `reason` is for people."""

    file: Path
    line: int
    key: str
    reason: str
    nearest: str | None = None

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.reason}"


def places(folder: str, data_dirs: Sequence[Path]) -> dict[str, tuple[Path, str]]:
    """The file that counts for each name in `folder`, and its source: those of the first of `data_dirs` before those of the
    next, the shipped ones last."""
    found: dict[str, tuple[Path, str]] = {}
    for own in (*(each / folder for each in data_dirs), None):
        for path in (own or shipped() / folder).glob("*.toml"):
            if not path.name.startswith("."):
                found.setdefault(path.stem, (path, SHIPPED if own is None else str(path)))
    return dict(sorted(found.items()))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file, line and key."""
    return tuple(sorted(problems, key=lambda problem: (str(problem.file), problem.line, problem.key)))


def hint(word: str, choices: Iterable[str]) -> tuple[str, str | None]:
    """What to add to a reason about a wrong word, and the nearest right one."""
    names = list(choices)
    nearest = next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.5)), None)
    if nearest is not None:
        return tr("; did you mean {word}?").format(word=nearest), nearest
    if 0 < len(names) <= 12:
        return tr("; it can be {words}").format(words=", ".join(names)), None
    return "", None


class Lines:
    """Which line of a TOML file says which key, as far as people write it: tables, lists of tables, keys, texts of several
    lines."""

    _HEAD = re.compile(r"\s*(\[+)\s*([^\]\[#]+?)\s*\]")
    _KEY = re.compile(
        r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)"""
    )

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.at: dict[str, int] = {}
        self._lists: dict[str, int] = {}
        table = closing = ""
        for number, line in enumerate(self.lines, 1):
            if closing:
                closing = "" if closing in line else closing
            elif head := self._HEAD.match(line):
                table = self._placed(self._plain(head[2]), again=len(head[1]) > 1)
                self.at.setdefault(table, number)
                if len(head[1]) > 1:
                    self.at.setdefault(table.rpartition(".")[0], number)
            elif found := self._KEY.match(line):
                self.at.setdefault(f"{table}.{self._plain(found[1])}".lstrip("."), number)
                quote = found[2][:3]
                closing = quote if quote in {'"""', "'''"} and quote not in found[2][3:] else ""

    def _placed(self, table: str, *, again: bool) -> str:
        """A table's name with the place of each list that it is in: the second `[[steps]]` is `steps.1`."""
        place = ""
        *within, last = table.split(".")
        for part in within:
            place = f"{place}.{part}".lstrip(".")
            place = f"{place}.{self._lists[place]}" if place in self._lists else place
        place = f"{place}.{last}".lstrip(".")
        if not again:
            return place
        self._lists[place] = self._lists.get(place, -1) + 1
        return f"{place}.{self._lists[place]}"

    @staticmethod
    def _plain(key: str) -> str:
        return ".".join(part.strip().strip("\"'") for part in key.split("."))

    def of(self, key: str, words: str = "") -> int:
        """The line of a key, or of the table it should stand in; with `words`, the first line of it that has them."""
        key = self._plain(key)
        while key and key not in self.at:
            key = key.rpartition(".")[0]
        first = self.at.get(key, 1)
        following = enumerate(self.lines[first - 1 :], first)
        return next((number for number, line in following if words in line), first) if words else first


_MISTAKES: Mapping[str, str] = {
    "Cannot overwrite a value": N_("this name is there already: put both into one"),
    "Duplicate inline table key": N_("this name is there already: put both into one"),
    "Expected '=' after": N_('a line is name = value, or a table such as [name]; the "=" is missing'),
    "Expected newline": N_(
        "something stands behind the value; each name = value has a line of its own, and a text stands in quotes"
    ),
    "Invalid value": N_('this value cannot be read: a text stands in quotes, "...", and a list in [ ]'),
    "Invalid statement": N_("a line is name = value, or a table such as [name]"),
    "Expected ']": N_("a square bracket is not closed"),
    "Unclosed array": N_("a square bracket is not closed"),
    "Unclosed inline table": N_("a brace is not closed on its line"),
    "Unterminated string": N_("a quotation mark is not closed"),
    "Expected \"'": N_("a quotation mark is not closed"),
    "Unescaped": N_("a backslash in a text is written twice"),
    "Illegal character": N_(
        "a character that no text can hold; a text of several lines stands in three quotation marks"
    ),
}
"""What the parser says at the beginning, in English, and what to do."""


def no_toml(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """The line at which `text` is no TOML, and why, for people."""
    said, _, place = str(error).partition(" (at ")
    found = re.search(r"line (\d+)", place)
    line = int(found[1]) if found else max(1, len(text.splitlines()))
    if twice := re.match(r"Cannot (?:declare|mutate immutable namespace) \((.*)\)", said):
        return line, _twice(text, line, re.findall(r"'([^']*)'", twice[1]))
    known = next((reason for begins, reason in _MISTAKES.items() if said.startswith(begins)), None)
    return line, tr(known) if known else tr("it cannot be read: {said}").format(said=said)


def _twice(text: str, line: int, parts: Sequence[str]) -> str:
    """A table that is there already, or that stands in a value which was closed by its braces."""
    before = Lines("\n".join(text.splitlines()[: line - 1])).at
    names = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    name = next((each for each in names if each in before), names[0])
    if name == names[0]:
        reason = tr("[{name}] is there already, on line {line}: put both into one")
    else:
        reason = tr(
            "{name} is whole on line {line}, between its braces: write it as a table of its own there, [{name}]"
        )
    return reason.format(name=name, line=before.get(name, line))


class ShopFile:
    """One file, and what is wrong with it. Whoever knows what it is for goes on from here."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.source = source
        self.problems: list[Problem] = []
        self.lines = Lines("")

    def add(
        self, key: str, reason: str, nearest: str | None = None, *, line: int | None = None, words: str = ""
    ) -> None:
        at = self.lines.of(key, words) if line is None else line
        self.problems.append(Problem(self.path, at, key, reason, nearest))

    def read(self) -> dict[str, Any] | None:
        """What the file says; None where it cannot be read."""
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
            self.lines = Lines(text)
            return tomllib.loads(text)
        except UnicodeDecodeError:
            self.add("", tr("it must be written in UTF-8"))
        except tomllib.TOMLDecodeError as error:
            line, reason = no_toml(text, error)
            self.add("", reason, line=line)
        except (ValueError, RecursionError):
            self.add("", tr("a number in it is too long, or its lists lie too deep in each other"), line=1)
        except OSError as error:
            self.add("", tr(error.strerror or str(error)))
        return None

    def faulty(self) -> frozenset[str]:
        """The keys that something is wrong with."""
        return frozenset(problem.key for problem in self.problems)

    def known(self, table: Mapping[str, Any], names: Sequence[str], path: str) -> None:
        """Every key of `table`, which stands at `path`, is one of `names`."""
        for name in table:
            if name not in names:
                near, nearest = hint(name, names)
                key = f"{path}.{name}".lstrip(".")
                self.add(key, tr("this key is not known{hint}").format(hint=near), nearest)

    def table(self, within: Mapping[str, Any], name: str, path: str = "") -> dict[str, Any]:
        """The table of that name; an empty one where there is none."""
        found = within.get(name, {})
        if isinstance(found, dict):
            return found
        self.add(f"{path}.{name}".lstrip("."), tr("it must be a table"))
        return {}

    def words(self, table: Mapping[str, Any], path: str) -> dict[str, str]:
        """One line of text for each language."""
        self.known(table, CHAIN, path)
        found = {
            language: self.text(table[language], f"{path}.{language}")
            for language in CHAIN
            if language in table
        }
        return {language: safe_line(text) for language, text in found.items() if text}

    def text(self, value: object, key: str) -> str:
        if not isinstance(value, str):
            self.add(key, tr("it must be a text in quotes"))
            return ""
        if not value.strip():
            self.add(key, tr("the text is empty"))
        return value.strip()
