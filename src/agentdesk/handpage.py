"""The page of a folder that is handed to a customer: what the shop keeps of them, to read in any browser.

Promises: made of the same document that is handed over as data, in the customer's language where we speak it and in the shop's own
time; whatever anybody wrote is text there and never markup; the page runs nothing and loads nothing from elsewhere. Refuses:
what only programs read (ids, checksums, and how a mail was joined): that stands in the data.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import MINYEAR, UTC, datetime, tzinfo
from html import escape
from typing import Any

from agentdesk import dates, facts, present, profile, rated
from agentdesk.core.instant import moment
from agentdesk.i18n import LANGUAGES, language_name, speaking, tr

_STYLE = "body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}pre{white-space:pre-wrap;font:inherit}"
_HEAD = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<style>{style}</style></head><body><h1>{title}</h1>"
)
_LONG_AGO = datetime(MINYEAR, 1, 2, tzinfo=UTC)
"""Seen from there every day is of another year, and is written with its own."""

Document = dict[str, Any]


def maker(zone: tzinfo, language: str) -> Callable[[Document], str]:
    """What makes a page of a document, with times in `zone`; `language` counts where the customer's is not spoken here."""

    def page(told: Document) -> str:
        theirs = told["language"]
        with speaking(theirs if theirs in LANGUAGES else language) as spoken:
            return "\n".join(filter(None, _Page(zone).lines(told, spoken))) + "\n"

    return page


class _Page:
    """Lines of markup; all that came from outside passes `escape`."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def lines(self, told: Document, language: str) -> Iterator[str]:
        addresses = [each.partition(":") for each in told["identities"]]
        title = told["name"] or next((address for *_, address in addresses), "")
        yield _HEAD.format(language=language, title=escape(title), style=_STYLE)
        yield _list((present.channel(channel), address) for channel, _, address in addresses)
        yield _list(self._who(told))
        yield _list(
            (f"#{each['ticket']}", f"{rated.score(each['score'])}, {self._time(each['at'])}")
            for each in told["ratings"]
        )
        for each in told["notes"]:
            yield _heading(3, self._time(each["at"]), profile.about(), each["author"])
            yield _text(each["text"])
        for ticket in told["tickets"]:
            yield from self._ticket(ticket)
        yield "</body></html>"

    def _who(self, told: Document) -> Iterator[tuple[str, str]]:
        yield tr("language"), language_name(told["language"] or "")
        yield tr("first contact"), self._time(told["first_contact_at"])
        yield tr("last contact"), self._time(told["last_contact_at"])
        yield tr("preference"), told["preference"] or ""
        for field, value in told["fields"].items():
            yield profile.title(field), value
        yield tr("names in messages"), ", ".join(told["called"])
        yield tr("groups of customers"), ", ".join(told["segments"])
        yield tr("kept apart since"), self._time(told["muted_at"])
        yield tr("asked no more how it was since"), self._time(told["no_surveys_at"])

    def _ticket(self, ticket: Document) -> Iterator[str]:
        yield _heading(2, f"#{ticket['number']} {ticket.get('subject') or ''}".rstrip())
        yield _list(self._about(ticket))
        for name, some in ticket.get("lookups", {}).items():
            yield _heading(3, facts.title(name))
            for each in some:
                yield _list((facts.label(part), _shown(value)) for part, value in each.items())
        for message in ticket["messages"]:
            yield from self._message(message)

    def _about(self, ticket: Document) -> Iterator[tuple[str, str]]:
        yield tr("channel"), present.channel(ticket["channel"])
        yield tr("status"), present.status(ticket["status"]) if "status" in ticket else ""
        yield tr("tags"), ", ".join(ticket.get("tags", ()))
        yield tr("put away for"), ticket.get("put_away_for") or ""
        for each in ticket.get("promises", ()):
            yield tr("promised for {time}").format(time=self._time(each["due_at"])), each["text"]

    def _message(self, message: Document) -> Iterator[str]:
        name, address = message["author"]["name"], message["author"]["identity"]
        who = f"{name} <{address.partition(':')[2]}>" if address else name
        way = present.direction(message["direction"], message["class"])
        yield _heading(3, self._time(message["received_at"]), way, who)
        yield _list(self._around(message))
        if message["subject"]:
            yield f"<p><b>{escape(message['subject'])}</b></p>"
        yield _text(message["text"])
        for each in message["versions"]:
            yield _heading(4, tr("changed {time}").format(time=self._time(each["at"])))
            yield _text(each["text"] or "")
        if message["came"]:
            yield _heading(4, tr("as it came"))
            yield _text(message["came"])
        for each in message["attachments"]:
            yield _link(each["file"], each["name"] or each["file"] or each["media_type"])
        if message["raw"]:
            yield _link(message["raw"]["file"], tr("the message as it went or came, with everything"))

    def _around(self, message: Document) -> Iterator[tuple[str, str]]:
        yield tr("to"), ", ".join(message["to"])
        yield tr("copy to"), ", ".join(message["cc"])
        if message["delivery"]:
            yield tr("what became of it"), present.delivery(message["delivery"]["state"])
        for each in message["reactions"]:
            yield tr("sign"), f"{each['sign'] or ''} {each['by'] or ''}".strip()

    def _time(self, stamp: str | None) -> str:
        return dates.named(moment(stamp).astimezone(self._zone), _LONG_AGO) if stamp else ""


def _list(pairs: Iterable[tuple[str, str]]) -> str:
    """What is empty is left out."""
    items = "".join(f"<li>{escape(label)}: {escape(value)}</li>" for label, value in pairs if value)
    return f"<ul>{items}</ul>" if items else ""


def _heading(level: int, *parts: str) -> str:
    return f"<h{level}>{escape(' · '.join(filter(None, parts)))}</h{level}>"


def _text(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _link(file: str | None, title: str) -> str:
    if not file:
        return f"<p>{escape(title)}</p>"
    return f'<p><a href="{escape(file, quote=True)}">{escape(title)}</a></p>'


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
