"""Looking after the store: replaying the log."""

from collections.abc import Callable

from agentdesk.config import Home
from agentdesk.engine.desk import Desk
from agentdesk.store import lock
from agentdesk.store.digest import digest
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`same`: the rows were already what the log says."""

    events: int
    digest: str
    same: bool


def rebuild(desk: Desk, home: Home, on_progress: Callable[[int, int], object] | None = None) -> Rebuilt:
    """Replays the log into fresh rows, in one transaction; raises BusyError while another rebuilds."""
    with lock.held(home.state, "rebuild"):
        before = digest(desk.store.connection)
        events = desk.store.rebuild(on_progress)
        after = digest(desk.store.connection)
    return Rebuilt(events, after, before == after)
