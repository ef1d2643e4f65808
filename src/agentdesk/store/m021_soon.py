"""When promises are due soon whose targets say so themselves: small indexes over those clocks alone."""

STATEMENTS = (
    "CREATE INDEX clock_soon ON clock (data ->> '$.soon_at') WHERE data ->> '$.soon' IS NOT NULL AND data ->> '$.state' = 'running'",
    "CREATE INDEX clock_own_soon ON clock (ticket) WHERE data ->> '$.soon' IS NOT NULL AND data ->> '$.state' = 'running'",
    # What runs already does not know yet which of it such targets promise: it is counted anew once.
    "DELETE FROM reckoned",
)
