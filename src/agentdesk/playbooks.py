"""The playbooks on the disk: what is shipped in `data/playbooks`, and the shop's own in `playbooks` beside config.toml.

Promises: one TOML file a playbook, named like it; the shop's file of a name takes the place of the shipped one; a file with a
fault that would leave an agent stuck is a `Problem` with file and line and is not used, the others are. Refuses: choosing
one and keeping how far a ticket is.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from agentdesk.core.macro import later
from agentdesk.core.model import INCIDENTS, KINDS
from agentdesk.core.playbook import END, Choice, Fault, Playbook, Step, faults
from agentdesk.core.replies import CHAIN
from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.shopfile import Problem, ShopFile, hint, in_order, places

FOLDER = "playbooks"
_KEYS = ("title", "incident", "kind", "must_finish", "steps")
_STEP = ("id", "title", "ask", "quick", "within", "choices")
_CHOICE = ("id", "title", "to")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_REASONS: Mapping[str, str] = {
    "no_steps": N_("it has no steps"),
    "twice": N_("{word} is there twice"),
    "nowhere": N_("there is no step {word}"),
    "unreachable": N_("nothing leads to the step {word}"),
    "no_end": N_("from the step {word} there is no way to the end"),
    "no_quick": N_("there is no quick reply {word}"),
    "missing": N_("it is missing"),
}
_TRAPS = frozenset({"no_steps", "twice", "nowhere", "no_end"})
"""Faults with which nobody could get to the end."""


class Loaded(NamedTuple):
    """What can be used, by name, and why some files cannot."""

    playbooks: tuple[Playbook, ...]
    problems: tuple[Problem, ...]


def load(data_dirs: Sequence[Path]) -> Loaded:
    """Every playbook; `problems` are those of files that are left out."""
    read = [_File(path, source) for path, source in places(FOLDER, data_dirs).values()]
    broken = [problem for each in read if each.playbook is None for problem in each.problems]
    return Loaded(tuple(each.playbook for each in read if each.playbook is not None), tuple(broken))


def named(data_dirs: Sequence[Path], name: str) -> Playbook | None:
    """The playbook of that name; None where there is none or it cannot be used. Reads that file alone."""
    found = places(FOLDER, data_dirs).get(name)
    return _File(*found).playbook if found else None


def check(data_dirs: Sequence[Path], quick: Collection[str]) -> tuple[Problem, ...]:
    """Everything that is wrong in the files that count; `quick` are the names of the quick replies that there are."""
    read = [_File(path, source, quick) for path, source in places(FOLDER, data_dirs).values()]
    return in_order(problem for each in read for problem in each.problems)


class _File(ShopFile):
    """One file: its playbook, None where it cannot be used."""

    def __init__(self, path: Path, source: str, quick: Collection[str] | None = None) -> None:
        super().__init__(path, source)
        raw = self.read()
        self.playbook = None if raw is None else self._playbook(raw, quick)

    def _playbook(self, raw: Mapping[str, Any], quick: Collection[str] | None) -> Playbook | None:
        self.known(raw, _KEYS, "")
        if not _ID.fullmatch(self.path.stem):
            self.add("", tr("the file's name is one word of small letters, digits and -"))
        steps = tuple(
            self._step(each, f"steps.{number}")
            for number, each in enumerate(self._tables(raw, "steps", "steps"))
        )
        playbook = Playbook(
            name=self.path.stem,
            titles=self.words(self.table(raw, "title"), "title"),
            steps=steps,
            incident=self._one_of(raw, "incident", INCIDENTS),
            kind=self._one_of(raw, "kind", KINDS),
            must_finish=self._must_finish(raw),
            source=self.source,
        )
        found = faults(playbook, {step.quick for step in steps} if quick is None else quick)
        is_usable = not self.problems and not any(each.code in _TRAPS for each in found)
        for each in found:
            self._fault(each)
        return playbook if is_usable else None

    def _fault(self, fault: Fault) -> None:
        if fault.key not in self.faulty():
            self.add(fault.key, tr(_REASONS[fault.code]).format(word=fault.word))

    def _step(self, raw: Mapping[str, Any], key: str) -> Step:
        self.known(raw, _STEP, key)
        return Step(
            id=self._id(raw, key),
            titles=self.words(self.table(raw, "title", key), f"{key}.title"),
            asks=self._asks(raw, key),
            quick=self._line(raw, "quick", key),
            within=self._within(raw, key),
            choices=tuple(
                self._choice(each, f"{key}.choices.{number}")
                for number, each in enumerate(self._tables(raw, "choices", f"{key}.choices"))
            ),
        )

    def _choice(self, raw: Mapping[str, Any], key: str) -> Choice:
        self.known(raw, _CHOICE, key)
        if "to" not in raw:
            self.add(f"{key}.to", tr('it is missing: the id of a step, or "{end}"').format(end=END))
        titles = self.words(self.table(raw, "title", key), f"{key}.title")
        return Choice(self._id(raw, key), titles, self._line(raw, "to", key))

    def _id(self, raw: Mapping[str, Any], key: str) -> str:
        """One word that the log keeps; what it is called can be changed, the id cannot."""
        value = raw.get("id")
        if isinstance(value, str) and _ID.fullmatch(value) and value != END:
            return value
        self.add(f"{key}.id", tr("an id is one word of small letters, digits and -"))
        return ""

    def _tables(self, raw: Mapping[str, Any], name: str, key: str) -> list[dict[str, Any]]:
        value = raw.get(name, [])
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return value
        self.add(key, tr("it is written as [[{name}]]").format(name=name))
        return []

    def _asks(self, raw: Mapping[str, Any], key: str) -> Mapping[str, str]:
        """Whom to ask: one text for all languages, or one for each."""
        if isinstance(raw.get("ask"), str):
            return dict.fromkeys(CHAIN, self._line(raw, "ask", key))
        return self.words(self.table(raw, "ask", key), f"{key}.ask")

    def _line(self, raw: Mapping[str, Any], name: str, key: str) -> str:
        return safe_line(self.text(raw[name], f"{key}.{name}")) if name in raw else ""

    def _within(self, raw: Mapping[str, Any], key: str) -> str:
        span = self._line(raw, "within", key)
        if span and later(span, datetime(2000, 1, 1, tzinfo=UTC)) is None:
            self.add(f"{key}.within", tr('it is written as 30m, 2h, 3d, 1w or "1d 9:00"'))
        return span

    def _one_of(self, raw: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
        value = raw.get(name, "")
        if value == "" or value in choices:
            return str(value)
        near, nearest = hint(str(value), choices)
        self.add(name, tr("this word is not known{hint}").format(hint=near), nearest)
        return ""

    def _must_finish(self, raw: Mapping[str, Any]) -> bool:
        value = raw.get("must_finish", False)
        if not isinstance(value, bool):
            self.add("must_finish", tr("it must be true or false"))
        return value is True
