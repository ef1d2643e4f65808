"""`view`: parts of the queue under names of one's own."""

import json

import pytest

from desks import Bench


def test_a_view_is_added_listed_with_its_key_and_removed(run):
    status, out, err = run("view", "add", "late", "--filter", "is:overdue", "--sort", "waiting", "--json")
    assert (status, err) == (0, "")
    late = {"name": "late", "view": "inbox", "filter": "is:overdue", "sort": "waiting", "keys": ["g 1"]}
    assert json.loads(out) == late
    run("view", "add", "ours", "--view", "mine", "--key", "2")
    assert [each["keys"] for each in json.loads(run("view", "list", "--json")[1])] == [["g 1"], ["2"]]
    keys = {each["id"]: each["keys"] for each in json.loads(run("keys", "--json")[1])}
    assert (keys["view.ours"], keys["go.mine"]) == (["2"], ["g m"])
    assert run("view", "remove", "late", "--json")[0] == 0
    assert [each["name"] for each in json.loads(run("view", "list", "--json")[1])] == ["ours"]


def test_what_could_not_be_shown_is_not_written(run):
    wrong = [("--filter", "is:nonsense"), ("--key", "e"), ("--view", "all", "--sort", "waiting")]
    for options in wrong:
        status, out, err = run("view", "add", "odd", *options, "--json")
        assert (status, out) == (2, ""), options
        assert json.loads(err)["detail"]
    assert json.loads(run("view", "list", "--json")[1]) == []
    assert run("view", "remove", "odd")[0] == 3


def test_the_queue_has_other_orders_and_names_them_where_a_view_has_not(run):
    assert run("queue", "--sort", "newest", "--json")[:2] == (0, "[]\n")
    status, _, err = run("queue", "--view", "all", "--sort", "order", "--json")
    assert status == 2
    assert "newest" in json.loads(err)["detail"]


def test_a_view_of_ones_own_is_shown_by_its_name_and_narrowed_further(run, tmp_path):
    bench = Bench(tmp_path / "home")
    for sender, subject in (("maria@x.test", "Factura"), ("pere@y.test", "Factura"), ("maria@x.test", "Res")):
        bench.mail(sender=sender, subject=subject)
        bench.clock.go(minutes=1)
    bench.close()
    words = ("--filter", "from:maria@x.test", "--sort", "newest", "--key", "")
    assert run("view", "add", "maria", *words)[0] == 0
    shown = [row["number"] for row in json.loads(run("queue", "--view", "maria", "--json")[1])]
    assert shown == [3, 1]
    narrowed = run("queue", "--view", "maria", "--filter", "subject:factura", "--json")[1]
    assert [row["number"] for row in json.loads(narrowed)] == [1]
    status, _, err = run("queue", "--view", "mraia")
    assert (status, "did you mean maria?" in err) == (2, True)
    assert run("queue", "--filter", "")[0] == 2


@pytest.mark.parametrize("name", ["all", "mine", "ALL"])
def test_a_view_of_every_desk_is_not_replaced(run, name):
    status, out, err = run("view", "add", name, "--filter", "zzz", "--json")
    assert (status, out) == (2, "")
    assert json.loads(err)["detail"] == f"NAME: {name} is a view of every desk; choose another name"
    assert json.loads(run("view", "list", "--json")[1]) == []


def test_a_view_is_named_in_any_case(run):
    assert run("queue", "--view", "ALL", "--json")[:2] == (0, "[]\n")
    assert run("view", "add", "Late", "--view", "Mine", "--filter", "is:overdue", "--sort", "Waiting")[0] == 0
    assert run("queue", "--view", "late", "--json")[:2] == (0, "[]\n")
    assert "there is a view Late already" in run("view", "add", "LATE")[2]
    assert run("view", "remove", "lATE")[0] == 0


def test_a_key_that_is_taken_is_said_with_what_has_it_and_what_can_be_had(run):
    detail = json.loads(run("view", "add", "k", "--filter", "x", "--key", "r", "--json")[2])["detail"]
    assert detail.startswith('--key: r is taken by "')
    assert "(ticket.reply); choose another, or none" in detail
    detail = json.loads(run("view", "add", "k", "--filter", "x", "--key", "g", "--json")[2])["detail"]
    assert "--key: g " in detail
    assert "choose another" in detail


@pytest.mark.parametrize(("language", "word"), [("es", "todo"), ("ca", "tot"), ("en", "everyhting")])
def test_a_view_by_its_title_on_the_screen_is_told_its_name(run, tmp_path, language, word):
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "config.toml").write_text(f'[desk]\nlanguage = "{language}"\n', "utf-8")
    status, _, err = run("queue", "--view", word)
    assert (status, "all" in err) == (2, True)
    assert ("(" in err and "all?" in err) == (language != "en")
