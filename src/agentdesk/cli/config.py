"""`config show|validate|schema|path`.

Promises: every value says where it came from; a broken file is an error that says what to write instead.
Refuses: showing a secret; the settings hold none.
"""

import json
from argparse import Namespace

from agentdesk import config
from agentdesk.cli.context import Context
from agentdesk.cli.output import as_json, table
from agentdesk.i18n import tr


def show(ctx: Context, _: Namespace) -> None:
    shown = ctx.settings.shown
    rows = [
        (each.key, each.value if isinstance(each.value, str) else as_json(each.value), each.source)
        for each in shown
    ]
    document = [{"key": each.key, "value": each.value, "source": each.source} for each in shown]
    ctx.out(document, table([tr("KEY"), tr("VALUE"), tr("FROM")], rows))


def validate(ctx: Context, _: Namespace) -> None:
    file = ctx.home.config_file
    known = ctx.settings
    document = {"file": file, "valid": True, "accounts": len(known.accounts), "agents": len(known.agents)}
    ctx.out(document, tr("{file} can be used.").format(file=file))


def schema(ctx: Context, _: Namespace) -> None:
    document = config.json_schema()
    ctx.out(document, json.dumps(document, indent=2, ensure_ascii=False))


def path(ctx: Context, _: Namespace) -> None:
    file = ctx.home.config_file
    ctx.out({"path": file, "exists": file.exists()}, str(file))
