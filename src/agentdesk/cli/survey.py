"""`survey ask|list|report`, and `customer surveys`: how it was, asked and answered.

Promises: a share stands beside how many it is a share of and beside the tickets it comes from; a day means the desk's day.
Refuses: a figure where nobody has answered.
"""

from argparse import Namespace
from datetime import timedelta
from typing import Any

from agentdesk import rated
from agentdesk.cli.context import Context
from agentdesk.cli.customer import shown
from agentdesk.cli.desk import looking
from agentdesk.cli.given import day_of
from agentdesk.cli.output import table
from agentdesk.core.csat import Csat, Survey, csat
from agentdesk.core.instant import maybe_stamp, plain, stamp
from agentdesk.core.surveyed import WantSurveys
from agentdesk.core.views import leaves_by
from agentdesk.engine import survey
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import connector
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr


def ask(ctx: Context, args: Namespace) -> None:
    """Prints `{ticket, message, state, event, channel}`."""
    with looking(ctx) as (desk, window):
        row = window.ticket(args.ticket).row
        channel, name = leaves_by(window.to_whom(row.id), row)
        account = ctx.settings.account(name)
        if account is None:
            raise NotFoundError(what="account", name=name)
        done = survey.ask(desk, ctx.settings, ctx.home, connector(ctx.home, account), row)
    data = {
        "ticket": row.number,
        "message": done.message,
        "state": done.state,
        "event": done.event.id,
        "channel": channel,
    }
    ctx.out(data, tr("#{number}: the survey is in the outbox.").format(number=row.number))


def list_surveys(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, _):
        found = _within(ctx, desk, args)
    rows = [
        (
            each.ticket,
            each.agent or "-",
            each.channel,
            plain(stamp(each.asked_at)),
            "-" if each.score is None else each.score,
            plain(maybe_stamp(each.rated_at)) or "-",
        )
        for each in found
    ]
    headings = ["#", tr("AGENT"), tr("CHANNEL"), tr("ASKED"), tr("RATED"), tr("AT")]
    ctx.out([_survey(each) for each in found], table(headings, rows))


def report(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, _):
        found = csat(_within(ctx, desk, args), args.by)
    headings = [tr("OF"), tr("CSAT"), tr("95 %"), tr("N"), tr("MEAN"), tr("DELIVERED"), tr("ANSWERED")]
    rows = [(each.of or (tr("all") if args.by is None else "-"), *rated.figures(each)) for each in found]
    ctx.out([_figures(each) for each in found], table(headings, rows))


def wanted(ctx: Context, args: Namespace) -> None:
    """Prints the customer as it is afterwards."""
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        event = desk.do(WantSurveys(customer, wanted=args.said == "on"))
        shown(ctx, desk, customer, event.id)


def _within(ctx: Context, desk: Desk, args: Namespace) -> list[Survey]:
    since = day_of(ctx, desk, "--from", args.since)
    until = day_of(ctx, desk, "--to", args.until)
    return survey.all_of(desk, since, until and until + timedelta(days=1))


def _survey(each: Survey) -> dict[str, Any]:
    return {
        "ticket": each.ticket,
        "message": each.message,
        "agent": each.agent,
        "channel": each.channel,
        "asked_at": plain(stamp(each.asked_at)),
        "delivered": each.delivered,
        "score": each.score,
        "rated_at": plain(maybe_stamp(each.rated_at)),
        "answer": each.answer,
    }


def _figures(each: Csat) -> dict[str, Any]:
    low, high = each.interval or (None, None)
    return {
        "of": each.of or None,
        "csat": each.share,
        "low": low,
        "high": high,
        "n": each.n,
        "mean": each.mean,
        "asked": each.asked,
        "delivered": each.delivered,
        "response_rate": each.response_rate,
        "content": list(each.content),
        "discontent": list(each.discontent),
    }
