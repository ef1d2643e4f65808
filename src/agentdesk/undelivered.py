"""Why a mail did not arrive, in plain words, from the status codes of RFC 3463 and what big providers mean by them.

Promises: pure; a code that is not in the table is said by its class, else in the server's own words; what is no bounce
keeps the words of the sending server. Refuses: advice beyond the reason; the agent knows the customer.
"""

from collections.abc import Iterable, Mapping

from agentdesk.core.text import safe_line
from agentdesk.core.unsent import OURS
from agentdesk.core.views import MessageView
from agentdesk.errors import N_
from agentdesk.i18n import tr

_BOUNCED = "bounced:"

_MEANINGS: Mapping[str, str] = {
    "5.1.0": N_("there is no such address"),
    "5.1.1": N_("there is no such address"),
    "5.1.10": N_("there is no such address"),
    "5.1.2": N_("the domain of the address does not exist"),
    "5.1.3": N_("the address is not written as an address must be"),
    "5.1.6": N_("the mailbox has moved"),
    "5.2.1": N_("the mailbox is closed"),
    "5.2.2": N_("the mailbox is full"),
    "5.2.3": N_("the message is too large"),
    "5.3.4": N_("the message is too large"),
    "5.4.4": N_("the domain of the address does not exist"),
    "5.4.6": N_("the mail goes round in a circle at the recipient's"),
    "5.7.26": N_("our mail is not authenticated: check SPF, DKIM and DMARC of our domain"),
    "4.2.2": N_("the mailbox is full"),
}
_CLASSES: Mapping[str, str] = {
    "5.4": N_("the recipient's server cannot be reached"),
    "5.7": N_("it was refused as spam or by a rule"),
    "4": N_("the recipient's server did not take it in time"),
}


_CODES: Mapping[str, str] = {
    "window_closed": N_("the window has closed: choose a template"),
    "undeliverable": N_("it cannot be reached there: no account, or it takes no messages"),
    "blocked": N_("the customer has blocked us"),
    "overheard": N_("it was for one person, and several people are in the room by now"),
    "opted_out": N_("the customer wants no more messages here"),
    "login": N_("the service refused our login: check the account's token"),
    "permission": N_("the service does not allow it to this account: check its permissions"),
    "policy": N_("the service holds it back by its rules"),
    "payment": N_("the service wants a means of payment first"),
    "template": N_("the template is not approved, or its values do not fit"),
    "unsupported": N_("the service does not take this kind of message"),
    "file": N_("the service did not take the file"),
}
"""What chats say, by our codes."""


def why(code: str | None, words: str | None) -> str:
    """Why a reply failed: `code` is its error, `words` are the server's; "" where nothing is known."""
    if code is not None and code in _CODES:
        return tr(_CODES[code])
    if code is None or not code.startswith(_BOUNCED):
        return _plain(words or "") or safe_line(code or "")
    return meaning(code.removeprefix(_BOUNCED), words)


def reason(words: str | None) -> str:
    """What was said of a send that did not end well: ours in the agent's language, a service's marked as its own; "" for nothing."""
    text = safe_line(words or "")
    if not text:
        return ""
    return tr(text) if text in OURS else said(text)


def marked(code: str | None, words: str | None) -> str:
    """The same as `why`, with a service's words marked as its own where they are all that is known."""
    is_known = code in _CODES or has_bounced(code)
    return why(code, words) if is_known else reason(words) or safe_line(code or "")


def behind(code: str | None, words: str | None) -> str:
    """What stands behind that: the service's own words; "" where it says them already."""
    told = reason(words)
    return "" if told in marked(code, words) else told


def whole(code: str | None, words: str | None) -> str:
    """Why a reply failed, and behind it the service's own words."""
    return "; ".join(filter(None, (marked(code, words), behind(code, words))))


def has_bounced(code: str | None) -> bool:
    """Whether a delivery report said so."""
    return code is not None and code.startswith(_BOUNCED)


def meaning(status: str, words: str | None = None) -> str:
    """A status code as a half sentence."""
    known = _MEANINGS.get(status) or _CLASSES.get(status.rpartition(".")[0]) or _CLASSES.get(status[:1])
    if known:
        return tr(known)
    return said(words) if words else tr("it came back ({status})").format(status=safe_line(status))


def unchanged(message: MessageView, channel: str) -> str:
    """What the customer still sees since the service did not make the last change of ours; `channel` is what that is called. Empty
    where there is nothing to say."""
    if message.unchanged is None:
        return ""
    is_edit = message.versions[-1].kind == "edit_refused"
    text = (
        tr("{channel} still shows the former text: {words}")
        if is_edit
        else tr("{channel} still shows it: {words}")
    )
    return text.format(channel=channel, words=_plain(message.unchanged) or "-")


def asking(message: MessageView, channel: str) -> str:
    """That a change of ours is not at the service yet, and why; empty where there is nothing to say."""
    if message.asking is None:
        return ""
    why = f": {_plain(message.asking)}" if message.asking else ""
    text = (
        tr("not taken back at {channel} yet{why}")
        if message.withdrawn_at
        else tr("not changed at {channel} yet{why}")
    )
    return text.format(channel=channel, why=why)


def _plain(words: str) -> str:
    """The same where it is said already whose words they are."""
    text = safe_line(words)
    return tr(text) if text in OURS else text


def said(words: str) -> str:
    """What a server said, marked as its own words."""
    return tr("the server said: {words}").format(words=safe_line(words))


def failing(status: str) -> str:
    """What is said beside an address that mail comes back from."""
    return tr("mail comes back: {reason}").format(reason=meaning(status))


def warned(found: Iterable[tuple[str, str, str]]) -> str:
    """The same of each (channel, address, status code) to which something goes, a sentence each, with a space before it."""
    return "".join(f" {safe_line(address)}: {failing(code)}." for _, address, code in found)
