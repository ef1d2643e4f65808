"""The playbook of one ticket: where it stands, and the next step taken at the door.

Promises: whether a playbook must still be finished is worked out from its file here, so that the law needs none; a step behind can
be answered anew. Refuses: a step that is not at hand yet, and an answer that is none of its choices.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from agentdesk import config, playbooks
from agentdesk.core import playbook as core
from agentdesk.core.events import Event
from agentdesk.core.instant import moment
from agentdesk.core.playbook import DONE, Playbook, Step, Walk
from agentdesk.core.progress import ChoosePlaybook, Progress, StepView, TakeStep
from agentdesk.core.views import TicketView
from agentdesk.engine.desk import Desk
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr
from agentdesk.values import dataclass

WHAT = N_("playbook")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a ticket is: `taken` by step, `until` (in the desk's zone) when the step at hand is to be taken."""

    playbook: Playbook
    walk: Walk
    taken: dict[str, StepView]
    until: datetime | None


def standing(progress: Progress | None, data_dirs: Sequence[Path], zone: tzinfo) -> Standing | None:
    """Where a ticket is; None where it follows no playbook, or one whose file cannot be used any more."""
    playbook = playbooks.named(data_dirs, progress.playbook) if progress else None
    if progress is None or playbook is None:
        return None
    taken = {each.step: each for each in progress.steps}
    walk = core.path(playbook, _answers(taken))
    since = taken[walk.taken[-1][0].id].at if walk.taken else progress.since
    return Standing(playbook, walk, taken, core.until(walk, moment(since).astimezone(zone)))


def _answers(taken: dict[str, StepView]) -> dict[str, str]:
    return {step: each.answer for step, each in taken.items()}


def choose(desk: Desk, ticket: str, playbook: Playbook | None) -> Event:
    """The ticket follows `playbook` from its beginning, or none; raises RefusedError."""
    if playbook is None:
        return desk.do(ChoosePlaybook(ticket, None))
    return desk.do(
        ChoosePlaybook(
            ticket,
            playbook.name,
            playbook.incident or None,
            playbook.kind or None,
            forget=tuple(each.id for each in playbook.steps),
            holds=playbook.must_finish,
        )
    )


def take(desk: Desk, ticket: TicketView, at: Standing, step: Step, answer: str = DONE) -> Event:
    """Takes a step at hand or behind; raises UsageError for any other, and for an answer that it does not have."""
    before = core.before(at.walk, step.id)
    behind = [each.id for each, _ in at.walk.taken]
    if step != at.walk.at and step.id not in behind:
        raise UsageError(reason=tr("the step {name} is not at hand yet").format(name=step.id))
    if at.playbook.after(step, answer) is None or (not step.choices and answer != DONE):
        words = [each.id for each in step.choices]
        reason = tr("the step {name} has no choice {word}; there are: {words}")
        raise UsageError(reason=reason.format(name=step.id, word=answer, words=", ".join(words) or DONE))
    kept = {each: at.taken[each].answer for each in before}
    ends = core.path(at.playbook, {**kept, step.id: answer}).at is None
    return desk.do(
        TakeStep(
            ticket.row.id,
            at.playbook.name,
            step.id,
            answer,
            forget=tuple(each for each in at.taken if each not in kept and each != step.id),
            holds=at.playbook.must_finish and not ends,
        )
    )


def known(data_dirs: Sequence[Path], name: str) -> Playbook:
    """The playbook of that name; raises NotFoundError with the nearest name."""
    found = playbooks.named(data_dirs, name)
    if found is None:
        names = [each.name for each in playbooks.load(data_dirs).playbooks]
        raise NotFoundError(what=WHAT, name=f"{name}{config.hint(name, names)}")
    return found


def best_first(found: Sequence[Playbook], incident: str | None, kind: str | None) -> list[Playbook]:
    """Those for this incident first, then those for this kind of matter, the rest by name."""

    def order(each: Playbook) -> tuple[bool, bool, str]:
        return not (incident and each.incident == incident), not (kind and each.kind == kind), each.name

    return sorted(found, key=order)
