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
from agentdesk.engine import clock
from agentdesk.engine.transfer import bring as read_into
from agentdesk.errors import UsageError
from agentdesk.i18n import tr, tr_n

if TYPE_CHECKING:
    from agentdesk.engine.inherit import Inherited


def bring(ctx: Context, args: Namespace) -> None:
    """Mail, or what another desk exported."""
    account = config.known_account(ctx.settings, args.account) if args.account else None
    path = place(args.path).absolute()
    if args.kind == "export":
        _take_over(ctx, path, account)
        return
    if account is None:
        raise UsageError(reason=tr("say with --account which mailbox the mail belongs to"))
    began = clock.ticks()
    with opened(ctx) as desk, ctx.progress(tr("Importing")) as progress:
        tally = read_into(desk, ctx.home, account, args.kind, path, progress.at)
    document = {
        "account": account.name,
        "kind": args.kind,
        "path": str(path),
        "read": tally.received + tally.duplicates + tally.quarantined,
        "received": tally.received,
        "duplicates": tally.duplicates,
        "quarantined": tally.quarantined,
        "seconds": round(clock.ticks() - began, 3),
    }
    text = tr("New: {received}, here already: {duplicates}, not readable: {quarantined}.")
    ctx.out(document, text.format(**document))
    if tally.quarantined and not ctx.json:
        ctx.say(tr("Look at them: agentdesk quarantine list"))


def export(ctx: Context, args: Namespace) -> None:
    from agentdesk.engine.export import write

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


def _take_over(ctx: Context, folder: Path, account: Account | None) -> None:
    from agentdesk.engine.inherit import inherit

    began = clock.ticks()
    with opened(ctx) as desk, ctx.progress(tr("Importing")) as progress:
        done = inherit(desk, ctx.home, ctx.settings, folder, account, progress.at)
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
