"""A playbook on a ticket: taken step by step, kept in the log, and in the way of resolving until it is finished."""

from datetime import UTC

import pytest

from agentdesk.core.commands import Erase, Merge, Reopen, Resolve, RunMacro, Split, Undo
from agentdesk.core.model import Acts, Status
from agentdesk.core.progress import Describe
from agentdesk.engine import playbook
from agentdesk.errors import RefusedError, UsageError
from agentdesk.store.digest import digest
from desks import Bench

WHOLE = """
incident = "returns"
kind = "claim"
must_finish = true
title = { es = "x", ca = "x", en = "x" }
[[steps]]
id = "order"
title = { es = "x", ca = "x", en = "x" }
[[steps]]
id = "why"
title = { es = "x", ca = "x", en = "x" }
within = "4h"
choices = [
  { id = "broken", title = { es = "x", ca = "x", en = "x" }, to = "refund" },
  { id = "late", title = { es = "x", ca = "x", en = "x" }, to = "end" },
]
[[steps]]
id = "refund"
title = { es = "x", ca = "x", en = "x" }
"""


class Table:
    """A desk with tickets and a playbook `mine`."""

    def __init__(self, folder) -> None:
        (folder / "playbooks").mkdir()
        (folder / "playbooks" / "mine.toml").write_text(WHOLE, "utf-8")
        self.own = (folder,)
        self.bench = Bench(folder)
        for name in ("maria", "pere"):
            self.bench.mail(sender=f"{name}@x.test")

    def choose(self, number: int = 1, name: str = "mine") -> None:
        playbook.choose(self.bench.desk, self.bench.id(number), playbook.known(self.own, name))

    def standing(self, number: int = 1) -> playbook.Standing:
        found = playbook.standing(self.bench.ticket(number).progress, self.own, UTC)
        assert found is not None
        return found

    def take(self, *words: str, number: int = 1) -> None:
        """Steps, each with its answer after a colon."""
        for word in words:
            name, _, answer = word.partition(":")
            at = self.standing(number)
            step = at.playbook.step(name)
            assert step is not None
            playbook.take(self.bench.desk, self.bench.ticket(number), at, step, answer or "done")

    def stands(self, number: int = 1) -> tuple[list[str], str | None, bool]:
        at, progress = self.standing(number), self.bench.ticket(number).progress
        assert progress is not None
        here = at.walk.at.id if at.walk.at else None
        return [each.id for each, _ in at.walk.taken], here, progress.holds

    def refused(self, command) -> str:
        with pytest.raises(RefusedError) as caught:
            self.bench.desk.do(command)
        return str(caught.value.values["reason"])


@pytest.fixture
def table(tmp_path):
    made = Table(tmp_path)
    yield made
    made.bench.close()


def test_steps_are_taken_one_after_the_other_by_whom_and_when(table) -> None:
    table.choose()
    assert table.stands() == ([], "order", True)
    table.bench.clock.go(minutes=5)
    table.take("order")
    at = table.standing()
    assert (at.taken["order"].actor, at.taken["order"].at) == ("Joan", "2026-11-23T09:05:00.000Z")
    assert at.until is not None
    assert at.until.isoformat() == "2026-11-23T13:05:00+00:00"
    table.take("why:broken", "refund")
    assert table.stands() == (["order", "why", "refund"], None, False)


def test_choosing_says_what_the_ticket_is_about_unless_somebody_did(table) -> None:
    table.bench.desk.do(Describe(table.bench.id(1), incident="payment"))
    table.choose()
    view = table.bench.ticket(1)
    assert (view.incident, view.row.kind) == ("payment", "claim")


def test_a_ticket_is_not_resolved_before_its_playbook_ends(table) -> None:
    table.choose()
    ticket = table.bench.id(1)
    assert table.refused(Resolve(ticket)) == "playbook_unfinished"
    assert table.refused(RunMacro(ticket, Acts(status=Status.RESOLVED))) == "playbook_unfinished"
    table.bench.desk.do(RunMacro(ticket, Acts(tag=("late",), status=Status.WAITING_CUSTOMER)))
    table.take("order", "why:late")
    table.bench.desk.do(Resolve(ticket))
    assert table.bench.ticket(1).row.status == "resolved"


def test_another_playbook_or_none_frees_the_ticket(table) -> None:
    table.choose()
    playbook.choose(table.bench.desk, table.bench.id(1), None)
    table.bench.desk.do(Resolve(table.bench.id(1)))
    table.bench.desk.do(Reopen(table.bench.id(1)))
    table.choose(name="service")
    assert table.bench.ticket(1).progress.holds is False


def test_a_step_that_is_not_at_hand_or_has_no_such_choice_is_refused(table) -> None:
    table.choose()
    with pytest.raises(UsageError):
        table.take("refund")
    table.take("order")
    for answer in ("why", "why:nothing"):
        with pytest.raises(UsageError):
            table.take(answer)
    assert table.stands() == (["order"], "why", True)


def test_a_step_answered_anew_makes_what_came_after_it_count_no_more(table) -> None:
    table.choose()
    table.take("order", "why:broken", "refund", "why:broken")
    assert table.stands() == (["order", "why"], "refund", True)
    table.bench.desk.do(Undo())
    assert table.stands() == (["order", "why", "refund"], None, False)


def test_whoever_took_a_step_of_another_playbook_meanwhile_is_told(table) -> None:
    table.choose()
    at, view = table.standing(), table.bench.ticket(1)
    table.choose(name="service")
    with pytest.raises(RefusedError) as caught:
        playbook.take(table.bench.desk, view, at, at.playbook.steps[0])
    assert caught.value.values["reason"] == "other_playbook"


def test_every_act_of_it_can_be_undone(table) -> None:
    ticket = table.bench.id(1)
    before = table.bench.ticket(1)
    table.bench.desk.do(Describe(ticket, "question", "payment"))
    table.choose()
    table.take("order")
    assert table.stands() == (["order"], "why", True)
    for _ in range(3):
        table.bench.desk.do(Undo())
    assert table.bench.ticket(1) == before


def test_chosen_again_a_playbook_begins_anew_and_undo_brings_back_how_far_it_was(table) -> None:
    table.choose()
    table.take("order")
    table.choose(name="service")
    table.choose()
    assert table.stands() == ([], "order", True)
    table.bench.desk.do(Undo())
    table.bench.desk.do(Undo())
    assert table.stands() == (["order"], "why", True)


def test_a_merge_takes_the_playbook_along_and_undo_gives_it_back(table) -> None:
    one, two = table.bench.id(1), table.bench.id(2)
    table.choose()
    table.take("order")
    table.bench.desk.do(Merge(one, two))
    assert table.stands(2) == (["order"], "why", True)
    assert table.bench.ticket(2).incident == "returns"
    table.bench.desk.do(Undo())
    assert table.bench.ticket(2).progress is None
    assert table.stands(1) == (["order"], "why", True)


def test_of_two_tickets_on_one_playbook_the_word_of_the_one_that_stays_counts(table) -> None:
    for number in (2, 1):
        table.choose(number)
        table.take("order", "why:broken" if number == 2 else "why:late", number=number)
        table.bench.clock.go(minutes=5)
    table.bench.desk.do(Merge(table.bench.id(1), table.bench.id(2)))
    assert table.stands(2) == (["order", "why"], "refund", False)


def test_a_split_begins_without_a_playbook(table) -> None:
    table.bench.mail(sender="maria@x.test", reply_to="<m1@x.test>")
    table.choose()
    table.bench.desk.do(Split(table.bench.messages(1)[-1].id))
    assert table.bench.ticket(3).progress is None
    assert table.stands(1) == ([], "order", True)


def test_a_forgotten_customers_ticket_still_says_how_it_was_served(table) -> None:
    table.choose()
    table.take("order")
    table.bench.desk.do(Erase(table.bench.ticket(1).row.customer))
    assert table.stands() == (["order"], "why", True)


def test_a_replay_gives_the_same_rows(table) -> None:
    table.choose()
    table.take("order", "why:broken", "why:late")
    before = digest(table.bench.store.connection)
    table.bench.store.rebuild()
    assert digest(table.bench.store.connection) == before
    table.bench.store.connection.execute("UPDATE step SET answer = 'other'")
    assert digest(table.bench.store.connection) != before
