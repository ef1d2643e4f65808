"""What somebody who looks elsewhere is told: stories, each with the time as an argument."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core.notice import (
    APART,
    KINDS,
    SETTLES,
    SPAN,
    Happening,
    Promise,
    Rules,
    Told,
    crossed,
    looked_away,
    told,
)

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
JOAN = Rules("Joan")
SECOND = timedelta(seconds=1)


def news(number: int, at: datetime, kind: str = "new", **fields) -> Happening:
    return Happening(kind, f"t{number}", number, "email", at.isoformat(), at, **fields)


class Listener:
    """Somebody who is told; looks four times a second, as the console does."""

    def __init__(self, rules: Rules = JOAN) -> None:
        self.rules, self.state, self.now, self.heard = rules, Told(NINE), NINE, []

    def at(self, seconds: float, *happened: Happening) -> "Listener":
        """These happen `seconds` after nine."""
        self.until(seconds)
        self.state, notice = told(self.state, self.rules, happened, self.now)
        self.heard += [(seconds, notice)] if notice else []
        return self

    def until(self, seconds: float) -> "Listener":
        end = NINE + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(end, self.now + timedelta(seconds=0.25))
            self.state, notice = told(self.state, self.rules, (), self.now)
            self.heard += [((self.now - NINE).total_seconds(), notice)] if notice else []
        return self

    @property
    def counts(self):
        return [(seconds, notice.counts) for seconds, notice in self.heard]


def test_a_new_ticket_is_told_within_a_second_and_alone_with_its_number():
    listener = Listener().at(5, news(7, NINE)).until(9)
    ((seconds, notice),) = listener.heard
    assert 5 < seconds <= 6
    assert notice.only.number == 7
    assert notice.quiet_until is None


def test_a_pass_that_brings_25_mails_is_one_line():
    listener = Listener()
    for n in range(25):
        listener.at(n / 100, news(n, NINE))
    listener.until(60)
    assert [counts for _, counts in listener.counts] == [(("new", 25),)]
    assert listener.heard[0][1].only is None


def test_news_that_goes_on_is_told_every_ten_seconds_and_not_more():
    listener = Listener()
    for n in range(120):
        listener.at(n / 4, news(n, NINE))
    listener.until(60)
    times = [seconds for seconds, _ in listener.heard]
    assert all(b - a >= APART.total_seconds() for a, b in itertools.pairwise(times))
    assert sum(n for _, counts in listener.counts for _, n in counts) == 120


def test_a_message_is_told_once_however_often_its_ticket_is_touched():
    listener = Listener().at(1, news(7, NINE)).until(30)
    listener.at(31, news(7, NINE)).at(40, news(7, NINE)).until(80)
    assert len(listener.heard) == 1
    listener.at(90, news(7, NINE + SECOND, "reply")).until(95)
    assert len(listener.heard) == 2
    listener.at(100, news(7, NINE), news(8, NINE)).until(110)
    assert [notice.only and notice.only.number for _, notice in listener.heard] == [7, 7, 8]


def test_what_was_there_before_the_console_opened_is_not_told():
    assert Listener().at(1, news(7, NINE - timedelta(hours=8))).until(60).heard == []


def test_a_laptop_that_wakes_tells_the_night_in_one_line():
    listener = Listener().until(10)
    night = [news(n, NINE + timedelta(hours=n)) for n in range(1, 9)]
    late = [news(n, NINE + timedelta(hours=3), "breached") for n in range(20, 23)]
    listener.now = NINE + timedelta(hours=10)
    listener.state, notice = told(listener.state, JOAN, (*night, *late), listener.now)
    assert notice.counts == (("new", 8), ("breached", 3))


def test_what_comes_late_of_a_sleep_is_one_notice_and_a_promise_that_ends_meanwhile_does_not_wait_for_it():
    listener = Listener().until(1)
    listener.state = looked_away(listener.state, NINE + SECOND, NINE + timedelta(hours=2))
    listener.now = woke = NINE + timedelta(hours=2)
    for n in range(25):
        listener.at(7200 + n, news(n, NINE + timedelta(minutes=n + 1)))
    listener.at(7226, news(40, woke + timedelta(seconds=26), "breached"))
    listener.until(7230).at(7233, news(30, NINE + timedelta(minutes=50))).until(7300)
    listener.at(7301, news(31, NINE + timedelta(minutes=51))).until(7400)
    assert listener.counts == [(7226, (("breached", 1),)), (7243, (("new", 26),))]


def test_of_an_hour_twelve_are_told_and_the_rest_is_one_number_as_soon_as_there_is_room():
    listener = Listener()
    for n in range(30):
        listener.at(60 * n, news(n, NINE + timedelta(minutes=n)))
    listener.until(3599)
    assert len(listener.heard) == 12
    last = listener.heard[-1][1]
    assert last.quiet_until == NINE + timedelta(seconds=listener.heard[0][0]) + SPAN
    listener.until(3700)
    assert listener.counts[12][1] == (("new", 18),)
    assert listener.heard[12][0] <= 3602
    assert listener.heard[12][1].quiet_until is not None


def test_a_budget_of_nothing_is_silence():
    assert Listener(replace(JOAN, budget=0)).at(1, news(1, NINE, "breached")).until(9000).heard == []


def test_what_a_rule_tells_is_always_wanted_and_stands_for_the_news_of_its_ticket():
    mail = news(1, NINE)
    rule = replace(mail, kind="rule", mark="firing", rule="vip")
    listener = Listener(replace(JOAN, kinds=frozenset({"new"}))).at(1, mail, rule).until(20)
    assert listener.counts[0][1] == (("rule", 1),)
    listener = Listener(replace(JOAN, kinds=frozenset())).at(1, mail, rule, news(2, NINE)).until(20)
    assert listener.counts[0][1] == (("rule", 1),)


def test_each_switch_is_its_own_and_mine_only_is_mine_only():
    every = [news(n, NINE, kind) for n, kind in enumerate(KINDS)]
    for kind in KINDS:
        listener = Listener(replace(JOAN, kinds=frozenset({kind}))).at(1, *every).until(20)
        assert listener.counts[0][1] == ((kind, 1),)
    mine = Listener(replace(JOAN, mine_only=True))
    mine.at(1, news(1, NINE), news(2, NINE, assignee="Pau"), news(3, NINE, assignee="Joan")).until(20)
    assert [notice.only.number for _, notice in mine.heard] == [3]


def test_what_a_switch_kept_quiet_is_not_told_when_it_is_put_on():
    listener = Listener(replace(JOAN, kinds=frozenset())).at(1, news(7, NINE))
    listener.rules = JOAN
    assert listener.at(2, news(7, NINE)).until(20).heard == []


def test_a_promise_that_ends_is_told_at_that_second_and_two_minutes_before():
    promise = Promise("t1", 1, "whatsapp", NINE + timedelta(minutes=15))
    heard = []
    for second in range(16 * 60):
        after, until = NINE + second * SECOND, NINE + (second + 1) * SECOND
        heard += [(second + 1, each.kind) for each in crossed([promise], after, until)]
    assert heard == [(13 * 60, "due_soon"), (15 * 60, "breached")]
    assert Listener().at(900, *crossed([promise], NINE, NINE + timedelta(minutes=15))).heard[0][0] == 900


def test_a_target_that_says_itself_when_it_is_due_soon_is_told_then_and_not_again():
    promise = Promise("t1", 1, "email", NINE + timedelta(hours=4), soon_at=NINE + timedelta(hours=3))
    heard = [
        (minute, each.kind)
        for minute in range(300)
        for each in crossed([promise], NINE + timedelta(minutes=minute - 1), NINE + timedelta(minutes=minute))
    ]
    assert heard == [(180, "due_soon"), (240, "breached")]


def test_a_promise_that_was_slept_through_is_late_and_was_not_soon_to_be():
    promise = Promise("t1", 1, "whatsapp", NINE + timedelta(minutes=15))
    assert [each.kind for each in crossed([promise], NINE, NINE + timedelta(hours=9))] == ["breached"]
    assert crossed([promise], NINE + timedelta(hours=1), NINE + timedelta(hours=9)) == []


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), st.sampled_from(KINDS)), max_size=60),
    st.integers(1, 4),
)
def test_whatever_comes_nothing_is_lost_told_twice_or_beyond_the_budget(events, budget):
    state, heard, seen = Told(NINE), [], set()
    rules = replace(JOAN, budget=budget)
    for second, number, kind in sorted(events):
        seen.add((kind, number))
        now = NINE + timedelta(seconds=second)
        state, notice = told(state, rules, [replace(news(number, NINE, kind))], now)
        heard += [(now, notice)] if notice else []
    for minutes in range(90, 300, 5):
        now = NINE + timedelta(minutes=minutes) + SETTLES
        state, notice = told(state, rules, (), now)
        heard += [(now, notice)] if notice else []
    assert sum(n for _, notice in heard for _, n in notice.counts) == len(seen)
    for at, _ in heard:
        assert sum(at - SPAN < other <= at for other, _ in heard) <= budget
