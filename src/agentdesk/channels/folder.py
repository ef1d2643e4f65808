"""Which folders of a mailbox are read, and what each is.

Promises: the folders that were configured, plus the ones where what we sent and what the provider holds for junk lie, found
by what the server says of them (RFC 6154) or else by their names. A Junk folder that was configured is a folder like any
other. Refuses: opening any of them.
"""

from collections.abc import Sequence

from agentdesk.channels import Role
from agentdesk.channels.imap import Mailbox
from agentdesk.core.text import safe_line
from agentdesk.errors import NoFolderError
from agentdesk.values import dataclass

# What Gmail, Outlook, Dovecot, cPanel and Apple Mail call it in English, Spanish, Catalan and Portuguese.
_SENT_NAMES = (
    "sent",
    "sent items",
    "sent mail",
    "sent messages",
    "enviados",
    "elementos enviados",
    "correo enviado",
    "mensajes enviados",
    "enviats",
    "elements enviats",
    "correu enviat",
    "itens enviados",
)

_JUNK_NAMES = (
    "junk",
    "spam",
    "junk e-mail",
    "junk email",
    "junk mail",
    "bulk mail",
    "correo no deseado",
    "correo basura",
    "no deseado",
    "correu brossa",
    "correu no desitjat",
    "lixo eletrônico",
)

_BIN_NAMES = (
    "trash",
    "bin",
    "deleted items",
    "deleted messages",
    "papelera",
    "elementos eliminados",
    "paperera",
    "elements suprimits",
    "lixeira",
)


_NAMED = 30
"""So many folders are named where one that was configured is not there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its name on the server and its role for us."""

    name: str
    role: Role


def chosen(box: Mailbox, wanted: Sequence[str]) -> tuple[tuple[Folder, ...], tuple[str, ...]]:
    """The folders to read, the first wanted one first, and the wanted ones that are not there."""
    listed = box.folders()
    names = {name.casefold() if name.upper() == "INBOX" else name: name for _, name in listed}
    names.setdefault("inbox", "INBOX")
    sent = sent_folder(listed)
    found: list[Folder] = []
    missing: list[str] = []
    for want in wanted:
        name = names.get(want.casefold() if want.upper() == "INBOX" else want)
        if name is None:
            missing.append(want)
        elif name != sent and all(name != folder.name for folder in found):
            found.append(Folder(name, "inbox"))
    if sent is not None:
        found.append(Folder(sent, "sent"))
    junk = junk_folder(listed)
    if junk is not None and all(junk != folder.name for folder in found):
        found.append(Folder(junk, "junk"))
    return tuple(found), tuple(missing)


def not_there(box: Mailbox, account: str, server: str, missing: Sequence[str]) -> NoFolderError:
    """The error that says which folders there are instead, Sent, Junk and the bin last, since those are seldom meant."""
    listed = box.folders()
    special = {sent_folder(listed), junk_folder(listed), bin_folder(listed)}
    names = sorted((name for _, name in listed), key=lambda name: (name in special, name.casefold()))
    there = ", ".join(map(safe_line, names[:_NAMED])) + (" ..." if len(names) > _NAMED else "")
    return NoFolderError(account=account, server=server, folders=", ".join(missing), there=there)


def sent_folder(listed: Sequence[tuple[frozenset[str], str]]) -> str | None:
    """The folder of sent mail among (flags, name), None where there is none."""
    return _special(listed, "\\sent", _SENT_NAMES)


def junk_folder(listed: Sequence[tuple[frozenset[str], str]]) -> str | None:
    """The folder of what the provider holds for junk, None where there is none."""
    return _special(listed, "\\junk", _JUNK_NAMES)


def bin_folder(listed: Sequence[tuple[frozenset[str], str]]) -> str | None:
    """The folder of what was deleted, None where there is none."""
    return _special(listed, "\\trash", _BIN_NAMES)


def _special(listed: Sequence[tuple[frozenset[str], str]], flag: str, names: Sequence[str]) -> str | None:
    for flags, name in listed:
        if flag in flags:
            return name
    for wanted in names:
        for _, name in listed:
            last = name.replace(".", "/").rpartition("/")[2]
            if last.casefold() == wanted:
                return name
    return None
