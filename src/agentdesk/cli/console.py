"""`agentdesk` without a verb: the console. The one verb that may load Textual."""

import os
import sys
from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def console(ctx: Context, _: Namespace) -> None:
    """Opens the console; raises UsageError where there is no terminal for it."""
    if ctx.json or not _has_terminal():
        raise UsageError(
            reason=tr(
                "the console needs a terminal; without one use the commands: agentdesk queue, show, reply"
            )
        )
    from agentdesk.actions import Keymap
    from agentdesk.app import Console

    keymap = Keymap(ctx.settings.keys, str(ctx.home.config_file))
    with opened(ctx) as desk:
        Console(desk, ctx.settings, ctx.home, keymap).run(mouse=ctx.settings.ui.mouse)


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}
