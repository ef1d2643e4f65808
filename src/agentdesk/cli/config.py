"""`config show|validate|schema|path`.

Promises: every value says where it came from; a broken file is an error that says what to write instead, and `validate` finds what
any other command would refuse.
Refuses: showing a secret; the settings hold none.
"""

import json
from argparse import Namespace
from dataclasses import asdict
from typing import Any

from agentdesk import config
from agentdesk.cli.context import Context
from agentdesk.cli.output import as_json, table
from agentdesk.errors import ConfigMistakesError
from agentdesk.i18n import tr
from agentdesk.shopfile import Problem

PARTLY, STOPS = 1, 2


def show(ctx: Context, _: Namespace) -> None:
    shown = ctx.settings.shown
    rows = [
        (each.key, each.value if isinstance(each.value, str) else as_json(each.value), each.source)
        for each in shown
    ]
    document = [{"key": each.key, "value": each.value, "source": each.source} for each in shown]
    ctx.out(document, table([tr("KEY"), tr("VALUE"), tr("FROM")], rows))


def validate(ctx: Context, _: Namespace) -> int | None:
    """2 where no command would run with it, 1 where a part of it cannot be used; raises ConfigError as any other command does for
    config.toml's own keys and values, with all that is wrong in one."""
    from agentdesk.cli import faults

    broken = faults.of_values(ctx)
    stops = [*broken, *faults.in_force(ctx)]
    problems, doubts = [*stops, *faults.of_parts(ctx, opens=not stops)], faults.doubts(ctx)
    told = [_problem(each, in_force=each in stops) for each in problems]
    if broken:
        raise ConfigMistakesError(
            file=ctx.home.config_file, mistakes="\n".join(map(str, problems)), problems=told
        )
    document = {
        "file": ctx.home.config_file,
        "valid": not problems,
        "accounts": len(ctx.settings.accounts),
        "agents": len(ctx.settings.agents),
        "problems": told,
        "warnings": [_problem(each) for each in doubts],
    }
    lines = [
        *map(str, problems),
        *map(str, doubts),
        _verdict(problems, stops).format(file=ctx.home.config_file),
    ]
    ctx.out(document, "\n".join(lines))
    return None if not problems else STOPS if stops else PARTLY


def _verdict(problems: list[Problem], stops: list[Problem]) -> str:
    if stops:
        return tr("{file} cannot be used: other commands refuse it until this is corrected.")
    if problems:
        return tr("{file} can be used, but not all of it.")
    return tr("{file} can be used.")


def _problem(each: Problem, **more: bool) -> dict[str, Any]:
    return {**asdict(each), "file": str(each.file), **more}


def schema(ctx: Context, _: Namespace) -> None:
    document = config.json_schema()
    ctx.out(document, json.dumps(document, indent=2, ensure_ascii=False))


def path(ctx: Context, _: Namespace) -> None:
    file = ctx.home.config_file
    ctx.out({"path": file, "exists": file.exists()}, str(file))
