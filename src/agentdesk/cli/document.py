"""Read models as the contract's JSON (CLI.md): names, types and nothing else. Times keep their Z."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agentdesk import rulewords, undelivered
from agentdesk.config import Settings
from agentdesk.core import sla
from agentdesk.core.card import LookupView
from agentdesk.core.instant import maybe_stamp, plain
from agentdesk.core.quarantine import QuarantineRow
from agentdesk.core.ruled import Done
from agentdesk.core.views import (
    AttachmentView,
    Before,
    MessageView,
    OutboxRow,
    QueueRow,
    TicketView,
)


def ticket(view: TicketView, settings: Settings, now: datetime) -> dict[str, Any]:
    """The Ticket object; `messages` is their number."""
    row = view.row
    return {
        "number": row.number,
        "subject": row.subject,
        "status": row.status,
        "channel": row.channel,
        "account": account_name(settings, row.account),
        "customer": {"id": row.customer, "name": row.customer_name, "identity": row.identity},
        "room": row.room or None,
        "assignee": row.assignee,
        "priority": row.priority,
        "tags": list(view.tags),
        "kind": row.kind,
        "incident": view.incident,
        "language": row.language,
        "unread": row.unread,
        "created_at": plain(row.created_at),
        "last_message_at": plain(row.last_message_at),
        "waiting_since": plain(row.waiting_since),
        "clocks": [clock(data, now) for data in view.clocks],
        "next_due_at": plain(row.next_due_at),
        "order": {"band": row.band, "reason": row.reason},
        "cause": row.cause,
        "moved_from": view.moved_from or None,
        "looks_like": view.offered or None,
        "history": row.history,
        "since_before": row.since_before,
        "snoozed_until": plain(row.snoozed_until),
        "snooze": _snooze(row),
        "unanswered_since": plain(row.owed_since),
        "wrote_after": plain(row.wrote_after),
        "window_until": plain(row.window_until),
        "messages": row.messages,
        "drafts": view.drafts,
        "drafts_by": list(row.drafts),
        "linked": list(view.linked),
        "erased": row.erased,
        "undelivered": row.failed,
        "in_doubt": row.in_doubt,
        "junk": row.junk,
        "promised_until": plain(view.promised_until),
        "derived": None if view.derived_at is None else {"at": plain(view.derived_at), "to": view.derived_to},
    }


def _snooze(row: QueueRow) -> dict[str, Any] | None:
    """What a sleeping ticket is put away for; of one that woke early, the time that this cut short."""
    if row.status != "snoozed" and row.snooze_cut is None:
        return None
    on_reply = "note_only" if row.snooze_quiet else "wake"
    return {"reason": row.snooze_reason, "on_reply": on_reply, "cut_short": plain(row.snooze_cut)}


def clock(data: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One clock; `left_seconds` are wall seconds, negative after a breach."""
    known = sla.from_data(data)
    return {
        "metric": known.metric.value,
        "tier": known.tier.value,
        "state": sla.state(known, now).value,
        "started_at": plain(maybe_stamp(known.started_at)),
        "due_at": plain(maybe_stamp(known.due_at)),
        "left_seconds": sla.left(known, now),
        "target_seconds": known.target,
        "answered_at": plain(maybe_stamp(known.answered_at)),
        "met_at": plain(maybe_stamp(known.met_at)),
    }


def before(one: Before) -> dict[str, Any]:
    """Another matter of the same person."""
    return {
        "ticket": one.number,
        "channel": one.channel,
        "status": one.status,
        "subject": one.subject,
        "said": one.said,
        "last_message_at": plain(one.at),
        "until": plain(one.until),
    }


def message(view: MessageView, settings: Settings, waiting: OutboxRow | None = None) -> dict[str, Any]:
    """The message object of `show`; `waiting` is the row of one of ours in the outbox."""
    return {
        "id": view.id,
        "remote_id": view.remote_id,
        "direction": view.way,
        "audience": view.audience,
        "class": view.mail_class,
        "class_reason": view.class_reason,
        "author": {"name": view.name, "identity": view.identity},
        "sender": {"verified": view.verified, "by": view.vouched_by},
        "subject": view.subject,
        "to": list(view.to),
        "cc": list(view.cc),
        "bcc": list(view.bcc),
        "sent_at": plain(view.sent_at),
        "received_at": plain(view.received_at),
        "fetched_at": plain(view.fetched_at),
        "text": view.text,
        "visible_text": view.visible,
        "attachments": [_attachment(each) for each in view.attachments],
        "delivery": _delivery(view, waiting) if view.is_ours else None,
        "joined_by": view.joined_by,
        "answers": view.answers and {"message": view.answers.message, "text": view.answers.words},
        "forwarded_from": view.forwarded_from or None,
        "warnings": list(view.warnings),
        "no_answer_needed": view.settled,
        "history": view.history,
        "erased": view.erased,
        "elsewhere": view.elsewhere,
        "transcript": view.transcript,
        "call": {"by": "us" if view.class_reason == "call_out" else "customer", "seconds": view.seconds}
        if view.is_call
        else None,
        "edited_at": plain(view.edited_at),
        "reworded_at": plain(view.reworded_at),
        "crossed_at": plain(view.crossed_at),
        "withdrawn_at": plain(view.withdrawn_at),
        "amendment": _amendment(view),
        "versions": [{"kind": v.kind, "at": plain(v.at), "text": v.text} for v in view.versions],
        "reactions": [{"by": by, "sign": sign} for by, sign in view.reactions],
        "score": view.score,
        "junk": view.junk,
        "places": [{"account": account_name(settings, a), "folder": folder} for a, folder in view.places],
    }


def _attachment(file: AttachmentView) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "inline": file.inline,
        "seconds": file.seconds,
    }


def _delivery(view: MessageView, waiting: OutboxRow | None) -> dict[str, Any]:
    """What became of a message of ours; of one that waits for its time also that, of one that came back the status code, why
    in words, and the server's."""
    found = {"state": view.state or "sent", "error": view.error}
    if waiting and waiting.goes_at:
        found["goes_at"] = plain(waiting.goes_at)
    if view.state == "failed" and undelivered.has_bounced(view.error):
        found["status"] = str(view.error).partition(":")[2]
        found["reason"] = undelivered.why(view.error, view.reason)
        found["words"] = view.reason
    return found


def _amendment(view: MessageView) -> dict[str, Any] | None:
    """The last change of a message of ours that its service has not made (asked), or will not make (refused)."""
    if view.unchanged is not None:
        return {"state": "refused", "reason": view.unchanged}
    return None if view.asking is None else {"state": "asked", "reason": view.asking or None}


def quarantined(row: QuarantineRow, settings: Settings) -> dict[str, Any]:
    return {
        "id": row.id,
        "account": account_name(settings, row.account),
        "reason": row.reason,
        "received_at": plain(row.received_at),
        "attempts": row.attempts,
        "size": row.size,
        "dismissed_at": plain(row.dismissed_at),
    }


def account_name(settings: Settings, account: str) -> str:
    """The account's present name; the id of one that was removed."""
    found = settings.account(account)
    return found.name if found else account


def lookup(view: LookupView) -> dict[str, Any]:
    """What the shop said of a ticket's customer, and since when it does not answer."""
    return {
        "name": view.name,
        "asked_at": plain(view.asked_at),
        "failed_at": plain(view.failed_at),
        "failure": view.failure or None,
        "reason": view.reason or None,
        "facts": [fact.document() for fact in view.facts],
    }


def ruled(done: Done) -> dict[str, Any]:
    """What a rule did, or could not do."""
    return {
        "rule": done.rule,
        "ticket": done.number,
        "at": plain(done.at),
        "event": done.kind or None,
        "cause": done.cause,
        "id": done.id,
        "did": list(done.did),
        "undone": done.taken_back,
        "error": None if done.failure is None else rulewords.failure(*done.failure),
    }


def failing(found: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Whom mail comes back from, and why, of (channel, address, status code) each."""
    return [
        {"identity": f"{channel}:{address}", "status": code, "reason": undelivered.meaning(code)}
        for channel, address, code in found
    ]
