"""`account add|list|check|remove`: configuration and secret of an account.

Promises: the secret is kept and was read back before the account is written, so that there is never an account
without one; what fails leaves neither behind. Refuses: passwords as arguments, where every process can read them.
"""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agentdesk import ailing, config, present, secret
from agentdesk.cli import discover, oauth
from agentdesk.cli.context import Context, as_usage
from agentdesk.cli.output import table
from agentdesk.cli.place import place as path_of
from agentdesk.config import Account, Home, SecretPlace
from agentdesk.core.instant import plain
from agentdesk.core.setup import Setup
from agentdesk.errors import ConfigError, DeskError, SecretError, UsageError
from agentdesk.i18n import tr, tr_n


def after_adding(home: Home, account: Account, waiting_days: int | None, ctx: Context) -> dict[str, Any]:
    """Begins to watch the account, logs in, and says how many people wait; what it returns joins the result.

    `waiting_days` is None where nobody said; then it asks, and the answer is kept. A server that does not
    answer now is no reason to forget the account: it is said, and the next sync tries again.
    """
    from agentdesk.cli.desk import opened
    from agentdesk.engine.sync import open_account
    from agentdesk.engine.visit import look

    with opened(ctx) as desk:
        try:
            seen = look(home, account, desk.now())
        except DeskError as error:
            told = present.problem(error)
            ctx.say(f"{told.title}: {told.detail}\n  {told.remedy}")
            open_account(desk, account)
            return {"checked": False, "error": asdict(told)}
        counts = seen.waiting
        ctx.say(seen_there(seen.total, counts))
        account = _chosen_days(ctx, account, waiting_days)
        open_account(desk, account)
    waiting = {str(days): count for days, count in sorted(counts.items())}
    return {"checked": True, "total": seen.total, "waiting": waiting, "waiting_days": account.waiting_days}


def seen_there(total: int, waiting: Mapping[int, int]) -> str:
    """How many mails lie in a mailbox, and how many people wait, by days."""
    text = tr_n(
        "{total} mail; without an answer: {week} in 7 days, {two} in 14, {month} in 30.",
        "{total} mails; without an answer: {week} in 7 days, {two} in 14, {month} in 30.",
        total,
    )
    return text.format(total=total, week=waiting[7], two=waiting[14], month=waiting[30])


def _chosen_days(ctx: Context, account: Account, given: int | None) -> Account:
    if given is not None:
        return account
    question = tr("How many days back does an unanswered mail still become work (0, 7, 14, 30)?")
    answer = ctx.ask(question, str(account.waiting_days))
    if not answer.isdigit() or int(answer) == account.waiting_days:
        return account
    return config.change_account(ctx.home, account.name, "waiting_days", int(answer))


def states(ctx: Context) -> dict[str, dict[str, Any]]:
    """By account id: `state`, `last_sync_at`, `error`, what that means and what may be missing, as far as something is known."""
    from agentdesk.cli.desk import looking
    from agentdesk.engine.forgetting import undeleted

    if not ctx.home.store.exists():
        return {}
    with looking(ctx) as (desk, window):
        known = window.health()
        left = Counter[str]()
        for each in undeleted(desk):
            left[each.account] += each.mails
    return {
        each.account: {
            "state": each.state,
            "last_sync_at": plain(each.synced_at),
            "error": each.error,
            "trouble": ailing.trouble(each.error) or None,
            "gap": ailing.gap(each.gap) or None,
            "to_delete": left[each.account],
        }
        for each in known.values()
    }


def check(ctx: Context, args: Namespace) -> None:
    """Logs in and says what the server can do; raises ChannelError with the server's own words."""
    from agentdesk.engine.visit import log_in

    account = config.known_account(ctx.settings, args.name)
    seen = log_in(ctx.home, account)
    released, passing = let_go(ctx, account), _passes(ctx, account)
    document = {**described(account), "ok": True, "abilities": list(seen.abilities)}
    document |= {"released": released, "passing_grant": passing}
    text = tr("{name}: logged in as {address}; the server offers {abilities}.")
    ctx.out(
        document, text.format(name=account.name, address=seen.address, abilities=" ".join(seen.abilities))
    )


def _passes(ctx: Context, account: Account) -> bool:
    """Whether the login cannot be kept where its account has it, which is said."""
    if account.auth != "xoauth2":
        return False
    from agentdesk.engine import token

    passing = token.is_passing(account)
    if passing:
        ctx.say(f"{account.name}: {tr(token.PASSING)}")
        ctx.say(tr(token.PASSING_REMEDY).format(name=account.name))
    return passing


def let_go(ctx: Context, account: Account) -> int:
    """After a login that works: what a refused one held back goes, and that is said; gives how many answers waited."""
    from agentdesk.cli.desk import opened
    from agentdesk.engine.trouble import cured

    if not ctx.home.store.exists():
        return 0
    with opened(ctx) as desk:
        released = cured(desk, account.id)
    if released:
        text = tr_n(
            "{n} answer that waited for the login goes now, or with the next agentdesk sync.",
            "{n} answers that waited for the login go now, or with the next agentdesk sync.",
            released,
        )
        ctx.say(text.format(n=released))
    return released


def add_email(ctx: Context, args: Namespace) -> None:
    """Adds a mailbox. Servers that were found have to let us in first; those given by hand are kept whatever they say now,
    and so are found ones with --unchecked."""
    oauth.check(args)
    account_id = config.former_id(ctx.home, ctx.settings, "email", args.address) or config.new_id()
    place = secret_place(ctx, args, account_id)
    if not (args.name.strip() and ctx.settings.account(args.name) is None):
        text = tr("there is an account {name} already")
        raise UsageError(reason=text.format(name=args.name))
    found = None if args.imap and args.smtp else discover.chosen(ctx, args)
    urls = _urls(args, found)
    fields: dict[str, object] = {
        "id": account_id,
        "name": args.name,
        "channel": "email",
        "address": args.address,
        "shop": args.shop,
        "aliases": args.alias,
        **urls,
        **written(ctx.home, place),
        "ca_file": str(path_of(args.ca_file).absolute()) if args.ca_file else None,
        "auth": None if args.auth == "password" else args.auth,
        "waiting_days": args.waiting_days,
    }
    question = tr("Password of {address}: ").format(address=args.address)
    if args.client_id:
        question = tr("Client secret of {client} (empty where there is none): ").format(client=args.client_id)
    trial = bool(found or args.client_id) and not args.unchecked
    account = added(ctx, args, fields, place, question, trial=trial)
    for word in ("imap", "smtp"):
        server = getattr(account, word)
        if server.security == "plain":
            text = tr(
                "Attention: the connection to {server} is not encrypted, and the password goes over it."
            )
            ctx.say(text.format(server=f"{server.host}:{server.port}"))
    del ctx.settings  # what follows must see the new account
    told = after_adding(ctx.home, account, args.waiting_days, ctx)
    document = {**described(account), **told, **urls, "source": str(found.source) if found else None}
    ctx.out(document, tr("{name} was added.").format(name=account.name))


def _urls(args: Namespace, found: Setup | None) -> dict[str, str]:
    """Where mail is read and sent: what was given, else what was found."""
    given = {each: config.with_scheme(getattr(args, each) or "", each) for each in ("imap", "smtp")}
    if found is None:
        return given
    return {
        "imap": given["imap"] or config.url_of(found.imap.place, "imap"),
        "smtp": given["smtp"] or config.url_of(found.smtp.place, "smtp"),
    }


def added(
    ctx: Context,
    args: Namespace,
    fields: dict[str, object],
    place: SecretPlace,
    question: str,
    *,
    trial: bool = False,
) -> Account:
    """The account of these fields, its secret kept first: there is never one without the other. With `trial` nothing is
    written or kept before the login works."""
    try:
        new = config.check_account(ctx.settings, ctx.home, fields)
    except ConfigError as error:
        raise as_usage(error) from None
    account_id = str(fields["id"])
    client_id = getattr(args, "client_id", None)

    def asked() -> str:
        word = typed(args, question, empty=bool(client_id))
        return oauth.granted(ctx, new, client_id, word) if client_id else word

    ask = asked if place.kind in {"keyring", "file"} else None
    word = discover.tried(ctx, new, ask) if trial else ask and ask()
    if word is not None:
        secret.keep(account_id, word, place, name=args.name)
    try:
        account = config.add_account(ctx.home, fields)
    except DeskError:
        forget(ctx, Account(account_id, args.name, str(fields["channel"]), secret=place))
        raise
    if not ctx.settings.accounts and not ctx.settings.rules:
        offer_rules(ctx)
    return account


def offer_rules(ctx: Context) -> None:
    """That something can be done by itself, for whoever begins."""
    from agentdesk.engine.offering import ready

    count = ready(ctx.home)
    text = tr_n(
        "{n} rule is ready and none is on: agentdesk rules list shows what can be done by itself.",
        "{n} rules are ready and none is on: agentdesk rules list shows what can be done by itself.",
        count,
    )
    ctx.say(text.format(n=count))


def list_accounts(ctx: Context, _: Namespace) -> None:
    known = states(ctx)
    nothing = {
        "state": "never",
        "last_sync_at": None,
        "error": None,
        "trouble": None,
        "gap": None,
        "to_delete": 0,
    }
    document = [{**described(each), **nothing, **known.get(each.id, {})} for each in ctx.settings.accounts]
    headings = [
        tr("NAME"),
        tr("CHANNEL"),
        tr("ADDRESS"),
        tr("STATE"),
        tr("LAST SYNC"),
        tr("ERROR"),
        tr("MISSING"),
    ]
    ctx.out(document, table(headings, [_row(ctx, each) for each in document]))


def _row(ctx: Context, account: dict[str, Any]) -> list[str | None]:
    channel, state = present.channel(account["channel"]), ailing.state(account["state"])
    at = ctx.local(account["last_sync_at"])
    return [account["name"], channel, account["address"], state, at, account["trouble"], account["gap"]]


def remove(ctx: Context, args: Namespace) -> None:
    """Answers that wait for it would wait for ever: they are drafts again, and only after a yes."""
    account = config.known_account(ctx.settings, args.name)
    drafts, doubtful = _given_back(ctx, account, yes=args.yes)
    config.remove_account(ctx.home, account.id)
    forget(ctx, account)
    document = {
        "id": account.id,
        "name": account.name,
        "removed": True,
        "drafts": drafts,
        "unknown": doubtful,
    }
    text = tr("{name} was removed; its tickets stay.")
    ctx.out(document, text.format(name=account.name))
    if drafts:
        text = tr_n("{n} answer is a draft again.", "{n} answers are drafts again.", drafts)
        ctx.say(text.format(n=drafts))
    if doubtful:
        text = tr_n(
            "Of {n} answer nobody knows whether it went; say so: agentdesk outbox settle",
            "Of {n} answers nobody knows whether they went; say so: agentdesk outbox settle",
            doubtful,
        )
        ctx.say(text.format(n=doubtful))


def _given_back(ctx: Context, account: Account, *, yes: bool) -> tuple[int, int]:
    """How many answers of the account became drafts, and of how many nobody knows whether they went."""
    from agentdesk.cli.desk import opened
    from agentdesk.engine import parting

    if not ctx.home.store.exists():
        return 0, 0
    with opened(ctx) as desk:
        waiting = len(parting.waiting(desk, account.id))
        if not waiting:
            return 0, 0
        text = tr_n(
            "{n} answer waits to be sent by {name}; it would become a draft",
            "{n} answers wait to be sent by {name}; they would become drafts",
            waiting,
        ).format(n=waiting, name=account.name)
        if not yes and not ctx.agrees(tr("{text}. Remove the account? (yes/no)").format(text=text)):
            raise UsageError(reason=f"{text}: {tr('add --yes to do it')}")
        return parting.give_back(desk, ctx.home, account.id)


def described(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "channel": account.channel,
        "address": account.address,
    }


def secret_place(ctx: Context, args: Namespace, account_id: str) -> SecretPlace:
    chosen = [
        SecretPlace("command", args.secret_command) if args.secret_command is not None else None,
        SecretPlace("env", args.secret_env) if args.secret_env is not None else None,
        SecretPlace("file", str(ctx.home.secrets / f"{account_id}.json")) if args.secret_file else None,
    ]
    given = [each for each in chosen if each is not None]
    by_itself = bool(given) and given[0].kind in {"command", "env"}
    if len(given) > 1 or (by_itself and args.secret_stdin):
        raise UsageError(reason=tr("only one of the secret options can be given"))
    if by_itself and not given[0].value.strip():
        raise UsageError(reason=tr("the secret option needs a value"))
    return given[0] if given else SecretPlace()


def written(home: Home, place: SecretPlace) -> dict[str, object]:
    """A file beside the configuration is written relative, so that a home can be moved."""
    if place.kind == "keyring":
        return {"secret": "keyring"}
    if place.kind != "file":
        return {place.kind: place.value}
    path = Path(place.value)
    inside = path.is_relative_to(home.config)
    return {"file": str(path.relative_to(home.config) if inside else path)}


def typed(args: Namespace, question: str, *, empty: bool = False) -> str:
    """The password from standard input or the terminal; raises UsageError where there is none, but for one that may be `empty`."""
    if args.secret_stdin or (args.secret_file and sys.stdin and not sys.stdin.isatty()):
        typed = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    else:
        try:
            typed = secret.ask_terminal(question)
        except (SecretError, EOFError):
            text = tr("give --secret-stdin, --secret-command, --secret-env or --secret-file")
            raise UsageError(reason=text) from None
    if not (typed or empty):
        raise UsageError(reason=tr("no password was given"))
    return typed


def forget(ctx: Context, account: Account) -> None:
    """A password that stays behind is said, and no reason to fail."""
    try:
        secret.forget(account)
    except DeskError as error:
        text = tr("The password of {name} could not be removed: {reason}")
        ctx.say(text.format(name=account.name, reason=error.values["reason"]))
