"""`show` and the acts on one ticket: each is one command at the door."""

import shutil
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from agentdesk import (
    answered,
    dates,
    deeds,
    excused,
    fate,
    lived,
    present,
    rulewords,
    standing,
    trust,
    undelivered,
    whose,
)
from agentdesk.cli import document, playbook
from agentdesk.cli.context import Context, known_agent
from agentdesk.cli.desk import looking
from agentdesk.cli.given import ALL, gives_text, messages_of, named, text_of, when_of
from agentdesk.cli.queue import channel
from agentdesk.core import commands
from agentdesk.core.instant import maybe_stamp, moment
from agentdesk.core.model import Priority
from agentdesk.core.replies import ME, NOBODY
from agentdesk.core.text import safe, safe_line, safe_name
from agentdesk.core.views import MessageView, OutboxRow, QueueRow, TicketView, leaves_by
from agentdesk.engine import back, bulk
from agentdesk.engine.amend import account_of
from agentdesk.engine.amend import amend as change
from agentdesk.engine.ask import ask, promised
from agentdesk.engine.desk import Desk
from agentdesk.engine.note import note as write_note
from agentdesk.engine.reply import undo as take_back
from agentdesk.engine.start import connector
from agentdesk.engine.window import Window
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr

ANSWERS = 96
"""Characters of the line that says which message another one answers."""


def show(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        view = window.ticket(args.ticket)
        messages = window.messages(view.row.id, limit=ALL)
        if args.raw is not None:
            _raw(ctx, window, named(messages, args.raw))
            return
        now = desk.now()
        data = document.ticket(view, ctx.settings, now)
        data["before"] = [document.before(each) for each in view.before]
        data["playbook"] = playbook.followed(ctx, view)
        data["rules"] = [document.ruled(each) for each in view.rules]
        waiting = {each.message: each for each in window.outbox()}
        data["messages"] = [document.message(each, ctx.settings, waiting.get(each.id)) for each in messages]
        if args.headers:
            for item, each in zip(data["messages"], messages, strict=True):
                item["headers"] = _headers(window, each)
        about = playbook.told(ctx, view, now)
        headings = [_heading(ctx, each, waiting.get(each.id), now) for each in messages]
        ctx.out(
            data, lambda: _text(ctx, view, messages, headings, about, data, headers=args.headers, now=now)
        )


def _raw(ctx: Context, window: Window, message: str) -> None:
    """Exact bytes where nobody looks, escaped text on a terminal."""
    raw = window.raw(message)
    if ctx.json:
        data = raw if isinstance(raw, bytes) else raw.read_bytes()
        ctx.out({"message": message, "raw": data.decode("latin-1")})
    elif sys.stdout.isatty():
        data = raw if isinstance(raw, bytes) else raw.read_bytes()
        ctx.out(None, safe(data.decode("utf-8", "replace")))
    elif isinstance(raw, Path):
        with raw.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
    else:
        sys.stdout.buffer.write(raw)


def _headers(window: Window, message: MessageView) -> str:
    if message.raw is None or message.erased:
        return ""
    raw = window.raw(message.id)
    data = raw if isinstance(raw, bytes) else raw.open("rb").read(1 << 16)
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return safe(head.decode("utf-8", "replace"))


def _text(
    ctx: Context,
    view: TicketView,
    messages: list[MessageView],
    headings: list[str],
    about: str,
    data: dict[str, Any],
    *,
    headers: bool,
    now: datetime,
) -> str:
    """The ticket to read, as it stands `now`; `headings` are those of its messages, `about` says how far it is along its playbook, `data` is the same as a document."""
    row = view.row
    who = whose.group(row.room) if row.room else safe_name(row.customer_name or "")
    lines = [
        f"#{row.number}  {present.subject(row)}",
        f"{present.status(row.status)} · {channel(ctx.settings, row)} · {f'{who} {row.identity}'.strip()}",
        " · ".join(_marks(view)),
        *_stands(ctx, view, now),
    ]
    lines += (
        [f"{tr('until {time}').format(time=ctx.local(row.snoozed_until))} {excused.snoozed(row)}".rstrip()]
        if row.snoozed_until
        else []
    )
    lines += [about] if about else []
    lines += [
        f"{present.earlier(one)} {ctx.local(one.at)} · {one.said or one.subject}" for one in view.before
    ]
    lines += [
        f"{tr('rule {name}').format(name=each.rule)}: {rulewords.line(each)} · {ctx.local(each.at)}"
        for each in view.rules
    ]
    for each, heading, said in zip(messages, headings, data["messages"], strict=True):
        lines += ["", heading]
        lines += (
            [f"  {tr('copy that nobody sees: {names}').format(names=', '.join(each.bcc))}"]
            if each.bcc
            else []
        )
        lines += [f"  ! {present.junk()}"] if each.junk else []
        lines += [f"  ! {doubt}" for doubt in (*trust.doubts(each), *trust.links(each))]
        lines += [f"  ! {words}" for words in _changed(ctx, each, present.channel(row.channel))]
        lines += [f"  {glad}"] if (glad := excused.settled(each.settled)) else []
        lines += [f"  {to}"] if (to := _answers(ctx, each)) else []
        if headers:
            lines.append(said["headers"])
        lines.append(each.visible if each.text else present.erased() if each.erased else "")
        lines += [f"  [{a.media_type}, {present.size(a.size)}] {a.name}" for a in each.attachments]
    return "\n".join(lines)


def _stands(ctx: Context, view: TicketView, now: datetime) -> list[str]:
    """What is promised next, how long the channel takes free answers, the language, and what else hangs on it; one line or none."""
    closes = standing.window_left(view.row, now)
    said = [standing.next_clock(view, now)[0].strip(), closes.text if closes else "", view.row.language or ""]
    said += standing.besides(view, now, ctx.settings.desk.tzinfo)
    return [" · ".join(filter(None, said))] if any(said) else []


def _answers(ctx: Context, each: MessageView) -> str:
    """Which message it answers; empty where that is plain, or nothing."""
    if each.answers is None:
        return ""
    text = answered.sentence(each.answers, each.received_at, ctx.settings.desk.tzinfo)
    return text if len(text) <= ANSWERS else f"{text[:ANSWERS].rstrip()}…"


def _changed(ctx: Context, each: MessageView, channel: str) -> list[str]:
    """What became of a message since it was written."""
    ours = each.direction == "out"
    back = tr("taken back by us at {time}") if ours else tr("taken back by its author at {time}")
    since = (
        (each.edited_at, tr("edited at {time}")),
        (each.reworded_at, tr("edited after the answer: {time}")),
        (each.crossed_at, tr("came in after the answer was written: {time}")),
        (each.part_withdrawn_at, tr("a part of it was taken back at {time}")),
        (each.withdrawn_at, back),
    )
    said = [undelivered.unchanged(each, channel), undelivered.asking(each, channel)]
    return [*filter(None, said), *(words.format(time=ctx.local(at)) for at, words in since if at)]


def _heading(ctx: Context, each: MessageView, waiting: OutboxRow | None, now: datetime) -> str:
    """Who wrote it, and whether it has gone; under it why not."""
    address = (each.identity or "").partition(":")[2]
    who = safe_name(each.name or "") or address
    if each.verified:
        beside = f" <{address}>" if each.name and each.verified != "pass" else ""
        who = f"({trust.badge(each.verified)}) {who}{beside}"
    what = fate.label(each, waiting, now, ctx.settings.desk.tzinfo)
    text = f"-- {what} · {who} · {ctx.local(each.received_at)} · {each.id}"
    error = (waiting and waiting.error) or each.reason
    if each.state not in fate.STUCK:
        return f"{text}\n  ! {undelivered.reason(error)}" if waiting and error else text
    is_known = each.state == "failed"
    reason = undelivered.whole(each.error, error) if is_known else undelivered.reason(error)
    return f"{text}\n  ! {present.delivery(each.state)}" + (f": {reason}" if reason else "")


def acted(ctx: Context, number: int, make: Callable[[str], commands.Command]) -> None:
    """One command on a ticket; prints the ticket as it is afterwards."""
    with looking(ctx) as (desk, window):
        event = desk.do(make(window.ticket_id(number)))
        done(ctx, window, number, event.id)


def done(ctx: Context, window: Window, number: int, event: str, *more: str) -> None:
    """How the ticket is after an act, and what `more` there is to say of it."""
    view = window.ticket(number)
    data = document.ticket(view, ctx.settings, window.now())
    text = tr("#{number}: {status}").format(number=view.row.number, status=present.status(view.row.status))
    if view.row.snoozed_until:
        until = dates.local(moment(view.row.snoozed_until), ctx.settings.desk.tzinfo)
        text = f"#{view.row.number} {tr('sleeps until {time}').format(time=until)}"
    ctx.out({**data, "event": event}, " · ".join((text, *_marks(view), *filter(None, more))))


def _marks(view: TicketView) -> list[str]:
    """Whose it is, how urgent where that is said, and its tags."""
    whose, urgent = view.row.assignee or tr("nobody's"), view.row.priority
    said = [present.priority(urgent)] if urgent != Priority.NORMAL else []
    return [safe_line(whose), *said, *(f"+{safe_line(tag)}" for tag in view.tags)]


def note(ctx: Context, args: Namespace) -> None:
    text = text_of(args)
    with looking(ctx) as (desk, window):
        if args.until is not None:
            _ask(ctx, desk, window, window.ticket(args.ticket).row, text, args)
            return
        event = write_note(desk, window.ticket_id(args.ticket), text)
        done(ctx, window, args.ticket, event.id)


def _ask(ctx: Context, desk: Desk, window: Window, row: QueueRow, text: str, args: Namespace) -> None:
    """A note, and the customer told by when: one act."""
    told = promised(desk, ctx.settings, ctx.home, row, when_of(ctx, desk, args.until))
    _, name = leaves_by(window.to_whom(row.id), row)
    account = ctx.settings.account(name)
    if account is None:
        raise NotFoundError(what="account", name=name)
    done = ask(desk, ctx.settings, connector(ctx.home, account), row, text, told, hold=args.hold)
    data = {
        "ticket": row.number,
        "message": done.message,
        "state": done.state,
        "event": done.event.id,
        "until": maybe_stamp(told.until),
        "text": told.text,
    }
    ctx.out(data, tr("#{number}: the note is kept, and the customer is told.").format(number=row.number))


def assign(ctx: Context, args: Namespace) -> None:
    agent = _whose(ctx, ctx.agent.name if args.agent is None else args.agent)
    acted(ctx, args.ticket, lambda ticket: commands.Assign(ticket, agent))


def _whose(ctx: Context, name: str) -> str | None:
    """An agent as a macro may name one too; raises NotFoundError. Where nobody was added there are no names to know."""
    settings = ctx.settings
    if settings.agent(name) is None and name.casefold() in {"-", "none", NOBODY, tr("nobody")}:
        return None
    if name == ME and settings.agent(name) is None:
        return ctx.agent.name
    return known_agent(settings, name).name if settings.agents else name


def tag(ctx: Context, args: Namespace) -> None:
    words = args.tags
    wrong = (word for word in words if word[:1] not in {"+", "-"} or not word[1:].strip())
    if (bad := next(wrong, None)) is not None:
        raise UsageError(reason=tr("{word}: a tag needs + or - before it").format(word=bad or '""'))
    add = tuple(word[1:].strip() for word in words if word[0] == "+")
    remove = tuple(word[1:].strip() for word in words if word[0] == "-")
    acted(ctx, args.ticket, lambda ticket: commands.Tag(ticket, add, remove))


def priority(ctx: Context, args: Namespace) -> None:
    acted(ctx, args.ticket, lambda ticket: commands.Prioritise(ticket, Priority(args.priority)))


def language(ctx: Context, args: Namespace) -> None:
    acted(ctx, args.ticket, lambda ticket: commands.SetLanguage(ticket, args.language))


def reopen(ctx: Context, args: Namespace) -> None:
    acted(ctx, args.ticket, commands.Reopen)


def merge(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        event = desk.do(commands.Merge(window.ticket_id(args.ticket), window.ticket_id(args.into)))
        done(ctx, window, args.into, event.id)


def amend(ctx: Context, args: Namespace) -> None:
    if args.delete and gives_text(args):
        raise UsageError(reason=tr("either a new text or --delete"))
    text = None if args.delete else text_of(args)
    with looking(ctx) as (desk, window):
        view = window.ticket(args.ticket)
        message = named(window.messages(view.row.id, limit=ALL), args.message)
        name = account_of(desk, message)
        account = ctx.settings.account(name)
        if account is None:
            raise NotFoundError(what="account", name=name)
        event = change(desk, connector(ctx.home, account), message, text)
        data = {"ticket": view.row.number, "message": message, "state": "asked", "event": event.id}
        said = tr("#{number}: {channel} is asked for it.")
        ctx.out(data, said.format(number=view.row.number, channel=present.channel(view.row.channel)))


def split(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        (message,) = messages_of(window, args.ticket, args.message)
        event = desk.do(commands.Split(message.id))
        done(ctx, window, window.number(event.ticket) or args.ticket, event.id)


def _undo_all(ctx: Context, whole: bulk.Undoing) -> None:
    """Takes back an act on many tickets; fails where nothing of it could be."""
    while whole.step():
        pass
    done, refused = len(whole.done), list(whole.refused.values())
    if refused and not done:
        raise refused[0]
    text = deeds.undone(done, of_people=whole.of_people)
    if refused:
        ctx.say(tr("not undone: {n}").format(n=len(refused)))
    undone = {"event": None, "ticket": None, "group": whole.group, "undone": done, "refused": len(refused)}
    ctx.out(undone, text)


def undo(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        if not args.event and (whole := bulk.undoing(desk)) is not None:
            _undo_all(ctx, whole)
            return
        if args.event and not bulk.knows(desk, args.event):
            raise NotFoundError(what=N_("event"), name=args.event)
        event = take_back(desk, args.event)
        number, act = (
            window.number(event.ticket),
            lived.act(back.act_of(desk, event), ctx.settings.desk.tzinfo),
        )
        if number is None:
            said = tr("Undone: {act}").format(act=act) if act else tr("Undone.")
            ctx.out({"event": event.id, "ticket": None}, said)
        else:
            done(ctx, window, number, event.id, tr("undone: {act}").format(act=act) if act else "")
