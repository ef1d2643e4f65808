"""The life of a ticket in words: shared by screen and command line.

Promises: every turn has a line; an event that this program does not know shows its type. Refuses: looking anything up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from agentdesk import dates, deeds, duration, excused, present, rulewords, undone
from agentdesk.core.events import Event, TicketSet, TicketTagged
from agentdesk.core.instant import moment
from agentdesk.core.life import Turn, Who
from agentdesk.core.model import Acts
from agentdesk.core.text import safe_line
from agentdesk.errors import N_
from agentdesk.i18n import tr

_WHO: Mapping[Who, str] = {
    Who.RULE: N_("rule {name}"),
    Who.CUSTOMER: N_("the customer"),
    Who.PARTY: N_("a third party"),
    Who.CLOCK: N_("the clock"),
    Who.MACHINE: N_("a server"),
    Who.ELSEWHERE: N_("somebody of ours, elsewhere"),
    Who.DESK: N_("agentdesk"),
}
_WHY: Mapping[str, str] = {
    "began": N_("wrote first"),
    "began_beside": N_("wrote too long after #{other} was over: a new ticket, linked"),
    "history": N_("wrote before the account was added: history"),
    "found": N_("found on the server what a file had brought: no longer history"),
    "wrote_first": N_("wrote to the customer first"),
    "wrote": N_("wrote"),
    "wrote_after": N_("wrote {after} after the end: open again"),
    "woke_early": N_("wrote: awake before its time, {until}"),
    "sleeps_on": N_("wrote: it sleeps on, as was asked"),
    "thanks": N_("only thanked: it stays as it was"),
    "rated": N_("rated: it stays as it was"),
    "came_after": N_("wrote after the end: it stays as it was"),
    "came_back": N_("our answer came back"),
    "answered": N_("answered the customer"),
    "answered_done": N_("answered, and it is done"),
    "answered_sleeps": N_("answered; sleeps until {until}"),
    "goes_later": N_("wrote an answer that goes {until}"),
    "went": N_("the answer went that waited for its time"),
    "not_sent": N_("our answer could not be sent"),
    "in_doubt": N_("nobody knows whether our answer was sent"),
    "sent_again": N_("sent it again"),
    "withdrawn": N_("the answer was taken back before it went"),
    "reworded": N_("changed what they had written after the answer"),
    "answer_back": N_("took back the answer: the customer waits again"),
    "question_back": N_("took back what they wrote: nobody waits"),
    "not_amended": N_("what was sent could not be changed"),
    "passed_on": N_("passed it on to a third party"),
    "resolved": N_("resolved it"),
    "resolved_excused": N_("resolved it without an answer: {reason}"),
    "excused": N_("said that no answer is needed: {reason}"),
    "reopened": N_("opened it again"),
    "slept": N_("put it away until {until}"),
    "slept_again": N_("put it away again, until its former time, {until}"),
    "woken": N_("woke it"),
    "time_came": N_("{until} came"),
    "no_thanks": N_("said that it was no mere thanks"),
    "call": N_("noted a call"),
    "call_done": N_("noted a call, and it is done"),
    "call_sleeps": N_("noted a call; sleeps until {until}"),
    "macro": N_("ran a macro"),
    "macro_named": N_("ran {reason}"),
    "rule": N_("acted because {event}"),
    "undone": N_("took back: {took_back}"),
    "split": N_("split it off from #{other}"),
    "merged": N_("put it into #{other}"),
    "took_in": N_("put another ticket into it, whose customer waits"),
    "promise": N_("what was promised is due soon"),
    "judged": N_("said who writes: a person"),
    "forgotten": N_("forgot the customer: nobody waits any more"),
}


def act(event: Event | None, zone: tzinfo) -> str:
    """What an act was: what it set, where that is a word; empty of one that is not known."""
    if event is None:
        return ""
    values = {each.field: each.now for each in event.changes if isinstance(each, TicketSet)}
    tags = [each for each in event.changes if isinstance(each, TicketTagged)]
    on, off = (tuple(safe_line(each.tag) for each in tags if each.now is now) for now in (True, False))
    did = {
        "Assigned": Acts(assign=values.get("assignee") or ""),
        "Prioritised": Acts(priority=values.get("priority")),
        "Tagged": Acts(tag=on, untag=off),
    }
    named = deeds.words(did[event.type], zone) if event.type in did else ""
    return named or (tr(undone.ACTS[event.type]) if event.type in undone.ACTS else "")


def who(turn: Turn) -> str:
    """By whom: an agent's name stands as it is."""
    name = safe_line(turn.name)
    return tr(_WHO[turn.who]).format(name=name) if turn.who in _WHO else name


def why(turn: Turn, numbers: Mapping[str, int | None], now: datetime, zone: tzinfo) -> str:
    """In words, its times as the agent's clock shows them."""
    until = moment(turn.until).astimezone(zone) if turn.until else None
    words = tr(_WHY.get(turn.why, turn.why)).format(
        until=f"{dates.short_day(until.date(), now.astimezone(zone).date())} {until:%H:%M}" if until else "",
        after=duration.span(turn.after) if turn.after is not None else "",
        reason=excused.reason(turn.reason) if turn.reason else "",
        took_back=tr(undone.ACTS.get(turn.took_back, turn.took_back)),
        event=rulewords.event(turn.on),
        other=numbers.get(turn.other or "") or "?",
    )
    return f"{words} ({safe_line(turn.said)})" if turn.said else words


def status(turn: Turn) -> str:
    """Where it went: "open > waiting"; one word where it stayed or began."""
    now = present.status(turn.now)
    return now if turn.was in {None, turn.now} else f"{present.status(turn.was or '')} > {now}"


def lines(
    turns: Sequence[Turn], numbers: Mapping[str, int | None], now: datetime, zone: tzinfo
) -> list[tuple[str, str, str]]:
    """(when, where it went, by whom and why) of each; of a ticket that went into this one with its number."""
    found = []
    own = turns[0].ticket if turns else ""
    several = len({each.ticket for each in turns}) > 1
    for each in turns:
        at = moment(each.at).astimezone(zone)
        day = dates.short_day(at.date(), now.astimezone(zone).date())
        number = f"#{numbers.get(each.ticket)} " if several and own else ""
        text = f"{number}{who(each)}: {why(each, numbers, now, zone)}"
        found.append((f"{day} {at:%H:%M}", status(each), text))
    return found
