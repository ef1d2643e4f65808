"""`demo`: a simulated day of a shop, in a home of its own and never in that of a real desk."""

import asyncio
import os
import signal
from argparse import Namespace
from typing import Any

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.parse import arguments_of
from agentdesk.cli.queue import queue
from agentdesk.config import Home
from agentdesk.core.instant import plain
from agentdesk.engine import demo as day
from agentdesk.engine.desk import Desk
from agentdesk.engine.sync import sync_once
from agentdesk.i18n import tr


def begin(ctx: Context, args: Namespace) -> None:
    """Makes the home of this command a demo's and receives what has come so far in its day."""
    day.prepare(ctx.home, args.speed)
    with opened(ctx) as desk, ctx.progress(tr("The shop's mail is coming in")) as progress:
        passes = sync_once(
            desk, ctx.home, ctx.settings.accounts, lambda _, batch: progress.at(batch.done, batch.total)
        )
    for error in (error for each in passes for error in each.errors):
        raise error


def demo(ctx: Context, args: Namespace) -> None:
    """Without a screen: receives what has come so far, lets the day go on where asked to, and prints the queue."""
    ctx.home = place(ctx)
    begin(ctx, args)
    if args.headless or args.seconds is not None:
        with opened(ctx) as desk:
            _live(ctx, desk, args.seconds)
    _queue(ctx)
    text = tr("Look further: agentdesk --home {home} queue, agentdesk --home {home} show N")
    ctx.say(text.format(home=ctx.home.config))


def place(ctx: Context) -> Home:
    """`--home` and AGENTDESK_HOME count; else a place beside everything that is the user's."""
    return ctx.home if _given(ctx) else _beside()


def own_place(ctx: Context) -> Home:
    """Where the demo lives for whoever came by a desk of their own: where it always does, or within the home that was given."""
    return Home.under(ctx.home.config / "try") if _given(ctx) else _beside()


def _given(ctx: Context) -> bool:
    return bool(ctx.options.home or os.environ.get("AGENTDESK_HOME"))


def _beside() -> Home:
    from platformdirs import user_state_path

    return Home.under(user_state_path("agentdesk-demo", appauthor=False))


def _live(ctx: Context, desk: Desk, seconds: float | None) -> None:
    """The day goes on, until its time is over or somebody ends it; both are fine."""

    async def until_over() -> None:
        task = asyncio.ensure_future(
            day.live(
                desk, ctx.home, ctx.settings, seconds, lambda news: ctx.line(_document(news), _line(news))
            )
        )
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            ctx.say(tr("Stopped."))

    asyncio.run(until_over())


def _document(news: day.News) -> dict[str, Any]:
    row = news.row
    return {
        "event": news.kind,
        "at": plain(row.last_message_at if news.kind == "arrived" else row.next_due_at),
        "ticket": row.number,
        "channel": row.channel,
        "customer": row.customer_name,
        "subject": row.subject,
        "language": row.language,
        "messages": row.messages,
    }


def _line(news: day.News) -> str:
    row = news.row
    template = tr("#{ticket} {channel}: {customer} wrote: {subject}")
    if news.kind == "late":
        template = tr("#{ticket} {channel}: late: {customer}: {subject}")
    return template.format(
        ticket=row.number,
        channel=present.channel(row.channel),
        customer=row.customer_name,
        subject=present.subject(row),
    )


def _queue(ctx: Context) -> None:
    from agentdesk.cli.verbs import VERBS

    verb = next(each for each in VERBS if each.name == "queue")
    queue(ctx, arguments_of(verb, []))
