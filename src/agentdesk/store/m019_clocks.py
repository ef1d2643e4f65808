"""By which targets and opening hours the clocks of a store were counted last."""

STATEMENTS = (
    # Local: one row. A backup takes it along, so that what comes back is counted anew where the policy has changed since.
    "CREATE TABLE reckoned (one INTEGER PRIMARY KEY CHECK (one = 1), policy TEXT NOT NULL, at TEXT NOT NULL)",
)
