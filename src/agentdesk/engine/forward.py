"""Passing on: messages of a ticket and their files to a third party by mail, and going on with what it answers.

Promises: what goes is what was chosen and nothing more: the messages without what they quote, no note, no name of a message
before; the letter, the event that makes the ticket wait and the outbox row are one transaction. Refuses: going by another channel
than mail.
"""

from contextlib import closing

from agentdesk.channels import Channel
from agentdesk.config import Account, Settings
from agentdesk.core import letter
from agentdesk.core.instant import moment
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile, Outgoing
from agentdesk.core.posting import Forward
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView, QueueRow
from agentdesk.engine.desk import Desk
from agentdesk.engine.files import content
from agentdesk.engine.fit import fits, takes
from agentdesk.engine.reply import Written, keep, packed, sender
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import ways
from agentdesk.values import dataclass

ALL = 1 << 40
EMAIL = "email"
DEMO = "demo"
"""The demo's account sends mails too."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What is passed on: our words, and messages of the ticket by id, none for the customer's last; with their files or not."""

    to: tuple[Address, ...]
    text: str
    messages: tuple[str, ...] = ()
    with_files: bool = True
    files: tuple[OutFile, ...] = ()


def mailbox(settings: Settings, row: QueueRow) -> Account:
    """The account by which a third party of this ticket is written to: the ticket's own where that is a mailbox, else the
    first mailbox; raises RefusedError where there is none."""
    own = settings.account(row.account)
    boxes = [each for each in (own, *settings.accounts) if each is not None and each.channel in {EMAIL, DEMO}]
    if not boxes:
        raise RefusedError(reason="no_mailbox")
    return boxes[0]


def parties(desk: Desk, ticket: str) -> tuple[str, ...]:
    """The addresses of the third parties of a ticket."""
    with closing(desk.reader()) as connection:
        return ways.parties(connection, ticket)


def to_whom(desk: Desk, ticket: str, message: str) -> tuple[str, ...]:
    """Who gets an answer to a message between us and a third party."""
    with closing(desk.reader()) as connection:
        found = ways.of_party(connection, desk.store.blobs, ticket, message)
    return tuple(each.email for each in letter.recipients(found, desk.own)) if found else ()


def pass_on(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    ticket: QueueRow,
    passed: Passed,
    *,
    hold: float | None = None,
) -> Written:
    """Sends messages of a ticket to a third party; raises RefusedError, NotFoundError. `channel` is that of `mailbox`."""
    account, unique = mailbox(settings, ticket), next(desk.ids)
    if not passed.to:
        raise RefusedError(reason="no_recipient")
    with Window(desk) as window:
        chosen = _chosen(window, ticket.id, passed.messages)
        files = tuple(_files(window, chosen)) if passed.with_files else ()
    zone, language = settings.desk.tzinfo, settings.desk.language
    texts = [
        letter.quoted(_who(each), each.visible, moment(each.received_at), language=language, zone=zone)
        for each in chosen
    ]
    made = letter.first(
        sender(settings, account, desk.agent),
        Wish(passed.text, to=passed.to, files=(*passed.files, *files)),
        letter.fwd_subject(ticket.subject),
        ticket=ticket.id,
        unique=unique.replace("-", "")[-16:],
        seal=desk.seal,
        at=desk.now(),
        passed_on=tuple(texts),
        party=True,
    )
    return _sent(desk, settings, channel, account, ticket.id, unique, made, hold)


def answer(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    ticket: QueueRow,
    message: str,
    wish: Wish,
    *,
    hold: float | None = None,
) -> Written:
    """Goes on with the third party of `message`; raises RefusedError, NotFoundError. `channel` is that of `mailbox`."""
    account, unique = mailbox(settings, ticket), next(desk.ids)
    with closing(desk.reader()) as connection:
        original = ways.of_party(connection, desk.store.blobs, ticket.id, message)
    if original is None:
        raise NotFoundError(what="message", name=message)
    try:
        made = letter.answer(
            original,
            sender(settings, account, desk.agent),
            wish,
            ticket=ticket.id,
            unique=unique.replace("-", "")[-16:],
            seal=desk.seal,
            language=settings.desk.language,
            zone=settings.desk.tzinfo,
            at=desk.now(),
            party=True,
        )
    except ValueError as error:
        raise RefusedError(reason=str(error)) from None
    return _sent(desk, settings, channel, account, ticket.id, unique, made, hold)


def _sent(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    account: Account,
    ticket: str,
    unique: str,
    made: Outgoing,
    hold: float | None,
) -> Written:
    fits(made.text, made.files, takes(channel, EMAIL))
    whole = packed(channel, made)
    command = Forward(ticket, unique, made, account=account.id, **whole.values)
    return keep(desk, settings, whole.made(ticket, EMAIL, command), hold)


def _chosen(window: Window, ticket: str, wanted: tuple[str, ...]) -> list[MessageView]:
    """The messages to pass on, oldest first; raises RefusedError for a note, NotFoundError for what is not in the ticket."""
    messages = [each for each in window.messages(ticket, limit=ALL) if not each.erased]
    if not wanted:
        said = [each for each in messages if each.direction == "in" and each.mail_class == "human"]
        if not said:
            raise RefusedError(reason="nothing_to_pass_on")
        return said[-1:]
    by_id = {each.id: each for each in messages}
    if missing := next((each for each in wanted if each not in by_id), None):
        raise NotFoundError(what="message", name=missing)
    if any(by_id[each].direction == "note" for each in wanted):
        raise RefusedError(reason="note_passed_on")
    return [each for each in messages if each.id in wanted]


def _who(message: MessageView) -> str:
    return message.name or (message.identity or "").partition(":")[2]


def _files(window: Window, chosen: list[MessageView]) -> list[OutFile]:
    found: list[OutFile] = []
    for message in chosen:
        if not message.attachments:
            continue
        raw = window.raw(message.id)
        for one in message.attachments:
            try:
                data = b"".join(content(raw, one.part))
            except KeyError:
                raise NotFoundError(what="attachment", name=one.name) from None
            found.append(
                OutFile(safe_line(one.name) or one.media_type.partition("/")[0], one.media_type, data)
            )
    return found
