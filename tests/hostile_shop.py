"""A desk whose customers are hostile: every payload in every field that a stranger, or the shop's own files, can fill.

Either as mail that comes in over the border, or put into the store as it is, as an older one may hold it.
"""

import base64
import html
import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core import commands
from agentdesk.core.lookup import Fact
from agentdesk.core.model import Address, Attachment, Incoming, Place
from agentdesk.engine import clock
from agentdesk.engine.desk import Desk
from agentdesk.engine.intake import Intake
from agentdesk.engine.note import note
from agentdesk.engine.start import open_desk
from agentdesk.store import lookup, pack, queries
from hostile import PAYLOADS, Payload

ACCOUNT = "box"
EVERYTHING = " ".join(each.raw for each in PAYLOADS)
CONFIG = """
[desk]
zone = "Europe/Madrid"
language = "en"

[[agents]]
name = "Joan"

[[agents]]
name = "Núria"
signature = {signature}

[[accounts]]
id = "box"
name = "Vimet"
channel = "email"
address = "hola@vimet.test"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "NOTHING"

[notify]
bell = [{bell}]

[backup]
daily = false

[lookup.orders]
csv = "gone.csv"
"""


def text_in(field: str, number: int, said: str) -> str:
    """What stands in a field: its name and the payload's number on both sides of it."""
    return f"{field}{number:02}({said}){number:02}"


def seen_in(field: str, number: int, payload: Payload) -> str:
    """What is to be seen of a payload in a field, or its first line: a note is ours and bears no mark."""
    return text_in(field, number, payload.sent if field == "not" else payload.shown).partition("\n")[0]


def home_in(folder: Path, bell: str = "") -> Home:
    """An empty desk with hostile files of its own: a signature, quick replies, a note on the last backup."""
    home = Home.under(folder)
    home.make()
    home.config_file.write_text(CONFIG.format(signature=_toml(EVERYTHING), bell=bell), "utf-8")
    replies = home.config / "replies"
    replies.mkdir()
    for number, each in enumerate(PAYLOADS):
        (replies / f"zz{number:02}.toml").write_text(_quick_reply(number, each), "utf-8")
    (replies / "broken.toml").write_text(
        f"[title]\n{_toml(EVERYTHING)} = 1\nen = {_toml(EVERYTHING)}\n", "utf-8"
    )
    note = {
        "at": None,
        "file": "",
        "failed_at": "2026-11-23T09:00:00Z",
        "reason": EVERYTHING,
        "folder": EVERYTHING,
    }
    (home.state / "backup.json").write_text(json.dumps(note), "utf-8")
    return home


def _toml(text: str) -> str:
    """A TOML text that a parser reads as `text`."""
    return (
        '"'
        + "".join(f"\\U{ord(char):08X}" if not char.isalnum() or ord(char) > 126 else char for char in text)
        + '"'
    )


def _quick_reply(number: int, payload: Payload) -> str:
    said = _toml(text_in("qui", number, payload.raw))
    texts = "\n".join(f"{key} = {said}" for key in ("es.tu", "es.usted", "ca.tu", "ca.voste", "en"))
    titles = "\n".join(f"{key} = {said}" for key in ("es", "ca", "en"))
    return f"tags = [{said}]\n[title]\n{titles}\n[ask]\n{said} = {{ en = {said} }}\n[text]\n{texts}\n"


def letters(number: int, payload: Payload) -> Iterable[bytes]:
    """Two mails of one customer: one of text with a file, one of HTML."""

    def said(field: str) -> str:
        return text_in(field, number, payload.raw)

    def word(text: str) -> str:
        return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="

    head = (
        f"From: {word(said('nam'))} <c{number}@x.test>\r\n"
        f"To: hola@vimet.test\r\nCc: {said('adr').replace(' ', '')}@y.test, {word(said('cop'))} <k@y.test>\r\n"
        f"Subject: {word(said('sub'))}\r\nX-Order: {said('hea')}\r\n"
    )
    name, page = quote(said("fil")), f"<p>{html.escape(said('htm'))}</p>"
    yield (
        f"{head}Message-ID: <t{number}@x.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
        f"--bb\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.b64encode(said('bod').encode()).decode()}\r\n"
        f"--bb\r\nContent-Type: x/{said('med').replace(' ', '')}\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{name}\r\n\r\nx\r\n--bb--\r\n"
    ).encode()
    yield (
        f"{head}Message-ID: <h{number}@x.test>\r\nIn-Reply-To: <t{number}@x.test>\r\nReferences: <t{number}@x.test>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.b64encode(page.encode()).decode()}\r\n"
    ).encode()


def careless(number: int) -> Incoming:
    """What a connector gives that made nothing safe."""

    def said(field: str) -> str:
        return text_in(field, number, PAYLOADS[number].raw)

    other = Address(said("cop"), f"{said('adr')}@y.test")
    return Incoming(
        channel="email",
        sender=Address(said("nam"), f"c{number}{said('adr')}@x.test"),
        subject=said("sub"),
        text=f"{said('bod')}\n{said('htm')}\n> {said('quo')}",
        message_id=f"<{said('mid')}@x.test>",
        to=(other,),
        cc=(other,),
        language=said("lan"),
        class_reason=said("why"),
        attachments=(Attachment(said("fil"), said("med"), 1, "0" * 64, "2"),),
        warnings=(said("war"),),
    )


def fill(home: Home, *, carefully: bool) -> None:
    """The mails come in, and agents write notes and tags with the same words."""
    desk = open_desk(home, config.load(home), "Joan")
    try:
        if carefully:
            raws = [raw for number, each in enumerate(PAYLOADS) for raw in letters(number, each)]
            take(desk, raws, read_mail)
        else:
            keep(desk, list(map(careless, range(len(PAYLOADS)))))
        with desk.reader() as connection:
            tickets = [queries.id_of(connection, number + 1) for number in range(len(PAYLOADS))]
        for number, (each, ticket) in enumerate(zip(PAYLOADS, tickets, strict=True)):
            assert ticket is not None
            note(desk, ticket, text_in("not", number, each.raw))
            said = text_in("ord", number, each.raw)
            fact = Fact(said, said, said, said, said, said, (said,), said, more=((said, said),))
            with desk.transaction() as writer:
                lookup.answered(writer.connection, ticket, "orders", "", (fact,), clock.now())
            desk.do(commands.Tag(ticket, (text_in("tag", number, each.raw),)))
            if number % 4 == 0:
                desk.do(commands.Assign(ticket, text_in("age", number, each.raw)))
        with desk.transaction() as writer:
            writer.intake.set_health(ACCOUNT, "backoff", error=EVERYTHING)
    finally:
        desk.close()


def keep(desk: Desk, messages: list[Incoming]) -> None:
    """Messages get into the store past the border, and one that nobody could read, its reason as hostile."""
    now = clock.now()
    with desk.transaction() as writer:
        for uid, each in enumerate(messages, 1):
            raw, text = pack(f"X-Order: {each.subject}\n\n{uid}".encode()), pack(each.text.encode())
            writer.blobs.put(writer.connection, (raw, text))
            at, place = now - timedelta(seconds=len(messages) - uid), Place(ACCOUNT, "INBOX", 1, uid)
            desk.decided(
                writer,
                commands.Receive(ACCOUNT, each, raw.hash, text.hash, len(each.text), at, at, place),
                actor="agentdesk",
            )
        bad = pack(EVERYTHING.encode("utf-8", "surrogatepass"))
        writer.blobs.put(writer.connection, (bad,))
        desk.decided(
            writer, commands.Quarantine(ACCOUNT, bad.hash, bad.size, now, EVERYTHING), actor="agentdesk"
        )


def take(desk: Desk, raws: list[bytes], read) -> None:
    """Mails arrive, the first one longest ago."""
    now = clock.now()
    arrivals = tuple(
        Arrival(
            Place(ACCOUNT, "INBOX", 1, uid),
            now - timedelta(seconds=len(raws) - uid),
            raw,
            len(raw),
            role="inbox",
        )
        for uid, raw in enumerate(raws, 1)
    )
    Intake(desk, ACCOUNT, read).take(Batch("cursor", arrivals))
