"""A muted customer: kept and joined, apart, without clock or alert; and heard again."""

import pytest

from agentdesk.config import Desk, Settings
from agentdesk.core.commands import Merge, MergeCustomers, Reopen, Resolve
from agentdesk.core.instant import stamp
from agentdesk.core.keeping import Mute
from agentdesk.engine import moving, person, reply, seek
from agentdesk.engine.feed import Feed
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import people, queue
from agentdesk.store.digest import digest
from desks import Bench

PERE, ANNA = "pere@x.test", "anna@y.test"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail("M'heu arruïnat", sender=f"Pere <{PERE}>", subject="Queixa", message_id="<pere@x.test>")
    yield made
    made.close()


def mutes(bench: Bench, who: str = PERE, *, muted: bool = True):
    with Window(bench.desk) as window:
        return bench.desk.do(Mute(window.customer(who), muted))


def running(bench: Bench, number: int = 1) -> list[str]:
    return sorted(
        clock["metric"]
        for clock in bench.ticket(number).clocks
        if clock["state"] in {"running", "paused"} and clock["tier"] == "standard"
    )


def shown(bench: Bench, view: str) -> list[int]:
    return [row.number for row in bench.queue(view)]


def unanswered(bench: Bench) -> int:
    with bench.reading() as connection:
        return people.unanswered(connection)


def refused(act) -> str:
    with pytest.raises(RefusedError) as error:
        act()
    return str(error.value.values["reason"])


def test_what_they_write_is_kept_and_joined_and_asks_for_nothing(bench):
    bench.mail("Hola", sender=f"Anna <{ANNA}>")
    mutes(bench)
    bench.clock.go(minutes=5)
    bench.mail("Encara hi sou?", sender=PERE, reply_to="<pere@x.test>")
    bench.mail("I una altra cosa", sender=PERE, subject="Més")
    assert [each.text.strip() for each in bench.messages(1)] == ["M'heu arruïnat", "Encara hi sou?"]
    assert (shown(bench, "inbox"), shown(bench, "muted"), shown(bench, "overdue")) == ([2], [3, 1], [])
    assert (running(bench, 1), running(bench, 3)) == ([], [])
    assert unanswered(bench) == 1, "Anna alone"
    with bench.reading() as connection:
        rings = queue.find(connection, "inbox", bench.clock.at, "Joan", bench.id(3))
    assert rings is None, "what rings is looked for among what needs a person"
    with Window(bench.desk) as window:
        assert window.counts().views["muted"] == 2
        assert window.search("is:muted", seek.NO_NAMES).only() is not None
    bench.clock.go(hours=9)
    assert shown(bench, "overdue") == [2]


def test_heard_again_whatever_waits_is_promised_an_answer_from_then_on(bench):
    mutes(bench)
    bench.mail("I una altra cosa", sender=PERE, subject="Més")
    bench.clock.go(hours=30)
    mutes(bench, muted=False)
    assert sorted(shown(bench, "inbox")) == [1, 2]
    assert shown(bench, "overdue") == []
    assert running(bench, 1) == running(bench, 2) == ["ack", "first_response", "resolution"]
    (clock,) = [
        c for c in bench.ticket(2).clocks if (c["metric"], c["tier"]) == ("first_response", "standard")
    ]
    assert clock["started_at"] == stamp(bench.clock.at)
    assert refused(lambda: mutes(bench, muted=False)) == "nothing_changes"


def test_undo_gives_back_the_very_clocks_unless_something_came_since(bench):
    before = bench.ticket(1).clocks
    mutes(bench)
    assert running(bench) == []
    reply.undo(bench.desk)
    assert bench.ticket(1).clocks == before
    assert shown(bench, "inbox") == [1]
    mutes(bench)
    bench.mail("I una altra cosa", sender=PERE, subject="Més")
    assert refused(lambda: reply.undo(bench.desk)) == "changed_since"
    rows = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == rows


def test_what_was_late_before_stays_late(bench):
    bench.clock.go(hours=3)
    mutes(bench)
    states = {(c["metric"], c["tier"]): c["state"] for c in bench.ticket(1).clocks}
    assert states["first_response", "standard"] == "met_late"
    assert states["resolution", "standard"] == "void"


def test_a_resolved_matter_they_write_to_again_comes_back_apart(bench):
    bench.desk.do(Resolve(bench.id(1)))
    mutes(bench)
    bench.clock.go(hours=1)
    bench.mail("No n'hi ha prou", sender=PERE, reply_to="<pere@x.test>")
    assert (shown(bench, "inbox"), shown(bench, "muted")) == ([], [1])
    bench.desk.do(Resolve(bench.id(1)))
    assert shown(bench, "muted") == []
    mutes(bench, muted=False)
    bench.desk.do(Reopen(bench.id(1)))
    assert shown(bench, "inbox") == [1]


def test_whoever_else_writes_in_their_matter_is_heard(bench):
    bench.mail(
        "En copio a l'Anna",
        sender=PERE,
        reply_to="<pere@x.test>",
        extra=f"Cc: {ANNA}\r\n",
        message_id="<cc@x.test>",
    )
    mutes(bench)
    bench.clock.go(minutes=5)
    bench.mail("Jo també ho vull saber", sender=ANNA, reply_to="<cc@x.test>")
    assert shown(bench, "inbox") == [1]
    assert running(bench) == ["ack", "first_response", "resolution"]
    assert bench.ticket(1).row.waiting_since == stamp(bench.clock.at)
    bench.mail("Calla", sender=PERE, reply_to="<cc@x.test>")
    assert shown(bench, "inbox") == [1], "what the muted one adds hides nobody"


def test_in_somebody_elses_matter_a_muted_customer_is_kept_and_not_heard(bench):
    bench.mail("Hola", sender=f"Anna <{ANNA}>", extra=f"Cc: {PERE}\r\n", message_id="<anna@y.test>")
    bench.desk.do(Resolve(bench.id(2)))
    mutes(bench)
    bench.mail("Jo també!", sender=PERE, reply_to="<anna@y.test>")
    assert len(bench.messages(2)) == 2
    assert bench.ticket(2).row.status == "resolved"


def test_two_customers_become_one_only_where_both_are_muted_or_neither(bench):
    bench.mail("Hola", sender=f"Anna <{ANNA}>")
    mutes(bench)
    with Window(bench.desk) as window:
        pere, anna = window.customer(PERE), window.customer(ANNA)
    assert refused(lambda: bench.desk.do(MergeCustomers(pere, anna))) == "one_is_muted"
    mutes(bench, ANNA)
    bench.desk.do(MergeCustomers(pere, anna))
    mutes(bench, ANNA, muted=False)
    assert sorted(shown(bench, "inbox")) == [1, 2]
    reply.undo(bench.desk)
    reply.undo(bench.desk)
    assert (person.card(bench.desk, pere).muted_at, person.card(bench.desk, anna).muted_at) != (None, None)


def test_a_matter_that_is_given_to_or_taken_from_a_muted_customer_goes_along(bench):
    bench.mail("Hola", sender=f"Anna <{ANNA}>", subject="Otra")
    mutes(bench)
    moving.move(bench.desk, moving.look(bench.desk, 2, PERE))
    assert (shown(bench, "muted"), running(bench, 2)) == ([2, 1], [])
    moving.move(bench.desk, moving.look(bench.desk, 1, ANNA))
    assert shown(bench, "inbox") == [1]
    assert running(bench, 1) == ["ack", "first_response", "resolution"]


def test_neither_a_merge_nor_a_bounce_starts_a_clock_for_them(bench):
    bench.mail("I una altra cosa", sender=PERE, subject="Més")
    mutes(bench)
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    assert (shown(bench, "inbox"), shown(bench, "muted"), running(bench)) == ([], [1], [])


def test_a_feed_counts_them_only_where_there_are_some(bench):
    def counted():
        with bench.reading() as connection:
            feed = Feed(bench.desk, connection)
            return feed.header(
                Settings(Desk("UTC", "en")), "inbox", (("inbox", "inbox"), ("muted", "muted"))
            ).counts

    assert counted() == (("inbox", 1),)
    mutes(bench)
    assert counted() == (("inbox", 0), ("muted", 1))
