"""The log is the truth: replaying it gives the same rows, after whatever happened."""

from datetime import timedelta

import pytest

from agentdesk.core.figures import Period
from agentdesk.store import case, course
from agentdesk.store.digest import digest
from desks import Bench
from histories import History
from servers import PROOF


@pytest.mark.parametrize("seed", range(1, 6) if PROOF else [1])
def test_a_random_history_of_a_thousand_commands_replays_to_the_same_rows(tmp_path, seed):
    bench = Bench(tmp_path)
    history = History(bench, seed)
    for _ in range(1000):
        history.step()
    before = digest(bench.store.connection)
    assert bench.store.rebuild() > 500
    assert digest(bench.store.connection) == before
    with bench.reading() as connection:
        ever = Period(bench.clock.at - timedelta(days=10_000), bench.clock.at + timedelta(days=1))
        known = {
            each.number: list(each.clocks) for each in case.cases(connection, ever, case.Needs(promises=True))
        }
        ids = dict(connection.execute("SELECT id, number FROM ticket"))
        said = course.logged(connection, list(ids))
        assert known == {number: said[ticket] for ticket, number in ids.items() if number in known}
        assert len(known) > 50
    kinds = {row[0] for row in bench.store.connection.execute("SELECT DISTINCT type FROM event")}
    came_back = "SELECT count(*) FROM message WHERE state = 'failed'"
    assert bench.store.connection.execute(came_back).fetchone()[0] > 0
    assert {
        "Received",
        "Merged",
        "Split",
        "Undone",
        "Erased",
        "Snoozed",
        "CustomersMerged",
        "SenderJudged",
        "Rescued",
        "Described",
        "PlaybookChosen",
        "StepTaken",
    } <= kinds
    bench.close()


def test_a_fold_that_forgets_something_is_noticed(tmp_path):
    """The digest must be able to fail: one changed row gives another one."""
    bench = Bench(tmp_path)
    bench.mail()
    before = digest(bench.store.connection)
    bench.store.connection.execute("UPDATE ticket SET priority = 'low'")
    assert digest(bench.store.connection) != before
    bench.close()
