"""One hash over every shared row: two desks with the same log have the same digest, and so has a replayed one."""

from hashlib import sha256

from agentdesk.store.driver import Connection
from agentdesk.store.schema import SHARED


def digest(connection: Connection) -> str:
    """sha256 (hex) of all shared tables, in primary-key order; empty tallies do not count."""
    sum_ = sha256()
    for table in SHARED:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        where = "WHERE n <> 0" if table == "tally" else ""
        sum_.update(f"{table}{columns}\n".encode())
        rows = connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} {where} ORDER BY {', '.join(columns)}"  # noqa: S608
        )
        for row in rows:
            sum_.update(f"{row!r}\n".encode("utf-8", "surrogatepass"))
    return sum_.hexdigest()
