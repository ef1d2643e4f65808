"""Segments: customers by what they have in common, in filters, in what is promised, and beside the ticket."""

from dataclasses import replace
from datetime import UTC
from functools import partial

import pytest

from agentdesk.core.commands import MergeCustomers, Tag, Undo
from agentdesk.core.keeping import Mute, SetProfile
from agentdesk.core.segment import SegmentError, parse
from agentdesk.engine import moving, person
from agentdesk.engine.window import Window
from agentdesk.errors import ConfigError, UsageError
from agentdesk.policies import load_policy
from desks import Bench

SEGMENTS = {
    "vip": "tag:vip",
    "trade": "domain:acme.test -is:muted",
    "company": 'field:"company=Can Puig"',
    "known": "field:company",
    "often": "tickets:>2",
    "catalan": "lang:ca channel:email",
}
SLA = """
[guide.channel.email]
first_response = "1h"
next_response = "1h"
[guide.segment.trade.email]
first_response = { standard = "10min" }
[guide.segment.vip.email]
first_response = { standard = "5min" }
next_response = "2min"
"""


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.desk.segments = tuple(parse(name, text) for name, text in SEGMENTS.items())
    (tmp_path / "sla.toml").write_text(SLA)
    made.desk._policy = partial(load_policy, (tmp_path,), "guide", None, UTC, segments=made.desk.segments)
    yield made
    made.close()


def among(bench: Bench, who: str) -> tuple[str, ...]:
    with Window(bench.desk) as window:
        return person.card(bench.desk, window.customer(who)).segments


def targets(bench: Bench, number: int) -> dict[str, int]:
    return {c["metric"]: c["target"] for c in bench.ticket(number).clocks if c["state"] == "running"}


def shown(bench: Bench, query: str) -> list[int]:
    with Window(bench.desk) as window:
        return sorted(row.number for row in window.queue("all", only=window.search(query).only()))


def test_whoever_has_it_in_common_is_in_it_and_whoever_loses_it_is_not(bench):
    bench.mail("Hola, on és la comanda? Gràcies", sender="Pere <pere@acme.test>")
    bench.mail(sender="Anna <anna@notacme.test>")
    assert set(among(bench, "pere@acme.test")) == {"trade", "catalan"}
    assert among(bench, "anna@notacme.test") == ()
    with Window(bench.desk) as window:
        pere, anna = window.customer("pere@acme.test"), window.customer("anna@notacme.test")
    bench.desk.do(SetProfile(anna, (("company", "CAN PUIG"),)))
    bench.desk.do(Tag(bench.id(2), ("VIP",)))
    assert set(among(bench, "anna@notacme.test")) == {"vip", "company", "known"}
    bench.mail(sender="anna@notacme.test", subject="Dos")
    bench.mail(sender="anna@notacme.test", subject="Tres")
    assert "often" in among(bench, "anna@notacme.test")
    bench.desk.do(Mute(pere))
    assert "trade" not in among(bench, "pere@acme.test")
    bench.desk.do(Mute(pere, muted=False))
    bench.desk.do(MergeCustomers(pere, anna))
    assert {"vip", "trade", "company", "often"} <= set(among(bench, "pere@acme.test"))


def test_a_filter_finds_their_tickets_and_an_unknown_name_is_named(bench):
    bench.mail(sender="Pere <pere@acme.test>")
    bench.mail(sender="Anna <anna@y.test>")
    assert (shown(bench, "segment:trade"), shown(bench, "-segment:trade")) == ([1], [2])
    with pytest.raises(UsageError, match="trade"):
        shown(bench, "segment:trde")
    bench.desk.segments = ()
    with pytest.raises(UsageError):
        shown(bench, "segment:trade")


def test_a_segments_promise_goes_before_the_channels_from_the_very_first_mail(bench):
    bench.mail(sender="Pere <pere@acme.test>")
    bench.mail(sender="Anna <anna@y.test>")
    assert targets(bench, 1)["first_response"] == 600
    assert targets(bench, 2)["first_response"] == 3600
    bench.desk.do(Tag(bench.id(1), ("vip",)))
    bench.desk.do(Tag(bench.id(2), ("vip",)))
    assert targets(bench, 2)["first_response"] == 300, "at once, from its own beginning"
    bench.mail(sender="pere@acme.test", subject="Més")
    bench.mail(sender="anna@y.test", subject="Més")
    assert targets(bench, 3)["first_response"] == 600, "of two, the first that the file names"
    assert targets(bench, 4)["first_response"] == 300


def test_an_arrival_asks_once_and_without_segments_not_at_all(bench):
    asked: list[str] = []
    with bench.desk.transaction() as writer:
        writer.connection.set_trace_callback(
            lambda sql: asked.append(sql) if "FROM profile" in sql or "tag g" in sql else None
        )
    bench.mail(sender="Anna <anna@y.test>")
    bench.mail(sender="Anna <anna@y.test>", subject="Més")
    assert len(asked) == 1, "of who writes for the first time nothing is asked"
    asked.clear()
    bench.desk.policy = replace(bench.desk.policy, segments=())
    bench.mail(sender="Anna <anna@y.test>", subject="I més")
    assert asked == []


def test_a_target_for_a_segment_that_is_not_there_is_named_with_the_nearest(bench):
    (bench.folder / "sla.toml").write_text(SLA.replace("segment.trade", "segment.trades"))
    with pytest.raises(ConfigError) as error:
        bench.desk._policy()
    assert (error.value.values["key"], error.value.values["nearest"]) == ("guide.segment.trades", "trade")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("vip", "no_operator"),
        ("tags:vip", "unknown_operator"),
        ("tag:", "no_value"),
        ("channel:emial", "unknown_value"),
        ("tickets:5", "count"),
        ("tickets:>99999", "count"),
        ("tag:x " * 11, "too_long"),
    ],
)
def test_what_is_no_segment_is_refused(text, reason):
    with pytest.raises(SegmentError) as error:
        parse("x", text)
    assert error.value.reason == reason


def test_each_is_counted(bench):
    bench.mail(sender="Pere <pere@acme.test>")
    assert {each.name: n for each, n, _ in person.counted(bench.desk)}["trade"] == 1


def test_a_matter_that_is_given_to_somebody_of_a_segment_is_promised_what_they_are(bench):
    bench.mail("Hola", sender="Mare <mare@acme.test>")
    bench.mail("Hola", sender="pep@y.test", subject="Per la mare")
    assert (targets(bench, 1)["first_response"], targets(bench, 2)["first_response"]) == (600, 3600)
    moving.move(bench.desk, moving.look(bench.desk, 2, "mare@acme.test"))
    assert targets(bench, 2)["first_response"] == 600
    bench.desk.do(Undo())
    assert targets(bench, 2)["first_response"] == 3600
