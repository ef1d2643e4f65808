"""What is shown of one answer to many before it is written, in words: screen and command line say it alike.

Promises: pure; how many get it by which channel and in which language, who does not and why, and a few of the answers whole.
Refuses: deciding any of that (`core.circular`).
"""

from collections.abc import Mapping

from agentdesk import present
from agentdesk.core.circular import Addressee, Circular, Why
from agentdesk.core.text import safe, safe_line
from agentdesk.errors import N_
from agentdesk.i18n import language_name, tr, tr_n

NAMED = 6
"""Tickets that are named of those that are left out for the same reason."""
_WHY: Mapping[Why, str] = {
    Why.MACHINE: N_("not a person"),
    Why.OVER: N_("resolved already"),
    Why.NO_WAY: N_("no way to answer"),
    Why.OPTED_OUT: N_("the customer said STOP"),
    Why.WINDOW: N_("the channel's window has closed"),
    Why.ELSEWHERE: N_("the mail asks for the answer to go elsewhere"),
    Why.HAD_IT: N_("had this text before"),
    Why.BLANK: N_("something is still to be filled in"),
    Why.TOO_LONG: N_("too long for the channel"),
    Why.SAME: N_("the same customer gets it in another ticket"),
}


def why(reason: Why) -> str:
    """Why somebody is left out."""
    return tr(_WHY[reason])


def _of(n: int, reason: Why) -> str:
    """How many are left out for it; what is no word for the ticket itself is a sentence about it."""
    if reason is not Why.BLANK:
        return f"{n} {why(reason)}"
    said = tr_n("{n}: something is still to be filled in", "{n}: something is still to be filled in", n)
    return said.format(n=n)


def count(found: Circular) -> str:
    n = len(found.gets)
    return tr_n("{n} ticket gets this answer", "{n} tickets get this answer", n).format(n=n)


def text(found: Circular, doing: str = "") -> str:
    """All of it; `doing` is what a macro does with each answer, in words."""
    by_channel: dict[str, list[str]] = {}
    for channel, spoken, n in found.kinds():
        by_channel.setdefault(channel, []).append(f"{n} {language_name(spoken)}")
    lines = [f"  {present.channel(channel)}: {', '.join(parts)}" for channel, parts in by_channel.items()]
    lines += [tr("with each: {acts}").format(acts=doing)] if doing else []
    if found.left_out:
        n = len(found.left_out)
        lines += ["", tr_n("{n} is left out:", "{n} are left out:", n).format(n=n)]
        lines += [f"  {_of(n, reason)} {_named(found, reason)}" for reason, n in found.reasons()]
    for each in found.shown():
        lines += ["", f"-- {_whose(each)}", safe(each.text)]
    return "\n".join(lines)


def _named(found: Circular, reason: Why) -> str:
    numbers = [f"#{each.number}" for each, other in found.left_out if other is reason]
    return f"({' '.join(numbers[:NAMED])}{' ...' if len(numbers) > NAMED else ''})"


def _whose(each: Addressee) -> str:
    parts = (
        f"#{each.number} {safe_line(each.name)}",
        present.channel(each.channel),
        language_name(each.language),
    )
    return ", ".join(parts)
