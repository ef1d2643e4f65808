"""`sync`: what comes in and what goes out."""

import asyncio
import signal
from argparse import Namespace
from typing import Any

from agentdesk import config, notices, present
from agentdesk.cli import circular
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.output import Progress, table
from agentdesk.config import Account, Notify
from agentdesk.core.notice import Notice
from agentdesk.engine import clock, daily, lookout, notify, voice
from agentdesk.engine.kept import Note
from agentdesk.engine.receiving import Tally
from agentdesk.engine.sync import Pass, sync_once, watch
from agentdesk.errors import INTERRUPTED, SOME_FAILED, DeskError, UsageError
from agentdesk.i18n import tr, tr_n

BUSY = 5


def sync(ctx: Context, args: Namespace) -> int | None:
    if args.once and args.daemon:
        raise UsageError(reason=tr("give --once or --daemon, not both"))
    accounts = ctx.settings.accounts
    if args.account:
        wanted = {config.known_account(ctx.settings, name).id for name in args.account}
        accounts = tuple(account for account in accounts if account.id in wanted)
    if not accounts:
        ctx.say(
            tr("There is no account yet: agentdesk account add email NAME --address A --imap URL --smtp URL")
        )
    with opened(ctx) as desk:
        circular.go_on(ctx, desk)
        if args.daemon:
            return _daemon(ctx, desk, accounts)
        began = clock.ticks()
        with ctx.progress(tr("Receiving")) as progress:
            passes = sync_once(desk, ctx.home, accounts, _reporter(progress))
            lookout.once(desk, ctx.home, _told(ctx.settings.notify), lambda notice: _ring(ctx, notice))
        seconds = round(clock.ticks() - began, 3)
        with ctx.progress(tr("Backing up")):
            copied = daily.once(desk, ctx.home, ctx.settings.backup)
        document = {
            "accounts": [_pass(each) for each in passes],
            "seconds": seconds,
            "backup": _backup(copied) if copied else None,
        }
        ctx.out(document, lambda: _table(passes))
        if copied and copied.reason:
            text = tr("The daily backup failed: {folder}: {reason}. See: agentdesk doctor")
            ctx.say(text.format(folder=copied.folder, reason=tr(copied.reason)))
        return _outcome(ctx, passes)


def _reporter(progress: Progress) -> Any:
    seen: dict[str, tuple[int, int]] = {}

    def told(account: Account, batch: Any) -> None:
        if batch.total is not None:
            seen[account.id] = (batch.done, batch.total)
            progress.at(sum(done for done, _ in seen.values()), sum(total for _, total in seen.values()))

    return told


def _daemon(ctx: Context, desk: Any, accounts: tuple[Account, ...]) -> int | None:
    """Ctrl-C is told apart from being ended by whoever started it, which is no failure."""
    by: list[signal.Signals] = []
    said = tr_n(
        "Watching {count} account; Ctrl-C ends it.",
        "Watching {count} accounts; Ctrl-C ends it.",
        len(accounts),
    )

    def stop(name: signal.Signals, task: asyncio.Future[None]) -> None:
        by.append(name)
        task.cancel()

    async def until_stopped() -> None:
        telling = lookout.chore(desk, ctx.home, _told(ctx.settings.notify), lambda notice: _ring(ctx, notice))
        watching = watch(
            desk,
            ctx.home,
            accounts,
            lambda done: ctx.line(_pass(done), _line(done)),
            ctx.settings.backup,
            voice.hearing(ctx.settings),
            on_turn=lambda account, holder: ctx.say(_turn(account, holder)),
            on_ailing=lambda name, error: ctx.say(_ailing(name, error)),
            beside=(telling,),
        )
        task = asyncio.ensure_future(watching)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, stop, name, task)
        ctx.say(said.format(count=len(accounts)))
        try:
            await task
        except asyncio.CancelledError:
            ctx.say(tr("Stopped."))

    ctx.endless()
    asyncio.run(until_stopped())
    return INTERRUPTED if signal.SIGINT in by else None


def _ailing(name: str, error: DeskError | None) -> str:
    """What goes on beside receiving, and cannot, or can again."""
    if error is None:
        return tr("{what}: all is well again.").format(what=tr(name))
    told = _problem(error)
    return f"{tr(name)}: {told['title']}: {told['detail']}\n  {told['remedy']}"


def _told(settings: Notify) -> Notify | None:
    """What is told without a terminal; None where there is no way to tell it."""
    return settings if settings.desktop or settings.command else None


def _ring(ctx: Context, notice: Notice) -> list[str]:
    """By the desktop and the shop's own command; gives what went wrong."""
    settings, now = ctx.settings.notify, clock.now()
    if not settings.shows(notice.kinds):
        return []
    text = notices.words(notice, now, subject=settings.text)
    document = notices.document(notice, text, now)
    found = notify.outside(settings, text, document, hidden=ctx.settings.secret_variables)
    for wrong in found:
        ctx.say(tr("A notice could not be given: {reason}").format(reason=wrong))
    return found


def _pass(done: Pass) -> dict[str, Any]:
    return {
        "account": done.account.name,
        "received": done.tally.received,
        "updated": done.tally.updated,
        "duplicates": done.tally.duplicates,
        "sent": done.post.sent,
        "failed": done.post.failed,
        "unknown": done.post.unknown,
        "quarantined": done.tally.quarantined,
        "gaps": done.tally.gaps,
        "errors": [_problem(error) for error in done.errors],
        "trouble": _problem(done.trouble) if done.trouble else None,
    }


def _backup(copied: Note) -> dict[str, str | None]:
    """What became of today's backup, where one was due."""
    return {"file": None if copied.reason else copied.file, "error": copied.reason or None}


def _problem(error: DeskError) -> dict[str, str]:
    told = present.problem(error)
    return {"code": told.code, "title": told.title, "detail": told.detail, "remedy": told.remedy}


def _turn(account: Account, holder: str | None) -> str:
    """Who sees to an account: another process (its id), or this one from now on."""
    if holder is None:
        return tr("{account}: the other process has ended, this one goes on.").format(account=account.name)
    text = tr("{account}: another agentdesk ({holder}) sees to it already; this one stands by.")
    return text.format(account=account.name, holder=holder)


def _line(done: Pass) -> str:
    """What a pass brought; what was sent between two of them stands alone."""
    text = tr("{account}: {received} received, {quarantined} not readable").format(
        account=done.account.name, received=done.tally.received, quarantined=done.tally.quarantined
    )
    if done.post.sent or done.post.failed or done.post.unknown:
        sent = tr("{account}: {sent} sent, {failed} failed, {unknown} in doubt").format(
            account=done.account.name,
            sent=done.post.sent,
            failed=done.post.failed,
            unknown=done.post.unknown,
        )
        text = sent if done.tally == Tally() else f"{text}\n{sent}"
    return "\n".join((text, *(f"{e['title']}: {e['detail']}" for e in map(_problem, _said(done)))))


def _said(done: Pass) -> list[DeskError]:
    """What ended a pass, and what it went to its end without."""
    return [*done.errors, *([done.trouble] if done.trouble else [])]


def _table(passes: list[Pass]) -> str:
    headings = [tr("ACCOUNT"), tr("RECEIVED"), tr("COPIES"), tr("UPDATED"), tr("SENT"), tr("NOT READABLE")]
    rows = [
        (
            p.account.name,
            p.tally.received,
            p.tally.duplicates,
            p.tally.updated,
            p.post.sent,
            p.tally.quarantined,
        )
        for p in passes
    ]
    return table(headings, rows)


def _outcome(ctx: Context, passes: list[Pass]) -> int | None:
    failed = [each for each in passes if each.errors]
    if not ctx.json:
        for each in passes:
            for told in map(_problem, _said(each)):
                ctx.say(f"{each.account.name}: {told['title']}: {told['detail']}\n  {told['remedy']}")
    if not failed:
        return None
    if len(failed) < len(passes):
        return SOME_FAILED
    return BUSY if all(each.busy for each in failed) else 1
