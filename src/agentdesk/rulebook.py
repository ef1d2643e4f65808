"""The rules on the disk: what is shipped in `data/rules`, and the shop's own in `rules` beside config.toml.

Promises: one TOML file a rule, named like it; the shop's file of a name takes the place of the shipped one; whatever cannot be meant,
sets itself off, or is on and contradicts one that is on and goes before it is a `Problem` with file, line and what to do, and such a
rule does not run, the others do. A rule that is off stops nobody; why it could not be put on is said beside the problems. Refuses:
choosing which rules are on (config.toml says that), and running them.
"""

import re
import zoneinfo
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from agentdesk import doing
from agentdesk.core import query
from agentdesk.core.contradiction import Clash, against, alone, clashes
from agentdesk.core.query import Field, Known, Node, QueryError
from agentdesk.core.replies import ME, NOBODY, Does, QuickReply, placeholders
from agentdesk.core.rules import BY_CLOCK, EVENTS, KINDS, WHEN, Deed, Rule, length, ordered
from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.misread import sentence
from agentdesk.shopfile import Problem, ShopFile, hint, in_order, places
from agentdesk.values import dataclass

FOLDER = "rules"
_KEYS = ("title", "order", "on", "where", "when", "after", "counts", "unless", "zone", "do")
_DO = (*doing.KEYS, "quick", "kind", "notify", "command")
_COUNTS = ("wall", "open")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST = 1000
"""Up to where `order` goes."""
_CLASHES: Mapping[str, str] = {
    "itself": N_("what it does sets it off again ({word}): leave {word} out of on, or do something else"),
    "circle": N_(
        "with the rule {other} ({place}) it goes round in a circle ({word}): leave {word} out of on in one of both"
    ),
    "field": N_(
        "the rule {other} ({place}) can act on the same event and sets {word} to something else{example}: have where or when keep them apart, or leave it out in one of both; order does not decide it"
    ),
    "quick": N_(
        "the rule {other} ({place}) can act on the same event and says a text too{example}: have where or when keep them apart, or leave it out in one of both; order does not decide it"
    ),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """What rules may name. `text` gives the text of a name, of which there are `texts`; `accounts`: name to id."""

    text: Callable[[str], QuickReply | None]
    texts: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[str, ...] = ()


class Loaded(NamedTuple):
    """`rules` are all that can be used, in their order; `problems` what is wrong with the others; `hindered` why some that are off
    could not be put on beside those that run."""

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    hindered: tuple[Problem, ...] = ()

    def on(self, names: Collection[str]) -> tuple[Rule, ...]:
        """Those that run: chosen, and free of faults."""
        return tuple(rule for rule in self.rules if rule.name in names)


def load(data_dirs: Sequence[Path], shop: Shop, on: Collection[str]) -> Loaded:
    """Every rule. Only those that are `on` can be at odds with each other."""
    files = {name: _File(*place, shop) for name, place in places(FOLDER, data_dirs).items()}
    rules = {name: each.rule for name, each in files.items() if each.rule is not None and not each.problems}
    together = clashes((rule for name, rule in rules.items() if name in on), shop.segments)
    by_itself = (alone(rule, shop.segments) for name, rule in rules.items() if name not in on)
    for clash in (*together, *filter(None, by_itself)):
        files[clash.rule.name].problems.append(_clashing(files, clash))
    good = Loaded(
        ordered(rule for name, rule in rules.items() if not files[name].problems),
        in_order(problem for each in files.values() for problem in each.problems),
    )
    running = good.on(on)
    found = (against(rule, running, shop.segments) for rule in good.rules if rule.name not in on)
    return good._replace(hindered=in_order(_clashing(files, clash) for clash in found if clash))


def _clashing(files: Mapping[str, "_File"], clash: Clash) -> Problem:
    """What is wrong with a rule that cannot be with another one, at its own line; the other one's is named."""
    file, other = files[clash.rule.name], files[clash.other.name]
    mine, theirs = clash.keys
    example = tr("; both are about {words}").format(words=" ".join(clash.example)) if clash.example else ""
    place = f"{other.path}:{other.lines.of(theirs)}"
    reason = tr(_CLASHES[clash.word if clash.word in _CLASHES else clash.reason])
    said = reason.format(word=clash.word, other=clash.other.name, place=place, example=example)
    return Problem(file.path, file.lines.of(mine), mine, said)


class _File(ShopFile):
    """One file: its rule, None where it cannot be used."""

    def __init__(self, path: Path, source: str, shop: Shop) -> None:
        super().__init__(path, source)
        self._shop = shop
        raw = self.read()
        self.rule = None if raw is None else self._rule(raw)

    def _rule(self, raw: Mapping[str, Any]) -> Rule:
        self.known(raw, _KEYS, "")
        if not _NAME.fullmatch(self.path.stem):
            self.add("", tr("the file's name is one word of small letters, digits and -"))
        table = self.table(raw, "do")
        self.known(table, _DO, "do")
        zone = self._zone(raw)
        rule = Rule(
            name=self.path.stem,
            on=self._events(raw, "on", EVENTS),
            order=self._order(raw),
            where=self._where(raw, zone),
            when=self._word(raw, "when", WHEN, "any"),
            after=self._after(raw),
            counts="open" if self._word(raw, "counts", _COUNTS, "wall") == "open" else "wall",
            unless=self._events(raw, "unless", [each for each in EVENTS if each not in BY_CLOCK]),
            does=self._does(table),
            deeds=tuple(self._deeds(table)),
            titles=self.words(self.table(raw, "title"), "title"),
            zone=zone,
            source=self.source,
        )
        self._hangs_together(raw, rule)
        return rule

    def _hangs_together(self, raw: Mapping[str, Any], rule: Rule) -> None:
        """What no key can be wrong in alone."""
        if not rule.on and "on" not in self.faulty():
            self.add(
                "on",
                tr("it is missing: say what sets the rule off, such as {word}").format(
                    word='["customer_wrote"]'
                ),
            )
        if "do" not in raw or (
            rule.does == Does() and not rule.deeds and not self.faulty() & {"do"} and not self._in_do()
        ):
            self.add(
                "do",
                tr(
                    "it does nothing: say tag, untag, priority, assign, snooze, status, quick, notify or command"
                ),
            )
        if rule.unless and not rule.after:
            self.add("unless", tr('nothing can happen in between: say after what time, such as after = "3d"'))
        if rule.counts == "open" and re.search("[dw]", rule.after):
            self.add(
                "after", tr("open time is counted in hours and minutes: 1d would be 24 hours of being open")
            )
        for word in set(rule.does.tag) & set(rule.does.untag):
            self.add("do.untag", tr("{word} is put on by the same rule").format(word=word))

    def _in_do(self) -> bool:
        return any(key.startswith("do.") for key in self.faulty())

    def _events(self, raw: Mapping[str, Any], name: str, known: Sequence[str]) -> tuple[str, ...]:
        """One word or a list of them."""
        value = raw.get(name, [])
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
            self.add(name, tr('it must be a list of texts: ["...", "..."]'))
            return ()
        for word in words:
            if word not in known:
                near, nearest = hint(word, known)
                what = near or "; " + ", ".join(known)
                self.add(
                    name,
                    tr("there is no event {word}{hint}").format(word=safe_line(word), hint=what),
                    nearest,
                )
        return tuple(dict.fromkeys(word for word in words if word in known))

    def _word(self, raw: Mapping[str, Any], name: str, choices: Sequence[str], default: str) -> str:
        value = raw.get(name, default)
        if value in choices:
            return str(value)
        near, nearest = hint(str(value), choices)
        self.add(name, tr("this word is not known{hint}").format(hint=near), nearest)
        return default

    def _order(self, raw: Mapping[str, Any]) -> int:
        value = raw.get("order", 50)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST:
            return value
        self.add("order", tr("it must be a number from {least} to {most}").format(least=0, most=_LONGEST))
        return 50

    def _after(self, raw: Mapping[str, Any]) -> str:
        span = safe_line(self.text(raw["after"], "after")) if "after" in raw else ""
        if span and not length(span):
            self.add("after", tr("it is written as 30m, 4h, 7d or 1w"))
            return ""
        return span

    def _zone(self, raw: Mapping[str, Any]) -> str:
        name = safe_line(self.text(raw["zone"], "zone")) if "zone" in raw else ""
        known = zoneinfo.available_timezones() if name else set()
        if name and name not in known:
            near, nearest = hint(name, sorted(known))
            self.add("zone", tr("there is no time zone {zone}{hint}").format(zone=name, hint=near), nearest)
            return ""
        return name

    def _where(self, raw: Mapping[str, Any], zone: str) -> str:
        text = safe_line(self.text(raw["where"], "where")) if "where" in raw else ""
        if not text:
            return ""
        shop = self._shop
        known = Known(
            datetime(2026, 1, 1, tzinfo=UTC),
            ZoneInfo(zone or "UTC"),
            shop.accounts,
            shop.agents,
            shop.segments,
        )
        try:
            found = query.parse(text, known)
        except QueryError as error:
            nearest = error.values.get("nearest")
            self.add("where", sentence(error), nearest if isinstance(nearest, str) else None)
            return ""
        for word in sorted(_of_somebody(found.node)):
            self.add(
                "where",
                tr("is:{word} depends on who is looking: a rule has nobody who does").format(word=word),
            )
        return text

    def _does(self, table: Mapping[str, Any]) -> Does:
        does = doing.does_of(self, table)
        if does.assign == ME:
            self.add("do.assign", tr("a rule has nobody who is at the keyboard: say the agent's name"))
        else:
            doing.check_agent(self, does.assign, self._shop.agents, (NOBODY,))
        return does

    def _deeds(self, table: Mapping[str, Any]) -> Iterable[Deed]:
        if "quick" in table:
            name = safe_line(self.text(table["quick"], "do.quick"))
            self._check_quick(name)
            yield Deed("quick", (name, self._kind(table)))
        elif "kind" in table:
            self.add("do.kind", tr("it says what a text is for; there is none: say quick"))
        if self._yes(table, "notify"):
            yield Deed("notify")
        if "command" in table:
            words = doing.names_of(self, table, "command", "do.command")
            if not words or not words[0].strip():
                self.add("do.command", tr('it must be a program and its arguments: ["program", "..."]'))
            yield Deed("command", words)

    def _kind(self, table: Mapping[str, Any]) -> str:
        value = table.get("kind", "follow_up")
        if value in KINDS:
            return str(value)
        near, nearest = hint(str(value), KINDS)
        self.add("do.kind", tr("this word is not known{hint}").format(hint=near), nearest)
        return "follow_up"

    def _check_quick(self, name: str) -> None:
        """It is there, has a text, and needs nobody to fill it in."""
        if not name:
            return
        reply = self._shop.text(name)
        if reply is None:
            near, nearest = hint(name, self._shop.texts)
            self.add("do.quick", tr("there is no quick reply {word}").format(word=name) + near, nearest)
        elif not reply.texts:
            self.add("do.quick", tr("the quick reply {word} has no text").format(word=name))
        elif asked := [
            each.name for text in reply.texts.values() for each in placeholders(text) if each.asks
        ]:
            reason = tr(
                "the quick reply {word} asks an agent for {name}: take one that can be filled by itself"
            )
            self.add("do.quick", reason.format(word=name, name=asked[0]))

    def _yes(self, table: Mapping[str, Any], name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.add(f"do.{name}", tr("it must be true or false"))
        return value is True


def _of_somebody(node: Node) -> frozenset[str]:
    """What of a query is about whoever asks."""
    if isinstance(node, query.Not):
        return _of_somebody(node.part)
    if isinstance(node, query.And | query.Or):
        return frozenset().union(*map(_of_somebody, node.parts))
    is_meant = isinstance(node, Field) and node.op == "is" and node.value in {"mine", "draft"}
    return frozenset({node.value}) if is_meant and isinstance(node, Field) else frozenset()
