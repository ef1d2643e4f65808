"""The playbook of the ticket at hand: chosen from a list, then its steps, taken one after the other.

Promises: what was taken stands there with who and when, and what is to be done now with whom to ask and by when; a step that has
choices is not taken without one; taking one behind again is asked first, since what came after it counts no more. Refuses:
sending; a step's quick reply goes into the composer.
"""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from agentdesk import course, playbooks, quick
from agentdesk.core import playbook as core
from agentdesk.core.instant import moment
from agentdesk.core.playbook import DONE, Playbook, Step
from agentdesk.core.views import QueueRow, TicketView
from agentdesk.engine import playbook as engine
from agentdesk.engine.playbook import Standing
from agentdesk.i18n import tr
from agentdesk.screens import fitting
from agentdesk.screens import quick as replies
from agentdesk.screens.dialogs import Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.widgets.typed import Line

NOTHING = "-"
"""What is chosen for no playbook; no file is called so."""


class _Words(Line):
    """Where the steps are narrowed; leaves `;` to them."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character != ";" and super().check_consume_key(key, character)


class Steps(Pick):
    """The steps; begins at the one at hand, `at` its place. `wanted` says that something else is to be done with what is chosen: quick
    or another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("semicolon", "want('quick')", show=False, priority=True),
        Binding("ctrl+o", "want('another')", show=False, priority=True),
    ]
    wanted = ""

    def __init__(self, title: str, choices: Sequence[Choice], at: int) -> None:
        hint = tr("Enter takes it, ; its quick reply, Ctrl-o another playbook.")
        super().__init__(title, matching(choices), hint=hint, reading=True)
        self._input = _Words()
        self._at = at

    def _fill(self, words: str) -> None:
        super()._fill(words)
        if not words:
            self._put(self.choices, self._at)

    def action_want(self, what: str) -> None:
        self.wanted = what
        self.dismiss(self.chosen)


async def follow(home: Front) -> None:
    """The next step, or, where the ticket follows no playbook that can be used, which one it is to follow."""
    view = _view(home)
    while view is not None:
        at = _standing(home, view)
        if at is None:
            if not await _choose(home, view):
                return
        elif not await _step(home, view, at):
            return
        view = _view(home)


def _view(home: Front) -> TicketView | None:
    """The ticket at hand as it is now."""
    opened = home.sight.open(home.row.number) if home.row else None
    return opened.ticket if opened else None


def _standing(home: Front, view: TicketView) -> Standing | None:
    return engine.standing(view.progress, (home.place.config,), home.settings.desk.tzinfo)


async def _choose(home: Front, view: TicketView) -> bool:
    """Which playbook the ticket is to follow; whether one was chosen."""
    loaded = await asyncio.to_thread(playbooks.load, (home.place.config,))
    wrong = view.incident or await fitting.incident(home, view.row)
    found = engine.best_first(loaded.playbooks, wrong, view.row.kind)
    language = home.settings.desk.language
    choices = [
        Choice(each.name, each.title(language), course.about(each), _whole(each, language)) for each in found
    ]
    if view.progress is not None:
        choices.append(Choice(NOTHING, tr("none of these")))
    broken = ", ".join(sorted({each.file.name for each in loaded.problems}))
    hint = tr("Not usable: {files} (agentdesk playbook check)").format(files=broken) if broken else ""
    title = tr("Which playbook does #{number} follow?").format(number=view.row.number)
    name = await home.doing.ask(Pick(title, matching(choices), hint=hint, reading=True))
    if name is None:
        return False
    chosen = next((each for each in found if each.name == name), None)
    if not await home.doing.did(lambda: engine.choose(home.desk, view.row.id, chosen)):
        return False
    if chosen is None:
        home.tell(tr("#{number} follows no playbook.").format(number=view.row.number), undo=True)
    return chosen is not None


def _whole(playbook: Playbook, language: str) -> str:
    return "\n".join(f"{n}. {each.title(language)}" for n, each in enumerate(playbook.steps, 1))


async def _step(home: Front, view: TicketView, at: Standing) -> bool:
    """What is done with one step; whether there is more to do."""
    language = home.settings.desk.language
    choices, place = _choices(home, at)
    head = f"{at.playbook.title(language)} {len(at.walk.taken)}/{at.walk.length}"
    dialog = Steps(head, choices, place)
    name = await home.doing.ask(dialog)
    step = at.playbook.step(name or "")
    if dialog.wanted == "another":
        return await _choose(home, view)
    if step is None:
        return False
    if dialog.wanted == "quick":
        return await _reply(home, step)
    return await _take(home, view, at, step)


def _choices(home: Front, at: Standing) -> tuple[list[Choice], int]:
    """The steps behind, the one at hand and what may follow, and the place of the one at hand."""
    language, zone, glyphs = home.settings.desk.language, home.settings.desk.tzinfo, home.panes.queue.glyphs
    now = home.desk.now().astimezone(zone)
    titles = {each.name: each.title(language) for each in quick.load((home.place.config,)).replies}

    def listed(step: Step, sign: str, first: str = "", by: str = "") -> Choice:
        """What was done with it or until when it is due stands `first`, since a title may be longer than the line."""
        words = [course.details(step, language, reply=titles.get(step.quick, ""), by=by)]
        words += [f"{glyphs.dot} {each.title(language)}" for each in step.choices]
        title = f" {glyphs.dot} ".join(filter(None, (first, step.title(language))))
        return Choice(step.id, f"{sign} {title}", preview="\n".join(words))

    found = []
    for step, answer in at.walk.taken:
        taken = at.taken[step.id]
        who = f"{taken.actor} {course.when(moment(taken.at).astimezone(zone), now)}"
        said = filter(None, (who, step.answered(answer, language)))
        found.append(listed(step, glyphs.good, f" {glyphs.dot} ".join(said)))
    place = len(found)
    if at.walk.at is not None:
        by = course.due(at.until, now)
        found.append(listed(at.walk.at, glyphs.incoming, by, by))
    found += [listed(step, " ") for step in core.ahead(at.playbook, at.walk)]
    return found, min(place, len(found) - 1)


async def _take(home: Front, view: TicketView, at: Standing, step: Step) -> bool:
    language = home.settings.desk.language
    if step.id in at.taken and step != at.walk.at:
        question = tr("Take this step again? What came after it counts no more.")
        if not await home.doing.ask(Confirm(question, step.title(language))):
            return True
    answer = DONE
    if step.choices:
        choices = [Choice(each.id, each.title(language)) for each in step.choices]
        answer = await home.doing.ask(Pick(step.title(language), matching(choices)))
        if answer is None:
            return True
    if not await home.doing.did(lambda: engine.take(home.desk, view, at, step, answer)):
        return False
    return not _is_finished(home, view.row)


def _is_finished(home: Front, row: QueueRow) -> bool:
    """Whether the last step was the last one of all, which is said."""
    view = _view(home)
    at = _standing(home, view) if view else None
    if at is not None and at.walk.at is not None:
        return False
    home.tell(tr("#{number}: the playbook is finished.").format(number=row.number), undo=True)
    return True


async def _reply(home: Front, step: Step) -> bool:
    """The quick reply of a step into the composer; whether the steps are to be seen again."""
    if not step.quick:
        home.tell(tr("This step has no quick reply."), bad=True)
        return True
    await replies.take(home, step.quick)
    return False
