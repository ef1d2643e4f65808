"""Opens the desk for one command and closes it again."""

from collections.abc import Iterator
from contextlib import contextmanager

from agentdesk.cli.context import Context
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import open_desk, sound
from agentdesk.engine.window import Window


@contextmanager
def opened(ctx: Context) -> Iterator[Desk]:
    """The desk of this home, acting as the context's agent."""
    settings = ctx.settings
    with sound(ctx.home, settings):
        desk = open_desk(ctx.home, settings, ctx.agent.name)
        try:
            yield desk
        finally:
            desk.close()


@contextmanager
def looking(ctx: Context) -> Iterator[tuple[Desk, Window]]:
    """The desk and a window on it."""
    with opened(ctx) as desk, Window(desk) as window:
        yield desk, window
