"""What is known of who writes, in words: what the receiving server says of a sender, what an agent said, and what is odd about
a mail.

Promises: pure; shared by screen and command line. Refuses: deciding whom to trust; the law and the settings do.
"""

from collections.abc import Mapping

from agentdesk.core.link import Link
from agentdesk.core.link import links as found_links
from agentdesk.core.lookalike import domain_of, is_homograph, shown, wired
from agentdesk.core.model import BY_DEED
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView
from agentdesk.core.vouching import ADDRESS_IN_TEXT, DISOWNED, NO_ADDRESS
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

_VERDICTS: Mapping[str, str] = {
    "person": N_("a person, as an agent said"),
    "machine": N_("not a customer, as an agent said"),
}


def verdict(value: str) -> str:
    """What an agent said of a sender."""
    return tr(_VERDICTS.get(value, value))


_BADGES: Mapping[str, str] = {
    "pass": N_("verified"),
    "none": N_("not verified"),
    "fail": N_("failed the check"),
}


def badge(verified: str) -> str:
    """What the server that the account trusts says of a sender, in a word or two."""
    return tr(_BADGES.get(verified, verified))


def both_forms(identity: str | None) -> str:
    """An address whose domain is written in letters beyond ASCII, as it reads and as it really is; empty for others."""
    address = (identity or "").partition(":")[2]
    domain = domain_of(address) if "@" in address else ""
    reads, really = safe_line(shown(domain)), safe_line(wired(domain))
    if reads == really:
        return ""
    return tr("The domain reads {reads} and really is {really}.").format(reads=reads, really=really)


def doubts(message: MessageView) -> list[str]:
    """What is odd about a message and whoever wrote it, a sentence each, the gravest first."""
    forged = message.verified == "fail" and DISOWNED not in message.warnings
    found = [tr("The sender failed the server's check: it may be forged.")] if forged else []
    believed = message.mail_class == "human"
    said = [each for each in message.warnings if not (believed and each in BY_DEED)]
    found += [warning(each, message.forwarded_from) for each in said]
    forms = both_forms(message.identity) if message.way == "in" else ""
    return [*found, forms] if forms else found


LINKS_AT_MOST = 3
"""Doubtful links of one message that are named in its place; the list of all has the others."""


def links(message: MessageView) -> list[str]:
    """What is odd about the links of what a stranger wrote, a sentence each."""
    if message.way != "in" or message.erased:
        return []
    odd = [each for each in found_links(message.visible) if each.is_doubtful]
    said = [sentence for each in odd[:LINKS_AT_MOST] for sentence in leads(each)]
    if (more := len(odd) - LINKS_AT_MOST) > 0:
        said.append(
            tr_n("{n} more link looks suspicious.", "{n} more links look suspicious.", more).format(n=more)
        )
    return said


def leads(link: Link) -> list[str]:
    """What is odd about one link, a sentence each."""
    found = []
    if link.claims:
        said = tr("A link says {said} but leads to {host}.")
        found.append(said.format(said=safe_line(link.claims), host=link.host))
    if link.masked:
        found.append(
            tr("What comes before the @ in a link is not where it leads: it leads to {host}.").format(
                host=link.host
            )
        )
    if link.reads != link.host:
        mixed = is_homograph(link.host)
        said = (
            tr("A link reads {reads}, with letters of another script, and really leads to {host}.")
            if mixed
            else tr("A link reads {reads} but really leads to {host}.")
        )
        found.append(said.format(reads=link.reads, host=link.host))
    return found


_WARNINGS: Mapping[str, str] = {
    "charset": N_("Some characters could not be read."),
    "truncated": N_("The text is longer than what is shown."),
    "defects": N_("The mail is malformed; look at the raw message if something is missing."),
    "text_too_long": N_("The text is longer than what is shown."),
    "nested_too_deep": N_("Parts within parts were left out; the raw message has them."),
    "date": N_("The sender's date is nonsense; the time of arrival counts."),
    "no_message_id": N_("The mail has no Message-ID: an answer to it may not be recognised."),
    "no_sender": N_("The mail names no sender."),
    "several_senders": N_("The mail names several senders; the first one counts."),
    "name_is_address": N_("The sender's name shows another address than the mail came from."),
    "agent_name": N_(
        "The sender has the name of an agent or of the shop, but an address that is not theirs."
    ),
    "agent_address": N_("The mail bears an agent's address: believe it only if the sender is verified."),
    "like_ours": N_("The sender's domain looks like ours but is not the same."),
    "like_customer": N_(
        "A customer of this name has an address whose domain looks like this one but is not the same."
    ),
    "homograph": N_("Letters of another script stand in the domain where Latin ones are read."),
    "reply_to_elsewhere": N_("The answer goes to another address than the sender's."),
    DISOWNED: N_(
        "The sender failed the server's check, and their own domain wants such mail turned away: it joined no ticket, and may be forged."
    ),
    "same_message_id": N_("Another mail has the same Message-ID."),
    "new_participant": N_("The sender took no part in this ticket before."),
    "flood": N_(
        "One of very many mails of this sender within a short time: they are kept together, and each can be split off."
    ),
    "answers_at_once": N_(
        "Taken for an automatic answer: like the two before, it came at once upon an automatic text of ours. If a person writes, say so."
    ),
    "answers_the_same": N_(
        "Taken for an automatic answer: like the two before, it says the same upon an automatic text of ours. If a person writes, say so."
    ),
    "by_list": N_("It came through a mailing list: the answer may go to all who read it."),
    "says_automatic": N_("The text says of itself that it is automatic."),
    "repeats": N_(
        "Taken for a program's: the same text came again and again within an hour. If a person writes, say so."
    ),
    "by_form": N_("By form, not verified: the customer is who the form names."),
    ADDRESS_IN_TEXT: N_(
        "The form asks for no answer to anybody: the address stands only in its text, and the answer goes there."
    ),
    NO_ADDRESS: N_(
        "A form without an address to answer: it names none, or several. Who gets the answer is for you to say."
    ),
    "first_seen_edited": N_("It was edited before it came here; what it said first is not known."),
    "encrypted": N_("It is encrypted: agentdesk cannot read it."),
    "unsupported": N_("A kind of message that is not shown here; its raw form is kept."),
    "opted_out": N_("The customer wants no more messages here."),
    "number_changed": N_("WhatsApp says that the customer's number is another one now:"),
    "by_service": N_("The service itself says this of the customer; nobody wrote it."),
    "pinned": N_("A message was pinned in the chat; nobody wrote anything."),
    "chat_changed": N_("Somebody came into the chat, left it or changed it; nobody wrote anything."),
    "forwarded": N_("Forwarded: the words are not the sender's own."),
    "forwarded_often": N_("Forwarded many times: the words are not the sender's own."),
    "from_ad": N_("They come from an ad or a link: what that says stands above their own words."),
    "about_product": N_(
        "They ask about a product of the catalogue: its number stands above their own words."
    ),
    "story": N_("A story was shared: what it shows does not come along."),
    "file_missing": N_("A file could not be fetched from the service."),
}


def warning(code: str, forwarded_from: str = "") -> str:
    """A warning of a message; one that is not known here shows its code."""
    if code == "forwarded" and forwarded_from:
        return tr("Forwarded from {name}: the words are not the sender's own.").format(
            name=safe_line(forwarded_from)
        )
    kind, _, sizes = code.partition(":")
    if kind == "file_too_large":
        return _too_large(sizes)
    return tr(_WARNINGS.get(code, code))


def _too_large(sizes: str) -> str:
    """What to do about a file that the service does not hand out; `sizes` are its bytes and the most that it hands out."""
    size, most = (-(-int(each) >> 20) if each.isdecimal() else 0 for each in sizes.split(":", 1))
    said = tr(
        "A file of {size} MB did not come along: this channel hands out {most} MB at most. Ask for a link to it, or to have it by mail."
    )
    return said.format(size=size, most=most)


_ALIKE: Mapping[str, str] = {
    "phone": N_("the same number"),
    "mail": N_("wrote this address: {word}"),
    "order": N_("the same order {word}"),
    "number": N_("both name the number {word}"),
    "name": N_("the same name"),
}


def alike(reason: str, word: str) -> str:
    """Why two customers may be one."""
    return tr(_ALIKE.get(reason, reason)).format(word=word)


def stays_history(number: int) -> str:
    """What a word on the sender does not change."""
    return tr("#{number} was there before and stays history.").format(number=number)


_RUNS = frozenset(
    [
        "apk",
        "app",
        "appimage",
        "bat",
        "bin",
        "cmd",
        "com",
        "command",
        "cpl",
        "desktop",
        "dll",
        "dmg",
        "docm",
        "dotm",
        "exe",
        "gadget",
        "hta",
        "htm",
        "html",
        "inf",
        "iso",
        "jar",
        "js",
        "jse",
        "lnk",
        "mht",
        "mhtml",
        "msc",
        "msi",
        "msix",
        "msp",
        "ps1",
        "psm1",
        "pkg",
        "pl",
        "pif",
        "potm",
        "ppam",
        "pptm",
        "py",
        "pyw",
        "rb",
        "reg",
        "run",
        "scf",
        "scr",
        "sct",
        "sh",
        "shtml",
        "svg",
        "svgz",
        "url",
        "vb",
        "vbe",
        "vbs",
        "webloc",
        "workflow",
        "ws",
        "wsf",
        "wsh",
        "xhtml",
        "xht",
        "xlam",
        "xlsm",
        "xltm",
        "xml",
        "xsl",
    ]
)
"""Endings of what the system runs, or of pages and documents that can do something by themselves."""
_SEEN = frozenset({"image", "audio", "video"})


def opens(name: str, media_type: str) -> str:
    """What opening a stranger's file may do that its name does not say; empty where that is nothing."""
    from mimetypes import guess_type  # slow to load, and nobody opens a file before the first paint

    parts = "".join(name.lower().split()).rstrip(".").split(".")
    known = guess_type(".".join(parts))[0] or ""
    if (len(parts) > 1 and parts[-1] in _RUNS) or media_type in {"text/html", "image/svg+xml"}:
        said = tr(
            "This is a program or a page (.{ending}), which may do something by itself: open it only if you expect it."
        )
        return said.format(ending=safe_line(parts[-1]) if len(parts) > 1 else media_type.rpartition("/")[2])
    says, is_sent = known.partition("/")[0], media_type.partition("/")[0]
    if media_type == "application/octet-stream" or says == is_sent or {says, is_sent} <= {"audio", "video"}:
        return ""
    if not known or not {says, is_sent} & _SEEN:
        return ""
    said = tr("Its name says {name}, and it was sent as {type}: it is not what it says.")
    return said.format(name=known, type=safe_line(media_type))
