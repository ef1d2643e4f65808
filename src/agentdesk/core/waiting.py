"""Who still waits for an answer, told from headers alone.

Promises: pure functions over `MailFacts` and header values; the same facts give the same answer in any
order. Refuses: reading a body, a clock, a server. It is what lets a first connection to an old mailbox
put the people without an answer in front of the history, instead of calling everything work or nothing.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import getaddresses
from functools import lru_cache

from agentdesk.core.model import MailFacts

Key = tuple[str, int]

_REPLY_MARK = re.compile(
    r"^\s*(?:(?:re|fwd?|rv|aw|wg|sv|tr|rif|resp?|enc)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_NO_REPLY = re.compile(
    r"^(?:.*[-_.+])?(?:no|not|non|do[-_.]?not|dont|ne-?pas|nao|keine?)[-_.]?(?:reply|replay|r[ei]spon\w*|resposta|contest\w*|repondre|"
    r"antwort(?:en)?)\d*(?:[-_.+].*)?$",
    re.IGNORECASE,
)
_MACHINES = frozenset({"mailer-daemon", "postmaster", "maildaemon", "mail-daemon"})


def waiting(facts: Iterable[MailFacts], now: datetime, days: int) -> frozenset[Key]:
    """The keys of the mails of people that have had no answer of ours, at `now`.

    Of each thread those wait that a person wrote after our last word in it; our last word is the newest
    mail of ours or the newest one the server calls answered, and a later mail of ours to the same person
    under the same subject counts as one. A thread whose newest such mail is older than `days` is history.
    """
    known = sorted(facts, key=lambda fact: (fact.received_at, fact.key))
    roots = _roots(known)
    answered: dict[object, datetime] = {}
    for fact in known:
        if fact.own and fact.human:
            answered[roots[fact.key]] = fact.received_at
            subject = subject_root(fact.subject)
            answered.update({(person, subject): fact.received_at for person in fact.recipients if subject})
        elif fact.answered:
            answered[roots[fact.key]] = fact.received_at
    open_threads: dict[Key, list[MailFacts]] = {}
    for fact in known:
        words = (roots[fact.key], (fact.sender, subject_root(fact.subject)))
        if fact.human and not fact.own and all(_after(fact, answered.get(word)) for word in words):
            open_threads.setdefault(roots[fact.key], []).append(fact)
    oldest = now - timedelta(days=days)
    return frozenset(
        fact.key for thread in open_threads.values() if thread[-1].received_at >= oldest for fact in thread
    )


def alongside(facts: Iterable[MailFacts], chosen: Iterable[Key]) -> frozenset[Key]:
    """The other mails of the threads that `chosen` belong to."""
    known = list(facts)
    roots = _roots(known)
    wanted = frozenset(chosen)
    threads = {roots[key] for key in wanted if key in roots}
    return frozenset(fact.key for fact in known if roots[fact.key] in threads) - wanted


def human(headers: Mapping[str, str], own: Iterable[str] = ()) -> bool:
    """Whether a person wrote it, by its headers (lower-case names, decoded values; a list of a group
    whose address is one of `own` is no mailing list but a way into the shop).

    The signals are those of RFC 3834 section 2 and product-semantics 2.4. X-Auto-Response-Suppress says
    nothing: Exchange puts it on what people write.
    """
    ours = frozenset(address.lower() for address in own)
    submitted = headers.get("auto-submitted", "no").partition(";")[0].partition("(")[0].strip().lower()
    if submitted not in {"", "no"}:
        return False
    if any(headers.get(name, "no").strip().lower() != "no" for name in ("x-autoreply", "x-autorespond")):
        return False
    if "x-failed-recipients" in headers or headers.get("return-path", "").strip() == "<>":
        return False
    if headers.get("content-type", "").lower().startswith("multipart/report"):
        return False
    if not _is_our_group(headers.get("list-id", ""), ours):
        if any(name.startswith("list-") for name in headers):
            return False
        if headers.get("precedence", "").strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
            return False
    elif headers.get("precedence", "").strip().lower() in {"junk", "auto_reply"}:
        return False
    return _is_reachable(headers, ours)


def sender(headers: Mapping[str, str], own: Iterable[str] = ()) -> str:
    """The address of the person behind a mail, lower-cased, "" where there is none: From, or Reply-To
    where From is ourselves or a machine that speaks for somebody (a contact form)."""
    ours = frozenset(address.lower() for address in own)
    writer = next(iter(addresses(headers.get("from", ""))), "")
    if writer in ours or is_no_reply(writer):
        return _foreign(headers, writer, ours) or writer
    return writer


@lru_cache(maxsize=4096)
def addresses(value: str) -> tuple[str, ...]:
    """The addresses of a header value, lower-cased, without names."""
    return tuple(address.lower() for _, address in getaddresses([value]) if "@" in address)


def subject_root(subject: str) -> str:
    """A subject without its "Re:" and the like, for comparing."""
    return " ".join(_REPLY_MARK.sub("", subject).split()).casefold()


def is_answer(subject: str) -> bool:
    """Whether a subject calls itself one of an answer ("Re:")."""
    return _REPLY_MARK.match(subject) is not None


def _after(fact: MailFacts, moment: datetime | None) -> bool:
    return moment is None or fact.received_at > moment


def _is_reachable(headers: Mapping[str, str], ours: frozenset[str]) -> bool:
    writer = next(iter(addresses(headers.get("from", ""))), "")
    if not writer or writer.partition("@")[0] in _MACHINES:
        return False
    return not is_no_reply(writer) or bool(_foreign(headers, writer, ours))


def is_no_reply(address: str) -> bool:
    """Whether an address says itself that nobody reads what comes to it."""
    return bool(_NO_REPLY.match(address.partition("@")[0]))


def _foreign(headers: Mapping[str, str], writer: str, ours: frozenset[str]) -> str:
    for address in addresses(headers.get("reply-to", "")):
        if address != writer and address not in ours and not is_no_reply(address):
            return address
    return ""


def _is_our_group(list_id: str, ours: frozenset[str]) -> bool:
    """A group used as the shop's own address calls itself by it: soporte@shop.test is <soporte.shop.test>."""
    name = list_id.rpartition("<")[2].partition(">")[0].strip().lower()
    return bool(name) and name in {address.replace("@", ".") for address in ours}


def _roots(facts: Iterable[MailFacts]) -> dict[Key, Key]:
    """The thread of each mail, named by one of its keys: mails that name one another's Message-ID, at any
    remove, are one thread (union-find)."""
    parent: dict[object, object] = {}

    def find(node: object) -> object:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = above
        return node

    known = list(facts)
    for fact in known:
        for name in (fact.message_id, *fact.references):
            if name:
                parent[find(name)] = find(fact.key)
    names: dict[object, Key] = {}
    return {fact.key: names.setdefault(find(fact.key), fact.key) for fact in known}
