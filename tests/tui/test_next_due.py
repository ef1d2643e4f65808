"""`n` goes to the first row of the queue's order that is not the one at hand, wherever it is pressed."""

from agentdesk.core.commands import Assign, Resolve
from agentdesk.core.instant import stamp
from agentdesk.core.order import Band, place
from tui.driver import SIZES, plays

LATE, CHAT = (1, 2), 4
"""Tickets that are late, though they came first, and the one of a chat."""


def first_other(shop, at_hand: int) -> int | None:
    """By the law alone, whatever the pages of the store say."""
    found = []
    for row in shop.bench.queue("inbox", limit=1000):
        stands = place(
            is_chat=row.number == CHAT,
            waiting_since=row.waiting_since,
            last_customer_at=row.last_customer_at,
            next_due_at=row.next_due_at,
            recover_at=row.recover_at,
            created_at=row.created_at,
            now=shop.bench.clock.at,
            since_before=row.since_before,
            window_until=row.window_until,
        )
        found.append((list(Band).index(stands.band), stands.key, row.number))
    return next((number for *_, number in sorted(found) if number != at_hand), None)


def filled(shop):
    """Two mails that are late, three that can still be met, and a chat of the last half hour."""
    shop.bench.clock.go(hours=9)
    for number in range(3, 7):
        shop.write(f"Client{number}", f"Pedido {number}", "On és?")
        shop.bench.clock.go(minutes=2)
    now = stamp(shop.bench.clock.at)
    shop.bench.store.connection.execute(
        "UPDATE ticket SET channel = 'whatsapp', last_customer_at = ? WHERE number = ?", (now, CHAT)
    )
    return shop


@SIZES
@plays
async def test_it_goes_to_the_first_of_the_order_from_every_view_and_ticket(shop, size):
    filled(shop)
    shop.bench.desk.do(Assign(shop.bench.id(5), "Joan"))
    shop.bench.desk.do(Resolve(shop.bench.id(6)))
    assert first_other(shop, 0) == CHAT
    async with shop.console(size) as at:
        for view in ("go.inbox", "go.mine", "go.unassigned", "go.overdue", "go.resolved", "go.all"):
            await at.do(view)
            for _ in range(3):
                wanted = first_other(shop, at.ticket)
                await at.press("n")
                await at.until(lambda wanted=wanted: at.ticket == wanted)
                assert at.app.home.panes.reading, view
                assert at.app.home.sight.view == "inbox"
            await at.do("go.back")
        for number in range(1, 7):
            await at.goes_to(number)
            wanted = first_other(shop, number)
            await at.press("n")
            await at.until(lambda wanted=wanted: at.ticket == wanted)


@SIZES
@plays
async def test_what_can_be_met_comes_before_what_is_late_and_at_the_end_it_is_said(shop, size):
    filled(shop)
    async with shop.console(size) as at:
        await at.goes_to(LATE[0])
        seen = []
        while (wanted := first_other(shop, at.ticket)) is not None:
            before = at.ticket
            await at.press("n")
            await at.until(lambda wanted=wanted: at.ticket == wanted)
            seen.append(wanted)
            shop.bench.desk.do(Resolve(shop.bench.id(before)))
            await at.until(lambda before=before: shop.bench.ticket(before).row.status == "resolved")
        assert seen == [CHAT, 3, 5, 6, LATE[1]]
        await at.press("n")
        await at.sees("Nothing else waits.")
        assert at.ticket == LATE[1]
        shop.bench.desk.do(Resolve(shop.bench.id(LATE[1])))
        await at.do("go.back", "go.inbox")
        await at.until(lambda: at.ticket == 0)
        await at.press("n")
        await at.sees("Nothing else waits.")
