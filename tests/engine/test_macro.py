"""Macros: several acts on a ticket in one event, with an answer or alone, and taken back as one."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk import i18n, quick
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core import macro
from agentdesk.core.letter import Wish
from agentdesk.core.model import Acts, Status
from agentdesk.engine import phrase, reply
from agentdesk.errors import RefusedError
from desks import MONDAY, SHOP, Bench

SETTINGS = Settings(
    DeskSettings("Europe/Madrid", "en"), accounts=(Account("mailbox", "La Botiga", "email", SHOP),)
)
WHOLE = """
shortcut = "sup"
[title]
es = "Proveedor"
ca = "Proveïdor"
en = "Supplier"
[do]
tag = ["supplier", "damaged"]
untag = ["new"]
priority = "high"
assign = "me"
snooze = "2d 9:00"
"""


class Mail:
    def compose(self, out):
        return compose(out)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail(sender="Maria Puig <maria@x.test>")
    yield made
    made.close()


def written(folder: Path, text: str):
    (folder / "replies").mkdir(exist_ok=True)
    (folder / "replies" / "mine.toml").write_text(text, "utf-8")
    return next(each for each in quick.load((folder,)).replies if each.name == "mine")


def looks(bench):
    """What an undo has to bring back."""
    view = bench.ticket(1)
    row = view.row
    return row.status, row.priority, row.assignee, set(view.tags), row.snoozed_until, row.next_due_at


def test_a_macro_of_acts_alone_is_one_act_and_undone_as_one(bench, tmp_path):
    one = written(tmp_path, WHOLE)
    before = looks(bench)
    event = phrase.run(bench.desk, bench.id(1), one, phrase.acts(one.does, bench.desk, SETTINGS))
    status, priority, assignee, tags, snoozed, _ = looks(bench)
    assert (status, priority, assignee, tags) == ("snoozed", "high", "Joan", {"supplier", "damaged"})
    assert (event.type, snoozed) == ("MacroRun", "2026-11-25T08:00:00.000Z"), "nine o'clock in Madrid"
    reply.undo(bench.desk)
    assert looks(bench) == before
    bench.store.rebuild()
    assert looks(bench) == before


def test_what_goes_with_an_answer_happens_with_it_and_is_taken_back_with_it(bench):
    before = looks(bench)
    acts = Acts(tag=("supplier",), priority="urgent", status=Status.WAITING_THIRD_PARTY)
    wish = Wish("We have asked.", acts=acts)
    reply.write(bench.desk, SETTINGS, Mail(), bench.id(1), wish, hold=60)
    status, priority, assignee, tags, *_ = looks(bench)
    assert (status, priority, assignee, tags) == ("waiting_third_party", "urgent", "Joan", {"supplier"})
    reply.undo(bench.desk)
    assert looks(bench) == before


def test_whoever_resolves_with_the_answer_is_not_overruled_by_a_macro(bench):
    wish = Wish("Done.", acts=Acts(tag=("x",), until=MONDAY + timedelta(days=1)))
    reply.write(bench.desk, SETTINGS, Mail(), bench.id(1), wish, resolve=True)
    assert looks(bench)[0] == "resolved"
    assert looks(bench)[3:5] == ({"x"}, None)


def test_a_macro_that_changes_nothing_is_refused(bench):
    one = phrase.QuickReply("mine", {}, {})
    phrase.run(bench.desk, bench.id(1), one, Acts(tag=("x",)))
    with pytest.raises(RefusedError) as refused:
        phrase.run(bench.desk, bench.id(1), one, Acts(tag=("x",)))
    assert refused.value.values["reason"] == "nothing_changes"


def test_of_two_macros_tags_add_up_and_the_later_one_counts():
    first = Acts(tag=("a", "b"), priority="high", until=MONDAY)
    second = Acts(tag=("c",), untag=("a",), assign="", status=Status.RESOLVED)
    whole = macro.both(first, second)
    assert (set(whole.tag), whole.untag) == ({"b", "c"}, ("a",))
    assert (whole.priority, whole.assign, whole.until, whole.status) == ("high", "", None, Status.RESOLVED)
    assert macro.both(first, Acts()) == first


def test_a_macro_that_cannot_be_understood_is_not_taken_for_its_text_alone(tmp_path):
    text = WHOLE.replace("[do]", '[text]\nen = "Hi"\n[do]')
    assert written(tmp_path, text).does
    (tmp_path / "replies" / "mine.toml").write_text(text.replace("2d 9:00", "soon"), "utf-8")
    loaded = quick.load((tmp_path,))
    assert "mine" not in {each.name for each in loaded.replies}
    assert {each.key for each in loaded.problems if each.file.stem == "mine"} >= {"do.snooze"}


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "said"),
    [
        ('priority = "high"', 'priority = "hihg"', "do.priority", 10, "did you mean high"),
        ("untag =", "untg =", "do.untg", 9, "did you mean untag"),
        ('untag = ["new"]', 'untag = "new"', "do.untag", 9, "list"),
        ('"2d 9:00"', '"2d 25:00"', "do.snooze", 12, "1d 9:00"),
        ('snooze = "2d 9:00"', 'status = "snoozed"', "do.status", 12, "not known"),
        ('snooze = "2d 9:00"', 'snooze = "2h"\nstatus = "open"', "do.status", 13, "leave out one"),
        ('assign = "me"', 'assign = "Jaon"', "do.assign", 11, "did you mean Joan"),
        ('assign = "me"', "assign = 3", "do.assign", 11, "quotes"),
    ],
)
def test_what_is_wrong_with_a_macro_is_named_with_its_line(tmp_path, old, new, key, line, said):
    i18n.use("en")
    written(tmp_path, WHOLE)
    assert quick.check((tmp_path,), ("Joan",)) == ()
    path = tmp_path / "replies" / "mine.toml"
    path.write_text(WHOLE.replace(old, new), "utf-8")
    found = [(each.key, each.line, each.reason) for each in quick.check((tmp_path,), ("Joan",))]
    assert any(each[:2] == (key, line) and said in each[2] for each in found), found
