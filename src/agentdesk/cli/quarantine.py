"""`quarantine`: mails that could not be read, tried again or dismissed.

Promises: a mail is named by its id or the beginning of it; a dismissed one stays, is no fault any more, and `undo` brings it back into
the list. Refuses: throwing a mail away.
"""

from argparse import Namespace

from agentdesk import unparsed
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.quarantine import Dismiss, QuarantineRow
from agentdesk.engine.unparsed import again
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr


def list_them(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (_desk, window):
        rows = window.quarantine(dismissed=args.dismissed)
    headings = ["ID", tr("ACCOUNT"), tr("RECEIVED"), tr("ATTEMPTS"), tr("SIZE"), tr("REASON")]
    ctx.out(
        [document.quarantined(row, ctx.settings) for row in rows],
        lambda: table(headings, [_cells(ctx, row) for row in rows]),
    )


def show(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (_desk, window):
        row = _named(window.quarantine(dismissed=True), args.id)
        raw = window.blob(row.raw)
        data = raw if isinstance(raw, bytes) else raw.read_bytes() if raw else b""
    shown = {**document.quarantined(row, ctx.settings), "raw": data.decode("latin-1")}
    ctx.out(shown, f"{unparsed.reason(row.reason)}\n\n{data.decode('utf-8', 'replace')}")


def retry(ctx: Context, args: Namespace) -> int | None:
    with looking(ctx) as (desk, window):
        rows = [_named(window.quarantine(dismissed=True), args.id)] if args.id else window.quarantine()
        tally = again(desk, ctx.home, ctx.settings, rows)
    text = tr("{received} read, {quarantined} still not readable").format(
        received=tally.received, quarantined=tally.quarantined
    )
    ctx.out({"read": tally.received, "duplicates": tally.duplicates, "quarantined": tally.quarantined}, text)
    return 1 if tally.quarantined else None


def dismiss(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        row = _named(window.quarantine(dismissed=True), args.id)
        event = desk.do(Dismiss(row.id))
    text = tr("Dismissed; the mail stays, and agentdesk undo brings it back into the list.")
    ctx.out({"id": row.id, "event": event.id}, text)


def _named(rows: list[QuarantineRow], word: str) -> QuarantineRow:
    found = [row for row in rows if row.id == word] or [row for row in rows if row.id.startswith(word)]
    if len(found) != 1:
        raise NotFoundError(what="mail", name=word)
    return found[0]


def _cells(ctx: Context, row: QuarantineRow) -> tuple[object, ...]:
    account = document.account_name(ctx.settings, row.account)
    return row.id, account, ctx.local(row.received_at), row.attempts, row.size, unparsed.reason(row.reason)
