"""Runs the rules: what happened since they looked last, what is due by now, and what is to be done beside the tickets.

Promises: each firing is one event whose id follows from what set it off, and the place in the log moves with what it leaves to be
judged, so that nothing fires twice and nothing is missed, whoever is killed when; a text goes before anything of the ticket changes,
and where it may not go nothing does; what could not be done is kept with its reason. One process at a time, in turns that let keys
through; while nothing is committed and nothing falls due the store is asked nothing. Refuses: looking at what was there before a rule
was on, and doing a command twice: one that was cut off is said, not repeated.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agentdesk import config, quick, rulebook
from agentdesk.config import Home, Settings
from agentdesk.core.events import Event
from agentdesk.core.firing import firing_id
from agentdesk.core.ruled import FireRule
from agentdesk.core.rules import Deed
from agentdesk.engine import clock, deeds, trouble
from agentdesk.engine.chore import Chore
from agentdesk.engine.desk import Desk
from agentdesk.engine.judging import Judge, Missed
from agentdesk.engine.outbox import Connect
from agentdesk.engine.saying import Speaker
from agentdesk.engine.start import connector
from agentdesk.engine.stir import Stir
from agentdesk.errors import N_, DeskError, NotFoundError, RefusedError, UsageError
from agentdesk.rulebook import Loaded
from agentdesk.store import driver, lock, log
from agentdesk.store import rules as kept
from agentdesk.store.rules import Wait
from agentdesk.store.writer import Writer

HOLD = 0.05
"""Seconds of lock at a time."""
AT_ONCE = 200
"""Events of the log that are read at a time."""
LOCK = "rules"
RULE, RULES = N_("rule"), N_("rules")
RUN_EVERY = 1.0
"""Seconds between looks at what happened and what is due."""
ASK_EVERY = 30.0
"""Seconds between looks at what waits for an account to be looked at."""
NO_MISTAKE = (DeskError, driver.DatabaseError)
"""What is no mistake about one event or one ticket: the store cannot, or somebody else is at work."""


def load(home: Home, settings: Settings) -> Loaded:
    """The rules of a shop, with what is wrong with those that cannot be used."""
    shop = rulebook.Shop(
        lambda name: quick.spoken((home.config,), name),
        quick.spoken_names((home.config,)),
        tuple(each.name for each in settings.agents),
        {each.name: each.id for each in settings.accounts},
        tuple(each.name for each in settings.segments),
    )
    return rulebook.load((home.config,), shop, settings.rules)


def switched(desk: Desk, home: Home, settings: Settings, name: str, *, on: bool) -> Settings:
    """Puts a rule on or off in config.toml, from now; gives the settings as they are then. Raises UsageError for one with a fault, or
    that contradicts another that runs, whatever is wrong with others, and NotFoundError."""
    names = tuple(each for each in settings.rules if each != name)
    loaded = load(home, replace(settings, rules=names))
    wrong = [each for each in (*loaded.problems, *loaded.hindered) if each.file.stem == name]
    known = [each.name for each in loaded.rules]
    if on and wrong:
        raise UsageError(reason="\n".join(map(str, wrong)))
    if name not in known and name not in settings.rules and not wrong:
        raise NotFoundError(what=RULE, name=f"{name}{config.hint(name, known)}")
    changed = config.change_value(home, "rules", "on", [*names, name] if on else list(names))
    Runner(desk, home, changed).begin()
    return changed


class Runner:
    """The rules of one process. `run` as often as anything may have happened."""

    def __init__(
        self, desk: Desk, home: Home, settings: Settings | None = None, connect: Connect = connector
    ) -> None:
        """`settings` count while there is no config.toml."""
        self._desk = desk
        self._home = home
        self._settings = settings or config.load(home)
        self._connect = connect
        self._stamp: tuple[object, ...] = ()
        self._watched: tuple[str, ...] | None = None
        self._judge = Judge(desk, self._settings, (), {})
        self._alone = threading.Lock()
        self._stir = Stir(desk)
        self._is_behind = True
        """Something may be left, of a process before this one or of a run that failed."""
        self._due_at: datetime | None = None
        self._is_held = False
        """Something is due and waits for a look at an account."""
        self._asks_at = 0.0

    def close(self) -> None:
        """Whoever leaves waits for no run."""
        if self._alone.acquire(blocking=False):
            self._stir.close()
            self._alone.release()

    def look(self) -> None:
        """What `run` does, and now and then what `ask` does."""
        self.run()
        if clock.ticks() > self._asks_at:
            self.ask()
            self._asks_at = clock.ticks() + ASK_EVERY

    def begin(self) -> None:
        """From now on the rules that are on look; those that look already go on. To be called before anything is received."""
        with self._alone:
            self._begin()

    def _begin(self) -> None:
        self._read_again()
        names = tuple(each.name for each in self._judge.rules)
        if names == self._watched:
            return
        with closing(self._desk.reader()) as connection:
            known = kept.watched(connection)
        if set(known) != set(names):
            with self._desk.transaction() as writer:
                kept.watch(writer.connection, names)
                known = kept.watched(writer.connection)
        self._judge.since, self._watched = known, names

    def run(self) -> None:
        """Everything that is to be done now; nothing where another process does it. Raises StoreError and its kin."""
        with self._alone:
            self._begin()
            falls_due = self._due_at is not None and self._due_at <= self._desk.now()
            if self._is_behind or (self._judge.rules and (self._stir.moved() or falls_due)):
                self._run()

    def _run(self) -> None:
        self._stir.moved()  # what is committed from here on is seen by the next run
        self._is_behind, now = True, self._desk.now()
        with lock.alone(self._home.state, LOCK) as other:
            if other:
                return
            while self._look() or self._act():
                pass
            deeds.do(self._desk, self._settings)
        with closing(self._desk.reader()) as connection:
            self._due_at = kept.next_due(connection, now)
            self._is_held = bool(kept.held_back(connection, now))
        self._is_behind = False

    def ask(self) -> None:
        """Asks for a look at the accounts of which a word of the customer might still end what is due."""
        if not self._is_held:
            return
        with closing(self._desk.reader()) as connection:
            held = kept.held_back(connection, self._desk.now())
        if held:
            with self._desk.transaction() as writer:
                for account in held:
                    if writer.intake.asked(account) is None:
                        writer.intake.ask(account, self._desk.now())

    def _read_again(self) -> None:
        """The files, where one of them is another one than before; settings with a fault leave those of before."""
        stamp = _stamp(self._home)
        if stamp == self._stamp:
            return
        if self._home.config_file.exists():
            try:
                self._settings = config.load(self._home)
            except DeskError:
                logging.getLogger(__name__).warning(
                    "config.toml cannot be used: the rules go on with what it said before"
                )
        rules = load(self._home, self._settings).on(self._settings.rules)
        self._judge, self._watched = Judge(self._desk, self._settings, rules, {}), None
        self._stamp = stamp  # what could not be read is read again

    def _look(self, *, apart: bool = False) -> bool:
        """Some more of the log; False where nothing is left of it, or nobody looks: whoever is put on looks from then on. Where an event
        cannot be looked at they are gone through once more, each `apart` in a savepoint, which costs as much as the look."""
        if not self._judge.rules:
            return False
        with closing(self._desk.reader()) as connection:
            if (kept.place(connection) or 0) >= log.head(connection):
                return False
        look = self._look_at if apart else self._judge.look
        try:
            with self._desk.transaction(patient=True) as writer:
                if not self._is_current(writer):
                    return False
                ends = clock.ticks() + HOLD
                place = kept.place(writer.connection) or 0
                with closing(log.read(writer.connection, place, AT_ONCE)) as events:
                    # One after another: making 200 at once would take the whole turn.
                    for seq, event in events:
                        look(writer, seq, event)
                        place = seq
                        if clock.ticks() >= ends or self._desk.wanted():
                            break
                kept.put_place(writer.connection, place)
        except Exception as error:
            if apart or isinstance(error, NO_MISTAKE):
                raise
            return self._look(apart=True)
        return True

    def _look_at(self, writer: Writer, seq: int, event: Event) -> None:
        """What an event leaves to be judged; one that cannot be looked at holds up no other."""
        try:
            with writer.savepoint():
                self._judge.look(writer, seq, event)
        except NO_MISTAKE:
            raise
        except Exception as error:  # noqa: BLE001 - said in the log, since of which rule it is is not known
            _mistake(error)

    def _act(self) -> bool:
        """Some of what is due; False where nothing is."""
        with closing(self._desk.reader()) as connection:
            due = kept.due(connection, self._desk.now())
        if not due:
            return False
        if text := self._judge.text_of(due[0]):
            if not self._put_off(due[0], text):
                self._say_first(due[0], text)
            return True
        with self._desk.transaction(patient=True) as writer:
            if not self._is_current(writer):
                return False
            ends = clock.ticks() + HOLD
            for wait in due:
                if self._judge.text_of(wait):
                    break
                if kept.still(writer.connection, wait.n) is not None:
                    self._judge_and_fire(writer, wait)
                if clock.ticks() >= ends or self._desk.wanted():
                    break
        return True

    def _is_current(self, writer: Writer) -> bool:
        """Whether the rules of this process are those that look by now: another one may have put one on a moment ago, and what it has
        yet to see must not be passed over."""
        if set(kept.watched(writer.connection)) == set(self._watched or ()):
            return True
        self._watched = None
        return False

    def _put_off(self, wait: Wait, text: Deed) -> bool:
        """Whether a customer is not to be asked or told now; it then waits."""
        until = self._judge.put_off(wait, text)
        if until is not None:
            with self._desk.transaction() as writer:
                kept.put_off(writer.connection, wait, until)
        return until is not None

    def _judge_and_fire(self, writer: Writer, wait: Wait) -> None:
        kept.drop(writer.connection, (wait,))
        try:
            with writer.savepoint():
                found = self._judge.judged(writer.connection, wait)
                if isinstance(found, FireRule):
                    self._fire(writer, found)
        except NO_MISTAKE:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours about one ticket stops no other
            self._failed(writer, wait.rule, wait.ticket, _mistake(error))

    def _fire(self, writer: Writer, command: FireRule) -> None:
        """The event, and what is left to be done beside the ticket; what the law refuses is kept with its reason."""
        rule = self._judge.named(command.rule)
        try:
            done = self._judge.act(writer, command)
        except RefusedError as error:
            self._failed(writer, command.rule, command.ticket, error)
            return
        if isinstance(done, Event) and rule is not None:
            left = [each for each in rule.deeds if each.kind != "quick"]
            kept.to_do(writer.connection, done.id, rule.name, command.ticket, left)

    def _failed(self, writer: Writer, rule: str, ticket: str, error: DeskError, did: str = "") -> None:
        code, values = deeds.said_of(error)
        kept.fail(writer.connection, rule, ticket, self._desk.now(), code=code, values=values, did=did)

    def _say_first(self, wait: Wait, text: Deed) -> None:
        """Says what the rule says, and then does what it does: nothing, where it may not be said. Said once, whoever is killed between."""
        found = self._judged(wait)
        error = self._said(found, text, wait.due_at) if isinstance(found, FireRule) else None
        error = found if isinstance(found, DeskError) else error
        with self._desk.transaction() as writer:
            kept.drop(writer.connection, (wait,))
            if error is not None:
                self._failed(writer, wait.rule, wait.ticket, error, f"quick:{text.words[0]}")
            elif isinstance(found, FireRule):
                self._fire(writer, found)

    def _judged(self, wait: Wait) -> FireRule | Missed | DeskError:
        """What a rule does before it is done, or the mistake that was met instead."""
        try:
            with closing(self._desk.reader()) as connection:
                return self._judge.judged(connection, wait)
        except NO_MISTAKE:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            return _mistake(error)

    def _said(self, found: FireRule, text: Deed, due_at: datetime) -> DeskError | None:
        """Says a text; why it is not said, None where it was, now or before."""
        name, kind = text.words
        desk, once = self._desk, firing_id(self._desk.seal, found)
        try:
            desk.check(found)
            speaker = Speaker(desk, self._home, self._settings, self._connect)
            speaker.say(found.ticket, name, kind=kind, once=once, due_at=due_at)
        except (*trouble.OURS, driver.DatabaseError):
            raise
        except DeskError as error:
            return None if error.values.get("reason") == "said_already" else error
        except Exception as error:  # noqa: BLE001 - as above: it is said, and the others go on
            return _mistake(error)
        return None


def _mistake(error: Exception) -> DeskError:
    """What nobody foresaw: into the log as it is, and to the shop in a word."""
    logging.getLogger(__name__).error("a rule met a mistake", exc_info=error)
    return DeskError(reason=type(error).__name__)


def chore(runner: Runner) -> Chore:
    """Runs the rules again and again."""

    @contextmanager
    def begun(_: threading.Event) -> Iterator[Callable[[], None]]:
        with closing(runner):
            yield runner.look

    return Chore(RULES, begun, RUN_EVERY)


def _stamp(home: Home) -> tuple[object, ...]:
    """Another one whenever a file was changed that says what the rules do."""
    folders = (home.config / each for each in ("rules", "automatic", "replies"))
    files: list[Path] = [home.config_file]
    for folder in folders:
        files += sorted(folder.glob("*.toml"))
    return tuple((each, _changed(each)) for each in files)


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
