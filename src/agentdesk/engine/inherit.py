"""What another desk exported, taken over.

Promises: a desk in which nothing has happened yet becomes what the other was, event by event, with its numbers, its key and the
shop's own files, or stays as it is; any other desk gets what it lacks as history, and a second time nothing. Refuses: doing
anything before the export was found whole, and work out of what was done elsewhere: on a desk that goes on, no clock runs for it.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import field
from itertools import groupby
from pathlib import Path

from agentdesk.config import Account, Home, Settings, load, make_directory, write_file
from agentdesk.core.call import CALLED_US, WE_CALLED
from agentdesk.core.commands import BringNote
from agentdesk.core.model import OURS, PARTY, Direction
from agentdesk.core.sending import WRITTEN
from agentdesk.engine import erasures
from agentdesk.engine.archive import own_files
from agentdesk.engine.desk import Desk
from agentdesk.engine.exported import CONFIG, EVENTS, Export, ExportError, Message, Raw, Told, opened
from agentdesk.engine.mailfile import Found, Role, content_of
from agentdesk.engine.receiving import INGEST, Tally
from agentdesk.engine.restoring import alone, put_config
from agentdesk.engine.start import connector
from agentdesk.engine.transfer import Past, bundles, swept
from agentdesk.engine.whole import cleared
from agentdesk.errors import BusyError, UsageError
from agentdesk.i18n import tr
from agentdesk.store import lock, log, pack, queries
from agentdesk.store.outbox import DATA, Outbox
from agentdesk.store.writer import Writer
from agentdesk.values import dataclass

INDEXED_AT = 500
"""Events after which search entries are written, so that they do not gather."""
CAME_OR_WENT = frozenset({None, "sent", "delivered", "read"})


@dataclass(slots=True)
class Inherited:
    """`whole`: this desk is now what the other was. `doubtful` are replies that waited there and may have gone since;
    `left_out` what has no place here: never sent, of no account here, or without its raw form. `is_set_up`: the shop's own
    files of the export came too."""

    whole: bool
    tally: Tally = field(default_factory=Tally)
    events: int = 0
    notes: int = 0
    doubtful: int = 0
    left_out: int = 0
    is_set_up: bool = False


def inherit(
    desk: Desk,
    home: Home,
    settings: Settings,
    folder: Path,
    account: Account | None,
    on_progress: Told | None = None,
    *,
    sure: bool = False,
) -> Inherited:
    """Takes over the export in `folder`; `account` is for messages of an account that this desk has not. What another desk had goes
    into one that has something only where somebody is `sure`, since no undo takes that back.

    Raises NotFoundError, ExportError, NewerExportError, UsageError, BusyError, DiskError."""
    make_directory(home.spool)
    with lock.held(home.state, "import"):
        swept(home.spool)
        export = opened(folder, on_progress)
        with closing(desk.reader()) as connection:
            fresh = not log.head(connection)
        if fresh:
            with alone(
                home, ours=frozenset({"import"})
            ):  # whoever works with the desk goes by the key that it has now
                return _Whole(desk, home, export, on_progress).taken()
        history = _History(desk, home, settings, export, account, on_progress)
        if not (sure or export.is_of(desk.seal.key)):
            text = tr(
                "{home} holds another desk already; what it lacks would come into it as history, and no undo takes that back: add --yes to "
                "do it, or --home DIR for a new desk, which becomes what the other was"
            )
            raise UsageError(reason=text.format(home=home.data))
        return history.added()


class _Whole:
    """The other desk's log, replayed in one transaction with all that it names."""

    def __init__(self, desk: Desk, home: Home, export: Export, on_progress: Told | None) -> None:
        self._desk = desk
        self._home = home
        self._export = export
        self._told = on_progress
        self._done = Inherited(whole=True)
        self._files: list[str] = []
        self._steps = 0
        self._total = sum(
            export.counts.get(name, 0) for name in ("messages", "notes", "quarantined", "events")
        )

    def taken(self) -> Inherited:
        key = self._export.key()
        try:
            with self._desk.transaction() as writer:
                if log.head(writer.connection):
                    raise BusyError(what="store", holder=tr("another process"))
                self._contents(writer)
                self._events(writer)
                forgotten = erasures.again(
                    self._desk, writer, erasures.at_hand(self._home, key, self._export.folder.parent).values()
                )
                self._doubtful(writer)
                self._set_up(key)
        except BaseException:
            for name in self._files:
                self._desk.store.blobs.path(name).unlink(missing_ok=True)
            raise
        if forgotten:
            self._desk.store.compact()
        else:
            self._desk.store.settle()
        return self._done

    def _step(self) -> None:
        self._steps += 1
        if self._told:
            self._told(self._steps, self._total)

    def _contents(self, writer: Writer) -> None:
        """Texts and raw messages, which the events name by their sums."""
        for message in self._export.messages():
            if not message.is_erased:
                writer.blobs.put(writer.connection, (pack(text.encode()) for text in message.texts))
                self._raw(writer, message.raw)
            is_note = message.direction == Direction.NOTE
            self._done.notes += is_note
            self._done.tally.received += not is_note
            self._step()
        for raw in self._export.quarantined():
            self._raw(writer, raw)
            self._done.tally.quarantined += 1
            self._step()

    def _raw(self, writer: Writer, raw: Raw | None) -> None:
        if raw is None:
            return
        content = content_of(self._export.file(raw), self._home.spool)
        if isinstance(content, Path):
            self._files.append(writer.blobs.adopt(content)[0])
        else:
            writer.blobs.put(writer.connection, [pack(content)])

    def _events(self, writer: Writer) -> None:
        for number, record in enumerate(self._export.events(), 1):
            try:
                writer.take_over(record)
            except ValueError as error:
                place = f"{self._export.folder / EVENTS}.jsonl:{number}"
                raise ExportError(path=place, reason=str(error)) from error
            self._done.events = number
            if number % INDEXED_AT == 0:
                writer.rows.index()
            self._step()

    def _doubtful(self, writer: Writer) -> None:
        """What waited to be sent there may have gone since: it is looked up, and otherwise put to the agent."""
        now, box = self._desk.now(), Outbox(writer.connection)
        for message, account, ticket in queries.written(writer.connection, WRITTEN):
            box.add(message, account, ticket, release_at=now, now=now)
            box.set(message, DATA)
            self._done.doubtful += 1

    def _set_up(self, key: bytes) -> None:
        """The last step before the commit: whoever dies in between has an empty desk still, under another key."""
        source = Home.under(self._export.folder / CONFIG)
        self._done.is_set_up = source.config_file.is_file() and not load(self._home).accounts
        if self._done.is_set_up:
            load(source)
        write_file(self._home.key, key)
        if self._done.is_set_up:
            stage = Home.under(self._home.spool / "own-files")
            with cleared(stage.config):
                for name, path in own_files(source):
                    write_file(
                        stage.config.parent / name.replace(CONFIG, stage.config.name, 1), path.read_bytes()
                    )
                put_config(self._home, stage.config, f"before-import-{self._desk.now():%Y%m%dT%H%M%SZ}")


def _is_written_down(message: Message) -> bool:
    """A note or a call: nothing came or went."""
    return message.direction == Direction.NOTE or message.class_reason in {CALLED_US, WE_CALLED}


class _History:
    """What came and went elsewhere, and the notes beside it, as what was before."""

    def __init__(
        self,
        desk: Desk,
        home: Home,
        settings: Settings,
        export: Export,
        account: Account | None,
        on_progress: Told | None,
    ) -> None:
        self._desk = desk
        self._home = home
        self._export = export
        self._told = on_progress
        self._done = Inherited(whole=False)
        self._pasts: dict[str, Past] = {}
        self._places = dict(self._placed(settings, account))

    def _placed(self, settings: Settings, given: Account | None) -> Iterator[tuple[str, str]]:
        """(name there, id here) of each account: the same one, else one of the same address, else the one that was given."""
        for source in self._export.accounts:
            alike = (
                each
                for each in settings.accounts
                if source.address and (each.channel, each.address) == (source.channel, source.address)
            )
            found = settings.account(source.id) or next(alike, given)
            if found is None:
                text = tr(
                    "this desk has no account {name} ({address}); say with --account which one takes its messages"
                )
                raise UsageError(reason=text.format(name=source.name, address=source.address or source.id))
            if source.channel in {found.channel, ""}:
                self._pasts[found.id] = Past(self._desk, found.id, connector(self._home, found).read)
                yield source.name, found.id

    def added(self) -> Inherited:
        for place, mails in self._by_account():
            for some in bundles(mails):
                self._done.tally.add(self._pasts[place].bring(some))
        self._notes()
        return self._done

    def _by_account(self) -> Iterator[tuple[str, Iterator[Found]]]:
        """Runs of messages that go into the same account, in the order of the export."""

        total = self._export.counts.get("messages", 0) + self._export.counts.get("notes", 0)

        def found() -> Iterator[tuple[str, Found]]:
            for number, message in enumerate(self._export.messages(), 1):
                if self._told:
                    self._told(number, total)
                if (one := self._found(message)) is not None:
                    yield one

        for place, run in groupby(found(), key=lambda pair: pair[0]):
            yield place, (each for _, each in run)

    def _found(self, message: Message) -> tuple[str, Found] | None:
        if message.is_gone or _is_written_down(message):
            return None
        place = self._places.get(message.account)
        if place is None or message.raw is None or message.state not in CAME_OR_WENT:
            self._done.left_out += 1
            return None
        content = content_of(self._export.file(message.raw), self._home.spool)
        role: Role = "sent" if message.direction in OURS else "inbox"
        return place, Found(
            content, message.received_at, role, is_known=True, party=message.direction in PARTY
        )

    def _notes(self) -> None:
        """Each goes beside the message that stood before it there."""
        ticket, beside = 0, ""
        for message in self._export.messages():
            if message.ticket != ticket:
                ticket, beside = message.ticket, ""
            beside = message.raw.sha256 if message.raw else beside
            if _is_written_down(message) and not message.is_gone:
                self._note(message, beside)

    def _note(self, message: Message, beside: str) -> None:
        text = pack(message.texts[0].encode())
        with self._desk.transaction() as writer:
            name = writer.state.message_of_raw(beside)
            known = writer.state.message(name) if name else None
            if known is None:
                self._done.left_out += 1
                return
            writer.blobs.put(writer.connection, (text,))
            command = BringNote(
                ticket=known.ticket,
                note=message.id,
                text=text.hash,
                size=text.size,
                author=message.author,
                at=message.received_at,
                direction=message.direction,
                reason=message.class_reason,
                seconds=message.seconds,
            )
            answer = self._desk.decided(writer, command, actor=INGEST)
            writer.forget_again(answer.message, (text.hash,))
            self._done.notes += answer.event is not None
