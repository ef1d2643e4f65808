"""Rules as files: what a shop gets wrong is named with file and line, and such a rule does not run."""

from pathlib import Path

import pytest

from agentdesk import i18n, quick, rulebook
from agentdesk.rulebook import Shop

FOLLOW_UPS = {f"follow-up-{about}" for about in ("complaint", "logistics", "product", "returns")}
SHIPPED = {
    *("acknowledge", "out-of-hours", "overnight", "progress-reminder", "silent-seven-days", "welcome"),
    *("survey", "unhappy", "win-back", *FOLLOW_UPS),
}
GOOD = 'on = ["customer_wrote"]\nwhere = "lang:es"\n[do]\ntag = ["x"]\n'


def shop(folder: Path) -> Shop:
    here = (folder,)
    return Shop(
        lambda name: quick.spoken(here, name),
        quick.spoken_names(here),
        ("Joan", "Marta"),
        {"soporte": "id"},
        ("vip",),
    )


@pytest.fixture
def load(tmp_path):
    (tmp_path / "rules").mkdir()

    def loaded(on=(), **files):
        for name, text in files.items():
            (tmp_path / "rules" / f"{name.replace('_', '-')}.toml").write_text(text)
        return rulebook.load((tmp_path,), shop(tmp_path), on)

    return loaded


def test_the_shipped_rules_are_whole_and_can_all_be_on_together(load):
    found = load(on=SHIPPED)
    assert not found.problems
    assert {rule.name for rule in found.rules} == SHIPPED
    assert not found.on(())
    for rule in found.rules:
        assert set(rule.titles) == {"es", "ca", "en"}


def test_the_shops_file_of_a_name_takes_the_place_of_the_shipped_one(load):
    found = load(overnight=GOOD)
    rule = next(each for each in found.rules if each.name == "overnight")
    assert (rule.does.tag, rule.where) == (("x",), "lang:es")
    assert rule.source.endswith("overnight.toml")


WRONG = [
    (GOOD.replace("customer_wrote", "custmer_wrote"), 1, "on", "customer_wrote"),
    (GOOD.replace("lang:es", "lnag:es"), 2, "where", "lang"),
    (GOOD.replace("lang:es", "assignee:Jaon"), 2, "where", "Joan"),
    (GOOD.replace("lang:es", "segment:vpi"), 2, "where", "vip"),
    (GOOD.replace("lang:es", "is:mine"), 2, "where", None),
    (GOOD.replace("lang:es", "(lang:es OR -is:draft)"), 2, "where", None),
    (GOOD.replace("where", "wehre"), 2, "wehre", "where"),
    (GOOD.replace('where = "lang:es"', 'when = "clsoed"'), 2, "when", "closed"),
    (GOOD.replace('where = "lang:es"', 'after = "soon"'), 2, "after", None),
    (GOOD.replace('where = "lang:es"', 'after = "3d"\ncounts = "open"'), 2, "after", None),
    (GOOD.replace('where = "lang:es"', 'unless = ["replied"]'), 2, "unless", None),
    (GOOD.replace('where = "lang:es"', 'after = "3d"\nunless = ["became_late"]'), 3, "unless", None),
    (GOOD.replace('where = "lang:es"', 'zone = "Europe/Madird"'), 2, "zone", "Europe/Madrid"),
    (GOOD.replace('where = "lang:es"', "order = -1"), 2, "order", None),
    (GOOD.replace('tag = ["x"]', ""), 3, "do", None),
    (GOOD.replace("[do]\n", ""), 1, "do", None),
    (GOOD.replace('on = ["customer_wrote"]\n', ""), 1, "on", None),
    (GOOD.replace('tag = ["x"]', 'tagg = ["x"]'), 4, "do.tagg", "tag"),
    (GOOD.replace('tag = ["x"]', 'tag = ["x"]\nuntag = ["x"]'), 5, "do.untag", None),
    (GOOD.replace('tag = ["x"]', 'assign = "Jaon"'), 4, "do.assign", "Joan"),
    (GOOD.replace('tag = ["x"]', 'assign = "me"'), 4, "do.assign", None),
    (GOOD.replace('tag = ["x"]', 'priority = "hihg"'), 4, "do.priority", "high"),
    (GOOD.replace('tag = ["x"]', 'snooze = "later"'), 4, "do.snooze", None),
    (GOOD.replace('tag = ["x"]', 'status = "resovled"'), 4, "do.status", "resolved"),
    (GOOD.replace('tag = ["x"]', 'quick = "acknowlege"'), 4, "do.quick", "acknowledge"),
    (GOOD.replace('tag = ["x"]', 'quick = ""'), 4, "do.quick", None),
    (GOOD.replace('tag = ["x"]', 'quick = "received"'), 4, "do.quick", None),
    (GOOD.replace('tag = ["x"]', 'quick = "acknowledge"\nkind = "akc"'), 5, "do.kind", "ack"),
    (GOOD.replace('tag = ["x"]', "command = []"), 4, "do.command", None),
    (GOOD.replace('tag = ["x"]', 'notify = "yes"'), 4, "do.notify", None),
    (GOOD.replace("customer_wrote", "tagged"), 1, "on", None),
    (GOOD.replace("tag = [", "tag = "), 4, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "nearest"), WRONG)
def test_what_is_wrong_is_named_with_its_line_and_the_nearest_right_word(
    load, tmp_path, text, line, key, nearest
):
    found = load(mine=text)
    problem = next(each for each in found.problems if each.key == key)
    assert (problem.file, problem.line) == (tmp_path / "rules" / "mine.toml", line)
    assert nearest is None or nearest in (problem.nearest or problem.reason)
    assert "mine" not in {rule.name for rule in found.rules}
    assert len(found.rules) == len(SHIPPED)


def test_of_two_rules_that_contradict_each_other_the_later_is_refused_and_the_other_named(load, tmp_path):
    high = 'on = "replied"\norder = 1\n[do]\npriority = "high"\n'
    found = load(("high", "low"), high=high, low=high.replace("high", "low").replace("1", "2"))
    (problem,) = found.problems
    assert (problem.file.name, problem.line, problem.key) == ("low.toml", 4, "do.priority")
    assert f"the rule high ({tmp_path / 'rules' / 'high.toml'}:4)" in problem.reason
    assert "high" in {rule.name for rule in found.rules}


def test_an_example_shows_which_tickets_two_rules_both_ask_for(load):
    high = 'on = "replied"\norder = 1\nwhere = "channel:email"\n[do]\npriority = "high"\n'
    low = high.replace("high", "low").replace("1", "2").replace("channel:email", "lang:ca")
    on = ("high", "low")
    (problem,) = load(on, high=high, low=low).problems
    assert "both are about channel:email lang:ca" in problem.reason
    assert not load(on, high=high, low=low.replace("lang:ca", "channel:telegram")).problems


def test_a_shipped_rule_that_is_off_contradicts_nobody(load):
    mine = 'on = "ticket_opened"\nwhen = "open"\norder = 20\n[do]\nquick = "acknowledge"\n'
    assert not load(mine=mine).problems
    assert not load(("acknowledge",), mine=mine).problems
    assert [each.file.name for each in load(("acknowledge", "mine"), mine=mine).problems] == ["mine.toml"]


LAMP = 'on = ["customer_wrote"]\nwhere = "lámpara OR bombilla"\norder = 5\n[do]\npriority = "high"\n'
"""A rule that goes before the shipped `unhappy` and sets the priority of what both are about to something else."""


def test_a_rule_that_is_off_stops_none_that_runs_and_it_is_said_why_it_could_not_be_put_on(load, tmp_path):
    found = load(("unhappy",), lampara=LAMP)
    assert not found.problems
    assert {"unhappy", "lampara"} <= {rule.name for rule in found.rules}
    problem = next(each for each in found.hindered if each.file.stem == "lampara")
    assert (problem.file, problem.line, problem.key) == (
        tmp_path / "rules" / "lampara.toml",
        5,
        "do.priority",
    )
    assert "the rule unhappy" in problem.reason
    assert "unhappy.toml:12)" in problem.reason


def test_of_two_that_contradict_each_other_and_are_both_on_the_later_does_not_run_and_names_the_other(load):
    found = load(("unhappy", "lampara"), lampara=LAMP)
    (problem,) = found.problems
    assert problem.file.stem == "unhappy"
    assert "lampara.toml:5" in problem.reason
    assert [rule.name for rule in found.on(("unhappy", "lampara"))] == ["lampara"]


@pytest.mark.parametrize(
    ("language", "words"), [("es", "se dispara"), ("ca", "es dispara"), ("en", "sets it off")]
)
def test_what_is_wrong_is_said_in_the_agents_language(load, language, words):
    i18n.use(language)
    try:
        (problem,) = load(mine=GOOD.replace("customer_wrote", "tagged")).problems
        assert words in problem.reason
    finally:
        i18n.use("en")
