"""Where the figures of a report are added up, fact by fact: once for all, once for the fact's group.

Promises: the order of the facts changes nothing; of each fact only its ticket and two lengths of time are kept, so that a
hundred thousand of them fit into memory. Refuses: knowing what a figure means.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field

from agentdesk.core.figures import Count, Figure, Line, Share, Times
from agentdesk.values import dataclass

Targets = tuple[int | None, int | None, int | None]
"""What was promised, and the guide's two, in seconds."""
NO_TARGETS: Targets = (None, None, None)
TIME = "time"
"""The name of the figure that says how long it took."""


@dataclass(slots=True)
class _Sum:
    shares: defaultdict[str, tuple[list[int], list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )
    counts: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    times: list[tuple[float, float, int]] = field(default_factory=list)
    targets: set[Targets] = field(default_factory=set)


class Ledger:
    """`shares` and `counts` name the figures that each line has; `about` what lines of a group can be about, in order."""

    def __init__(
        self,
        shares: tuple[str, ...] = (),
        counts: tuple[str, ...] = (),
        about: tuple[str, ...] = ("",),
        *,
        timed: bool = False,
    ) -> None:
        self._shares = shares
        self._counts = counts
        self._about = about
        self._timed = timed
        self._all: dict[str, _Sum] = defaultdict(_Sum)
        self._groups: dict[tuple[str, str], _Sum] = defaultdict(_Sum)

    def add(
        self,
        group: str,
        ticket: int,
        *,
        about: str = "",
        shares: Mapping[str, bool] | None = None,
        counts: Iterable[str] = (),
        time: tuple[float, float] | None = None,
        targets: Targets = NO_TARGETS,
    ) -> None:
        """One fact about a ticket: of which shares it is one, and whether a hit; what else it counts for; how long it took, on
        the wall and in opening hours."""
        length = None if time is None else (*time, ticket)
        for each in (self._all[about], self._groups[group, about]):
            for name, hit in (shares or {}).items():
                hits, among = each.shares[name]
                among.append(ticket)
                if hit:
                    hits.append(ticket)
            for name in counts:
                each.counts[name].append(ticket)
            if length is not None:
                each.times.append(length)
            each.targets.add(targets)

    @property
    def whole(self) -> tuple[Line, ...]:
        """The lines of all groups together."""
        return tuple(self._line("", about, self._all[about]) for about in self._about if about in self._all)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of each group, by its name."""
        keys = sorted(self._groups, key=lambda key: (key[0], self._about.index(key[1])))
        return tuple(self._line(*key, self._groups[key]) for key in keys)

    def _line(self, group: str, about: str, added: _Sum) -> Line:
        figures: dict[str, Figure] = {name: Count(tuple(sorted(added.counts[name]))) for name in self._counts}
        for name in self._shares:
            hits, among = added.shares[name]
            figures[name] = Share(tuple(sorted(hits)), tuple(sorted(among)))
        if self._timed:
            figures[TIME] = Times(
                tuple(sorted(wall for wall, _, _ in added.times)),
                tuple(sorted(business for _, business, _ in added.times)),
                tuple(sorted(ticket for _, _, ticket in added.times)),
            )
        target, *guide = next(iter(added.targets)) if len(added.targets) == 1 else NO_TARGETS
        return Line(group, figures, about, target, (guide[0], guide[1]))
