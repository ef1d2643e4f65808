"""What the rules make of an event, and of the time that has passed: the same on the desk itself and on a log that is replayed.

Promises: an event only leaves something to be judged; judging looks at the ticket as it is then, asks the store's own search whether it
is meant, and gives a command of the law or the reason why not. Refuses: doing it, and knowing the world beside the desk.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agentdesk.config import Settings
from agentdesk.core import rules as law
from agentdesk.core import sla
from agentdesk.core.automatic import is_stale
from agentdesk.core.events import Event
from agentdesk.core.hours import is_open, next_opening
from agentdesk.core.instant import moment, stamp
from agentdesk.core.query import Known, Not, Query, parse
from agentdesk.core.quiet import allowed, quiet_of
from agentdesk.core.restraint import AWAITED, PROGRESS
from agentdesk.core.ruled import FireRule
from agentdesk.core.rules import BECAME_LATE, BY_CLOCK, DUE_SOON, Deed, Happening, Rule
from agentdesk.core.sla import Clock, ClockState, Tier
from agentdesk.core.state import State, TicketState
from agentdesk.engine.desk import Desk
from agentdesk.errors import RefusedError
from agentdesk.store import rules as kept
from agentdesk.store import search
from agentdesk.store.driver import Connection
from agentdesk.store.rules import Wait
from agentdesk.store.state import StoreState
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

ACTOR = "agentdesk"


@dataclass(frozen=True, slots=True)
class Missed:
    """Why a rule did not act. `reason`: where (`words` are the parts that do not hold, of `parts`), when (the shop is that), history,
    muted, gone, clock (the promise was moved or kept), undone (what set it off was taken back), ended (`words` is what
    happened meanwhile), nothing_changes, or known (it has acted on that already)."""

    reason: str
    words: tuple[str, ...] = ()
    parts: int = 0


class Judge:
    """`rules` in their order, with the number of the event after which each of them looks."""

    def __init__(self, desk: Desk, settings: Settings, rules: Sequence[Rule], since: dict[str, int]) -> None:
        self.desk = desk
        self.settings = settings
        self.rules = law.ordered(rules)
        self.since = since
        self._named = {rule.name: rule for rule in self.rules}

    def named(self, name: str) -> Rule | None:
        return self._named.get(name)

    def text_of(self, wait: Wait) -> Deed | None:
        """What a rule says to the customer."""
        rule = self.named(wait.rule)
        return next((each for each in rule.deeds if each.kind == "quick"), None) if rule else None

    def put_off(self, wait: Wait, text: Deed) -> datetime | None:
        """When a customer may be asked or told, where that is not now: in the morning of a day on which the shop is open, and how far
        it is only while it is. What comes too late anyway is not put off to a time at which it would not."""
        kind, now, calendar = text.words[1], self.desk.now(), self.desk.policy.calendar
        if kind in AWAITED or is_stale(kind, wait.due_at, now):
            return None
        opens = next_opening(calendar, now) if kind == PROGRESS else now
        until = allowed(opens, quiet_of(self.settings.automatic.quiet), calendar)
        return until if until > now else None

    # What an event leaves to be judged.

    def look(self, writer: Writer, seq: int, event: Event) -> list[Wait]:
        """Ends what `event` ends, and lets wait what it sets off; gives what it ended."""
        looking = [rule for rule in self.rules if seq > self.since.get(rule.name, seq)]
        if not looking:
            return []
        ended: list[Wait] = []
        for happening in law.happenings(event):
            home = _home(writer.state, happening.ticket)
            if home is None or self._was_before(writer, event, happening):
                continue
            ended += _ended(writer.connection, home, happening, looking)
            for rule in looking:
                self._wait(writer.connection, rule, home, happening, event)
        for ticket in law.clocks_moved(event):
            if home := _home(writer.state, ticket):
                self._wait_for_clocks(writer, looking, home, event)
        return ended

    def _was_before(self, writer: Writer, event: Event, happening: Happening) -> bool:
        """Whether it is of before the account was added: work perhaps, but nothing that happens now."""
        if happening.message is None or event.ticket is None:
            return False
        account = writer.state.field("message", happening.message, "account")
        opened_at = writer.state.field("account", account, "opened_at") if account else None
        return bool(opened_at) and happening.at < moment(str(opened_at))

    def _wait(
        self, connection: Connection, rule: Rule, home: TicketState, happening: Happening, event: Event
    ) -> None:
        kind = next((each for each in happening.kinds if each in rule.on), None)
        if kind is None:
            return
        due_at = rule.due(happening.at, self.desk.policy.calendar)
        key = "" if rule.after else event.id
        kept.wait(connection, rule.name, home.id, kind, event.id, due_at, key=key, message=happening.message)

    def _wait_for_clocks(
        self, writer: Writer, looking: Sequence[Rule], home: TicketState, event: Event
    ) -> None:
        """What the promises of a ticket set off when their time comes, reckoned anew."""
        for rule in looking:
            wanted = {
                f"{kind}:{stamp(at)}": (kind, at)
                for clock in _running(writer.state, home.id)
                for kind, at in ((DUE_SOON, clock.soon_at), (BECAME_LATE, clock.due_at))
                if kind in rule.on
            }
            known = kept.by_clock(writer.connection, home.id, rule.name)
            kept.drop(writer.connection, [each for each in known if each.key not in wanted])
            for key, (kind, at) in wanted.items():
                due_at = rule.due(at, self.desk.policy.calendar)
                kept.wait(writer.connection, rule.name, home.id, kind, event.id, due_at, key=key)

    # Judging.

    def judged(self, connection: Connection, wait: Wait) -> FireRule | Missed:
        """What a rule does to a ticket now, or why nothing."""
        rule, state = self._named[wait.rule], StoreState(connection)
        home = _home(state, wait.ticket)
        if home is None:
            return Missed("gone")
        missed = (
            self._left_out(connection, state, wait, home)
            or self._closed_or_open(rule, wait)
            or self._elsewhere(connection, rule, wait, home)
        )
        if missed:
            return missed
        here = self.desk.now().astimezone(self._zone(rule))
        return FireRule(
            home.id,
            rule.name,
            wait.kind,
            wait.cause,
            law.acts(rule, here),
            rule.did(),
            key=wait.key if wait.kind in BY_CLOCK else wait.cause,
            beside=bool(rule.deeds),
        )

    def act(self, writer: Writer, command: FireRule) -> Event | Missed:
        """Has a rule do what it does to the ticket; raises RefusedError where the law will not have it, and then has done nothing."""
        try:
            answer = self.desk.decided(writer, command, actor=ACTOR)
        except RefusedError as error:
            if error.values["reason"] == "nothing_changes":
                return Missed("nothing_changes")
            raise
        return answer.event or Missed("known")

    def _left_out(self, connection: Connection, state: State, wait: Wait, home: TicketState) -> Missed | None:
        if home.history:
            return Missed("history")
        if home.muted:
            return Missed("muted")
        if kept.is_taken_back(connection, wait.cause):
            return Missed("undone")
        if wait.kind in BY_CLOCK and not any(
            wait.key in {f"{DUE_SOON}:{stamp(each.soon_at)}", f"{BECAME_LATE}:{stamp(each.due_at)}"}
            for each in _running(state, home.id)
        ):
            return Missed("clock")
        return None

    def _closed_or_open(self, rule: Rule, wait: Wait) -> Missed | None:
        if rule.when == "any":
            return None
        opened = "open" if is_open(self.desk.policy.calendar, wait.due_at) else "closed"
        return None if opened == rule.when else Missed("when", (opened,))

    def _elsewhere(self, connection: Connection, rule: Rule, wait: Wait, home: TicketState) -> Missed | None:
        """The parts of its query that do not hold."""
        if not rule.where:
            return None
        zone = self._zone(rule)
        context = search.Context(self.desk.now(), self.desk.agent, zone, self.settings.segments)
        accounts = {each.name: each.id for each in self.settings.accounts}
        segments = tuple(each.name for each in self.settings.segments)
        known = Known(context.now, zone, accounts, segments=segments)
        message = None if rule.after else wait.message
        query = parse(rule.where, known)
        if search.holds(connection, query, context, home.id, message):
            return None
        failing = tuple(
            _spelled(part)
            for part in query.needs
            if not search.holds(connection, Query(part), context, home.id, message)
        )
        return Missed("where", failing or (rule.where,), len(query.needs))

    def _zone(self, rule: Rule) -> ZoneInfo:
        return ZoneInfo(rule.zone) if rule.zone else self.settings.desk.tzinfo


def _home(state: State, ticket: str) -> TicketState | None:
    """The ticket that `ticket` is part of by now."""
    known = state.ticket(ticket)
    return known if known is None or known.root == known.id else state.ticket(known.root)


def _ended(
    connection: Connection, home: TicketState, happening: Happening, looking: Sequence[Rule]
) -> list[Wait]:
    names = {rule.name for rule in looking if set(rule.unless) & set(happening.kinds)}
    found = kept.waiting(connection, home.id, names) if names else []
    kept.drop(connection, found)
    return found


def _running(state: State, ticket: str) -> Iterator[Clock]:
    for data in state.clocks(ticket).values():
        clock = sla.from_data(data)
        if clock.tier is Tier.STANDARD and clock.state is ClockState.RUNNING:
            yield clock


def _spelled(node: object) -> str:
    """A part of a query as somebody would type it."""
    if isinstance(node, Not):
        return f"-{_spelled(node.part)}"
    op, value, text = (getattr(node, each, "") for each in ("op", "value", "text"))
    if op:
        return f"#{value}" if op == "number" else f"{op}:{value}"
    parts = getattr(node, "parts", ())
    return text or f"({' OR '.join(map(_spelled, parts))})"
