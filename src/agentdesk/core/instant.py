"""Times as the log and the rows write them: UTC, milliseconds, a final Z, so that text order is time order."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=1024)  # one message's times are asked for six times
def stamp(at: datetime) -> str:
    """`at` (aware) as `2026-11-22T10:00:00.000Z`; raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:-6]}Z" if utc.year > 999 else stamp(FLOOR)


def maybe_stamp(at: datetime | None) -> str | None:
    """`stamp`, with None kept."""
    return None if at is None else stamp(at)


def moment(text: str) -> datetime:
    """The inverse of `stamp`; raises ValueError for anything else."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """`moment`, with None kept."""
    return None if text is None else moment(text)


def plain(text: str | None) -> str | None:
    """A stamp as people and scripts read it: without milliseconds where there are none."""
    return text.replace(".000Z", "Z") if text else text


FLOOR = datetime(1970, 1, 1, tzinfo=UTC)
