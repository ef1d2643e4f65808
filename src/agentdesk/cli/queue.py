"""`queue`: the tickets as the console orders them; `search`: the messages that say something."""

import re
from argparse import Namespace
from dataclasses import asdict, replace
from typing import Any

from agentdesk import present, standing, whose
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.config import OwnView, Settings, hint
from agentdesk.core.instant import plain
from agentdesk.core.text import safe_name
from agentdesk.core.views import VIEWS, Found, QueueRow, TicketView, sorts
from agentdesk.engine.desk import Desk
from agentdesk.engine.seek import Search, names_of
from agentdesk.engine.window import Window
from agentdesk.errors import ConfigLineError, UsageError
from agentdesk.hit import told
from agentdesk.i18n import tr

EVERYTHING = 1 << 40
PAGE = 500
COUNTED = 1001
"""So far are rows counted that --limit keeps back."""
LAST = (1 << 64) - 1


def queue(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        rows = _page(ctx, args, desk, window)
        tickets = window.whole(rows)
        now = desk.now()
        documents = [document.ticket(view, ctx.settings, now) for view in tickets]
        ctx.out(
            documents,
            lambda: _table(ctx, tickets, [standing.time_left(view.row, now) for view in tickets], desk.agent),
        )


def _page(ctx: Context, args: Namespace, desk: Desk, window: Window) -> list[QueueRow]:
    """The rows of a view or of what a filter leaves of it, and on stderr how many --limit keeps back."""
    limit = EVERYTHING if args.limit is None else args.limit
    asked = part(ctx, args.view, args.filter, args.sort)
    if asked.sort and asked.sort not in sorts(asked.view):
        known = ", ".join(sorts(asked.view))
        raise UsageError(
            reason=tr("the view {view} can be in this order: {known}").format(view=asked.view, known=known)
        )
    if not asked.filter and args.filter is None:
        rows = window.queue(asked.view, limit=limit, sort=asked.sort)
        if args.limit is not None and len(rows) == args.limit:
            ctx.left_out(window.counts().views[asked.view] - len(rows))
        return rows
    only = _search(ctx, asked, desk, window).only()
    rows = window.queue(asked.view, limit=limit + COUNTED, only=only, sort=asked.sort)
    _left_out(ctx, len(rows) - limit)
    return rows[:limit]


def _search(ctx: Context, asked: OwnView, desk: Desk, window: Window) -> Search:
    """What the filter finds; one that config.toml says wrong is no wrong word of the command line. Raises UsageError, ConfigError."""
    try:
        return window.search(asked.filter, names_of(ctx.settings))
    except UsageError:
        from agentdesk.cli.faults import of_views

        for each in of_views(ctx, desk):
            if each.key == f"views.{asked.name}.filter":
                raise ConfigLineError(**asdict(each)) from None
        raise


def part(ctx: Context, name: str, query: str | None = None, sort: str | None = None) -> OwnView:
    """The part of the queue that `--view NAME` means, in any case; one of the agents' own is narrowed further by `query`. Raises
    UsageError."""
    ours = {each: OwnView(each, each) for each in VIEWS}
    known = ours | {each.name: each for each in ctx.settings.views}
    meant = known.get(name) or {each.casefold(): known[each] for each in known}.get(name.casefold())
    if meant is None:
        from agentdesk.cli import othernames  # for whoever mistyped, and nobody else

        guess = othernames.view(name)
        near = tr(" (did you mean {word}?)").format(word=guess) if guess else hint(name, list(known))
        text = tr("{value} is not known{hint}").format(value=name, hint=near)
        raise UsageError(reason=f"--view: {text}")
    if meant.name in ours:
        both = query or ""
    else:
        both = " ".join(f"({each})" for each in (meant.filter, query) if each)
    return replace(meant, filter=both, sort=sort or meant.sort)


def search(ctx: Context, args: Namespace) -> int:
    """Messages, newest first; exit status 3 where there is none."""
    hits: list[Found] = []
    with looking(ctx) as (_, window), ctx.progress(tr("Searching")) as progress:
        found = window.search(_query(args.query), names_of(ctx.settings))
        limit = EVERYTHING if args.limit is None else args.limit
        page = PAGE
        while len(hits) < limit and page == PAGE:
            before = hits[-1].key if hits else None
            some = found.messages(limit=min(PAGE, limit - len(hits)), before=before)
            hits += some
            page = len(some)
            progress.at(len(hits))
        if args.limit is not None and len(hits) == limit:
            _left_out(ctx, found.beyond(hits[-1].key if hits else LAST, COUNTED))
    ctx.out([_document(hit) for hit in hits], lambda: _hits(ctx, hits))
    if hits or args.limit == 0:
        return 0
    if not ctx.json:
        ctx.say(tr("Nothing was found."))
    return 3


def _query(words: list[str]) -> str:
    """The query as it was typed: the shell has taken the quotation marks off from:"maria puig" between other words."""
    if len(words) == 1:
        return words[0]
    return " ".join(_SPACED.sub(r'\1"\2"', word) for word in words)


_SPACED = re.compile(r'^(-?[a-z]+:)([^":]*\s[^":]*)$', re.IGNORECASE)


def _left_out(ctx: Context, count: int) -> None:
    if count >= COUNTED:
        ctx.say(tr("More than {count} rows are left out by --limit").format(count=COUNTED - 1))
    else:
        ctx.left_out(count)


def _document(hit: Found) -> dict[str, Any]:
    return {
        "ticket": hit.ticket,
        "message": hit.message,
        "at": plain(hit.at),
        "snippet": hit.snippet,
        "audience": hit.audience,
        "former": hit.former,
    }


def _hits(ctx: Context, hits: list[Found]) -> str:
    rows = [(hit.ticket, ctx.local(hit.at), told(hit)) for hit in hits]
    return table(["#", tr("RECEIVED"), tr("TEXT")], rows)


def channel(settings: Settings, row: QueueRow) -> str:
    """By what it came: the channel, and which account of it where there are several."""
    return f"{present.channel(row.channel)} {settings.apart(row.account)}".rstrip()


def _status(row: QueueRow, agent: str) -> str:
    junk = present.junk() if row.junk else ""
    begun = present.draft(row.drafts, agent) if row.drafts else ""
    return ", ".join(filter(None, (present.status(row.status), junk, begun)))


def _table(ctx: Context, tickets: list[TicketView], left: list[str], agent: str) -> str:
    headings = [tr("LEFT"), "#", tr("CHANNEL"), tr("CUSTOMER"), tr("SUBJECT"), tr("STATUS"), tr("AGENT")]
    return table(
        headings,
        [
            (
                time,
                view.row.number,
                channel(ctx.settings, view.row),
                whose.quoted(view.row.room)
                if view.row.room
                else safe_name(view.row.customer_name or "") or view.row.identity.partition(":")[2],
                present.subject(view.row),
                _status(view.row, agent),
                view.row.assignee,
            )
            for view, time in zip(tickets, left, strict=True)
        ],
    )
