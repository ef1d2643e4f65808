"""Which command does what people also call by another name: the other names are those of the console's acts.

Promises: a name counts only as it is written there, in English or in the language of whoever types. Refuses: guessing by spelling,
which is `config.nearest`'s.
"""

from collections.abc import Collection, Mapping

from agentdesk.actions.called import ALSO
from agentdesk.actions.looking import LOOKING_ACTS
from agentdesk.core.folding import folded
from agentdesk.core.views import VIEWS
from agentdesk.errors import N_
from agentdesk.i18n import tr

_ACTS: Mapping[str, str] = {
    "account add email": "account.add",
    "agent switch": "program.who",
    "assign": "ticket.assign",
    "call": "call.note",
    "cause put": "ticket.cause",
    "closing": "go.closing",
    "customer erase": "customer.erase",
    "customer export": "customer.export",
    "customer merge": "customer.link",
    "customer mute": "customer.mute",
    "customer set": "customer.edit",
    "customer show": "customer.show",
    "forward": "ticket.forward",
    "keys": "help.keys",
    "kind": "ticket.describe",
    "language": "ticket.language",
    "life": "ticket.life",
    "links": "reading.links",
    "lookup show": "customer.lookup",
    "merge": "ticket.merge",
    "new": "ticket.new",
    "no-answer": "ticket.no_answer",
    "note": "ticket.note",
    "notify list": "program.notices",
    "outbox list": "outbox.show",
    "priority": "ticket.priority",
    "promise add": "ticket.promise",
    "quick list": "ticket.quick",
    "reopen": "ticket.reopen",
    "reply": "ticket.reply",
    "report": "go.figures",
    "rescue": "ticket.rescue",
    "resolve": "ticket.resolve",
    "rules list": "rules.show",
    "save": "reading.save",
    "search": "find.search",
    "seen": "ticket.seen",
    "sender machine": "sender.machine",
    "snooze": "snooze.until",
    "split": "reading.split",
    "survey ask": "survey.ask",
    "sync": "sync.now",
    "tag": "ticket.tag",
    "template list": "ticket.template",
    "theme list": "program.theme",
    "today": "go.morning",
    "undo": "act.undo",
    "view add": "queue.save_view",
}
_MORE: Mapping[str, str] = {
    "assign": N_("take, claim"),
    "queue": N_("list, ls, inbox, tickets"),
    "reply": N_("send, answer"),
}


def meant(word: str, verbs: Collection[str]) -> str | None:
    """The command among `verbs` that `word` is another name of; None where there is none."""
    wanted = folded(word)
    names = {verb: ALSO[act] for verb, act in _ACTS.items()}
    for verb, also in (*_MORE.items(), *names.items()):
        if verb in verbs and wanted in {folded(each) for each in (*also.split(", "), *tr(also).split(", "))}:
            return verb
    return None


def view(word: str) -> str | None:
    """The view that the console calls `word` in the language of whoever types: scripts know it by its English name alone."""
    titles = {folded(tr(each.title)): each.id.removeprefix("go.") for each in LOOKING_ACTS}
    found = titles.get(folded(word), "")
    return found if found in VIEWS else None
