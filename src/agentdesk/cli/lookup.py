"""`lookup`: what the shop itself knows of a ticket's customer, whether it can be asked, and the secret with which it is.

Promises: what is wrong is said in plain words and without a secret; a shop that does not answer is no failure of `lookup N`, which
then shows what is remembered. Refuses: passwords as arguments.
"""

import sys
from argparse import Namespace

from agentdesk import config, facts, secret
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.engine import lookup, person
from agentdesk.errors import DeskError, NotFoundError, UsageError
from agentdesk.i18n import tr


def show(ctx: Context, args: Namespace) -> None:
    """Asks now and shows what came, or what is remembered."""
    if not ctx.settings.lookups:
        raise UsageError(reason=tr("The shop cannot be asked yet: docs/lookups.md says how."))
    with looking(ctx) as (desk, window):
        row = window.ticket(args.ticket).row
        lookup.refresh(desk, ctx.settings, row.id, now=True)
        found = lookup.of(desk, ctx.settings, row.id)
        now = desk.now()
        own = facts.mails(person.card(desk, row.customer).identities)
    zone = ctx.settings.desk.tzinfo
    lines = []
    for view in found:
        lines += [f"{facts.title(view.name)}: {facts.age(view, now, zone)}"]
        lines += [f"  {view.reason}"] if view.failed_at and view.reason else []
        lines += [] if view.facts or not view.asked_at else [tr("Nothing is known of this customer.")]
        for fact in view.facts:
            lines.append(f"- {facts.heading(fact, now, zone)}")
            lines += [f"  {line}" for line, _ in facts.details(fact, own)]
    ctx.out({"ticket": row.number, "lookups": [document.lookup(each) for each in found]}, "\n".join(lines))


def check(ctx: Context, _: Namespace) -> int | None:
    """Asks each about nobody; ends with 1 where one of them does not answer."""
    rows = []
    for one in ctx.settings.lookups:
        try:
            lookup.probe(one, ctx.settings)
            reason = ""
        except DeskError as error:
            reason = str(error.values["reason"])
        rows.append({"name": one.name, "way": one.way, "ok": not reason, "reason": reason or None})
    shown = [(each["name"], each["way"], each["reason"] or tr("it answers")) for each in rows]
    text = table([tr("NAME"), tr("FROM"), tr("ANSWER")], shown)
    ctx.out(rows, text if rows else tr("The shop cannot be asked yet: docs/lookups.md says how."))
    return None if all(each["ok"] for each in rows) else 1


def keep_secret(ctx: Context, args: Namespace) -> None:
    """Puts it where config.toml says: into the keyring or the encrypted file."""
    known = {each.name: each for each in ctx.settings.lookups}
    if args.name not in known:
        raise NotFoundError(what="lookup", name=f"{args.name}{config.hint(args.name, known)}")
    place = known[args.name].secret
    if place is None or place.kind not in {"keyring", "file"}:
        reason = tr("name its place first: the key secret or secret_file in [lookup.{name}]")
        raise UsageError(reason=reason.format(name=args.name))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise UsageError(reason=tr("nothing was given on standard input"))
    holder = lookup.holder(known[args.name])
    secret.keep(holder.id, given, place, name=args.name)
    ctx.out(
        {"name": args.name, "kept": place.kind}, tr("The secret of {name} is kept.").format(name=args.name)
    )
