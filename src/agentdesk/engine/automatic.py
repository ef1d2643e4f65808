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
from agentdesk.engine.going import agreed, may_go
from agentdesk.engine.reply import Written, answered, fits, packed, put, takes
from agentdesk.errors import RefusedError

ACTOR = "agentdesk"


def write(
    desk: Desk, settings: Settings, channel: Channel, ticket: str, text: str, *, kind: str, once: str
) -> Written:
    """Says `text` to the customer of a ticket, once for each `once`; raises RefusedError, NotFoundError.

    `channel` is the one of the account that `Window.to_whom` names; `kind` is one of `model.AUTOMATIC`.
    """
    account, asked = answered(desk, settings, ticket)
    wish = Wish(text)
    may_go(asked, wish, desk.now(), settings.desk.tzinfo)
    agreed(asked.original, wish, desk.own)
    unique = next(desk.ids)
    try:
        made = letter.answer(
            asked.original,
            _shop(account, chat=is_chat(asked.channel)),
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
    made = replace(made, free_until=asked.window_until)
    fits(made.text, made.files, takes(channel, asked.channel))
    whole = packed(channel, made)
    command = WriteAutomatic(
        ticket=asked.ticket,
        message=unique,
        letter=made,
        **whole.values,
        account=account.id,
        channel=asked.channel,
        kind=kind,
        once=once,
        cooldown=timedelta(days=settings.automatic.survey_cooldown),
    )
    with desk.transaction() as writer:
        return put(desk, writer, whole.made(asked.ticket, asked.channel, command), desk.now(), actor=ACTOR)


def _shop(account: Account, *, chat: bool) -> Sender:
    """The shop, and nobody by name: no signature, and no quoted original."""
    return Sender(
        name=account.name,
        address=account.address,
        addresses=(account.address, *account.aliases),
        plus=account.plus_address,
        quote="none",
        chat=chat,
    )
