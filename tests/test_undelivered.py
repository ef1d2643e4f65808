"""Status codes in plain words: the table, the classes, and what is in neither."""

import pytest

from agentdesk import i18n
from agentdesk.core import unsent
from agentdesk.undelivered import failing, has_bounced, marked, meaning, reason, whole, why


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", "there is no such address"),
        ("5.1.10", "there is no such address"),
        ("5.1.2", "the domain of the address does not exist"),
        ("5.4.4", "the domain of the address does not exist"),
        ("5.2.1", "the mailbox is closed"),
        ("5.2.2", "the mailbox is full"),
        ("5.3.4", "the message is too large"),
        ("5.7.1", "it was refused as spam or by a rule"),
        ("5.7.999", "it was refused as spam or by a rule"),
        ("5.7.26", "our mail is not authenticated: check SPF, DKIM and DMARC of our domain"),
        ("4.4.7", "the recipient's server did not take it in time"),
        ("5.9.9", "the server said: 550 no"),
        ("5.0.0", "the server said: 550 no"),
    ],
)
def test_a_code_is_said_in_plain_words(status, words):
    assert why(f"bounced:{status}", "550 no") == words


def test_without_words_the_code_itself_stands_there():
    assert meaning("5.9.9") == "it came back (5.9.9)"
    assert failing("5.2.2") == "mail comes back: the mailbox is full"


def test_what_the_sending_server_refused_keeps_its_words():
    assert why("recipient", "550 no such user") == "550 no such user"
    assert why("gave_up", None) == "gave_up"
    assert why(None, None) == ""
    assert not has_bounced("recipient")
    assert has_bounced("bounced:5.1.1")


def test_a_service_s_words_stand_behind_ours_and_are_marked():
    i18n.use("es")
    try:
        assert marked("recipient", "550 no such user") == "el servidor dijo: 550 no such user"
        assert whole("recipient", "550 no such user") == "el servidor dijo: 550 no such user"
        assert whole("file", "File size too large") == (
            "el servicio no admitió el archivo; el servidor dijo: File size too large"
        )
        assert (
            whole("bounced:5.2.2", "552 over quota")
            == "el buzón está lleno; el servidor dijo: 552 over quota"
        )
        assert reason(unsent.BROKE_OFF) == "la conexión se cortó antes de la respuesta"
    finally:
        i18n.use("en")


@pytest.mark.parametrize("words", sorted(unsent.OURS))
def test_what_we_say_ourselves_is_said_in_the_agent_s_language(words):
    i18n.use("ca")
    try:
        assert reason(words) != words
        assert not reason(words).startswith("el servidor ha dit:")
    finally:
        i18n.use("en")


def test_a_server_s_words_are_made_safe_once_more():
    assert "\x1b" not in why("bounced:5.9.9", "a\x1b[2Jb\nc")
