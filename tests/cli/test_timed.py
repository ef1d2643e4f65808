"""`reply --at`, `--cc` and `--bcc`: what they print, what they refuse, and what the record says."""

import json


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, ""), err
    return json.loads(out)


def test_an_answer_is_put_off_listed_shown_and_given_up(shop, run):
    done = said(run, "reply", "1", "--text", "Surt demà.", "--at", "2h")
    assert (done["state"], done["goes_at"][-1]) == ("held", "Z")
    (row,) = [each for each in said(run, "outbox", "list") if each["id"] == done["message"]]
    assert row["goes_at"] == done["goes_at"]
    ticket = said(run, "show", "1")
    assert (ticket["status"], ticket["snoozed_until"]) == ("snoozed", done["goes_at"])
    assert ticket["messages"][-1]["delivery"]["goes_at"] == done["goes_at"]
    assert "goes: " in run("show", "1")[1]
    said(run, "outbox", "cancel", done["message"])
    ticket = said(run, "show", "1")
    assert (ticket["status"], ticket["drafts"]) == ("open", 1)
    for words in (("--at", "never"), ("--at", "2h", "--hold", "5"), ("--party", "1", "--at", "2h")):
        assert run("reply", "1", "--text", "x", *words)[0] == 2
    assert run("reply", "1", "--text", "x", "--at", "2020-01-01")[0] == 1


def test_it_says_to_whom_the_answer_goes(shop, run):
    customer = said(run, "show", "1")["customer"]["identity"].partition(":")[2]
    assert said(run, "reply", "1", "--text", "Surt demà.")["to"] == [customer]
    assert said(run, "reply", "1", "--text", "Avui.", "--to", "jefe@x.test")["to"] == ["jefe@x.test"]
    assert f"It goes to {customer}." in run("reply", "1", "--text", "Ara.")[1]


def test_copies_are_in_the_record_and_blind_ones_in_no_header(shop, run):
    more = ("--cc", "Jefe <jefe@x.test>, maria2@x.test", "--bcc", "gestor@y.test")
    done = said(run, "reply", "1", "--text", "Hola.", *more)
    message = said(run, "show", "1", "--headers")["messages"][-1]
    assert message["id"] == done["message"]
    assert (message["cc"], message["bcc"]) == (["jefe@x.test", "maria2@x.test"], ["gestor@y.test"])
    assert "jefe@x.test" in message["headers"]
    assert "gestor@y.test" not in run("show", "1", "--raw", done["message"], "--json")[1]
    assert "copy that nobody sees: gestor@y.test" in run("show", "1")[1]
    for word in ("nobody", "soporte@shop.test"):
        status, _, err = run("reply", "1", "--text", "x", "--bcc", word)
        assert (status, word in err, "--bcc" in err) == (2, True, True)
