"""The tables, as migrations that are never edited once released.

Shared tables are made by the fold alone and can be thrown away and replayed; local ones (marked) belong to this laptop and
stay out of the digest. `user_version` repeats how many migrations were applied, so that an open store is
recognised without loading sqlite-utils.
"""

from typing import TYPE_CHECKING, Any

from agentdesk.i18n import tr
from agentdesk.store import (
    m014_forgotten,
    m015_rules,
    m017_surveys,
    m018_pledges,
    m019_clocks,
    m020_ending,
)
from agentdesk.store.m013_people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk.store.driver import Connection

CURRENT = 28
SHARED = (
    "account",
    "alias",
    "attachment",
    "cause",
    "clock",
    "customer",
    "firing",
    "forgotten",
    "identity",
    "link",
    "message",
    "participant",
    "party",
    "pledge",
    "profile",
    "quarantine",
    "reaction",
    "reference",
    "step",
    "survey",
    "tag",
    "taken_back",
    "tally",
    "ticket",
    "version",
)

_FIRST = (
    # The log. `personal` is the only column that ever changes, and only by an erase.
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, guard TEXT UNIQUE, ticket TEXT, actor TEXT NOT NULL,
        device TEXT NOT NULL, type TEXT NOT NULL, v INTEGER NOT NULL, data TEXT NOT NULL, personal TEXT,
        grp TEXT, parent TEXT, at TEXT NOT NULL)""",
    "CREATE INDEX event_actor ON event (actor, seq)",
    "CREATE TABLE event_ticket (ticket TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (ticket, seq)) WITHOUT ROWID",
    # Shared rows.
    """CREATE TABLE account (id TEXT PRIMARY KEY, channel TEXT NOT NULL, opened_at TEXT NOT NULL,
        waiting_days INTEGER NOT NULL)""",
    """CREATE TABLE customer (id TEXT PRIMARY KEY, root TEXT NOT NULL, language TEXT, erased INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX customer_root ON customer (root)",
    """CREATE TABLE identity (id TEXT PRIMARY KEY, customer TEXT NOT NULL, channel TEXT NOT NULL, address TEXT, name TEXT)""",
    "CREATE INDEX identity_customer ON identity (customer)",
    "CREATE INDEX identity_address ON identity (address)",
    """CREATE TABLE ticket (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, token TEXT NOT NULL, root TEXT NOT NULL,
        customer TEXT NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL, channel TEXT NOT NULL,
        status TEXT NOT NULL, assignee TEXT, priority TEXT NOT NULL DEFAULT 'normal', kind TEXT, language TEXT,
        unread INTEGER NOT NULL DEFAULT 0, history INTEGER NOT NULL DEFAULT 0, since_before INTEGER NOT NULL DEFAULT 0,
        machine INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, last_message_at TEXT NOT NULL,
        last_customer_at TEXT, waiting_since TEXT, next_due_at TEXT, recover_at TEXT, snoozed_until TEXT,
        resolved_at TEXT, epoch INTEGER NOT NULL DEFAULT 0, messages INTEGER NOT NULL DEFAULT 0, cause TEXT,
        subject TEXT, erased INTEGER NOT NULL DEFAULT 0,
        bucket TEXT GENERATED ALWAYS AS (CASE
            WHEN root <> id THEN 'merged' WHEN history THEN 'history'
            WHEN status IN ('resolved', 'closed') THEN 'resolved' WHEN machine THEN 'machine'
            WHEN status = 'snoozed' THEN 'snoozed' WHEN status IN ('waiting_customer', 'waiting_third_party') THEN 'waiting'
            ELSE 'inbox' END) VIRTUAL,
        is_chat INTEGER GENERATED ALWAYS AS (channel NOT IN ('email', 'form', 'phone')) VIRTUAL)""",
    "CREATE INDEX ticket_token ON ticket (token)",
    "CREATE INDEX ticket_root ON ticket (root)",
    "CREATE INDEX ticket_customer ON ticket (customer, last_message_at)",
    "CREATE INDEX ticket_chat ON ticket (bucket, is_chat, last_customer_at)",
    "CREATE INDEX ticket_due ON ticket (bucket, next_due_at)",
    "CREATE INDEX ticket_recover ON ticket (bucket, recover_at)",
    "CREATE INDEX ticket_waiting ON ticket (bucket, coalesce(waiting_since, created_at))",
    "CREATE INDEX ticket_newest ON ticket (bucket, last_message_at)",
    "CREATE INDEX ticket_latest ON ticket (last_message_at)",
    "CREATE INDEX ticket_unanswered ON ticket (waiting_since) WHERE waiting_since IS NOT NULL",
    "CREATE INDEX ticket_snoozed ON ticket (snoozed_until) WHERE snoozed_until IS NOT NULL",
    "CREATE TABLE tally (bucket TEXT NOT NULL, assignee TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (bucket, assignee)) WITHOUT ROWID",
    """CREATE TRIGGER ticket_in AFTER INSERT ON ticket BEGIN
        INSERT INTO tally VALUES (new.bucket, coalesce(new.assignee, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1; END""",
    """CREATE TRIGGER ticket_moved AFTER UPDATE OF root, history, status, machine, assignee ON ticket
        WHEN old.bucket IS NOT new.bucket OR old.assignee IS NOT new.assignee BEGIN
        UPDATE tally SET n = n - 1 WHERE bucket = old.bucket AND assignee = coalesce(old.assignee, '');
        INSERT INTO tally VALUES (new.bucket, coalesce(new.assignee, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1; END""",
    """CREATE TABLE message (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ticket TEXT NOT NULL, account TEXT NOT NULL,
        direction TEXT NOT NULL, class TEXT NOT NULL, class_reason TEXT NOT NULL, joined_by TEXT NOT NULL, author TEXT,
        sent_at TEXT, received_at TEXT NOT NULL, fetched_at TEXT NOT NULL, text TEXT NOT NULL, raw TEXT,
        size INTEGER NOT NULL, mail_id TEXT, folds TEXT, warnings TEXT, language TEXT, history INTEGER NOT NULL,
        hidden INTEGER NOT NULL DEFAULT 0, state TEXT, error TEXT, subject TEXT, name TEXT, address TEXT, headers TEXT,
        erased INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX message_ticket ON message (ticket, n)",
    "CREATE INDEX message_answer ON message (ticket, n) WHERE direction = 'out'",
    "CREATE INDEX message_person ON message (ticket, n) WHERE direction = 'in' AND class = 'human' AND NOT history",
    "CREATE INDEX message_stuck ON message (state) WHERE state IN ('failed', 'unknown')",
    "CREATE INDEX message_mail_id ON message (mail_id) WHERE mail_id IS NOT NULL",
    "CREATE INDEX message_raw ON message (raw) WHERE raw IS NOT NULL",
    "CREATE INDEX message_text ON message (text)",
    "CREATE INDEX message_author ON message (author, n) WHERE author IS NOT NULL",
    """CREATE TRIGGER message_in AFTER INSERT ON message BEGIN
        UPDATE ticket SET messages = messages + 1, last_message_at = max(last_message_at, new.received_at)
        WHERE id = new.ticket; END""",
    """CREATE TRIGGER message_moved AFTER UPDATE OF ticket ON message WHEN old.ticket <> new.ticket BEGIN
        UPDATE ticket SET messages = messages - 1, last_message_at = coalesce(
            (SELECT max(received_at) FROM message WHERE ticket = old.ticket), created_at) WHERE id = old.ticket;
        UPDATE ticket SET messages = messages + 1, last_message_at = max(last_message_at, new.received_at)
        WHERE id = new.ticket; END""",
    "CREATE TABLE reference (mail_id TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (mail_id, message)) WITHOUT ROWID",
    "CREATE TABLE participant (ticket TEXT NOT NULL, identity TEXT NOT NULL, PRIMARY KEY (ticket, identity)) WITHOUT ROWID",
    "CREATE INDEX participant_identity ON participant (identity, ticket)",
    """CREATE TABLE attachment (message TEXT NOT NULL, position INTEGER NOT NULL, media_type TEXT NOT NULL,
        size INTEGER NOT NULL, sha256 TEXT NOT NULL, part TEXT NOT NULL, inline INTEGER NOT NULL, name TEXT,
        content_id TEXT, PRIMARY KEY (message, position)) WITHOUT ROWID""",
    "CREATE TABLE tag (ticket TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (ticket, tag)) WITHOUT ROWID",
    "CREATE INDEX tag_tag ON tag (tag, ticket)",
    "CREATE TABLE link (ticket TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (ticket, other)) WITHOUT ROWID",
    """CREATE TABLE clock (ticket TEXT NOT NULL, metric TEXT NOT NULL, tier TEXT NOT NULL, data TEXT NOT NULL,
        PRIMARY KEY (ticket, metric, tier)) WITHOUT ROWID""",
    """CREATE TABLE quarantine (id TEXT PRIMARY KEY, account TEXT NOT NULL, raw TEXT NOT NULL, size INTEGER NOT NULL,
        received_at TEXT NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL, role TEXT NOT NULL,
        before INTEGER NOT NULL, waits INTEGER NOT NULL)""",
    "CREATE INDEX quarantine_raw ON quarantine (raw)",
    "CREATE TABLE taken_back (event TEXT PRIMARY KEY) WITHOUT ROWID",
    # Local: blobs, what has arrived and is not yet read, where messages lie on servers, cursors, accounts' health, search.
    "CREATE TABLE blob (hash TEXT PRIMARY KEY, size INTEGER NOT NULL, packed INTEGER NOT NULL, data BLOB)",
    """CREATE TABLE arrival (account TEXT NOT NULL, folder TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL,
        raw TEXT NOT NULL, size INTEGER NOT NULL, received_at TEXT NOT NULL, fetched_at TEXT NOT NULL, role TEXT NOT NULL,
        flags TEXT NOT NULL, before INTEGER NOT NULL, waits INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account, folder, validity, uid))""",
    """CREATE TABLE place (account TEXT NOT NULL, folder TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL,
        message TEXT, raw TEXT NOT NULL, flags TEXT NOT NULL, PRIMARY KEY (account, folder, validity, uid)) WITHOUT ROWID""",
    "CREATE INDEX place_message ON place (message)",
    "CREATE INDEX place_raw ON place (raw)",
    "CREATE TABLE cursor (account TEXT PRIMARY KEY, cursor TEXT NOT NULL, at TEXT NOT NULL)",
    """CREATE TABLE health (account TEXT PRIMARY KEY, state TEXT NOT NULL, synced_at TEXT, error TEXT, gap TEXT)""",
    """CREATE TABLE outbox (n INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, account TEXT NOT NULL, ticket TEXT NOT NULL,
        state TEXT NOT NULL, release_at TEXT NOT NULL, next_at TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        error TEXT)""",
    "CREATE INDEX outbox_account ON outbox (account, n)",
    """CREATE TABLE wish (account TEXT NOT NULL, folder TEXT NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL,
        flag TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account, folder, validity, uid, flag))""",
    """CREATE TABLE draft (ticket TEXT NOT NULL, agent TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (ticket, agent, kind)) WITHOUT ROWID""",
    "CREATE TABLE request (account TEXT PRIMARY KEY, at TEXT NOT NULL, done TEXT, report TEXT)",
    """CREATE VIRTUAL TABLE search USING fts5(subject, body, people, files, content='', contentless_delete=1,
        tokenize="unicode61 remove_diacritics 2")""",
    "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
)

_BOUNCES = (
    # The status code with which mail to an address came back; what a delivery report says; the tickets of what failed.
    "ALTER TABLE identity ADD COLUMN failing TEXT",
    "ALTER TABLE message ADD COLUMN bounce TEXT",
    "CREATE INDEX message_failed ON message (ticket) WHERE state IN ('failed', 'unknown')",
)

_CHATS = (
    # A channel's window; the conversation of somebody on a channel; how long a voice plays.
    "ALTER TABLE ticket ADD COLUMN window_until TEXT",
    "CREATE INDEX ticket_window ON ticket (bucket, window_until) WHERE window_until IS NOT NULL",
    "CREATE INDEX ticket_identity ON ticket (identity, last_message_at)",
    "ALTER TABLE identity ADD COLUMN same_as TEXT",
    "CREATE INDEX identity_same ON identity (same_as) WHERE same_as IS NOT NULL",
    # Who may be the same person, by the end of a number.
    "CREATE INDEX identity_number ON identity (substr(address, -9)) WHERE channel IN ('whatsapp', 'sms', 'phone')",
    "ALTER TABLE attachment ADD COLUMN seconds INTEGER",
    "ALTER TABLE message ADD COLUMN seconds INTEGER",
    "CREATE INDEX attachment_sound ON attachment (message) WHERE substr(media_type, 1, 6) = 'audio/'",
    # What services call messages of ours; what became of a text; signs that people put to it.
    "CREATE TABLE alias (mail_id TEXT PRIMARY KEY, message TEXT NOT NULL, name TEXT) WITHOUT ROWID",
    "CREATE INDEX alias_message ON alias (message)",
    """CREATE TABLE version (message TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, text TEXT,
        PRIMARY KEY (message, number)) WITHOUT ROWID""",
    "CREATE INDEX version_text ON version (text) WHERE text IS NOT NULL",
    """CREATE TABLE reaction (message TEXT NOT NULL, identity TEXT NOT NULL, sign TEXT,
        PRIMARY KEY (message, identity)) WITHOUT ROWID""",
    # Local: what was said of a message before the message itself was known by that name.
    """CREATE TABLE early (mail_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (mail_id, kind)) WITHOUT ROWID""",
)

_SENDERS = (
    # What an agent said of a sender: person or machine.
    "ALTER TABLE identity ADD COLUMN verdict TEXT",
    # What entered from the Junk folder and still lies there.
    "ALTER TABLE message ADD COLUMN junk INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX message_junk ON message (ticket) WHERE junk",
    # Who goes by the same name.
    "CREATE INDEX identity_name ON identity (name COLLATE NOCASE) WHERE name IS NOT NULL",
)

_GROUPS = (
    # What one act did to many tickets, and which tickets an event touched: an undo of 5,000 asks it 5,000 times.
    "CREATE INDEX event_group ON event (grp, seq) WHERE grp IS NOT NULL",
    "CREATE INDEX event_ticket_seq ON event_ticket (seq)",
)

_QUICK = (
    # Local: how often each quick reply was taken, and what an agent said when one asked, by ticket.
    "CREATE TABLE quick_use (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE quick_value (ticket TEXT NOT NULL, asked TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (ticket, asked)) WITHOUT ROWID""",
)

_LOOKUP = (
    # Local: what the shop's own programs said of a ticket's customer, and since when they do not answer.
    """CREATE TABLE lookup (ticket TEXT NOT NULL, name TEXT NOT NULL, asked TEXT NOT NULL, facts TEXT NOT NULL,
        asked_at TEXT, failed_at TEXT, failure TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (ticket, name)) WITHOUT ROWID""",
)

_PARTIES = (
    # Whom we wrote to, or who wrote to us, as a third party of a ticket: by message, since one that is taken back makes none.
    """CREATE TABLE party (ticket TEXT NOT NULL, identity TEXT NOT NULL, message TEXT NOT NULL,
        PRIMARY KEY (ticket, identity, message)) WITHOUT ROWID""",
    "CREATE INDEX party_identity ON party (identity, ticket)",
)

_CAUSES = (
    # One event behind many tickets: `id` is its name. Which tickets have it, by where they are.
    """CREATE TABLE cause (id TEXT PRIMARY KEY, words TEXT NOT NULL, opened_at TEXT NOT NULL, closed_at TEXT) WITHOUT ROWID""",
    "CREATE INDEX ticket_cause ON ticket (cause, bucket) WHERE cause IS NOT NULL",
    # Local: one answer to many that is being written: what each is to say, and the message that it became.
    """CREATE TABLE circular (id TEXT PRIMARY KEY, agent TEXT NOT NULL, hold REAL NOT NULL, acts TEXT NOT NULL, at TEXT NOT NULL)
        WITHOUT ROWID""",
    """CREATE TABLE circular_letter (circular TEXT NOT NULL, ticket TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL,
        answered TEXT, message TEXT, PRIMARY KEY (circular, ticket)) WITHOUT ROWID""",
)

_AMENDMENTS = (
    # Local: changes of messages of ours that their services have yet to make; `first` to `last` are the versions they come from.
    """CREATE TABLE amendment (message TEXT PRIMARY KEY, account TEXT NOT NULL, event TEXT NOT NULL, text TEXT,
        first INTEGER NOT NULL, last INTEGER NOT NULL, asked_at TEXT NOT NULL, next_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, error TEXT) WITHOUT ROWID""",
    "CREATE INDEX amendment_account ON amendment (account, next_at)",
)

_PLAYBOOKS = (
    # Which incident a ticket is about, which playbook it follows since when, and which one must be finished before it is resolved.
    "ALTER TABLE ticket ADD COLUMN incident TEXT",
    "ALTER TABLE ticket ADD COLUMN playbook TEXT",
    "ALTER TABLE ticket ADD COLUMN playbook_since TEXT",
    "ALTER TABLE ticket ADD COLUMN unfinished TEXT",
    # What was answered to its steps, by whom and when.
    """CREATE TABLE step (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, playbook TEXT NOT NULL, step TEXT NOT NULL,
        answer TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX step_ticket ON step (ticket, playbook)",
)

_TIMED = (
    # Local: the time that an agent chose for an answer; it does not go before its account was looked at once after that.
    "ALTER TABLE outbox ADD COLUMN goes_at TEXT",
)

_RESTRAINT = (
    # What went to a customer by itself, found without looking through a conversation of thousands.
    "CREATE INDEX message_auto ON message (ticket, n) WHERE direction = 'auto'",
)

_SOON = (
    # When promises are due soon whose targets say so themselves: small indexes over those clocks alone.
    "CREATE INDEX clock_soon ON clock (data ->> '$.soon_at') WHERE data ->> '$.soon' IS NOT NULL AND data ->> '$.state' = 'running'",
    "CREATE INDEX clock_own_soon ON clock (ticket) WHERE data ->> '$.soon' IS NOT NULL AND data ->> '$.state' = 'running'",
    # What runs already does not know yet which of it such targets promise: it is counted anew once.
    "DELETE FROM reckoned",
)

_RENEWED = (
    # What was promised a customer anew: that a pledge takes the place of the former ones, and when one was renewed.
    "ALTER TABLE pledge ADD COLUMN renews INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE pledge ADD COLUMN renewed_at TEXT",
)

_FIELDS = (
    # What the shop wrote down of a customer is found by typing it: a number, a company, a name.
    "CREATE INDEX profile_value ON profile (value COLLATE NOCASE) WHERE NOT hidden AND field <> 'note'",
)

_COUNTED = (
    # Whoever writes messages counts them, once for many: as a trigger that was a sixteenth of what storing mail took.
    "DROP TRIGGER message_in",
)

_REACHED = (
    # When `next_at` was said, since a clock may have been wrong then, and when a server answered for the first time: what no
    # server has heard of is never given up.
    "ALTER TABLE outbox ADD COLUMN said_at TEXT",
    "ALTER TABLE outbox ADD COLUMN reached_at TEXT",
    "ALTER TABLE amendment ADD COLUMN reached_at TEXT",
)

_TALLIED = (
    # Whoever opens tickets tallies them, once for many: of each page that a statement with a trigger changes SQLite keeps a copy.
    "DROP TRIGGER ticket_in",
)

_PARTS = (
    # What a thousand mails say is one part of the index, which otherwise begins another with each megabyte, and ten parts
    # become one where otherwise four did: half as much of the index is written.
    "INSERT INTO search (search, rank) VALUES ('hashsize', 8388608)",
    "INSERT INTO search (search, rank) VALUES ('automerge', 10)",
)

_DISMISSED = (
    # Since when nobody is told of a mail that could not be read.
    "ALTER TABLE quarantine ADD COLUMN dismissed_at TEXT",
)

_STEPS = (
    ("m001_first", _FIRST),
    ("m002_bounces", _BOUNCES),
    ("m003_chats", _CHATS),
    ("m004_senders", _SENDERS),
    ("m005_groups", _GROUPS),
    ("m006_quick", _QUICK),
    ("m007_lookup", _LOOKUP),
    ("m008_parties", _PARTIES),
    ("m009_causes", _CAUSES),
    ("m010_amendments", _AMENDMENTS),
    ("m011_playbooks", _PLAYBOOKS),
    ("m012_timed", _TIMED),
    ("m013_people", PEOPLE),
    ("m014_forgotten", m014_forgotten.STATEMENTS),
    ("m015_rules", m015_rules.STATEMENTS),
    ("m016_restraint", _RESTRAINT),
    ("m017_surveys", m017_surveys.STATEMENTS),
    ("m018_pledges", m018_pledges.STATEMENTS),
    ("m019_clocks", m019_clocks.STATEMENTS),
    ("m020_ending", m020_ending.STATEMENTS),
    ("m021_soon", _SOON),
    ("m022_renewed", _RENEWED),
    ("m023_fields", _FIELDS),
    ("m024_counted", _COUNTED),
    ("m025_reached", _REACHED),
    ("m026_tallied", _TALLIED),
    ("m027_parts", _PARTS),
    ("m028_dismissed", _DISMISSED),
)
"""Names and statements, in order; a name is kept in every store and never changes."""


def migrate(connection: "Connection", until: int = CURRENT) -> None:
    """Applies what is missing of the steps `until` that version, all of it or nothing, in one transaction. Call it under the migration lock."""
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

    steps = Migrations("agentdesk")
    for number, (name, statements) in enumerate(_STEPS[:until], 1):
        steps(name=name)(_step((*statements, f"PRAGMA user_version = {number}")))
    db = sqlite_utils.Database(connection)
    with db.atomic():  # each step's own becomes a savepoint: one commit, not three for each of them
        steps.apply(db)


def _step(statements: tuple[str, ...]) -> "Callable[[Any], None]":
    def apply(db: Any) -> None:
        for statement in statements:
            db.execute(statement)

    return apply


def version(connection: "Connection") -> int:
    """How many migrations this store has had; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def newer(found: int) -> str:
    """Why a store of the version `found` is none for this program."""
    return tr("format {version}, and this program knows up to {known}").format(version=found, known=CURRENT)
