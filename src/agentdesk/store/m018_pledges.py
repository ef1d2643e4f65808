"""What customers were told that we would do, and by when; and tickets whose customer we sent to another channel."""

STATEMENTS = (
    """CREATE TABLE pledge (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, message TEXT, given_at TEXT NOT NULL, due_at TEXT NOT NULL,
        rises_at TEXT NOT NULL, text TEXT, author TEXT NOT NULL, kept_at TEXT, dropped INTEGER NOT NULL DEFAULT 0)
        WITHOUT ROWID""",
    "CREATE INDEX pledge_ticket ON pledge (ticket)",
    "CREATE INDEX pledge_given ON pledge (given_at)",
    "CREATE INDEX pledge_open ON pledge (due_at) WHERE kept_at IS NULL AND NOT dropped",
    # The soonest of a ticket that is open, and when the next one brings its ticket into the queue.
    "ALTER TABLE ticket ADD COLUMN pledge_due_at TEXT",
    "ALTER TABLE ticket ADD COLUMN pledge_rises_at TEXT",
    "CREATE INDEX ticket_pledge ON ticket (pledge_rises_at) WHERE pledge_rises_at IS NOT NULL",
    # When an agent sent the customer elsewhere, and where: phone, email, shop ...
    "ALTER TABLE ticket ADD COLUMN derived_at TEXT",
    "ALTER TABLE ticket ADD COLUMN derived_to TEXT",
    "CREATE INDEX ticket_derived ON ticket (derived_at) WHERE derived_at IS NOT NULL",
)
