"""The last two years of the demo's shop: short conversations made of patterns, always the same for a seed. The newest are of the
last four weeks, in which the desk was at work already."""

from collections.abc import Mapping
from typing import Any

from agentdesk.channels.play import DAY, HOUR, Line, Person, Shop, pick, thanks

_DAYS = 28
"""How long ago the newest are at most."""
_QUIET = ("webchat", "phone")
"""Where nothing of a conversation is left: no address that lasts."""


def past(
    shop: Shop, people: Mapping[str, Person], table: dict[str, Any], today: frozenset[tuple[str, str]]
) -> list[Line]:
    """The lines of `shop.past` conversations, all of them before the day began. Who writes `today` elsewhere than by mail,
    (person, channel), did not write there lately: that would be one conversation."""
    patterns, articles = table["pattern"], table["articles"]
    customers = _regulars(people, {pattern["language"] for pattern in patterns})
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
        possible = free if lately else channels
        channel = possible[pick(f"{name}:channel", len(possible))]
        asked = _asked(shop, name, lately=lately)
        said = [
            (asked, pattern["ask"].format(**values), False),
            (asked + _wait(name, channel, lately=lately), pattern["reply"].format(**values), True),
        ]
        if pick(f"{name}:thanks", 3) == 0:
            said.append((said[-1][0] + 300, thanks(shop, person, name), False))
        scene, subject = f"past-{number}", pattern["subject"].format(**values)
        found += [
            Line(
                key=f"{scene}/{place}",
                channel=channel,
                person=person,
                text=text,
                after=after,
                topic=pattern["topic"],
                subject=subject,
                follows=f"{scene}/{place - 1}" if place else "",
                own=own,
                past=True,
                lately=lately,
            )
            for place, (after, text, own) in enumerate(said)
        ]
    return found


def _regulars(people: Mapping[str, Person], languages: set[str]) -> list[Person]:
    """Those who were customers before and can be found in one of these languages."""
    return [
        person
        for person in people.values()
        if person.regular and person.language in languages and set(person.addresses) - {*_QUIET}
    ]


def _asked(shop: Shop, name: str, *, lately: bool) -> float:
    """When the customer asked, in seconds since the day's midnight."""
    days = 1 + pick(f"{name}:day", _DAYS) if lately else 2 + pick(f"{name}:day", int(shop.years * 365) - 2)
    return 9 * HOUR + pick(f"{name}:time", int(10 * HOUR)) - days * DAY


def _wait(name: str, channel: str, *, lately: bool) -> float:
    """Seconds until the shop answered; lately it mostly did so in time."""
    if not lately:
        return 120.0 + pick(f"{name}:wait", 7200 if channel == "email" else 1200)
    is_slow = pick(f"{name}:slow", 6) == 0
    if channel == "email":
        return 300.0 + pick(f"{name}:wait", 3000) + is_slow * 2 * HOUR
    return 5.0 + pick(f"{name}:wait", 25) + is_slow * 600
