"""The quick replies on the disk: what is shipped in `data/replies`, and the shop's own in `replies` beside config.toml.

Promises: one TOML file a reply, named like it; the shop's file of a name takes the place of the shipped one, whole; a
file that cannot be used is a `Problem` with file and line and leaves the others alone, and never gives its place back
to the shipped text, which says something else. What is read is safe for a terminal. Refuses: choosing, filling and
sending (`core.replies`); keeping anything: 24 small files are read in a few milliseconds.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from agentdesk import shipped
from agentdesk.core.lookup import PLACES
from agentdesk.core.macro import later
from agentdesk.core.model import Priority, Status
from agentdesk.core.replies import (
    CHAIN,
    FORMS,
    INCIDENTS,
    KNOWN,
    ME,
    NOBODY,
    TEXTS,
    Does,
    QuickReply,
    placeholders,
)
from agentdesk.core.text import safe, safe_line
from agentdesk.errors import N_, ConfigError
from agentdesk.i18n import tr

FOLDER = "replies"
SHIPPED = "shipped"
_KEYS = ("title", "text", "ask", "about", "tags", "shortcut", "do")
_DOES = ("tag", "untag", "priority", "assign", "snooze", "status")
_STATUSES = (Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY, Status.RESOLVED)


class QuickReplyError(ConfigError):
    """A quick reply that is asked for cannot be used. Values: file, key, reason, nearest."""

    code = "quick_reply"
    title = N_("The quick reply cannot be used")
    remedy = N_("Correct the file; `agentdesk quick check` checks it.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file. `line` counts from 1; `key` is dotted, "" for the whole file; `reason` is for people."""

    file: Path
    line: int
    key: str
    reason: str
    nearest: str | None = None


class Loaded(NamedTuple):
    """What can be used, by name, and why some of the shop's files cannot."""

    replies: tuple[QuickReply, ...]
    problems: tuple[Problem, ...]


def load(data_dirs: Sequence[Path]) -> Loaded:
    """Every quick reply, those of the first of `data_dirs` before those of the next and the shipped ones last.

    `problems` are those of files that are left out.
    """
    read = [_File(path, source) for path, source in _places(data_dirs).values()]
    broken = [problem for each in read if each.reply is None for problem in each.problems]
    return Loaded(tuple(each.reply for each in read if each.reply is not None), tuple(broken))


def check(data_dirs: Sequence[Path], agents: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Everything that is wrong in the files that count, by file and line; empty where nothing is. `agents` are those that
    a macro may assign to, where they are known."""
    read = [_File(path, source) for path, source in _places(data_dirs).values()]
    for each in read:
        each.check_texts()
        each.check_agent(agents)
    _check_shortcuts(read)
    found = (problem for each in read for problem in each.problems)
    return tuple(sorted(found, key=lambda problem: (str(problem.file), problem.line, problem.key)))


def _places(data_dirs: Sequence[Path]) -> dict[str, tuple[Path, str]]:
    """The file that counts for each name, and what its replies say as their source."""
    found: dict[str, tuple[Path, str]] = {}
    for folder in (*(each / FOLDER for each in data_dirs), None):
        for path in (folder or shipped() / FOLDER).glob("*.toml"):
            if not path.name.startswith("."):
                found.setdefault(path.stem, (path, SHIPPED if folder is None else str(path)))
    return dict(sorted(found.items()))


def _check_shortcuts(read: Iterable["_File"]) -> None:
    """A shortcut means one reply, and no other one's name."""
    usable = [each for each in read if each.reply is not None]
    known = sorted(
        usable, key=lambda each: each.source != SHIPPED
    )  # of two, the shop's own one can be changed
    taken = {each.path.stem: each.path.stem for each in known}
    for each in known:
        shortcut = each.reply and each.reply.shortcut
        if shortcut and taken.setdefault(shortcut, each.path.stem) != each.path.stem:
            reason = tr("the shortcut {word} means {name} already")
            each.add("shortcut", reason.format(word=shortcut, name=taken[shortcut]))


def _hint(word: str, choices: Iterable[str]) -> tuple[str, str | None]:
    """What to add to a reason about a wrong word, and the nearest right one."""
    names = list(choices)
    nearest = next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.5)), None)
    if nearest is not None:
        return tr("; did you mean {word}?").format(word=nearest), nearest
    if 0 < len(names) <= 12:
        return tr("; it can be {words}").format(words=", ".join(names)), None
    return "", None


class _Lines:
    """Which line of a TOML file says which key, as far as people write it: tables, keys, texts of several lines."""

    _HEAD = re.compile(r"\s*\[+\s*([^\]\[#]+?)\s*\]")
    _KEY = re.compile(
        r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)"""
    )

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.at: dict[str, int] = {}
        table = closing = ""
        for number, line in enumerate(self.lines, 1):
            if closing:
                closing = "" if closing in line else closing
            elif head := self._HEAD.match(line):
                table = self._plain(head[1])
                self.at.setdefault(table, number)
            elif found := self._KEY.match(line):
                self.at.setdefault(f"{table}.{self._plain(found[1])}".lstrip("."), number)
                quote = found[2][:3]
                closing = quote if quote in {'"""', "'''"} and quote not in found[2][3:] else ""

    @staticmethod
    def _plain(key: str) -> str:
        return ".".join(part.strip().strip("\"'") for part in key.split("."))

    def of(self, key: str, words: str = "") -> int:
        """The line of a key, or of the table it should stand in; with `words`, the first line of it that has them."""
        while key and key not in self.at:
            key = key.rpartition(".")[0]
        first = self.at.get(key, 1)
        following = enumerate(self.lines[first - 1 :], first)
        return next((number for number, line in following if words in line), first) if words else first


class _File:
    """One file: its reply, None where it cannot be used, and what is wrong with it."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.source = source
        self.problems: list[Problem] = []
        self.lines = _Lines("")
        raw = self._read()
        self.reply = None if raw is None else self._reply(raw)

    def add(
        self, key: str, reason: str, nearest: str | None = None, *, line: int | None = None, words: str = ""
    ) -> None:
        at = self.lines.of(key, words) if line is None else line
        self.problems.append(Problem(self.path, at, key, reason, nearest))

    def _read(self) -> dict[str, Any] | None:
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
            self.lines = _Lines(text)
            return tomllib.loads(text)
        except UnicodeDecodeError:
            self.add("", tr("it must be written in UTF-8"))
        except tomllib.TOMLDecodeError as error:
            said, _, place = str(error).partition(" (at ")
            line = re.search(r"line (\d+)", place)
            self.add("", said, line=int(line[1]) if line else max(1, len(self.lines.lines)))
        except OSError as error:
            self.add("", error.strerror or str(error))
        return None

    def _reply(self, raw: dict[str, Any]) -> QuickReply | None:
        self._known(raw, _KEYS, "")
        does = self._does(raw)
        broken = "do" in raw and does is None  # it must not answer without doing what it says
        only_acts = does is not None and "text" not in raw
        texts = {} if only_acts else self._texts(self._table(raw, "text"))
        titles = self._words(self._table(raw, "title"), "title")
        for language in CHAIN:
            if language not in titles and f"title.{language}" not in self._keys_with_problems():
                self.add(f"title.{language}", tr("it is missing"))
        asks = self._table(raw, "ask")
        reply = QuickReply(
            name=self.path.stem,
            titles=titles,
            texts=texts,
            shortcut=self._shortcut(raw),
            about=self._about(raw),
            source=self.source,
            tags=self._tags(raw, "tags"),
            asks={
                safe_line(blank): self._words(self._table(asks, blank, "ask"), f"ask.{blank}")
                for blank in asks
            },
            does=does,
        )
        return reply if (texts or only_acts) and not broken else None

    def _does(self, raw: Mapping[str, Any]) -> Does | None:
        """What a macro does; what cannot be meant is a problem, and then nothing of it is done."""
        if "do" not in raw:
            return None
        table, before = self._table(raw, "do"), len(self.problems)
        self._known(table, _DOES, "do")
        words: dict[str, object] = {
            key: table[key] for key in ("priority", "assign", "snooze", "status") if key in table
        }
        said = {key: safe_line(self._text(value, f"do.{key}")) for key, value in words.items()}
        known: dict[str, tuple[str, ...]] = {"priority": tuple(Priority), "status": _STATUSES}
        for key, choices in known.items():
            if said.get(key) and said[key] not in choices:
                hint, nearest = _hint(said[key], choices)
                self.add(f"do.{key}", tr("this word is not known{hint}").format(hint=hint), nearest)
        if said.get("snooze") and later(said["snooze"], datetime(2000, 1, 1, tzinfo=UTC)) is None:
            self.add("do.snooze", tr('it is written as 30m, 2h, 3d, 1w or "1d 9:00"'))
        if said.get("snooze") and said.get("status"):
            self.add("do.status", tr("what sleeps has no other status: leave out one of both"))
        does = Does(tag=self._tags(table, "tag", "do."), untag=self._tags(table, "untag", "do."), **said)
        if does == Does() and len(self.problems) == before:
            self.add("do", tr("it does nothing: say tag, untag, priority, assign, snooze or status"))
        return does if len(self.problems) == before else None

    def check_agent(self, agents: Sequence[str]) -> None:
        """Whoever a macro gives a ticket to works here."""
        name = self.reply.does.assign if self.reply and self.reply.does else ""
        if name and agents and name not in {ME, NOBODY, *agents}:
            hint, nearest = _hint(name, (ME, NOBODY, *agents))
            self.add("do.assign", tr("nobody of that name works here{hint}").format(hint=hint), nearest)

    def _keys_with_problems(self) -> frozenset[str]:
        return frozenset(problem.key for problem in self.problems)

    def _known(self, table: Mapping[str, Any], names: Sequence[str], path: str) -> None:
        for name in table:
            if name not in names:
                hint, nearest = _hint(name, names)
                key = f"{path}.{name}".lstrip(".")
                self.add(key, tr("this key is not known{hint}").format(hint=hint), nearest)

    def _table(self, within: Mapping[str, Any], name: str, path: str = "") -> dict[str, Any]:
        found = within.get(name, {})
        if isinstance(found, dict):
            return found
        self.add(f"{path}.{name}".lstrip("."), tr("it must be a table"))
        return {}

    def _words(self, table: Mapping[str, Any], path: str) -> dict[str, str]:
        """One line of text for each language."""
        self._known(table, CHAIN, path)
        found = {
            language: self._text(table[language], f"{path}.{language}")
            for language in CHAIN
            if language in table
        }
        return {language: safe_line(text) for language, text in found.items() if text}

    def _text(self, value: object, key: str) -> str:
        if not isinstance(value, str):
            self.add(key, tr("it must be a text in quotes"))
            return ""
        if not value.strip():
            self.add(key, tr("the text is empty"))
        return value.strip()

    def _texts(self, table: Mapping[str, Any]) -> dict[str, str]:
        """The texts by the keys of TEXTS; what is missing is a problem, and no reason to leave out the rest."""
        self._known(table, CHAIN, "text")
        given: dict[str, object] = {}
        for language in CHAIN:
            if language not in FORMS:
                given |= {language: table[language]} if language in table else {}
                continue
            forms = self._table(table, language, "text")
            self._known(forms, FORMS[language], f"text.{language}")
            given |= {f"{language}.{form}": forms[form] for form in FORMS[language] if form in forms}
        found = {key: self._text(value, f"text.{key}") for key, value in given.items()}
        for key in TEXTS:
            if key not in found:
                self.add(f"text.{key}", tr("it is missing"))
        return {key: _clean(text) for key, text in found.items() if text}

    def _shortcut(self, raw: Mapping[str, Any]) -> str | None:
        value = raw.get("shortcut")
        if value is None or (isinstance(value, str) and re.fullmatch(r"\w[\w-]*", value)):
            return value
        self.add("shortcut", tr("a shortcut is one word of letters, digits and -"))
        return None

    def _about(self, raw: Mapping[str, Any]) -> str | None:
        value = raw.get("about")
        if value is None or value in INCIDENTS:
            return value
        hint, nearest = _hint(str(value), INCIDENTS)
        self.add("about", tr("this word is not known{hint}").format(hint=hint), nearest)
        return None

    def _tags(self, raw: Mapping[str, Any], key: str, path: str = "") -> tuple[str, ...]:
        value = raw.get(key, [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(safe_line(each) for each in value)
        self.add(f"{path}{key}", tr('it must be a list of texts: ["...", "..."]'))
        return ()

    def check_texts(self) -> None:
        """What is wrong in texts that can be used: placeholders and braces."""
        if self.reply is None:
            return
        shown = {key: self._check_text(key, text) for key, text in self.reply.texts.items()}
        everything = dict.fromkeys(each for names in shown.values() for each in names)
        for key, names in shown.items():
            if lacking := [f"{{{{{name}}}}}" for name in everything if name not in names]:
                reason = tr("it lacks {words}, which another text has")
                self.add(f"text.{key}", reason.format(words=", ".join(lacking)))
        for blank in self.reply.asks:
            if f"?{blank}" not in everything and (blank not in everything or blank not in PLACES):
                self.add(f"ask.{blank}", tr("no text asks for it"))

    def _check_text(self, key: str, text: str) -> frozenset[str]:
        """The names of its placeholders, blanks with their question mark."""
        path = f"text.{key}"
        names = set()
        rest = ""
        at = 0
        for each in placeholders(text):
            written = text[each.start : each.end]
            rest += text[at : each.start]
            at = each.end
            names.add(f"?{each.name}" if each.asks else each.name)
            if each.asks and (not each.name or each.fallback is not None):
                self.add(path, tr("what asks the agent has a name and no fallback"), words=written)
            elif not each.asks and each.name not in {*KNOWN, *PLACES}:
                hint, nearest = _hint(each.name, (*KNOWN, *PLACES))
                reason = tr("this placeholder is not known{hint}").format(hint=hint)
                self.add(path, f"{written}: {reason}", nearest, words=written)
        rest += text[at:]
        if stray := re.search(r"[{}]+[^{}\s]*", rest):
            self.add(path, tr("the braces do not match"), words=stray[0])
        return frozenset(names)


def _clean(text: str) -> str:
    """A text as it will stand in a message: safe, and no spaces where lines end."""
    return "\n".join(line.rstrip() for line in safe(text).strip().split("\n"))
