"""The play of the demo as values: a shop, its customers, and what they write on one day.

Promises: frozen, every line with a key that stays its own; what looks like chance is the same for the same seed.
Refuses: a clock and a network; when a line is heard is the stage's business.
"""

import hashlib
from collections.abc import Mapping

from agentdesk.values import dataclass

HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes; `addresses` maps a channel to the address there; `regular` are
    those who were customers before."""

    key: str
    name: str
    language: str
    addresses: Mapping[str, str]
    regular: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `after` is in seconds since the day's midnight (an answer's: since our reply; the past's: below
    zero). `follows` is the key of the line it goes on from. `own`: ours, of before. `lately`: of the past, but no history."""

    key: str
    channel: str
    person: Person
    text: str
    after: float
    topic: str = ""
    subject: str = ""
    html: str = ""
    raw: str = ""
    follows: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    own: bool = False
    past: bool = False
    lately: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose day it is. `opens_at` and `length` are in seconds; the newest `lately` of its `past` conversations are of the last
    four weeks."""

    seed: str
    name: str
    address: str
    account: str
    opens_at: float
    length: float
    past: int
    lately: int
    years: float
    thanks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Play:
    """`lines` are those that come by themselves, in their order; `answers` what is said to the nth reply in a scene."""

    shop: Shop
    people: Mapping[str, Person]
    lines: Mapping[str, Line]
    answers: Mapping[tuple[str, int], Line]

    def line(self, key: str) -> Line | None:
        """The line of that key, an answer's too."""
        scene, mark, number = key.rpartition(">")
        return self.answers.get((scene, int(number))) if mark else self.lines.get(key)


def pick(seed: str, count: int) -> int:
    """A number below `count` that looks like chance and is always the same for `seed`."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) % count


def thanks(shop: Shop, person: Person, scene: str) -> str:
    """How this customer says that all is well."""
    choices = shop.thanks[person.language]
    return choices[pick(f"{shop.seed}:thanks:{scene}", len(choices))]
