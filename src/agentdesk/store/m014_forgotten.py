"""What an erase leaves behind on purpose: hashes by which a message is known that must not come back, and whose mails are to be
deleted at the provider.

Identities of people who were forgotten go: whoever writes again is somebody new.
"""

STATEMENTS = (
    # Names of messages that were forgotten before this store had them, or that were never read: no row of `message` says so.
    "CREATE TABLE forgotten (id TEXT PRIMARY KEY) WITHOUT ROWID",
    # Local: messages whose mails are not to lie on the server, wherever they turn up.
    "CREATE TABLE unwanted (message TEXT PRIMARY KEY) WITHOUT ROWID",
    "DELETE FROM identity WHERE customer IN (SELECT id FROM customer WHERE erased)",
)
