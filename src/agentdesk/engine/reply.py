"""Writes an answer: finds what is answered, makes the letter and its raw form once, and puts it into the outbox in the
transaction of its event. `undo` takes an answer back as long as nothing has gone."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from agentdesk.channels import Ability, Channel, ability_on
from agentdesk.config import Account, Settings
from agentdesk.core import letter
from agentdesk.core.commands import Forward, Merge, NoteText, Reply, ReportSent, Resend, Undo, WriteFirst
from agentdesk.core.events import Event, MessageSet
from agentdesk.core.letter import Sender, Wish
from agentdesk.core.model import OutFile, Outgoing, is_chat
from agentdesk.core.quotes import folds
from agentdesk.core.sending import replied
from agentdesk.core.text import safe
from agentdesk.core.views import QueueRow, Way, leaves_by
from agentdesk.core.window import Standing, standing
from agentdesk.engine import junk
from agentdesk.engine.desk import Desk
from agentdesk.engine.elsewhere import went
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import outbox, pack, ways
from agentdesk.store.blobs import Blob
from agentdesk.store.ways import ToAnswer
from agentdesk.store.writer import Writer

Takes = Ability
"""What a channel declares that it takes."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Another way than the one the customer came last, chosen on purpose: the `identity` to answer, and the `note` that says
    so in the ticket."""

    identity: str
    note: str


@dataclass(frozen=True, slots=True)
class Written:
    """`state` is held or queued."""

    message: str
    ticket: str
    state: str
    event: Event


def write(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    ticket: str,
    wish: Wish,
    *,
    resolve: bool = False,
    hold: float | None = None,
    switch: Switch | None = None,
    note: str = "",
) -> Written:
    """Answers the newest message of a ticket, by the way it came unless `switch` says another; raises RefusedError,
    NotFoundError. `channel` is the one of the account that `Window.to_whom` names.

    `hold` in seconds; None takes the configured one for the kind of channel. A chat to which is switched goes on in its own
    conversation: the ticket is merged into that. `note` is kept beside the answer for us alone, in the same act.
    """
    unique = next(desk.ids)
    account, asked = _answered(desk, settings, ticket, switch)
    made = _letter(desk, settings, account, asked, wish, unique)
    fits(made.text, made.files, takes(channel, asked.channel))
    whole = packed(channel, made)
    beside = "\n\n".join(filter(None, (switch.note if switch else "", safe(note).rstrip())))
    kept = pack(beside.encode("utf-8", "replace")) if beside else None
    command = Reply(
        ticket=asked.ticket,
        message=unique,
        letter=made,
        **whole.values,
        resolve=resolve,
        channel=asked.channel,
        account=account.id,
        note=NoteText(kept.hash, kept.size) if kept else None,
        acts=wish.acts,
    )
    if kept:
        desk.store.remember({kept.hash: beside})
    with desk.transaction() as writer:
        writer.blobs.put(writer.connection, (kept,) if kept else ())
        if asked.ticket != ticket:
            desk.decided(writer, Merge(ticket, asked.ticket))
        event, state = put(desk, settings, writer, command, whole, asked.channel, account.id, hold)
    return Written(unique, asked.ticket, state, event)


@dataclass(frozen=True, slots=True)
class Packed:
    """A letter's raw form and its text as blobs; `values` are what a command says of them."""

    raw: Blob
    text: Blob
    values: dict[str, Any]


def packed(channel: Channel, made: Outgoing) -> Packed:
    raw, text = pack(channel.compose(made)), pack(made.text.encode("utf-8", "replace"))
    values = {"raw": raw.hash, "text": text.hash, "size": raw.size, "folds": folds(made.text)}
    return Packed(raw, text, values)


def put(
    desk: Desk,
    settings: Settings,
    writer: Writer,
    command: Reply | Forward | WriteFirst,
    whole: Packed,
    channel: str,
    account: str,
    hold: float | None,
) -> tuple[Event, str]:
    """What was written, its blobs and its row in the outbox, in an open transaction: the event, and held or queued. `hold` in
    seconds; None takes the configured one for the kind of channel."""
    if hold is None:
        hold = settings.send.hold_chat if is_chat(channel) else settings.send.hold_email
    now = desk.now()
    desk.store.remember({whole.text.hash: command.letter.text})
    writer.blobs.put(writer.connection, (whole.raw, whole.text))
    answer = desk.decided(writer, command)
    if answer.event is None:
        raise RefusedError(reason="answered")
    state = outbox.Outbox(writer.connection).add(
        command.message, account, command.ticket, release_at=now + timedelta(seconds=hold), now=now
    )
    return answer.event, state


def _letter(
    desk: Desk, settings: Settings, account: Account, asked: ToAnswer, wish: Wish, unique: str
) -> Outgoing:
    """What goes out by `account`."""
    closes = asked.window_until
    _may_go(standing(asked.channel, closes, desk.now()), wish)
    if asked.opted_out:
        raise RefusedError(reason="opted_out")
    _agreed(asked.original, wish, desk.own)
    try:
        made = letter.answer(
            asked.original,
            sender(settings, account, desk.agent, chat=is_chat(asked.channel)),
            wish,
            ticket=asked.ticket,
            unique=unique.replace("-", "")[-16:],
            seal=desk.seal,
            language=asked.language,
            zone=settings.desk.tzinfo,
            at=desk.now(),
        )
    except ValueError as error:
        raise RefusedError(reason=str(error)) from None
    return replace(made, free_until=closes, template=wish.template)


def _may_go(standing: Standing, wish: Wish) -> None:
    """Raises RefusedError where the channel would not take it any more: better now than from the service later."""
    if standing is Standing.TEMPLATE_ONLY and wish.template is None:
        raise RefusedError(reason="window_closed")
    if standing is Standing.CLOSED:
        raise RefusedError(reason="window_over")


def _agreed(original: letter.Original, wish: Wish, own: frozenset[str]) -> None:
    """Raises RefusedError where the mail asks for the answer to go to somebody else and nobody said that it may."""
    to = letter.recipients(original, own)
    if original.elsewhere and to and not wish.to:
        asked = ", ".join(each.email for each in to)
        raise RefusedError(reason="reply_elsewhere", sender=original.address, to=asked)


def switch_to(window: Window, row: QueueRow, way: Way, note: Callable[[str, str], str]) -> Switch | None:
    """To a way that was chosen for an answer to the ticket of `row`; None where it goes that way anyway. `note` says in words
    that it goes by another channel (the one it would go by, and this one)."""
    usual = window.to_whom(row.id)
    if usual and usual.identity == way.identity:
        return None
    before, _ = leaves_by(usual, row)
    return Switch(way.identity, note(before, way.channel))


def ways_to(desk: Desk, ticket: str) -> tuple[Way, ...]:
    """By what the customer of a ticket can be answered, the newest first."""
    with closing(desk.reader()) as connection:
        return ways.ways(connection, ticket)


def takes(channel: Channel, kind: str) -> Takes | None:
    """What a connector takes on the channel `kind`; None where it says nothing."""
    return ability_on(channel, kind)


def fits(text: str, files: tuple[OutFile, ...], ability: Takes | None) -> None:
    """Raises RefusedError for what the channel would not take."""
    if ability is None:
        return
    if ability.text_max and len(text) > ability.text_max:
        raise RefusedError(reason="too_long", most=ability.text_max, is_now=len(text))
    largest = max((len(file.data) for file in files), default=0)
    if files and not ability.file_max:
        raise RefusedError(reason="no_files")
    if largest > ability.file_max or len(files) > ability.files_max:
        raise RefusedError(reason="files_too_large", most=ability.files_max, size=ability.file_max >> 20)


def _answered(desk: Desk, settings: Settings, ticket: str, switch: Switch | None) -> tuple[Account, ToAnswer]:
    with closing(desk.reader()) as connection:
        by = switch.identity if switch else None
        found = ways.to_answer(connection, desk.store.blobs, ticket, by)
    if found is None:
        raise NotFoundError(what="message", name=ticket)
    account = settings.account(found.account)
    if account is None:
        raise NotFoundError(what="account", name=found.account)
    return account, found


def sender(settings: Settings, account: Account, agent: str, *, chat: bool = False) -> Sender:
    """Who writes: the agent's name over the account's address."""
    return Sender(
        name=agent,
        address=account.address,
        addresses=(account.address, *account.aliases),
        plus=account.plus_address,
        signature=signature(settings, agent),
        quote=settings.send.quote,
        chat=chat,
    )


def signature(settings: Settings, agent: str) -> str:
    """What stands under a mail of `agent`: their own, else the desk's, with their name where `{{agent.name}}` stands."""
    who = settings.agent(agent)
    text = who.signature if who and who.signature.strip() else settings.send.signature
    return text.replace("{{agent.name}}", agent)


def undo(desk: Desk, event: str | None = None) -> Event:
    """Takes back the last act of this agent; of an answer only while nothing has gone. Raises RefusedError."""
    with desk.transaction() as writer:
        done = desk.decided(writer, Undo(event))
        if done.event is None:
            raise RefusedError(reason="nothing_to_undo")
        box = outbox.Outbox(writer.connection)
        for message in _hidden(done.event):
            row = box.one(message)
            known = writer.state.message(message)
            if known is None or known.state is None:
                continue  # a note
            if row is None or row.state not in {outbox.HELD, outbox.QUEUED}:
                raise RefusedError(reason="already_sent")
            box.remove(message)
        junk.move(writer, done.event)
    return done.event


def cancel(desk: Desk, message: str) -> Event:
    """Takes back a reply that waits in the outbox, whoever wrote it; raises RefusedError."""
    return undo(desk, replied(desk.seal, message))


def release(desk: Desk, message: str) -> bool:
    """Lets a held reply go now; False where it was not held."""
    with desk.transaction() as writer:
        return outbox.Outbox(writer.connection).release(message, desk.now())


def retry(desk: Desk, message: str) -> None:
    """Sends a failed or doubtful reply again, or one that waits for its next attempt at once; raises RefusedError."""
    with desk.transaction() as writer:
        box, now = outbox.Outbox(writer.connection), desk.now()
        row = box.one(message)
        if row is not None and row.state in {outbox.HELD, outbox.QUEUED}:
            box.release(message, now)
            box.set(message, outbox.QUEUED, next_at=now)
            return
        if row is not None:
            raise RefusedError(reason="being_sent")
        event = desk.decided(writer, Resend(message)).event
        known = writer.state.message(message)
        assert event is not None
        assert known is not None
        box.add(
            message,
            writer.state.field("message", message, "account") or "",
            event.ticket or known.ticket,
            release_at=now,
            now=now,
        )


def settle_sent(desk: Desk, message: str) -> Event:
    """The agent says that a doubtful reply went; raises RefusedError."""
    with desk.transaction() as writer:
        event = went(desk, writer, ReportSent(message, desk.now()), desk.agent)
    if event is None:
        raise RefusedError(reason="known")
    return event


def _hidden(event: Event) -> list[str]:
    return [c.message for c in event.changes if isinstance(c, MessageSet) and c.field == "hidden" and c.now]
