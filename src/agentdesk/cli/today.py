"""`today`: how the day stands, as the console's first screen shows it."""

from argparse import Namespace

from agentdesk import briefing
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.core.morning import Morning
from agentdesk.engine.morning import morning


def today(ctx: Context, _: Namespace) -> None:
    with opened(ctx) as desk:
        told = morning(desk, ctx.settings)
    ctx.out(_document(told), lambda: _text(told, ctx))


def _document(told: Morning) -> dict[str, object]:
    pace = told.pace
    return {
        "at": told.now,
        "since": told.since,
        "arrived": dict(told.arrived),
        "late": told.late,
        "due": [{"hour": hour, "tickets": n} for hour, n in told.due],
        "back": told.back,
        "unanswered": told.unanswered,
        "drafts": told.drafts,
        "outbox": {"waiting": told.held, "stuck": told.stuck},
        "pace": {
            "today": pace.today,
            "a_day": pace.a_day,
            "an_hour": pace.an_hour,
            "seconds": None if pace.hours is None else round(pace.hours * 3600),
        },
    }


def _text(told: Morning, ctx: Context) -> str:
    figures = briefing.figures(told, ctx.settings.desk.tzinfo)
    width = max(len(each.title) for each in figures)
    lines = [f"{each.title:<{width}}  {each.words:>5}  {each.more}".rstrip() for each in figures]
    return "\n".join((*lines, *briefing.bars(told, "#"), briefing.speed(told.pace)))
