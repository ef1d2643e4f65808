"""Of two texts none is left out silently: that would send something else than was meant."""

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
