"""What a first connection fetches first, told from headers alone.

Promises: the mails of people without an answer come before everything, then their threads, then the newest
of a big folder, then the rest; the same mailbox at the same opening gives the same plan. Refuses: fetching
a body, or believing that all old mail is work or that none is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from functools import lru_cache
from itertools import islice

from agentdesk.channels import Opening, Outlook
from agentdesk.channels.cursor import Mark, Uids
from agentdesk.channels.folder import Folder
from agentdesk.channels.imap import Mail, Mailbox, View
from agentdesk.channels.lean import head
from agentdesk.core.model import MailFacts
from agentdesk.core.waiting import addresses, alongside, human, sender, waiting
from agentdesk.values import dataclass

# A thread is looked at further back than the days asked for: what we answered must be seen.
_LOOKED_BACK = 30
_MARGIN = 2
_BIG = 2_000
_NEWEST = 500
_HEADS_AT_ONCE = 500
# From here on all UIDs no longer fit into one answer without ESEARCH.
MANY = 100_000


@dataclass(frozen=True, slots=True)
class Found:
    """A folder at the moment of the plan: how it looked and what lay there."""

    folder: Folder
    view: View
    uids: Uids


def survey(box: Mailbox, folders: Iterable[Folder]) -> list[Found]:
    """Opens each folder once and lists it."""
    found = []
    for folder in folders:
        view = box.open(folder.name)
        found.append(Found(folder, view, listed(box, view)))
    return found


def listed(box: Mailbox, view: View) -> Uids:
    """All UIDs of the folder that is open."""
    top = view.next_uid - 1 if view.next_uid and (view.exists or 0) > MANY else None
    return box.uids(up_to=top) if view.exists else Uids()


def plan(box: Mailbox, found: Iterable[Found], opening: Opening, own: Iterable[str]) -> dict[str, Mark]:
    """A mark for each folder, with what is to be fetched first."""
    everything = list(found)
    back = max(_LOOKED_BACK, opening.waiting_days) + _MARGIN
    since = opening.opened_at - timedelta(days=back)
    facts = [fact for each in everything for fact in gathered(box, each.folder, since, own, lambda: False)]
    waits = waiting(facts, opening.opened_at, opening.waiting_days)
    threads = alongside(facts, waits)
    marks = {}
    for each in everything:
        name = each.folder.name
        bare = Mark(validity=each.view.validity, history_until=opening.opened_at, modseq=each.view.modseq)
        marks[name] = replace(
            bare,
            next_uid=each.view.next_uid or each.uids.last + 1,
            planned_to=each.uids.last + 1,
            waits=Uids.of(uid for folder, uid in waits if folder == name),
            threads=Uids.of(uid for folder, uid in threads if folder == name),
            newest=each.uids.newest(_NEWEST) if len(each.uids) > _BIG else Uids(),
        )
    return marks


def outlook(
    box: Mailbox, folders: Iterable[Folder], now: datetime, own: Iterable[str], enough: Callable[[], bool]
) -> Outlook:
    """How much there is and how many wait, newest first; what was not seen before `enough` is not counted."""
    total = 0
    facts: list[MailFacts] = []
    for folder in folders:
        if folder.role == "junk":
            continue
        view = box.open(folder.name)
        total += (view.exists or 0) if folder.role == "inbox" else 0
        if view.exists:
            facts += gathered(box, folder, now - timedelta(days=_LOOKED_BACK + _MARGIN), own, enough)
    people = {fact.key: fact.sender for fact in facts}
    return Outlook(
        total=total,
        waiting={days: len({people[key] for key in waiting(facts, now, days)}) for days in (7, 14, 30)},
    )


def gathered(
    box: Mailbox, folder: Folder, since: datetime, own: Iterable[str], enough: Callable[[], bool]
) -> Iterator[MailFacts]:
    """The facts of the mails of a folder since then, newest first, until `enough`."""
    if box.folder != folder.name:
        box.open(folder.name)
    left = box.uids(since=since.date())
    while left and not enough():
        now = left.newest(_HEADS_AT_ONCE)
        left -= now
        for mail in box.heads(now):
            yield facts(mail, folder, own, since)


def facts(mail: Mail, folder: Folder, own: Iterable[str], fallback: datetime) -> MailFacts:
    """What a head tells. `own` are our addresses; `fallback` stands for a date that cannot be read."""
    headers = _headers(mail.body)
    writer = sender(headers, own)
    names = f"{headers.get('references', '')} {headers.get('in-reply-to', '')}".split()
    to = addresses(headers.get("to", "")) + addresses(headers.get("cc", ""))
    return MailFacts(
        key=(folder.name, mail.uid),
        sender=writer,
        recipients=tuple(dict.fromkeys(to)),
        message_id=headers.get("message-id", "").strip() or None,
        references=tuple(dict.fromkeys(names)),
        received_at=mail.received_at or fallback,
        own=folder.role == "sent" or writer in own,
        human=human(headers, own),
        answered="\\Answered" in mail.flags,
        subject=headers.get("subject", ""),
    )


def first(uids: Uids, count: int) -> Uids:
    """The `count` lowest."""
    return Uids.of(islice(uids, count))


def _headers(raw: bytes) -> dict[str, str]:
    """Lower-case names and decoded values; of a repeated header the first."""
    found = head(raw)
    headers: dict[str, str] = {}
    for name, value in BytesHeaderParser().parsebytes(raw).items() if found is None else found:
        headers.setdefault(name.lower(), _decoded(str(value)))
    return headers


@lru_cache(maxsize=4096)  # the people of a month write again and again
def _decoded(value: str) -> str:
    value = " ".join(value.split())
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, UnicodeError):
        return value
