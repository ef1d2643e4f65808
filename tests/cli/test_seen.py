"""`reply --seen`: a script answers what it has read, and nothing that was said since."""

import json

MARIA = 7001


def refused(run, *words):
    status, out, err = run("reply", "1", "--text", "Surt avui", *words, "--json")
    assert out == ""
    return status, json.loads(err)["detail"]


def test_an_answer_goes_while_nothing_was_said_since(telegram, bot, run):
    telegram.writes(MARIA, "On és?")
    bot("sync", "--once")
    (read,) = bot("show", "1")["messages"]
    telegram.writes(MARIA, "Deixeu-ho córrer!")
    bot("sync", "--once")
    said = "More was said meanwhile: read it, then send again."
    assert refused(run, "--seen", read["id"]) == (1, said)
    assert bot("outbox", "list") == []
    _, read = bot("show", "1")["messages"]
    assert bot("reply", "1", "--text", "D'acord", "--seen", read["id"])["ticket"] == 1
    status, said = refused(run, "--seen", read["id"])
    assert (status, said.endswith("has answered meanwhile: read it, then send again.")) == (1, True)


def test_what_is_no_message_of_the_ticket_is_named(telegram, bot, run):
    telegram.writes(MARIA, "On és?")
    bot("sync", "--once")
    status, said = refused(run, "--seen", "nope")
    assert (status, "nope" in said) == (3, True)
    status, said = refused(run, "--seen", "nope", "--party", "x")
    assert (status, "--seen" in said) == (2, True)
