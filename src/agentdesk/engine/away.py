"""What the provider says by itself while the laptop is off: a Sieve script for a mailbox, a text for the WhatsApp Business app.

Promises: both are made from the shop's own text, calendar and language, and say what the desk would say; what only the desk knows is
left out. Refuses: putting them there, which needs another login than mail does; a text that needs what only the desk knows.
"""

from collections.abc import Sequence
from datetime import datetime

from agentdesk.calendars import load_calendar
from agentdesk.config import Account, Home, Settings
from agentdesk.core import hourwords, replies, sieve
from agentdesk.core.model import SPOKEN
from agentdesk.core.restraint import AWAY, Covered
from agentdesk.core.timetable import Calendar
from agentdesk.engine.saying import TEXTS, covered_by, text_of, words
from agentdesk.errors import AwayRefusedError

APP_MOST = 200
"""Characters that the away message of the WhatsApp Business app is taken to hold; Meta's documents do not say."""


def calendar_of(settings: Settings, home: Home) -> Calendar:
    """The shop's; raises ConfigError, and AwayRefusedError for a desk without opening hours."""
    found = load_calendar((home.config,), settings.desk.calendar, settings.desk.tzinfo)
    if found.always:
        raise AwayRefusedError(reason="never_closed")
    return found


def script(settings: Settings, home: Home, account: Account, languages: Sequence[str], now: datetime) -> str:
    """The Sieve script of a mailbox, in those of `languages` in which the shop's text is there; raises RefusedError, ConfigError, NotFoundError."""
    calendar = calendar_of(settings, home)
    covered = covered_by(settings, home, calendar, account.channel) or Covered(calendar)

    def text(language: str, opens: str) -> str:
        return _filled(settings, home, calendar, settings.shop(account), language, opens=opens, chat=False)

    reply, desk = text_of(home, TEXTS[AWAY], chat=False), settings.desk
    spoken = dict.fromkeys(replies.text_for(reply, each, desk.form, desk.language)[1] for each in languages)
    mailbox = sieve.Mailbox(account.address, (account.address, *account.aliases))
    return sieve.script(covered, mailbox, text, tuple(spoken), now)


def languages_of(settings: Settings) -> tuple[str, ...]:
    """All that can be spoken, the shop's own first."""
    return tuple(dict.fromkeys((settings.desk.language, *SPOKEN)))


def standing(settings: Settings, home: Home, languages: Sequence[str]) -> str:
    """What a chat's app says at any closed hour, be it before a holiday; raises RefusedError, ConfigError, NotFoundError."""
    calendar = calendar_of(settings, home)
    shop = settings.desk.shop
    texts = (_filled(settings, home, calendar, shop, each, opens="", chat=True) for each in languages)
    return "\n\n".join(texts)


def hours(settings: Settings, home: Home, language: str) -> str:
    """The shop's week in words."""
    return hourwords.weekly(calendar_of(settings, home), language)


def now_says(settings: Settings, home: Home, kind: str, language: str, now: datetime, *, chat: bool) -> str:
    """What a customer without a name would get `now`, as a preview: no ticket is behind it."""
    calendar = load_calendar((home.config,), settings.desk.calendar, settings.desk.tzinfo)
    reply = text_of(home, TEXTS[kind], chat=chat)
    text, spoken = replies.text_for(reply, language, settings.desk.form, settings.desk.language)
    values = replies.values_of(number=1042, subject="", customer="", agent="", shop=settings.desk.shop)
    return replies.fill(text, {**values, **words(calendar, now, spoken)}).text


def _filled(
    settings: Settings, home: Home, calendar: Calendar, shop: str, language: str, *, opens: str, chat: bool
) -> str:
    """The shop's out-of-hours text without what only the desk knows."""
    reply = text_of(home, TEXTS[AWAY], chat=chat)
    text, spoken = replies.text_for(reply, language, settings.desk.form, settings.desk.language)
    values = replies.values_of(number=None, subject="", customer="", agent="", shop=shop)
    said = {"shop.opens": opens, "shop.hours": hourwords.weekly(calendar, spoken)}
    filled = replies.fill(text, {**values, **said})
    if filled.missing or not filled.text:
        raise AwayRefusedError(reason="text_incomplete", name=reply.name, blank=", ".join(filled.missing))
    return filled.text
