"""`sla check|apply`: the promises in force, how they are kept, and what a change of them does.

Promises: a mistake in the shop's files is said with file and key. Refuses: changing anything before it was asked to.
"""

from argparse import Namespace
from collections.abc import Mapping
from datetime import tzinfo
from itertools import groupby
from typing import Any

from agentdesk import duration, matter, present
from agentdesk.cli import attainment
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.cli.output import table
from agentdesk.core.instant import plain, stamp
from agentdesk.core.sla import Target, Tier
from agentdesk.dates import local
from agentdesk.engine import promise
from agentdesk.engine.promise import Mistake, Promised
from agentdesk.engine.reckoning import Moved, Reckoning
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

NOT_IN_FORCE, IN_FORCE = 1, 2

TIERS: Mapping[str, str] = {Tier.STANDARD: N_("standard"), Tier.WORLD_CLASS: N_("world class")}
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


def check(ctx: Context, args: Namespace) -> int | None:
    """2 where the desk as configured cannot be used, 1 where something is wrong that is not in use. How well promises are kept
    changes nothing there."""
    policy, found = promise.mistakes(ctx.home, ctx.settings)
    promised = promise.promises(policy) if policy else []
    kept = attainment.kept(ctx, args.since, args.until) if policy else None
    desk = ctx.settings.desk
    data = {
        "preset": desk.preset,
        "calendar": desk.calendar,
        "problems": [_mistake(each) for each in found],
        "targets": [_promised(each) for each in promised],
        "kept": attainment.document(kept) if kept else None,
    }
    ctx.out(data, lambda: "\n".join((_checked(ctx, promised, found), *attainment.lines(ctx, kept))))
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
    headings = [tr("CHANNEL"), tr("PROMISE"), *(tr(TIERS[tier]).upper() for tier in Tier), tr("FROM")]
    return table(headings, rows)


def _whose(each: Promised) -> str:
    """The channel, or whom and what else it is for."""
    channel = present.channel(each.channel) if each.channel else ""
    if not each.name:
        return channel
    names = {"kind": matter.kind, "priority": present.priority}
    name = names.get(each.target.of, str)(each.name)
    return ", ".join(filter(None, (tr(_LAYERS[each.target.of]).format(name=name), channel)))


def length(seconds: int, months: int) -> str:
    """How long a promise is."""
    if months:
        return tr_n("{n} month", "{n} months", months).format(n=months)
    return duration.whole(seconds)


def _within(target: Target) -> str:
    """How long it is, and how long before its end it is due soon, where it says so."""
    text = length(target.within, target.months)
    if target.soon is None:
        return text
    return tr("{time}, due soon {soon} before").format(time=text, soon=duration.whole(target.soon))


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
            tr(TIERS[each.tier]),
            local(each.was_due_at, zone) if each.was_due_at else tr("nothing promised"),
            local(each.due_at, zone) if each.due_at else tr("nothing promised"),
        )
        for each in found
    ]
    headings = ["#", tr("PROMISE"), tr("TIER"), tr("WAS DUE"), tr("IS DUE")]
    return f"{table(headings, rows)}\n{text.format(n=n)}"
