"""What the shop itself says, in words: how a part of an order is called, how old it is, what is wrong with it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from agentdesk import dates
from agentdesk.core import lookup
from agentdesk.core.card import LookupView
from agentdesk.core.instant import moment
from agentdesk.core.lookup import Fact
from agentdesk.core.replies import QuickReply
from agentdesk.errors import N_
from agentdesk.i18n import tr

_LABELS: Mapping[str, str] = {
    "number": N_("order number"),
    "status": N_("status of the order"),
    "placed_at": N_("day of the order"),
    "total": N_("total of the order"),
    "carrier": N_("courier"),
    "tracking_url": N_("tracking link"),
    "items": N_("what was ordered"),
}


def label(part: str) -> str:
    """How a part of an order is called; what the shop says besides, as the shop calls it."""
    return tr(_LABELS.get(part, part))


def title(name: str) -> str:
    """How a lookup is called where its facts stand."""
    return tr("Orders") if name == "orders" else name


def question(reply: QuickReply, blank: str, language: str | None) -> str:
    """What the agent is asked for a blank of `reply`."""
    asked = reply.question(blank, language)
    known = _LABELS.get(blank.removeprefix("order.")) if asked == blank and blank in lookup.PLACES else None
    return tr(known) if known else asked


def age(view: LookupView, now: datetime, zone: tzinfo) -> str:
    """How old an answer is, and whether the shop could not be asked since."""
    at = moment(view.asked_at) if view.asked_at else None
    if not view.failed_at:
        return tr("as of {time}").format(time=_time(at, now, zone)) if at else tr("not asked yet")
    if at is None:
        texts = {"unreadable": N_("the shop's answer cannot be read, at {time}")}
        at = moment(view.failed_at)
        text = texts.get(view.failure, N_("shop not reachable, at {time}"))
    else:
        texts = {"unreadable": N_("the shop's answer cannot be read, as of {time}")}
        text = texts.get(view.failure, N_("shop not reachable, as of {time}"))
    return tr(text).format(time=_time(at, now, zone))


def _time(at: datetime, now: datetime, zone: tzinfo) -> str:
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = f"{here:%H:%M}"
    return clock if here.date() == today else f"{dates.short_day(here.date(), today)} {clock}"


def day(text: str, now: datetime, zone: tzinfo) -> str:
    """A day as a list shows it; what is no day stays as the shop wrote it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    here = at.astimezone(zone).date() if at.tzinfo else at.date()
    return dates.short_day(here, now.astimezone(zone).date())


def mails(identities: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Those of somebody's identities that an order may be under."""
    return frozenset(address.casefold() for channel, address in identities if channel == "email")


def heading(fact: Fact, now: datetime, zone: tzinfo) -> str:
    """An order in one line: number, status, day."""
    return "  ".join(filter(None, (fact.number, fact.status, day(fact.placed_at, now, zone))))


def details(fact: Fact, own: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The rest of an order, a line each, and whether it is a warning; `own` are the mail addresses of who is writing, in lower case."""
    if fact.email and fact.email.casefold() not in own:
        yield tr("ordered by {address}").format(address=fact.email), bool(own)
    yield from ((each, False) for each in fact.items)
    if line := "  ".join(filter(None, (fact.total, fact.carrier))):
        yield line, False
    if fact.tracking_url:
        yield f"{lookup.host(fact.tracking_url)}: {fact.tracking_url}", False
    yield from ((f"{name}: {value}", False) for name, value in fact.more)
