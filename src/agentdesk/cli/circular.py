"""`quick send`: one quick reply to all that a search finds.

Promises: `--dry-run` prints what would be written and to whom, and writes nothing; what was begun and killed is ended by the next
`sync` or console. Refuses: asking; a value that is missing for everybody is named.
"""

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from agentdesk import deeds, preview
from agentdesk.cli import quick
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.queue import part
from agentdesk.config import OwnView
from agentdesk.core.circular import Circular
from agentdesk.core.model import Acts
from agentdesk.core.replies import CHAIN, QuickReply
from agentdesk.engine import circular
from agentdesk.engine.desk import Desk
from agentdesk.engine.phrase import acts
from agentdesk.engine.reply import Written
from agentdesk.engine.seek import names_of
from agentdesk.engine.start import connector
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError, UsageError
from agentdesk.i18n import tr, tr_n

OPEN = ("inbox", "waiting", "snoozed")
"""The views of what is not resolved and a person's."""
MOST = 5000


def send(ctx: Context, args: Namespace) -> None:
    reply, given = quick.known(ctx, args.name), dict(args.var)
    if not reply.texts:
        raise UsageError(reason=tr("{quick} has no text to send").format(quick=reply.name))
    quick.check_values(reply, reply.texts.values(), [(_name(key), value) for key, value in args.var])
    with looking(ctx) as (desk, window):
        shop = shop_of(ctx, desk)
        parts = [part(ctx, args.view)] if args.view else [OwnView(each, each) for each in OPEN]
        tickets = _tickets(ctx, window, args.filter, parts)
        found = circular.looked_at(shop, reply, tickets, given)
        doing = acts(reply.does, desk, ctx.settings, ctx.agent.name) if reply.does else Acts()
        words = preview.text(found, deeds.words(doing, ctx.settings.desk.tzinfo))
        if args.dry_run:
            ctx.out(_document(reply, found), f"{preview.count(found)}\n{words}")
            return
        _is_whole(ctx, reply, found)
        letters = circular.begin(shop, reply, found, given, acts=doing, hold=args.hold)
        _end(letters)
        n = len(letters.done)
        text = tr_n("{n} answer is in the outbox", "{n} answers are in the outbox", n).format(n=n)
        document = _document(reply, found, letters.written)
        document["left_out"] += _refused(found, letters)
        ctx.out({**document, "group": letters.group}, f"{text}\n{words}")


def _name(key: str) -> str:
    """`day` of `day.ca`, which is what is said to those who speak Catalan."""
    name, _, language = key.rpartition(".")
    return name if name and language in CHAIN else key


def shop_of(ctx: Context, desk: Desk) -> circular.Shop:
    return circular.Shop(desk, ctx.settings, lambda account: connector(ctx.home, account))


def go_on(ctx: Context, desk: Desk) -> None:
    """Writes what somebody began and could not end."""
    while (letters := circular.left_over(shop_of(ctx, desk))) is not None:
        _end(letters)


def _end(letters: circular.Letters) -> None:
    while letters.step():
        pass


def _tickets(ctx: Context, window: Window, text: str, parts: Iterable[OwnView]) -> list[str]:
    rows = []
    for each in parts:
        query = f"({each.filter}) ({text})" if each.filter else text
        rows += window.queue(
            each.view, limit=MOST + 1, only=window.search(query, names_of(ctx.settings)).only()
        )
    if len(rows) > MOST:
        raise UsageError(reason=tr("it finds more than {n} tickets").format(n=MOST))
    return [row.id for row in rows]


def _is_whole(ctx: Context, reply: QuickReply, found: Circular) -> None:
    """Raises UsageError where a value is missing for everybody, RefusedError where nobody gets it for another reason."""
    if found.gets:
        return
    if missing := circular.asks(found):
        texts = " ".join(each.text for each in found.lacking())
        raise quick.still_open(reply, missing, texts, ctx.settings.desk.language)
    raise RefusedError(reason="nobody_left")


def _document(reply: QuickReply, found: Circular, written: Iterable[Written] = ()) -> dict[str, Any]:
    """`answers` in the order in which they go; `message` is null where nothing is written."""
    by_ticket = {each.ticket: each for each in written}
    return {
        "quick": reply.name,
        "group": None,
        "answers": [
            {
                "ticket": each.number,
                "channel": each.channel,
                "language": each.language,
                "text": each.text,
                "message": by_ticket[each.ticket].message if each.ticket in by_ticket else None,
            }
            for each in found.gets
            if each.ticket in by_ticket or not by_ticket
        ],
        "left_out": [{"ticket": each.number, "reason": why.value} for each, why in found.left_out],
    }


def _refused(found: Circular, letters: circular.Letters) -> list[dict[str, Any]]:
    """Those who could not be answered any more when it was written."""
    reasons = {ticket: error.values.get("reason") or error.code for ticket, error in letters.refused.items()}
    return [
        {"ticket": each.number, "reason": reasons[each.ticket]}
        for each in found.gets
        if each.ticket in reasons
    ]
