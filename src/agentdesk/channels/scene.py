"""The play read from TOML that a person may edit.

Promises: the same files give the same play; whatever is wrong in them is a ValueError that names file and place.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import agentdesk
from agentdesk.channels.past import past
from agentdesk.channels.play import HOUR, Line, Person, Play, Shop, thanks
from agentdesk.core.model import CHANNELS, CHATS

_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|min|h)")
_UNITS = {"s": 1.0, "min": 60.0, "h": HOUR}
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")
_SCENE = {"id", "at", "channel", "who", "topic", "subject", "text", "html", "raw", "more", "answers", "files"}
_SCENE |= {"headers", "follows"}


def shipped() -> Path:
    """The folder of the play that comes with the program."""
    return agentdesk.shipped() / "demo"


@cache
def load(folder: Path) -> Play:
    """The play in `folder`; raises ValueError."""
    shop = _shop(_table(folder / "shop.toml"))
    people = {key: _person(key, table) for key, table in _table(folder / "people.toml").items()}
    lines: list[Line] = []
    answers: dict[tuple[str, int], Line] = {}
    for file in sorted(folder.glob("day-*.toml")):
        count: dict[str, int] = {}
        for table in _table(file).get("scene", ()):
            try:
                scene = _Scene(shop, people, table, count)
                lines += scene.said()
                answers |= scene.answers()
            except (KeyError, TypeError, ValueError) as error:
                place = f"{table.get('who', '?')} at {table.get('at', '?')}"
                raise ValueError(f"{file.name}: {place}: {_reason(error)}") from error
    before = past(shop, people, _table(folder / "past.toml"), _elsewhere_today(lines))
    ordered = sorted((*before, *_known(_going_on(lines))), key=lambda line: (line.after, line.key))
    return Play(shop, people, {line.key: line for line in ordered}, answers)


def _reason(error: Exception) -> str:
    return f"{error} is missing or unknown" if isinstance(error, KeyError) else str(error)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _shop(table: dict[str, Any]) -> Shop:
    length = span(table["length"])
    return Shop(
        seed=str(table["seed"]),
        name=str(table["name"]),
        address=str(table["address"]),
        account=str(table["account"]),
        opens_at=length * float(table["opens"]),
        length=length,
        past=int(table["past"]),
        lately=int(table.get("lately", 0)),
        years=float(table["years"]),
        thanks={language: tuple(texts) for language, texts in table["thanks"].items()},
    )


def _person(key: str, table: dict[str, Any]) -> Person:
    addresses = {name: str(table[name]) for name in table if name in CHANNELS}
    return Person(
        key, str(table["name"]), str(table["language"]), addresses, bool(table.get("regular", True))
    )


def span(text: str) -> float:
    """Seconds of "45s", "3min", "24h"; raises ValueError."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f'{text} is not a span such as "45s", "3min" or "24h"')
    return float(found[1]) * _UNITS[found[2]]


def _clock(text: str) -> float:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f'{text} is not a time such as "09:36" or "09:36:20"')
    return int(found[1]) * HOUR + int(found[2]) * 60 + int(found[3] or 0)


def _elsewhere_today(lines: Iterable[Line]) -> frozenset[tuple[str, str]]:
    """Who writes today, and where else than by mail."""
    return frozenset((line.person.key, line.channel) for line in lines if line.channel != "email")


def _going_on(lines: Iterable[Line]) -> Iterator[Line]:
    """In a chat whoever writes again goes on where they were: there is one conversation for each of them."""
    last: dict[tuple[str, str], str] = {}
    for line in sorted(lines, key=lambda line: (line.after, line.key)):
        where = line.person.key, line.channel
        goes_on = line.channel in CHATS and not line.follows
        yield replace(line, follows=last.get(where, "")) if goes_on else line
        last[where] = line.key


def _known(lines: Iterable[Line]) -> list[Line]:
    """The lines, checked: keys once, and what they follow is there."""
    found = {}
    for line in lines:
        if line.key in found:
            raise ValueError(f"two scenes are called {line.key.partition('/')[0]}")
        found[line.key] = line
    for line in found.values():
        if line.follows and line.follows not in found:
            raise ValueError(f"{line.key} follows {line.follows.partition('/')[0]}, which is not there")
    return list(found.values())


class _Scene:
    """One `[[scene]]`: what a customer writes by themselves, and what they answer."""

    def __init__(
        self,
        shop: Shop,
        people: Mapping[str, Person],
        table: dict[str, Any],
        count: dict[str, int],
    ) -> None:
        if unknown := set(table) - _SCENE:
            raise ValueError(f"{', '.join(sorted(unknown))} is not known here")
        self.shop, self.table = shop, table
        self.person = people[table["who"]]
        self.channel = str(table["channel"])
        if self.channel not in self.person.addresses:
            raise ValueError(f"{self.person.key} has no address on {self.channel}")
        count[self.person.key] = number = count.get(self.person.key, 0) + 1
        self.id = str(table.get("id", f"{self.person.key}-{number}"))

    def said(self) -> list[Line]:
        table, at = self.table, _clock(self.table["at"])
        texts = [(at, str(table.get("text", "")).strip("\n"))]
        for wait, text in table.get("more", ()):
            texts.append((texts[-1][0] + span(wait), str(text)))
        return [self._line(number, after, text) for number, (after, text) in enumerate(texts)]

    def _line(self, number: int, after: float, text: str) -> Line:
        table, first, last = self.table, number == 0, number == len(self.table.get("more", ()))
        return Line(
            key=f"{self.id}/{number}",
            channel=self.channel,
            person=self.person,
            text=text,
            after=after,
            topic=str(table["topic"]),
            subject=str(table.get("subject", "")),
            html=str(table.get("html", "")).strip("\n") if first else "",
            raw=str(table.get("raw", "")).lstrip("\n") if first else "",
            follows=self._answered() if first else f"{self.id}/{number - 1}",
            headers=tuple((str(n), str(v)) for n, v in table.get("headers", {}).items()),
            files=tuple(map(str, table.get("files", ()))) if last else (),
        )

    def _answered(self) -> str:
        wanted = self.table.get("follows")
        if wanted and self.channel != "email":
            raise ValueError("only a mail says what it follows; a chat goes on by itself")
        return f"{wanted}/0" if wanted else ""

    def answers(self) -> dict[tuple[str, int], Line]:
        found = {}
        for number, (wait, text) in enumerate(self.table.get("answers", ())):
            found[self.id, number] = Line(
                key=f"{self.id}>{number}",
                channel=self.channel,
                person=self.person,
                text=thanks(self.shop, self.person, self.id) if text == "thanks" else str(text),
                after=span(wait),
                topic=str(self.table["topic"]),
                subject=str(self.table.get("subject", "")),
            )
        return found
