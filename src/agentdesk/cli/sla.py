"""`sla check|why|board`: the promises in force, why a clock says what it says, and what is due.

Promises: every interval of a clock is listed, counted or skipped, with the reason in words; a mistake in the shop's files is
said with file and key. Refuses: an answer that an agent would have to believe.
"""

import sys
import threading
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from agentdesk import pledges, present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import as_json, table
from agentdesk.cli.promise import documents
from agentdesk.core import sla
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.pledging import PledgeView
from agentdesk.core.sla import Clock, ClockState, Line, Tier
from agentdesk.core.timetable import Reason
from agentdesk.core.views import QueueRow, TicketView
from agentdesk.engine import pledge, promise
from agentdesk.engine.promise import Due, Mistake, Promised, Reasoned
from agentdesk.errors import N_
from agentdesk.i18n import tr

NOT_IN_FORCE, IN_FORCE = 1, 2
EVERY = 1.0
"""Seconds between two looks of the board."""

_REASONS: Mapping[str, str] = {
    Reason.OPEN: N_("open hours"),
    Reason.CLOSED: N_("closed"),
    Reason.HOLIDAY: N_("holiday"),
    Reason.SPECIAL: N_("a day with its own hours"),
    Reason.PAUSED: N_("the ticket waited, the clock stood still"),
    Reason.UNLISTED: N_("pauses or opening hours that are no longer on record"),
}
_STATES: Mapping[str, str] = {
    ClockState.RUNNING: N_("running"),
    ClockState.PAUSED: N_("standing still"),
    ClockState.DUE_SOON: N_("due soon"),
    ClockState.BREACHED: N_("late"),
    ClockState.MET: N_("kept"),
    ClockState.MET_LATE: N_("kept too late"),
    ClockState.VOID: N_("no longer counts"),
}
_TIERS: Mapping[str, str] = {Tier.STANDARD: N_("standard"), Tier.WORLD_CLASS: N_("world class")}
_SOURCES: Mapping[str, str] = {
    "guide": N_("the guide"),
    "agentdesk": N_("agentdesk's own"),
    "shop": N_("the shop"),
}
_BANDS: Mapping[str, str] = {
    "chat": N_("first: chats"),
    "can_meet": N_("second: what can still be met"),
    "late": N_("third: what is late"),
    "rest": N_("last: the rest"),
}
_ORDERS: Mapping[str, str] = {
    "chat_fresh": N_(
        "a chat whose customer wrote less than half an hour ago; the longest waiting comes first"
    ),
    "due": N_("its promise can still be kept; the soonest due comes first"),
    "late": N_("its promise is broken; it has five times the target to be answered after all"),
    "window": N_("the channel takes a free answer only until its window closes; the soonest comes first"),
    "very_late": N_("its promise is broken, and so is the second chance; the longest waiting comes first"),
    "since_before": N_("it waits since before the account was watched; nothing was promised"),
    "no_promise": N_("nothing is promised for it now; the longest waiting comes first"),
    "waiting": N_("it does not need a person now: it waits for somebody else"),
    "snoozed": N_("it does not need a person now: it is snoozed"),
    "resolved": N_("it does not need a person now: it is resolved"),
    "machine": N_("it does not need a person: a machine wrote it"),
    "muted": N_("it does not need a person: its customer is muted"),
    "history": N_("it is history, never work"),
}


def check(ctx: Context, _: Namespace) -> int | None:
    """2 where the desk as configured cannot be used, 1 where something is wrong that is not in use."""
    policy, found = promise.mistakes(ctx.home, ctx.settings)
    promised = promise.promises(policy) if policy else []
    desk = ctx.settings.desk
    data = {
        "preset": desk.preset,
        "calendar": desk.calendar,
        "problems": [_mistake(each) for each in found],
        "targets": [_promised(each) for each in promised],
    }
    ctx.out(data, lambda: _checked(ctx, promised, found))
    if not found:
        return None
    return IN_FORCE if any(each.in_force for each in found) else NOT_IN_FORCE


def _mistake(each: Mistake) -> dict[str, Any]:
    values = each.error.values
    return {
        "file": str(values.get("file")),
        "key": str(values.get("key")),
        "reason": str(values.get("reason")),
        "nearest": values.get("nearest"),
        "in_force": each.in_force,
    }


def _promised(each: Promised) -> dict[str, Any]:
    return {
        "channel": each.channel,
        "metric": each.target.metric.value,
        "tier": each.target.tier.value,
        "seconds": each.target.within,
        "source": each.target.source,
        "like": each.like,
    }


def _checked(ctx: Context, promised: list[Promised], found: list[Mistake]) -> str:
    desk = ctx.settings.desk
    lines = [f"{m['file']}: {m['key']}: {m['reason']}" for m in map(_mistake, found)]
    if promised:
        text = tr("In force: {preset}, calendar {calendar}.")
        calendar = desk.calendar or tr("always open")
        lines += ["", text.format(preset=desk.preset, calendar=calendar), _targets(promised)]
    if not found:
        lines.append(tr("Nothing is wrong with it."))
    return "\n".join(lines).lstrip("\n")


def _targets(promised: list[Promised]) -> str:
    rows = []
    for (channel, metric), some in groupby(promised, lambda each: (each.channel, each.target.metric)):
        tiers = {each.target.tier: each.target for each in some}
        within = [present.span(tiers[tier].within) if tier in tiers else "" for tier in Tier]
        source = " / ".join(dict.fromkeys(tr(_SOURCES[each.source]) for each in tiers.values()))
        rows.append((present.channel(channel), present.metric(metric), *within, source))
    headings = [tr("CHANNEL"), tr("PROMISE"), *(tr(_TIERS[tier]).upper() for tier in Tier), tr("FROM")]
    return table(headings, rows)


def why(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        view, found = promise.reasons(desk, window, args.ticket)
        now, given = desk.now(), pledge.of_ticket(desk, view.row.id)
    row = view.row
    order = {"band": row.band, "reason": row.reason, "text": _order(view)}
    data = {
        "ticket": row.number,
        "status": row.status,
        "order": order,
        "clocks": [_reasoned(each, now) for each in found],
        "promises": documents(given, now),
    }
    zone = ctx.settings.desk.tzinfo
    ctx.out(data, lambda: "\n".join((_why(view, found, now, zone), *_pledged(given, now, zone))))


def _order(view: TicketView) -> str:
    reason = _ORDERS.get(view.row.reason, view.row.reason)
    if view.row.reason not in _ORDERS or view.row.reason in {
        "waiting",
        "snoozed",
        "resolved",
        "machine",
        "muted",
        "history",
    }:
        return tr(reason)
    return f"{tr(_BANDS[view.row.band])}: {tr(reason)}"


def _reasoned(each: Reasoned, now: datetime) -> dict[str, Any]:
    clock = each.clock
    return {
        **_clock(clock, now),
        "spent_seconds": each.spent.total_seconds(),
        "lines": [
            {
                "start": plain(stamp(line.start)),
                "end": plain(stamp(line.end)),
                "counted": line.counted,
                "reason": line.reason.value,
                "name": line.name,
                "text": _words(line),
                "seconds": line.amount.total_seconds(),
            }
            for line in each.lines
        ],
    }


def _clock(clock: Clock, now: datetime) -> dict[str, Any]:
    return {
        "metric": clock.metric.value,
        "tier": clock.tier.value,
        "state": sla.state(clock, now).value,
        "target_seconds": clock.target,
        "started_at": plain(stamp(clock.started_at)),
        "due_at": plain(stamp(clock.due_at)),
        "left_seconds": sla.left(clock, now),
    }


def _words(line: Line) -> str:
    text = tr(_REASONS[line.reason])
    return f"{text}: {line.name}" if line.name else text


def _why(view: TicketView, found: list[Reasoned], now: datetime, zone: tzinfo) -> str:
    lines = [f"#{view.row.number}  {present.subject(view.row)}", _order(view)]
    if not found:
        lines += ["", tr("No promise was ever made on this ticket.")]
    for each in found:
        clock = each.clock
        lines += [
            "",
            tr("{metric}, {tier}: {state}; promised within {target}, due {due}, taken {spent} so far").format(
                metric=present.metric(clock.metric),
                tier=tr(_TIERS[clock.tier]),
                state=tr(_STATES[sla.state(clock, now)]),
                target=present.span(clock.target),
                due=_local(clock.due_at, zone),
                spent=present.span(each.spent.total_seconds()),
            ),
        ]
        rows = [
            (
                _local(line.start, zone),
                _local(line.end, zone),
                tr("counts") if line.counted else tr("does not"),
                present.span(line.amount.total_seconds()),
                _words(line),
            )
            for line in each.lines
        ]
        lines.append(table([tr("BEGINS"), tr("ENDS"), tr("COUNTS"), tr("TIME"), tr("REASON")], rows))
    return "\n".join(lines)


def _pledged(given: list[PledgeView], now: datetime, zone: tzinfo) -> list[str]:
    """What the customer was told in words, which counts in the order beside the clocks."""
    lines = [
        f"{pledges.standing(each, now, zone)} ({_local(moment(each.due_at), zone)}): {each.text}"
        for each in given
    ]
    return ["", tr("Promised to the customer in words:"), *lines] if lines else []


def _local(at: datetime, zone: tzinfo) -> str:
    """The shop's own time with its offset, so that it can be held against the opening hours."""
    return at.astimezone(zone).isoformat(" ", "seconds")


def board(ctx: Context, _: Namespace) -> None:
    """Goes on until somebody ends it: a table on a terminal, a line for every change elsewhere."""
    ticking = threading.Event()
    seen: dict[int, dict[str, Any]] = {}
    drawn = ""
    with looking(ctx) as (desk, window):
        while True:
            now = desk.now()
            due = promise.board(desk, window, now)
            if ctx.json:
                seen = _tell(ctx, seen, due, now)
            else:
                drawn = _draw(ctx, drawn, due, now)
            ticking.wait(EVERY)


def _tell(
    ctx: Context, seen: dict[int, dict[str, Any]], due: list[Due], now: datetime
) -> dict[int, dict[str, Any]]:
    """One line for each that came, changed or went since; time alone is no change."""
    shown = {each.row.number: _due(each, now) for each in due}
    for number, data in shown.items():
        before = seen.get(number)
        if before is None or _fixed(before) != _fixed(data):
            ctx.line({"at": plain(stamp(now)), "event": "changed" if before else "added", **data})
    for number in seen.keys() - shown.keys():
        ctx.line({"at": plain(stamp(now)), "event": "gone", **seen[number]})
    return shown


def _fixed(data: dict[str, Any]) -> str:
    return as_json({key: value for key, value in data.items() if key != "left_seconds"})


def _due(each: Due, now: datetime) -> dict[str, Any]:
    row = each.row
    return {
        "ticket": row.number,
        "subject": row.subject,
        "channel": row.channel,
        "customer": row.customer_name,
        "assignee": row.assignee,
        **(_clock(each.clock, now) if each.clock else _words_of(row, now)),
    }


def _words_of(row: QueueRow, now: datetime) -> dict[str, Any]:
    """What was promised in words, as a clock is told."""
    left = (moment(row.next_due_at or row.created_at) - now).total_seconds()
    return {
        "metric": "promise",
        "tier": None,
        "state": (ClockState.BREACHED if left < 0 else ClockState.RUNNING).value,
        "target_seconds": None,
        "started_at": None,
        "due_at": plain(row.next_due_at),
        "left_seconds": left,
    }


def _draw(ctx: Context, drawn: str, due: list[Due], now: datetime) -> str:
    """Draws the table anew: each second on a terminal, elsewhere where more than the time left has changed."""
    terminal = sys.stdout.isatty()
    nothing = tr("Nothing is due.")
    text = _board(due, now, left=True) or nothing
    fixed = _board(due, now, left=False) or nothing
    if terminal:
        ctx.page(text)
    elif fixed != drawn:
        ctx.line(None, f"{text}\n")
    return fixed


def _board(due: list[Due], now: datetime, *, left: bool) -> str:
    headings = [tr("LEFT"), "#", tr("STATE"), tr("PROMISE"), tr("CHANNEL"), tr("CUSTOMER"), tr("SUBJECT")]
    rows = [
        (
            present.span(told["left_seconds"]) if left else "",
            each.row.number,
            tr(_STATES[told["state"]]),
            tr("promise") if each.clock is None else present.metric(each.clock.metric),
            present.channel(each.row.channel),
            each.row.customer_name or each.row.identity.partition(":")[2],
            present.subject(each.row),
        )
        for each, told in ((each, _due(each, now)) for each in due)
    ]
    return table(headings, rows)
