"""`reply`: an answer to the customer, at once or at a time; with `--party` to a third party (`forward`)."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from agentdesk import fate, pledges, present, undelivered, whose
from agentdesk.cli import document, quick, template
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.given import file, gives_text, text_of, when_of
from agentdesk.core.instant import maybe_stamp, moment, plain, stamp
from agentdesk.core.letter import Wish
from agentdesk.core.macro import both
from agentdesk.core.model import Acts, Address
from agentdesk.core.pledging import Pledge, PledgeView
from agentdesk.core.replies import QuickReply, blanks
from agentdesk.core.responder import channel_of
from agentdesk.core.text import safe_line
from agentdesk.core.views import TicketView, Way, leaves_by
from agentdesk.engine import pledge
from agentdesk.engine.addressed import addresses, failing
from agentdesk.engine.desk import Desk
from agentdesk.engine.meanwhile import place_of
from agentdesk.engine.phrase import acts, took
from agentdesk.engine.reply import Written, write
from agentdesk.engine.start import connector
from agentdesk.engine.switch import Switch, goes, switch_to, ways_to
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, RefusedError, UsageError
from agentdesk.i18n import tr, tr_n


def reply(ctx: Context, args: Namespace) -> None:
    """Prints `{ticket, message, state, event, channel, room, goes_at, promises, account, merged, left_open, to, failing}`: `merged` is the
    number of the ticket that went into `ticket` with it, `left_open` the messages there that it does not answer, `to` the addresses that
    get it, `failing` whom mail comes back from."""
    if args.party is not None:
        from agentdesk.cli.forward import go_on

        _only_a_customer(args)
        go_on(ctx, args)
        return
    text = _typed(args)
    with looking(ctx) as (desk, window):
        view = window.ticket(args.ticket)
        switch = _switch(ctx, desk, window, view, args) if args.channel or args.account else None
        whom = window.to_whom(view.row.id, switch.way if switch else None)
        goes_by, name = leaves_by(whom, view.row)
        account = ctx.settings.account(name)
        if account is None:
            raise NotFoundError(what="account", name=name)
        canned = None if args.quick is None else quick.known(ctx, args.quick)
        if canned is not None:
            text = f"{quick.beginning(ctx, desk, view.row, canned, args.var)}\n\n{text}".rstrip()
        wish = _wish(ctx, desk, args, text, canned)
        if args.template is not None:
            wish = template.wish(ctx, view.row, account, args.template, tuple(args.value), wish.at)
        read_to = place_of(desk, view.row.id, args.seen) if args.seen else None
        wish = replace(wish, pledges=_promised(ctx, desk, view.row.id, args, wish), read_to=read_to)
        channel = connector(ctx.home, account)
        done = write(
            desk,
            ctx.settings,
            channel,
            view.row.id,
            wish,
            resolve=args.resolve,
            hold=args.hold,
            switch=switch,
            again=args.again,
        )
        if canned is not None:
            took(desk, view.row.id, canned, dict(args.var))
        number = window.number(done.ticket) or view.row.number
        room = whom.room if whom else ""
        data = {"ticket": number, **_document(done, wish), "channel": goes_by, "room": room or None}
        data |= {"account": account.name, "merged": view.row.number if done.merged else None}
        to = [each.email for each in wish.to] or list(whom.to if whom else ())
        bad = failing(desk, channel_of(goes_by), (*to, *(each.email for each in (*wish.cc, *wish.bcc))))
        data |= {"left_open": list(done.left), "to": to, "failing": document.failing(bad)}
        told = _told(ctx, number, wish, room, to) + _went_in(done, view.row.number, number)
        ctx.out(data, told + undelivered.warned(bad))


def _document(done: Written, wish: Wish) -> dict[str, Any]:
    return {
        "message": done.message,
        "state": done.state,
        "event": done.event.id,
        "goes_at": plain(maybe_stamp(wish.at)),
        "promises": [{"text": p.text, "due_at": plain(stamp(p.due_at))} for p in wish.pledges],
    }


def _told(ctx: Context, number: int, wish: Wish, room: str, to: list[str]) -> str:
    heard = f" {whose.everybody_reads(room)}." if room else f" {_goes_to(to)}" if to else ""
    if wish.at is None:
        return tr("#{number}: the answer is in the outbox.").format(number=number) + heard
    text = tr("#{number}: the answer goes on {time}, unless the customer writes first.")
    return text.format(number=number, time=ctx.local(wish.at)) + heard


def _goes_to(to: list[str]) -> str:
    return tr("It goes to {to}.").format(to=", ".join(map(safe_line, to)))


def _went_in(done: Written, asked: int, number: int) -> str:
    """Which ticket went into the conversation in which the answer stands, and what stays open there; empty where none did."""
    if not done.merged:
        return ""
    said = " " + tr("#{number} was merged into #{into}.").format(number=asked, into=number)
    if not (n := len(done.left)):
        return said
    left = tr_n(
        "{n} message that stood open in #{target} stays so: this answers another matter.",
        "{n} messages that stood open in #{target} stay so: this answers another matter.",
        n,
    )
    return f"{said} {left.format(n=n, target=number)}"


def _promised(ctx: Context, desk: Desk, ticket: str, args: Namespace, wish: Wish) -> tuple[Pledge, ...]:
    """What of it is kept as a promise; says what might be where nothing is, and what becomes of the former ones."""
    if args.instead and args.promise is None:
        raise UsageError(reason=tr("--instead goes with --promise"))
    found = _meant(ctx, desk, args, wish)
    former = pledge.open_on(desk, ticket) if found else []
    if former and not args.instead and not ctx.json:
        for line in _fulfilled(former, wish.at or desk.now(), desk.now(), ctx.settings.desk.tzinfo):
            ctx.say(line)
    return tuple(replace(each, renews=args.instead) for each in found)


def _fulfilled(former: list[PledgeView], at: datetime, now: datetime, zone: tzinfo) -> Iterator[str]:
    """What becomes of former promises by an answer that goes `at` a time: kept, or kept too late."""
    late = [each for each in former if moment(each.due_at) < at]
    if kept := [each for each in former if each not in late]:
        text = tr_n(
            "With it what was promised {time} counts as kept; --instead promises anew.",
            "With it the promises {time} count as kept; --instead promises anew.",
            len(kept),
        )
        yield text.format(time=pledges.times(kept, now, zone))
    if late:
        text = tr_n(
            "With it what was promised {time} counts as kept too late; with --instead as broken.",
            "With it the promises {time} count as kept too late; with --instead as broken.",
            len(late),
        )
        yield text.format(time=pledges.times(late, now, zone))


def _meant(ctx: Context, desk: Desk, args: Namespace, wish: Wish) -> tuple[Pledge, ...]:
    found = pledge.found(desk, wish.text, wish.at)
    if args.promise is None:
        if found and not ctx.json:
            time = pledges.times(found, desk.now(), ctx.settings.desk.tzinfo)
            ctx.say(tr("It promises something {time}; --promise keeps it as a promise.").format(time=time))
        return ()
    if args.promise:
        return (pledge.meant(desk, wish.text, when_of(ctx, desk, args.promise)),)
    if not found:
        raise UsageError(reason=tr("no promise with a time is in the text: say the time, --promise WHEN"))
    return found


def _typed(args: Namespace) -> str:
    """What was typed of an answer, empty where it is a quick reply or template alone; raises UsageError."""
    own = gives_text(args)
    if args.template is not None and (own or args.quick is not None or args.attach):
        raise UsageError(reason=tr("a template goes alone: it is the whole text"))
    if args.value and args.template is None:
        raise UsageError(reason=tr("--value goes with --template"))
    text = text_of(args) if own or (args.quick is None and args.template is None) else ""
    if blank := next(iter(blanks(text)), None):
        raise UsageError(reason=tr("{blank} is still to be filled in").format(blank=blank))
    if args.var and args.quick is None:
        raise UsageError(reason=tr("--var goes with --quick"))
    if args.resolve and args.snooze:
        raise UsageError(reason=tr("either --resolve or --snooze: the ticket is done, or comes back"))
    if args.at and args.hold:
        raise UsageError(reason=tr("either --at or --hold: it can be taken back until its time anyway"))
    return text


def _only_a_customer(args: Namespace) -> None:
    """Raises UsageError for what only an answer to the customer can have."""
    if args.at or args.cc or args.bcc or args.seen or args.promise is not None:
        raise UsageError(
            reason=tr(
                "--at, --cc, --bcc, --seen and --promise are for an answer to the customer, not with --party"
            )
        )


def _wish(ctx: Context, desk: Desk, args: Namespace, text: str, canned: QuickReply | None) -> Wish:
    """What is asked for, but for a template; raises UsageError."""
    doing = acts(canned.does, desk, ctx.settings, ctx.agent.name) if canned and canned.does else Acts()
    until = when_of(ctx, desk, args.snooze) if args.snooze else None
    return Wish(
        text,
        to=_people(desk, "--to", args.to),
        cc=_people(desk, "--cc", args.cc),
        bcc=_people(desk, "--bcc", args.bcc),
        files=tuple(file(path) for path in args.attach),
        acts=both(doing, Acts(until=until)),
        at=when_of(ctx, desk, args.at) if args.at else None,
    )


def _people(desk: Desk, option: str, words: list[str]) -> tuple[Address, ...]:
    try:
        return addresses(", ".join(words), desk.own)
    except RefusedError as error:
        raise UsageError(reason=f"{option}: {present.problem(error).detail}") from None


def _switch(ctx: Context, desk: Desk, window: Window, view: TicketView, args: Namespace) -> Switch | None:
    """To the way that was asked for; None for the one that an answer takes anyway."""
    way = _way(ctx, desk, window, view.row.id, args.channel, args.account)
    return switch_to(window, view.row, way, partial(fate.switched, ctx.settings))


def _way(ctx: Context, desk: Desk, window: Window, ticket: str, word: str | None, account: str | None) -> Way:
    """The way that `word` (a channel, or an identity `channel:address`) and the name of an account mean. Raises UsageError that
    names those there are, and where it could be one account or another."""
    found = [way for way in ways_to(desk, ticket) if ctx.settings.account(way.account)]
    names = [f"{way.channel}:{way.address}" for way in found]
    if word is not None and word not in {*names, *(way.channel for way in found)}:
        known = ", ".join(map(safe_line, dict.fromkeys(names))) or "-"
        reason = tr("{word}: the customer has not written by it; there is: {ways}")
        raise UsageError(reason=reason.format(word=safe_line(word), ways=known))
    meant = [way for way in found if word in {None, way.channel, f"{way.channel}:{way.address}"}]
    accounts = ", ".join(dict.fromkeys(map(partial(_account, ctx), meant))) or "-"
    if account is not None:
        meant = [way for way in meant if account in {way.account, _account(ctx, way)}]
        if not meant:
            reason = tr("{word}: the customer has not written to that account; there is: {ways}")
            raise UsageError(reason=reason.format(word=safe_line(account), ways=accounts))
    usual = window.to_whom(ticket)
    anyway = next((way for way in meant if goes(usual, way)), None)
    if anyway is None and len({way.account for way in meant}) > 1:
        reason = tr("the customer wrote to more than one account, say which: --account {ways}")
        raise UsageError(reason=reason.format(ways=accounts))
    return anyway or meant[0]


def _account(ctx: Context, way: Way) -> str:
    known = ctx.settings.account(way.account)
    return known.name if known else way.account
