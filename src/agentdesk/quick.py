"""The quick replies on the disk: what is shipped in `data/replies`, and the shop's own in `replies` beside config.toml. The texts
that agentdesk sends by itself lie beside them, in `automatic`.

Promises: one TOML file a reply, named like it; the shop's file of a name takes the place of the shipped one, whole; a
file that cannot be used is a `Problem` with file and line and leaves the others alone, and never gives its place back
to the shipped text, which says something else. What is read is safe for a terminal. Refuses: choosing, filling and
sending (`core.replies`); keeping anything: 24 small files are read in a few milliseconds.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from agentdesk import doing
from agentdesk.core.lookup import PLACES
from agentdesk.core.model import INCIDENTS
from agentdesk.core.replies import (
    BY_CALENDAR,
    CHAIN,
    FORMS,
    KNOWN,
    ME,
    NOBODY,
    SHIPPED,
    TEXTS,
    Does,
    QuickReply,
    placeholders,
)
from agentdesk.core.text import clean, safe_line
from agentdesk.errors import N_, ConfigError
from agentdesk.i18n import tr
from agentdesk.shopfile import Problem, ShopFile, hint, in_order, places

FOLDER, AUTOMATIC = "replies", "automatic"
_KEYS = ("title", "text", "ask", "says", "about", "tags", "shortcut", "do")


class QuickReplyError(ConfigError):
    """A quick reply that is asked for cannot be used. Values: file, key, reason, nearest."""

    code = "quick_reply"
    title = N_("The quick reply cannot be used")
    remedy = N_("Correct the file; `agentdesk quick check` checks it.")


class Loaded(NamedTuple):
    """What can be used, by name, and why some of the shop's files cannot."""

    replies: tuple[QuickReply, ...]
    problems: tuple[Problem, ...]


def load(data_dirs: Sequence[Path]) -> Loaded:
    """Every quick reply, those of the first of `data_dirs` before those of the next and the shipped ones last.

    `problems` are those of files that are left out.
    """
    read = [_File(path, source) for path, source in places(FOLDER, data_dirs).values()]
    broken = [problem for each in read if each.reply is None for problem in each.problems]
    return Loaded(tuple(each.reply for each in read if each.reply is not None), tuple(broken))


def spoken(data_dirs: Sequence[Path], name: str) -> QuickReply | None:
    """The text of that name that can go by itself: one made for that, else a quick reply. Reads that file alone."""
    if found := places(AUTOMATIC, data_dirs).get(name):
        return _Automatic(*found).reply
    other = places(FOLDER, data_dirs).get(name)
    return _File(*other).reply if other else None


def spoken_names(data_dirs: Sequence[Path]) -> tuple[str, ...]:
    """The names that `spoken` may find."""
    return tuple(sorted({*places(AUTOMATIC, data_dirs), *places(FOLDER, data_dirs)}))


def check(data_dirs: Sequence[Path], agents: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Everything that is wrong in the files that count, by file and line; empty where nothing is. `agents` are those that
    a macro may assign to, where they are known."""
    read = [_File(path, source) for path, source in places(FOLDER, data_dirs).values()]
    automatic = [_Automatic(path, source) for path, source in places(AUTOMATIC, data_dirs).values()]
    for each in (*read, *automatic):
        each.check_texts()
        each.check_agent(agents)
    _check_shortcuts(read)
    return in_order(problem for each in (*read, *automatic) for problem in each.problems)


def _check_shortcuts(read: Iterable["_File"]) -> None:
    """A shortcut means one reply, and no other one's name. Of two files the shop's own is at fault: it can be changed."""
    usable = [each for each in read if each.reply is not None]
    known = sorted(usable, key=lambda each: each.source != SHIPPED)
    taken = {each.path.stem: each for each in known}
    for each in known:
        shortcut = each.reply and each.reply.shortcut
        if not shortcut or (other := taken.setdefault(shortcut, each)) is each:
            continue
        is_by_name = each.source == SHIPPED != other.source
        at_fault, key, means = (other, "", each) if is_by_name else (each, "shortcut", other)
        reason = tr("the shortcut {word} means {name} already")
        at_fault.add(key, reason.format(word=shortcut, name=means.path.stem))


class _File(ShopFile):
    """One file: its reply, None where it cannot be used. `KEYS` are those that it may have, `FILLED` what fills its placeholders."""

    KEYS: tuple[str, ...] = _KEYS
    FILLED: tuple[str, ...] = (*KNOWN, *PLACES)

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(path, source)
        raw = self.read()
        self.reply = None if raw is None else self._reply(raw)

    def _reply(self, raw: dict[str, Any]) -> QuickReply | None:
        self.known(raw, self.KEYS, "")
        does = self._does(raw)
        broken = "do" in raw and does is None  # it must not answer without doing what it says
        only_acts = does is not None and "text" not in raw
        texts = {} if only_acts else self._texts(self.table(raw, "text"))
        titles = self.words(self.table(raw, "title"), "title")
        for language in CHAIN:
            if language not in titles and f"title.{language}" not in self.faulty():
                self.add(f"title.{language}", tr("it is missing"))
        asks = self.table(raw, "ask")
        reply = QuickReply(
            name=self.path.stem,
            titles=titles,
            texts=texts,
            shortcut=self._shortcut(raw),
            about=self._about(raw),
            source=self.source,
            tags=doing.names_of(self, raw, "tags", "tags"),
            asks={
                safe_line(blank): self.words(self.table(asks, blank, "ask"), f"ask.{blank}") for blank in asks
            },
            does=does,
            says=self._says(self.table(raw, "says")),
        )
        return reply if (texts or only_acts) and not broken else None

    def _says(self, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """What customers call it, apart by commas."""
        lines = self.words(table, "says")
        return {
            language: tuple(filter(None, (each.strip() for each in line.split(","))))
            for language, line in lines.items()
        }

    def _does(self, raw: Mapping[str, Any]) -> Does | None:
        """What a macro does; what cannot be meant is a problem, and then nothing of it is done."""
        if "do" not in raw:
            return None
        table, before = self.table(raw, "do"), len(self.problems)
        self.known(table, (*doing.KEYS, "derivation"), "do")
        derives = table.get("derivation", False)
        if not isinstance(derives, bool):
            self.add("do.derivation", tr("it is true or false"))
        does = replace(doing.does_of(self, table), derivation=derives is True)
        if does == Does() and len(self.problems) == before:
            self.add(
                "do", tr("it does nothing: say tag, untag, priority, assign, snooze, status or derivation")
            )
        return does if len(self.problems) == before else None

    def check_agent(self, agents: Sequence[str]) -> None:
        """Whoever a macro gives a ticket to works here."""
        does = self.reply.does if self.reply else None
        doing.check_agent(self, does.assign if does else "", agents, (ME, NOBODY))

    def _texts(self, table: Mapping[str, Any]) -> dict[str, str]:
        """The texts by the keys of TEXTS; what is missing is a problem, and no reason to leave out the rest."""
        self.known(table, CHAIN, "text")
        given: dict[str, object] = {}
        for language in CHAIN:
            if language not in FORMS:
                given |= {language: table[language]} if language in table else {}
                continue
            forms = self.table(table, language, "text")
            self.known(forms, FORMS[language], f"text.{language}")
            given |= {f"{language}.{form}": forms[form] for form in FORMS[language] if form in forms}
        found = {key: self.text(value, f"text.{key}") for key, value in given.items()}
        for key in TEXTS:
            if key not in found:
                self.add(f"text.{key}", tr("it is missing"))
        return {key: _trimmed(text) for key, text in found.items() if text}

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
        near, nearest = hint(str(value), INCIDENTS)
        self.add("about", tr("this word is not known{hint}").format(hint=near), nearest)
        return None

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
            elif not each.asks and each.name not in self.FILLED:
                near, nearest = hint(each.name, self.FILLED)
                reason = tr("this placeholder is not known{hint}").format(hint=near)
                self.add(path, f"{written}: {reason}", nearest, words=written)
        rest += text[at:]
        if stray := re.search(r"[{}]+[^{}\s]*", rest):
            self.add(path, tr("the braces do not match"), words=stray[0])
        return frozenset(names)


class _Automatic(_File):
    """A text that goes by itself: it does nothing else, and there is nobody whom it could ask."""

    KEYS = ("title", "text", "tags")
    FILLED = (*KNOWN, *BY_CALENDAR)

    def check_texts(self) -> None:
        super().check_texts()
        for key, text in self.reply.texts.items() if self.reply else ():
            for each in placeholders(text):
                if each.asks:
                    written = text[each.start : each.end]
                    reason = tr("a text that goes by itself can ask nobody")
                    self.add(f"text.{key}", f"{written}: {reason}", words=written)


def _trimmed(text: str) -> str:
    """A text as it will stand in a message: no spaces where lines end."""
    return "\n".join(line.rstrip() for line in clean(text).strip().split("\n"))
