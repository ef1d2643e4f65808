"""What the lines above a conversation say is true of the ticket."""

from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.instant import stamp
from agentdesk.widgets.glyphs import UNICODE
from agentdesk.widgets.heading import heading
from desks import MONDAY
from tui.glass import message, ticket

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("status", "said"), [("resolved", "wrote afterwards"), ("waiting_customer", "only thanked")]
)
def test_nobody_wrote_after_an_end_that_never_was(status, said):
    view = ticket(status=status, wrote_after=stamp(MONDAY))
    lines = heading(view, [message()], MONDAY, 79, UNICODE, MADRID)
    assert "".join(text for text, _ in lines[2]) == said


def test_of_two_accounts_of_a_channel_the_one_is_named():
    def second(**named):
        lines = heading(ticket(channel="whatsapp"), [message()], MONDAY, 99, UNICODE, MADRID, **named)
        return "".join(text for text, _ in lines[1])

    assert second(account="botiga").startswith("WA botiga ACME GmbH")
    assert second().startswith("WA ACME GmbH")
