"""How matters end and come back: `resolve`, `snooze`, `no-answer`, `not-thanks`, `seen`."""

from argparse import Namespace

from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import when_of
from agentdesk.cli.ticket import acted, done
from agentdesk.core.commands import Snooze, SnoozeAgain
from agentdesk.core.settling import MarkSeen, RefuteThanks
from agentdesk.engine import ending
from agentdesk.errors import UsageError
from agentdesk.i18n import tr


def resolve(ctx: Context, args: Namespace) -> None:
    """What waits in it goes on waiting unless it is said why no answer is needed."""
    why = args.no_answer_needed
    if why is not None and not why.strip():
        raise UsageError(reason=tr("say why with {option}").format(option="--no-answer-needed"))
    with looking(ctx) as (desk, window):
        event = ending.resolve(desk, window.ticket_id(args.ticket), why and why.strip())
        if window.ticket(args.ticket).row.owed_since:
            said = tr("#{number} still counts as unanswered: agentdesk no-answer {number} --reason ...")
            ctx.say(said.format(number=args.ticket))
        done(ctx, window, args.ticket, event.id)


def no_answer(ctx: Context, args: Namespace) -> None:
    if not args.reason.strip():
        raise UsageError(reason=tr("say why with {option}").format(option="--reason"))
    with looking(ctx) as (desk, window):
        event = ending.no_answer(desk, window.ticket_id(args.ticket), args.reason.strip())
        done(ctx, window, args.ticket, event.id)


def not_thanks(ctx: Context, args: Namespace) -> None:
    acted(ctx, args.ticket, RefuteThanks)


def seen(ctx: Context, args: Namespace) -> None:
    acted(ctx, args.ticket, MarkSeen)


def snooze(ctx: Context, args: Namespace) -> None:
    text = " ".join(args.when)
    if args.again and (text or args.reason or args.quiet_on_reply):
        raise UsageError(reason=tr("--again goes back to the former time, with its reason: say nothing else"))
    if not args.again and not text:
        raise UsageError(reason=tr('say until when: 2h, "tomorrow 9:00", lunes; or --again'))
    with looking(ctx) as (desk, window):
        ticket = window.ticket_id(args.ticket)
        if args.again:
            event = desk.do(SnoozeAgain(ticket))
        else:
            until = when_of(ctx, desk, text)
            event = desk.do(Snooze(ticket, until, args.quiet_on_reply, args.reason or ""))
        done(ctx, window, args.ticket, event.id)
