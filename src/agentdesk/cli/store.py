"""`rebuild` and `doctor`: the store looked at and drawn up anew."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.output import table
from agentdesk.engine.doctor import checks
from agentdesk.engine.upkeep import rebuild as redraw
from agentdesk.i18n import tr


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


def doctor(ctx: Context, _: Namespace) -> int | None:
    found = checks(ctx.home, ctx.settings, ctx.agent.name)
    document = {
        "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "remedy": c.remedy} for c in found]
    }
    headings = ["", tr("CHECK"), tr("DETAIL"), tr("REMEDY")]
    ctx.out(
        document,
        lambda: table(headings, [("ok" if c.ok else "!!", c.name, c.detail, c.remedy) for c in found]),
    )
    return None if all(c.ok for c in found) else 1
