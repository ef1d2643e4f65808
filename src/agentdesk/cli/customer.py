"""`customer`: who it is, two that are one, and everything about one.

Promises: a customer is named by id, `channel:address` or bare address. Forgetting one is in `erase`.
"""

import json
from argparse import Namespace
from collections import defaultdict
from dataclasses import replace
from typing import Any

from agentdesk import present, profile, rated, trust, undelivered
from agentdesk.cli import document
from agentdesk.cli.context import Context
from agentdesk.cli.desk import looking
from agentdesk.cli.output import table
from agentdesk.cli.place import place
from agentdesk.core.card import CustomerCard
from agentdesk.core.instant import plain
from agentdesk.engine import lookup, person
from agentdesk.engine.desk import Desk
from agentdesk.i18n import tr, tr_n


def show(ctx: Context, args: Namespace) -> None:
    with looking(ctx) as (desk, window):
        card = person.card(desk, window.customer(args.customer, by_name=True))
        card = replace(card, alike=person.alike(desk, card.id))
    ctx.out(_document(card), lambda: _text(ctx, card))


def shown(ctx: Context, desk: Desk, customer: str, event: str) -> None:
    """Prints a customer as it is after an act."""
    card = person.card(desk, customer)
    ctx.out({**_document(card), "event": event}, lambda: _text(ctx, card))


def merge(ctx: Context, args: Namespace) -> None:
    """A goes into B; prints B as it is afterwards."""
    with looking(ctx) as (desk, window):
        goes, stays = (person.card(desk, window.customer(each)) for each in (args.customer, args.other))
        event = person.merge(desk, args.customer, args.other)
        card = person.card(desk, window.customer(args.other))
    customer, other = _apart(goes, stays)
    text = tr("{customer} and {other} are one customer now.")
    ctx.out({**_document(card), "event": event.id}, text.format(customer=customer, other=other))


def unmerge(ctx: Context, args: Namespace) -> None:
    """Prints both as they are afterwards."""
    with looking(ctx) as (desk, _):
        parted = person.unmerge(desk, args.customer, args.other)
        cards = [person.card(desk, each) for each in (parted.leaves, parted.stays)]
    text = tr("{customer} and {other} are two customers again.")
    told = [text.format(customer=called(cards[0]), other=called(cards[1]))]
    if shared := parted.shared:
        numbers = ", ".join(f"#{number}" for number in shared)
        holds = tr_n(
            "{numbers} holds messages of both, and stays so: agentdesk split takes a message out. What {customer} writes from now on is apart from it.",
            "{numbers} hold messages of both, and stay so: agentdesk split takes a message out. What {customer} writes from now on is apart from them.",
            len(shared),
        )
        told.append(holds.format(numbers=numbers, customer=called(cards[0])))
    customers = [_document(card) for card in cards]
    ctx.out({"event": parted.event.id, "customers": customers, "shared": list(shared)}, "\n".join(told))


def export(ctx: Context, args: Namespace) -> None:
    """One JSON document, with and without --json; or a folder that can be handed over."""
    if args.folder:
        _hand_out(ctx, args)
        return
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        card = person.card(desk, customer)
        now = desk.now()
        tickets = []
        for matter in person.matters(desk, window, customer):
            data = document.ticket(matter.ticket, ctx.settings, now)
            data["messages"] = [document.message(each, ctx.settings) for each in matter.messages]
            if not matter.theirs:  # the ticket is another customer's: only their own words go out
                data = {"number": data["number"], "channel": data["channel"], "messages": data["messages"]}
            else:
                known = lookup.of(desk, ctx.settings, matter.ticket.row.id)
                data["lookups"] = [document.lookup(each) for each in known if each.facts]
            tickets.append({**data, "theirs": matter.theirs})
    data = {**_document(card), "tickets": tickets}
    ctx.out(data, lambda: json.dumps(data, indent=2, ensure_ascii=False))


def _hand_out(ctx: Context, args: Namespace) -> None:
    from agentdesk import handpage
    from agentdesk.engine import handout

    page = handpage.maker(ctx.settings.desk.tzinfo, ctx.settings.desk.language)
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        done = handout.write(desk, ctx.home, ctx.settings, customer, place(args.folder), page)
    data = {
        "folder": str(done.folder),
        "tickets": done.tickets,
        "messages": done.messages,
        "attachments": done.files,
    }
    text = tr(
        "{path}: tickets: {tickets}, messages: {messages}, attachments: {files}. Read it before you hand it over."
    )
    told = text.format(path=done.folder, tickets=done.tickets, messages=done.messages, files=done.files)
    ctx.out(data, told)


def called(card: CustomerCard) -> str:
    """The name, else an address, else the id."""
    return card.name or next((address for _, address in card.identities), card.id)


def _apart(one: CustomerCard, other: CustomerCard) -> tuple[str, str]:
    """What two are called, with an address beside a name that both have."""
    first, second = called(one), called(other)
    if first != second or not (one.identities and other.identities):
        return first, second
    addresses = one.identities[0][1], other.identities[0][1]
    return f"{first} ({addresses[0]})", f"{second} ({addresses[1]})"


def _document(card: CustomerCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "identities": [f"{channel}:{address}" for channel, address in card.identities],
        "failing": document.failing(card.failing),
        "alike": [
            {
                "id": each.customer,
                "name": each.name,
                "identity": f"{each.channel}:{each.address}",
                "reason": each.reason,
                "word": each.word,
            }
            for each in card.alike
        ],
        "verdicts": [
            {"identity": f"{channel}:{address}", "verdict": said} for channel, address, said in card.verdicts
        ],
        "language": card.language,
        "speaks": card.speaks,
        "form": card.form,
        "muted_at": plain(card.muted_at),
        **_asked(card),
        "segments": list(card.segments),
        "fields": dict(card.fields),
        "about": [
            {"id": each.id, "at": plain(each.at), "author": each.author, "text": each.text}
            for each in card.about
        ],
        "called": list(card.called),
        "first_contact_at": plain(card.first_at),
        "last_contact_at": plain(card.last_at),
        "tickets": [
            {
                "number": ticket.number,
                "subject": ticket.subject,
                "status": ticket.status,
                "last_message_at": plain(ticket.at),
                "history": ticket.history,
            }
            for ticket in card.tickets
        ],
        "notes": [{"at": plain(at), "author": author, "text": text} for at, author, text in card.notes],
        "erased": card.erased,
    }


def _asked(card: CustomerCard) -> dict[str, Any]:
    """Whether they are asked how it was, and what they said last."""
    ratings = [{"ticket": number, "score": score, "at": plain(at)} for number, score, at in card.ratings]
    return {"no_surveys_at": plain(card.no_surveys_at), "ratings": ratings}


def _text(ctx: Context, card: CustomerCard) -> str:
    lines = [present.erased() if card.erased else called(card), card.id]
    beside: dict[tuple[str, str], str] = defaultdict(str)
    for channel, address, code in card.failing:
        beside[channel, address] += f" ({undelivered.failing(code)})"
    for channel, address, said in card.verdicts:
        beside[channel, address] += f" ({trust.verdict(said)})"
    lines += [
        f"{present.channel(channel)}: {address}{beside[channel, address]}"
        for channel, address in card.identities
    ]
    lines += [*profile.told(card), *rated.told(card)]
    if card.first_at and card.last_at:
        text = tr("first contact {first}, last {last}")
        lines.append(text.format(first=ctx.local(card.first_at), last=ctx.local(card.last_at)))
    rows = [
        (each.number, ctx.local(each.at), present.status(each.status), each.subject or tr("(no subject)"))
        for each in card.tickets
    ]
    lines += ["", table(["#", tr("LAST"), tr("STATUS"), tr("SUBJECT")], rows)] if rows else []
    for each in card.about:
        lines += ["", f"-- {profile.about()} · {each.author} · {ctx.local(each.at)} · {each.id}", each.text]
    for at, author, text in card.notes:
        lines += ["", f"-- {present.direction('note')} · {author} · {ctx.local(at)}", text]
    return "\n".join(lines)
