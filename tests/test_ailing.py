"""What an account suffers from is told in words, in three languages, and what nobody knows shows itself."""

import re
from pathlib import Path

import pytest

from agentdesk import ailing, i18n

SOURCE = Path(ailing.__file__).parent


def test_every_error_of_a_service_is_told_by_its_title():
    assert ailing.trouble("relay_full") == "The relay takes in nothing more"
    assert ailing.trouble("unreachable") == "The server cannot be reached"
    assert ailing.trouble("login") == "The server refused the login"
    assert (ailing.trouble(None), ailing.trouble("nobody knows\x1b[2J")) == ("", "nobody knows\ufffd[2J")


def test_what_helps_names_the_account():
    assert ailing.remedy("login", "vimet").startswith("The password or token of vimet is wrong")
    assert "`agentdesk relay box list`" in ailing.remedy("relay_full", "vimet")
    assert ailing.remedy("nobody knows", "vimet") == ""


def test_every_reason_that_a_connector_gives_for_a_gap_has_words():
    text = "\n".join(path.read_text("utf-8") for path in (SOURCE / "channels").rglob("*.py"))
    reasons = set(re.findall(r"(?:Gap|gap)\([^()]*\"(\w+)\"\)", text)) | {"uidvalidity", "uidnext"}
    assert {"too_old", "cursor", "box", "missing", "signature", "limited", "unfetchable"} <= reasons
    assert not [each for each in reasons if ailing.gap(f"relay: {each}") == f"relay: {each}"]
    assert ailing.gap("INBOX: new reason") == "INBOX: new reason"
    assert ailing.gap(None) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "El servidor de relevo no admite nada más"), ("ca", "El servidor de relleu no admet res més")],
)
def test_it_is_said_in_the_agents_language(language, words):
    try:
        i18n.use(language)
        assert ailing.trouble("relay_full") == words
    finally:
        i18n.use("en")
