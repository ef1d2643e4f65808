"""`rules list|check|dry-run|on|off|fired`: what is done by itself, what is wrong with it, what it would have done.

Promises: a rule with a fault is never put on, and the fault is said with file and line; a dry run writes nothing and says why what did not
fire did not. Refuses: running them, which `sync` does.
"""

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from agentdesk import config, rulewords
from agentdesk.cli import document as documents
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking, opened
from agentdesk.cli.output import table
from agentdesk.core.dates import beginning
from agentdesk.core.instant import plain, stamp
from agentdesk.core.rules import Rule
from agentdesk.engine import ruling
from agentdesk.engine.rehearsal import Near, Rehearsed, Would, rehearse
from agentdesk.engine.rules import RULE, load, switched
from agentdesk.errors import NotFoundError, UsageError
from agentdesk.i18n import tr, tr_n
from agentdesk.rulebook import Loaded
from agentdesk.shopfile import Lines, Problem


def list_rules(ctx: Context, _: Namespace) -> None:
    """Every rule with what it did; what is wrong with others is narrated."""
    settings = ctx.settings
    loaded = load(ctx.home, settings)
    for problem in loaded.problems:
        ctx.say(str(problem))
    with opened(ctx) as desk:
        standing = ruling.standing(desk)
    language = settings.desk.language
    document = [
        {
            **_summary(rule, language),
            "on": rule.name in settings.rules,
            "fired": standing.fired.get(rule.name, (0, ""))[0],
            "last_fired_at": plain(standing.fired[rule.name][1]) if rule.name in standing.fired else None,
            "waiting": standing.waiting.get(rule.name, 0),
            "failed": standing.failed.get(rule.name, 0),
        }
        for rule in loaded.rules
    ]
    headings = [tr("NAME"), tr("ON"), tr("ORDER"), tr("FIRED"), tr("WAITING"), tr("FAILED"), tr("TITLE")]
    rows = [
        (
            each["name"],
            tr("on") if each["on"] else tr("off"),
            each["order"],
            each["fired"],
            each["waiting"],
            each["failed"],
            each["title"],
        )
        for each in document
    ]
    ctx.out(document, table(headings, rows))
    if loaded.rules and not settings.rules:
        ctx.say(
            tr(
                "None is on: agentdesk rules dry-run --since 30d says what each would have done, agentdesk rules on NAME switches one on."
            )
        )


def _summary(rule: Rule, language: str) -> dict[str, Any]:
    return {
        "name": rule.name,
        "title": rule.title(language),
        "order": rule.order,
        "events": list(rule.on),
        "where": rule.where,
        "when": rule.when,
        "after": rule.after or None,
        "counts": rule.counts,
        "unless": list(rule.unless),
        "does": list(rule.did()),
        "source": rule.source,
    }


def check(ctx: Context, _: Namespace) -> int | None:
    """1 where something is wrong; the list is the result either way. Why a rule of the shop's own could not be put on is no fault of
    one that is off, and only narrated."""
    loaded = load(ctx.home, ctx.settings)
    own = {rule.source for rule in loaded.rules}
    for problem in loaded.hindered:
        if str(problem.file) in own:  # of the shipped ones nobody asked
            ctx.say(tr("It is off, and could not be put on: {problem}").format(problem=problem))
    problems = [*loaded.problems, *unknown(ctx, loaded)]
    document = [{**asdict(each), "file": str(each.file)} for each in problems]
    if problems:
        ctx.out(document, "\n".join(map(str, problems)))
        return 1
    count = len(loaded.rules)
    text = tr_n("{count} rule, nothing wrong with it", "{count} rules, nothing wrong with them", count)
    ctx.out(document, text.format(count=count))
    return None


def unknown(ctx: Context, loaded: Loaded) -> list[Problem]:
    """Names in config.toml of rules that are not there."""
    known = {rule.name for rule in loaded.rules} | {problem.file.stem for problem in loaded.problems}
    file = ctx.home.config_file
    lines = Lines(ctx.home.config_file.read_text("utf-8-sig"))
    return [
        Problem(
            file,
            next((at for mark in "\"'" if (at := lines.of("rules.on", f"{mark}{name}{mark}")) > 1), 1),
            "rules.on",
            tr("there is no rule {name}{hint}; `agentdesk rules list` shows what there is").format(
                name=name, hint=config.hint(name, known)
            ),
        )
        for name in ctx.settings.rules
        if name not in known
    ]


def switch_on(ctx: Context, args: Namespace) -> None:
    """The rule looks at what happens from now on; raises UsageError where something is wrong with it, or with it beside the others."""
    _switch(ctx, args.name, on=True)


def switch_off(ctx: Context, args: Namespace) -> None:
    """What waited for it is forgotten."""
    _switch(ctx, args.name, on=False)


def _switch(ctx: Context, name: str, *, on: bool) -> None:
    config.ensure(ctx.home)
    with opened(ctx) as desk:
        names = switched(desk, ctx.home, ctx.settings, name, on=on).rules
    ctx.out(
        {"on": list(names)}, tr("Rules that are on: {names}").format(names=", ".join(names) or tr("none"))
    )


def _not_there(name: str, loaded: Loaded) -> NotFoundError:
    return NotFoundError(what=RULE, name=f"{name}{config.hint(name, [rule.name for rule in loaded.rules])}")


def fired(ctx: Context, args: Namespace) -> None:
    """What rules did, the newest first; of one ticket, or of all. What they could not do is among it."""
    with looking(ctx) as (desk, window):
        ticket = window.ticket(args.ticket).row.id if args.ticket else None
        done = ruling.done(desk, ticket)
    if args.limit is not None and len(done) > args.limit:
        ctx.left_out(len(done) - args.limit)
        done = done[: args.limit]
    document = [documents.ruled(each) for each in done]
    rows = [(ctx.local(each.at), f"#{each.number}", each.rule, rulewords.line(each)) for each in done]
    ctx.out(document, table([tr("WHEN"), tr("TICKET"), tr("RULE"), tr("WHAT AND WHY")], rows))


def dry_run(ctx: Context, args: Namespace) -> None:
    """Of the rules that are on, of those named, or of all where none is on; what cannot be with another of them is left out and said."""
    settings = ctx.settings
    names = _meant(load(ctx.home, settings), args.names, settings.rules)
    loaded = load(ctx.home, replace(settings, rules=names))
    for problem in loaded.problems:
        ctx.say(str(problem))
    with opened(ctx) as desk:
        since = beginning(args.since, desk.now(), settings.desk.tzinfo)
        if since is None:
            text = tr("{value} is not a day; it can be 2026-11-22, 22/11/2026, yesterday or 30d")
            raise UsageError(reason=text.format(value=args.since))
        rules = loaded.on(names)
        found = rehearse(desk, ctx.home, settings, rules, since)
    document = {
        "since": plain(stamp(since)),
        "rules": [_count(each, found) for each in rules],
        "fired": [_would(each) for each in found.fired],
    }
    ctx.out(document, _told(ctx, rules, found))


def _meant(loaded: Loaded, names: Sequence[str], on: Sequence[str]) -> tuple[str, ...]:
    known = {rule.name for rule in loaded.rules}
    for name in names:
        if name not in known:
            raise _not_there(name, loaded)
    rules = loaded.on(names or on)
    return tuple(each.name for each in rules or loaded.rules)


def _count(rule: Rule, found: Rehearsed) -> dict[str, Any]:
    fired = [each for each in found.fired if each.rule == rule.name]
    return {
        "name": rule.name,
        "fired": sum(not each.refused for each in fired),
        "refused": sum(bool(each.refused) for each in fired),
        "missed": dict(found.missed.get(rule.name, {})),
        "nearest": [_near(each) for each in found.nearest.get(rule.name, ())],
    }


def _would(each: Would) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "ticket": each.number,
        "at": plain(stamp(each.at)),
        "event": each.kind,
        "cause": each.cause,
        "did": list(each.did),
        "writes": not each.refused if rulewords.is_said(each.did) else None,
        "error": rulewords.failure(each.refused, each.values) if each.refused else None,
    }


def _near(each: Near) -> dict[str, Any]:
    missed = each.missed
    return {
        "ticket": each.number,
        "at": plain(stamp(each.at)),
        "reason": missed.reason,
        "words": list(missed.words),
        "text": rulewords.missed(missed.reason, missed.words),
    }


def _told(ctx: Context, rules: Sequence[Rule], found: Rehearsed) -> str:
    headings = [tr("WHEN"), tr("TICKET"), tr("RULE"), tr("WHAT AND WHY")]
    rows = [
        (
            ctx.local(each.at),
            f"#{each.number}",
            each.rule,
            rulewords.would(each.kind, each.did, each.refused, each.values),
        )
        for each in found.fired
    ]
    lines = [table(headings, rows)] if rows else []
    for rule in rules:
        fired = sum(each.rule == rule.name and not each.refused for each in found.fired)
        not_fired = sum(found.missed.get(rule.name, Counter()).values())
        lines.append(f"{rule.name}: {rulewords.count(fired, not_fired)}")
        lines += [
            f"  #{each.number}: {rulewords.missed(each.missed.reason, each.missed.words)}"
            for each in found.nearest.get(rule.name, ())[:2]
        ]
    return "\n".join(lines)
