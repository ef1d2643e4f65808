"""A file of a message: waited for while the service is ill, never for long, and not at all where it is gone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.channels.retrieval import PATIENCE, TRIES, YOUNG, Patience, retrieved
from agentdesk.channels.web import Reply, TooLongError
from agentdesk.errors import ChannelError, LoginError, UnreachableError

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE, GONE, ILL = Reply(200, data=b"jpeg"), Reply(404), Reply(503)


def fault(words):
    return ChannelError(account="shop", server="x", reason=words)


def had(*answers, lasts=True):
    """(what it came to, how often it was asked)."""
    left, waits = list(answers), []

    async def ask():
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def pause(seconds):
        waits.append(seconds)

    return asyncio.run(retrieved(ask, lambda: lasts, fault, pause)), len(answers) - len(left)


@pytest.mark.parametrize(
    "before", [(), (GONE,), (ILL,), (UnreachableError(reason="reset"),), (ILL, GONE)], ids=str
)
def test_an_address_that_has_died_and_a_short_fault_lose_no_file(before):
    assert had(*before, HERE) == (b"jpeg", len(before) + 1)


def test_what_is_too_long_is_no_fault_that_passes():
    assert had(TooLongError(reason="the answer is too long"), HERE) == (None, 1)


def test_what_the_service_says_is_not_there_is_asked_for_once():
    assert had(None, HERE) == (None, 1)


def test_a_file_that_is_gone_holds_up_nobody():
    assert had(*[GONE] * TRIES) == (None, TRIES)


@pytest.mark.parametrize("ill", [ILL, Reply(429), UnreachableError(reason="reset")], ids=str)
def test_while_a_service_is_ill_its_file_is_waited_for_as_long_as_patience_lasts(ill):
    with pytest.raises(ChannelError):
        had(*[ill] * TRIES)
    with pytest.raises(ChannelError):
        had(ill, GONE, GONE)
    assert had(*[ill] * TRIES, lasts=False) == (None, TRIES)


def test_a_refused_login_is_said_at_once():
    with pytest.raises(LoginError):
        had(LoginError(reason="expired"), HERE, lasts=False)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=3)], ids=str)
def test_a_file_is_waited_for_from_the_first_time_on_and_not_from_when_its_message_was_written(age):
    now = [MORNING]
    patience = Patience(lambda: now[0])
    assert patience.lasts("7", MORNING - age)
    now[0] = MORNING + PATIENCE - timedelta(seconds=1)
    assert patience.lasts("7", MORNING - age)
    now[0] = MORNING + PATIENCE
    assert not patience.lasts("7", MORNING - age)
    assert patience.lasts("8", MORNING - age)


def test_a_desk_that_looks_once_and_ends_waits_for_the_files_of_a_day_and_no_longer():
    patience = Patience(lambda: MORNING)
    patience.once = True
    assert patience.lasts("7", MORNING - YOUNG + timedelta(seconds=1))
    assert not patience.lasts("8", MORNING - YOUNG)
