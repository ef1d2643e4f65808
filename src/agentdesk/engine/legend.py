"""README.txt of an export: what lies where, for whoever opens the folder without agentdesk. The form of each line of the tables
is in docs/export.md, which a test compares with what is written."""

from agentdesk.engine.exported import (
    ATTACHMENTS,
    CONFIG,
    CUSTOMERS,
    EVENTS,
    KEY,
    MANIFEST,
    MESSAGES,
    QUARANTINE,
    TICKETS,
    VERSION,
)
from agentdesk.engine.summed import SUMS
from agentdesk.errors import N_
from agentdesk.i18n import tr

_PLACES = (
    (f"{TICKETS}/", N_("every mail as it came or went, byte by byte, in a folder for each ticket: any mail program opens an .eml file. What ends in .unsent was written and is not known to have gone")),
    (f"{ATTACHMENTS}/", N_("the files that came with messages, each once; messages.jsonl says which is whose and what it was called")),
    (f"{TICKETS}.jsonl, .csv", N_("the tickets, one on a line")),
    (f"{MESSAGES}.jsonl, .csv", N_("the messages and internal notes with their texts, ticket by ticket, the oldest first")),
    (f"{CUSTOMERS}.jsonl, .csv", N_("the customers and their addresses")),
    (f"{QUARANTINE}.jsonl, {QUARANTINE}/", N_("mails that could not be read")),
    (f"{EVENTS}.jsonl", N_("everything that ever happened, in order: from it another desk becomes what this one was")),
    (f"{CONFIG}/", N_("the shop's own files: configuration, promised times, calendars, quick replies; no passwords")),
    (KEY, N_("the desk's key: whoever has it can forge the marks that tell which ticket an answer belongs to. Take it out before you give this folder away")),
    (MANIFEST, N_("format, version, when it was made and how much there is")),
    (SUMS, N_("the sum of every file: sha256sum -c {name} compares them")),
)  # fmt: skip


def text() -> str:
    lines = [
        tr("A help desk, whole, as files that need no agentdesk to be read (format {version}).").format(version=VERSION),
        "",
        tr("It holds what customers wrote, unencrypted: keep it as you keep their mail."),
        tr("To bring it into agentdesk: agentdesk import export FOLDER. A desk in which nothing has happened yet becomes "
           "what this one was; any other takes what it lacks as history."),
        "",
    ]  # fmt: skip
    room = max(len(name) for name, _ in _PLACES)
    lines += [f"{name.ljust(room)}  {tr(what).format(name=SUMS)}" for name, what in _PLACES]
    lines += [
        "",
        tr("JSON Lines: one object on a line. In the .csv tables a text that a spreadsheet would calculate has an apostrophe "
           "before it, and one that is too long for a cell is cut; the JSON Lines are exact."),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
