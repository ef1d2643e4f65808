"""The rules of the shop: which are on, what each did, and what it would have done lately; put on and off.

Promises: what a rule would have done stands there before it is put on; a rule with a fault says where the fault is instead. Refuses:
changing the file of a rule, which is the shop's text.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from agentdesk import rulewords
from agentdesk.core.instant import moment
from agentdesk.core.ruled import Done
from agentdesk.core.rules import Rule, length
from agentdesk.engine import ruling
from agentdesk.engine.rehearsal import Rehearsed, rehearse
from agentdesk.engine.rules import load, switched
from agentdesk.engine.ruling import Standing
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.rulebook import Loaded
from agentdesk.screens.dialogs import Choice, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.shopfile import Problem

DAYS = 7
"""So far back it is said what a rule would have done, after what it waits for."""
SHOWN = 200
"""Firings that are listed of a rule."""
SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class _Known:
    loaded: Loaded
    standing: Standing


async def show(home: Front) -> None:
    """Every rule, until Esc."""
    while True:
        known = await asyncio.to_thread(
            lambda: _Known(load(home.place, home.settings), ruling.standing(home.desk))
        )
        on = sum(rule.name in home.settings.rules for rule in known.loaded.rules)
        title = tr_n("Rules: {n} is on", "Rules: {n} are on", on).format(n=on)
        name = await home.doing.ask(Pick(title, matching(_choices(home, known))))
        if not name:
            return
        rule = next((each for each in known.loaded.rules if each.name == name), None)
        if rule is not None and await _one(home, rule):
            return


async def offer(home: Front) -> None:
    """For whoever begins: each rule put on or off by Enter, until Esc. There is no past yet to try one on."""
    last = ""
    while True:
        loaded = await asyncio.to_thread(load, home.place, home.settings)
        rules = sorted(loaded.rules, key=lambda rule: rule.name != last)
        title = tr("What shall be done by itself? Enter puts it on or off, Esc goes on")
        hint = tr("{key} shows this whenever you like.").format(key=home.panes.footer.key_of("rules.show"))
        choices = [_choice(home, rule, Standing()) for rule in rules]
        last = await home.doing.ask(Pick(title, matching(choices), hint=hint)) or ""
        if not last:
            return
        rule = next(each for each in loaded.rules if each.name == last)
        await _switch(home, rule, on=last not in home.settings.rules)


def _choices(home: Front, known: _Known) -> list[Choice]:
    """The rules that can be used, then those that cannot, with what is wrong."""
    return [
        *(_choice(home, rule, known.standing) for rule in known.loaded.rules),
        *(_faulty(each) for each in known.loaded.problems),
    ]


def _choice(home: Front, rule: Rule, standing: Standing) -> Choice:
    sign = "x" if rule.name in home.settings.rules else " "
    fired, _ = standing.fired.get(rule.name, (0, ""))
    extra = [tr("fired {n}").format(n=fired)] if fired else []
    if waiting := standing.waiting.get(rule.name):
        extra.append(tr("waits on {n}").format(n=waiting))
    if failed := standing.failed.get(rule.name):
        extra.append(tr("failed {n}").format(n=failed))
    return Choice(
        rule.name,
        f"[{sign}] {rule.title(home.settings.desk.language)}",
        ", ".join(extra),
        rulewords.about(rule),
    )


def _faulty(problem: Problem) -> Choice:
    return Choice("", f"[!] {problem.file.stem}", tr("has a fault"), str(problem))


async def _one(home: Front, rule: Rule) -> bool:
    """One rule: put on or off, or a ticket of its firings opened, which ends it."""
    home.tell(tr("Looking back ..."))
    found, done = await asyncio.to_thread(_looked_back, home, rule)
    is_on = rule.name in home.settings.rules
    choices = [
        Choice(SWITCH, tr("put it off") if is_on else tr("put it on, from now"), "", rulewords.about(rule))
    ]
    choices += [_did(home, each) for each in done]
    choices += [_would(home, found, n) for n in range(min(SHOWN, len(found.fired)))] if not is_on else []
    chosen = await home.doing.ask(Pick(_title(rule, found, done, is_on=is_on), matching(choices)))
    if chosen == SWITCH:
        await _switch(home, rule, on=not is_on)
    elif chosen:
        home.paths.open(int(chosen.partition(":")[0]))
        return True
    return False


def _looked_back(home: Front, rule: Rule) -> tuple[Rehearsed, list[Done]]:
    since = home.desk.now() - timedelta(days=DAYS)
    found = rehearse(home.desk, home.settings, (rule,), since - length(rule.after))
    found.fired = [each for each in reversed(found.fired) if each.at >= since]
    return found, [each for each in ruling.done(home.desk, limit=SHOWN) if each.rule == rule.name]


def _title(rule: Rule, found: Rehearsed, done: list[Done], *, is_on: bool) -> str:
    if is_on:
        n = len(done)
        return tr_n("{rule}: acted {n} time", "{rule}: acted {n} times", n).format(rule=rule.name, n=n)
    n = len(found.fired)
    text = tr_n(
        "{rule}: would have acted {n} time in the last {days} days",
        "{rule}: would have acted {n} times in the last {days} days",
        n,
    )
    return text.format(rule=rule.name, n=n, days=DAYS)


def _did(home: Front, each: Done) -> Choice:
    return Choice(f"{each.number}:{each.at}", f"#{each.number} {rulewords.line(each)}", _at(home, each.at))


def _would(home: Front, found: Rehearsed, n: int) -> Choice:
    each = found.fired[n]
    text = rulewords.would(each.kind, each.did, each.refused, each.values)
    zone = home.settings.desk.tzinfo
    at = f"{each.at.astimezone(zone):%d.%m. %H:%M}"
    return Choice(f"{each.number}:{n}", f"#{each.number} {text}", at)


def _at(home: Front, at: str) -> str:
    return f"{moment(at).astimezone(home.settings.desk.tzinfo):%d.%m. %H:%M}"


async def _switch(home: Front, rule: Rule, *, on: bool) -> None:
    try:
        changed = await asyncio.to_thread(switched, home.desk, home.place, home.settings, rule.name, on=on)
    except DeskError as error:
        home.doing.fail(error)
        return
    home.settings = replace(home.settings, rules=changed.rules)
    text = tr("The rule {name} is on.") if on else tr("The rule {name} is off.")
    home.tell(text.format(name=rule.name))
