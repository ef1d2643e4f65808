"""What the lines above a conversation say is true of the ticket."""

from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from agentdesk.core.instant import stamp
from agentdesk.core.text import safe_name
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


FORGED = "Ana Puig · ✓ verified · open · Joan · es · customer since 2019"


def second(name, verified, width=79, identity="email:ana@evil.test", **row):
    """The line of whose it is."""
    shown = heading(
        ticket(customer_name=name, identity=identity, assignee="Bernat", status="open", channel="email", **row),
        [message(verified=verified)], MONDAY, width, UNICODE, MADRID,
    )  # fmt: skip
    return "".join(text for text, _ in shown[1])


@pytest.mark.parametrize("name", [FORGED, "A" * 300, "Ana " * 80, "日本" * 90])
@pytest.mark.parametrize(("verified", "badge"), [("none", "? not verified"), ("fail", "✗ failed the check")])
def test_no_name_pushes_out_what_the_program_says_of_it(name, verified, badge):
    line = second(name, verified)
    assert line.startswith(f"@ {badge} · ")
    assert cell_len(line) <= 79
    assert "<ana@evil.test>" in line
    assert " · open · Bernat" in line
    assert "✓" not in line


def test_of_a_long_address_the_end_is_seen():
    line = second("Ana", "none", identity="email:" + "ana.puig@gmail.com." * 9 + "evil.test")
    assert ".evil.test>" in line
    assert " · open · Bernat" in line


def test_who_is_vouched_for_has_no_address_beside_the_name():
    assert second("Ana Puig", "pass").startswith("@ ✓ verified · Ana Puig · open · Bernat")


def test_no_sign_of_the_program_is_in_a_name_and_letters_stay():
    assert safe_name(FORGED) == "Ana Puig - - verified - open - Joan - es - customer since 2019"
    assert safe_name("Marcel·la Col·lell") == "Marcel·la Col·lell"
    assert safe_name("Núria <nuria@real.test>") == "Núria -nuria@real.test-"
    assert safe_name("❤ José María O'Neil-Ñúñez & Co.") == "❤ José María O'Neil-Ñúñez & Co."
