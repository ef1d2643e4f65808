"""What a message that comes in is called, and whom and what it names: all that receiving it looks up, known beforehand."""

from agentdesk.core.model import Incoming
from agentdesk.core.seal import Seal, content_hash
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """`mail_id` is the hash of its Message-ID; `message` and `event` are the ids that it will have, made of its name and of
    what it says, the same on every laptop of this desk. `mail_ids` are its own and those it answers, `identities` those of
    everybody in it, ours included."""

    raw: str
    mail_id: str | None
    message: str
    event: str
    mail_ids: tuple[str, ...]
    identities: tuple[str, ...]


def names_of(seal: Seal, mail: Incoming, raw: str, said: str = "") -> Names:
    """The names of `mail`, whose raw form is the blob `raw`; `said` is its `content_hash` where that is known already."""
    mail_id = seal.mail_id(mail.message_id) if mail.message_id else None
    message = seal.shared_id("message", f"{mail_id or ''}:{said or content_hash(mail)}")
    answered = (*mail.references, *mail.in_reply_to, *(mail.bounce.originals if mail.bounce else ()))
    mail_ids = dict.fromkeys(map(seal.mail_id, answered))
    if mail_id is not None:
        mail_ids[mail_id] = None
    event = seal.shared_id("received", message)
    return Names(raw, mail_id, message, event, tuple(mail_ids), _identities(seal, mail))


def _identities(seal: Seal, mail: Incoming) -> tuple[str, ...]:
    alone = filter(None, (mail.sender, mail.room))
    everybody = {each.email for each in (*alone, *mail.to, *mail.cc, *mail.reply_to)}
    return tuple(seal.identity(mail.channel, each) for each in everybody)
