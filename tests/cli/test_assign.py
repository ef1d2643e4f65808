"""A ticket goes to somebody who works here: under a mistyped name nobody would ever find it."""

import json

from desks import Bench


def whose(run, *words):
    status, out, err = run("assign", *words, "--json")
    assert status == 0, err
    return json.loads(out)["assignee"]


def test_nobody_of_that_name_works_here(shop, run):
    whose(run, "1", "Marta")
    status, out, err = run("assign", "1", "Martaa", "--json")
    assert (status, out) == (3, "")
    assert "Martaa (did you mean Marta?)" in json.loads(err)["detail"]
    assert json.loads(run("show", "1", "--json")[1])["assignee"] == "Marta"


def test_nobody_takes_it_away_and_me_is_whoever_is_here(shop, run):
    assert whose(run, "1", "me", "--as", "Marta") == "Marta"
    assert whose(run, "1", "nobody") is None
    assert whose(run, "1", "--as", "Marta") == "Marta"
    assert whose(run, "1", "-") is None


def test_where_nobody_was_added_every_name_goes(run, tmp_path):
    bench = Bench(tmp_path / "home")
    bench.mail()
    bench.close()
    assert whose(run, "1", "Martaa") == "Martaa"
    assert whose(run, "1", "nobody") is None


def test_a_wrong_name_in_a_rule_or_a_macro_is_told_with_its_line(shop, run):
    titles = '[title]\nen = "x"\nes = "x"\nca = "x"\n'
    for folder, noun, head in (("rules", "rules", 'on = ["ticket_opened"]\n'), ("replies", "quick", "")):
        (shop.config / folder).mkdir(exist_ok=True)
        (shop.config / folder / "give.toml").write_text(f'{head}{titles}[do]\nassign = "Martaa"\n', "utf-8")
        status, out, _ = run(noun, "check", "--json")
        (one,) = [each for each in json.loads(out) if each["file"].endswith("give.toml")]
        assert (status, one["line"], one["nearest"]) == (1, 6 if head == "" else 7, "Marta")
