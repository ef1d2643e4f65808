"""`import`: old mail from files, always as history."""

from argparse import Namespace
from pathlib import Path

from agentdesk import config
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.engine import clock
from agentdesk.engine.transfer import bring as read_into
from agentdesk.i18n import tr


def bring(ctx: Context, args: Namespace) -> None:
    account = config.known_account(ctx.settings, args.account)
    path = Path(args.path).expanduser().absolute()
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
    ctx.out(
        document,
        text.format(received=tally.received, duplicates=tally.duplicates, quarantined=tally.quarantined),
    )
    if tally.quarantined and not ctx.json:
        ctx.say(tr("Look at them: agentdesk quarantine list"))
