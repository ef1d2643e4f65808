"""`notify list|switch|test`: what is told to somebody who looks elsewhere.

Promises: `test` goes every way that is on, and says of each whether it went. Refuses: telling what the terminal showed: it
does not answer.
"""

import os
from argparse import Namespace

from agentdesk import config, notices
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.core.notice import Happening, Notice
from agentdesk.engine import clock, notify
from agentdesk.i18n import tr


def list_switches(ctx: Context, _: Namespace) -> None:
    settings = ctx.settings.notify
    document = {name: config.is_on(settings, name) for name in config.SWITCHES}
    rows = [(tr("on") if on else tr("off"), name, tr(config.SWITCHES[name])) for name, on in document.items()]
    ctx.out({**document, "budget": settings.budget}, table(["", tr("NAME"), tr("WHAT")], rows))


def switch(ctx: Context, args: Namespace) -> None:
    config.ensure(ctx.home)
    config.switch(ctx.home, args.switch, on=args.to == "on")
    said = tr("{what}: on") if args.to == "on" else tr("{what}: off")
    ctx.out({"name": args.switch, "on": args.to == "on"}, said.format(what=tr(config.SWITCHES[args.switch])))


def test(ctx: Context, _: Namespace) -> int:
    """A notice of a ticket that is not there."""
    settings, now = ctx.settings.notify, clock.now()
    example = Happening("new", "", 0, "email", "", now, subject=tr("An example"))
    notice = Notice((("new", 1),), example)
    text = notices.words(notice, now, subject=settings.text)
    found: list[tuple[str, str | None]] = []
    if settings.osc:
        found.append(_by_terminal(ctx, text, settings.way))
    document = notices.document(notice, text, now)
    if settings.desktop:
        found.append(("desktop", notify.run(notify.desktop(text), document)))
    if settings.command:
        found.append(("command", notify.run(settings.command, document)))
    rows = [(way, tr("sent") if wrong == "" else wrong) for way, wrong in found]
    ctx.out(
        [{"way": way, "sent": not wrong, "error": wrong or None} for way, wrong in found],
        table([tr("WAY"), tr("RESULT")], rows),
    )
    return 1 if any(wrong for _, wrong in found) else 0


def _by_terminal(ctx: Context, text: str, wanted: str) -> tuple[str, str | None]:
    way, tmux = notices.way_of(os.environ, wanted), bool(os.environ.get("TMUX"))
    if not way or not ctx.ring(notices.sequence(way, text, tmux=tmux) + "\x07"):
        return way or "terminal", tr("there is no terminal that shows notices")
    if tmux and notify.passes_tmux() is False:
        return way, tr("tmux keeps it back: set -g allow-passthrough on")
    return way, ""
