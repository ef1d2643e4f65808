"""Values to words, in the agent's language.

Promises: pure; an unknown code shows itself rather than failing; a template without one of its values still
fills. Refuses: knowing where the words are drawn; screens and the command line share them.
"""

from collections.abc import Mapping
from typing import Any

from agentdesk import excused, undone, unreached, unspoken, whose
from agentdesk.core.model import THEIRS, Priority, Status
from agentdesk.core.text import safe_line
from agentdesk.core.views import Before, QueueRow
from agentdesk.errors import N_, DeskError
from agentdesk.i18n import tr
from agentdesk.keyname import printed
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for people; `code` for scripts."""

    code: str
    title: str
    detail: str
    remedy: str


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def problem(error: DeskError) -> Problem:
    """The texts of `error`, translated and filled.

    `what` and `reason` are translated where the catalogue has them; a `reason` that is one of the law's codes
    becomes its sentence. Names and other people's words stay as they are.
    """
    values = _Values(error.values)
    if isinstance(error.values.get("what"), str):
        values["what"] = tr(error.values["what"])
    values["reason"] = refusal(str(error.values.get("reason", "")), error.values)
    remedy = unreached.REMEDIES.get(str(error.values.get("reason", "")), error.remedy)
    texts = (tr(text).format_map(values) for text in (error.title, error.detail, remedy))
    title, detail, remedy = texts
    return Problem(error.code, title, detail, remedy)


def refusal(reason: str, values: Mapping[str, Any]) -> str:
    """Why the law said no, as a sentence; a reason that is no code stays as it is."""
    from agentdesk import profile, rated  # not before the first paint, which refuses nothing

    others = (unspoken, unreached, whose, profile, rated, excused)
    for table in (_REFUSALS, *(each.REFUSALS for each in others)):
        if template := table.get(reason):
            return tr(template).format_map(_Values(undone.named(values)))
    return tr(reason)


_REFUSALS: Mapping[str, str] = {
    "no_ticket": N_("There is no such ticket."),
    "no_message": N_("There is no such message."),
    "no_customer": N_("There is no such customer."),
    "nothing_changes": N_("It is like that already; nothing changes."),
    "not_in_junk": N_("Nothing of this ticket lies in Junk."),
    "never_person": N_("A report of undelivered mail is never a person's."),
    "other_playbook": N_("The ticket follows another playbook by now; look at it again."),
    "playbook_unfinished": N_(
        "The playbook {playbook} is not finished: T takes its next step (agentdesk playbook step {number})."
    ),
    "past": N_("That time has passed already."),
    "over": N_("The ticket is resolved or closed."),
    "not_over": N_("The ticket is open already."),
    "same_ticket": N_("Both are the same ticket."),
    "same_customer": N_("Both are the same customer."),
    "not_merged": N_("That customer is merged into nobody."),
    "not_inbound": N_("Only a message from a customer can be split off."),
    "only_message": N_("It is the only message of its ticket."),
    "nothing_to_undo": N_("There is nothing of yours to undo."),
    "cannot_undo": N_("The last act cannot be undone ({what})."),
    "already_sent": N_("It has been sent already."),
    "answer_gone": N_("The answer in #{number} has been sent already and cannot be taken back."),
    "answer_gone_here": N_(
        "The answer in #{number} has been sent already and cannot be taken back; once more takes back what was done before it."
    ),
    "being_sent": N_("It is being sent at this moment."),
    "answered": N_("Somebody has answered this message already; look at the ticket again."),
    "answered_meanwhile": N_("{name} has answered meanwhile: read it, then send again."),
    "said_meanwhile": N_("More was said meanwhile: read it, then send again."),
    "said_before": N_(
        "The customer got this very text on {day} in #{number}; --again sends it all the same."
    ),
    "reply_elsewhere": N_(
        "The mail came from {sender} and asks for the answer to go to {to}: say with --to who gets it."
    ),
    "form_without_address": N_("The form names no address to answer, or several: say with --to who gets it."),
    "reply_newcomer": N_(
        "{sender} wrote last, is not the customer and had no answer here yet: say with --to who gets it."
    ),
    "no_recipient": N_("Nobody is there to answer: the message names no sender."),
    "opted_out": N_("The customer said STOP: nothing may be sent there until they write again."),
    "no_caller": N_("Say who called: a telephone number, or the ticket it is about."),
    "no_text": N_("Say in a few words what it was about."),
    "window_closed": N_(
        "The customer wrote more than 24 hours ago: the channel takes an approved template only (g t, or reply --template)."
    ),
    "window_over": N_("The channel takes no answer any more until the customer writes again."),
    "too_long": N_("It is too long for this channel: {is_now} characters, at most {most}."),
    "no_pillow": N_("Pictures are drawn where Pillow is: pip install 'agentdesk-console[pictures]'."),
    "picture_unread": N_("This picture cannot be drawn; O opens it with the system's program."),
    "no_files": N_("This channel takes no files."),
    "too_many_files": N_("This channel takes at most {most} files."),
    "no_such_files": N_("This channel takes no files of this kind: {name} ({kind})."),
    "file_too_large": N_("{name} is too large for this channel: {is_now} MB, at most {most} MB."),
    "settle_first": N_("Nobody knows whether it was sent: say so with `agentdesk outbox settle`."),
    "nothing_to_settle": N_("Its fate is known; there is nothing to settle."),
    "no_quarantined": N_("There is no such mail that could not be read."),
    "no_cause": N_("There is no cause {name}."),
    "cause_closed": N_("The cause {name} is closed; open it again first."),
    "no_name": N_("Give it a name."),
    "nobody_left": N_("Nobody is left to answer."),
    "changed_since": N_("It has changed since and cannot be undone any more ({what})."),
}

_NOUNS = (
    N_("account"),
    N_("agent"),
    N_("attachment"),
    N_("cause"),
    N_("customer"),
    N_("mail"),
    N_("message"),
    N_("template"),
    N_("ticket"),
    N_("view"),
)

_STATUSES: Mapping[str, str] = {
    Status.NEW: N_("new"),
    Status.OPEN: N_("open"),
    Status.WAITING_CUSTOMER: N_("waiting for the customer"),
    Status.WAITING_THIRD_PARTY: N_("waiting for a third party"),
    Status.SNOOZED: N_("snoozed"),
    Status.RESOLVED: N_("resolved"),
    Status.CLOSED: N_("closed"),
}

_PRIORITIES: Mapping[str, str] = {
    Priority.LOW: N_("low"),
    Priority.NORMAL: N_("normal"),
    Priority.HIGH: N_("high"),
    Priority.URGENT: N_("urgent"),
}

_CHANNELS: Mapping[str, str] = {
    "email": N_("mail"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "x": "X",
    "slack": "Slack",
    "matrix": "Matrix",
    "webchat": N_("web chat"),
    "sms": "SMS",
    "phone": N_("phone"),
    "form": N_("form"),
}

_DIRECTIONS: Mapping[str, str] = {
    "in": N_("received"),
    "out": N_("sent"),
    "auto": N_("sent automatically"),
    "note": N_("internal note"),
    "to_party": N_("sent to a third party"),
    "from_party": N_("received from a third party"),
}

_CLASSES: Mapping[str, str] = {
    "auto_reply": N_("automatic reply"),
    "bounce": N_("undelivered mail"),
    "bulk": N_("bulk mail"),
    "own_loop": N_("our own mail, come back"),
}


def direction(value: str, mail_class: str = "human") -> str:
    """Which way a message went; of what a machine wrote, its kind."""
    if value in THEIRS and mail_class in _CLASSES:
        return tr(_CLASSES[mail_class])
    return tr(_DIRECTIONS.get(value, value))


def erased() -> str:
    """What stands where a customer was forgotten."""
    return tr("(erased)")


def junk() -> str:
    """What stands beside what lies in the mailbox's Junk folder."""
    return tr("in Junk")


def subject(row: QueueRow) -> str:
    """A ticket's subject, or why there is none."""
    if row.erased:
        return erased()
    return row.subject or tr("(no subject)")


def tenths(value: float) -> str:
    """A number to one place: `39.1`, in Spanish and Catalan `39,1`."""
    whole, part = f"{value:.1f}".split(".")
    return tr("{whole}.{tenths}").format(whole=whole, tenths=part)


def size(count: int) -> str:
    """`count` bytes: `812 B`, `1.4 kB` (in Spanish `1,4 kB`), `3.2 MB`."""
    value = float(count)
    units = ["B", "kB", "MB", "GB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        del units[0]
    return f"{value:.0f} {units[0]}" if value >= 10 or units[0] == "B" else f"{tenths(value)} {units[0]}"


def brief(seconds: float) -> str:
    """A length of time for a cell or a line without room: its largest fitting unit alone, rounded down as a clock is; a minus where it
    is over. What is read as a figure is `duration`'s."""
    passed = int(abs(seconds))
    sign = "-" if seconds < 0 else ""
    for least, length, unit in ((172_800, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "m")):
        if passed >= least:
            return f"{sign}{passed // length} {unit}"
    return f"{sign}{passed} s"


def status(value: str) -> str:
    return tr(_STATUSES.get(value, value))


def priority(value: str) -> str:
    return tr(_PRIORITIES.get(value, value))


def key(name: str) -> str:
    """A key or chord as it is printed on the agent's keyboard."""
    return " ".join(tr(_KEYS.get(word, word)) for word in printed(name).split(" "))


def channel(value: str) -> str:
    return tr(_CHANNELS.get(value, value))


def countdown(seconds: float) -> str:
    """Seconds left on the wall, short: `0:41` under two minutes, then `26m`, `3h`, `2d`; a minus where it is over."""
    whole = int(abs(seconds))
    sign = "-" if seconds < 0 else ""
    for least, length, unit in ((172_800, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "m")):
        if whole >= least:
            return f"{sign}{whole // length}{unit}"
    return f"{sign}{whole // 60}:{whole % 60:02}"


_KEYS: Mapping[str, str] = {
    "space": N_("space"),
    "home": N_("home"),
    "end": N_("end"),
    "PgDn": N_("PgDn"),
    "PgUp": N_("PgUp"),
}
_LETTERS: Mapping[str, str] = {
    "email": "@",
    "telegram": "TG",
    "whatsapp": "WA",
    "messenger": "FB",
    "instagram": "IG",
    "x": "X",
    "slack": "SL",
    "matrix": "MX",
    "webchat": "WC",
    "sms": "SM",
    "phone": "PH",
    "form": "FO",
}


def earlier(one: Before) -> str:
    """Another matter of the same person: whether it is open, its number and channel. The day follows, as the caller writes it."""
    head = tr("still open:") if one.is_open else tr("last time:")
    return f"{head} #{one.number} {channel(one.channel)}"


def draft(by: tuple[str, ...], agent: str) -> str:
    """That something was begun and not sent; by whom, where that is not `agent`."""
    others = ", ".join(safe_line(name) for name in by if name != agent)
    return tr("draft of {names}").format(names=others) if others else tr("draft")


def letters(channel: str) -> str:
    """A channel in at most two letters; an unknown one by its own first two."""
    return _LETTERS.get(channel, channel[:2].upper())


_SHORT_STATUSES: Mapping[str, str] = {
    Status.WAITING_CUSTOMER: N_("waiting"),
    Status.WAITING_THIRD_PARTY: N_("3rd party"),
    Status.SNOOZED: N_("snoozed"),
    Status.RESOLVED: N_("resolved"),
    Status.CLOSED: N_("closed"),
}


def short_status(value: str) -> str:
    """A status in one short word of its name where a row needs it; "" for new and open, the plain ones."""
    if value in {Status.NEW, Status.OPEN}:
        return ""
    return tr(_SHORT_STATUSES.get(value, value))


_METRICS: Mapping[str, str] = {
    "ack": N_("first sign"),
    "first_response": N_("first reply"),
    "next_response": N_("next reply"),
    "resolution": N_("solution"),
    "progress": N_("progress"),
}


def metric(value: str) -> str:
    """What a clock is waiting for."""
    return tr(_METRICS.get(value, value))


_DELIVERIES: Mapping[str, str] = {
    "written": N_("queued"),
    "held": N_("held"),
    "queued": N_("queued"),
    "sending": N_("sending"),
    "sent": N_("sent"),
    "delivered": N_("delivered"),
    "read": N_("read"),
    "failed": N_("failed"),
    "withdrawn": N_("taken back"),
    "unknown": N_("nobody knows whether it was sent"),
}


def delivery(state: str) -> str:
    """What became of a message of ours."""
    return tr(_DELIVERIES.get(state, state))


def playing(seconds: int) -> str:
    """How long a sound plays: `0:07`, `12:30`."""
    return f"{seconds // 60}:{seconds % 60:02}"


def no_account(pressed: str) -> str:
    """What an empty desk says: the key to press, or the one command to type."""
    text = tr("No account yet. {key} adds a mailbox; so does: agentdesk account add email NAME --address A")
    return text.format(key=pressed)
