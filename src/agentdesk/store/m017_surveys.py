"""Whom we asked how it was, about whose work, and what they said; and who wants to be asked no more."""

STATEMENTS = (
    # `id` is the message that asks; `resolution` is the ticket's `resolved_at` then, `answer` the message that rates.
    """CREATE TABLE survey (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, customer TEXT NOT NULL, channel TEXT NOT NULL, agent TEXT,
        resolution TEXT NOT NULL, asked_at TEXT NOT NULL, score INTEGER, rated_at TEXT, answer TEXT) WITHOUT ROWID""",
    "CREATE INDEX survey_ticket ON survey (ticket, asked_at)",
    "CREATE INDEX survey_customer ON survey (customer, asked_at)",
    "CREATE INDEX survey_asked ON survey (asked_at)",
    "ALTER TABLE customer ADD COLUMN no_surveys_at TEXT",
)
