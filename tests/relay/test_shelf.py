"""The relay's file: durable before it is said, one number for one hook, whatever a name or a body is."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from agentdesk.errors import DiskError
from agentdesk.relay import Hook, Limits
from agentdesk.relay.shelf import Shelf
from desks import MONDAY

ROOMY = Limits(keep_free=0)


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(tmp_path / "relay.db")
    yield made
    made.close()


def hook(box, body=b"x", at=MONDAY):
    return Hook(box.key, at, "[]", body)


def test_a_commit_waits_for_the_disk_and_what_goes_is_overwritten(shelf):
    settings = {
        name: shelf._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "journal_mode", "secure_delete")
    }
    assert settings == {"synchronous": 2, "journal_mode": "truncate", "secure_delete": 1}


def test_numbers_go_up_by_one_in_each_box(shelf):
    one, two = shelf.add_box("one")[0], shelf.add_box("two")[0]
    assert shelf.put([hook(one), hook(two), hook(one)], ROOMY) == ([1, 1, 2], 0)
    assert shelf.put([hook(two)], ROOMY) == ([2], 0)


def test_a_hook_for_a_box_that_is_gone_is_not_stored(shelf):
    box, _ = shelf.add_box("one")
    shelf.remove_box(box)
    assert shelf.put([hook(box)], ROOMY) == ([0], 0)
    assert shelf.content().waiting == 0


def test_where_not_all_fit_none_is_stored_and_no_number_is_spent(shelf):
    box, _ = shelf.add_box("one")
    with pytest.raises(DiskError):
        shelf.put([hook(box), hook(box, b"x" * 2_000_000)], Limits(total=1 << 20, keep_free=0))
    assert shelf.put([hook(box)], ROOMY) == ([1], 0)


def test_no_box_tells_another_ones_hooks(shelf):
    one, two = shelf.add_box("one")[0], shelf.add_box("two")[0]
    shelf.put([hook(one, b"1"), hook(two, b"2")], ROOMY)
    shelf.let_go(one, 99, [])
    assert [each.body for each in shelf.found(two, 0, 10).hooks] == [b"2"]
    assert shelf.found(one, 0, 10).hooks == ()


def test_only_what_is_too_old_goes_and_what_was_refused_goes_unsaid(shelf):
    box, _ = shelf.add_box("one")
    days = [hook(box, at=MONDAY + timedelta(days=day)) for day in range(5)]
    shelf.put(days, ROOMY)
    shelf.let_go(box, 1, [1])
    assert shelf.expire(MONDAY + timedelta(days=3)) == {"one": 2}
    assert [each.number for each in shelf.found(box, 0, 10).hooks] == [4, 5]
    assert shelf.found(box, 0, 10).aside == 0


def test_another_process_takes_its_turn(shelf, tmp_path):
    """`relay box add` beside the running server."""
    box, _ = shelf.add_box("one")
    other = Shelf(tmp_path / "relay.db")

    def adds():
        for number in range(20):
            other.add_box(f"beside {number}")

    thread = threading.Thread(target=adds)
    thread.start()
    for _ in range(20):
        shelf.put([hook(box)], ROOMY)
    thread.join()
    other.close()
    assert len(shelf.boxes()) == 21
    assert shelf.content(box).waiting == 20


def test_the_file_is_whole_after_all_that(shelf, tmp_path):
    box, _ = shelf.add_box("'; DROP TABLE hook; --")
    shelf.put([hook(box, bytes(range(256)))], ROOMY)
    with sqlite3.connect(tmp_path / "relay.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()
