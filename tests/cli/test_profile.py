"""`customer set` and `customer note`: what the shop knows, in and out of a script."""

import json

import pytest

from desks import Bench


@pytest.fixture(autouse=True)
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    made.mail("Hola", sender="mpuig72 <maria@x.test>", subject="Comanda")
    yield made
    made.close()


def test_fields_and_notes_are_written_down_shown_and_taken_away(run):
    done = run(
        "customer", "set", "maria@x.test", "name=María Puig", "form=usted", "Talla de peu=38", "--json"
    )
    card = json.loads(done[1])
    assert (card["name"], card["called"], card["form"]) == ("María Puig", ["mpuig72"], "usted")
    assert card["fields"] == {"name": "María Puig", "talla-de-peu": "38"}
    assert run("customer", "set", "maria@x.test", "talla-de-peu=")[0] == 0
    noted = json.loads(run("customer", "note", "maria@x.test", "--text", "Truca al matí", "--json")[1])
    (note,) = noted["about"]
    assert (note["author"], note["text"]) != ("", "")
    out = run("customer", "show", "maria@x.test")[1]
    for told in ("María Puig\n", "writes as mpuig72", "form of address: usted", "Truca al matí", note["id"]):
        assert told in out
    assert "talla" not in out
    assert run("customer", "note", "maria@x.test", "--remove", note["id"])[0] == 0
    assert json.loads(run("customer", "show", "maria@x.test", "--json")[1])["about"] == []
    assert run("undo")[0] == 0
    assert json.loads(run("customer", "show", "maria@x.test", "--json")[1])["about"] == [note]


def test_what_is_wrong_is_said(run):
    for words, status, told in (
        (("set", "ghost@x.test", "a=b"), 3, "There is no customer"),
        (("set", "maria@x.test", "company"), 2, "NAME=VALUE"),
        (("set", "maria@x.test", "form=vos"), 2, "form cannot be vos; there is: tu, usted"),
        (("set", "maria@x.test", f"company={'x' * 201}"), 1, "Too long: 201 characters, at most 200."),
        (("note", "maria@x.test"), 2, "--text"),
        (("note", "maria@x.test", "--remove", "7"), 3, "There is no note 7"),
        (("note", "maria@x.test", "--remove", "7", "--text", "x"), 2, "either a text or --remove"),
    ):
        done, out, err = run("customer", *words)
        assert (done, out) == (status, ""), words
        assert told in err


def test_a_muted_customer_stands_apart_until_it_is_ended(run):
    assert json.loads(run("customer", "mute", "maria@x.test", "--json")[1])["muted_at"].endswith("Z")
    assert json.loads(run("queue", "--json")[1]) == []
    (row,) = json.loads(run("queue", "--view", "muted", "--json")[1])
    assert (row["number"], row["order"]["reason"], row["next_due_at"]) == (1, "muted", None)
    assert [
        each["number"]
        for each in json.loads(run("queue", "--view", "all", "--filter", "is:muted", "--json")[1])
    ] == [1]
    assert "MUTED" in run("customer", "show", "maria@x.test")[1]
    assert run("customer", "mute", "maria@x.test")[0] == 1
    assert json.loads(run("customer", "unmute", "maria@x.test", "--json")[1])["muted_at"] is None
    assert [each["number"] for each in json.loads(run("queue", "--json")[1])] == [1]


def test_segments_are_counted_and_a_wrong_one_is_named_with_the_nearest_word(run, tmp_path):
    file = tmp_path / "home" / "config.toml"
    file.write_text('[segments]\nxs = "domain:x.test"\nnobody = "tag:vip"\n')
    assert json.loads(run("segment", "list", "--json")[1]) == [
        {"name": "xs", "search": "domain:x.test", "customers": 1, "more": False},
        {"name": "nobody", "search": "tag:vip", "customers": 0, "more": False},
    ]
    assert "xs" in run("segment", "list")[1]
    assert json.loads(run("customer", "show", "maria@x.test", "--json")[1])["segments"] == ["xs"]
    assert [each["number"] for each in json.loads(run("queue", "--filter", "segment:xs", "--json")[1])] == [1]
    file.write_text('[segments]\nxs = "domian:x.test"\n')
    status, _, err = run("segment", "list")
    assert status == 2
    for told in ("config.toml", "segments.xs", "domain"):
        assert told in err
