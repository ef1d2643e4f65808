"""Migration 13: what the shop knows of a customer beside what mails say, who is muted, and whose a ticket was before it was moved."""

_INDEXES = {
    "ticket_chat": "(bucket, is_chat, last_customer_at)",
    "ticket_due": "(bucket, next_due_at)",
    "ticket_recover": "(bucket, recover_at)",
    "ticket_waiting": "(bucket, coalesce(waiting_since, created_at))",
    "ticket_newest": "(bucket, last_message_at)",
    "ticket_window": "(bucket, window_until) WHERE window_until IS NOT NULL",
    "ticket_cause": "(cause, bucket) WHERE cause IS NOT NULL",
}
PEOPLE = (
    # The customer whose the ticket was before: an answer goes to the one whose it is now, and to nobody else.
    "ALTER TABLE ticket ADD COLUMN moved_from TEXT",
    # How the shop says that somebody is addressed, and in which language.
    "ALTER TABLE customer ADD COLUMN speaks TEXT",
    "ALTER TABLE customer ADD COLUMN form TEXT",
    # Fields and notes, each an entry: `id` begins with the id of its event, so that an erase finds that.
    """CREATE TABLE profile (id TEXT PRIMARY KEY, customer TEXT NOT NULL, field TEXT NOT NULL, value TEXT, author TEXT NOT NULL,
        at TEXT NOT NULL, hidden INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "CREATE INDEX profile_customer ON profile (customer, field) WHERE NOT hidden",
    # Who is muted since when; their tickets stand in a bucket of their own, which has to be worked out anew with all that uses it.
    "ALTER TABLE customer ADD COLUMN muted_at TEXT",
    "ALTER TABLE ticket ADD COLUMN muted INTEGER NOT NULL DEFAULT 0",
    *(f"DROP INDEX {name}" for name in _INDEXES),
    "DROP TRIGGER ticket_in",
    "DROP TRIGGER ticket_moved",
    "ALTER TABLE ticket DROP COLUMN bucket",
    """ALTER TABLE ticket ADD COLUMN bucket TEXT GENERATED ALWAYS AS (CASE
        WHEN root <> id THEN 'merged' WHEN history THEN 'history'
        WHEN status IN ('resolved', 'closed') THEN 'resolved' WHEN machine THEN 'machine' WHEN muted THEN 'muted'
        WHEN status = 'snoozed' THEN 'snoozed' WHEN status IN ('waiting_customer', 'waiting_third_party') THEN 'waiting'
        ELSE 'inbox' END) VIRTUAL""",
    *(f"CREATE INDEX {name} ON ticket {columns}" for name, columns in _INDEXES.items()),
    """CREATE TRIGGER ticket_in AFTER INSERT ON ticket BEGIN
        INSERT INTO tally VALUES (new.bucket, coalesce(new.assignee, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1; END""",
    """CREATE TRIGGER ticket_moved AFTER UPDATE OF root, history, status, machine, muted, assignee ON ticket
        WHEN old.bucket IS NOT new.bucket OR old.assignee IS NOT new.assignee BEGIN
        UPDATE tally SET n = n - 1 WHERE bucket = old.bucket AND assignee = coalesce(old.assignee, '');
        INSERT INTO tally VALUES (new.bucket, coalesce(new.assignee, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1; END""",
)
