"""`search` and `queue --filter` as scripts and people meet them."""

import json

import pytest

from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    for n in range(5):
        made.mail(
            f"Línea uno\r\nPedido número {n}", sender=f"Maria Puig <c{n}@x.test>", subject=f"Asunto {n}"
        )
        made.clock.go(minutes=1)
    yield made
    made.close()


def test_hits_come_newest_first_with_ticket_message_time_and_snippet(bench, run):
    status, out, err = run("search", "pedido numero", "--json")
    hits = json.loads(out)
    assert (status, err) == (0, "")
    assert [hit["ticket"] for hit in hits] == [5, 4, 3, 2, 1]
    first = {**hits[0], "message": bench.messages(5)[0].id}
    assert hits[0] == first
    assert (first["at"], first["snippet"]) == ("2026-11-23T09:04:00Z", "Pedido número 4")
    status, out, _ = run("search", "pedido")
    assert (status, out.splitlines()[1].split()[0], "Pedido número 4" in out) == (0, "5", True)


def test_words_on_the_command_line_keep_what_the_shell_took_off(bench, run):
    assert len(json.loads(run("search", "from:maria puig", "pedido", "--json")[1])) == 5
    assert run("search", "from:puig maria", "pedido", "--json")[0] == 3
    assert [hit["ticket"] for hit in json.loads(run("search", "pedido", "-4", "-3", "-2", "--json")[1])] == [
        2,
        1,
    ]


def test_no_hit_is_an_empty_list_and_status_three(bench, run):
    assert run("search", "berenjena", "--json") == (3, "[]\n", "")
    assert run("search", "berenjena") == (3, "", "Nothing was found.\n")
    assert run("queue", "--filter", "berenjena", "--json") == (0, "[]\n", "")


def test_a_wrong_word_is_said_with_the_right_one_and_nothing_on_stdout(bench, run):
    for words in (("search", "statsu:open"), ("queue", "--filter", "statsu:open")):
        status, out, err = run(*words, "--json")
        assert (status, out, json.loads(err)["code"]) == (2, "", "usage")
        assert "status:" in json.loads(err)["detail"]
    assert run("search", "")[0] == 2


def test_the_limit_says_what_it_keeps_back(bench, run):
    status, out, err = run("search", "pedido", "--limit", "2", "--json")
    assert (status, [hit["ticket"] for hit in json.loads(out)], err) == (
        0,
        [5, 4],
        "3 more rows are left out by --limit\n",
    )
    assert run("search", "pedido", "--limit", "5", "--json")[2] == ""
    status, out, err = run("queue", "--filter", "pedido -numero OR numero", "--limit", "4", "--json")
    assert (status, len(json.loads(out)), err) == (0, 4, "1 more row is left out by --limit\n")


def test_a_filter_keeps_the_order_of_the_queue(bench, run):
    everything = [ticket["number"] for ticket in json.loads(run("queue", "--json")[1])]
    some = json.loads(run("queue", "--filter", "-from:c2@x.test", "--json")[1])
    assert [ticket["number"] for ticket in some] == [number for number in everything if number != 3]
    assert json.loads(run("queue", "--view", "all", "--filter", "#2", "--json")[1])[0]["number"] == 2


def test_a_kind_that_there_is_not_is_told_with_the_nearest(bench, run):
    """Spelt wrong it found nothing, as if nobody had complained."""
    assert run("kind", "2", "complaint")[0] == 0
    assert [hit["ticket"] for hit in json.loads(run("search", "kind:Complaint", "--json")[1])] == [2]
    status, out, err = run("queue", "--filter", "kind:complant", "--json")
    assert (status, out) == (2, "")
    assert "kind:" in json.loads(err)["detail"]
    assert "complaint" in json.loads(err)["detail"]


def test_a_rule_about_such_a_kind_is_told_with_its_line(bench, run, tmp_path):
    (tmp_path / "home" / "rules").mkdir()
    text = 'on = ["customer_wrote"]\nwhere = "kind:complant"\n[title]\nen = "x"\nes = "x"\nca = "x"\n[do]\ntag = ["x"]\n'
    (tmp_path / "home" / "rules" / "x.toml").write_text(text, "utf-8")
    status, out, _ = run("rules", "check", "--json")
    (one,) = json.loads(out)
    assert (status, one["line"], one["key"], one["nearest"]) == (1, 2, "where", "complaint")
