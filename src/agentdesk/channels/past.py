"""The last two years of the demo's shop: short conversations made of patterns, always the same for a seed. The newest are of the
last four weeks, in which the desk was at work already."""

from collections.abc import Mapping
from typing import Any

from agentdesk.channels.play import DAY, HOUR, Line, Person, Shop, pick, thanks

_WEEKS = 4
_QUIET = ("webchat", "phone")
"""Where nothing of a conversation is left: no address that lasts."""


def past(
    shop: Shop, people: Mapping[str, Person], table: dict[str, Any], today: frozenset[tuple[str, str]]
) -> list[Line]:
    """The lines of `shop.past` conversations, all of them before the day began. Who writes `today` in a chat, (person, channel),
    did not write there lately: that would be one conversation."""
    patterns, articles = table["pattern"], table["articles"]
    languages = {pattern["language"] for pattern in patterns}
    customers = [
        person
        for person in people.values()
        if person.regular and person.language in languages and set(person.addresses) - {*_QUIET}
    ]
    found: list[Line] = []
    for number in range(shop.past if customers else 0):
        name = f"{shop.seed}:past:{number}"
        person = customers[pick(f"{name}:who", len(customers))]
        fitting = [each for each in patterns if each["language"] == person.language]
        pattern = fitting[pick(f"{name}:what", len(fitting))]
        words = articles[person.language]
        values = {
            "order": f"VM-{20_000 + pick(f'{name}:order', 27_000)}",
            "article": words[pick(f"{name}:article", len(words))],
            "name": person.name.split()[0],
        }
        channels = [channel for channel in person.addresses if channel not in _QUIET]
        free = [channel for channel in channels if (person.key, channel) not in today]
        lately = number >= shop.past - shop.lately and bool(free)
        channel = (free if lately else channels)[pick(f"{name}:channel", len(free if lately else channels))]
        found += _conversation(shop, person, pattern, values, channel, number, lately=lately)
    return found


def _conversation(
    shop: Shop,
    person: Person,
    pattern: dict[str, str],
    values: dict[str, str],
    channel: str,
    number: int,
    *,
    lately: bool,
) -> list[Line]:
    name = f"{shop.seed}:past:{number}"
    days = (
        1 + pick(f"{name}:day", 7 * _WEEKS) if lately else 2 + pick(f"{name}:day", int(shop.years * 365) - 2)
    )
    asked = 9 * HOUR + pick(f"{name}:time", int(10 * HOUR)) - days * DAY
    wait = _wait(name, channel, lately=lately)
    said = [(asked, pattern["ask"], False), (asked + wait, pattern["reply"], True)]
    if pick(f"{name}:thanks", 3) == 0:
        said.append((asked + wait + 300, thanks(shop, person, name), False))
    scene = f"past-{number}"
    return [
        Line(
            key=f"{scene}/{place}",
            channel=channel,
            person=person,
            text=text.format(**values) if place < 2 else text,
            after=after,
            topic=pattern["topic"],
            subject=pattern["subject"].format(**values),
            follows=f"{scene}/{place - 1}" if place else "",
            own=own,
            past=True,
            lately=lately,
        )
        for place, (after, text, own) in enumerate(said)
    ]


def _wait(name: str, channel: str, *, lately: bool) -> float:
    """Seconds until the shop answered; lately it mostly did so in time."""
    if not lately:
        return 120.0 + pick(f"{name}:wait", 7200 if channel == "email" else 1200)
    is_slow = pick(f"{name}:slow", 6) == 0
    if channel == "email":
        return 300.0 + pick(f"{name}:wait", 3000) + is_slow * 2 * HOUR
    return 5.0 + pick(f"{name}:wait", 25) + is_slow * 600
