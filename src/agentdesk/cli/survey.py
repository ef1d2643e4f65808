"""`survey ask|list`, and `customer surveys`: how it was, asked and answered. The figures are `report csat`.

Promises: a day means the desk's day, and the last one is within. Refuses: figures.
"""

from argparse import Namespace
from typing import Any

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.customer import shown
from agentdesk.cli.desk import looking
from agentdesk.cli.given import period_of
from agentdesk.cli.output import table
from agentdesk.core.csat import Survey
from agentdesk.core.instant import maybe_stamp, plain, stamp
from agentdesk.core.surveyed import WantSurveys
from agentdesk.core.views import leaves_by
from agentdesk.engine import survey
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import connector
from agentdesk.errors import NotFoundError
from agentdesk.i18n import tr

EVER = "2000-01-01"
"""Before any survey."""


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
            present.channel(each.channel),
            ctx.local(each.asked_at),
            "-" if each.score is None else each.score,
            ctx.local(each.rated_at) or "-",
        )
        for each in found
    ]
    headings = ["#", tr("AGENT"), tr("CHANNEL"), tr("ASKED"), tr("RATED"), tr("AT")]
    ctx.out([_survey(each) for each in found], table(headings, rows))


def wanted(ctx: Context, args: Namespace) -> None:
    """Prints the customer as it is afterwards."""
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        event = desk.do(WantSurveys(customer, wanted=args.said == "on"))
        shown(ctx, desk, customer, event.id)


def _within(ctx: Context, desk: Desk, args: Namespace) -> list[Survey]:
    if args.since is None and args.until is None:
        return survey.all_of(desk)
    within = period_of(ctx, desk.now(), args.since or EVER, args.until)
    return survey.all_of(desk, within.since, within.until)


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
