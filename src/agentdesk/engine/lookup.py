"""What the shop itself knows of a customer: when it is asked, what is remembered, and which order a quick reply means.

Promises: no key ever waits for the shop; an answer is asked for again once it is old or the customer names another order, a
failure after a minute; whatever goes wrong, the former facts stay, with their time. Refuses: asking for anybody who was
erased, and changing anything at the shop.
"""

import json
import os
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from agentdesk import config
from agentdesk.channels import lookup as asking
from agentdesk.core import lookup as law
from agentdesk.core.card import LookupView
from agentdesk.core.instant import moment
from agentdesk.core.lookup import Fact, Question
from agentdesk.core.pattern import numbers
from agentdesk.engine import trouble
from agentdesk.engine.desk import Desk
from agentdesk.errors import DeskError, LookupFailedError
from agentdesk.store import lookup as kept
from agentdesk.store.driver import Connection
from agentdesk.values import dataclass

RESTS = 0.3
"""Seconds that somebody looks at one ticket before the shop is asked about it."""
ENDS_WITHIN = 0.15
"""Seconds that a write which has begun may take at the end."""
AGAIN_AFTER = timedelta(minutes=1)
"""So long nobody is asked again who did not answer."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What is known of one ticket: every order, and those that its texts name, the newest first."""

    facts: tuple[Fact, ...] = ()
    named: tuple[str, ...] = ()

    def meant(self, given: str = "", remembered: str = "") -> Fact | None:
        """The order that counts: of the number that is `given`, else as the law says."""
        if given:
            return law.numbered(self.facts, given)
        return law.meant(self.facts, self.named, remembered)


def known(connection: Connection, settings: config.Settings, ticket: str) -> tuple[LookupView, ...]:
    """What the shop said of a ticket's customer, in the order of the settings, asked for or not. One look by key."""
    found = kept.known(connection, ticket) if settings.lookups else {}
    return tuple(
        found[each.name][0] if each.name in found else LookupView(each.name) for each in settings.lookups
    )


def of(desk: Desk, settings: config.Settings, ticket: str) -> tuple[LookupView, ...]:
    """The same, for whoever has no connection of their own."""
    with closing(desk.reader()) as connection:
        return known(connection, settings, ticket)


def orders(desk: Desk, settings: config.Settings, ticket: str) -> Orders:
    """What fills a quick reply on a ticket, from what is remembered."""
    if not settings.lookups:
        return Orders()
    with closing(desk.reader()) as connection:
        facts = tuple(fact for view in known(connection, settings, ticket) for fact in view.facts)
        each = (_question(desk, connection, one, ticket).orders for one in settings.lookups)
        return Orders(facts, tuple(dict.fromkeys(number for some in each for number in some)))


def refresh(
    desk: Desk,
    settings: config.Settings,
    ticket: str,
    *,
    now: bool = False,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """Asks each lookup whose answer is old, or all of them `now`, one after the other; raises DeskError for the disk alone.
    Nothing is written once `goes_on` says no."""
    for one in settings.lookups:
        with closing(desk.reader()) as connection:
            question = _question(desk, connection, one, ticket)
            before = kept.known(connection, ticket).get(one.name)
        asked = json.dumps(question.document(), sort_keys=True)
        if not question.identities or (not now and before and _fresh(one, *before, asked, desk.now())):
            continue
        if not goes_on():
            return
        try:
            facts, failure = law.over(asking.ask(source(one, settings), question), one.done), None
        except LookupFailedError as error:
            facts, failure = (), error
        except DeskError as error:  # the secret cannot be read
            facts, failure = (
                (),
                LookupFailedError(name=one.name, failure=asking.UNREACHABLE, reason=trouble.why(error)),
            )
        if goes_on():
            _keep(desk, ticket, one, asked, facts, failure)


def source(one: config.Lookup, settings: config.Settings) -> asking.Source:
    """What can be asked; its secret is read here, outside the time that an answer may take. Raises SecretError."""
    if one.way == "command":
        from agentdesk.channels.lookup.command import Command

        return Command(one.name, one.timeout, one.command, settings.environment(os.environ))
    if one.way == "csv":
        from agentdesk.channels.lookup.sheet import Sheet

        return Sheet(one.name, one.timeout, Path(one.place), one.columns)
    secret = ""
    if one.secret is not None:
        from agentdesk import secret as secrets

        secret = secrets.read(holder(one))
    if one.way == "woocommerce":
        from agentdesk.channels.lookup.woocommerce import WooCommerce

        return WooCommerce(one.name, one.timeout, one.place, secret)
    from agentdesk.channels.lookup.address import Address

    return Address(one.name, one.timeout, one.place, one.header, secret)


def holder(one: config.Lookup) -> config.Account:
    """Under which name its secret is kept."""
    return config.Account(f"lookup:{one.name}", one.name, "lookup", secret=one.secret or config.SecretPlace())


def probe(one: config.Lookup, settings: config.Settings) -> tuple[Fact, ...]:
    """Asks about nobody, to see whether there is an answer; raises LookupFailedError, SecretError."""
    return asking.ask(source(one, settings), Question((("email", "nobody@example.invalid"),)))


def _question(desk: Desk, connection: Connection, one: config.Lookup, ticket: str) -> Question:
    people = kept.people(connection, ticket)
    if one.pattern is None or not people.identities:
        return people
    texts = kept.written(connection, desk.store.blobs, ticket)
    return Question(people.identities, numbers(one.pattern, texts))


def _fresh(one: config.Lookup, view: LookupView, answered: str, asked: str, now: datetime) -> bool:
    if view.failed_at:
        return now - moment(view.failed_at) < AGAIN_AFTER
    return (
        answered == asked
        and view.asked_at is not None
        and now - moment(view.asked_at) < timedelta(minutes=one.minutes)
    )


def _keep(
    desk: Desk,
    ticket: str,
    one: config.Lookup,
    asked: str,
    facts: tuple[Fact, ...],
    failure: LookupFailedError | None,
) -> None:
    with desk.transaction() as writer:
        if not kept.people(writer.connection, ticket).identities:
            return  # erased meanwhile: nothing of them may come back
        if failure is None:
            kept.answered(writer.connection, ticket, one.name, asked, facts, desk.now())
        else:
            said = str(failure.values["failure"]), str(failure.values["reason"])
            kept.failed(writer.connection, ticket, one.name, *said, desk.now())


class Lookups:
    """Asks about the ticket that somebody looks at, in a thread of its own that dies with the process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wish: tuple[config.Settings, str, bool] | None = None
        self._looked, self._looked_at = ("", ""), desk.now()
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def want(self, settings: config.Settings, ticket: str, last: str = "", *, now: bool = False) -> None:
        """Somebody looks at `ticket`, whose newest message is of `last`; with `now` the shop is asked though its answer is fresh.
        Returns at once, and looks no closer where it did so in the last minute: a ticket is drawn at every change of the desk."""
        at = self._desk.now()
        if not settings.lookups or self._stopped.is_set():
            return
        if not now and self._looked == (ticket, last) and at - self._looked_at < AGAIN_AFTER:
            return
        self._looked, self._looked_at = (ticket, last), at
        with self._changed:
            before = self._wish
            if before is None or before[1] != ticket or (now and not before[2]):
                self._wish = (settings, ticket, now)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lookups", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def stop(self) -> None:
        """Nothing is written any more once this returns."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)  # one that waits for the shop will not write

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            settings, ticket, now = wish
            try:
                refresh(self._desk, settings, ticket, now=now, goes_on=lambda: not self._stopped.is_set())
            except DeskError:  # a full disk is said by whoever writes something that matters
                continue
            except Exception as error:  # noqa: BLE001 - whatever it was, the next ticket is asked about
                trouble.known(error, self._desk)

    def _next(self) -> tuple[config.Settings, str, bool] | None:
        """The newest wish, once it has been the same for a moment; None at the end."""
        with self._changed:
            while not self._stopped.is_set():
                wish = self._wish
                self._changed.wait(RESTS if wish else None)
                if wish is not None and wish is self._wish:
                    self._wish = None
                    return wish
        return None
