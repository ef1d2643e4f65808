"""`quick list|show|check`, and the beginning of `reply --quick`.

Promises: what the shop has broken in one file is said and leaves the rest usable; a reply with anything still open is
refused, with the words that would fill it. Refuses: asking on the command line, where a script could not answer.
"""

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from agentdesk import config, deeds, facts, quick
from agentdesk.cli import document as documents
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import origin, table
from agentdesk.core import replies
from agentdesk.core.lookup import PLACES
from agentdesk.core.replies import QuickReply
from agentdesk.core.views import QueueRow
from agentdesk.engine import editor, lookup, phrase
from agentdesk.engine.desk import Desk
from agentdesk.engine.phrase import acts, phrases
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr, tr_n

WHAT = N_("quick reply")


def list_replies(ctx: Context, args: Namespace) -> None:
    language = ctx.settings.desk.language
    loaded = quick.load((ctx.home.config,))
    fitting = _fitting(ctx, args.ticket, loaded.replies) if args.ticket else []
    document: list[dict[str, Any]] = [
        {
            "name": each.name,
            "title": each.title(language),
            "languages": list(each.languages),
            "shortcut": each.shortcut,
            "source": each.source,
            "macro": each.does is not None,
            **({"fits": each.name in fitting} if args.ticket else {}),
        }
        for each in replies.in_front(loaded.replies, fitting)
    ]
    for problem in loaded.problems:
        ctx.say(str(problem))
    headings = [tr("NAME"), tr("TITLE"), tr("LANGUAGES"), tr("SHORTCUT"), tr("FROM")]
    rows: list[tuple[Any, ...]] = [
        (row["name"], row["title"], " ".join(row["languages"] or ()), row["shortcut"], origin(row["source"]))
        for row in document
    ]
    if args.ticket:
        headings, rows = [*headings, tr("FITS")], [(*row, "*" * (row[0] in fitting)) for row in rows]
    ctx.out(document, table(headings, rows))


def _fitting(ctx: Context, number: int, known: Sequence[QuickReply]) -> list[str]:
    with looking(ctx) as (desk, window):
        return phrase.fits(desk, window.ticket(number).row, known)


def show(ctx: Context, args: Namespace) -> None:
    """The text as it would be taken, its placeholders not filled."""
    desk = ctx.settings.desk
    reply = known(ctx, args.name)
    text, language = replies.text_for(reply, args.language or desk.language, args.form or desk.form)
    document = {
        "name": reply.name,
        "title": reply.title(desk.language),
        "language": language,
        "text": text,
        "asks": {
            each.name: facts.question(reply, each.name, desk.language)
            for each in replies.placeholders(text)
            if replies.may_ask(each)
        },
        "shortcut": reply.shortcut,
        "about": reply.about,
        "tags": list(reply.tags),
        "does": None if reply.does is None else asdict(reply.does),
        "source": reply.source,
    }
    ctx.out(document, text)


def run(ctx: Context, args: Namespace) -> None:
    """A macro without a text, done at once on a ticket; one that has a text goes with an answer."""
    reply = known(ctx, args.name)
    if reply.does is None or reply.texts:
        reason = tr("{quick} has a text: agentdesk reply {number} --quick {quick}")
        raise UsageError(reason=reason.format(quick=reply.name, number=args.ticket))
    with looking(ctx) as (desk, window):
        doing = acts(reply.does, desk, ctx.settings, ctx.agent.name)
        event = phrase.run(desk, window.ticket_id(args.ticket), reply, doing)
        data = documents.ticket(window.ticket(args.ticket), ctx.settings, desk.now())
        words = deeds.words(doing, ctx.settings.desk.tzinfo)
        ctx.out({**data, "event": event.id}, f"#{args.ticket}: {words}")


def edit(ctx: Context, args: Namespace) -> int | None:
    """1 where something is wrong in what was written; on a terminal one can go back to the editor."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(reason=tr("an editor needs a terminal"))
    agents = tuple(agent.name for agent in ctx.settings.agents)
    while True:
        problems = editor.edit(ctx.home.config, args.name, agents)
        for problem in problems:
            ctx.say(str(problem))
        if not problems or not sys.stdin.isatty():
            break
        ctx.say(tr("Something is wrong in it. Back to the editor?") + " [Enter, n]")
        if sys.stdin.readline().strip().casefold().startswith("n"):
            break
    document = {"name": args.name, "problems": len(problems)}
    ctx.out(document, tr("{name}: nothing wrong").format(name=args.name) if not problems else "")
    return 1 if problems else None


def check(ctx: Context, _: Namespace) -> int | None:
    """1 where something is wrong; the list is the result either way."""
    agents = tuple(agent.name for agent in ctx.settings.agents)
    problems = quick.check((ctx.home.config,), agents)
    document = [
        {
            "file": each.file,
            "line": each.line,
            "key": each.key,
            "reason": each.reason,
            "nearest": each.nearest,
        }
        for each in problems
    ]
    if problems:
        ctx.out(document, "\n".join(str(each) for each in problems))
        return 1
    count = len(quick.load((ctx.home.config,)).replies)
    text = tr_n(
        "{count} quick reply, nothing wrong with it", "{count} quick replies, nothing wrong with them", count
    )
    ctx.out(document, text.format(count=count))
    return None


def known(ctx: Context, name: str) -> QuickReply:
    """The reply of that name or shortcut; raises NotFoundError with the nearest name, and QuickReplyError for one
    whose file cannot be used."""
    loaded = quick.load((ctx.home.config,))
    if reply := replies.find(loaded.replies, name):
        return reply
    if broken := next((each for each in loaded.problems if each.file.stem == name), None):
        place = f"{broken.file}:{broken.line}"
        raise quick.QuickReplyError(
            file=place, key=broken.key or name, reason=broken.reason, nearest=broken.nearest
        )
    words = [word for each in loaded.replies for word in (each.name, each.shortcut) if word]
    raise NotFoundError(what=WHAT, name=f"{name}{config.hint(name, words)}")


def beginning(
    ctx: Context, desk: Desk, row: QueueRow, reply: QuickReply, given: Sequence[tuple[str, str]]
) -> str:
    """The quick reply for a ticket, filled; raises UsageError for what is still open and for a value that the text does
    not ask for."""
    language = ctx.settings.desk.language
    if not reply.texts:
        reason = tr("{quick} has no text: agentdesk quick run {number} {quick}")
        raise UsageError(reason=reason.format(quick=reply.name, number=row.number))
    text, _ = replies.text_for(reply, row.language, ctx.settings.desk.form, language)
    check_values(reply, (text,), given)
    if any(each.name in PLACES for each in replies.placeholders(text)):
        lookup.refresh(desk, ctx.settings, row.id)
    filled = phrases(desk, ctx.settings, row, ctx.agent.name).filled(reply, dict(given))
    if filled.missing:
        raise still_open(reply, filled.missing, filled.text, language)
    return filled.text


def check_values(reply: QuickReply, texts: Iterable[str], given: Sequence[tuple[str, str]]) -> None:
    """Raises UsageError for a value that none of `texts` asks for."""
    asked = list(dict.fromkeys(each.name for text in texts for each in replies.placeholders(text)))
    for key, _ in given:
        if key not in asked and key not in replies.KNOWN:
            reason = tr("--var {name}: {quick} does not ask for it{hint}")
            raise UsageError(reason=reason.format(name=key, quick=reply.name, hint=config.hint(key, asked)))


def still_open(reply: QuickReply, missing: Sequence[str], text: str, language: str) -> UsageError:
    """What is still to be filled in, all of it at once."""
    lines = []
    for name in missing:
        question = facts.question(reply, name, language)
        option = f'--var "{name}=..."' if " " in name else f"--var {name}=..."
        lines.append(option if question == name else f"{option} ({question})")
    blank = replies.blanks(text)[0]
    reason = tr("{blank} is still to be filled in: {options}")
    return UsageError(reason=reason.format(blank=blank, options=", ".join(lines)))
