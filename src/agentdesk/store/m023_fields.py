"""What the shop wrote down of a customer is found by typing it: a customer's number, an order's of another program, a name."""

STATEMENTS = (
    "CREATE INDEX profile_value ON profile (value COLLATE NOCASE) WHERE NOT hidden AND field <> 'note'",
)
