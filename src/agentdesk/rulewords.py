"""What a rule did, and why, in words: shared by screens and command line.

Promises: every event, deed and reason has words; names that a shop gave stand as they are. Refuses: looking anything up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from agentdesk import present
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

if TYPE_CHECKING:
    from agentdesk.core.rules import Rule

_EVENTS: Mapping[str, str] = {
    "ticket_opened": N_("a customer opened it"),
    "customer_wrote": N_("the customer wrote"),
    "replied": N_("it was answered"),
    "resolved": N_("it was resolved"),
    "reopened": N_("it was opened again"),
    "waiting_customer": N_("it waits for the customer"),
    "waiting_third_party": N_("it waits for somebody else"),
    "snoozed": N_("it was put to sleep"),
    "woken": N_("it woke up"),
    "assigned": N_("it was assigned"),
    "tagged": N_("it was tagged"),
    "prioritised": N_("its priority was set"),
    "rated": N_("the customer rated"),
    "due_soon": N_("a promise ends soon"),
    "became_late": N_("a promise was missed"),
}
_DEEDS: Mapping[str, str] = {
    "tag": N_("tag {word}"),
    "untag": N_("without tag {word}"),
    "priority": N_("priority {word}"),
    "assign": N_("to {word}"),
    "snooze": N_("sleeps {word}"),
    "status": "{word}",
    "quick": N_('says "{word}"'),
    "notify": N_("tells you"),
    "command": N_("runs {word}"),
}
_MISSED: Mapping[str, str] = {
    "where": N_("it is not: {words}"),
    "history": N_("it is history"),
    "muted": N_("its customer is muted"),
    "gone": N_("it is gone"),
    "clock": N_("the promise was kept or moved"),
    "undone": N_("what set it off was undone"),
    "ended": N_("something ended the waiting"),
    "nothing_changes": N_("nothing would change"),
    "known": N_("it was done already"),
}
_WAS: Mapping[str, str] = {"open": N_("the shop was open"), "closed": N_("the shop was closed")}
_WHILE: Mapping[str, str] = {"open": N_("while the shop is open"), "closed": N_("while the shop is closed")}


class Told(Protocol):
    """Something that a rule did, or could not do."""

    @property
    def kind(self) -> str: ...
    @property
    def did(self) -> tuple[str, ...]: ...
    @property
    def taken_back(self) -> bool: ...
    @property
    def is_fault(self) -> bool: ...
    @property
    def failure(self) -> tuple[str, Mapping[str, object]] | None: ...


def event(kind: str) -> str:
    """What set a rule off."""
    return tr(_EVENTS.get(kind, kind))


def deed(word: str) -> str:
    """One thing that a rule does, as the log keeps it."""
    kind, _, value = word.partition(":")
    if kind == "status":
        return present.status(value)
    if kind == "priority":
        value = present.priority(value)
    return tr(_DEEDS.get(kind, "{word}")).format(word=value or kind)


def deeds(did: Sequence[str]) -> str:
    return ", ".join(map(deed, did))


def failure(code: str, values: Mapping[str, object]) -> str:
    """Why something could not be done."""
    return str(values.get("said", "")) if code == "said" else present.refusal(code, values)


def missed(reason: str, words: Sequence[str]) -> str:
    """Why a rule did not act."""
    if reason == "when":
        return ", ".join(tr(_WAS[word]) for word in words if word in _WAS)
    from agentdesk import querywords

    return tr(_MISSED.get(reason, reason)).format(words=querywords.asked(" ".join(words)))


def would(kind: str, did: Sequence[str], refused: str, values: Mapping[str, object]) -> str:
    """What a rule would do, and why; or why it could not."""
    if not refused:
        return f"{deeds(did)} ({event(kind)})"
    if is_said(did):
        return f"{deeds(did)}: " + tr("would not write: {reason}").format(reason=failure(refused, values))
    return f"! {failure(refused, values)} ({deeds(did)})"


def is_said(did: Sequence[str]) -> bool:
    """Whether a rule says something to the customer."""
    return any(word.startswith("quick:") for word in did)


def line(each: Told) -> str:
    """What a rule did and why, in one line."""
    if each.failure is not None:
        template = tr("could not be done: {reason}") if each.is_fault else tr("not said: {reason}")
        said = template.format(reason=failure(*each.failure))
        if not each.is_fault:
            return f"{deeds(each.did)}: {said}"
        return f"! {deeds(each.did)}: {said}" if each.did else f"! {said}"
    text = f"{deeds(each.did)} ({event(each.kind)})"
    return tr("{text}; undone since").format(text=text) if each.taken_back else text


def count(fired: int, not_fired: int) -> str:
    """How often a rule would have acted and how often not."""
    if not fired + not_fired:
        return tr("nothing would have set it off")
    one = tr_n("would have acted {n} time", "would have acted {n} times", fired).format(n=fired)
    other = tr_n("{n} time not", "{n} times not", not_fired).format(n=not_fired)
    return f"{one}, {other}"


def about(rule: Rule) -> str:
    """A rule in words: when it acts, on what, and what it does."""
    said = [tr("when {events}").format(events=tr(" or ").join(map(event, rule.on)))]
    if rule.when in _WHILE:
        said.append(tr(_WHILE[rule.when]))
    if rule.where:
        from agentdesk import querywords

        said.append(tr("if it is: {words}").format(words=querywords.asked(rule.where)))
    if rule.after:
        said.append(tr("after {span}").format(span=rule.after))
    if rule.unless:
        said.append(tr("unless {events}").format(events=tr(" or ").join(map(event, rule.unless))))
    return f"{', '.join(said)}: {deeds(rule.did())}"
