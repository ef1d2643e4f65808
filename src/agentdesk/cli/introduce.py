"""`customer import`: customers from a table that the shop has."""

from argparse import Namespace

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.place import place
from agentdesk.core.text import safe_line
from agentdesk.engine.introducing import Introduced, Introducing, foreseen, rows
from agentdesk.errors import SOME_FAILED, RefusedError
from agentdesk.i18n import tr

SHOWN = 20
"""Rows that could not be used of which people read; --json has all."""


def bring(ctx: Context, args: Namespace) -> int | None:
    """Prints what became of the rows, and why some could not be used; 1 where none could, 4 where some could not."""
    path = place(args.file).absolute()
    table = rows(path)
    with opened(ctx) as desk, ctx.progress(tr("Importing")) as progress:
        if args.dry_run:
            found = foreseen(desk, table)
        else:
            work = Introducing(desk, table)
            while work.step():
                progress.at(work.tried, work.total)
            found = work.found()
    document = {
        "file": str(path),
        "rows": len(table),
        "added": found.added,
        "changed": found.changed,
        "same": found.same,
        "refused": [{"line": line, "reason": error.values["reason"], "detail": _why(error)} for line, error in found.refused],
        "left_out": [{"line": line, "column": column, "value": value} for line, column, value in found.left],
        "group": found.group or None,
        "dry_run": bool(args.dry_run),
    }  # fmt: skip
    ctx.out(document, lambda: _text(found, foreseen=args.dry_run))
    if not found.refused:
        return None
    return SOME_FAILED if found.added + found.changed + found.same else 1


def _text(found: Introduced, *, foreseen: bool) -> str:
    text = tr("New: {added}. More is known of: {changed}. As they were: {same}.")
    if foreseen:
        text = tr("It would be: {text}").format(text=text)
    lines = [text.format(added=found.added, changed=found.changed, same=found.same)]
    lines += [
        tr("line {line}: {reason}").format(line=line, reason=_why(error))
        for line, error in found.refused[:SHOWN]
    ]
    if len(found.refused) > SHOWN:
        lines.append(tr("and {n} more").format(n=len(found.refused) - SHOWN))
    left = tr('line {line}: "{value}" is unknown here as {column}, and was left out')
    lines += [
        left.format(line=line, value=safe_line(value), column=column)
        for line, column, value in found.left[:SHOWN]
    ]
    if len(found.left) > SHOWN:
        lines.append(tr("and {n} more").format(n=len(found.left) - SHOWN))
    return "\n".join(lines)


def _why(error: RefusedError) -> str:
    return present.refusal(str(error.values["reason"]), error.values)
