"""What a connector has trouble with, in its account's health, so that whoever looks sees it.

Promises: a trouble that lasts is written once and with it the time of the last good pass stays; one that is over is ended by a
pass that goes well. Refuses: what is over in a moment, which every line has.
"""

import logging
from datetime import timedelta
from typing import Any

from agentdesk.config import Account
from agentdesk.engine.desk import Desk
from agentdesk.engine.waits import LOCKED_OUT_WAIT
from agentdesk.errors import BusyError, ChannelError, DeskError, NoFolderError, SendingLoginError, StoreError
from agentdesk.i18n import tr
from agentdesk.store import amendment, driver, meant, outbox, queries
from agentdesk.store.driver import Connection
from agentdesk.store.writer import Writer

SENDING = SendingLoginError.code
"""What the health of an account says whose service takes nothing of ours since it refuses our login."""
LOGINS = ("login", SENDING, "secret")
"""What the health of an account says whose service does not know who we are."""
OURS = (StoreError, BusyError)
"""Faults of this laptop: a full disk, or another process that writes long."""
LASTS = 5.0
"""Seconds from which on it is said."""


def said_by(channel: Any) -> ChannelError | None:
    """What a connector has trouble with now."""
    found: ChannelError | None = getattr(channel, "trouble", None)
    return found


def known(error: Exception, desk: Desk) -> DeskError:
    """An error that can be said; what nobody foresaw goes into the log, too."""
    if isinstance(error, DeskError):
        return error
    if isinstance(error, driver.DatabaseError) and not driver.is_refused(error):
        return meant(desk.store.path, error)
    logging.getLogger(__name__).error("what goes on by itself met a mistake", exc_info=error)
    return DeskError(reason=f"{type(error).__name__}: {error}")


def why(error: DeskError) -> str:
    """What went wrong: the words that the error was given, else its own."""
    return str(error.values["reason"]) or tr(error.detail).format(**error.values)


def state_of(error: DeskError | None) -> str:
    """The state of an account whose connector says this."""
    if error is None:
        return "ok"
    return "needs_login" if error.code in LOGINS else "backoff"


def named(error: DeskError, account: Account) -> DeskError:
    """The same with the account called as its agent calls it; a connector knows its id alone."""
    if error.values.get("account") == account.id:
        error.values["account"] = account.name
    return error


def note(writer: Writer, account: str, error: DeskError | None) -> None:
    """Keeps with the account which folder is not there, and which are, for as long as that is so."""
    if isinstance(error, NoFolderError):
        folders, there = error.values["folders"], error.values["there"]
        writer.intake.set_gap(account, f"{folders}: {error.code}\n{there}")
    else:
        writer.intake.mend_gap(account, NoFolderError.code)


def standing(connection: Connection, account: str, error: ChannelError | None) -> tuple[str, str | None]:
    """(state, code) of an account after a pass that went well, but for `error`: receiving does not cure a login that is refused
    when something is sent, as long as something waits for it."""
    known = queries.health(connection).get(account)
    is_refused = error is None and known is not None and known.error == SENDING
    if is_refused and (outbox.Outbox(connection).all(account) or amendment.has_any(connection, account)):
        return "needs_login", SENDING
    return state_of(error), error.code if error else None


def cured(desk: Desk, account: str) -> int:
    """Somebody has just logged in for an account: what a refused login held back may go now, and whoever receives for it begins
    anew. Gives how many answers waited; nothing is done for an account whose login was not refused."""
    with desk.transaction() as writer:
        known = queries.health(writer.connection).get(account)
        if known is None or known.error not in LOGINS:
            return 0
        now = desk.now()
        until = now + timedelta(seconds=LOCKED_OUT_WAIT)
        released = outbox.wait_no_more(writer.connection, account, until, now)
        amendment.wait_no_more(writer.connection, account, until, now)
        writer.intake.end_trouble(account, known.error)
        writer.intake.ask(account, now)
    return released


class Trouble:
    """For one account and connector."""

    def __init__(self, desk: Desk, account: str, channel: Any) -> None:
        self._desk = desk
        self._account = account
        self._channel = channel
        self._since: float | None = None
        self._written = ""

    def look(self, at: float) -> bool:
        """Writes what has lasted; True where what was written is over. `at`: seconds that only go forward."""
        error = said_by(self._channel)
        code = error.code if error else ""
        if not code:
            over, self._since, self._written = bool(self._written), None, ""
            return over
        self._since = at if self._since is None else self._since
        if code != self._written and at - self._since >= LASTS:
            with self._desk.transaction() as writer:
                writer.intake.set_health(self._account, state_of(error), error=code)
                if isinstance(error, NoFolderError):
                    note(writer, self._account, error)
            self._written = code
        return False
