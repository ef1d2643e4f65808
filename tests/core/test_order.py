"""The order of the queue: what it says of one ticket, and what it does to a shop that comes back to 900 unread mails."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.core.hours import is_open, working
from agentdesk.core.instant import stamp
from agentdesk.core.order import FRESH, Band, place
from agentdesk.core.sla import Metric, Tier, open_clock
from agentdesk.core.timetable import Calendar, Hours
from agentdesk.policies import load_policy

MADRID = ZoneInfo("Europe/Madrid")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BANDS = list(Band)


def at(minutes: float) -> str:
    """A time so many minutes after noon."""
    return stamp(NOON + timedelta(minutes=minutes))


def band(**known) -> tuple[str, str]:
    ticket = {
        "is_chat": False,
        "waiting_since": at(-600),
        "last_customer_at": at(-600),
        "next_due_at": None,
        "recover_at": None,
        "created_at": at(-900),
        **known,
    }
    found = place(now=NOON, **ticket)
    return found.band, found.key


def test_each_band_has_its_key():
    chat = {"is_chat": True, "waiting_since": at(-29), "last_customer_at": at(-3)}
    assert band(**chat) == (Band.CHAT, at(-29))
    assert band(next_due_at=at(5), recover_at=at(25)) == (Band.CAN_MEET, at(5))
    assert band(next_due_at=at(-1), recover_at=at(19)) == (Band.LATE, at(19))
    assert band(next_due_at=at(-30), recover_at=at(-1)) == (Band.REST, at(-600))
    assert band() == (Band.REST, at(-600))
    assert band(waiting_since=None) == (Band.REST, at(-900))


def test_a_chat_that_went_cold_waits_with_the_others():
    cold = {"is_chat": True, "waiting_since": at(-50), "next_due_at": at(-49), "recover_at": at(-45)}
    assert band(**cold, last_customer_at=at(-30))[0] == Band.REST
    assert band(**cold, last_customer_at=at(-29.9))[0] == Band.CHAT
    assert timedelta(minutes=30) == FRESH


def test_what_is_due_this_very_moment_can_still_be_met():
    assert band(next_due_at=at(0), recover_at=at(20))[0] == Band.CAN_MEET
    assert band(next_due_at=at(-0.001), recover_at=at(0))[0] == Band.LATE


# A fortnight of one agent: 130 matters a day, a third of them while the shop is closed, and 900 mails from before.

DAYS = 14
MAILS, MAIL_TAKES = 70, timedelta(minutes=3)
CHATS, CHAT_TAKES = 60, timedelta(minutes=1.2)
WHILE_CLOSED = 0.3
LEFT_OVER = 900
HOURS = ((time(10), time(14)), (time(16, 30), time(20, 30)))


def seconds(of: time) -> int:
    return of.hour * 3600 + of.minute * 60


CALENDAR = Calendar("shop", MADRID, (tuple(Hours(seconds(a), seconds(b)) for a, b in HOURS),) * 7)


@dataclass(slots=True)
class Matter:
    """A ticket of the simulation; `answered_at` is when its answer was written."""

    number: int
    is_chat: bool
    came: datetime
    waiting_since: str
    next_due_at: str
    recover_at: str
    new: bool
    answered_at: datetime | None = None


def matter(policy, number: int, came: datetime, *, is_chat: bool, new: bool) -> Matter:
    clock = open_clock(policy, "whatsapp" if is_chat else "email", Metric.FIRST_RESPONSE, Tier.STANDARD, came)
    assert clock is not None
    assert clock.recover_at is not None
    return Matter(number, is_chat, came, stamp(came), stamp(clock.due_at), stamp(clock.recover_at), new)


def moments(chance: random.Random, day: datetime, count: int) -> list[datetime]:
    """So many times of that day, three in ten of them while the shop is closed."""
    shut = round(count * WHILE_CLOSED)
    found: dict[bool, list[datetime]] = {True: [], False: []}
    while len(found[True]) < count - shut or len(found[False]) < shut:
        came = (day + timedelta(seconds=chance.uniform(0, 86400))).astimezone(UTC)
        found[is_open(CALENDAR, came)].append(came)
    return found[True][: count - shut] + found[False][:shut]


def fortnight(policy, seed: int) -> list[Matter]:
    chance = random.Random(seed)
    first = datetime(2026, 8, 31, tzinfo=MADRID)
    made = [
        matter(policy, n, first - timedelta(days=chance.uniform(0.5, 21)), is_chat=False, new=False)
        for n in range(LEFT_OVER)
    ]
    for number in range(DAYS):
        day = first + timedelta(days=number)
        for is_chat, count in ((False, MAILS), (True, CHATS)):
            made += [
                matter(policy, len(made) + n, came, is_chat=is_chat, new=True)
                for n, came in enumerate(moments(chance, day, count))
            ]
    return made


def ladder(each: Matter, now: datetime) -> tuple[int, str, int]:
    found = place(
        is_chat=each.is_chat,
        waiting_since=each.waiting_since,
        last_customer_at=each.waiting_since,
        next_due_at=each.next_due_at,
        recover_at=each.recover_at,
        created_at=each.waiting_since,
        now=now,
    )
    return BANDS.index(found.band), found.key, each.number


def earliest_deadline(each: Matter, now: datetime) -> tuple[str, int]:
    return each.next_due_at, each.number


def worked(made: list[Matter], order) -> list[Matter]:
    """One agent takes the first of the queue, again and again, while the shop is open."""
    coming = sorted(made, key=lambda each: each.came, reverse=True)
    waiting: list[Matter] = []
    now = datetime(2026, 8, 31, 10, tzinfo=MADRID).astimezone(UTC)
    end = now + timedelta(days=DAYS)
    while now < end:
        while coming and coming[-1].came <= now:
            waiting.append(coming.pop())
        if not waiting or not is_open(CALENDAR, now):
            now += timedelta(minutes=1)
            continue
        first = min(waiting, key=lambda each: order(each, now))
        waiting.remove(first)
        now += CHAT_TAKES if first.is_chat else MAIL_TAKES
        first.answered_at = now
    return made


def within(made: list[Matter], limit: timedelta, *, is_chat: bool) -> float:
    """The share of what came in the fortnight, and could be answered in it, that was answered within so much open time."""
    end = datetime(2026, 9, 13, 18, tzinfo=MADRID)
    ours = [each for each in made if each.new and each.is_chat is is_chat and each.came < end]
    kept = sum(
        each.answered_at is not None and working(CALENDAR, each.came, each.answered_at) <= limit
        for each in ours
    )
    return kept / len(ours)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shop_that_returns_to_900_unread_mails_keeps_its_promises_to_who_writes_now(seed):
    policy = load_policy((), "guide", None, MADRID)
    policy = type(policy)(
        **{**{name: getattr(policy, name) for name in policy.__slots__}, "calendar": CALENDAR}
    )
    figures = {}
    for order in (ladder, earliest_deadline):
        made = worked(fortnight(policy, seed), order)
        figures[order.__name__] = (
            within(made, timedelta(hours=1), is_chat=False),
            within(made, timedelta(minutes=5), is_chat=True),
        )
        left = sum(not each.new and each.answered_at is None for each in made)
        print(f"{order.__name__}: {figures[order.__name__]}, {left} of {LEFT_OVER} left")
    mails, chats = figures["ladder"]
    assert mails >= 0.9
    assert chats >= 0.6
    assert max(figures["earliest_deadline"]) < 0.4
