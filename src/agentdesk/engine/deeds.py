"""What a rule does beside a ticket once it has fired: a command of the shop's own. (`ringing` has what it tells.)

Promises: after the transaction and once: a command that was cut off is said to be doubtful and never repeated; it gets what happened as JSON
on its standard input, no shell and no variable that holds a password, and ten seconds; what it says is not read. Refuses: customers'
texts: who wants one asks by the ticket's number.
"""

from contextlib import closing
from typing import Any

from agentdesk.config import Settings
from agentdesk.engine import notify
from agentdesk.engine.desk import Desk
from agentdesk.errors import DeskError, RefusedError
from agentdesk.i18n import tr
from agentdesk.store import queries
from agentdesk.store import rules as kept
from agentdesk.store.rules import ToDo

SECONDS = 10.0


def do(desk: Desk, settings: Settings) -> None:
    """Everything that is left to do."""
    with closing(desk.reader()) as connection:
        left = kept.left_to_do(connection)
    for each in left:
        reason = _doubtful(each) if each.begun else _tried(desk, settings, each)
        with desk.transaction() as writer:
            kept.done(writer.connection, each.id)
            if reason:
                name = ":".join((each.deed.kind, *each.deed.words[:1]))
                values = {"said": reason}
                kept.fail(
                    writer.connection,
                    each.rule,
                    each.ticket,
                    desk.now(),
                    code="said",
                    values=values,
                    did=name,
                )


def _doubtful(each: ToDo) -> str:
    return tr("it was cut off: nobody can say whether it was done, and it is not done again")


def _tried(desk: Desk, settings: Settings, each: ToDo) -> str:
    """Why it failed; empty where it did not."""
    with desk.transaction() as writer:
        kept.begin(writer.connection, each.id)
    document = _document(desk, settings, each)
    return notify.run(each.deed.words, document, SECONDS, hidden=settings.secret_variables)


def _document(desk: Desk, settings: Settings, each: ToDo) -> dict[str, Any]:
    """What happened, without a word of a customer."""
    with closing(desk.reader()) as connection:
        number = queries.number_of(connection, each.ticket)
        view = queries.ticket(connection, number, desk.now()) if number is not None else None
    known: dict[str, Any] = {"kind": "rule", "rule": each.rule, "event": each.firing, "ticket": number}
    if view is None:
        return known
    account = settings.account(view.account)
    return {
        **known,
        "channel": view.channel,
        "account": account.name if account else view.account,
        "status": view.status,
        "priority": view.priority,
        "assignee": view.assignee,
    }


def said_of(error: DeskError) -> tuple[str, dict[str, Any]]:
    """An error as it is kept: the law's reason with its values, or what it says in words."""
    if isinstance(error, RefusedError):
        return str(error.values["reason"]), {
            key: value for key, value in error.values.items() if key != "reason"
        }
    words = (tr(error.title).format(**error.values), tr(error.detail).format(**error.values))
    return "said", {"said": ": ".join(filter(None, words))}
