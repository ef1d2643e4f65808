"""An address that may be a former one of ours, looked for before old mail is taken in.

What somebody wrote to several people, and neither from nor to an address of the desk, is likely an answer of the shop's under a name that
the desk does not know: it would be a customer's for ever. Promises: only heads are read, and nothing is stored. Refuses: deciding; whoever
imports says that it is theirs (aliases) or is not (`sure`). Afterwards it could not be put right: whose matter a mail is, and which ticket it
opened or joined, follows from who wrote it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from agentdesk.channels.header import Headers, addresses
from agentdesk.core.text import safe_line
from agentdesk.engine.mailfile import Found, start_of
from agentdesk.engine.noted import head_of
from agentdesk.errors import N_, DeskError
from agentdesk.i18n import tr

MAILS, PEOPLE, SHARE, MANY = 2, 2, 0.05, 20
"""From so many mails to so many people on, if they are such a part of all, an address is asked about; `MANY` are enough in any mailbox."""
_RECIPIENTS = ("to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to")


class FormerAddressError(DeskError):
    """Much of an import may be ours under another address. Values: reason."""

    code = "former_address"
    exit_status = 2
    title = N_("Is that an address of yours?")
    remedy = N_(
        "If it is, add it to aliases of the account in config.toml and import again; if it is not, the same command with --yes. "
        "Nothing was imported."
    )


def look(own: Collection[str], mails: Iterable[Found]) -> None:
    """Raises FormerAddressError where somebody whom the desk does not know for its own wrote as a shop does."""
    total, wrote, people = 0, Counter[str](), defaultdict[str, set[str]](set)
    for mail in mails:
        if mail.left is not None:
            continue
        total += 1
        head = head_of(start_of(mail))[0]
        sender = next(iter(addresses(head.all("from"))), None)
        to = set(_recipients(head))
        if sender is None or mail.role == "sent" or any(_is_own(own, each) for each in (sender.email, *to)):
            continue
        wrote[sender.email] += 1
        people[sender.email] |= to - {sender.email}
    for address, count in wrote.most_common():
        if count >= min(max(MAILS, SHARE * total), MANY) and len(people[address]) >= PEOPLE:
            text = tr(
                "{count} of {total} mails are neither to nor from this mailbox; {most} of them are from {address}."
            )
            words = text.format(count=wrote.total(), total=total, most=count, address=safe_line(address))
            raise FormerAddressError(reason=words)


def _recipients(head: Headers) -> Iterator[str]:
    return (each.email for name in _RECIPIENTS for each in addresses(head.all(name)))


def _is_own(own: Collection[str], address: str) -> bool:
    """With whatever stands behind a plus."""
    name, _, domain = address.lower().rpartition("@")
    return address.lower() in own or f"{name.partition('+')[0]}@{domain}" in own
