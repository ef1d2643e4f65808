"""A mail of ours came back: the reply that failed, the address that failed, and the ticket that needs a person again.

Promises: only a report that names a message of ours changes anything, and one that speaks of a delay nothing but where it
lies; what failed once is not failed twice; who has written since has an address that works. Refuses: a word on why
(`present` has those), sending again. A report may come before the copy of the mail it is about: then the copy looks for it.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from agentdesk.core import sla, snooze, timekeeping, unanswered
from agentdesk.core.commands import Receive
from agentdesk.core.draft import Draft
from agentdesk.core.events import IdentityAdded, IdentitySet, MessageSet
from agentdesk.core.model import OURS, Bounce, Direction, Incoming, MailClass, Status
from agentdesk.core.sla import REPLIED, Metric, Policy
from agentdesk.core.state import Given, MessageState, State

FAILED, BOUNCED = "failed", "bounced"
UNSAID = "5.0.0"
"""The status of a failure whose report names none."""


def error(status: str) -> str:
    """What a message's `error` says of a mail that came back: `bounced:5.1.1`."""
    return f"{BOUNCED}:{status or UNSAID}"


def has_bounced(state: State, message: MessageState) -> bool:
    """Whether it failed because a report said so, rather than by the sending server's answer."""
    return message.state == FAILED and str(state.field("message", message.id, "error")).startswith(BOUNCED)


def naming(command: Receive, bounce: Bounce) -> Receive:
    """A report answers the mail that it is about, whether its headers say so or its body."""
    mail = command.incoming
    named = tuple(dict.fromkeys((*mail.references, *bounce.originals)))
    return replace(command, incoming=replace(mail, references=named))


def original(state: State, given: Given, mail: Incoming) -> MessageState | None:
    """The message of ours that a delivery report is about; None for every other mail."""
    for name in mail.bounce.originals if mail.bounce else ():
        for known in state.messages_by_mail_id(given.seal.mail_id(name)):
            if known.direction in OURS and not known.hidden:
                return known
    return None


def data(given: Given, mail: Incoming) -> dict[str, Any] | None:
    """What the log keeps of a report, nothing personal in it."""
    if mail.bounce is None:
        return None
    failed = [given.seal.identity(mail.channel, each) for each in mail.bounce.recipients]
    return {"for_good": mail.bounce.for_good, "status": mail.bounce.status, "failed": failed}


def came_back(draft: Draft, policy: Policy, command: Receive, known: MessageState) -> None:
    """A report on `known`: where it is for good, the message fails, and so do those addresses of it that are named."""
    mail, given = command.incoming, draft.given
    bounce = mail.bounce
    if bounce is None or not bounce.for_good:
        return
    headers = json.loads(draft.state.field("message", known.id, "headers") or "{}")
    people = [address for field in ("to", "cc", "bcc") for _, address in headers.get(field, ())]
    failed = _failed(bounce, [each.lower() for each in people])
    draft.personal["reason"] = bounce.words
    draft.personal["returned"] = {"message": known.id, "failed": failed}
    if known.state != FAILED:
        draft.add(MessageSet(known.id, "state", known.state, FAILED))
        was = draft.state.field("message", known.id, "error")
        draft.add(MessageSet(known.id, "error", was, error(bounce.status)))
    _mark(draft, [given.seal.identity(mail.channel, each) for each in failed], bounce.status)
    again(draft, policy, known.ticket, command.received_at, without=known.id, unread=not command.seen)


def _failed(bounce: Bounce, people: list[str]) -> list[str]:
    """Those of `people` that failed. Whoever forwards has reports name another address: a lone recipient is meant."""
    named = [each for each in dict.fromkeys(people) if each in bounce.recipients]
    return named or (people if len(set(people)) == 1 else [])


def _mark(draft: Draft, identities: list[str], status: str) -> None:
    """Only addresses that somebody has, be it since this very event."""
    new = {change.identity for change in draft.changes if isinstance(change, IdentityAdded)}
    for identity in dict.fromkeys(identities):
        was = draft.state.field("identity", identity, "failing")
        is_known = identity in new or draft.state.customer_of(identity) is not None
        if is_known and was != (status or UNSAID):
            draft.add(IdentitySet(identity, "failing", was, status or UNSAID))


def again(draft: Draft, policy: Policy, ticket: str, at: datetime, *, without: str, unread: bool) -> None:
    """The ticket needs a person, as if the answer `without` had never gone: it is open, and a new answer is due from `at`
    on, when the failure was known, and a first sign with it where that was to be one. Of what went to a third party nobody but us awaits anything."""
    root = draft.ticket(draft.ticket(ticket).root)
    known = draft.state.message(without)
    if known is not None and known.direction == Direction.AUTO:
        return  # it answered nothing, so nothing is due anew
    if known is not None and known.direction == Direction.TO_PARTY:
        needs_a_person(draft, policy, root.id, at, unread=unread)
        return
    family = draft.state.family(root.id)
    draft.set(root.id, "unread", unread)
    for field in ("machine", "history"):
        draft.set(root.id, field, now=False)
    snooze.cut_short(draft, root.id)
    draft.set(root.id, "resolved_at", None)
    for clock in timekeeping.clocks(draft, root.id):
        if clock.metric in REPLIED:
            timekeeping.put(draft, root.id, sla.answer(clock, None))
    if root.status != Status.NEW:
        timekeeping.set_status(draft, policy, root.id, Status.OPEN, at)
    waiting = draft.state.unanswered_since(family, None, without)
    draft.set(root.id, "waiting_since", waiting or root.waiting_since)
    timekeeping.start(draft, policy, root.id, Metric.NEXT_RESPONSE, at)
    if _was_all(draft, root.id, without):
        timekeeping.start(draft, policy, root.id, Metric.ACK, at)


def _was_all(draft: Draft, ticket: str, message: str) -> bool:
    """Whether the customer has heard nothing of us but `message`, which was to be the first sign."""
    if not any(clock.metric is Metric.ACK and clock.met_at for clock in timekeeping.clocks(draft, ticket)):
        return False
    said = draft.state.messages_in(draft.state.family(ticket))
    return not any(each.id != message and unanswered.is_heard(each) for each in said)


def needs_a_person(draft: Draft, policy: Policy, ticket: str, at: datetime, *, unread: bool) -> None:
    """The ticket is open; who waits for an answer, and since when, stays as it was."""
    draft.set(ticket, "unread", unread)
    draft.set(ticket, "history", now=False)
    snooze.bring_back(draft, policy, ticket, at)


def came_back_before(draft: Draft, policy: Policy, command: Receive, ticket: str, added: str) -> bool:
    """A copy of a mail of ours, `added` by this draft, on which a report is stored already; False where there is none."""
    mail, given = command.incoming, draft.given
    name = given.seal.mail_id(mail.message_id) if mail.message_id else None
    reports = [each for each in draft.state.referring(name) if _reports(each)] if name else []
    for report in reports:
        said = json.loads(draft.state.field("message", report.id, "bounce") or "{}")
        if not said.get("for_good"):
            continue
        everybody = {given.seal.identity(mail.channel, each.email) for each in (*mail.to, *mail.cc)}
        named = [each for each in said["failed"] if each in everybody]
        draft.add(MessageSet(added, "state", None, FAILED))
        draft.add(MessageSet(added, "error", None, error(said["status"])))
        _mark(draft, named or [*everybody][: len(everybody) == 1], said["status"])
        draft.link(ticket, report.ticket)
        again(draft, policy, ticket, command.received_at, without=added, unread=not command.seen)
        return True
    return False


def _reports(message: MessageState) -> bool:
    return message.mail_class == MailClass.BOUNCE and not message.history


def wrote(draft: Draft, identity: str) -> None:
    """Somebody wrote: the address works."""
    was = draft.state.field("identity", identity, "failing")
    if was is not None:
        draft.add(IdentitySet(identity, "failing", was, None))
