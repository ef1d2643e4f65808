"""Writes an answer: finds what is answered, makes the letter and its raw form once, and puts it into the outbox in the
transaction of its event. `undo` takes an answer back as long as nothing has gone."""

from dataclasses import dataclass, replace
from datetime import timedelta

from agentdesk.channels import Ability, Channel
from agentdesk.config import Account, Settings
from agentdesk.core import letter
from agentdesk.core.commands import Reply, ReportSent, Resend, Undo
from agentdesk.core.events import Event, MessageSet
from agentdesk.core.instant import maybe_moment
from agentdesk.core.letter import Sender, Wish
from agentdesk.core.model import Outgoing, is_chat
from agentdesk.core.quotes import folds
from agentdesk.core.sending import replied
from agentdesk.core.window import Standing, standing
from agentdesk.engine import junk
from agentdesk.engine.desk import Desk
from agentdesk.engine.elsewhere import went
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import outbox, pack, reading


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
) -> Written:
    """Answers the newest message of a ticket; raises RefusedError, NotFoundError.

    `hold` in seconds; None takes the configured one for the kind of channel.
    """
    now, unique = desk.now(), next(desk.ids)
    account, made, chats = _letter(desk, settings, ticket, wish, unique)
    _fits(made, getattr(channel, "ability", None))
    raw, text = pack(channel.compose(made)), pack(made.text.encode("utf-8", "replace"))
    if hold is None:
        hold = settings.send.hold_chat if chats else settings.send.hold_email
    command = Reply(
        ticket=ticket,
        message=unique,
        letter=made,
        raw=raw.hash,
        text=text.hash,
        size=raw.size,
        folds=folds(made.text),
        resolve=resolve,
    )
    desk.store.remember({text.hash: made.text})
    with desk.transaction() as writer:
        writer.blobs.put(writer.connection, (raw, text))
        answer = desk.decided(writer, command)
        if answer.event is None:
            raise RefusedError(reason="answered")
        state = outbox.Outbox(writer.connection).add(
            unique, account.id, ticket, release_at=now + timedelta(seconds=hold), now=now
        )
    return Written(unique, ticket, state, answer.event)


def _letter(
    desk: Desk, settings: Settings, ticket: str, wish: Wish, unique: str
) -> tuple[Account, Outgoing, bool]:
    """The account it goes out by, the letter, and whether it is a chat's."""
    account, asked = _answered(desk, settings, ticket)
    chats = is_chat(asked.channel)
    closes = maybe_moment(asked.window_until)
    _may_go(standing(asked.channel, closes, desk.now()), wish)
    if asked.opted_out:
        raise RefusedError(reason="opted_out")
    _agreed(asked.original, wish, desk.own)
    try:
        made = letter.answer(
            asked.original,
            sender(settings, account, desk.agent, chat=chats),
            wish,
            ticket=ticket,
            unique=unique.replace("-", "")[-16:],
            seal=desk.seal,
            language=asked.language,
            zone=settings.desk.tzinfo,
            at=desk.now(),
        )
    except ValueError as error:
        raise RefusedError(reason=str(error)) from None
    return account, replace(made, free_until=closes, template=wish.template), chats


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


def _fits(made: Outgoing, ability: Ability | None) -> None:
    """Raises RefusedError for what the channel would not take."""
    if ability is None:
        return
    if ability.text_max and len(made.text) > ability.text_max:
        raise RefusedError(reason="too_long", most=ability.text_max, is_now=len(made.text))
    largest = max((len(file.data) for file in made.files), default=0)
    if made.files and not ability.file_max:
        raise RefusedError(reason="no_files")
    if largest > ability.file_max or len(made.files) > ability.files_max:
        raise RefusedError(reason="files_too_large", most=ability.files_max, size=ability.file_max >> 20)


def _answered(desk: Desk, settings: Settings, ticket: str) -> tuple[Account, reading.ToAnswer]:
    connection = desk.reader()
    try:
        found = reading.to_answer(connection, desk.store.blobs, ticket)
    finally:
        connection.close()
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
