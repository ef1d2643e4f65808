"""`keys`: the console's keys, with the user's own laid over them.

Promises: the same table that the console reads, and a wrong entry of `[keys]` is named. Refuses: loading what draws.
"""

from argparse import Namespace
from collections.abc import Mapping

from agentdesk import present
from agentdesk.actions import ANYWHERE, CUSTOMER, FILES, QUEUE, READING, REPLIES, WRITING
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.errors import N_
from agentdesk.i18n import tr
from agentdesk.keymap import Keymap

_PLACES: Mapping[str, str] = {
    QUEUE: N_("in the queue"),
    READING: N_("while reading"),
    CUSTOMER: N_("in the customer's pane"),
    WRITING: N_("while writing"),
    REPLIES: N_("in the list of quick replies"),
    FILES: N_("in the list of files"),
    ANYWHERE: N_("everywhere but while writing"),
}


def keys(ctx: Context, _: Namespace) -> None:
    """Every act, also one that has lost its key; raises ConfigError for a `[keys]` that cannot be used."""
    own = [(each.name, each.key) for each in ctx.settings.views]
    keymap = Keymap(ctx.settings.keys, str(ctx.home.config_file), own)
    chosen = keymap.keys
    found = [
        {
            "id": each.id,
            "keys": list(chosen[each.id]),
            "title": tr(each.title),
            "help": tr(each.help),
            "where": each.where,
        }
        for each in keymap.actions
    ]
    rows = [
        (
            " ".join(present.key(key) for key in chosen[each.id]),
            tr(each.help),
            tr(_PLACES.get(each.where, each.where)),
            each.id,
        )
        for each in keymap.actions
    ]
    ctx.out(found, lambda: table([tr("KEYS"), tr("DOES"), tr("WHERE"), "ID"], rows))
