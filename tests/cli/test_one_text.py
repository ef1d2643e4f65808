"""Of two texts none is left out silently, and no part of one: that would send something else than was meant."""

import io
import json
import sys

import pytest


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("reply", "1", "-", "--text", "B"), "--text and - cannot be used together"),
        (("reply", "1", "--text", "B", "--file", "/nope"), "--text and --file cannot be used together"),
        (("reply", "1", "-", "--file", "/nope", "--party", "x"), "--file and - cannot be used together"),
        (("reply", "1", "hello", "--text", "B"), "one word too many: hello"),
        (("note", "1", "--text", "a", "--file", "/nope"), "--text and --file cannot be used together"),
        (("call", "+34600111222", "-", "--text", "a"), "--text and - cannot be used together"),
        (("forward", "1", "--to", "a@x.test", "--text", "a", "-"), "--text and - cannot be used together"),
        (("customer", "note", "#1", "-", "--text", "a"), "--text and - cannot be used together"),
        (("customer", "note", "#1", "--text", "a", "--remove", "x"), "either a text or --remove"),
        (("amend", "1", "x", "--text", "a", "--delete"), "either a new text or --delete"),
    ],
)
def test_two_texts_are_refused(shop, run, monkeypatch, words, named):
    monkeypatch.setattr(sys, "stdin", io.StringIO("A"))
    before = run("outbox", "list", "--json")[1]
    status, out, err = run(*words, "--json")
    assert (status, out) == (2, "")
    assert json.loads(err)["detail"] == named
    assert run("outbox", "list", "--json")[1] == before


def piped(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogateescape"))


LATIN, NUL = "the byte 0xf1 is not UTF-8", "U+0000 is a character that cannot be sent"


@pytest.mark.parametrize("verb", [("reply", "1"), ("note", "1"), ("customer", "note", "#1")])
@pytest.mark.parametrize(
    ("data", "said"),
    [(b"ca\xf1\xf3n", f"line 1, character 3: {LATIN}"), (b"uno\ncon\0nulo", f"line 2, character 4: {NUL}")],
)
def test_what_cannot_be_sent_of_a_text_is_refused_with_its_place(
    shop, run, monkeypatch, tmp_path, verb, data, said
):
    before = json.loads(run("show", "1", "--json")[1])["messages"]
    piped(monkeypatch, data)
    status, out, err = run(*verb, "-", "--json")
    assert (status, out, json.loads(err)["detail"]) == (2, "", f"-: {said}")
    (tmp_path / "text").write_bytes(data)
    status, _, err = run(*verb, "--file", str(tmp_path / "text"), "--json")
    assert (status, json.loads(err)["detail"]) == (2, f"{tmp_path / 'text'}: {said}")
    status, _, err = run(*verb, "--text", data.decode("utf-8", "surrogateescape"), "--json")
    assert (status, json.loads(err)["detail"]) == (2, f"--text: {said}")
    assert json.loads(run("show", "1", "--json")[1])["messages"] == before


def test_a_closed_standard_input_is_an_empty_text(shop, run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    status, _, err = run("note", "1", "-", "--json")
    assert (status, json.loads(err)["detail"]) == (2, "the text is empty")


def test_what_nobody_sees_of_a_piped_text_does_not_go_out(shop, run, monkeypatch):
    piped(monkeypatch, "\ufeffhttps://x.example/\u200bseg \u202a+34600\u202c".encode())
    assert run("note", "1", "-")[0] == 0
    (last,) = json.loads(run("show", "1", "--json")[1])["messages"][-1:]
    assert last["text"] == "https://x.example/seg +34600"
