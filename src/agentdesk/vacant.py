"""What stands in a view that holds nothing: what it is for, and what is usual to do there.

Promises: two sentences for each view of ours, with the keys as they are bound now. Refuses: views of the shop's own, whose name says it.
"""

from collections.abc import Callable, Mapping

from agentdesk.errors import N_
from agentdesk.i18n import tr

_WORDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "inbox": (N_("What needs a person comes here by itself. {key} receives now, {other} lists everything."), ("sync.now", "go.all")),
    "mine": (N_("What is assigned to you. {key} takes a ticket, {other} goes to what nobody has taken."), ("ticket.take", "go.unassigned")),
    "unassigned": (N_("What nobody has taken. {key} takes a ticket, {other} gives it to somebody."), ("ticket.take", "ticket.assign")),
    "overdue": (N_("What is late stands here, and is usually answered first. {key} goes to what is due next."), ("queue.next_due",)),
    "waiting": (N_("What waits for the customer or a third party. It comes back by itself once they write."), ()),
    "snoozed": (
        N_("What sleeps until a time, and comes back by itself. {key} puts a ticket away, {other} goes back to a time that was cut short."),
        ("snooze.until", "snooze.again"),
    ),
    "machine": (N_("Mail from machines, in which nobody waits. {key} says that a person wrote after all."), ("sender.person",)),
    "muted": (N_("What muted customers wrote. {key} mutes a customer, and the same key ends it."), ("customer.mute",)),
    "resolved": (N_("What is done. {key} opens a ticket again."), ("ticket.reopen",)),
    "unanswered": (
        N_(
            "Whoever has neither an answer nor a reason why none is needed stands here, longest first. Usually nobody is left at the end of a day; "
            "agentdesk unanswered --prove counts it afresh."
        ),
        (),
    ),
    "afterwards": (
        N_(
            "What somebody wrote after the end without opening it again: thanks, late mails. Usually one looks once a day: {key} says that you have, "
            "{other} opens what was no thanks."
        ),
        ("ticket.seen", "ticket.not_thanks"),
    ),
    "all": (N_("Everything stands here, history included, once something has come. {key} receives now."), ("sync.now",)),
}  # fmt: skip


def words(view: str, key_of: Callable[[str], str]) -> str:
    """For a view without rows; `key_of` gives the key of an act."""
    known = _WORDS.get(view)
    if known is None:
        return tr("Nothing here.")
    text, acts = known
    keys = dict(zip(("key", "other"), map(key_of, acts), strict=False))
    return f"{tr('Nothing here.')}\n{tr(text).format(**keys)}"
