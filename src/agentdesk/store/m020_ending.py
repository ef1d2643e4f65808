"""How matters end: which message needs no answer and why, what was written after an end, and who is still owed an answer.

`owed_since` is worked out by SQLite from what the fold writes, and has an index of its own: the header's figure and the view of
those without an answer read nothing else.
"""

STATEMENTS = (
    # Why a message needs no answer; NULL where it needs one, or has one.
    "ALTER TABLE message ADD COLUMN settled TEXT",
    # Since when a message asks anew, because its ticket became one with another; NULL: since it came.
    "ALTER TABLE message ADD COLUMN asks_since TEXT",
    # Whether a message of ours asks something; NULL where nobody looked: before this, and of what others wrote.
    "ALTER TABLE message ADD COLUMN asks INTEGER",
    "DROP INDEX message_person",
    "CREATE INDEX message_person ON message (ticket, n) WHERE direction = 'in' AND class = 'human' AND NOT history AND settled IS NULL",
    # Since this is set an end alone answers nobody. What was resolved before counted as decided.
    "ALTER TABLE ticket ADD COLUMN accounted INTEGER NOT NULL DEFAULT 0",
    """ALTER TABLE ticket ADD COLUMN owed_since TEXT GENERATED ALWAYS AS (CASE
        WHEN root = id AND NOT history AND NOT muted AND NOT erased AND (accounted OR status NOT IN ('resolved', 'closed'))
        THEN waiting_since END) VIRTUAL""",
    "DROP INDEX ticket_unanswered",
    "CREATE INDEX ticket_owed ON ticket (owed_since) WHERE owed_since IS NOT NULL",
    "CREATE INDEX ticket_owed_customer ON ticket (customer, owed_since) WHERE owed_since IS NOT NULL",
    # When somebody first wrote into an ended matter without opening it again, while nobody has looked at that.
    "ALTER TABLE ticket ADD COLUMN wrote_after TEXT",
    "CREATE INDEX ticket_wrote ON ticket (wrote_after) WHERE wrote_after IS NOT NULL",
    # What a snooze is for, what the customer's writing does to it, and the time that an early wake cut short.
    "ALTER TABLE ticket ADD COLUMN snooze_quiet INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE ticket ADD COLUMN snooze_cut TEXT",
    "ALTER TABLE ticket ADD COLUMN snooze_reason TEXT",
)
