"""Where an answer goes: to whom, by which of the customer's channels, and what that channel takes.

Promises: the way is the one by which the customer came last, until an agent chooses another one; what a channel takes is asked
of its connector beside the keys, and known before anything is sent. Refuses: drawing, sending.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from agentdesk import dates, fate, present, undelivered, whose
from agentdesk.config import Account
from agentdesk.core.instant import moment
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, OutFile, is_chat
from agentdesk.core.text import safe_line, safe_name
from agentdesk.core.views import MessageView, QueueRow, Recipients, Way, leaves_by
from agentdesk.core.window import Standing
from agentdesk.engine import forward, reply
from agentdesk.engine.addressed import People, addresses
from agentdesk.engine.fit import Takes, fits, takes
from agentdesk.engine.switch import Switch, goes, switch_to, ways_to
from agentdesk.errors import DeskError, RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.again import ask_again
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.front import Front, Reaches
from agentdesk.widgets.cells import cut

WHO_AT_MOST = 32
"""Cells of a name in a title: what stands behind it is the program's word."""


class Destination:
    """Of one answer to one ticket. `everybody`: also to the others of the newest message; `draft` is the kind of its draft."""

    kind = draft = "reply"

    def __init__(self, home: Front, row: QueueRow) -> None:
        self.home = home
        self.row = row
        self.everybody = False
        self.people: People | None = None
        """Who gets it, where that was chosen."""
        self.way: Way | None = None
        self._takes: Takes | None = None
        self._again = False
        """What the customer has had goes once more: that was asked."""

    @property
    def whom(self) -> Recipients | None:
        return self.home.sight.window.to_whom(self.row.id, self.way)

    @property
    def account(self) -> Account | None:
        """The one that sends it; None where it is gone."""
        return self.home.settings.account(leaves_by(self.whom, self.row)[1])

    @property
    def channel(self) -> str:
        return leaves_by(self.whom, self.row)[0]

    @property
    def switch(self) -> Switch | None:
        """The way that was chosen on purpose, with the note that says so."""
        if self.way is None:
            return None
        said = partial(fate.switched, self.home.settings)
        return switch_to(self.home.sight.window, self.row, self.way, said)

    @property
    def text_max(self) -> int:
        """Characters that the channel takes, 0 where it says nothing."""
        return self._takes.text_max if self._takes else 0

    def title(self) -> str:
        """Who gets it, from where, and in which conversation where that is another one."""
        row, whom, account = self.row, self.whom, self.account
        parts = [
            tr("Answer to {who}").format(who=self.who),
            present.channel(self.channel),
            f"#{whom.number}" if whom and whom.number not in {None, row.number} else "",
            row.language or "",
            tr("from {address}").format(address=account.address) if account else "",
        ]
        return self.home.panes.queue.glyphs.joined(*parts)

    @property
    def to(self) -> list[str]:
        if self.people:
            return [each.email for each in self.people.to]
        whom = self.whom
        return list(whom.to) if whom else [self.row.identity.partition(":")[2]]

    @property
    def cc(self) -> list[str]:
        """Who gets a copy: who was chosen, or everybody else where all are answered."""
        if self.people:
            return [each.email for each in self.people.cc]
        return self.others() if self.everybody else []

    @property
    def bcc(self) -> list[str]:
        """Who gets a copy that nobody sees."""
        return [each.email for each in self.people.bcc] if self.people else []

    def failing(self) -> str:
        """Why it will hardly arrive: the channel takes nothing free any more, or mail to there came back; else empty."""
        whom = self.whom
        if whom and whom.standing == Standing.TEMPLATE_ONLY:
            return tr("The window has closed: only a template goes (g t).")
        if whom and whom.standing == Standing.CLOSED:
            return tr("The window has closed until the customer writes again.")
        card = self.home.sight.card()
        to = set(self.to)
        code = next((code for _, each, code in card.failing if each in to), "") if card else ""
        return undelivered.failing(code) if code else ""

    def others(self) -> list[str]:
        """Whom answering everybody would add: the other people of the newest message from outside."""
        opened = self.home.sight.opened
        if opened is None or self.way is not None or self.people is not None:
            return []
        whom = self.whom
        newest = next((m for m in reversed(opened.messages) if _spoke(m)), None)
        if (
            opened.ticket.moved_from
            and newest
            and whom
            and not (newest.identity or "").endswith(f":{whom.sender}")
        ):
            return []  # the answer is to the customer whose it is now, not to whoever wrote that
        people = (*newest.to, *newest.cc) if newest else ()
        customer = self.row.identity.partition(":")[2]
        nobody = {customer, *self.home.desk.own, *forward.parties(self.home.desk, self.row.id)}
        return [address for address in dict.fromkeys(people) if address not in nobody]

    @property
    def does(self) -> str:
        """Nothing of its own; macros are the composer's."""
        return ""

    @property
    def who(self) -> str:
        """Who gets it, by name."""
        row, whom = self.row, self.whom
        if whom and whom.room:
            return whose.quoted(whom.room)
        another = whom.another if whom else ""
        name = safe_name(another or row.customer_name or row.identity.partition(":")[2])
        return cut(name, WHO_AT_MOST, self.home.panes.queue.glyphs.more)

    def writer(self, wish: Wish, *, resolve: bool) -> Callable[[Any], reply.Written]:
        """What writes it by the channel that it is given, in whatever thread."""
        desk, settings, ticket, switch = self.home.desk, self.home.settings, self.row.id, self.switch
        again = self._again
        if self.people:
            wish = replace(wish, cc=self.people.cc, bcc=self.people.bcc)
        return lambda channel: reply.write(
            desk, settings, channel, ticket, wish, resolve=resolve, switch=switch, again=again
        )

    async def agreed(self, text: str) -> tuple[Address, ...] | None:
        """Asks whether `text` goes once more, and who gets it where the mail wants somebody else than its sender to, or names nobody;
        None where it is not to go."""
        again = await ask_again(self.home, self.row.id, text)
        if again is None:
            return None
        self._again = again
        if self.people:
            return self.people.to
        whom = self.whom
        if whom is not None and not whom.to and not is_chat(whom.channel):
            return await _asked(self.home)
        if whom is None or not (whom.elsewhere or whom.newcomer):
            return ()
        question = (
            tr("Somebody wrote who is not the customer. Who gets the answer?")
            if whom.newcomer
            else tr("The mail asks for the answer to go to somebody else. Who gets it?")
        )
        chosen = await self.home.doing.ask(Pick(question, matching(_between(self.row, whom))))
        return (Address("", chosen),) if chosen else None

    async def choose(self) -> bool:
        """Asks by which way; False where it stays as it was."""
        home, row = self.home, self.row
        ways, usual = ways_of(home, row), home.sight.window.to_whom(row.id)
        if not ways:
            return False
        ways.sort(key=lambda way: goes(usual, way))  # what is not the rule is what was meant
        today = home.desk.now().astimezone(home.settings.desk.tzinfo).date()
        several = _several(ways)
        choices = [
            Choice(str(at), *self._said(way, today, usual=goes(usual, way), named=way.channel in several))
            for at, way in enumerate(ways)
        ]
        who = safe_line(row.customer_name or row.identity.partition(":")[2])
        question = tr("By which channel is {who} answered?").format(who=who)
        chosen = await home.doing.ask(Pick(question, matching(choices)))
        if chosen is None:
            return False
        found = ways[int(chosen)]
        self.way = None if goes(usual, found) else found
        self.everybody, self.people = False, None
        return True

    def _said(self, way: Way, today: date, *, usual: bool, named: bool) -> tuple[str, str, str]:
        """A way in words: with the account it goes from, where it is `named`."""
        day = dates.short_day(moment(way.at).astimezone(self.home.settings.desk.tzinfo).date(), today)
        last = tr("wrote {day} in #{number}").format(day=day, number=way.number)
        note = tr("the way that the customer came") if usual else ""
        account = self.home.settings.account(way.account) if named else None
        by = " ".join(filter(None, (present.channel(way.channel), account.name if account else "")))
        return f"{by} {safe_line(way.address)}", last, note

    async def learn(self) -> None:
        """What the channel takes, from its connector."""
        account, channel = self.account, self.channel
        if account is None:
            return
        try:
            made = await asyncio.to_thread(self.home.connect, self.home.place, account)
        except DeskError:
            return  # whoever sends will say so
        self._takes = takes(made, channel)

    def fits(self, text: str, files: tuple[OutFile, ...]) -> None:
        """Raises RefusedError for what the channel does not take."""
        fits(text, files, self._takes)


def _between(row: QueueRow, whom: Recipients) -> list[Choice]:
    """Between whom is chosen: the customer first, where that is another than who wrote."""
    channel, _, customer = row.identity.partition(":")
    words = {customer: tr("the customer")} if whom.newcomer and channel == "email" else {}
    words.setdefault(whom.sender, tr("who wrote"))
    for each in whom.to:
        words.setdefault(each, tr("whom the mail asks for"))
    return [Choice(each, each, said) for each, said in words.items()]


def heard(to: Reaches) -> str:
    """Who else reads what is said than whom it answers: everybody in the room; empty where nobody does."""
    whom = to.whom if isinstance(to, Destination) else None
    return whose.everybody_reads(whom.room) if whom and whom.room else ""


async def _asked(home: Front) -> tuple[Address, ...] | None:
    """Who gets the answer to what names nobody, as the agent types it; None for nobody."""
    question = tr("The message names nobody to answer. Who gets it?")
    typed = await home.doing.ask(Ask(question, hint=tr("an address"), wrong=partial(_wrong, home.desk.own)))
    return addresses(typed, home.desk.own) if typed else None


def _wrong(own: frozenset[str], typed: str) -> str:
    """Why what is typed is nobody's address; empty while nothing is typed."""
    try:
        addresses(typed, own)
    except RefusedError as error:
        return present.problem(error).detail
    return ""


def _spoke(message: MessageView) -> bool:
    """It came from outside, and a delivery report is nobody's word."""
    return message.direction == "in" and message.mail_class != "bounce"


def ways_of(home: Front, row: QueueRow) -> list[Way]:
    """By what the customer of a ticket can be answered, the newest first; none, which is said, where there is but one way."""
    ways = [way for way in ways_to(home.desk, row.id) if home.settings.account(way.account)]
    usual = home.sight.window.to_whom(row.id)
    if all(goes(usual, way) for way in ways):
        home.tell(tr("This customer has written by no other channel."))
        return []
    return ways


def _several(ways: list[Way]) -> set[str]:
    """The channels by which a customer wrote to more than one account of ours."""
    accounts: dict[str, set[str]] = {}
    for way in ways:
        accounts.setdefault(way.channel, set()).add(way.account)
    return {channel for channel, known in accounts.items() if len(known) > 1}
