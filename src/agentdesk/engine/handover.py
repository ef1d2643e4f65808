"""Changing places at one laptop: who is at the keyboard, and what that person has to know.

Promises: from the change on every act bears the new name, whatever the console shows; what the hand-over tells is read
from the log and the drafts of this desk. Refuses: passwords; whoever shares a laptop shares a shop.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.handover import Handover, LeftOpen
from agentdesk.core.instant import moment, stamp
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n
from agentdesk.store import handover as found

if TYPE_CHECKING:
    from datetime import tzinfo

    from agentdesk.config import Home
    from agentdesk.engine.desk import Desk

LISTED = 12
"""Lines of one kind."""
DRAFTS = 200
"""So many are listed where somebody asks for them."""
AT_MOST = timedelta(days=14)
"""What came before is not news to anybody."""


def switch(desk: Desk, home: Home, agent: str) -> Handover:
    """`agent` is at the keyboard from now on, after a restart too; raises DiskError."""
    told = handover(desk, agent)
    write_file(home.agent_file, f"{agent}\n".encode())
    desk.agent = agent
    return told


def handover(desk: Desk, agent: str) -> Handover:
    """What came since `agent` did something last, whose drafts are open, and the notes that call for `agent`."""
    earliest = stamp(desk.now() - AT_MOST)
    with closing(desk.reader()) as connection:
        last = found.last_act(connection, agent)
        since = max(last or earliest, earliest)
        return Handover(
            agent,
            last,
            tuple(found.came(connection, since, LISTED + 1)),
            tuple(found.drafts(connection, LISTED + 1)),
            tuple(found.mentions(connection, desk.store.blobs, agent, since, LISTED + 1)),
        )


def open_drafts(desk: Desk) -> list[LeftOpen]:
    """What is typed and not sent, the newest first."""
    with closing(desk.reader()) as connection:
        return found.drafts(connection, DRAFTS)


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


def lines(told: Handover, zone: tzinfo) -> list[str]:
    """The hand-over in words, a line each, fit for a terminal."""
    if told.since:
        when = f"{moment(told.since).astimezone(zone):%d %b %H:%M}"
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
    for title, listed in (
        (tr("Notes for you"), mentions),
        (tr("Who wrote since"), came),
        (tr("Drafts that are open"), drafts),
    ):
        said += ["", title, *(f"  {safe_line(line)[:200]}" for line in listed[:LISTED] or [tr("none")])]
        if len(listed) > LISTED:
            said.append("  " + tr("and more"))
    return said
