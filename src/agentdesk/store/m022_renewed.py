"""What was promised a customer anew: that a pledge takes the place of the former ones, and when one was renewed."""

STATEMENTS = (
    "ALTER TABLE pledge ADD COLUMN renews INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE pledge ADD COLUMN renewed_at TEXT",
)
