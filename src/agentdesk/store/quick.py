"""What this laptop remembers of quick replies: how often each was taken, and what was answered when one asked, by ticket.

Local: no event, not in the digest, untouched by a rebuild. An erase takes the answers with the ticket.
"""

from collections.abc import Mapping

from agentdesk.store.driver import Connection


def count(connection: Connection, name: str) -> None:
    """One more use of the quick reply `name`."""
    connection.execute(
        "INSERT INTO quick_use VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1", (name,)
    )


def uses(connection: Connection) -> dict[str, int]:
    """How often each was taken; those that never were are left out."""
    return dict(connection.execute("SELECT name, n FROM quick_use").fetchall())


def remember(connection: Connection, ticket: str, answers: Mapping[str, str]) -> None:
    """What was answered, by what was asked; the newest answer stays."""
    connection.executemany(
        "INSERT OR REPLACE INTO quick_value VALUES (?, ?, ?)",
        [(ticket, asked, value) for asked, value in answers.items()],
    )


def answers(connection: Connection, ticket: str) -> dict[str, str]:
    """What was answered on this ticket, by what was asked."""
    sql = "SELECT asked, value FROM quick_value WHERE ticket = ?"
    return dict(connection.execute(sql, (ticket,)).fetchall())
