"""What an account suffers from, in the agent's language: by the code in its health, and by what may be missing of its messages.

Promises: pure; a code that nobody knows shows itself. Refuses: a server's own words, which `account check` has.
"""

from collections.abc import Mapping

from agentdesk.core.text import safe_line
from agentdesk.errors import N_, DeskError
from agentdesk.i18n import tr

_GAPS: Mapping[str, str] = {
    "box": N_("the relay's box was made anew: what was not fetched from the old one is gone"),
    "cursor": N_("it was not known any more what was received: all was looked at anew"),
    "invitation": N_("an invitation could not be accepted"),
    "limited": N_("more was said than can be fetched: older messages may be missing"),
    "missing": N_("the relay has lost messages"),
    "no_folder": N_("the folder is not there"),
    "signature": N_("messages came that the service has not signed; they were not believed"),
    "too_old": N_(
        "nobody asked for more than a day, and the service does not keep messages longer than that"
    ),
    "uidnext": N_("the server counts its mails anew: the folder was looked at again"),
    "uidvalidity": N_("the server counts its mails anew: the folder was looked at again"),
    "unfetchable": N_("the server does not give a message"),
}


_STATES: Mapping[str, str] = {
    "never": N_("never synced"),
    "ok": N_("in order"),
    "live": N_("hears of new mail at once"),
    "polling": N_("asked regularly"),
    "backoff": N_("tries again"),
    "needs_login": N_("needs its login"),
    "stopped": N_("stopped"),
}


def state(code: str) -> str:
    """How an account's connection is, in words."""
    return tr(_STATES.get(code, code))


def trouble(code: str | None) -> str:
    """What is wrong, as one line; "" where nothing is."""
    found = _errors().get(code or "")
    return tr(found.title) if found else safe_line(code or "")


def remedy(code: str | None, account: str) -> str:
    """What to do next about it."""
    found = _errors().get(code or "")
    return (
        tr(found.remedy).format(account=account)
        if found and "{" not in found.remedy.replace("{account}", "")
        else ""
    )


def gap(text: str | None) -> str:
    """What may be missing, from a health's `gap` (FOLDER: REASON, below it the folders that there are); "" where nothing is."""
    told, _, there = (text or "").partition("\n")
    folder, _, reason = told.rpartition(": ")
    words = tr(_GAPS[reason]) if reason in _GAPS else safe_line(reason)
    if there:
        words = tr("{what}; these folders are: {there}").format(what=words, there=safe_line(there))
    return f"{safe_line(folder)}: {words}" if folder else words


def _errors() -> dict[str, type[DeskError]]:
    """The errors by their code; of several with one code the most general."""
    found: dict[str, type[DeskError]] = {}
    waiting: list[type[DeskError]] = [DeskError]
    while waiting:
        each = waiting.pop(0)
        found.setdefault(each.code, each)
        waiting += each.__subclasses__()
    return found
