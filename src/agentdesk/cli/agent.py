"""`agent add|list|switch`: who is at the keyboard.

Promises: every act bears a name, and who has worked keeps theirs, and the keyboard, when a colleague is added. Refuses: accounts and passwords of people; an agent is a name.
"""

from argparse import Namespace

from agentdesk import config
from agentdesk.cli.context import Context, as_usage, known_agent
from agentdesk.cli.desk import opened
from agentdesk.cli.output import table
from agentdesk.core.handover import Handover
from agentdesk.core.instant import plain
from agentdesk.engine import handover
from agentdesk.errors import ConfigError
from agentdesk.handover import lines
from agentdesk.i18n import tr


def add(ctx: Context, args: Namespace) -> None:
    config.ensure(ctx.home)  # a file that cannot be used is said as such, not as a wrong option
    first = _worked(ctx)
    try:
        agent = config.add_agent(ctx.home, args.name, args.address, first=first)
    except ConfigError as error:
        raise as_usage(error) from None
    said = tr("{name} works here from now on.").format(name=agent.name)
    if first and first != agent.name:
        text = tr("{name} works here now, too. {first} is written down as well, and stays at the keyboard.")
        said = text.format(name=agent.name, first=first)
    ctx.out({"name": agent.name, "address": agent.address, "first": first or None}, said)


def _worked(ctx: Context) -> str:
    """The system's user who has worked on a desk without agents, else nothing: a new desk begins with whom it is given."""
    if ctx.settings.agents or not ctx.home.store.exists():
        return ""
    name = config.system_agent().name
    with opened(ctx) as desk:
        return name if handover.has_worked(desk, name) else ""


def list_agents(ctx: Context, _: Namespace) -> None:
    """Where nobody was added, the system's user is the one agent."""
    current = ctx.agent
    agents = ctx.settings.agents or (current,)
    document = [
        {"name": each.name, "address": each.address, "current": each.name == current.name} for each in agents
    ]
    rows = [("*" if each.name == current.name else "", each.name, each.address) for each in agents]
    ctx.out(document, table(["", tr("NAME"), tr("ADDRESS")], rows))


def switch(ctx: Context, args: Namespace) -> None:
    agent = known_agent(ctx.settings, args.name)
    with opened(ctx) as desk:
        told, now = handover.switch(desk, ctx.home, agent.name), desk.now()
    said = [
        tr("{name} is at the keyboard now.").format(name=agent.name),
        *lines(told, now, ctx.settings.desk.tzinfo),
    ]
    ctx.out({"name": agent.name, "handover": _document(told)}, "\n".join(said))


def _document(told: Handover) -> dict[str, object]:
    return {
        "since": plain(told.since),
        "came": [each._asdict() for each in told.came],
        "drafts": [each._asdict() for each in told.drafts],
        "mentions": [each._asdict() for each in told.mentions],
    }
