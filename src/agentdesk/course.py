"""The words about playbooks, and how far a ticket is. (`matter` has those for kinds and incidents.)

Shared by the console's screens and the command line. Refuses: knowing how a playbook is written, and the time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from agentdesk import matter
from agentdesk.core.playbook import Playbook, Step
from agentdesk.core.progress import Progress
from agentdesk.engine.playbook import Standing, standing
from agentdesk.i18n import tr, tr_n


def about(playbook: Playbook) -> str:
    """What a playbook is for."""
    return ", ".join(
        each
        for each in (
            playbook.incident and matter.incident(playbook.incident),
            playbook.kind and matter.kind(playbook.kind),
        )
        if each
    )


def when(at: datetime, now: datetime) -> str:
    """A time in the desk's zone: the hour alone where it is today."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%d/%m %H:%M}"


def _after(at: datetime, now: datetime) -> str:
    """The same as it follows "until" or "since": "17:30", "las 17:30", "la 01:05", "el 24/11 a las 09:00"."""
    clock = f"{at:%H:%M}"
    if at.date() == now.date():
        return tr_n("{clock}", "{clock}", at.hour).format(clock=clock)
    return tr_n("{date} {clock}", "{date} {clock}", at.hour).format(date=f"{at:%d/%m}", clock=clock)


def due(until: datetime | None, now: datetime) -> str:
    """By when a step is to be taken; both in the desk's zone. "" where the file does not say."""
    if until is None:
        return ""
    return (tr("late since {time}") if until < now else tr("until {time}")).format(time=_after(until, now))


def line(at: Standing, now: datetime, language: str) -> str:
    """How far a ticket is, in one line: "returns 2/5, next: ask for a photo, until 14:00"."""
    head = f"{at.playbook.name} {len(at.walk.taken)}/{at.walk.length}"
    if at.walk.at is None:
        return tr("{playbook}, finished").format(playbook=head)
    said = tr("{playbook}, next: {step}").format(playbook=head, step=at.walk.at.title(language))
    return ", ".join(filter(None, (said, due(at.until, now))))


def followed(progress: Progress | None, data_dirs: Sequence[Path], now: datetime, language: str) -> str:
    """The same of what a ticket follows, or that its file cannot be used; "" where it follows none. `now` is in the desk's zone."""
    if progress is None:
        return ""
    at = standing(progress, data_dirs, now.tzinfo or UTC)
    if at is not None:
        return line(at, now, language)
    text = tr("the playbook {name} cannot be used: agentdesk playbook check")
    return text.format(name=progress.playbook)


def details(step: Step, language: str, *, reply: str = "", by: str = "") -> str:
    """What is to be done at a step, a line each; `reply` is what its quick reply is called, `by` until when it is to be
    taken (as `due` says it)."""
    asked = step.ask(language)
    lines = (
        step.title(language),
        tr("ask: {whom}").format(whom=asked) if asked else "",
        tr("quick reply: {title}").format(title=reply or step.quick) if step.quick else "",
        by or (tr("within {span}").format(span=step.within) if step.within else ""),
    )
    return "\n".join(filter(None, lines))
