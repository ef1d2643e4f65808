"""`agentdesk` without a verb, and `demo`: the console. The one file of the command line that may load Textual."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from agentdesk.cli.desk import opened
from agentdesk.errors import UsageError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from argparse import Namespace

    from agentdesk.cli.context import Context


def console(ctx: Context, _: Namespace | None = None) -> None:
    """Opens the console; raises UsageError where there is no terminal for it, and what ended it unforeseen."""
    if ctx.json or not _has_terminal():
        raise UsageError(
            reason=tr(
                "the console needs a terminal; without one use the commands: agentdesk queue, show, reply"
            )
        )
    gc.disable()  # a collection in the midst of loading costs two frames; the console collects by itself
    from agentdesk.app import Console
    from agentdesk.engine.start import look_over
    from agentdesk.keymap import Keymap
    from agentdesk.screens.look import look_of

    keymap = Keymap(
        ctx.settings.keys, str(ctx.home.config_file), [(each.name, each.key) for each in ctx.settings.views]
    )
    with opened(ctx) as desk:
        look_over(desk)
        look = look_of(ctx.settings.ui, os.environ, colours=not ctx.options.no_color)
        app = Console(desk, ctx.settings, ctx.home, keymap, look=look, greets=True)
        app.run(mouse=ctx.settings.ui.mouse)
        if app.failure:
            raise app.failure


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}


def demo(ctx: Context, args: Namespace) -> None:
    """The console on a simulated shop; where there is no terminal, its queue."""
    from agentdesk.cli.demo import begin
    from agentdesk.cli.demo import demo as without_screen

    if ctx.json or args.headless or args.seconds is not None or not _has_terminal():
        without_screen(ctx, args)
        return
    begin(ctx, args)
    console(ctx, args)
