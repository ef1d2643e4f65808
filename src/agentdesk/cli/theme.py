"""`theme list|use`: the colours of the console.

Promises: loads nothing of the toolkit; what is used stands in config.toml, whose comments stay.
"""

from argparse import Namespace

from agentdesk import config
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr


def list_themes(ctx: Context, _: Namespace) -> None:
    used = ctx.settings.ui.theme
    rows = [("*" if name == used else "", name, config.about(name)) for name in config.THEMES]
    document = [
        {"name": name, "dark": dark, "ours": name in config.OURS, "used": name == used}
        for name, dark in config.THEMES.items()
    ]
    ctx.out(document, table(["", tr("NAME"), tr("COLOURS")], rows))


def use(ctx: Context, args: Namespace) -> None:
    """Raises NotFoundError with the nearest name."""
    if args.name not in config.THEMES:
        guess = config.hint(args.name, list(config.THEMES))
        raise NotFoundError(what="theme", name=f"{args.name}{guess}")
    settings = config.change_value(ctx.home, "ui", "theme", args.name)
    name = settings.ui.theme
    ctx.out(
        {"name": name, "dark": config.THEMES[name]}, tr("The theme is {name} from now on.").format(name=name)
    )
