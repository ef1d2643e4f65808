"""Twenty thousand mails of one sender are one row, and nobody else's mail is touched by it."""

import pytest

from agentdesk.core.commands import Assign, Split
from agentdesk.core.flood import MOST
from agentdesk.store.digest import digest
from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def storm(bench, mails, sender="Eva <eva@x.test>"):
    for _ in range(mails):
        bench.clock.go(seconds=1)
        bench.mail(sender=sender, subject=f"Pedido {bench.uid}")


def test_a_flood_is_one_row_with_every_message_and_others_stay_as_they_are(bench):
    bench.mail(sender="Maria <maria@x.test>")
    storm(bench, MOST - 1)
    assert len(bench.queue()) == MOST, "so many matters somebody may have"
    storm(bench, 3)
    bench.mail(sender="Pau <pau@x.test>")
    maria, *rest = sorted(bench.queue(), key=lambda row: row.number)
    assert [row.customer_name for row in (maria, *rest)] == ["Maria", "Eva", "Pau"]
    flood = bench.messages(rest[0].number)
    assert len(flood) == MOST + 2
    assert [each.joined_by for each in flood].count("linked") == 3
    assert ["flood" in each.warnings for each in flood].count(True) == 3
    assert rest[0].waiting_since == flood[0].received_at, "it waits since the first of them"


def test_it_goes_on_as_one_for_hours_and_ends_by_itself(bench):
    storm(bench, MOST)
    for _ in range(30):
        bench.clock.go(minutes=2)
        bench.mail(sender="Eva <eva@x.test>")
    assert len(bench.queue()) == 1
    bench.clock.go(hours=2)
    bench.mail(sender="Eva <eva@x.test>")
    assert len(bench.queue()) == 2


def slow_storm(bench, mails, **apart):
    for _ in range(mails):
        bench.clock.go(**apart)
        bench.mail(sender="Eva <eva@x.test>", subject=f"Pedido {bench.uid}")


def test_a_slow_flood_is_one_row_too(bench):
    slow_storm(bench, 59, minutes=20)
    assert len(bench.queue(limit=100)) == 59, "a busy day of a shop that sends each order by itself"
    slow_storm(bench, 5, minutes=20)
    assert len(bench.queue()) == 1


def test_somebody_who_writes_a_little_each_day_is_no_flood(bench):
    slow_storm(bench, 45, hours=3)
    assert len(bench.queue(limit=100)) == 45


def test_the_same_words_of_many_people_are_as_many_people(bench):
    for number in range(MOST + 5):
        bench.mail("Compra ya.", sender=f"a{number}@spam.test", subject="Oferta")
    assert len(bench.queue()) == MOST + 5


def test_what_an_agent_has_begun_stays_apart_and_what_was_swept_up_can_be_split_off(bench):
    storm(bench, MOST - 1)
    bench.desk.do(Assign(bench.id(3), "Joan"))
    storm(bench, 2)
    assert sorted(row.number for row in bench.queue()) == [3, MOST - 1]
    last = bench.messages(MOST - 1)[-1]
    bench.desk.do(Split(last.id))
    assert sorted(row.number for row in bench.queue()) == [3, MOST - 1, MOST]
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


def test_a_conversation_of_many_mails_is_no_flood(bench):
    bench.mail(sender="Eva <eva@x.test>", message_id="<first@x.test>")
    for _ in range(MOST + 5):
        bench.mail(sender="Eva <eva@x.test>", reply_to="<first@x.test>")
    bench.desk.do(Assign(bench.id(1), "Joan"))
    bench.mail(sender="Eva <eva@x.test>", subject="Otra cosa")
    assert len(bench.queue()) == 2


def test_what_is_asked_for_each_mail_of_a_flood_does_not_grow_with_it(bench):
    """Rows that the database looks at, not seconds."""
    storm(bench, MOST + 5)

    def steps():
        count = [0]
        bench.store.connection.set_progress_handler(lambda: count.__setitem__(0, count[0] + 1), 100)
        storm(bench, 10)
        bench.store.connection.set_progress_handler(None, 0)
        return count[0]

    early = steps()
    assert early
    storm(bench, 60)
    assert steps() < early * 2 + 20
