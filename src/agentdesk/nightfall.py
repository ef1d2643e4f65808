"""What customers who write while the shop is closed are told, in words, and what helps where nobody tells them anything.

Promises: a line for all channels that say the same, and one line for each thing that helps; the same for console and command line,
which name their own ways to it, and rules by their `titles` where those are given. Refuses: promising that a laptop will be on.
"""

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType

from agentdesk import dates, present
from agentdesk.core.afterhours import ALWAYS, WHILE_OFF, Heard
from agentdesk.core.closing import Closing
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr

RULES = {False: "out-of-hours", True: "acknowledge"}
"""The shipped rule that speaks, of a shop that closes and of one that never does."""
BY_PROVIDER = {"email": "agentdesk away sieve", "whatsapp": "agentdesk away whatsapp"}
"""What makes the provider's own text, where it can have one."""
NAMES: Mapping[str, str] = MappingProxyType({})
"""Rules are called by their names, as commands are told them."""


def heard(
    answers: tuple[Heard, ...], told: Closing, zone: tzinfo, titles: Mapping[str, str] = NAMES
) -> tuple[str, ...]:
    """The heading and a line for each answer; nothing where there is no account yet."""
    if not answers:
        return ()
    if told.night.opens_at is None:
        head = tr("Who writes is told at once:")
    else:
        opens = dates.coming(told.night.opens_at.astimezone(zone), told.now.astimezone(zone))
        head = tr("Who writes while we are closed (until {time}) is told at once:").format(time=opens)
    alike: dict[str, list[str]] = {}
    for each in answers:
        alike.setdefault(_says(each, titles), []).append(present.channel(each.channel))
    return head, *(f"  {', '.join(channels)}: {says}" for says, channels in alike.items())


def _says(each: Heard, titles: Mapping[str, str]) -> str:
    if each.is_silence:
        return tr("nothing")
    if each.provider == ALWAYS:
        return tr("the provider's text")
    own = _own(each, titles)
    if each.provider != WHILE_OFF:
        return own
    if not own:
        return tr("the provider's text while the laptop is off, nothing while it is on")
    return tr("the provider's text while the laptop is off, else {own}").format(own=own)


def _own(each: Heard, titles: Mapping[str, str]) -> str:
    if not each.rules:
        return ""
    text = tr('the text of "{rules}", while agentdesk runs')
    if each.in_part:
        text = tr('for some messages the text of "{rules}", while agentdesk runs')
    return text.format(rules=", ".join(_called(name, titles) for name in each.rules))


def _called(name: str, titles: Mapping[str, str]) -> str:
    return safe_line(titles.get(name, name))


def silent(answers: tuple[Heard, ...]) -> tuple[str, ...]:
    """The channels on which nobody is told anything."""
    return tuple(present.channel(each.channel) for each in answers if each.is_silence)


def remedies(
    answers: tuple[Heard, ...], told: Closing, key: str = "", titles: Mapping[str, str] = NAMES
) -> tuple[str, ...]:
    """A line for each thing that helps. `key` leads to the rules; without one it is a command."""
    found = []
    if silent(answers):
        rule = RULES[told.night.is_always_open]
        text = tr('Switch the rule "{rule}" on: {way}')
        found.append(text.format(rule=_called(rule, titles), way=key or f"agentdesk rules on {rule}"))
    if not told.night.is_always_open:
        alone = {BY_PROVIDER[each.channel] for each in answers if _could(each)}
        if alone:
            found.append(
                tr("A laptop that is off tells nobody; the provider can: {ways}").format(
                    ways=", ".join(sorted(alone))
                )
            )
    return tuple(found)


def _could(each: Heard) -> bool:
    """Whether the provider could tell, and does not."""
    return each.channel in BY_PROVIDER and (each.is_silence or each.ends_with_the_laptop)
