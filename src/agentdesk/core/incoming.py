"""What the log keeps of a message that came in: of each file what may be told, and apart from it what is personal.

Promises: pure; nothing personal but in `personal`. Refuses: deciding anything about it (`core.arrival`).
"""

from typing import Any

from agentdesk.core.model import Attachment, Incoming
from agentdesk.core.who import NOBODY


def attachment(file: Attachment) -> dict[str, Any]:
    kept = ("media_type", "size", "sha256", "part", "inline")
    found = {name: getattr(file, name) for name in kept}
    return found if file.seconds is None else {**found, "seconds": file.seconds}


def personal(mail: Incoming) -> dict[str, Any]:
    sender = mail.sender or NOBODY
    return {
        "subject": mail.subject,
        "name": sender.name,
        "address": sender.email,
        "to": [[a.name, a.email] for a in mail.to],
        "cc": [[a.name, a.email] for a in mail.cc],
        "reply_to": [[a.name, a.email] for a in mail.reply_to],
        "delivered_to": list(mail.delivered_to),
        "message_id": mail.message_id,
        "references": list(dict.fromkeys((*mail.references, *mail.in_reply_to))),
        "files": [a.name for a in mail.attachments],
        "content_ids": [a.content_id for a in mail.attachments],
        **({"vouched": list(mail.vouched)} if mail.vouched[0] else {}),
        **({"forwarded_from": mail.forwarded_from} if mail.forwarded_from else {}),
        **({"room": [mail.room.name, mail.room.email]} if mail.room else {}),
    }
