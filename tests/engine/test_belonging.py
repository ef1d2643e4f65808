"""A customer who comes into a segment, or leaves one, by whatever act: what is open is promised accordingly in that very act."""

import json
import random
from contextlib import suppress
from datetime import UTC, timedelta
from functools import partial

import pytest

from agentdesk.core.commands import (
    Merge,
    MergeCustomers,
    Prioritise,
    Resolve,
    RunMacro,
    SetLanguage,
    Tag,
    Undo,
    UnmergeCustomers,
)
from agentdesk.core.figures import Period
from agentdesk.core.keeping import MoveTicket, Mute, SetProfile
from agentdesk.core.model import Acts, Priority
from agentdesk.core.segment import holds, parse
from agentdesk.core.sla import LIVE, ClockState, Matter, from_data, state
from agentdesk.engine import promise, report
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.policies import load_policy
from agentdesk.store import segment
from desks import MONDAY, SHOP, Bench

SEGMENTS = {
    "vip": "tag:vip",
    "trade": "domain:acme.test -is:muted",
    "puig": 'field:"company=can puig"',
    "known": "field:company -tag:gone",
    "often": "tickets:>2",
    "chats": "-channel:email",
    "catalan": "lang:ca",
}
SLA = """
[mine.channel.email]
first_response = "1h"
next_response = "1h"
[mine.priority.low]
first_response = "9h"
""" + "".join(
    f'[mine.segment.{name}]\nfirst_response = "{30 + n}min"\nnext_response = "{30 + n}min"\n'
    for n, name in enumerate(SEGMENTS)
)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.desk.segments = tuple(parse(name, text) for name, text in SEGMENTS.items())
    (tmp_path / "sla.toml").write_text(SLA)
    made.desk._policy = partial(load_policy, (tmp_path,), "mine", None, UTC, segments=made.desk.segments)
    yield made
    made.close()


def minutes(bench: Bench, number: int) -> list[int]:
    """What is promised of the replies that are due."""
    found = map(from_data, bench.ticket(number).clocks)
    return [clock.target // 60 for clock in found if clock.state == "running"]


def customer(bench: Bench, who: str) -> str:
    with Window(bench.desk) as window:
        return window.customer(who)


def test_a_tag_that_makes_a_vip_shortens_all_that_is_open_and_undo_brings_it_back(bench):
    bench.mail("Hola")
    bench.mail("Hola de nou", subject="Una altra cosa", at=MONDAY - timedelta(minutes=10))
    before = [bench.ticket(n).clocks for n in (1, 2)]
    bench.desk.do(Tag(bench.id(1), ("VIP",)))
    assert (minutes(bench, 1), minutes(bench, 2)) == ([30], [30])
    assert bench.queue()[0].number == 2, "the queue goes by it at once"
    bench.desk.do(Undo())
    assert [bench.ticket(n).clocks for n in (1, 2)] == before


def test_what_was_promised_before_stays_in_the_history_with_the_reason(bench):
    bench.mail("Hola")
    bench.clock.go(minutes=5)
    bench.desk.do(SetProfile(customer(bench, "maria@x.test"), (("company", "Can Puig"),)))
    found = first(bench)
    assert [(each.target, each.by_segment) for each in found.former] == [(3600, True)]
    assert (found.clock.started_at, found.clock.target) == (MONDAY, 32 * 60)
    bench.desk.do(Undo())
    assert first(bench).former == (), "what an undo took back was never promised"


def first(bench: Bench) -> promise.Reasoned:
    with Window(bench.desk) as window:
        return promise.reasons(bench.desk, window, 1)[1][0]


def test_one_act_on_two_tickets_counts_each_promise_once_in_a_report(bench):
    bench.mail("Hola")
    bench.mail("Hola de nou", subject="Una altra cosa")
    bench.desk.do(Tag(bench.id(1), ("vip",)))
    assert first(bench).former[0].by_segment
    assert len(first(bench).former) == 1, "two that came at the same second stay apart"
    period = Period(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    told = report.report(bench.desk, "sla", report.asked(bench.desk, period, "channel", UTC))
    assert [(line.about, line.figures["running"].tickets) for line in told.whole] == [
        ("first_response", (1, 2))
    ]


def test_what_was_late_stays_late_whoever_they_turn_out_to_be(bench):
    bench.mail("Hola")
    bench.clock.go(minutes=40)
    bench.desk.do(Tag(bench.id(1), ("vip",)))
    assert minutes(bench, 1) == [30], "half an hour was over before anybody knew"
    bench.desk.do(Tag(bench.id(1), (), ("vip",)))
    assert minutes(bench, 1) == [30]
    bench.desk.do(Undo())
    bench.desk.do(Undo())
    assert minutes(bench, 1) == [60], "an undo takes the lateness back with the tag"


ACTS = {
    "tag": lambda ticket: Tag(ticket, ("vip",)),
    "priority": lambda ticket: Prioritise(ticket, Priority.LOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_in_between_keeps_nobody_from_undoing_what_changed_a_promise(bench, act):
    bench.mail("Hola", message_id="<a@x.test>")
    event = bench.desk.do(ACTS[act](bench.id(1)))
    bench.clock.go(minutes=1)
    bench.mail("Ja va", sender=SHOP, to="maria@x.test", role="sent", reply_to="<a@x.test>")
    bench.mail("I ara?", reply_to="<a@x.test>")
    bench.desk.do(Undo(event.id))
    assert minutes(bench, 1) == [60]
    kept = {clock["metric"]: clock["state"] for clock in bench.ticket(1).clocks}
    assert kept == {"first_response": "met", "next_response": "running"}


def test_an_event_that_can_bring_nobody_into_a_segment_asks_nothing(bench):
    asked: list[str] = []
    bench.mail("Hola")
    with bench.desk.transaction() as writer:
        writer.connection.set_trace_callback(
            lambda sql: asked.append(sql) if "language, speaks" in sql else None
        )
    bench.desk.do(Tag(bench.id(1), ("whatever",)))
    bench.desk.do(Resolve(bench.id(1)))
    assert asked == []
    bench.desk.do(Tag(bench.id(1), ("vip",)))
    assert len(asked) == 1


WHO = [f"{name}@{domain}" for name in ("anna", "pere") for domain in ("acme.test", "y.test")]
TEXTS = ("Hola, on és la meva comanda? Gràcies", "Where is my order? Thank you")


def some_act(rng: random.Random, tickets: list[tuple[str, str, str]]) -> object:
    """Whatever people do that may bring somebody into a segment, or out of it."""
    (ticket, one, _), (other, two, identity) = rng.choice(tickets), rng.choice(tickets)
    tag = rng.choice(["vip", "VIP", "gone", "x"])
    acts = [
        Tag(ticket, (tag,)),
        Tag(ticket, (), (tag,)),
        RunMacro(ticket, Acts(tag=("Vip",))),
        SetProfile(one, (("company", rng.choice(["Can Puig", "Can Mas", ""])),)),
        SetProfile(one, (("language", rng.choice(["ca", "en", ""])),)),
        SetLanguage(ticket, rng.choice(["ca", "en"])),
        Mute(one, muted=rng.random() < 0.3),
        MergeCustomers(one, two),
        UnmergeCustomers(one),
        MoveTicket(ticket, two, identity),
        Undo(),
        Undo(),
    ]
    return rng.choice([*acts, Merge(ticket, other)] if one == two else acts)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_what_is_open_promises_what_its_customers_segments_say(bench, seed):
    rng, done = random.Random(seed), set()
    for _ in range(60):
        bench.clock.go(seconds=rng.randrange(40))
        with bench.reading() as connection:
            tickets = connection.execute(
                "SELECT id, customer, identity FROM ticket WHERE root = id"
            ).fetchall()
        if not tickets or rng.random() < 0.2:
            bench.mail(rng.choice(TEXTS), sender=rng.choice(WHO), subject=str(rng.random()))
        else:
            with suppress(RefusedError):
                done.add(bench.desk.do(some_act(rng, tickets)).type)
        assert_promised(bench)
    assert len(done) >= 6, done


def assert_promised(bench: Bench) -> None:
    """Every clock that runs and is not late says what the policy says now, and both ways of asking for segments agree."""
    policy = bench.desk.policy
    segments = tuple(each for each, _ in policy.segments)
    with bench.reading() as connection:
        roots = dict(connection.execute("SELECT id, root FROM customer").fetchall())
        among = {root: segment.among(connection, root, segments) for root in roots.values()}
        for root, names in among.items():
            facts = segment.facts(connection, root, segments)
            assert names == tuple(s.name for s in segments if holds(s, facts[root], facts.values()))
        rows = connection.execute(
            "SELECT t.number, t.customer, t.priority, c.data FROM clock c JOIN ticket t ON t.id = c.ticket AND t.root = t.id"
        ).fetchall()
    for number, who, priority, data in rows:
        clock = from_data(json.loads(data))
        if clock.state in LIVE and state(clock, bench.clock.at) is not ClockState.BREACHED:
            matter = Matter(frozenset(among[roots[who]]), None, priority)
            target = policy.target(clock.channel, clock.metric, clock.tier, matter)
            assert (number, clock.target) == (number, target and target.within)
