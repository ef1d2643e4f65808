"""`account discover`, and how `account add email` comes to servers that nobody gave.

Promises: what was found is said with whose word it is before anything is done with it; a password goes without a question only
where somebody vouches for the server. Refuses: guessing on behalf of a script.
"""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from agentdesk import config, secret, setups
from agentdesk.cli.context import Context
from agentdesk.cli.output import table
from agentdesk.cli.place import place
from agentdesk.config import Account
from agentdesk.core.setup import Discovery, Setup, Source, domain_of
from agentdesk.core.setup import typed as as_wanted
from agentdesk.errors import NewLoginError, NoPasswordError, NoServersError, UnprovenError
from agentdesk.i18n import tr

TRIES = 3
"""How often a password can be typed."""


def discover(ctx: Context, args: Namespace) -> None:
    """Says what there is; raises NoServersError where there is nothing at all."""
    _ = ctx.settings  # speaks its language from here on
    found = _found(ctx, args.address, args.ca_file)
    if not found.setups:
        raise NoServersError(domain=domain_of(args.address), reason=setups.nothing(found))
    ctx.out(_document(args.address, found), lambda: _drawn(found))


def chosen(ctx: Context, args: Namespace) -> Setup:
    """The setup that an account is added with; raises NoServersError, UnprovenError and NoPasswordError."""
    found = _found(ctx, args.address, args.ca_file)
    domain = domain_of(args.address)
    setup = next(iter(found.setups), None)
    if setup is None or not setup.works:
        raise NoServersError(domain=domain, reason=setups.nothing(found))
    text = tr("Found by {source}: mail is read at {imap} and sent by {smtp}.")
    imap, smtp = setups.place(setup.imap.place), setups.place(setup.smtp.place)
    ctx.say(text.format(source=setups.source(setup.source), imap=imap, smtp=smtp))
    if not setup.vouched(domain):
        asked = tr("Are they your provider's (yes, no)?")
        question = f"{setups.unvouched(setup)}\n{asked}"
        if not ctx.agrees(question):
            raise UnprovenError(servers=setups.servers(setup))
    if args.auth not in setup.ways:
        missing = tr("they offer {ways}").format(ways=setups.ways(setup))
        reason = setups.beforehand(setup.provider) if setup.provider == "microsoft" else missing
        raise NoPasswordError(servers=setups.servers(setup), reason=reason)
    if args.auth == "password" and (said := setups.beforehand(setup.provider)):
        ctx.say(said)
    return setup


def tried(ctx: Context, account: Account, typed: Callable[[], str] | None) -> str | None:
    """The secret with which the login works; None where a command or a variable has it. `typed` asks for one, again after a
    refusal where somebody is there to type. Raises what `mailbox.attempt` and `secret.read` raise."""
    from agentdesk.engine.mailbox import attempt

    for left in range(TRIES - 1, -1, -1):
        word = typed() if typed else secret.read(account)
        word = as_wanted(word, account.imap.host) if account.imap else word
        ctx.say(tr("Logging in ..."))
        try:
            attempt(ctx.home, account, word)
        except NewLoginError as error:
            if not (left and typed and ctx.answers):
                raise
            ctx.say(tr("{server} says: {reason}").format(**error.values))
        else:
            break
    return word if typed else None


def _found(ctx: Context, address: str, ca_file: str | None) -> Discovery:
    from agentdesk.engine import mailbox

    if domain := domain_of(address):
        ctx.say(tr("Looking for the mail servers of {domain} ...").format(domain=domain))

    def told(source: Source, state: str) -> None:
        if state == "found":
            ctx.say(f"  {setups.source(source)}: {setups.state(state)}")

    return mailbox.find(address, told, place(ca_file) if ca_file else None)


def _document(address: str, found: Discovery) -> dict[str, Any]:
    domain = domain_of(address)
    return {
        "address": address,
        "setups": [
            {
                "source": str(each.source),
                "imap": config.url_of(each.imap.place, "imap"),
                "smtp": config.url_of(each.smtp.place, "smtp"),
                "works": each.works,
                "ways": sorted(each.ways),
                "provider": each.provider or None,
                "vouched": each.vouched(domain),
                "problems": [{"server": server, "reason": reason} for server, reason in each.problems],
            }
            for each in found.setups
        ],
        "asked": {str(source): state for source, state in found.asked.items()},
    }


def _drawn(found: Discovery) -> str:
    headings = [tr("NAMED BY"), "IMAP", "SMTP", tr("LOGIN"), tr("ERROR")]
    rows = [
        (
            setups.source(each.source),
            config.url_of(each.imap.place, "imap"),
            config.url_of(each.smtp.place, "smtp"),
            setups.ways(each),
            "; ".join(f"{server}: {reason}" for server, reason in each.problems),
        )
        for each in found.setups
    ]
    return table(headings, rows)
