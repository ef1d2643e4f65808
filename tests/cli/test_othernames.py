"""A command that there is not, under the name that another program gives it."""

import pytest

from agentdesk.cli import othernames
from agentdesk.cli.verbs import VERBS

NAMES = [verb.name for verb in VERBS]


@pytest.mark.parametrize(
    ("word", "language", "verb"),
    [
        ("close", "en", "resolve"),
        ("label", "en", "tag"),
        ("ls", "en", "queue"),
        ("send", "en", "reply"),
        ("stats", "en", "report"),
        ("delete", "en", "customer erase"),
        ("cerrar", "es", "resolve"),
        ("aplazar", "es", "snooze"),
        ("estadisticas", "es", "report"),
        ("tancar", "ca", "resolve"),
        ("close", "ca", "resolve"),
    ],
)
def test_the_command_that_is_meant_is_named(word, language, verb, run, monkeypatch):
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    status, _, err = run(word, "1")
    assert status == 2
    assert f" {verb}?)" in err


@pytest.mark.parametrize(
    ("word", "language"), [("forget", "en"), ("delete", "en"), ("olvidar", "es"), ("oblidar", "ca")]
)
def test_whoever_wants_to_forget_a_customer_is_not_told_to_merge_them(word, language, run, monkeypatch):
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    status, _, err = run("customer", word, "maria@x.test")
    assert (status, " customer erase?)" in err) == (2, True)


def test_what_is_no_other_name_is_guessed_by_its_spelling(run):
    assert "did you mean forward?" in run("forwar", "1")[2]


def test_each_command_named_there_is_one():
    assert {*othernames._ACTS, *othernames._MORE} <= set(NAMES)
