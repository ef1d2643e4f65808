"""`sla why`: why a clock says what it says, and why its ticket stands where it stands.

Promises: every interval of a clock is listed, counted or skipped, with the reason in words, and what was promised before. Refuses: an
answer that an agent would have to believe.
"""

from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from agentdesk import duration, pledges, present
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.cli.promise import documents
from agentdesk.cli.sla import TIERS, length
from agentdesk.core import sla
from agentdesk.core.explain import Line
from agentdesk.core.instant import moment, plain, stamp
from agentdesk.core.pledging import PledgeView
from agentdesk.core.sla import Clock, ClockState
from agentdesk.core.timetable import Reason
from agentdesk.core.views import TicketView
from agentdesk.dates import local
from agentdesk.engine import pledge, promise
from agentdesk.engine.promise import Reasoned
from agentdesk.errors import N_
from agentdesk.i18n import tr

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
_FORMER: Mapping[str, str] = {
    "Prioritised": N_("its priority was changed"),
    "MacroRun": N_("its priority was changed"),
    "Described": N_("it was said what kind of matter it is"),
    "PlaybookChosen": N_("it was said what kind of matter it is"),
    "Merged": N_("it was said what kind of matter it is"),
    "Moved": N_("it was given to another customer"),
    "Reclocked": N_("the shop's targets or opening hours were changed"),
}
_OF: Mapping[str, str] = {
    "segment": N_("promised so because of the customer's segment"),
    "kind": N_("promised so because of its kind"),
    "priority": N_("promised so because of its priority"),
}
_LIVE = N_("{metric}, {tier}: {state}; promised within {target}, due {due}, taken {spent} so far")
_HEADINGS: Mapping[ClockState, str] = {
    ClockState.MET: N_("{metric}, {tier}: {state}; promised within {target}, due {due}, taken {spent}"),
    ClockState.MET_LATE: N_("{metric}, {tier}: {state}; promised within {target}, due {due}, taken {spent}"),
    ClockState.VOID: N_("{metric}, {tier}: {state}; it was promised within {target}, due {due}"),
}
_BY_SEGMENT = N_("its customer came into a segment or left one")
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
    "since_before": N_("it has been waiting since before the account was watched; nothing was promised"),
    "no_promise": N_("nothing is promised for it now; the longest waiting comes first"),
    "waiting": N_("it does not need a person now: it waits for somebody else"),
    "snoozed": N_("it does not need a person now: it is snoozed"),
    "resolved": N_("it does not need a person now: it is resolved"),
    "machine": N_("it does not need a person: a machine wrote it"),
    "muted": N_("it does not need a person: its customer is muted"),
    "history": N_("it is history, never work"),
}


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
                "by_segment": was.by_segment,
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
        "soon_at": plain(stamp(clock.soon_at)),
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
            tr(_HEADINGS.get(clock.state, _LIVE)).format(
                metric=present.metric(clock.metric),
                tier=tr(TIERS[clock.tier]),
                state=tr(STATES[sla.state(clock, now)]),
                target=length(clock.target, clock.months),
                due=local(clock.due_at, zone),
                spent=duration.whole(each.spent.total_seconds()),
            ),
            *_because(clock, zone),
            *_former(each, zone),
        ]
        rows = [
            (
                local(line.start, zone),
                local(line.end, zone),
                tr("counts") if line.counted else tr("does not"),
                amount,
                _words(line),
            )
            for line, amount in zip(each.lines, _amounts(each), strict=True)
        ]
        lines.append(table([tr("BEGINS"), tr("ENDS"), tr("COUNTS"), tr("TIME"), tr("REASON")], rows))
    return "\n".join(lines)


def _amounts(each: Reasoned) -> list[str]:
    """What each stretch adds, so that the column adds up to what was promised; months of the calendar have days."""
    amounts = [line.amount.total_seconds() for line in each.lines]
    return list(map(duration.span, amounts)) if each.clock.months else duration.parts(amounts)


def _because(clock: Clock, zone: tzinfo) -> list[str]:
    """For what it was promised, where that is not its channel, and from when on it is due soon, while it runs."""
    said = [tr(_OF[clock.of])] if clock.of in _OF else []
    if clock.state is ClockState.RUNNING:
        said.append(tr("due soon from {time} on").format(time=local(clock.soon_at, zone)))
    return ["; ".join(said)] if said else []


def _pledged(given: list[PledgeView], now: datetime, zone: tzinfo) -> list[str]:
    """What the customer was told in words, which counts in the order beside the clocks."""
    lines = [
        f"{pledges.standing(each, now, zone)} ({local(moment(each.due_at), zone)}): {each.text}"
        for each in given
    ]
    return ["", tr("Promised to the customer in words:"), *lines] if lines else []


def _former(each: Reasoned, zone: tzinfo) -> list[str]:
    """What was promised before, the first promise first, and why it is another one by now."""
    lines = []
    for number, was in enumerate(each.former):
        text = tr("then: {target}, due {due}") if number else tr("promised at first: {target}, due {due}")
        why = tr(_BY_SEGMENT if was.by_segment else _FORMER.get(was.event, was.event))
        said = text.format(target=length(was.target, was.months), due=local(was.due_at, zone))
        lines.append(tr("{promise}; on {at} {why}").format(promise=said, at=local(was.until, zone), why=why))
    return lines
