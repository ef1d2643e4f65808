"""`view list|add|remove`: parts of the queue under names of one's own.

Promises: what is added can be shown: filter and key are looked at before they are written. Refuses: changing our own views.
"""

from argparse import Namespace

from agentdesk import config
from agentdesk.cli import faults
from agentdesk.cli.context import Context, as_usage
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.config import OwnView
from agentdesk.engine.seek import names_of
from agentdesk.errors import ConfigError
from agentdesk.i18n import tr
from agentdesk.keymap import Keymap
from agentdesk.keyname import printed


def list_views(ctx: Context, _: Namespace) -> None:
    views = ctx.settings.views
    keymap = _keymap(ctx, views)
    found = [(each, keymap.keys[f"view.{each.name}"]) for each in views]
    rows = [
        (" ".join(map(printed, keys)), each.name, each.view, each.filter, each.sort) for each, keys in found
    ]
    head = [tr("KEYS"), tr("NAME"), tr("VIEW"), tr("FILTER"), tr("ORDER")]
    wrong = faults.views(ctx)
    for each in wrong:
        ctx.say(str(each))
    ctx.out([_document(each, keys) for each, keys in found], lambda: table(head, rows))


def add(ctx: Context, args: Namespace) -> None:
    config.ensure(ctx.home)  # a file that cannot be used is said as such, not as a wrong option
    asked = OwnView(args.name, args.view, args.filter, args.sort or "", args.key)
    with looking(ctx) as (_, window):
        if asked.filter:
            window.search(asked.filter, names_of(ctx.settings)).only()
    try:
        keymap = _keymap(ctx, (*ctx.settings.views, asked))
        made = config.add_view(ctx.home, asked)
    except ConfigError as error:
        raise as_usage(error) from None
    keys = keymap.keys[f"view.{made.name}"]
    shown = " ".join(map(printed, keys)) or "-"
    ctx.out(_document(made, keys), tr("{key} shows {name} from now on.").format(key=shown, name=made.name))


def remove(ctx: Context, args: Namespace) -> None:
    gone = config.remove_view(ctx.home, args.name)
    ctx.out(_document(gone, ()), tr("The view {name} is gone.").format(name=gone.name))


def _keymap(ctx: Context, views: tuple[OwnView, ...]) -> Keymap:
    return Keymap(ctx.settings.keys, str(ctx.home.config_file), [(each.name, each.key) for each in views])


def _document(view: OwnView, keys: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": view.name,
        "view": view.view,
        "filter": view.filter,
        "sort": view.sort,
        "keys": list(keys),
    }
