"""Our answers: written, sent, failed, in doubt. What is on its way inside this laptop (held, queued, sending) is local and
no event; what became of a reply is.

Promises: an answer is written once for what it answers (the guard); it counts for the clocks when the provider accepted
it, and until then is "answered, not yet sent"; an answer that failed puts the ticket back into the queue.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from agentdesk.core import (
    automatic,
    macro,
    party,
    pledged,
    restraint,
    returned,
    sla,
    steps,
    survey,
    timed,
    timekeeping,
    unanswered,
)
from agentdesk.core.draft import Draft, on_ticket, ours
from agentdesk.core.events import Event, MessageNamed, MessageSet, TicketSet
from agentdesk.core.gone import TAKEN_BACK
from agentdesk.core.instant import moment, stamp
from agentdesk.core.model import Address, Direction, MailClass, Status
from agentdesk.core.opening import opened
from agentdesk.core.posting import (
    Forward,
    Reply,
    ReportDoubtful,
    ReportFailed,
    ReportSent,
    Resend,
    Withdraw,
    WriteAutomatic,
    WriteFirst,
)
from agentdesk.core.refusal import Known, Refusal
from agentdesk.core.seal import Seal, digest
from agentdesk.core.sla import REPLIED, Policy
from agentdesk.core.state import Given, MessageState, State, TicketState
from agentdesk.core.text import visible
from agentdesk.core.thanks import asks

WRITTEN, SENT, FAILED, UNKNOWN = "written", "sent", "failed", "unknown"
DELIVERED, READ = "delivered", "read"
"""A reply's state in the log. `written` shows as held, queued or sending, as the outbox says."""


def reply(state: State, command: Reply, policy: Policy, given: Given) -> Event:
    """Stores the answer, assigns an unassigned ticket, and moves the ticket on, in one event."""
    draft, ticket = on_ticket(state, given, command.ticket)
    party.refuse_parties(state, command, ticket, given)
    plan = timed.plan(command, given.now)
    _write(draft, command, ticket, command.channel or ticket.channel, plan=plan)
    if command.note:
        note = ours(next(given.ids), ticket, Direction.NOTE, command.note.text, command.note.size, given)
        draft.add(note)
        draft.personal["messages"] = {note.message: {"name": given.actor}}
    if ticket.assignee is None:
        draft.set(ticket.id, "assignee", given.actor)
    said_at = plan.at if plan else given.now
    pledged.add(draft, policy, ticket.id, command.pledges, said_at, command.message)
    if command.leaves:
        _leave(draft, policy, command, ticket)
    elif plan:
        timed.wait(draft, policy, command, ticket, plan)
    else:
        _move_on(draft, policy, command, ticket, given)
    written = replied(given.seal, command.message)
    return draft.event("Replied", ticket.id, event_id=written, guard=_guard(state, ticket))


def forward(state: State, command: Forward, policy: Policy, given: Given) -> Event:
    """Stores what goes to a third party; the ticket waits for it."""
    draft, ticket = party.begun(state, command, given)
    _write(draft, command, ticket, "email", Direction.TO_PARTY)
    party.waits(draft, policy, ticket, given.now)
    return draft.event("Forwarded", ticket.id, event_id=replied(given.seal, command.message))


def write_first(state: State, command: WriteFirst, policy: Policy, given: Given) -> Event:
    """Opens a ticket with a message of ours: it waits for the customer, and nothing is promised until they write."""
    draft, person = Draft(state, given), command.letter.to[0]
    if person.email.lower() in given.own:
        raise Refusal("to_ourselves", address=person.email)
    ticket = opened(
        draft,
        command.ticket,
        person,
        command.letter.subject,
        channel=command.channel,
        account=command.account,
        status=Status.WAITING_CUSTOMER,
    )
    _write(draft, command, ticket, command.channel)
    draft.set(ticket.id, "assignee", given.actor)
    return draft.event("WrittenFirst", ticket.id, event_id=replied(given.seal, command.message))


def write_automatic(state: State, command: WriteAutomatic, policy: Policy, given: Given) -> Event:
    """Stores what agentdesk itself says. It answers nothing: the ticket stays as it is."""
    draft, ticket = on_ticket(state, given, command.ticket)
    automatic.refuse_automatic(state, command, ticket, given)
    restraint.refuse(state, command, policy, ticket, given)
    survey.refuse(state, command, ticket, given.now)
    _write(draft, command, ticket, command.channel or ticket.channel, Direction.AUTO)
    survey.asked(draft, command, ticket)
    return draft.event(
        "WrittenAutomatically",
        ticket.id,
        event_id=replied(given.seal, command.message),
        guard=automatic.guard(command.kind, command.once),
    )


def replied(seal: Seal, message: str) -> str:
    """The id of the event that wrote `message`."""
    return seal.shared_id("replied", message)


def _guard(state: State, ticket: TicketState) -> str:
    """One answer to one message, unless the author has seen the former answer (`after`)."""
    family = state.family(ticket.id)
    asked, after = state.last_message(family, "in"), state.last_message(family, "out")
    return f"reply:{ticket.id}:{ticket.epoch}:{asked or '-'}:{after or '-'}"


def _move_on(draft: Draft, policy: Policy, command: Reply, ticket: TicketState, given: Given) -> None:
    for clock in timekeeping.clocks(draft, ticket.id):
        if clock.metric in REPLIED:
            timekeeping.put(draft, ticket.id, sla.answer(clock, given.now))
    draft.set(ticket.id, "unread", now=False)
    for field in ("snoozed_until", "wrote_after"):
        draft.set(ticket.id, field, None)
    draft.set(ticket.id, "history", now=False)
    if command.resolve:
        steps.may_end(ticket)
        draft.set(ticket.id, "resolved_at", stamp(given.now))
    status = Status.RESOLVED if command.resolve else Status.WAITING_CUSTOMER
    timekeeping.set_status(draft, policy, ticket.id, status, given.now)
    acts = macro.ending(command.acts) if command.resolve else command.acts
    macro.apply(draft, policy, ticket.id, acts, given)


def _leave(draft: Draft, policy: Policy, command: Reply, ticket: TicketState) -> None:
    """It answers another matter than what stood open here: that waits on, so that the ticket stays in the queue, unread and with its
    promise, whatever was to become of it."""
    state = draft.state
    unanswered.left_open(draft, command.leaves)
    left = min(each.since for name in command.leaves if (each := state.message(name)))
    for clock in timekeeping.answered_by(draft, ticket.id, left) if command.goes_at is None else ():
        timekeeping.put(draft, ticket.id, sla.answer(clock, draft.given.now))
    timekeeping.set_status(draft, policy, ticket.id, Status.OPEN, draft.given.now)
    acts = replace(command.acts, until=None, status=None)
    macro.apply(draft, policy, ticket.id, acts, draft.given)


def _write(
    draft: Draft,
    command: Reply | Forward | WriteFirst | WriteAutomatic,
    ticket: TicketState,
    channel: str,
    direction: Direction = Direction.OUT,
    plan: timed.Plan | None = None,
) -> None:
    """The message itself, on `channel`."""
    given, letter = draft.given, command.letter
    identities = (given.seal.identity(channel, a.email) for a in (*letter.to, *letter.cc, *letter.bcc))
    message = replace(
        ours(command.message, ticket, direction, command.text, command.size, given),
        account=command.account or ticket.account,
        raw=command.raw,
        mail_id=given.seal.mail_id(letter.message_id),
        references=tuple(given.seal.mail_id(name) for name in letter.references),
        people=tuple(dict.fromkeys(identities)),
        folds=tuple((f.start, f.end, f.kind) for f in command.folds),
        attachments=tuple(_file(number, f.media_type, f.data) for number, f in enumerate(letter.files)),
        state=WRITTEN,
        asks=asks(visible(letter.text, command.folds)),
        timed=plan.data() if plan else None,
    )
    if isinstance(command, WriteAutomatic):
        message = replace(message, mail_class=MailClass.AUTO_REPLY.value, class_reason=command.kind)
    draft.add(message)
    draft.personal["message"] = {
        "subject": letter.subject,
        "name": given.actor if direction != Direction.AUTO else letter.sender.name,
        "address": letter.sender.email,
        "to": _pairs(letter.to),
        "cc": _pairs(letter.cc),
        "bcc": _pairs(letter.bcc),
        "message_id": letter.message_id,
        "references": list(letter.references),
        "files": [f.name for f in letter.files],
        "content_ids": [None for _ in letter.files],
    }


def _file(number: int, media_type: str, data: bytes) -> dict[str, Any]:
    part = str(number + 2)  # the text is the first part
    return {
        "media_type": media_type,
        "size": len(data),
        "sha256": digest(data),
        "part": part,
        "inline": False,
    }


def _pairs(people: tuple[Address, ...]) -> list[list[str]]:
    return [[a.name, a.email] for a in people]


def _ours(state: State, message: str, *states: str) -> tuple[MessageState, str]:
    known = state.message(message)
    if known is None or known.state is None:
        raise Refusal("no_message")
    if known.state not in states or known.hidden:
        raise Refusal("nothing_changes")
    return known, known.state


def report_sent(state: State, command: ReportSent, policy: Policy, given: Given) -> Event | Known:
    """Accepted: the clocks are met, nobody waits any more for what was written before it, and what was written since has
    a promise of its own."""
    known, was = _ours(state, command.message, WRITTEN, UNKNOWN, FAILED, SENT, DELIVERED, READ, TAKEN_BACK)
    draft = Draft(state, given)
    draft.touch(known.ticket)
    _name(draft, known, command.names)
    if was in {
        SENT,
        DELIVERED,
        READ,
        TAKEN_BACK,
    }:  # a receipt, or the service's own copy, overtook the answer
        return draft.event("Sent", known.ticket) if draft.changes else Known(known.id)
    if returned.has_bounced(state, known):  # the report overtook the news that it was accepted
        return draft.event("Sent", known.ticket)
    accepted(draft, policy, known, command.at)
    return draft.event("Sent", draft.ticket(known.ticket).root)


def _name(draft: Draft, known: MessageState, names: tuple[str, ...]) -> None:
    """What the service calls it, so that its receipts and its own copy are recognised."""
    for name in names:
        mail_id = draft.given.seal.mail_id(name)
        if not draft.state.messages_by_mail_id(mail_id):
            draft.add(MessageNamed(known.id, mail_id))
            draft.personal.setdefault("names", {})[mail_id] = name


def accepted(draft: Draft, policy: Policy, known: MessageState, at: datetime) -> None:
    """What follows from a provider's having taken `known` at `at`."""
    state = draft.state
    draft.add(MessageSet(known.id, "state", known.state, SENT))
    root = draft.ticket(draft.ticket(known.ticket).root)
    if known.direction == Direction.AUTO:
        timekeeping.acknowledge(draft, root.id, at)
    if known.direction != Direction.OUT:
        _goes_again(draft, policy, known, root)
        return
    written_at = moment(known.received_at)
    waiting_since = state.unanswered_since(state.family(root.id), known.received_at)
    meant = [
        clock
        for clock in timekeeping.answered_by(draft, root.id, waiting_since)
        if clock.started_at <= written_at or clock.answered_at is not None
    ]
    timekeeping.met(draft, policy, root.id, at, meant)
    pledged.answered(draft, root.id, known.received_at, at, known.id)
    draft.set(root.id, "waiting_since", waiting_since)
    draft.set(root.id, "since_before", now=False)
    if waiting_since is not None and not timekeeping.runs_for(draft, root.id, waiting_since):
        timekeeping.begin(draft, policy, root.id, moment(waiting_since), first=False)
    if known.state == WRITTEN and waiting_since is None and (plan := _planned(draft, known)):
        timed.went(draft, policy, draft.ticket(root.id), plan)
    _goes_again(draft, policy, known, root)


def _planned(draft: Draft, known: MessageState) -> timed.Plan | None:
    """What was planned for an answer when it was written."""
    return timed.planned(draft.state.event(replied(draft.given.seal, known.id)))


def _goes_again(draft: Draft, policy: Policy, known: MessageState, root: TicketState) -> None:
    """What had failed, or was in doubt, went after all."""
    if known.state != WRITTEN:
        draft.add(MessageSet(known.id, "error", draft.state.field("message", known.id, "error"), None))
        _moved_on_again(draft, policy, known, root)


def withdraw(state: State, command: Withdraw, policy: Policy, given: Given) -> Event:
    """It need not go, or must not: hidden, and the next answer is free. Only the outbox knows whether it has gone; it asks
    before."""
    known, _ = _ours(state, command.message, WRITTEN)
    draft = Draft(state, given)
    draft.add(MessageSet(known.id, "hidden", was=False, now=True))
    root = draft.ticket(draft.ticket(known.ticket).root)
    _answered_at(draft, known, root, None)
    pledged.unsaid(draft, root.id, known)
    if plan := _planned(draft, known):
        timed.given_up(draft, policy, root, plan)
    if draft.ticket(root.id).status == Status.WAITING_CUSTOMER:
        timekeeping.follow(draft, policy, root.id, given.now)
    if known.direction == Direction.OUT:
        draft.set(root.id, "epoch", root.epoch + 1)  # frees the guard for the next answer
    return draft.event("Withdrawn", root.id)


def report_failed(state: State, command: ReportFailed, policy: Policy, given: Given) -> Event:
    """Not sent: the ticket comes back, its clocks run on as if nothing had been written. An automatic text brings no ticket
    back."""
    known, was = _ours(state, command.message, WRITTEN, UNKNOWN)
    return _came_back(
        state, known, was, FAILED, policy, given, {"error": command.code, "reason": command.reason}
    )


def came_back(
    state: State, known: MessageState, policy: Policy, given: Given, code: str, reason: str
) -> Event:
    """A reply failed although the provider had accepted it: a new answer is due from now on."""
    draft = Draft(state, given)
    draft.add(MessageSet(known.id, "state", known.state, FAILED))
    draft.add(MessageSet(known.id, "error", None, code))
    draft.personal["reason"] = reason
    returned.again(draft, policy, known.ticket, given.now, without=known.id, unread=True)
    return draft.event("SendFailed", draft.ticket(known.ticket).root)


def report_doubtful(state: State, command: ReportDoubtful, policy: Policy, given: Given) -> Event:
    """In doubt: the ticket comes back, and the agent is asked; nothing is sent again by itself."""
    known, was = _ours(state, command.message, WRITTEN)
    return _came_back(
        state, known, was, UNKNOWN, policy, given, {"error": "unknown", "reason": command.reason}
    )


def _came_back(
    state: State, known: MessageState, was: str, now: str, policy: Policy, given: Given, why: dict[str, str]
) -> Event:
    draft = Draft(state, given)
    draft.add(MessageSet(known.id, "state", was, now))
    draft.add(MessageSet(known.id, "error", None, why["error"]))
    draft.personal["reason"] = why["reason"]
    root = draft.ticket(draft.ticket(known.ticket).root)
    _answered_at(draft, known, root, None)
    waits = {Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY, Status.RESOLVED}
    if known.direction != Direction.AUTO and root.status in waits:
        draft.set(root.id, "resolved_at", None)
        timekeeping.set_status(draft, policy, root.id, Status.OPEN, given.now)
    return draft.event("SendFailed" if now == FAILED else "SendDoubted", root.id)


def resend(state: State, command: Resend, policy: Policy, given: Given) -> Event:
    """Written anew: the same message with the same Message-ID goes into the outbox again."""
    known, was = _ours(state, command.message, FAILED, UNKNOWN)
    draft = Draft(state, given)
    draft.add(MessageSet(known.id, "state", was, WRITTEN))
    draft.add(MessageSet(known.id, "error", state.field("message", known.id, "error"), None))
    root = draft.ticket(draft.ticket(known.ticket).root)
    _answered_at(draft, known, root, given.now)
    _moved_on_again(draft, policy, known, root)
    return draft.event("Resent", root.id)


def _answered_at(draft: Draft, known: MessageState, root: TicketState, at: datetime | None) -> None:
    """Since when the customer's clocks are answered by `known`, None: not any more; what goes to a third party answers none."""
    for clock in timekeeping.clocks(draft, root.id):
        if known.direction == Direction.OUT and clock.metric in REPLIED:
            timekeeping.put(draft, root.id, sla.answer(clock, at))


def _moved_on_again(draft: Draft, policy: Policy, known: MessageState, root: TicketState) -> None:
    """The ticket goes where its answer had sent it before that came back, unless the customer wrote since."""
    state, given = draft.state, draft.given
    if known.direction == Direction.AUTO or root.status not in {Status.NEW, Status.OPEN}:
        return
    if known.direction == Direction.TO_PARTY:
        timekeeping.set_status(draft, policy, root.id, Status.WAITING_THIRD_PARTY, given.now)
        return
    if state.unanswered_since(state.family(root.id), known.received_at) is not None:
        return
    event = state.event(replied(given.seal, known.id))
    if plan := timed.planned(event):
        timed.went(draft, policy, draft.ticket(root.id), plan)
        return
    sent_to = (
        (c.now for c in event.changes if isinstance(c, TicketSet) and c.field == "status") if event else ()
    )
    status = Status.RESOLVED if Status.RESOLVED.value in sent_to else Status.WAITING_CUSTOMER
    if status is Status.RESOLVED:
        draft.set(root.id, "resolved_at", stamp(given.now))
    timekeeping.set_status(draft, policy, root.id, status, given.now)
