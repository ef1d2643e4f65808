"""What a macro does, in words, before it is done, and what an undo of much has done: console and command line say it alike.

Promises: pure. Refuses: doing it (`core.macro`), and reading what a file says (`engine.phrase`).
"""

from datetime import tzinfo

from agentdesk import pledges, present
from agentdesk.core.model import Acts
from agentdesk.i18n import tr, tr_n


def words(does: Acts, zone: tzinfo) -> str:
    """What a macro does, in a few words; empty where it does nothing."""
    parts = [f"+{name}" for name in does.tag] + [f"-{name}" for name in does.untag]
    if does.priority:
        parts.append(tr("priority {name}").format(name=present.priority(does.priority)))
    if does.assign is not None:
        parts.append(tr("to {name}").format(name=does.assign or tr("nobody")))
    if does.until:
        parts.append(tr("sleeps until {time}").format(time=f"{does.until.astimezone(zone):%d/%m %H:%M}"))
    elif does.status:
        parts.append(present.status(does.status))
    if does.derives:
        parts.append(tr("sent elsewhere: {place}").format(place=pledges.place(does.derives)))
    return ", ".join(parts)


def undone(n: int, *, of_people: bool) -> str:
    """What taking back an act on many has done."""
    if of_people:
        return tr_n("{n} customer is as before", "{n} customers are as before", n).format(n=n)
    return tr_n("{n} ticket is as it was", "{n} tickets are as they were", n).format(n=n)
