"""The words for why a message needs no answer, and for what a snooze is: shared by the console and the command line."""

from collections.abc import Mapping

from agentdesk.core.text import safe_line
from agentdesk.core.unanswered import TAKEN_BACK
from agentdesk.core.views import QueueRow
from agentdesk.errors import N_
from agentdesk.i18n import tr

REASONS: Mapping[str, str] = {
    "thanks": N_("only thanks"),
    "phone": N_("answered by phone"),
    "spam": N_("spam"),
    "duplicate": N_("said twice"),
    "other": N_("another reason"),
}
"""What an agent chooses from, in this order."""
_BY_ITSELF: Mapping[str, str] = {
    "muted": N_("whoever wrote it is muted"),
    "answered": N_("answered before, elsewhere"),
    "withdrawn": N_("taken back by its author"),
    "rating": N_("a rating"),
    "no_surveys": N_("wants to be asked no more"),
    "opted_out": N_("wants no more messages here"),
    "macro": N_("a macro"),
    "rule": N_("a rule"),
}
REFUSALS: Mapping[str, str] = {
    "nobody_waits": N_("Nobody waits for an answer in it."),
    "no_thanks": N_("Nothing in it was taken for thanks."),
    "never_cut": N_("It did not wake before its time, or that time has passed."),
}
"""Why the law said no to what is said of an end."""


def reason(code: str) -> str:
    """Why none is needed: a reason of an agent's, or what decided it and how the shop calls that."""
    kind, _, name = code.partition(":")
    said = tr({**REASONS, **_BY_ITSELF}.get(kind, kind))
    return f"{said} {safe_line(name)}" if name else said


def settled(code: str | None) -> str:
    """What stands at a message that needs no answer; empty where it needs one, or has one, and where the message says itself why."""
    if code is None or code == TAKEN_BACK:
        return ""
    return tr("thanks") if code == "thanks" else needless(code)


def needless(code: str) -> str:
    """What is said where nobody sees the message: that none is needed, and why."""
    return tr("no answer needed: {reason}").format(reason=reason(code))


def snoozed(row: QueueRow) -> str:
    """What a sleeping ticket is put away for, and that a message does not wake it; empty where nothing was said."""
    if row.status != "snoozed":
        return ""
    quiet = tr("sleeps on when they write") if row.snooze_quiet else ""
    return ", ".join(filter(None, (safe_line(row.snooze_reason or ""), quiet)))
