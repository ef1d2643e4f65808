"""Changing places at one laptop: who is at the keyboard, and what that person has to know.

Promises: from the change on every act bears the new name, whatever the console shows; what the hand-over tells is read
from the log and the drafts of this desk. Refuses: passwords; whoever shares a laptop shares a shop.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from agentdesk.config import write_file
from agentdesk.core.handover import LISTED, Handover, LeftOpen
from agentdesk.core.instant import stamp
from agentdesk.store import handover as found

if TYPE_CHECKING:
    from agentdesk.config import Home
    from agentdesk.engine.desk import Desk

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


def has_worked(desk: Desk, agent: str) -> bool:
    """Whether `agent` did something here, or left something typed."""
    with closing(desk.reader()) as connection:
        typed = (each.agent for each in found.drafts(connection, DRAFTS))
        return found.last_act(connection, agent) is not None or agent in typed


def open_drafts(desk: Desk) -> list[LeftOpen]:
    """What is typed and not sent, the newest first."""
    with closing(desk.reader()) as connection:
        return found.drafts(connection, DRAFTS)
