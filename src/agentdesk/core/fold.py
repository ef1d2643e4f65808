"""From an event to the changes of rows: pure and total, the only thing that shared rows are ever made by.

Promises: the same events in the same order give the same rows; `personal` is copied and never looked at;
an unknown change gives nothing. What only SQL can say (a ticket's number, a message's row id, counts) is the writer's.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from agentdesk.core.events import (
    AccountOpened,
    CauseOpened,
    CauseSet,
    Change,
    ClockSet,
    CustomerOpened,
    CustomerSet,
    EntryAdded,
    EntrySet,
    Erased,
    Event,
    IdentityAdded,
    IdentityNamed,
    IdentitySet,
    MessageAdded,
    MessageNamed,
    MessageSet,
    MessageUnnamed,
    MessageVersion,
    Reacted,
    RuleFired,
    StepTaken,
    TakenBack,
    TicketLinked,
    TicketOpened,
    TicketSet,
    TicketTagged,
    TicketTitled,
    VersionSet,
)
from agentdesk.core.model import PARTY
from agentdesk.core.pledging import PledgeGiven, PledgeSet
from agentdesk.core.quarantine import Quarantined, QuarantineLeft, QuarantineSet
from agentdesk.core.rowchange import Delete, Insert, Op, Update
from agentdesk.core.surveyed import Rated, SurveyAsked


def fold(event: Event) -> Iterator[Op]:
    """The row changes of one event, in order."""
    for change in event.changes:
        step = _STEPS.get(type(change))
        if isinstance(change, StepTaken):
            yield _step_taken(change, event)
        elif isinstance(change, EntryAdded):
            yield _entry_added(change, event)
        elif isinstance(change, RuleFired):
            yield _fired(change, event)
        elif isinstance(change, PledgeGiven):
            yield _pledge_given(change, event)
        elif step:
            yield from step(change, event.personal or {})


def _account(change: AccountOpened, personal: dict[str, Any]) -> Iterator[Op]:
    values = {
        "id": change.account,
        "channel": change.channel,
        "opened_at": change.opened_at,
        "waiting_days": change.waiting_days,
    }
    yield Insert("account", values)


def _customer(change: CustomerOpened, personal: dict[str, Any]) -> Iterator[Op]:
    yield Insert("customer", {"id": change.customer, "root": change.customer, "language": change.language})


def _entry_added(change: EntryAdded, event: Event) -> Op:
    """Who wrote it and when is the event's to say."""
    values = {"id": change.entry, "customer": change.customer, "field": change.field}
    text = (event.personal or {}).get("entries", {}).get(change.entry)
    return Insert("profile", {**values, "value": text, "author": event.actor, "at": event.at})


def _identity(change: IdentityAdded, personal: dict[str, Any]) -> Iterator[Op]:
    person = personal.get("identities", {}).get(change.identity, {})
    values = {"id": change.identity, "customer": change.customer, "channel": change.channel}
    if change.same_as:
        values["same_as"] = change.same_as
    yield Insert("identity", {**values, "address": person.get("address"), "name": person.get("name")})


def _identity_named(change: IdentityNamed, personal: dict[str, Any]) -> Iterator[Op]:
    yield Update("identity", {"id": change.identity}, {"name": personal.get("named")})


def _ticket(change: TicketOpened, personal: dict[str, Any]) -> Iterator[Op]:
    yield Insert(
        "ticket",
        {
            "id": change.ticket,
            "root": change.ticket,
            "customer": change.customer,
            "identity": change.identity,
            "account": change.account,
            "channel": change.channel,
            "status": change.status,
            "language": change.language,
            "history": int(change.history),
            "since_before": int(change.since_before),
            "machine": int(change.machine),
            "created_at": change.created_at,
            "last_message_at": change.created_at,
            "subject": personal.get("tickets", {}).get(change.ticket),
        },
    )
    yield Insert("participant", {"ticket": change.ticket, "identity": change.identity})


def _ticket_set(change: TicketSet, personal: dict[str, Any]) -> Iterator[Op]:
    values = {change.field: _plain(change.now)}
    if change.field == "snoozed_until" and change.now is not None:  # what it is for stays until the next one
        values["snooze_reason"] = personal.get("snoozes", {}).get(change.ticket)
    yield Update("ticket", {"id": change.ticket}, values)


def _titled(change: TicketTitled, personal: dict[str, Any]) -> Iterator[Op]:
    yield Update("ticket", {"id": change.ticket}, {"subject": personal.get("tickets", {}).get(change.ticket)})


def _tag(change: TicketTagged, personal: dict[str, Any]) -> Iterator[Op]:
    values = {"ticket": change.ticket, "tag": change.tag}
    yield Insert("tag", values) if change.now else Delete("tag", values)


def _step_taken(change: StepTaken, event: Event) -> Op:
    """Who took it and when is the event's to say."""
    if change.now is None:
        return Delete("step", {"id": change.id})
    values = {
        "id": change.id,
        "ticket": change.ticket,
        "playbook": change.playbook,
        "step": change.step,
        "answer": change.now,
        "actor": event.actor,
        "at": event.at,
    }
    return Insert("step", values, replace=True)


def _fired(change: RuleFired, event: Event) -> Op:
    """What set it off is the event's to say."""
    values = {"id": event.id, "ticket": change.ticket, "rule": change.rule, "kind": change.on}
    return Insert("firing", {**values, "cause": event.parent, "did": _json(change.did), "at": event.at})


def _pledge_given(change: PledgeGiven, event: Event) -> Op:
    """Who gave it is the event's to say."""
    values = {name: getattr(change, name) for name in ("ticket", "message", "given_at", "due_at", "rises_at")}
    values["renews"] = int(change.renews)
    text = (event.personal or {}).get("pledges", {}).get(change.pledge)
    return Insert("pledge", {"id": change.pledge, **values, "text": text, "author": event.actor})


def _field_of(table: str, key: str) -> Callable[[Any, dict[str, Any]], Iterator[Op]]:
    """One field of the row that the change names in its own `key`."""
    return lambda change, _: iter(
        (Update(table, {"id": getattr(change, key)}, {change.field: _plain(change.now)}),)
    )


def _link(change: TicketLinked, personal: dict[str, Any]) -> Iterator[Op]:
    for one, other in ((change.ticket, change.other), (change.other, change.ticket)):
        values = {"ticket": one, "other": other}
        yield Insert("link", values) if change.now else Delete("link", values)


def _cause(change: CauseOpened, personal: dict[str, Any]) -> Iterator[Op]:
    yield Insert("cause", {"id": change.cause, "words": change.words, "opened_at": change.opened_at})


def _clock(change: ClockSet, personal: dict[str, Any]) -> Iterator[Op]:
    key = {"ticket": change.ticket, "metric": change.metric, "tier": change.tier}
    if change.now is None:
        yield Delete("clock", key)
    else:
        yield Insert("clock", {**key, "data": _json(change.now)}, replace=True)


def _message(change: MessageAdded, personal: dict[str, Any]) -> Iterator[Op]:
    person = personal.get("messages", {}).get(change.message) or personal.get("message") or {}
    headers = {k: v for k, v in person.items() if k not in {"subject", "name", "address"} and v}
    yield Insert(
        "message",
        {
            "id": change.message,
            "ticket": change.ticket,
            "account": change.account,
            "direction": change.direction,
            "class": change.mail_class,
            "class_reason": change.class_reason,
            "joined_by": change.joined_by,
            "author": change.author,
            "sent_at": change.sent_at,
            "received_at": change.received_at,
            "fetched_at": change.fetched_at,
            "text": change.text,
            "raw": change.raw,
            "size": change.size,
            "mail_id": change.mail_id,
            "folds": _json(change.folds) if change.folds else None,
            "warnings": _json(change.warnings) if change.warnings else None,
            "language": change.language,
            "history": int(change.history),
            "state": change.state,
            "subject": person.get("subject"),
            "name": person.get("name"),
            "address": person.get("address"),
            "headers": _json(headers) if headers else None,
            "bounce": _json(change.bounce) if change.bounce else None,
            "junk": int(change.junk),
            "settled": change.settled,
            "asks": _plain(change.asks),
            "seconds": change.seconds,  # all columns always: messages written together keep the order of the log
        },
    )
    for reference in change.references:
        yield Insert("reference", {"mail_id": reference, "message": change.message})
    yield from _parts(change)
    names, content_ids = person.get("files", ()), person.get("content_ids", ())
    for number, attachment in enumerate(change.attachments):
        extra = {
            "name": names[number] if number < len(names) else None,
            "content_id": content_ids[number] if number < len(content_ids) else None,
        }
        values = {**attachment, "inline": int(attachment.get("inline", False))}
        yield Insert("attachment", {"message": change.message, "position": number, **values, **extra})


def _parts(change: MessageAdded) -> Iterator[Op]:
    """Who takes part by a message, in the customer's thread or apart from it."""
    for identity in change.people:
        part = {"ticket": change.ticket, "identity": identity}
        if change.direction in PARTY:
            yield Insert("party", {**part, "message": change.message})
        else:
            yield Insert("participant", part)


def _message_set(change: MessageSet, personal: dict[str, Any]) -> Iterator[Op]:
    yield Update("message", {"id": change.message}, {change.field: _plain(change.now)})


def _named(change: MessageNamed, personal: dict[str, Any]) -> Iterator[Op]:
    name = personal.get("names", {}).get(change.mail_id)
    yield Insert("alias", {"mail_id": change.mail_id, "message": change.message, "name": name})


def _unnamed(change: MessageUnnamed, personal: dict[str, Any]) -> Iterator[Op]:
    yield Delete("alias", {"mail_id": change.mail_id})


def _version(change: MessageVersion, personal: dict[str, Any]) -> Iterator[Op]:
    values = {
        "message": change.message,
        "number": change.number,
        "kind": change.kind,
        "at": change.at,
        "text": change.text,
    }
    yield Insert("version", values)


def _version_set(change: VersionSet, personal: dict[str, Any]) -> Iterator[Op]:
    yield Update("version", {"message": change.message, "number": change.number}, {"kind": change.kind})


def _reacted(change: Reacted, personal: dict[str, Any]) -> Iterator[Op]:
    key = {"message": change.message, "identity": change.identity or ""}
    if change.taken_away:
        yield Delete("reaction", key)
    else:
        yield Insert("reaction", {**key, "sign": personal.get("sign")}, replace=True)


def _survey_asked(change: SurveyAsked, personal: dict[str, Any]) -> Iterator[Op]:
    values = asdict(change)
    yield Insert("survey", {"id": values.pop("survey"), **values})


def _rated(change: Rated, personal: dict[str, Any]) -> Iterator[Op]:
    values = {"score": change.now, "rated_at": change.at, "answer": change.answer}
    yield Update("survey", {"id": change.survey}, values)


def _quarantined(change: Quarantined, personal: dict[str, Any]) -> Iterator[Op]:
    values = {
        "id": change.quarantine,
        "account": change.account,
        "raw": change.raw,
        "size": change.size,
        "received_at": change.received_at,
        "reason": change.reason,
        "attempts": change.attempts,
        "role": change.role,
        "before": int(change.before),
        "waits": int(change.waits),
    }
    yield Insert("quarantine", values, replace=True)


def _released(change: QuarantineLeft, personal: dict[str, Any]) -> Iterator[Op]:
    yield Delete("quarantine", {"id": change.quarantine})


def _erased(change: Erased, personal: dict[str, Any]) -> Iterator[Op]:
    for identity in change.identities:  # with what was said of a person; whoever writes again is somebody new
        yield Delete("identity", {"id": identity})
    for name in change.names:
        yield Insert("forgotten", {"id": name})
        yield Delete("quarantine", {"raw": name})
    forgets = dict.fromkeys(("speaks", "form", "muted_at", "no_surveys_at"))
    for customer in change.customers:
        yield Update("customer", {"id": customer}, forgets)
    for ticket in change.tickets:  # nobody is left to whom anything was promised
        if not change.pledges_stay:
            yield Update("pledge", {"ticket": ticket}, {"dropped": 1})
        yield Update("ticket", {"id": ticket}, {"pledge_due_at": None, "pledge_rises_at": None})
    for table, ids in (
        ("customer", change.customers),
        ("ticket", change.tickets),
        ("message", change.messages),
    ):
        for row in ids:
            yield Update(table, {"id": row}, {"erased": 1})


def _taken_back(change: TakenBack, personal: dict[str, Any]) -> Iterator[Op]:
    yield Insert("taken_back", {"event": change.event})


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


_json = json.JSONEncoder(
    check_circular=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
).encode


_STEPS: dict[type[Change], Callable[[Any, dict[str, Any]], Iterator[Op]]] = {
    AccountOpened: _account,
    CauseOpened: _cause,
    CauseSet: _field_of("cause", "cause"),
    QuarantineSet: _field_of("quarantine", "quarantine"),
    ClockSet: _clock,
    CustomerOpened: _customer,
    CustomerSet: _field_of("customer", "customer"),
    EntrySet: _field_of("profile", "entry"),
    Erased: _erased,
    IdentityAdded: _identity,
    IdentityNamed: _identity_named,
    IdentitySet: _field_of("identity", "identity"),
    MessageAdded: _message,
    MessageNamed: _named,
    MessageSet: _message_set,
    MessageUnnamed: _unnamed,
    MessageVersion: _version,
    PledgeSet: _field_of("pledge", "pledge"),
    QuarantineLeft: _released,
    Quarantined: _quarantined,
    Rated: _rated,
    Reacted: _reacted,
    SurveyAsked: _survey_asked,
    TakenBack: _taken_back,
    TicketLinked: _link,
    TicketOpened: _ticket,
    TicketSet: _ticket_set,
    TicketTagged: _tag,
    TicketTitled: _titled,
    VersionSet: _version_set,
}
