"""`segment list`: the segments of config.toml, and how many customers each has."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.engine.person import counted
from agentdesk.i18n import tr


def list_segments(ctx: Context, _: Namespace) -> None:
    with looking(ctx) as (desk, _window):
        found = counted(desk)
    if not found and not ctx.json:
        ctx.say(tr("There are no segments; docs/segments.md says how to write one."))
    rows = [(each.name, f"{n}{'+' if more else ''}", each.text) for each, n, more in found]
    document = [
        {"name": each.name, "search": each.text, "customers": n, "more": more} for each, n, more in found
    ]
    ctx.out(document, lambda: table([tr("NAME"), tr("CUSTOMERS"), tr("SEARCH")], rows))
