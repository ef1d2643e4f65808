"""The hand-over between two people at one keyboard, in words.

Promises: whatever customers or agents wrote is a line, fit for a terminal; what there is none of is said. Refuses: layout.
"""

from datetime import datetime, tzinfo

from agentdesk import dates
from agentdesk.core.handover import LISTED, Handover
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n


def kind(drafted: str) -> str:
    """What a draft is, in words."""
    word, _, to = drafted.partition(" ")
    words = {
        "reply": tr("answer"),
        "note": tr("note"),
        "party": tr("to {who}").format(who=to),
        "edit": tr("change of what was sent"),
    }
    return words.get(word, drafted)


def lines(told: Handover, now: datetime, zone: tzinfo) -> list[str]:
    """The hand-over in words, a line each, fit for a terminal."""
    if told.since:
        there = moment(told.since).astimezone(zone)
        when = f"{dates.short_day(there.date(), now.astimezone(zone).date())} {there:%H:%M}"
        said = [tr("{name} was here last on {when}.").format(name=told.agent, when=when)]
    else:
        said = [tr("{name} is here for the first time.").format(name=told.agent)]
    came = [
        f"#{each.number} {each.who}: {each.subject} "
        + tr_n("({n} message)", "({n} messages)", each.messages).format(n=each.messages)
        for each in told.came
    ]
    drafts = [f"#{each.number} {each.agent}: {kind(each.kind)}" for each in told.drafts]
    mentions = [f"#{each.number} {each.by}: {each.text}" for each in told.mentions]
    for title, listed, empty in (
        (tr("Notes for you"), mentions, tr("nothing")),
        (tr("Who wrote since"), came, tr("nobody")),
        (tr("Drafts that are open"), drafts, tr("nothing")),
    ):
        said += ["", title, *(f"  {safe_line(line)[:200]}" for line in listed[:LISTED] or [empty])]
        if len(listed) > LISTED:
            said.append("  " + tr("and more"))
    return said
