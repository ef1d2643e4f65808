"""`agentdesk` without a verb, and `demo`: the console. The one file of the command line that may load Textual."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from agentdesk.cli import log
from agentdesk.cli.desk import opened
from agentdesk.errors import N_, DeskError, UsageError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from argparse import Namespace

    from agentdesk.cli.context import Context
    from agentdesk.config import Ui


class CrashError(DeskError):
    """The console ended by a mistake of ours. Values: kind (the exception's name), report (a file)."""

    code = "crash"
    title = N_("agentdesk made a mistake and had to end")
    detail = N_(
        "Something unexpected happened ({kind}). What you were writing is kept as a draft, and nothing stored is lost."
    )
    remedy = N_(
        "Open it again. A report without a word of any customer lies in {report}: give it to whoever looks after agentdesk."
    )


def console(ctx: Context, _: Namespace | None = None) -> None:
    """Opens the console; raises UsageError where there is no terminal for it, and what ended it unforeseen."""
    if ctx.json or not _has_terminal():
        raise UsageError(
            reason=tr(
                "the console needs a terminal; without one use the commands: agentdesk queue, show, reply"
            )
        )
    while wish := _opened(ctx):
        if wish == "demo":
            _demo_beside(ctx)
        vars(ctx).pop("settings", None)


def _opened(ctx: Context) -> str:
    """One console from its beginning to its end; gives what is to follow."""
    gc.disable()  # a collection in the midst of loading costs two frames; the console collects by itself
    from agentdesk.app import Console
    from agentdesk.engine.start import look_over
    from agentdesk.engine.telling import console_open
    from agentdesk.keymap import Keymap
    from agentdesk.screens.look import look_of
    from agentdesk.screens.terminal import kept_sane

    keymap = Keymap(
        ctx.settings.keys, str(ctx.home.config_file), [(each.name, each.key) for each in ctx.settings.views]
    )
    # In this order: whoever takes another desk over has done so, or is told that a console is open, before the key is read.
    with console_open(ctx.home), opened(ctx) as desk:
        look_over(desk)
        settings = replace(ctx.settings, ui=_ui(ctx))
        look = look_of(settings.ui, os.environ, colours=not ctx.options.no_color)
        app = Console(desk, settings, ctx.home, keymap, look=look, greets=True)
        with kept_sane(sys.stdin.fileno()):
            app.run(mouse=app.has_mouse)
        if app.failure:
            if ctx.options.debug:
                log.trouble(app.failure)
            raise CrashError(kind=type(app.failure).__name__, report=app.report or ctx.home.log_file)
        return app.home.wish


def _ui(ctx: Context) -> Ui:
    """What config.toml says of the console, and what this command line says on top."""
    ui = ctx.settings.ui
    return replace(ui, mouse=ui.mouse and not ctx.options.no_mouse, reader=ui.reader or ctx.options.reader)


def _demo_beside(ctx: Context) -> None:
    """The demo instead, in a place of its own: this home is a real desk's by now."""
    from argparse import Namespace

    from agentdesk.cli.demo import begin, own_place

    ctx.home = own_place(ctx)
    vars(ctx).pop("settings", None)
    begin(ctx, Namespace(speed=1.0))


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}


def demo(ctx: Context, args: Namespace) -> None:
    """The console on a simulated shop; where there is no terminal, its queue."""
    from agentdesk.cli.demo import begin, place
    from agentdesk.cli.demo import demo as without_screen

    if ctx.json or args.headless or args.seconds is not None or not _has_terminal():
        without_screen(ctx, args)
        return
    ctx.home = place(ctx)
    begin(ctx, args)
    console(ctx, args)
