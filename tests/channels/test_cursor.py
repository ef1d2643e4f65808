"""Sets of UIDs and the cursor of a mailbox."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.channels.cursor import Mark, Uids, decode, encode

SETS = st.sets(st.integers(1, 60))


@given(SETS, SETS)
def test_sets_of_uids_are_sets(one, other):
    a, b = Uids.of(one), Uids.of(other)
    assert list(a | b) == sorted(one | other)
    assert list(a - b) == sorted(one - other)
    assert list(a & b) == sorted(one & other)
    assert len(a) == len(one)
    assert Uids.parse(str(a)) == a
    assert a.last == max(one, default=0)
    assert all((uid in a) == (uid in one) for uid in range(62))
    assert list(a.newest(5)) == sorted(one)[-5:]


def test_ten_thousand_mails_take_no_room():
    assert str(Uids.of(range(1, 10_001)) - Uids.of([500])) == "1:499,501:10000"


def test_a_cursor_comes_back():
    mark = Mark(
        validity=7,
        history_until=datetime(2026, 11, 1, tzinfo=UTC),
        done=Uids.parse("1:5,9"),
        next_uid=12,
        modseq=99,
        passed_at=datetime(2026, 11, 2, tzinfo=UTC),
        planned_to=10,
        waits=Uids.parse("7"),
        threads=Uids.parse("6"),
        newest=Uids.parse("8:9"),
        flags={"": Uids.parse("1:5"), "\\Seen": Uids.parse("2")},
    )
    marks = {"INBOX": mark, "Enviats": Mark(validity=1, history_until=mark.history_until)}
    assert decode(encode(marks)) == marks
    assert decode(None) == {}
    assert encode(decode(encode(marks))) == encode(marks)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"v":2,"folders":{}}', '{"v":1,"folders":{"INBOX":{}}}', '{"v":1,"folders":[1]}'],
)
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(ValueError):
        decode(text)


def test_flags_are_learned_and_forgotten():
    mark = Mark(validity=1, history_until=datetime(2026, 11, 1, tzinfo=UTC))
    mark = mark.noted({1: frozenset({"\\Seen"}), 2: frozenset()})
    assert mark.flags_of(1) == {"\\Seen"}
    assert mark.flags_of(2) == frozenset()
    assert mark.flags_of(3) is None
    mark = mark.noted({1: frozenset()})
    assert mark.flags_of(1) == frozenset()
    assert mark.noted({2: frozenset()}, only=True).flags_of(1) is None
