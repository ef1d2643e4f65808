"""A search in words, for whoever reads what a rule is about and never typed one.

Promises: what has no words here leaves the search as it was typed, whole; nothing is said halfway. Refuses: saying what it found.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agentdesk import matter, present
from agentdesk.core import query
from agentdesk.core.query import Field, Known, Node, Not, Or, QueryError
from agentdesk.errors import N_
from agentdesk.i18n import language_name, tr

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_IS: Mapping[str, str] = {
    "unread": N_("unread"),
    "overdue": N_("late"),
    "unassigned": N_("of nobody"),
    "snoozed": N_("snoozed"),
    "rated": N_("rated"),
    "unhappy": N_("rated 1 or 2"),
    "first": N_("a customer's first"),
    "last": N_("a customer's last"),
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "channel": present.channel,
    "status": present.status,
    "kind": matter.kind,
    "incident": matter.incident,
    "lang": language_name,
}
_NAMED: Mapping[str, str] = {
    "tag": N_("tag {word}"),
    "assignee": N_("to {word}"),
    "from": N_("from {word}"),
    "subject": N_("subject {word}"),
}


def asked(text: str) -> str:
    """A search in the agent's language."""
    try:
        return _words(query.parse(text, Known(_ANY_DAY)).node) or text
    except QueryError:  # a segment, of which only config.toml knows
        return text


def _words(node: Node) -> str:
    """The words for a part; "" where it has none."""
    if isinstance(node, Not):
        inside = _words(node.part)
        return tr("not {words}").format(words=inside) if inside else ""
    if isinstance(node, query.And | Or):
        parts = [_words(each) for each in node.parts]
        return (tr(" or ") if isinstance(node, Or) else ", ").join(parts) if all(parts) else ""
    if not isinstance(node, Field):
        return f"“{node.text}”"
    if node.op in _VALUES:
        return _VALUES[node.op](node.value)
    if node.op in _NAMED:
        return tr(_NAMED[node.op]).format(word=node.value)
    return tr(_IS[node.value]) if node.op == "is" and node.value in _IS else ""
