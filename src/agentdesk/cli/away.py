"""`away show|sieve|whatsapp|covered`: what is said by itself, by the desk and by the provider while the laptop is off.

Promises: a script on stdout and nothing else there, to be piped or uploaded; what is still to be done for it to be right is said on
stderr. Refuses: uploading it, which needs the provider's own login.
"""

from argparse import Namespace

from agentdesk import config
from agentdesk.calendars import load_calendar
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.config import Account
from agentdesk.core import restraint
from agentdesk.core.model import SPOKEN
from agentdesk.engine import away, clock
from agentdesk.errors import NotFoundError, UsageError
from agentdesk.i18n import tr


def show(ctx: Context, args: Namespace) -> None:
    desk, now = ctx.settings.desk, clock.now()
    calendar = load_calendar((ctx.home.config,), desk.calendar, desk.tzinfo)
    kind = restraint.fitting(calendar, now)
    languages = args.language or SPOKEN
    texts = {
        each: away.now_says(ctx.settings, ctx.home, kind, each, now, chat=args.chat) for each in languages
    }
    ctx.say(tr("The shop is open.") if kind == restraint.ACK else tr("The shop is closed."))
    ctx.out({"kind": kind, "texts": texts}, "\n\n".join(text.rstrip() for text in texts.values()))


def sieve(ctx: Context, args: Namespace) -> None:
    account = _mailbox(ctx, args.account)
    languages = args.language or away.languages_of(ctx.settings)
    script = away.script(ctx.settings, ctx.home, account, languages, clock.now())
    if ctx.settings.away.get("email", "none") == "none":
        ctx.say(tr("Once it is on the server, so that not both answer: agentdesk away covered closed"))
    ctx.out({"account": account.name, "script": script}, script.rstrip())


def _mailbox(ctx: Context, name: str | None) -> Account:
    """The mailbox that is meant; raises NotFoundError, and UsageError where it is not clear."""
    if name:
        account = config.known_account(ctx.settings, name)
        if account.channel != "email":
            raise UsageError(reason=tr("--account {name}: it is no mailbox").format(name=name))
        return account
    mailboxes = [each for each in ctx.settings.accounts if each.channel == "email"]
    if not mailboxes:
        raise NotFoundError(what="account", name="email")
    if len(mailboxes) > 1:
        names = ", ".join(each.name for each in mailboxes)
        raise UsageError(reason=tr("say for which mailbox: --account {names}").format(names=names))
    return mailboxes[0]


def whatsapp(ctx: Context, args: Namespace) -> None:
    languages = args.language or [ctx.settings.desk.language]
    text = away.standing(ctx.settings, ctx.home, languages)
    week = away.hours(ctx.settings, ctx.home, ctx.settings.desk.language)
    ctx.say(
        tr("WhatsApp Business: Settings, Business tools, Away message; schedule: outside of business hours.")
    )
    ctx.say(tr("Business hours: {hours}").format(hours=week))
    if len(text.strip()) > away.APP_MOST:
        ctx.say(
            tr(
                "The text has {n} characters, and the app may take no more than {most}: shorten it in automatic/out-of-hours-chat.toml, or "
                "choose one language."
            ).format(n=len(text.strip()), most=away.APP_MOST)
        )
    ctx.say(tr("Once it is there, so that not both answer: agentdesk away covered closed --channel whatsapp"))
    ctx.out({"text": text, "hours": week}, text.rstrip())


def covered(ctx: Context, args: Namespace) -> None:
    """Without hours it says what is set."""
    settings = ctx.settings
    if args.hours == "laptop":
        load_calendar((ctx.home.config,), "laptop", settings.desk.tzinfo)
    if args.hours:
        settings = config.change_value(ctx.home, "away", args.channel, args.hours)
    said = {
        "none": tr("the desk answers"),
        "closed": tr("the provider answers while the shop is closed"),
        "laptop": tr("the provider answers while the shop is closed and the laptop too"),
    }
    rows = [(channel, hours, said[hours]) for channel, hours in settings.away.items()]
    ctx.out(dict(settings.away), table([tr("CHANNEL"), tr("HOURS"), tr("WHAT")], rows))
