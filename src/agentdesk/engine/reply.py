"""Writes an answer: finds what is answered, makes the letter and its raw form once, and puts it into the outbox in the
transaction of its event. `undo` takes an answer back as long as nothing has gone."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from agentdesk.channels import Channel, UnwritableError
from agentdesk.config import Account, Settings
from agentdesk.core import letter
from agentdesk.core.commands import Merge, Undo
from agentdesk.core.events import Event, MessageAdded
from agentdesk.core.letter import Sender, Wish
from agentdesk.core.model import Outgoing, is_chat
from agentdesk.core.posting import Forward, NoteText, Reply, ReportSent, Resend, WriteAutomatic, WriteFirst
from agentdesk.core.quotes import folds
from agentdesk.core.sending import WRITTEN, replied
from agentdesk.core.text import clean, safe_line
from agentdesk.core.unanswered import waiting
from agentdesk.engine import back, drafted, junk, meanwhile, note, timed, twice
from agentdesk.engine.addressed import may_have
from agentdesk.engine.desk import Desk
from agentdesk.engine.elsewhere import went
from agentdesk.engine.fit import fits, takes
from agentdesk.engine.going import agreed, may_go, named
from agentdesk.engine.switch import Switch
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.store import outbox, pack, ways
from agentdesk.store.blobs import Blob, Blobs
from agentdesk.store.driver import Connection
from agentdesk.store.ways import ToAnswer
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """`state` is held or queued. `merged`: the ticket that it was asked for went into the one where it stands. `left`: the messages
    that stood open there before, and stay so."""

    message: str
    ticket: str
    state: str
    event: Event
    merged: bool = False
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What is made and not yet stored. `asked` is the ticket that it was asked for, the command names the one in which it goes;
    `channel` is the kind; `texts` are what is to be found by, by their content addresses; `read_to` as in the wish."""

    asked: str
    channel: str
    command: Reply | Forward | WriteFirst | WriteAutomatic
    blobs: tuple[Blob, ...]
    texts: dict[str, str]
    read_to: int | None = None


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
    again: bool = True,
) -> Written:
    """Answers the newest message of a ticket, by the way it came unless `switch` says another; raises RefusedError,
    NotFoundError. `channel` is the one of the account that `Window.to_whom` names.
    `hold` in seconds; None takes the configured one for the kind of channel. A chat to which is switched goes on in its own
    conversation: the ticket is merged into that, and what stood open there is not answered by it. A text that the customer has had
    is refused, unless it is meant to go `again`. `note` is kept beside the answer for us alone, in the same act.
    """
    made = make(desk, settings, channel, ticket, wish, resolve=resolve, switch=switch, note=note)
    return keep(desk, settings, made, hold, unless_said="" if again else wish.text)


def make(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    ticket: str,
    wish: Wish,
    *,
    resolve: bool = False,
    switch: Switch | None = None,
    note: str = "",
    agent: str | None = None,
) -> Made:
    """The letter and its raw form, outside of any transaction; raises as `write` does. `agent` signs it, by default whoever is
    at the keyboard."""
    unique = next(desk.ids)
    account, asked = answered(desk, settings, ticket, switch)
    may_have(wish, asked.channel, desk.own)
    written = _letter(desk, settings, account, asked, wish, unique, agent or desk.agent)
    fits(written.text, written.files, takes(channel, asked.channel))
    whole = packed(channel, written)
    beside = "\n\n".join(filter(None, (switch.note if switch else "", clean(note).rstrip())))
    kept = pack(beside.encode("utf-8", "replace")) if beside else None
    command = Reply(
        ticket=asked.ticket,
        message=unique,
        letter=written,
        **whole.values,
        resolve=resolve,
        channel=asked.channel,
        account=account.id,
        note=NoteText(kept.hash, kept.size) if kept else None,
        acts=wish.acts,
        goes_at=wish.at,
        pledges=wish.pledges,
    )
    made = replace(whole.made(ticket, asked.channel, command), read_to=wish.read_to)
    if kept is None:
        return made
    return replace(made, blobs=(*made.blobs, kept), texts={**made.texts, kept.hash: beside})


@dataclass(frozen=True, slots=True)
class Packed:
    """A letter's raw form and its text as blobs."""

    raw: Blob
    text: Blob
    said: str

    @property
    def values(self) -> dict[str, Any]:
        """What a command says of them."""
        return {
            "raw": self.raw.hash,
            "text": self.text.hash,
            "size": self.raw.size,
            "folds": folds(self.said),
        }

    def made(self, asked: str, channel: str, command: Reply | Forward | WriteFirst | WriteAutomatic) -> Made:
        """With the command that names them."""
        return Made(asked, channel, command, (self.raw, self.text), {self.text.hash: self.said})


def packed(channel: Channel, made: Outgoing) -> Packed:
    """As `channel` would carry it; raises RefusedError for an address to which it cannot."""
    text = pack(made.text.encode("utf-8", "replace"))
    try:
        return Packed(pack(channel.compose(made)), text, made.text)
    except UnwritableError as error:
        raise RefusedError(reason="unwritable", address=safe_line(error.address)) from None


def keep(
    desk: Desk, settings: Settings, made: Made, hold: float | None = None, *, unless_said: str = ""
) -> Written:
    """Stores what is made, in a transaction of its own. `hold` in seconds; None takes the configured one for the kind of
    channel. Raises RefusedError where the customer has had the text `unless_said`."""
    seconds = held_for(settings, made.channel) if hold is None else hold
    with desk.transaction() as writer:
        if unless_said:
            twice.refuse_again(desk, writer, made.asked, unless_said)
        return put(desk, writer, made, desk.now() + timedelta(seconds=seconds))


def put(
    desk: Desk,
    writer: Writer,
    made: Made,
    release_at: datetime,
    *,
    actor: str | None = None,
    group: str | None = None,
) -> Written:
    """Stores what is made in the open transaction, with its row in the outbox; raises RefusedError, also where its author has not read
    all that was said. What goes the way it came has then written nothing but its blobs."""
    command = made.command
    meanwhile.refuse_unread(writer, made.asked, made.read_to)
    writer.remember(made.texts)
    writer.blobs.put(writer.connection, made.blobs)
    merged = command.ticket != made.asked
    if merged and isinstance(command, Reply):
        command = replace(command, leaves=_open_there(writer, command.ticket))
        desk.decided(writer, Merge(made.asked, command.ticket), actor=actor)
    answer = desk.decided(writer, command, actor=actor, group=group)
    if answer.event is None:
        is_automatic = isinstance(command, WriteAutomatic)
        raise RefusedError(reason="said_already" if is_automatic else "answered")
    state = outbox.Outbox(writer.connection).add(
        command.message,
        command.account,
        command.ticket,
        release_at=release_at,
        now=desk.now(),
        goes_at=command.goes_at if isinstance(command, Reply) else None,
    )
    left = command.leaves if isinstance(command, Reply) else ()
    return Written(command.message, command.ticket, state, answer.event, merged, left)


def _open_there(writer: Writer, ticket: str) -> tuple[str, ...]:
    """What waits for an answer in a conversation before another ticket goes into it."""
    state = writer.state
    known = state.ticket(ticket)
    family = state.family(known.root if known else ticket)
    return tuple(each.id for each in waiting(state.messages_in(family)))


def held_for(settings: Settings, channel: str) -> float:
    """Seconds that an answer can be taken back."""
    return settings.send.hold_chat if is_chat(channel) else settings.send.hold_email


def _letter(
    desk: Desk, settings: Settings, account: Account, asked: ToAnswer, wish: Wish, unique: str, agent: str
) -> Outgoing:
    """What goes out by `account`, signed by `agent`."""
    may_go(asked, wish, desk.now(), settings.desk.tzinfo)
    named(asked, wish)
    agreed(asked.original, wish, desk.own)
    try:
        made = letter.answer(
            asked.original,
            sender(settings, account, agent, chat=is_chat(asked.channel)),
            wish,
            ticket=asked.ticket,
            unique=unique.replace("-", "")[-16:],
            seal=desk.seal,
            language=asked.language,
            zone=settings.desk.tzinfo,
            at=wish.at or desk.now(),
        )
    except ValueError as error:
        raise RefusedError(reason=str(error)) from None
    return replace(made, free_until=asked.window_until, template=wish.template)


def answered(
    desk: Desk, settings: Settings, ticket: str, switch: Switch | None = None
) -> tuple[Account, ToAnswer]:
    """The account by which a ticket is answered, and the message that is; raises RefusedError, NotFoundError."""
    with closing(desk.reader()) as connection:
        return answered_in(connection, desk.store.blobs, settings, ticket, switch)


def answered_in(
    connection: Connection, blobs: Blobs, settings: Settings, ticket: str, switch: Switch | None = None
) -> tuple[Account, ToAnswer]:
    """The same over a connection that is open already."""
    found = ways.to_answer(connection, blobs, ticket, switch.way if switch else None)
    if found is None:
        raise RefusedError(reason="nobody_there")
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
        signature=signature(settings, account, agent),
        quote=settings.send.quote,
        chat=chat,
    )


def signature(settings: Settings, account: Account, agent: str) -> str:
    """What stands under a mail of `agent`: their own, else the desk's, with names for `{{agent.name}}` and `{{shop.name}}`."""
    who = settings.agent(agent)
    text = who.signature if who and who.signature.strip() else settings.send.signature
    return text.replace("{{shop.name}}", settings.shop(account)).replace("{{agent.name}}", agent)


def undo(desk: Desk, event: str | None = None, *, before: str | None = None) -> Event:
    """Takes back the last act of this agent, or the last one `before` another; of an answer only while nothing has gone. Raises
    RefusedError, for an answer that has gone with the number of its ticket and its event."""
    act = None if event else back.last(desk, before)
    if before and act is None:
        raise RefusedError(reason="nothing_to_undo")
    try:
        with desk.transaction() as writer:
            return taken_back(desk, writer, Undo(event or (act.id if act else None)))
    except RefusedError as error:
        if act is None or error.values.get("reason") != "already_sent":
            raise
        with Window(desk) as window:
            raise RefusedError(reason="answer_gone", number=window.number(act.ticket), event=act.id) from None


def taken_back(
    desk: Desk, writer: Writer, command: Undo, *, actor: str | None = None, group: str | None = None
) -> Event:
    """The same inside a transaction that is open already; what is refused has written nothing."""
    box = outbox.Outbox(writer.connection)
    state = writer.state
    act = state.event(command.event) if command.event else state.last_act(actor or desk.agent)
    answers = _answers(act) if act else []
    for message in answers:
        row, known = box.one(message), state.message(message)
        may_have_gone = row is None or row.state not in {outbox.HELD, outbox.QUEUED}
        if may_have_gone and known is not None and known.state == WRITTEN and not known.hidden:
            raise RefusedError(reason="already_sent")
    done = desk.decided(writer, command, actor=actor, group=group)
    if done.event is None:
        raise RefusedError(reason="nothing_to_undo")
    for message in answers:
        if act and group is None:
            drafted.keep(desk, writer, message, act)
        box.remove(message)
    if act and group is None:
        note.keep_text(desk, writer, act)
    junk.move(writer, done.event)
    return done.event


def cancel(desk: Desk, message: str) -> Event:
    """Takes back a reply that waits in the outbox, whoever wrote it; raises RefusedError. Where the ticket has been changed since,
    or had slept for it, the reply alone is taken back and its text is the draft again."""
    with desk.transaction() as writer:
        row = outbox.Outbox(writer.connection).one(message)
        alone = row is not None and row.goes_at is not None
        if not alone:
            try:
                return taken_back(desk, writer, Undo(replied(desk.seal, message)))
            except RefusedError as error:
                if error.values.get("reason") != "changed_since":
                    raise
        if row is None or row.state not in {outbox.HELD, outbox.QUEUED}:
            raise RefusedError(reason="already_sent")
        event = timed.withdrawn(desk, writer, row, desk.agent)
    assert event is not None  # what is withdrawn is an event, or refused
    return event


def release(desk: Desk, *messages: str) -> int:
    """Lets held replies go now; gives how many of them were held."""
    with desk.transaction() as writer:
        box = outbox.Outbox(writer.connection)
        return sum(box.release(message, desk.now()) for message in messages)


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


def _answers(event: Event) -> list[str]:
    """The answers that an event wrote: what its undo takes out of the outbox."""
    return [c.message for c in event.changes if isinstance(c, MessageAdded) and c.state is not None]
