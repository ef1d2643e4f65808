"""`today` and `closing`: how a day begins and how it ends, as the console shows it."""

from argparse import Namespace
from datetime import tzinfo

from agentdesk import briefing
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.core.closing import Closing, Ending
from agentdesk.core.morning import Morning
from agentdesk.engine.closing import closing as evening
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
    zone = ctx.settings.desk.tzinfo
    return "\n".join(
        (*_lines(briefing.figures(told, zone)), *briefing.bars(told, "#"), briefing.speed(told.pace))
    )


def _lines(figures: tuple[briefing.Figure, ...]) -> list[str]:
    width = max(len(each.title) for each in figures)
    return [f"{each.title:<{width}}  {each.words:>5}  {each.more}".rstrip() for each in figures]


def closing(ctx: Context, _: Namespace) -> None:
    with opened(ctx) as desk:
        told = evening(desk)
    ctx.out(_evening(told), lambda: _closing_text(told, ctx.settings.desk.tzinfo))


def _evening(told: Closing) -> dict[str, object]:
    ahead = told.night
    return {
        "at": told.now,
        "closes_at": ahead.closes_at,
        "opens_at": ahead.opens_at,
        "until": told.until,
        "windows": {
            "before_opening": [_ending(each) for each in told.lost],
            "next_day": [_ending(each) for each in told.pressed],
        },
        "late": told.late,
        "due": told.due,
        "unanswered": told.unanswered,
        "drafts": told.drafts,
        "outbox": {"waiting": told.held, "failed": told.failed, "unknown": told.unknown},
        "waking": told.waking,
        "clock_shift_seconds": round(told.shift.total_seconds()),
    }


def _ending(each: Ending) -> dict[str, object]:
    return {"ticket": each.number, "channel": each.channel, "name": each.name, "window_until": each.at}


def _closing_text(told: Closing, zone: tzinfo) -> str:
    return "\n".join(
        (briefing.night(told, zone), *_lines(briefing.evening(told, zone)), *briefing.endings(told, zone))
    )
