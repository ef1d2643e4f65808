"""`playbook list|show|check|choose|step`, and what a ticket is about: `kind` and `incident`.

Promises: what the shop has broken in one file is said and leaves the rest usable; a step that has choices is not taken without
one. Refuses: asking on the command line, where a script could not answer.
"""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from agentdesk import config, course, matter, playbooks, quick
from agentdesk.cli import document as documents
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import origin, table
from agentdesk.core.instant import plain, stamp
from agentdesk.core.playbook import DONE, Playbook, Step
from agentdesk.core.progress import Describe
from agentdesk.core.views import TicketView
from agentdesk.engine import playbook as engine
from agentdesk.engine.desk import Desk
from agentdesk.engine.playbook import Standing
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr, tr_n

NONE = ("-", "none")
"""What is said for no playbook, kind or incident."""


def list_playbooks(ctx: Context, _: Namespace) -> None:
    language = ctx.settings.desk.language
    loaded = playbooks.load((ctx.home.config,))
    for problem in loaded.problems:
        ctx.say(str(problem))
    document = [_summary(each, language) for each in loaded.playbooks]
    headings = [tr("NAME"), tr("TITLE"), tr("FOR"), tr("STEPS"), tr("FROM")]
    rows = [
        (each.name, each.title(language), course.about(each), len(each.steps), origin(each.source))
        for each in loaded.playbooks
    ]
    ctx.out(document, table(headings, rows))


def _summary(playbook: Playbook, language: str) -> dict[str, Any]:
    return {
        "name": playbook.name,
        "title": playbook.title(language),
        "incident": playbook.incident or None,
        "kind": playbook.kind or None,
        "must_finish": playbook.must_finish,
        "steps": len(playbook.steps),
        "source": playbook.source,
    }


def show(ctx: Context, args: Namespace) -> None:
    language = ctx.settings.desk.language
    playbook = engine.known((ctx.home.config,), args.name)
    steps = [
        {
            "id": each.id,
            "title": each.title(language),
            "ask": each.ask(language) or None,
            "quick": each.quick or None,
            "within": each.within or None,
            "choices": [{"id": c.id, "title": c.title(language), "to": c.to} for c in each.choices],
        }
        for each in playbook.steps
    ]
    lines = [playbook.title(language)]
    for each in playbook.steps:
        lines += ["", f"{each.id}: {_detail(each, language)}"]
        lines += [f"    {c.id}: {c.title(language)} -> {c.to}" for c in each.choices]
    ctx.out({**_summary(playbook, language), "steps": steps}, "\n".join(lines))


def _detail(step: Step, language: str) -> str:
    """A step's own words, all but the first line set in."""
    return course.details(step, language).replace("\n", "\n    ")


def check(ctx: Context, _: Namespace) -> int | None:
    """1 where something is wrong; the list is the result either way."""
    here = (ctx.home.config,)
    problems = playbooks.check(here, {each.name for each in quick.load(here).replies})
    document = [{**asdict(each), "file": str(each.file)} for each in problems]
    if problems:
        ctx.out(document, "\n".join(map(str, problems)))
        return 1
    count = len(playbooks.load(here).playbooks)
    text = tr_n(
        "{count} playbook, nothing wrong with it", "{count} playbooks, nothing wrong with them", count
    )
    ctx.out(document, text.format(count=count))
    return None


def choose(ctx: Context, args: Namespace) -> None:
    playbook = None if args.name in NONE else engine.known((ctx.home.config,), args.name)
    with looking(ctx) as (desk, window):
        event = engine.choose(desk, window.ticket_id(args.ticket), playbook)
        _told(ctx, desk, window.ticket(args.ticket), event.id)


def step(ctx: Context, args: Namespace) -> None:
    """The step at hand, or the one named; a step with choices wants one of them."""
    with looking(ctx) as (desk, window):
        view = window.ticket(args.ticket)
        at = _standing(ctx, view)
        if at is None:
            text = tr("#{number} follows no playbook: agentdesk playbook choose {number} NAME")
            none = text.format(number=view.row.number)
            raise UsageError(reason=told(ctx, view, desk.now()) or none)
        chosen, answer = _meant(at, args.step, args.choice)
        event = engine.take(desk, view, at, chosen, answer)
        _told(ctx, desk, window.ticket(args.ticket), event.id)


def _meant(at: Standing, name: str | None, choice: str | None) -> tuple[Step, str]:
    """Which step, and which answer; a single word may be the choice at the step at hand. Raises UsageError."""
    here = at.walk.at
    if here and choice is None and name in {each.id for each in here.choices}:
        name, choice = here.id, name
    if name is None and here is None:
        raise UsageError(reason=tr("{playbook} is finished").format(playbook=at.playbook.name))
    chosen = here if name is None else at.playbook.step(name)
    if chosen is None:
        raise NotFoundError(
            what=N_("step"), name=f"{name}{config.hint(name or '', [each.id for each in at.playbook.steps])}"
        )
    if chosen.choices and choice is None:
        words = ", ".join(each.id for each in chosen.choices)
        raise UsageError(reason=tr("say which: {words}").format(words=words))
    return chosen, choice or DONE


def kind(ctx: Context, args: Namespace) -> None:
    _describe(ctx, args.ticket, lambda ticket: Describe(ticket, kind=_word(args.kind)))


def incident(ctx: Context, args: Namespace) -> None:
    _describe(ctx, args.ticket, lambda ticket: Describe(ticket, incident=_word(args.incident)))


def _word(said: str) -> str:
    return "" if said in NONE else said


def _describe(ctx: Context, number: int, make: Callable[[str], Describe]) -> None:
    with looking(ctx) as (desk, window):
        event = desk.do(make(window.ticket_id(number)))
        view = window.ticket(number)
        words = (matter.kind(view.row.kind or ""), matter.incident(view.incident or ""))
        text = ", ".join(filter(None, words)) or tr("nothing")
        ctx.out({**documents.ticket(view, ctx.settings, desk.now()), "event": event.id}, f"#{number}: {text}")


def _standing(ctx: Context, view: TicketView) -> Standing | None:
    return engine.standing(view.progress, (ctx.home.config,), ctx.settings.desk.tzinfo)


def followed(ctx: Context, view: TicketView) -> dict[str, Any] | None:
    """The playbook of a ticket, for scripts; `step` and what follows are null where its file cannot be used."""
    if view.progress is None:
        return None
    at = _standing(ctx, view)
    return {
        "name": view.progress.playbook,
        "step": at.walk.at.id if at and at.walk.at else None,
        "done": len(at.walk.taken) if at else None,
        "left": at.walk.left if at else None,
        "until": plain(stamp(at.until)) if at and at.until else None,
        "must_finish": view.progress.holds,
        "taken": [asdict(each) | {"at": plain(each.at)} for each in view.progress.steps],
    }


def told(ctx: Context, view: TicketView, now: datetime) -> str:
    """How far a ticket is, in one line; "" where it follows no playbook."""
    desk = ctx.settings.desk
    return course.followed(view.progress, (ctx.home.config,), now.astimezone(desk.tzinfo), desk.language)


def _told(ctx: Context, desk: Desk, view: TicketView, event: str) -> None:
    data = documents.ticket(view, ctx.settings, desk.now())
    text = told(ctx, view, desk.now()) or tr("no playbook")
    ctx.out({**data, "playbook": followed(ctx, view), "event": event}, f"#{view.row.number}: {text}")
