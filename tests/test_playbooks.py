"""The playbooks on the disk: what is shipped ends whatever is chosen, and what a shop breaks is named by file and line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk import i18n, playbooks, quick
from agentdesk.core.model import INCIDENTS
from agentdesk.core.playbook import DONE, Playbook, path

SHIPPED = playbooks.load(()).playbooks
REPLIES = {each.name for each in quick.load(()).replies}
AT_MOST = 8
"""Steps on the longest way through a shipped playbook."""
WHOLE = """incident = "returns"
must_finish = true

[title]
es = "Devolución"
ca = "Devolució"
en = "A return"

[[steps]]
id = "photo"
title = { es = "Pide una foto", ca = "Demana una foto", en = "Ask for a photo" }
ask = "Maria"
quick = "damaged"
within = "4h"

[[steps.choices]]
id = "good"
title = { es = "Vale", ca = "Val", en = "Good" }
to = "refund"

[[steps.choices]]
id = "bad"
title = { es = "No", ca = "No", en = "Bad" }
to = "end"

[[steps]]
id = "refund"
title = { es = "Paga", ca = "Paga", en = "Refund" }
"""


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.fixture
def check(tmp_path):
    """What is wrong where the shop's file `mine` is `text`: (line, key, reason)."""

    def checks(text: str):
        file = tmp_path / "playbooks" / "mine.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        found = playbooks.check((tmp_path,), REPLIES)
        assert {each.file for each in found} <= {file}
        return [(each.line, each.key, each.reason) for each in found]

    return checks


def walks(playbook: Playbook, answers: dict[str, str]) -> Iterator[int]:
    """How many steps each way through it takes."""
    walk = path(playbook, answers)
    assert len(walk.taken) <= AT_MOST, (playbook.name, answers)
    if walk.at is None:
        yield len(walk.taken)
        return
    for answer in [each.id for each in walk.at.choices] or [DONE]:
        yield from walks(playbook, {**answers, walk.at.id: answer})


def test_nothing_is_wrong_with_what_is_shipped_and_every_incident_has_one() -> None:
    assert playbooks.check((), REPLIES) == ()
    assert sorted(each.incident for each in SHIPPED if each.incident) == sorted(INCIDENTS)
    assert [each.name for each in SHIPPED if each.kind == "complaint"] == ["complaint"]
    assert len(SHIPPED) == 9


@pytest.mark.parametrize("playbook", SHIPPED, ids=lambda each: each.name)
def test_a_shipped_playbook_ends_whatever_is_chosen(playbook: Playbook) -> None:
    assert min(walks(playbook, {})) == path(playbook, {}).left
    assert all(each.asks or each.quick or each.within for each in playbook.steps)


def test_a_file_is_read_as_it_is_written(check, tmp_path) -> None:
    assert check(WHOLE) == []
    found = playbooks.named((tmp_path,), "mine")
    assert found is not None
    assert (found.incident, found.must_finish, found.source) == (
        "returns",
        True,
        str(tmp_path / "playbooks/mine.toml"),
    )
    assert [each.id for each in found.steps] == ["photo", "refund"]
    assert [found.steps[0].ask(each) for each in ("es", "ca", "en")] == ["Maria"] * 3
    assert [each.to for each in found.steps[0].choices] == ["refund", "end"]


@pytest.mark.parametrize(
    ("was", "now", "line", "key", "reason"),
    [
        ('to = "end"', 'to = "nobody"', 24, "steps.0.choices.1.to", "there is no step nobody"),
        ('to = "refund"', 'to = "end"', 27, "steps.1.id", "nothing leads to the step refund"),
        ('id = "refund"', 'id = "photo"', 27, "steps.1.id", "photo is there twice"),
        ('quick = "damaged"', 'quick = "gone"', 13, "steps.0.quick", "there is no quick reply gone"),
        ('within = "4h"', 'within = "soon"', 14, "steps.0.within", "it is written as"),
        (', ca = "Demana una foto"', "", 11, "steps.0.title.ca", "it is missing"),
        ('ca = "Devolució"\n', "", 4, "title.ca", "it is missing"),
        ('incident = "returns"', 'incident = "return"', 1, "incident", "did you mean returns?"),
        ('id = "good"', 'id = "Good!"', 17, "steps.0.choices.0.id", "an id is one word"),
        ("must_finish = true", 'must_finish = "yes"', 2, "must_finish", "it must be true or false"),
        ('quick = "damaged"', 'quik = "damaged"', 13, "steps.0.quik", "did you mean quick?"),
        ("[[steps.choices]]", "[[steps.choice]]", 16, "steps.0.choice", "did you mean choices?"),
        ('es = "Devolución"', 'es = "Devolución', 5, "", "three quotation marks"),
    ],
)
def test_a_mistake_is_named_by_its_line(check, was, now, line, key, reason) -> None:
    assert was in WHOLE
    found = check(WHOLE.replace(was, now, 1))
    assert any(at == line and about == key and reason in why for at, about, why in found), found


def test_a_circle_without_a_way_out_is_a_dead_end(check) -> None:
    text = WHOLE.replace('to = "refund"', 'to = "photo"').replace('to = "end"', 'to = "photo"')
    assert (10, "steps.0.id", "from the step photo there is no way to the end") in check(text)


def test_a_playbook_with_a_dead_end_is_not_offered(check, tmp_path) -> None:
    check(WHOLE.replace('to = "end"', 'to = "nobody"'))
    assert playbooks.named((tmp_path,), "mine") is None
    loaded = playbooks.load((tmp_path,))
    assert [each.name for each in loaded.playbooks] == [each.name for each in SHIPPED]
    assert [each.reason for each in loaded.problems] == ["there is no step nobody"]


def test_the_shops_own_file_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "returns.toml").write_text(WHOLE, "utf-8")
    found = playbooks.named((tmp_path,), "returns")
    assert found is not None
    assert found.title("en") == "A return"
