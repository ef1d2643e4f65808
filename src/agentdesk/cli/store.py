"""`backup`, `restore`, `rebuild` and `doctor`: the store copied, put back, drawn up anew and looked at."""

from argparse import Namespace
from pathlib import Path

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.output import table
from agentdesk.cli.place import FILE, place
from agentdesk.config import Home
from agentdesk.engine.check import titled
from agentdesk.engine.doctor import checks
from agentdesk.engine.start import is_there, there
from agentdesk.engine.upkeep import rebuild as redraw
from agentdesk.errors import N_, DamagedStoreError, NotFoundError, UsageError
from agentdesk.i18n import tr, tr_n


def backup(ctx: Context, args: Namespace) -> None:
    from agentdesk.engine import archive, kept, landing

    there(ctx.home)
    file = place(args.file)
    if file.is_dir():
        raise UsageError(reason=tr("{path} is a folder; name a file").format(path=file))
    if not file.parent.is_dir():
        raise NotFoundError(what=N_("folder"), name=str(file.parent))
    landing.for_backup(ctx.home, file, kept.folder_of(ctx.home, ctx.settings.backup))
    with opened(ctx) as desk, ctx.progress(tr("Backing up")) as progress:
        made = archive.write(desk, ctx.home, file.absolute(), progress.at)
    document = {"file": str(made.path), "size": made.size, "files": made.files, "tickets": made.tickets}
    text = tr("{path}: {size}, tickets: {tickets}; it was read again and is whole.")
    ctx.out(document, text.format(path=made.path, tickets=made.tickets, size=present.size(made.size)))
    if any(account.secret.kind == "keyring" for account in ctx.settings.accounts):
        ctx.say(tr("Passwords in the keyring are not part of it."))


def _held(home: Home) -> str:
    """What a restore would put aside, in words; empty where there is nothing."""
    from agentdesk.engine import archive

    try:
        here = archive.tickets_here(home)
    except DamagedStoreError:
        text = tr("{home} holds a desk that is damaged; add --yes to put the backup in its place")
        return text.format(home=home.data)
    if here is None:
        return ""
    text = tr_n(
        "{home} holds a desk with {count} ticket already; add --yes to put the backup in its place",
        "{home} holds a desk with {count} tickets already; add --yes to put the backup in its place",
        here,
    )
    return text.format(home=home.data, count=here)


def restore(ctx: Context, args: Namespace) -> None:
    """Reads no settings: those that count come out of the backup."""
    from agentdesk.engine import archive

    file = place(args.file)
    if file.is_dir():
        if archive.is_export(file):
            text = tr("{path} is an export, and no backup: agentdesk import export {path}")
            raise UsageError(reason=text.format(path=file))
        raise UsageError(reason=tr("{path} is a folder; name a file").format(path=file))
    if not file.is_file():
        raise NotFoundError(what=FILE, name=str(file))
    if not args.yes and (held := _held(ctx.home)):
        raise UsageError(reason=held)
    with ctx.progress(tr("Restoring")) as progress:
        done = archive.put_back(ctx.home, file.absolute(), progress.at)
    document = {
        "tickets": done.tickets,
        "doubtful": done.doubtful,
        "kept": str(done.kept) if done.kept else None,
        "kept_config": str(done.kept_config) if done.kept_config else None,
        "forgotten": done.forgotten,
    }
    text = tr_n("{count} ticket is back.", "{count} tickets are back.", done.tickets)
    ctx.out(document, text.format(count=done.tickets))
    if done.forgotten:
        text = tr_n(
            "{count} person who was forgotten since then was forgotten again.",
            "{count} people who were forgotten since then were forgotten again.",
            done.forgotten,
        )
        ctx.say(text.format(count=done.forgotten))
    if done.kept:
        ctx.say(tr("What was here before lies in {path}.").format(path=done.kept))
    if done.kept_config:
        ctx.say(tr("The configuration that was here before lies in {path}.").format(path=done.kept_config))
    if done.doubtful:
        text = tr_n(
            "{count} reply was waiting; it is looked up before anything is sent again.",
            "{count} replies were waiting; they are looked up before anything is sent again.",
            done.doubtful,
        )
        ctx.say(text.format(count=done.doubtful))


def rebuild(ctx: Context, _: Namespace) -> int | None:
    with opened(ctx) as desk, ctx.progress(tr("Replaying")) as progress:
        done = redraw(desk, ctx.home, progress.at)
    text = (
        tr("{events} events replayed; the digest is {digest}.")
        if done.same
        else tr(
            "{events} events replayed; the rows differed from the log and are right now (digest {digest})."
        )
    )
    document = {"events": done.events, "digest": done.digest, "same": done.same}
    ctx.out(document, text.format(events=done.events, digest=done.digest[:16]))
    return None


def doctor(ctx: Context, args: Namespace) -> int | None:
    if not is_there(ctx.home):
        text = tr("There is no desk in {name}: what is looked at is the laptop.")
        ctx.say(text.format(name=ctx.home.config))
    if args.repair:
        _repair(ctx, yes=args.yes)
    found = checks(ctx.home, ctx.settings, ctx.agent.name)
    document = {
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "remedy": c.remedy} for c in found]
    }
    headings = ["", tr("CHECK"), tr("DETAIL"), tr("REMEDY")]
    ctx.out(
        document,
        lambda: table(
            headings, [("ok" if c.ok else "!!", titled(c.name), c.detail, c.remedy) for c in found]
        ),
    )
    return None if all(c.ok for c in found) else 1


def _repair(ctx: Context, *, yes: bool) -> None:
    """Only where it is needed, and only after a yes."""
    from agentdesk.engine import kept
    from agentdesk.engine.key import LostKeyError
    from agentdesk.engine.repair import fault, repair

    damage = fault(ctx.home, ctx.settings)
    if damage is None:
        ctx.say(tr("The store is whole; nothing was changed."))
        return
    file = next(iter(kept.at_hand(ctx.home, ctx.settings.backup)), None)
    if file is None:
        raise damage
    if isinstance(damage, LostKeyError):
        _find_key(ctx, file, yes=yes)
        return
    question = tr("{path} is damaged. Keep it beside and go on with {file}? (yes/no)")
    if not yes and not ctx.agrees(question.format(path=ctx.home.store, file=file)):
        text = tr("the store would be put aside and {file} take its place; add --yes to do it")
        raise UsageError(reason=text.format(file=file))
    with ctx.progress(tr("Restoring")) as progress:
        done = repair(ctx.home, ctx.settings, progress.at)
    for each in done.refused:
        ctx.say(tr("{path} is damaged too; an earlier one was taken.").format(path=each))
    text = tr_n("{count} ticket is back.", "{count} tickets are back.", done.restored.tickets)
    ctx.say(f"{text.format(count=done.restored.tickets)} {done.file}")
    ctx.say(tr("What was here before lies in {path}.").format(path=done.restored.kept))
    ctx.say(
        tr(
            "What came since comes again with the next sync; what was done here since is gone with the damage."
        )
    )


def _find_key(ctx: Context, file: Path, *, yes: bool) -> None:
    """The key back out of a backup, the last one for now being `file`; the store stays as it is."""
    from agentdesk.engine.repair import find_key

    question = tr("The desk's key is gone. Put the one of {file} back, and change nothing else? (yes/no)")
    if not yes and not ctx.agrees(question.format(file=file)):
        text = tr("the key of {file} would be put back, and nothing else; add --yes to do it")
        raise UsageError(reason=text.format(file=file))
    found = find_key(ctx.home, ctx.settings)
    ctx.say(tr("The desk's key is back, from {file}; nothing else was changed.").format(file=found))
