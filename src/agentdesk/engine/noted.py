"""What another mail program noted on a mail that it kept: its labels, the name of its folder, its flags.

Promises: drafts, spam, what was thrown away and chats are known in each language that is listed here, and so is what the shop sent. Only what
stands above the first Received counts: below it whoever wrote the mail may have noted it. Refuses: guessing; a label that nobody knows
says nothing. Whether a mail was read or answered says nothing either: what comes from files is history.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from agentdesk.channels.header import Headers
from agentdesk.values import dataclass

Left = Literal["drafts", "spam", "trash", "chats"]
LEFT: tuple[Left, ...] = ("trash", "spam", "chats", "drafts")
"""Why a mail is no history: nobody sent it, nobody wanted it, or it is no mail. What was thrown away is so whatever else it is."""
MAIL_NAMES = ("from", "date", "message-id", "received", "to", "subject")
"""Headers of which a mail has one."""
_NAMES: dict[str, str] = {
    "sent": "sent, sent items, sent mail, sent messages, enviados, elementos enviados, correo enviado, mensajes enviados, enviats, "
    "elements enviats, correu enviat, missatges enviats, envoyés, messages envoyés, éléments envoyés, gesendet, gesendete objekte, "
    "inviati, posta inviata, e-mails enviados, itens enviados, enviadas, bidalitakoak",
    "drafts": "draft, drafts, templates, borrador, borradores, plantillas, esborrany, esborranys, plantilles, brouillons, entwürfe, bozze, "
    "rascunhos, zirriborroak",
    "spam": "spam, junk, junk e-mail, junk email, junk mail, bulk mail, correo no deseado, no deseado, correo basura, correu brossa, "
    "correu no desitjat, brossa, courrier indésirable, indésirables, junk-e-mail, posta indesiderata, lixo eletrónico, spama",
    "trash": "trash, bin, deleted, deleted items, deleted messages, papelera, papelera de reciclaje, elementos eliminados, eliminados, "
    "mensajes eliminados, paperera, elements suprimits, suprimits, missatges suprimits, corbeille, éléments supprimés, papierkorb, "
    "gelöschte objekte, gelöschte elemente, cestino, posta eliminata, lixeira, itens eliminados, papeleira, zakarrontzia",
}
_MEANT = {name: kind for kind, names in _NAMES.items() for name in re.split(r",\s+", names)}
_CHATS = frozenset({"chat", "chats", "xat", "xats"})
_FLAGGED = {"D": "drafts", "T": "trash"}
_EXPUNGED, _DELETED_THERE = 0x0008, 0x0020_0000
_EMLX_DELETED, _EMLX_DRAFT = 1 << 1, 1 << 6
_LABEL = re.compile(r'"([^"]*)"|([^,]+)')
_LINE = re.compile(rb"^([!-9;-~]+)[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Noted:
    """`left` is why it stays out, `sent` that the shop sent it."""

    left: Left | None = None
    sent: bool = False


def noted(head: Headers, folders: Iterable[str] = (), flags: str = "", emlx: int = 0) -> Noted:
    """What is known of a mail with `head` (`head_of`) that lay in `folders`, with a Maildir's `flags` or those of Apple Mail."""
    meant = {_MEANT[name] for name in map(str.casefold, folders) if name in _MEANT}
    labels = [
        name.strip().casefold()
        for pair in _LABEL.findall(head.text("x-gmail-labels"))
        for name in pair
        if name
    ]
    meant |= {_MEANT[name] for name in labels if name in _MEANT}
    meant |= {"chats"} if _CHATS.intersection(labels) else set()
    meant |= {_FLAGGED[flag] for flag in flags if flag in _FLAGGED}
    meant |= set(_by_bits(head, emlx))
    if "sent" not in meant and _is_draft(head):
        meant.add("drafts")
    return Noted(next((each for each in LEFT if each in meant), None), "sent" in meant)


def head_of(data: bytes) -> tuple[Headers, Headers]:
    """The headers of a mail that begins with `data`, and those above its first Received alone."""
    lines = data.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")[0]
    items = [(_text(found[1]), _text(found[2])) for found in _LINE.finditer(lines)]
    first = next((at for at, (name, _) in enumerate(items) if name.lower() == "received"), len(items))
    return Headers(items), Headers(items[:first])


def is_mail(head: Headers) -> bool:
    """Whether anything says that it is one."""
    return bool(head.among(MAIL_NAMES))


def _text(data: bytes) -> str:
    return data.decode("ascii", "surrogateescape").strip()


def _by_bits(head: Headers, emlx: int) -> Iterator[Left]:
    """What Thunderbird and Apple Mail say by bits."""
    if _number(head, "x-mozilla-status") & _EXPUNGED or _number(head, "x-mozilla-status2") & _DELETED_THERE:
        yield "trash"
    if emlx & _EMLX_DELETED:
        yield "trash"
    if emlx & _EMLX_DRAFT:
        yield "drafts"


def _number(head: Headers, name: str) -> int:
    value = head.raw(name)
    return int(value, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", value) else 0


def _is_draft(head: Headers) -> bool:
    """Thunderbird, Outlook and Apple Mail each have a header for what was never sent."""
    is_apples = head.raw("x-uniform-type-identifier") == "com.apple.mail-draft"
    return is_apples or "x-mozilla-draft-info" in head or head.raw("x-unsent") == "1"
