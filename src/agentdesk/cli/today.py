"""`today` and `closing`: how a day begins and how it ends, as the console shows it."""

from argparse import Namespace
from datetime import tzinfo

from agentdesk import briefing, nightfall
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.core.afterhours import Heard
from agentdesk.core.closing import Closing, Ending
from agentdesk.core.morning import Morning
from agentdesk.engine.closing import closing as evening
from agentdesk.engine.closing import hearing
from agentdesk.engine.morning import morning
from agentdesk.engine.rules import load


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
    desk = ctx.settings.desk
    figures = briefing.figures(told, desk.tzinfo)
    return "\n".join(
        (
            briefing.greeting(ctx.agent.name, told.now.astimezone(desk.tzinfo), desk.language),
            *_lines(figures),
            *briefing.at_ease(figures),
            *briefing.bars(told, "#"),
            briefing.speed(told.pace),
        )
    )


def _lines(figures: tuple[briefing.Figure, ...]) -> list[str]:
    width = max(len(each.title) for each in figures)
    return [f"{each.title:<{width}}  {each.words:>5}  {each.more}".rstrip() for each in figures]


def closing(ctx: Context, _: Namespace) -> None:
    with opened(ctx) as desk:
        told, heard = evening(desk), hearing(desk, ctx.settings, load(ctx.home, ctx.settings))
    document = {**_evening(told), "hears": [_heard(each, told) for each in heard]}
    ctx.out(document, lambda: _closing_text(told, heard, ctx.settings.desk.tzinfo))


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


def _heard(each: Heard, told: Closing) -> dict[str, object]:
    return {
        "channel": each.channel,
        "until": told.night.opens_at,
        "rules": list(each.rules),
        "in_part": each.in_part,
        "provider": each.provider,
        "silent": each.is_silence,
    }


def _closing_text(told: Closing, heard: tuple[Heard, ...], zone: tzinfo) -> str:
    figures = briefing.evening(told, heard, zone)
    return "\n".join(
        (
            briefing.night(told, zone),
            *_lines(figures),
            *briefing.at_rest(figures),
            *nightfall.heard(heard, told, zone),
            *nightfall.remedies(heard, told),
            *briefing.endings(told, zone),
        )
    )
