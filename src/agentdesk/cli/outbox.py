"""`outbox`: what was written and is not accepted yet, and what became of it."""

from argparse import Namespace
from typing import Any

from agentdesk import fate, present, undelivered
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.core.instant import plain
from agentdesk.core.views import OutboxRow
from agentdesk.engine import reply
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError
from agentdesk.i18n import tr


def list_outbox(ctx: Context, _: Namespace) -> None:
    with looking(ctx) as (desk, window):
        rows, now = window.outbox(), desk.now()
    documents: list[dict[str, Any]] = [
        {
            "id": row.message,
            "ticket": row.ticket,
            "message": row.message,
            "account": document.account_name(ctx.settings, row.account),
            "state": row.state,
            "attempts": row.attempts,
            "next_attempt_at": plain(row.next_at),
            "goes_at": plain(row.goes_at),
            "error": row.error,
            "code": row.code,
            "reason": undelivered.why(row.code, row.error) or None,
        }
        for row in rows
    ]
    headings = ["ID", tr("TICKET"), tr("ACCOUNT"), tr("STATE"), tr("ATTEMPTS"), tr("GOES AT"), tr("ERROR")]
    columns = ("id", "ticket", "account", "state", "attempts", "goes_at", "reason")
    said = [
        {
            **each,
            "state": present.delivery(row.state),
            "goes_at": ctx.local(fate.goes_at(row, now)),
            "reason": _reason(row),
        }
        for each, row in zip(documents, rows, strict=True)
    ]
    ctx.out(documents, lambda: table(headings, [[each[column] for column in columns] for each in said]))


def _reason(row: OutboxRow) -> str:
    """Why it has not gone; of what is in doubt its state says the rest."""
    if row.state == "unknown":
        return undelivered.reason(row.error)
    return undelivered.whole(row.code, row.error)


def _named(window: Window, word: str) -> OutboxRow:
    rows = window.outbox()
    found = [row for row in rows if row.message == word] or [
        row for row in rows if row.message.startswith(word)
    ]
    if len(found) != 1:
        raise NotFoundError(what="message", name=word)
    return found[0]


def _done(ctx: Context, row: OutboxRow, state: str, text: str) -> None:
    document_ = {"id": row.message, "ticket": row.ticket, "message": row.message, "state": state}
    ctx.out(document_, text.format(number=row.ticket))


def retry(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        row = _named(window, args.id)
        if row.state == "unknown":
            raise RefusedError(reason="settle_first")
        reply.retry(desk, row.message)
        _done(ctx, row, "queued", tr("#{number}: it is sent again with the next sync."))


def cancel(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        row = _named(window, args.id)
        reply.cancel(desk, row.message)
        _done(ctx, row, "cancelled", tr("#{number}: it will not be sent."))


def settle(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        row = _named(window, args.id)
        if row.state != "unknown":
            raise RefusedError(reason="nothing_to_settle")
        if args.answer == "sent":
            reply.settle_sent(desk, row.message)
            _done(ctx, row, "sent", tr("#{number}: noted as sent."))
        else:
            reply.retry(desk, row.message)
            _done(ctx, row, "queued", tr("#{number}: it is sent again with the next sync."))
