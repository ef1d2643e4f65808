"""`new`, `forward` and `reply --party`: what they print, and what they refuse."""

import json


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, ""), err
    return json.loads(out)


def test_a_ticket_begins_with_a_mail_of_ours(shop, run):
    done = said(
        run, "new", "--to", "pere@n.test", "--account", "soporte", "--subject", "Hola", "--text", "Bon dia"
    )
    assert (done["state"], done["channel"], done["to"]) == ("queued", "email", "pere@n.test")
    ticket = said(run, "show", str(done["ticket"]))
    assert (ticket["status"], ticket["clocks"]) == ("waiting_customer", [])
    assert ticket["messages"][0]["audience"] == "customer"
    assert run("new", "--to", "x@y.test", "--account", "soporte", "--text", "Hola")[0] == 1
    assert run("new", "--to", "x@y.test", "--account", "nobody", "--text", "Hola")[0] == 3


def test_a_message_and_its_file_are_passed_on_and_gone_on_with(shop, run):
    done = said(run, "forward", "1", "--to", "rutas@courier.test", "--message", "1", "--text", "On és?")
    ticket = said(run, "show", "1")
    assert ticket["status"] == "waiting_third_party"
    (passed,) = [each for each in ticket["messages"] if each["id"] == done["message"]]
    assert (passed["direction"], passed["audience"], passed["to"]) == ("out", "party", ["rutas@courier.test"])
    assert (passed["delivery"]["state"], len(passed["attachments"])) == ("written", 1)
    again = said(run, "reply", "1", "--party", done["message"], "--text", "Hi ha notícies?")
    assert again["to"] == ["rutas@courier.test"]
    assert said(run, "undo")["status"] == "waiting_third_party"
    assert said(run, "undo")["status"] != "waiting_third_party"
    status, _, err = run("forward", "1", "--to", "maria@x.test")
    assert (status, "own customer" in err) == (1, True)


def test_a_note_goes_with_a_word_to_the_customer_by_when(shop, run):
    done = said(run, "note", "1", "--text", "@Marta, li cobrem?", "--until", "2h")
    messages = {each["id"]: each for each in said(run, "show", "1")["messages"]}
    assert messages[done["message"]]["text"].startswith(done["text"].splitlines()[0])
    assert [each["text"] for each in messages.values() if each["direction"] == "note"][
        -1
    ] == "@Marta, li cobrem?"
    assert run("note", "1", "--text", "x", "--until", "never")[0] == 2
