"""The rules of the shop: which are on, what each did, and what it would have done lately; put on and off.

Promises: what a rule would have done stands there before it is put on; a rule with a fault says where each of its faults is instead,
whole. Refuses: changing the file of a rule, which is the shop's text.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from agentdesk import rulewords
from agentdesk.core.instant import moment
from agentdesk.core.ruled import Done
from agentdesk.core.rules import Rule, length
from agentdesk.engine import offering, ruling
from agentdesk.engine.rehearsal import Near, Rehearsed, rehearse
from agentdesk.engine.rules import load, switched
from agentdesk.engine.ruling import Standing
from agentdesk.errors import DeskError
from agentdesk.i18n import tr, tr_n
from agentdesk.rulebook import Loaded
from agentdesk.screens.dialogs import Choice, Pick, Read, matching
from agentdesk.screens.front import Front
from agentdesk.shopfile import Problem
from agentdesk.values import dataclass

DAYS = 30
"""So far back it is said what a rule would have done, after what it waits for."""
SHOWN = 200
"""Firings that are listed of a rule."""
SWITCH, TRY = "switch", "try"
FAULTY = "! "
"""Before the name of a rule that cannot be used; no rule is called so."""


@dataclass(frozen=True, slots=True)
class _Known:
    loaded: Loaded
    standing: Standing


async def show(home: Front) -> None:
    """Every rule, until Esc."""
    await home.complete()
    await _seen(home)
    while True:
        home.following.look()
        known = await asyncio.to_thread(
            lambda: _Known(load(home.place, home.settings), ruling.standing(home.desk))
        )
        on = sum(rule.name in home.settings.rules for rule in known.loaded.rules)
        title = tr_n("Rules: {n} is on", "Rules: {n} are on", on).format(n=on)
        name = await home.doing.ask(Pick(title, matching(_choices(home, known))))
        if not name:
            return
        if name.startswith(FAULTY):
            await _read(home, known.loaded, name.removeprefix(FAULTY))
        rule = next((each for each in known.loaded.rules if each.name == name), None)
        if rule is not None and await _one(home, rule):
            return


async def offer(home: Front) -> None:
    """For whoever begins: each rule put on or off by Enter, until Esc. There is no past yet to try one on."""
    await home.complete()  # it may be asked before anything else
    await _seen(home)
    last = ""
    while True:
        home.following.look()
        is_on = home.settings.rules
        loaded = await asyncio.to_thread(load, home.place, home.settings)
        rules = sorted(loaded.rules, key=lambda rule: rule.name != last)
        title = tr("What should run by itself? Enter switches it on or off, Esc goes on")
        hint = tr("{key} shows this whenever you like.").format(key=home.panes.footer.key_of("rules.show"))
        choices = [_choice(home, rule, Standing()) for rule in rules]
        last = await home.doing.ask(Pick(title, matching(choices), hint=hint)) or ""
        if not last:
            return
        rule = next(each for each in loaded.rules if each.name == last)
        await _switch(home, rule, on=last not in is_on)


async def _seen(home: Front) -> None:
    """They need no offer any more."""
    home.passing.rules(0)
    await asyncio.to_thread(offering.seen, home.place)


def _choices(home: Front, known: _Known) -> list[Choice]:
    """The rules that cannot be used, with what is wrong, then all others: of a long list the end is out of sight."""
    return [
        *(_faulty(file, each) for file, each in groupby(known.loaded.problems, lambda each: each.file)),
        *(_choice(home, rule, known.standing) for rule in known.loaded.rules),
    ]


def _choice(home: Front, rule: Rule, standing: Standing) -> Choice:
    sign = "x" if rule.name in home.settings.rules else " "
    fired, last = standing.fired.get(rule.name, (0, ""))
    extra = [
        template.format(n=n)
        for template, n in (
            (tr("failed {n}"), standing.failed.get(rule.name, 0)),
            (tr("fired {n}"), fired),
            (tr("waits on {n}"), standing.waiting.get(rule.name, 0)),
        )
        if n
    ]
    about = rulewords.about(rule)
    if last:
        about += "\n" + tr("last on {at}").format(at=_at(home, moment(last)))
    title = rule.title(home.settings.desk.language)
    return Choice(rule.name, f"[{sign}] {title}", ", ".join(extra), about)


def _faulty(file: Path, problems: Iterable[Problem]) -> Choice:
    """One rule with all that is wrong with it."""
    wrong = list(map(str, problems))
    extra = tr_n("{n} fault", "{n} faults", len(wrong)).format(n=len(wrong))
    return Choice(f"{FAULTY}{file.stem}", f"[!] {file.stem}", extra, "\n".join(wrong))


async def _read(home: Front, loaded: Loaded, name: str) -> None:
    """What is wrong with a rule, with all its words however small the screen is."""
    wrong = (str(each) for each in loaded.problems if each.file.stem == name)
    await home.doing.ask(Read(name, "\n\n".join(wrong)))


async def _one(home: Front, rule: Rule) -> bool:
    """One rule: put on or off, tried on the past, or a ticket of its firings opened, which ends it."""
    home.following.look()
    is_on = rule.name in home.settings.rules
    done = await asyncio.to_thread(ruling.done, home.desk, limit=SHOWN, rule=rule.name)
    found = None if is_on else await _tried(home, rule)
    title = _acted(rule, done) if found is None else _would_have(rule, found)
    choices = [
        Choice(
            SWITCH, tr("switch it off") if is_on else tr("switch it on, from now"), "", rulewords.about(rule)
        )
    ]
    if is_on:
        text = tr("try it: what would it have done in the last {days} days?")
        choices.append(Choice(TRY, text.format(days=DAYS), "", rulewords.about(rule)))
    choices += [_did(home, each) for each in done]
    choices += _would_be(home, rule, found) if found else []
    chosen = await home.doing.ask(Pick(title, matching(choices)))
    if chosen == TRY:
        return await _try(home, rule)
    if chosen == SWITCH:
        await _switch(home, rule, on=not is_on)
    elif chosen:
        home.paths.open(int(chosen.partition(":")[0]))
        return True
    return False


async def _try(home: Front, rule: Rule) -> bool:
    """What a rule would have done, beside what it did; True where a ticket of it was opened."""
    found = await _tried(home, rule)
    chosen = await home.doing.ask(Pick(_would_have(rule, found), matching(_would_be(home, rule, found))))
    if chosen:
        home.paths.open(int(chosen.partition(":")[0]))
    return bool(chosen)


async def _tried(home: Front, rule: Rule) -> Rehearsed:
    """The last days lived through once more, as if only this rule had been on."""
    home.tell(tr("Looking back ..."))
    since = home.desk.now() - timedelta(days=DAYS)
    given = (home.desk, home.place, home.settings, (rule,), since - length(rule.after))
    found = await asyncio.to_thread(rehearse, *given)
    found.fired = [each for each in reversed(found.fired) if each.at >= since]
    return found


def _acted(rule: Rule, done: list[Done]) -> str:
    n = sum(each.failure is None for each in done)
    text = tr_n("{rule}: acted {n} time", "{rule}: acted {n} times", n).format(rule=rule.name, n=n)
    failed = sum(each.is_fault for each in done)
    return f"{text}, " + tr("failed {n}").format(n=failed) if failed else text


def _would_have(rule: Rule, found: Rehearsed) -> str:
    n = sum(not each.refused for each in found.fired)
    text = tr_n(
        "{rule}: would have acted {n} time in the last {days} days",
        "{rule}: would have acted {n} times in the last {days} days",
        n,
    )
    return text.format(rule=rule.name, n=n, days=DAYS)


def _would_be(home: Front, rule: Rule, found: Rehearsed) -> list[Choice]:
    """What it would have done, and then what it left alone by least."""
    near = found.nearest.get(rule.name, ())
    return [
        *(_would(home, found, n) for n in range(min(SHOWN, len(found.fired)))),
        *(_not(home, each, n) for n, each in enumerate(near)),
    ]


def _not(home: Front, near: Near, n: int) -> Choice:
    text = tr("not: {reason}").format(reason=rulewords.missed(near.missed.reason, near.missed.words))
    return _on(home, near.number, f"not{n}", text, near.at)


def _did(home: Front, each: Done) -> Choice:
    return _on(home, each.number, each.at, rulewords.line(each), moment(each.at))


def _would(home: Front, found: Rehearsed, n: int) -> Choice:
    each = found.fired[n]
    text = rulewords.would(each.kind, each.did, each.refused, each.values)
    return _on(home, each.number, str(n), text, each.at)


def _on(home: Front, number: int, key: str, text: str, at: datetime) -> Choice:
    """What was, or would have been, on a ticket; below the list with all its words."""
    text = f"#{number} {text}"
    return Choice(f"{number}:{key}", text, _at(home, at), text)


def _at(home: Front, at: datetime) -> str:
    return f"{at.astimezone(home.settings.desk.tzinfo):%d.%m. %H:%M}"


async def _switch(home: Front, rule: Rule, *, on: bool) -> None:
    home.following.look()  # what others put on meanwhile stays on
    try:
        changed = await asyncio.to_thread(switched, home.desk, home.place, home.settings, rule.name, on=on)
    except DeskError as error:
        home.doing.fail(error)
        return
    home.settings = replace(home.settings, rules=changed.rules)
    text = tr("The rule {name} is on.") if on else tr("The rule {name} is off.")
    home.tell(text.format(name=rule.name))
