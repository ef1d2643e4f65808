"""`move`: both sides first, then the ticket is another customer's."""

import json

import pytest

from desks import Bench


@pytest.fixture(autouse=True)
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    made.mail("Hola", sender="Maria Puig <maria@x.test>", subject="Comanda")
    made.mail("La de la meva mare", sender="Anna \x1b]0;owned\x07<anna@y.test>", subject="Comanda")
    yield made
    made.close()


def test_both_sides_are_shown_and_nothing_changes_until_it_is_meant(run):
    status, out, err = run("move", "2", "--to", "maria@x.test", "--dry-run", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["from"]["identity"] == "email:anna@y.test"
    assert (found["to"]["name"], found["to"]["other_tickets"], found["event"]) == ("Maria Puig", 1, None)
    status, out, _ = run("move", "2", "--to", "maria@x.test")
    assert status == 0
    assert "\x1b" not in out
    assert "An answer goes to Maria Puig <maria@x.test> from then on" in out
    assert "#2 is Maria Puig's now." in out
    ticket = json.loads(run("show", "2", "--json")[1])
    assert ticket["customer"]["identity"] == "email:maria@x.test"
    assert ticket["moved_from"]
    assert run("undo")[0] == 0
    assert json.loads(run("show", "2", "--json")[1])["customer"]["identity"] == "email:anna@y.test"


def test_what_cannot_move_says_why(run):
    for words, status, told in (
        (("2", "--to", "anna@y.test"), 1, "that customer's already"),
        (("2", "--to", "ghost@x.test"), 3, "There is no customer ghost@x.test"),
        (("9", "--to", "maria@x.test"), 3, "There is no ticket #9"),
        (("2",), 2, "--to"),
    ):
        done, out, err = run("move", *words)
        assert (done, out) == (status, "")
        assert told in err
