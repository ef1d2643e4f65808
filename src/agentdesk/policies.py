"""The shop's own `sla.toml`, as the values of `core.sla`.

Promises: the whole of a preset that is used is checked, with its calendar (`calendars`); whatever is wrong is said as `timefile`
says it. Refuses: reading config.toml, keeping anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, cast, get_args

from agentdesk.calendars import load_calendar
from agentdesk.core.model import CHANNELS, KINDS, Priority, Status
from agentdesk.core.segment import Segment
from agentdesk.core.sla import (
    ANY,
    DEFAULT_EFFECTS,
    NEVER_PAUSED,
    Effect,
    Layer,
    Metric,
    Policy,
    Source,
    Target,
    Tier,
)
from agentdesk.core.timetable import Calendar
from agentdesk.i18n import tr
from agentdesk.timefile import TimeFile, read

SHORTEST_MONTH = 28 * 86_400
_LAYERS = ("channel", "priority", "kind", "segment")


def load_policy(
    data_dirs: Sequence[Path],
    preset: str,
    calendar_name: str | None,
    zone: tzinfo,
    *,
    language: str | None = None,
    segments: Sequence[Segment] = (),
) -> Policy:
    """The policy `preset` of sla.toml over the calendar of that name (None: always open), from the first of
    `data_dirs` that has the file, else as shipped. Only of these `segments` it may speak. `zone` counts where the calendar names none. Raises ConfigError."""
    source = read(data_dirs, "sla.toml")
    table = source.raw.get(preset)
    if not isinstance(table, dict):
        source.unknown(preset, source.raw, tr("there is no such preset{hint}"))
    calendar = load_calendar(data_dirs, calendar_name, zone, language=language)
    return _Preset(source, preset, segments).policy(table, calendar)


class _Preset:
    """One preset of sla.toml."""

    def __init__(self, source: TimeFile, name: str, segments: Sequence[Segment]) -> None:
        self.source = source
        self.name = name
        self.configured = {each.name: each for each in segments}

    def policy(self, table: dict[str, Any], calendar: Calendar) -> Policy:
        source, name = self.source, self.name
        source.known(
            table, (*_LAYERS, "fallback", "pause", "due_soon_share", "due_soon_least", "recovery"), name
        )
        channels = source.table("channel", table, name)
        source.known(channels, CHANNELS, f"{name}.channel")
        rows = {kind: source.table(kind, channels, f"{name}.channel") for kind in channels}
        targets = {
            kind: self.targets(row, f"{name}.channel.{kind}")
            for kind, row in rows.items()
            if "like" not in row
        }
        if not targets:
            source.fail(f"{name}.channel", tr("no channel has a target"))
        like = {kind: self.like(kind, row, targets) for kind, row in rows.items() if "like" in row}
        first = "email" if "email" in targets else next(iter(targets))
        segments = self.layer(table, "segment", self.configured, tr("config.toml has no such segment{hint}"))
        return Policy(
            preset=name,
            calendar=calendar,
            targets=targets,
            like=like,
            fallback=source.choice(table.get("fallback", first), targets, f"{name}.fallback"),
            effects=self.effects(table),
            soon_share=source.number(table.get("due_soon_share", 0.25), f"{name}.due_soon_share", 1),
            soon_least=source.seconds(table.get("due_soon_least", 60), f"{name}.due_soon_least"),
            recovery=source.number(table.get("recovery", 5), f"{name}.recovery", 100),
            segments=tuple((self.configured[each], found) for each, found in segments.items()),
            kinds=self.layer(table, "kind", KINDS, tr("this word is not known{hint}")),
            priorities=self.layer(table, "priority", list(Priority), tr("this word is not known{hint}")),
        )

    def layer(
        self, table: dict[str, Any], of: Layer, names: Collection[str], reason: str
    ) -> dict[str, dict[str, tuple[Target, ...]]]:
        """What is promised beside the channels' own: `[guide.kind.complaint]` on every channel, `[guide.kind.complaint.email]` on
        one."""
        source, path = self.source, f"{self.name}.{of}"
        found: dict[str, dict[str, tuple[Target, ...]]] = {}
        for name in (wanted := source.table(of, table, self.name)):
            if name not in names:
                source.unknown(name, names, reason, f"{path}.{name}")
            rows = source.table(name, wanted, path)
            source.known(rows, (*CHANNELS, *Metric, "source"), f"{path}.{name}")
            everywhere = {key: value for key, value in rows.items() if key not in CHANNELS}
            found[name] = {
                kind: self.targets(source.table(kind, rows, f"{path}.{name}"), f"{path}.{name}.{kind}", of)
                for kind in rows
                if kind in CHANNELS
            }
            if everywhere or not rows:
                found[name][ANY] = self.targets(everywhere, f"{path}.{name}", of)
        return found

    def like(self, kind: str, row: dict[str, Any], targets: Iterable[str]) -> str:
        key = f"{self.name}.channel.{kind}"
        self.source.known(row, ("like",), key)
        return self.source.choice(row["like"], targets, f"{key}.like")

    def targets(self, row: dict[str, Any], key: str, of: Layer = "channel") -> tuple[Target, ...]:
        self.source.known(row, (*Metric, "source", *(("like",) if of == "channel" else ())), key)
        usual = self.origin(row, f"{key}.source", "shop")
        found = [
            target
            for metric in Metric
            if metric in row
            for target in self.tiers(metric, row[metric], f"{key}.{metric}", usual, of)
        ]
        if not found and of == "channel":
            self.source.fail(key, tr("it has neither a target nor like = another channel"))
        if not found:
            self.source.fail(key, tr("it has no target"))
        return tuple(found)

    def tiers(self, metric: Metric, value: object, key: str, usual: Source, of: Layer) -> list[Target]:
        if not isinstance(value, dict):
            months, seconds = self.source.span(value, key)
            return [Target(metric, Tier.STANDARD, seconds, usual, months, of=of)]
        self.source.known(value, (*Tier, "due_soon", "source"), key)
        origin = self.origin(value, f"{key}.source", usual)
        within = {tier: self.source.span(value[tier], f"{key}.{tier}") for tier in Tier if tier in value}
        standard = within.get(Tier.STANDARD)
        if standard and within.get(Tier.WORLD_CLASS, standard) > standard:
            self.source.fail(f"{key}.world_class", tr("it must not be longer than the standard"))
        soon = self.soon(value, key, standard)
        return [
            Target(metric, tier, seconds, origin, months, soon if tier is Tier.STANDARD else None, of)
            for tier, (months, seconds) in within.items()
        ]

    def soon(self, value: dict[str, Any], key: str, standard: tuple[int, int] | None) -> int | None:
        """How long before its end a target counts as due soon, where it says so itself."""
        if "due_soon" not in value:
            return None
        seconds = self.source.seconds(value["due_soon"], f"{key}.due_soon")
        months, within = standard or (0, 0)
        if seconds >= (within or months * SHORTEST_MONTH):
            self.source.fail(f"{key}.due_soon", tr("it must be shorter than the standard"))
        return seconds

    def origin(self, table: dict[str, Any], key: str, usual: Source) -> Source:
        return cast("Source", self.source.choice(table.get("source", usual), get_args(Source), key))

    def effects(self, table: dict[str, Any]) -> Mapping[Status, Mapping[Metric, Effect]]:
        if "pause" not in table:
            return DEFAULT_EFFECTS
        pauses = self.source.table("pause", table, self.name)
        statuses = [each for each in Status if each not in {Status.RESOLVED, Status.CLOSED}]
        self.source.known(pauses, statuses, f"{self.name}.pause")
        found = {status: DEFAULT_EFFECTS[status] for status in (Status.RESOLVED, Status.CLOSED)}
        metrics = [metric for metric in Metric if metric not in NEVER_PAUSED]
        for name, words in pauses.items():
            key = f"{self.name}.pause.{name}"
            names = [self.source.choice(word, metrics, key) for word in self.source.texts(words, key)]
            found[Status(name)] = {Metric(each): "pause" for each in names}
        return found
