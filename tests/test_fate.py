"""What became of a message of ours is said the same wherever it is shown, and what has not gone is never called sent."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from agentdesk import fate
from agentdesk.core.instant import stamp
from agentdesk.core.views import OutboxRow
from desks import MONDAY
from tui.glass import message

OURS = message(1, "a", "out", 0, state="written")


def row(state, seconds=0.0, **more):
    at = stamp(MONDAY + timedelta(seconds=seconds))
    return replace(OutboxRow("a", 1, "shop", state, 1, at, at, None), **more)


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (row("held", 8), "our message, held, 8 s left"),
        (row("held", 3600), "our message, held, goes: 10:00"),
        (row("queued"), "our message, queued"),
        (row("queued", 240), "our message, queued, goes: 9:04"),
        (row("sending"), "our message, sending"),
        (row("held", 3600, goes_at=stamp(MONDAY + timedelta(hours=1))), "our message, goes: 10:00"),
        (None, "our message, queued"),
    ],
)
def test_what_has_not_gone_says_where_it_is(waiting, said):
    assert fate.label(OURS, waiting, MONDAY, UTC) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "sent"),
        ("sent", "sent"),
        ("read", "sent, read"),
        ("failed", "our message"),
        ("unknown", "our message"),
    ],
)
def test_what_left_the_outbox_says_what_became_of_it(state, said):
    assert fate.label(replace(OURS, state=state), None, MONDAY, UTC) == said
