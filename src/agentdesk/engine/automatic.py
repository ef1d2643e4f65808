"""What agentdesk itself says to a customer: written, stored and put into the outbox like an answer, and never one.

Promises: it goes to the person who wrote last, by the way they came, from the shop and not from an agent; it bears what keeps
machines from answering, our token, so that an answer to it lands in its ticket, and nothing of what the customer wrote. Refuses:
deciding when; whom the law leaves out (`core.automatic`), and whatever the channel would not take now.
"""

from dataclasses import replace
from datetime import timedelta

from agentdesk.channels import Channel
from agentdesk.config import Account, Settings
from agentdesk.core import letter
from agentdesk.core.letter import Sender, Wish
from agentdesk.core.model import is_chat
from agentdesk.core.posting import WriteAutomatic
from agentdesk.engine.desk import Desk
from agentdesk.engine.fit import fits, takes
from agentdesk.engine.going import agreed, may_go
from agentdesk.engine.reply import Made, Written, answered, packed, put
from agentdesk.errors import RefusedError
from agentdesk.store.ways import ToAnswer

ACTOR = "agentdesk"


def made(
    desk: Desk,
    settings: Settings,
    channel: Channel,
    to: tuple[Account, ToAnswer],
    text: str,
    *,
    kind: str,
    once: str,
    message: str | None = None,
) -> Made:
    """`text` for the customer of a ticket, ready to be put, once for each `once`; raises RefusedError.

    `to` is who is answered, and by which account `channel` belongs to; `kind` is one of `model.AUTOMATIC`, `message` the id that it gets.
    """
    account, asked = to
    wish = Wish(text)
    may_go(asked, wish, desk.now(), settings.desk.tzinfo)
    agreed(asked.original, wish, desk.own)
    unique = message or next(desk.ids)
    try:
        letter_made = letter.answer(
            asked.original,
            _shop(settings, account, chat=is_chat(asked.channel)),
            wish,
            ticket=asked.ticket,
            unique=unique.replace("-", "")[-16:],
            seal=desk.seal,
            language=asked.language,
            zone=settings.desk.tzinfo,
            at=desk.now(),
            automatic=True,
        )
    except ValueError as error:
        raise RefusedError(reason=str(error)) from None
    letter_made = replace(letter_made, free_until=asked.window_until)
    fits(letter_made.text, letter_made.files, takes(channel, asked.channel))
    whole = packed(channel, letter_made)
    command = WriteAutomatic(
        ticket=asked.ticket,
        message=unique,
        letter=letter_made,
        **whole.values,
        account=account.id,
        channel=asked.channel,
        kind=kind,
        once=once,
        cooldown=timedelta(days=settings.automatic.survey_cooldown),
    )
    return whole.made(asked.ticket, asked.channel, command)


def write(
    desk: Desk, settings: Settings, channel: Channel, ticket: str, text: str, *, kind: str, once: str
) -> Written:
    """Says `text` to the customer of a ticket, once for each `once`; raises RefusedError, NotFoundError.

    `channel` is the one of the account that `Window.to_whom` names; `kind` is one of `model.AUTOMATIC`.
    """
    to = answered(desk, settings, ticket)
    return say(desk, made(desk, settings, channel, to, text, kind=kind, once=once))


def say(desk: Desk, ready: Made) -> Written:
    """Says what was made; raises RefusedError."""
    with desk.transaction() as writer:
        return put(desk, writer, ready, desk.now(), actor=ACTOR)


def _shop(settings: Settings, account: Account, *, chat: bool) -> Sender:
    """The shop as customers call it, and nobody by name: no signature, and no quoted original."""
    return Sender(
        name=settings.shop(account),
        address=account.address,
        addresses=(account.address, *account.aliases),
        plus=account.plus_address,
        quote="none",
        chat=chat,
    )
