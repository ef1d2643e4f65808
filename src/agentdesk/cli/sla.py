"""`sla check|why|apply`: the promises in force, why a clock says what it says, and what a change of them does.

Promises: every interval of a clock is listed, counted or skipped, with the reason in words; a mistake in the shop's files is
said with file and key. Refuses: an answer that an agent would have to believe.
"""

from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from agentdesk import course, pledges, present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking, opened
from agentdesk.cli.output import table
from agentdesk.cli.promise import documents
from agentdesk.core import sla
from agentdesk.core.explain import Line
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.pledging import PledgeView
from agentdesk.core.sla import Clock, ClockState, Target, Tier
from agentdesk.core.timetable import Reason
from agentdesk.core.views import TicketView
from agentdesk.engine import pledge, promise
from agentdesk.engine.promise import Mistake, Promised, Reasoned
from agentdesk.engine.reckoning import Moved, Reckoning
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

NOT_IN_FORCE, IN_FORCE = 1, 2

_REASONS: Mapping[str, str] = {
    Reason.OPEN: N_("open hours"),
    Reason.CLOSED: N_("closed"),
    Reason.HOLIDAY: N_("holiday"),
    Reason.SPECIAL: N_("a day with its own hours"),
    Reason.PAUSED: N_("the ticket waited, the clock stood still"),
    Reason.MONTHS: N_("months of the calendar, at any hour"),
    Reason.UNLISTED: N_("pauses or opening hours that are no longer on record"),
}
STATES: Mapping[str, str] = {
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
_LAYERS: Mapping[str, str] = {
    "segment": N_("customers in {name}"),
    "kind": N_("kind {name}"),
    "priority": N_("priority {name}"),
}
_FORMER: Mapping[str, str] = {
    "Prioritised": N_("its priority was changed"),
    "MacroRun": N_("its priority was changed"),
    "Described": N_("it was said what kind of matter it is"),
    "PlaybookChosen": N_("it was said what kind of matter it is"),
    "Merged": N_("it was said what kind of matter it is"),
    "Moved": N_("it was given to another customer"),
    "Reclocked": N_("the shop's targets or opening hours were changed"),
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
        "line": values.get("line"),
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
        "months": each.target.months or None,
        "due_soon_seconds": each.target.soon,
        "source": each.target.source,
        "like": each.like,
        "of": each.target.of,
        "name": each.name or None,
    }


def _checked(ctx: Context, promised: list[Promised], found: list[Mistake]) -> str:
    desk = ctx.settings.desk
    lines = [present.problem(each.error).detail for each in found]
    if promised:
        text = tr("In force: {preset}, calendar {calendar}.")
        calendar = desk.calendar or tr("always open")
        lines += ["", text.format(preset=desk.preset, calendar=calendar), _targets(promised)]
    if not found:
        lines.append(tr("Nothing is wrong with it."))
    return "\n".join(lines).lstrip("\n")


def _targets(promised: list[Promised]) -> str:
    rows = []
    for (whose, metric), some in groupby(promised, lambda each: (_whose(each), each.target.metric)):
        tiers = {each.target.tier: each.target for each in some}
        within = [_within(tiers[tier]) if tier in tiers else "" for tier in Tier]
        source = " / ".join(dict.fromkeys(tr(_SOURCES[each.source]) for each in tiers.values()))
        rows.append((whose, present.metric(metric), *within, source))
    headings = [tr("CHANNEL"), tr("PROMISE"), *(tr(_TIERS[tier]).upper() for tier in Tier), tr("FROM")]
    return table(headings, rows)


def _whose(each: Promised) -> str:
    """The channel, or whom and what else it is for."""
    channel = present.channel(each.channel) if each.channel else ""
    if not each.name:
        return channel
    names = {"kind": course.kind, "priority": present.priority}
    name = names.get(each.target.of, str)(each.name)
    return ", ".join(filter(None, (tr(_LAYERS[each.target.of]).format(name=name), channel)))


def _length(seconds: int, months: int) -> str:
    """How long a promise is."""
    if months:
        return tr_n("{n} month", "{n} months", months).format(n=months)
    return present.span(seconds)


def _within(target: Target) -> str:
    """How long it is, and how long before its end it is due soon, where it says so."""
    text = _length(target.within, target.months)
    if target.soon is None:
        return text
    return tr("{time}, due soon {soon} before").format(time=text, soon=present.span(target.soon))


def apply(ctx: Context, args: Namespace) -> None:
    """What is promised now counts for what is open already."""
    with opened(ctx) as desk:
        reckoning = Reckoning(desk)
        if args.dry_run:
            found = reckoning.foreseen()
        else:
            while reckoning.step():
                pass
            found = reckoning.changed()
    n = len({each.ticket for each in found})
    data = {"tickets": n, "dry_run": args.dry_run, "clocks": [_moved(each) for each in found]}
    ctx.out(data, lambda: _applied(n, found, ctx.settings.desk.tzinfo, dry=args.dry_run))


def _moved(each: Moved) -> dict[str, Any]:
    was, now = each.was_due_at, each.due_at
    return {
        "ticket": each.ticket,
        "metric": each.metric.value,
        "tier": each.tier.value,
        "was_due_at": plain(stamp(was)) if was else None,
        "due_at": plain(stamp(now)) if now else None,
        "moved_seconds": (now - was).total_seconds() if now and was else None,
    }


def _applied(n: int, found: list[Moved], zone: tzinfo, *, dry: bool) -> str:
    if not found:
        return (
            tr("Nothing that is open would be due at another time.")
            if dry
            else tr("Nothing that is open is due at another time.")
        )
    if dry:
        text = tr_n(
            "{n} ticket would be due at another time.", "{n} tickets would be due at another time.", n
        )
    else:
        text = tr_n("{n} ticket is due at another time now.", "{n} tickets are due at another time now.", n)
    rows = [
        (
            each.ticket,
            present.metric(each.metric),
            tr(_TIERS[each.tier]),
            _local(each.was_due_at, zone) if each.was_due_at else tr("nothing promised"),
            _local(each.due_at, zone) if each.due_at else tr("nothing promised"),
        )
        for each in found
    ]
    headings = ["#", tr("PROMISE"), tr("TIER"), tr("WAS DUE"), tr("IS DUE")]
    return f"{table(headings, rows)}\n{text.format(n=n)}"


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
        **clock_data(clock, now),
        "spent_seconds": each.spent.total_seconds(),
        "months": clock.months or None,
        "of": clock.of,
        "former": [
            {
                "until": plain(stamp(was.until)),
                "target_seconds": was.target,
                "months": was.months or None,
                "due_at": plain(stamp(was.due_at)),
                "event": was.event,
            }
            for was in each.former
        ],
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


def clock_data(clock: Clock, now: datetime) -> dict[str, Any]:
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
                state=tr(STATES[sla.state(clock, now)]),
                target=_length(clock.target, clock.months),
                due=_local(clock.due_at, zone),
                spent=present.span(each.spent.total_seconds()),
            ),
            *_former(each, zone),
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


def _former(each: Reasoned, zone: tzinfo) -> list[str]:
    """What was promised before, the first promise first, and why it is another one by now."""
    lines = []
    for number, was in enumerate(each.former):
        text = tr("then: {target}, due {due}") if number else tr("promised at first: {target}, due {due}")
        why = tr(_FORMER.get(was.event, was.event))
        said = text.format(target=_length(was.target, was.months), due=_local(was.due_at, zone))
        lines.append(tr("{promise}; on {at} {why}").format(promise=said, at=_local(was.until, zone), why=why))
    return lines


def _local(at: datetime, zone: tzinfo) -> str:
    """The shop's own time with its offset, so that it can be held against the opening hours."""
    return at.astimezone(zone).isoformat(" ", "seconds")
