"""What rules did, and what they have yet to do."""

STATEMENTS = (
    # Which rule acted on which ticket, why, and what it did: by the id of its event.
    """CREATE TABLE firing (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, rule TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT,
        did TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX firing_ticket ON firing (ticket, at)",
    "CREATE INDEX firing_at ON firing (at)",
    # Local: up to which event of the log the rules have looked, and from which on each of them does.
    "CREATE TABLE rule_place (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL)",
    "CREATE TABLE rule_watch (rule TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID",
    # Local: what is to be judged, at once or at a time that has not come yet; `key` tells apart what waits for one rule on one ticket.
    """CREATE TABLE rule_wait (n INTEGER PRIMARY KEY, rule TEXT NOT NULL, ticket TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
        cause TEXT NOT NULL, message TEXT, due_at TEXT NOT NULL, UNIQUE (rule, ticket, key))""",
    "CREATE INDEX rule_wait_due ON rule_wait (due_at)",
    "CREATE INDEX rule_wait_ticket ON rule_wait (ticket)",
    # Local: what a firing does beside the ticket and has not done yet, and what could not be done.
    """CREATE TABLE rule_deed (id INTEGER PRIMARY KEY, firing TEXT NOT NULL, rule TEXT NOT NULL, ticket TEXT NOT NULL,
        kind TEXT NOT NULL, words TEXT NOT NULL, begun INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE rule_failure (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, ticket TEXT NOT NULL, did TEXT NOT NULL,
        code TEXT NOT NULL, said TEXT NOT NULL, at TEXT NOT NULL)""",
    "CREATE INDEX rule_failure_ticket ON rule_failure (ticket)",
)
