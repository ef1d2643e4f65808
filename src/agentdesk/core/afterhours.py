"""What a customer who writes while the shop is closed hears at once, channel by channel.

Promises: pure; says what `core.restraint` and `core.rules` would let go, so that a screen never names a text that the law holds back:
an acknowledgement speaks of an open shop and covers no night. Refuses: knowing whether the laptop will be on, without which no rule
says anything; whoever shows this says so.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from agentdesk.core.automatic import FRESH, OF_THE_MOMENT
from agentdesk.core.restraint import ACK, AWAY, PROGRESS
from agentdesk.core.rules import Rule, length
from agentdesk.values import dataclass

WROTE = frozenset({"customer_wrote", "ticket_opened"})
NOBODY, ALWAYS, WHILE_OFF = "none", "closed", "laptop"
"""Whether the provider of a channel answers by itself: never, while the shop is closed, or only while the laptop is off too."""


@dataclass(frozen=True, slots=True)
class Heard:
    """By `rules` of the desk, in their order, and by a text of the `provider`'s; `in_part`: the rules are about some messages only."""

    channel: str
    rules: tuple[str, ...] = ()
    in_part: bool = False
    provider: str = NOBODY

    @property
    def is_silence(self) -> bool:
        """Nobody is told anything."""
        return not self.rules and self.provider == NOBODY

    @property
    def ends_with_the_laptop(self) -> bool:
        """Only a laptop that is on tells anybody anything."""
        return bool(self.rules) and self.provider == NOBODY


def heard(
    channels: Iterable[str], rules: Iterable[Rule], providers: Mapping[str, str], *, closed: bool = True
) -> tuple[Heard, ...]:
    """By channel. `rules` are those that run, `providers` says by channel who answers (see `NOBODY`). A shop that is not `closed`, since
    it never closes, acknowledges instead."""
    speaking = [rule for rule in rules if _speaks(rule, closed=closed)]
    in_part = bool(speaking) and not any(_is_about_all(rule) for rule in speaking)
    names = tuple(rule.name for rule in speaking)
    found = []
    for channel in dict.fromkeys(channels):
        provider = providers.get(channel, NOBODY) if closed else NOBODY
        says = () if provider == ALWAYS else names  # the desk is silent then
        found.append(Heard(channel, says, bool(says) and in_part, provider))
    return tuple(found)


def _speaks(rule: Rule, *, closed: bool) -> bool:
    """Whether it says something to whoever writes, while the message is fresh."""
    said = OF_THE_MOMENT - ({ACK, PROGRESS} if closed else {AWAY})
    waits = length(rule.after) if rule.counts == "wall" or not rule.after else FRESH
    return (
        any(deed.kind == "quick" and deed.words[1] in said for deed in rule.deeds)
        and not WROTE.isdisjoint(rule.on)
        and rule.when in {"any", "closed" if closed else "open"}
        and timedelta() <= waits < FRESH
    )


def _is_about_all(rule: Rule) -> bool:
    return not rule.where and "customer_wrote" in rule.on
