"""One quick reply to many tickets: looked at before, written in turns, held and taken back together.

Promises: what is shown before is what is written, letter for letter; what is to be written is stored before the first letter
is, so that whoever is killed goes on with the next start, and nobody is answered twice; nothing goes before the last is
written, and then all are held once. Refuses: one transaction for all, and deciding who gets it (`core.circular`).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

from agentdesk.channels import Channel
from agentdesk.config import Account, Settings
from agentdesk.core import replies
from agentdesk.core.act import OVER
from agentdesk.core.circular import Addressee, Circular
from agentdesk.core.circular import circular as sorted_out
from agentdesk.core.letter import Wish, recipients
from agentdesk.core.model import Acts
from agentdesk.core.replies import QuickReply
from agentdesk.core.views import QueueRow
from agentdesk.core.window import standing
from agentdesk.engine import clock, phrase, reply
from agentdesk.engine.bulk import HOLD
from agentdesk.engine.desk import Desk
from agentdesk.engine.fit import takes
from agentdesk.engine.twice import said_in
from agentdesk.errors import DeskError, RefusedError, StoreError
from agentdesk.store import circular as kept
from agentdesk.store import queue, ways
from agentdesk.store import quick as used
from agentdesk.store.driver import Connection
from agentdesk.store.outbox import NOT_YET
from agentdesk.store.state import StoreState
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

AT_ONCE = 20
"""Letters that are made before some of them are written."""

_ENDINGS = tuple(f".{language}" for language in replies.CHAIN)

ChannelOf = Callable[[Account], Channel]
"""Gives the connector of an account."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What a circular needs of the shop beside its desk."""

    desk: Desk
    settings: Settings
    channel_of: ChannelOf

    @property
    def agent(self) -> str:
        return self.desk.agent


def looked_at(
    shop: Shop, quick: QuickReply, tickets: Iterable[str], given: Mapping[str, str] | None = None
) -> Circular:
    """Who of `tickets` gets `quick`, with what it says to each, and who does not; `given` are values common to all
    (`in_language`)."""
    channels = _Channels(shop)
    with closing(shop.desk.reader()) as connection:
        rows = (queue.find(connection, "all", shop.desk.now(), shop.agent, ticket) for ticket in tickets)
        return sorted_out(
            _addressee(shop, connection, channels, quick, row, given or {}) for row in rows if row is not None
        )


def asks(found: Circular) -> tuple[str, ...]:
    """The blanks that nothing fills for somebody, each once: what the agent is asked for, once for all."""
    return tuple(dict.fromkeys(name for each in found.lacking() for name in replies.asking(each.text)))


def in_language(given: Mapping[str, str], language: str) -> dict[str, str]:
    """What was said for all, as it is said in `language`: what stands under `day.ca` goes before what stands under `day`."""
    own = {
        name.removesuffix(f".{language}"): value
        for name, value in given.items()
        if name.endswith(f".{language}")
    }
    plain = {name: value for name, value in given.items() if not name.endswith(_ENDINGS)}
    return {**plain, **own}


def _addressee(
    shop: Shop,
    connection: Connection,
    channels: "_Channels",
    quick: QuickReply,
    row: QueueRow,
    given: Mapping[str, str],
) -> Addressee:
    desk, state = shop.desk, StoreState(connection)
    form, language = shop.settings.desk.form, shop.settings.desk.language
    known = phrase.phrases_in(connection, desk, shop.settings, row)
    filled = known.filled(quick)  # what is known of this very ticket goes before what is said for all
    spoken = replies.text_for(quick, row.language, form, language)[1]
    said = in_language(given, spoken)
    if filled.missing and said:
        filled = known.filled(quick, {name: said[name] for name in filled.missing if name in said})
    asked = ways.to_answer(connection, desk.store.blobs, row.id)
    to = recipients(asked.original, desk.own) if asked else ()
    account = shop.settings.account(asked.account) if asked else None
    ticket = state.ticket(row.id)
    channel = asked.channel if asked else row.channel
    return Addressee(
        ticket=row.id,
        number=row.number,
        customer=state.customer_root(row.customer) or row.customer,
        name=row.customer_name or row.identity.partition(":")[2],
        channel=channel,
        language=spoken,
        text=filled.text,
        answered=state.last_message(state.family(row.id), "out"),
        is_person=ticket is not None and not ticket.machine,
        is_over=row.history or row.status in OVER,
        has_way=bool(to) and account is not None,
        opted_out=asked is not None and asked.opted_out,
        elsewhere=asked is not None and (asked.original.elsewhere or asked.newcomer),
        had_it=said_in(connection, desk.store.blobs, row.id, filled.text, desk.now()) is not None,
        has_blank=bool(filled.missing),
        standing=standing(channel, asked.window_until if asked else None, desk.now()),
        text_max=channels.text_max(account, channel) if account else 0,
    )


class _Channels:
    """The connectors of a shop, each made once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._known: dict[str, Channel] = {}

    def of(self, account: Account) -> Channel:
        if account.id not in self._known:
            self._known[account.id] = self._shop.channel_of(account)
        return self._known[account.id]

    def text_max(self, account: Account, kind: str) -> int:
        ability = takes(self.of(account), kind)
        return ability.text_max if ability else 0


def held_for(settings: Settings, found: Circular) -> float:
    """Seconds that all of it can be taken back: as long as the answer that is held longest."""
    return max((reply.held_for(settings, channel) for channel, _, _ in found.kinds()), default=0.0)


def begin(
    shop: Shop,
    quick: QuickReply,
    found: Circular,
    given: Mapping[str, str],
    *,
    acts: Acts,
    hold: float | None = None,
) -> "Letters":
    """Stores what is to be written; whoever calls `step` then writes it. Raises RefusedError where nobody gets it."""
    if not found.gets:
        raise RefusedError(reason="nobody_left")
    desk, group = shop.desk, next(shop.desk.ids)
    with desk.transaction() as writer:
        used.count(writer.connection, quick.name)
        for each in found.gets:
            phrase.remember(writer.connection, each.ticket, quick, in_language(given, each.language))
        kept.begin(
            writer.connection,
            group,
            desk.agent,
            found.gets,
            acts=acts,
            hold=held_for(shop.settings, found) if hold is None else hold,
            at=desk.now(),
        )
    return Letters(shop, kept.Left(group, desk.agent, acts, len(found.gets)))


def left_over(shop: Shop) -> "Letters | None":
    """What somebody began and could not end; None where there is nothing of that kind."""
    with closing(shop.desk.reader()) as connection:
        left = kept.left(connection)
    return Letters(shop, left) if left else None


class Letters:
    """The letters of one circular that are still to be written. `agent` answers, whoever goes on with it; `done` are the tickets
    that are answered here, `refused` those that could not be any more; `held` are all its messages, once it is whole."""

    resumes = True

    def __init__(self, shop: Shop, left: kept.Left) -> None:
        self.group = left.id
        self.agent = left.agent
        self.total = left.to_write
        self.done: list[str] = []
        self.refused: dict[str, DeskError] = {}
        self.written: list[reply.Written] = []
        self.held: tuple[str, ...] = ()
        self._shop = shop
        self._left = left
        self._channels = _Channels(shop)

    @property
    def tried(self) -> int:
        return len(self.done) + len(self.refused)

    def step(self) -> bool:
        """Makes some letters, then writes as many of them as fit into one turn; False where none is left. Raises DeskError;
        what that would have done is not."""
        desk = self._shop.desk
        made, refused = self._made()
        written: dict[str, reply.Written] = {}
        with desk.transaction(patient=True) as writer:
            ends = clock.ticks() + HOLD
            for letter, each in made:
                if not kept.is_to_write(writer.connection, self.group, letter.ticket):
                    continue  # another process has written it, or nobody wants it any more
                try:
                    written[letter.ticket] = self._put(writer, letter, each)
                except RefusedError as error:
                    refused[letter.ticket] = error
                if clock.ticks() >= ends or desk.wanted():
                    break
            for ticket in refused:
                kept.leave_out(writer.connection, self.group, ticket)
            held = kept.close(writer.connection, self.group, desk.now())
            goes_on = kept.left(writer.connection, self.group) is not None
        self.done += written
        self.written += written.values()
        self.refused |= refused
        self.held = held or self.held
        return goes_on

    def _made(self) -> tuple[list[tuple[kept.Letter, reply.Made]], dict[str, DeskError]]:
        """The next letters, and those that cannot be made any more, outside of any transaction."""
        shop, acts = self._shop, self._left.acts
        made: list[tuple[kept.Letter, reply.Made]] = []
        refused: dict[str, DeskError] = {}
        with closing(shop.desk.reader()) as connection:
            letters = kept.letters(connection, self.group, AT_ONCE)
        for letter in letters:
            try:
                account, _ = reply.answered(shop.desk, shop.settings, letter.ticket)
                channel, wish = self._channels.of(account), Wish(letter.text, acts=acts)
                one = reply.make(shop.desk, shop.settings, channel, letter.ticket, wish, agent=self.agent)
            except StoreError:
                raise
            except DeskError as error:
                refused[letter.ticket] = error
            else:
                made.append((letter, one))
        return made, refused

    def _put(self, writer: Writer, letter: kept.Letter, made: reply.Made) -> reply.Written:
        """Raises RefusedError for somebody who was answered since it was decided on."""
        family = writer.state.family(letter.ticket)
        if writer.state.last_message(family, "out") != letter.answered:
            raise RefusedError(reason="answered")
        one = reply.put(self._shop.desk, writer, made, NOT_YET, actor=self.agent, group=self.group)
        kept.written(writer.connection, self.group, letter.ticket, one.message)
        return one

    def stop(self) -> None:
        """The rest is not to be written; what is written goes when its time comes."""
        with self._shop.desk.transaction() as writer:
            kept.leave_out(writer.connection, self.group)
            self.held = kept.close(writer.connection, self.group, self._shop.desk.now())
