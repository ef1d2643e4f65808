"""Search entries are written many at once, and still belong to what they are entries of."""

import pytest

from agentdesk.core.commands import Erase
from desks import Bench


def hits(bench: Bench, word: str) -> int:
    rows = bench.store.connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (word,))
    return len(rows.fetchall())


def failing(writer) -> None:
    """A message that is folded and then not wanted."""
    with writer.savepoint():
        writer.rows.unindexed.append(("no message", "sabata", "sabata", "", ""))
        raise LookupError


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_what_came_in_is_found_when_the_transaction_is_over(bench):
    bench.mail("Una jaqueta blava")
    assert hits(bench, "jaqueta") == 1
    bench.store.rebuild()
    assert hits(bench, "jaqueta") == 1


def test_a_savepoint_that_fails_leaves_no_entry(bench):
    bench.mail("Una jaqueta blava", message_id="<a@x.test>")
    assert hits(bench, "jaqueta") == 1
    with bench.store.transaction() as writer:
        with pytest.raises(LookupError):
            failing(writer)
        assert writer.rows.unindexed == []
    assert hits(bench, "sabata") == 0


def test_an_erase_in_the_same_transaction_takes_the_entry_too(bench):
    bench.mail("Una jaqueta blava", sender="maria@x.test")
    customer = bench.ticket(1).row.customer
    with bench.desk.transaction() as writer:
        writer.connection.execute("DELETE FROM search WHERE rowid = (SELECT n FROM message)")
        text, name = "Una jaqueta blava", "maria@x.test"
        (message,) = writer.connection.execute("SELECT id FROM message").fetchone()
        writer.rows.unindexed.append((message, "Pedido", text, name, ""))
        bench.desk.decided(writer, Erase(customer))
    assert hits(bench, "jaqueta") == 0
