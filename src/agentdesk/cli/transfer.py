"""`export` and `import`: a whole desk as open files and back, and old mail from other programs, always as history."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentdesk import config
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.place import place
from agentdesk.config import Account
from agentdesk.core.text import safe_line
from agentdesk.engine import clock
from agentdesk.engine.noted import LEFT
from agentdesk.engine.transfer import Brought
from agentdesk.engine.transfer import bring as read_into
from agentdesk.errors import INTERRUPTED, SOME_FAILED, UsageError
from agentdesk.i18n import tr, tr_n

if TYPE_CHECKING:
    from agentdesk.engine.inherit import Inherited

NAMED_AT_MOST = 10
"""Files that are named one by one; --json has all."""


def bring(ctx: Context, args: Namespace) -> int | None:
    """Mail, or what another desk exported."""
    path = place(args.path).absolute()
    if args.kind != "export" and not ctx.settings.accounts:
        raise UsageError(
            reason=tr("there is no account yet that it could belong to; first: agentdesk account add")
        )
    account = config.known_account(ctx.settings, args.account) if args.account else None
    if args.kind == "export":
        _take_over(ctx, path, account, sure=args.yes)
        return None
    if account is None:
        raise UsageError(reason=tr("say with --account which mailbox the mail belongs to"))
    began, done, is_finished = clock.ticks(), Brought(), False
    try:
        with opened(ctx) as desk, ctx.progress(tr("Importing")) as progress:
            read_into(
                desk, ctx.home, account, args.kind, path, done, progress.at, sure=args.yes, asks=ctx.answers
            )
        is_finished = True
    except KeyboardInterrupt:
        pass
    document = {
        "account": account.name,
        "kind": args.kind,
        "path": str(path),
        **_figures(done),
        "finished": is_finished,
        "seconds": round(clock.ticks() - began, 3),
    }
    text = tr("New: {received}, here already: {duplicates}, not readable: {quarantined}.")
    ctx.out(document, text.format(**document))
    for line in _beside(done, is_finished=is_finished):
        ctx.say(line)
    if not is_finished:
        return INTERRUPTED
    return SOME_FAILED if done.failed else None


def _figures(done: Brought) -> dict[str, Any]:
    return {
        "read": done.read,
        "received": done.tally.received,
        "duplicates": done.tally.duplicates,
        "quarantined": done.tally.quarantined,
        "left_out": done.left.total(),
        "left_out_as": {kind: done.left[kind] for kind in LEFT},
        "failed": [{"path": str(each.path), "reason": each.reason} for each in done.failed],
        "doubt": done.doubt or None,
    }


def _beside(done: Brought, *, is_finished: bool) -> Iterator[str]:
    """What is to be known beside the figures of an import."""
    if done.doubt:
        text = tr(
            "{doubt} If that is yours, its answers are a customer's mails now: aliases of the account have to come first."
        )
        yield text.format(doubt=done.doubt)
    if done.left:
        yield tr("Left out: {kinds}.").format(kinds=", ".join(_left(done)))
    if done.tally.quarantined:
        yield tr("Look at them: agentdesk quarantine list")
    for each in done.failed[:NAMED_AT_MOST]:
        yield tr("Not read: {file}: {reason}").format(file=safe_line(str(each.path)), reason=each.reason)
    if (rest := len(done.failed) - NAMED_AT_MOST) > 0:
        yield tr("And {count} more; --json names all.").format(count=rest)
    if not is_finished:
        yield tr("Stopped. The same command goes on: what is here already is not taken in again.")
    elif not (done.read or done.left or done.failed):
        yield tr("There was no mail in it.")


def _left(done: Brought) -> Iterator[str]:
    words = {
        "drafts": lambda count: tr_n("{count} draft", "{count} drafts", count),
        "spam": lambda count: tr_n("{count} spam mail", "{count} spam mails", count),
        "trash": lambda count: tr_n("{count} deleted mail", "{count} deleted mails", count),
        "chats": lambda count: tr_n("{count} chat", "{count} chats", count),
    }
    for kind in LEFT:
        if count := done.left[kind]:
            yield words[kind](count).format(count=count)


def export(ctx: Context, args: Namespace) -> None:
    from agentdesk.engine.export import write
    from agentdesk.engine.start import there

    there(ctx.home)
    folder, began = place(args.directory).absolute(), clock.ticks()
    with opened(ctx) as desk, ctx.progress(tr("Exporting")) as progress:
        done = write(desk, ctx.home, ctx.settings, folder, progress.at)
    document: dict[str, Any] = {
        "directory": str(folder),
        **done.counts,
        "seconds": round(clock.ticks() - began, 3),
    }
    text = tr(
        "{directory}: customers: {customers}, tickets: {tickets}, messages: {messages}, notes: {notes}. README.txt there says "
        "what lies where."
    )
    ctx.out(document, text.format(**document))
    ctx.say(tr("The desk's key is in it, passwords are not; nothing in it is encrypted."))
    if done.unread:
        text = tr_n(
            "{count} message that arrived is in no ticket yet, and not in the export: agentdesk sync",
            "{count} messages that arrived are in no ticket yet, and not in the export: agentdesk sync",
            done.unread,
        )
        ctx.say(text.format(count=done.unread))


def _take_over(ctx: Context, folder: Path, account: Account | None, *, sure: bool) -> None:
    from agentdesk.engine.inherit import inherit

    began = clock.ticks()
    with opened(ctx) as desk, ctx.progress(tr("Importing")) as progress:
        done = inherit(desk, ctx.home, ctx.settings, folder, account, progress.at, sure=sure)
    tally = done.tally
    document = {
        "account": account.name if account else None,
        "kind": "export",
        "path": str(folder),
        "whole": done.whole,
        "received": tally.received,
        "duplicates": tally.duplicates,
        "quarantined": tally.quarantined,
        "notes": done.notes,
        "left_out": done.left_out,
        "events": done.events,
        "doubtful": done.doubtful,
        "seconds": round(clock.ticks() - began, 3),
    }
    text = (
        tr("This desk is now what the other was. Messages: {received}, notes: {notes}, events: {events}.")
        if done.whole
        else tr(
            "As history. New: {received}, here already: {duplicates}, not readable: {quarantined}, new notes: {notes}."
        )
    )
    ctx.out(document, text.format(**document))
    for line in _narrated(done):
        ctx.say(line)


def _narrated(done: Inherited) -> Iterator[str]:
    """What is to be known beside the figures."""
    if not done.whole:
        yield tr("Only a desk in which nothing has happened yet becomes what the other was: --home DIR")
    elif done.is_set_up:
        yield tr(
            "Its configuration came too, its passwords did not: agentdesk account check NAME says what is missing."
        )
    else:
        yield tr("The configuration that is here stays; that of the export lies in its folder config.")
    if done.doubtful:
        text = tr_n(
            "{count} reply was waiting; it is looked up before anything is sent again.",
            "{count} replies were waiting; they are looked up before anything is sent again.",
            done.doubtful,
        )
        yield text.format(count=done.doubtful)
    if done.left_out:
        text = tr_n(
            "{count} was left out: never sent, of an account of another kind, or without its raw form.",
            "{count} were left out: never sent, of an account of another kind, or without their raw form.",
            done.left_out,
        )
        yield text.format(count=done.left_out)
